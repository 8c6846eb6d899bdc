/** The text of a template, as the builds and the tests import it. */
declare module '*.mustache' {
  const text: string;
  export default text;
}
