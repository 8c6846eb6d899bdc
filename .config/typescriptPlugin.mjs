import { readFileSync } from 'node:fs';
import ts from 'typescript';

const settings = new URL('../tsconfig.json', import.meta.url);

/**
 * Strips the types for rollup, file by file. `npm run types` checks them: the settings allow only
 * syntax that can be erased, so that no file needs to know another one here.
 */
export function typescriptPlugin() {
  const { compilerOptions } = ts.parseConfigFileTextToJson(
    'tsconfig.json',
    readFileSync(settings, 'utf8'),
  ).config;
  const options = ts.convertCompilerOptionsFromJson(
    { ...compilerOptions, noEmit: false, declaration: false, isolatedDeclarations: false },
    '.',
  ).options;

  return {
    name: 'cordboard-typescript',
    transform(code, id) {
      if (!id.endsWith('.ts')) return null;
      const { outputText, sourceMapText } = ts.transpileModule(code, {
        fileName: id,
        compilerOptions: { ...options, sourceMap: true },
      });
      return {
        code: outputText.replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n'),
        map: sourceMapText,
      };
    },
  };
}
