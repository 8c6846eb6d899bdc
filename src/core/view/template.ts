import Mustache from 'mustache';

/** Draws a view object as html. */
export type Template = (view: object) => string;

// A writer of our own: it keeps parsed templates and partials, and nobody else can clear it.
const writer = new Mustache.Writer();

/**
 * Makes a Mustache template ready for many draws. It is parsed when it is drawn first, since most rows
 * are not there at the start; then it throws where its tags do not match, or it names a partial that there
 * is none of.
 */
export function compile(template: string, partials: Readonly<Record<string, string>>): Template {
  // The published types say `any`; the tokens are only handed back to the writer that made them.
  let tokens: string[][] | undefined;
  const partial = (name: string): string => {
    const text = partials[name];
    if (text === undefined) throw new Error(`No partial "${name}"`);
    return text;
  };
  return (view) =>
    writer.renderTokens(
      (tokens ??= writer.parse(template) as string[][]),
      new Mustache.Context(view),
      partial,
      template,
    );
}
