'use strict';

/** The one file that may import each library, so that each can be replaced in one place. */
const owners = {
  eventemitter2: '^src/(core/bus|entry/libwebphone/emitter)\\.ts$',
  i18next: '^src/core/i18n\\.ts$',
  idiomorph: '^src/core/view/morph\\.ts$',
  jssip: '^plugins/userAgent/stack[^/]*\\.ts$',
  leven: '^src/core/options\\.ts$',
  'libphonenumber-js': '^plugins/clickToCall/(find|numbers\\.part)\\.ts$',
  mustache: '^src/core/view/template\\.ts$',
  valibot: '^src/core/schema\\.ts$',
};

const rule = (name, comment, { from = {}, to }) => ({
  name,
  comment,
  severity: 'error',
  from,
  to,
});

module.exports = {
  forbidden: [
    rule('no-circles', 'Type imports count: a circle hides who decides.', {
      to: { circular: true },
    }),
    rule(
      'core-knows-nobody',
      'The core imports nothing from plugins, templates, locales or entries.',
      {
        from: { path: '^src/core/' },
        to: { path: '^(plugins|templates|locales|src/entry|examples|test)/' },
      },
    ),
    rule('plugins-enter-by-the-front-door', 'A plugin imports the core only through its index.', {
      from: { path: '^plugins/' },
      to: { path: '^src/', pathNot: ['^src/core/index\\.ts$', '^src/ambient\\.d\\.ts$'] },
    }),
    rule(
      'plugins-ask-for-each-other',
      'A plugin imports no other plugin: it asks ctx.require(name).',
      { from: { path: '^plugins/([^/]+)/' }, to: { path: '^plugins/', pathNot: '^plugins/$1/' } },
    ),
    rule(
      'product-imports-no-test',
      'What users load does not depend on tests, examples or tools.',
      { from: { path: '^(src|plugins)/' }, to: { path: '^(test|examples|\\.config|dist)/' } },
    ),
    rule(
      'only-tests-use-the-fakes',
      'What cordboard/testing holds must not reach those who call with it.',
      {
        from: { path: '^(src|plugins)/', pathNot: '^src/testing/' },
        to: { path: '^src/testing/' },
      },
    ),
    rule(
      'no-undeclared-package',
      'Only what package.json lists as a dependency reaches the users, or what is bundled.',
      {
        from: { path: '^(src|plugins)/' },
        to: {
          dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'core'],
          // In the file that few load; whoever installs it would have 13 MB more.
          pathNot: '^node_modules/libphonenumber-js/',
        },
      },
    ),
    rule('resolvable', 'Every import leads somewhere.', {
      to: { couldNotResolve: true },
    }),
    ...Object.entries(owners).map(([library, path]) =>
      rule(
        `one-importer-of-${library}`,
        'Each library is imported in one place, where it can be replaced.',
        {
          from: { path: '^(src|plugins)/', pathNot: path },
          to: { path: `^node_modules/(@types/)?${library}/` },
        },
      ),
    ),
  ],
  options: {
    doNotFollow: { path: '^node_modules/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['types', 'import', 'default'],
    },
  },
};
