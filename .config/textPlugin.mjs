import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const query = '.css?text';
// An id that nothing else takes for a style sheet, as Vite would.
const prefix = '\0cordboard-text:';

/** A style sheet without comments and spaces that mean nothing. */
function smallCss(text) {
  return text
    .replace(/\/\*[^]*?\*\//g, '')
    .replace(/\s+/g, ' ')
    .replace(/ ?([{};,>]) ?/g, '$1')
    .replace(/([(:]) | (?=\))/g, '$1')
    .replaceAll(';}', '}')
    .trim();
}

/**
 * A template without the indentation, and without quotes around values that are one plain word. The two
 * attributes that the renderer looks for in the text stay as they are.
 */
function smallHtml(text) {
  return text
    .replace(/\n[ \t]+/g, '\n')
    .replace(/( (?!data-(?:rows|text))[\w-]+=)"([\w-]+)"(?=[\s>])/g, '$1$2');
}

/**
 * Lets `import template from './x.mustache'` and `import sheet from './x.css?text'` give the file's
 * text, in rollup and in vitest alike. Both come small: to a browser a line break is as much of a space as
 * an indentation.
 *
 * @returns {import('rollup').Plugin}
 */
export function textPlugin() {
  return {
    name: 'cordboard-text',
    // Vite would otherwise hand the file to its own asset handling.
    enforce: 'pre',
    resolveId(source, importer) {
      if (!source.endsWith(query) || importer === undefined) return null;
      return prefix + resolve(dirname(importer), source.slice(0, -'?text'.length)).slice(0, -4);
    },
    load(id) {
      if (!id.startsWith(prefix)) return null;
      const text = readFileSync(`${id.slice(prefix.length)}.css`, 'utf8');
      return { code: `export default ${JSON.stringify(smallCss(text))};`, map: { mappings: '' } };
    },
    transform(code, id) {
      if (!id.endsWith('.mustache')) return null;
      return { code: `export default ${JSON.stringify(smallHtml(code))};`, map: { mappings: '' } };
    },
  };
}
