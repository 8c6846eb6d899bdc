import { dirname, resolve } from 'node:path';

const coreId = '\0cordboard-core-of-the-page';

/** Puts a module of this text in the place of the core. */
function inPlaceOfTheCore(text) {
  const core = resolve('src/core/index.ts');
  return {
    name: 'cordboard-core-of-the-page',
    resolveId: (source, importer = '') =>
      source.startsWith('.') && resolve(dirname(importer), source) === core ? coreId : null,
    load: (id) => (id === coreId ? text : null),
  };
}

/** Lets whole plugins in side files of the drop-in use its core, which `latePlugins.ts` puts there. */
export function coreOfThePage() {
  const names =
    'PhoneError, asPhoneError, checkHeaders, createStore, definePlugin, errorSentence, forParser, ' +
    'newId, responseFor, schema';
  return inPlaceOfTheCore(`export const { ${names} } = globalThis[Symbol.for('cordboard.core')];`);
}

/** Lets whole plugins beside the script-tag file use its core: all of it is in the global `Cordboard`. */
export function coreOfTheScript() {
  return inPlaceOfTheCore({
    code: 'export default globalThis.Cordboard;',
    syntheticNamedExports: true,
  });
}
