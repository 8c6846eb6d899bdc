/**
 * Lets `import template from './x.mustache'` give the file's text, in rollup and in vitest alike,
 * without the indentation: to a browser a line break is as much of a space.
 *
 * @returns {{ name: string, transform: (code: string, id: string) => object | null }}
 */
export function textPlugin() {
  return {
    name: 'cordboard-text',
    // Vite would otherwise hand the file to its own asset handling.
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('.mustache')) return null;
      return {
        code: `export default ${JSON.stringify(code.replace(/\n[ \t]+/g, '\n'))};`,
        map: { mappings: '' },
      };
    },
  };
}
