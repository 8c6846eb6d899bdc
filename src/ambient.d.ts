/** The text of a template, as the builds and the tests import it. */
declare module '*.mustache' {
  const text: string;
  export default text;
}

/** The text of a style sheet, for one that a script makes. */
declare module '*.css?text' {
  const text: string;
  export default text;
}
