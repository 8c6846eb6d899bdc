import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const folder = 'src/entry/libwebphone/instead';
const schema = resolve(folder, 'schema.ts');

/** What has another body in the drop-in, which draws by its own templates and checks no options. */
const replaced = {
  [resolve('src/core/view/renderer.ts')]: resolve(folder, 'renderer.ts'),
  [resolve('src/core/schema.ts')]: schema,
  [resolve('src/core/rootSchema.ts')]: schema,
};

/** The parts of a plugin that make its own face. Of the call list, which is not in it, it has what is said of calls. */
const face = /[\\/]plugins[\\/]((?!callList)\w+[\\/]view|mediaDevices[\\/]actions)\.ts$/;

/** The texts that the drop-in has in common with the native faces, the keys by section; `libwebphone` is its own. */
const textsKept = JSON.parse(readFileSync('src/entry/libwebphone/textKeys.json', 'utf8'));

/** What is said of the end of a call is in these. */
const wholeSections = ['cause', 'libwebphone', 'response'];

function fewTexts(file) {
  const all = Object.entries(JSON.parse(readFileSync(file, 'utf8')));
  return Object.fromEntries(
    all.map(([section, strings]) => [
      section,
      wholeSections.includes(section)
        ? strings
        : Object.fromEntries((textsKept[section] ?? []).map((key) => [key, strings[key]])),
    ]),
  );
}

/**
 * Leaves the native faces out of the drop-in: templates, models, actions and their texts. Options are
 * those of libwebphone, which checked none: neither is the checking of options in the file.
 */
export function faceless() {
  return {
    name: 'cordboard-faceless',
    resolveId(source, importer = '') {
      if (source === 'leven') return schema;
      return source.startsWith('.') ? replaced[resolve(dirname(importer), source)] : null;
    },
    load(id) {
      if (/[\\/]templates[\\/]\w+\.mustache$/.test(id) && !id.includes('libwebphone'))
        return 'export default "";';
      if (/[\\/]locales[\\/]en\.json$/.test(id)) return JSON.stringify(fewTexts(id));
      if (!face.test(id)) return null;
      const names = [...readFileSync(id, 'utf8').matchAll(/^export function (\w+)/gm)];
      return names.map(([, name]) => `export const ${name} = () => ({});`).join('\n');
    },
  };
}
