import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import importX from 'eslint-plugin-import-x';
import globals from 'globals';
import { fileURLToPath } from 'node:url';
import tseslint from 'typescript-eslint';

const root = fileURLToPath(new URL('..', import.meta.url));
const counted = { skipBlankLines: true, skipComments: true };
// A signature that somebody else calls names all its arguments; `_` marks those it does not use.
const unused = { argsIgnorePattern: '^_', ignoreRestSiblings: true };

export default tseslint.config(
  { ignores: ['**/dist/', 'coverage/', 'node_modules/', 'test/package/consumer/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/method-signature-style': ['error', 'property'],
      '@typescript-eslint/no-unused-vars': ['error', unused],
      '@typescript-eslint/prefer-readonly': 'error',
      // A number in a template literal reads as itself; everything else must be converted by hand.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
    },
  },
  {
    plugins: { 'import-x': importX },
    settings: {
      'import-x/extensions': ['.ts', '.mjs'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        importX.createNodeResolver({ extensions: ['.ts', '.mjs', '.js', '.json'] }),
      ],
    },
    rules: {
      complexity: ['error', 10],
      eqeqeq: 'error',
      'import-x/no-cycle': 'error',
      'import-x/no-default-export': 'error',
      'max-depth': ['error', 3],
      'max-lines': ['error', { max: 200, ...counted }],
      'max-lines-per-function': ['error', { max: 70, ...counted }],
      'max-params': ['error', 3],
      'no-console': 'error',
    },
  },
  {
    // The text of a template and a tool's settings are default exports by their own convention.
    files: ['**/*.d.ts', '.config/*.mjs', 'rollup.config.mjs'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  {
    // Scripts, servers and pages of the examples run as they are written, without a type check.
    files: ['**/*.mjs', '**/*.js', '**/*.cjs'],
    languageOptions: { globals: { ...globals.node, ...globals.browser } },
    rules: { 'no-console': 'off', 'no-unused-vars': ['error', unused] },
  },
  {
    // A test tells one story from start to end; splitting it would hide the order of events.
    files: ['test/**', '**/*.mjs'],
    rules: {
      'max-lines': ['error', { max: 400, ...counted }],
      'max-lines-per-function': ['error', { max: 300, ...counted }],
    },
  },
  prettier,
);
