import Mustache from 'mustache';

/** Draws a view object as html. */
export type Template = (view: object) => string;

// A writer of our own: it keeps parsed templates and partials, and nobody else can clear it.
const writer = new Mustache.Writer();

/** Parses a Mustache template once for many draws; throws where its tags do not match. */
export function compile(template: string, partials: Readonly<Record<string, string>>): Template {
  // The published types say `any`; the tokens are only handed back to the writer that made them.
  const tokens = writer.parse(template) as string[][];
  return (view) => writer.renderTokens(tokens, new Mustache.Context(view), partials, template);
}
