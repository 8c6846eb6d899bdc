/**
 * What is said more shortly in the script-tag file, by library and file: what stands there, and what
 * stands for it. A form that a file no longer has stops the build.
 */
export const shorterForms = {
  'i18next/dist/esm/i18next.js': [
    // Nothing is logged there. What a post-processor may call is still there to be called.
    [/const consoleLogger = \{[\s\S]*?\n\};\n/, ''],
    [
      /constructor\(concreteLogger[\s\S]*?\n {2}\}\n {2}init\([\s\S]*?\n {2}\}\n/,
      'constructor({ debug } = {}) {\n    this.debug = debug;\n  }\n',
    ],
    [/(?<=class Logger [\s\S]*?)return this\.forward\(args, 'log', '', true\);/, ''],
    [/(?<=class Logger [\s\S]*?)return this\.forward\(args, 'warn', '', true\);/, ''],
    [/(?<=class Logger [\s\S]*?)return this\.forward\(args, 'error', ''\);/, ''],
    [/forward\(args, lvl, prefix, debugOnly\) \{[\s\S]*?\n {2}\}\n/, ''],
    [/return new Logger\(this\.logger, \{\n\s+\.\.\.\{[\s\S]*?\}\);/, 'return new Logger(this);'],
    [/this\.pendingWarnings\?\.forEach\(.*\n.*this\.pendingWarnings = undefined;/, ''],
    // It has no loader to queue anything for.
    [/this\.waitingReads = \[\];[\s\S]*?(?=this\.state = \{\};)/, ''],
    [/this\.queue = \[\];\n\s+this\.backend\?[\s\S]*?(?=\n {2}\}\n {2}queueLoad\()/, ''],
    // The pattern of two separators is made when it is asked for.
    [/class RegExpCache \{[\s\S]*?\n\}\n/, ''],
    ['const looksLikeObjectPathRegExpCache = new RegExpCache(20);', ''],
    [/looksLikeObjectPathRegExpCache\.getRegExp\(/, 'new RegExp('],
    // Which way a language is written, its script tells.
    [
      /try \{\n\s+const l = new Intl\.Locale\(lng\);[\s\S]*?'rtl' : 'ltr';/,
      `try {
      const { script } = new Intl.Locale(lng.replace(/_/g, '-')).maximize();
      return /^(Adlm|Arab|Hebr|Mand|Mani|Nkoo|Rohg|Samr|Syrc|Thaa)$/.test(script) ? 'rtl' : 'ltr';
    } catch {
      return 'ltr';
    }`,
    ],
  ],
  // All of the bus's and of JsSIP's emitters are made the same way, and none minds how many listen.
  'eventemitter2/lib/eventemitter2.js': [
    [/Object\.defineProperties\([\s\S]*?(?=if \(typeof define ===)/, ''],
    [
      /if \(type === undefined\) \{\s+if \(this\.wildcard\) \{\s+throw[\s\S]*?return allListeners;\s+\} else (?=\{)/,
      '',
    ],
  ],
  // `findProblems` says in its own words what was expected and found.
  'valibot/dist/index.mjs': [
    [/schema\["~standard"\] = \{[\s\S]*?\n\t\};/, ''],
    [/const received = other\?\.received .*/, ''],
    [/received,\n\t\tmessage: `Invalid .*/, 'message: context.message,'],
    [
      /lang: config\$1\.lang,\s+abortEarly: .*\s+abortPipeEarly: .*(?=\n\t\};\n\tconst isSchema)/,
      '',
    ],
    [/const message\$1 = other\?\.message \?\? .*\n.*/, ''],
    [/received: dataset\.value instanceof Date \? .*(?= \}\);)/g, ''],
    [/(?<=, )\{ received: `\$\{dataset\.value\.length\}` \}/g, 'undefined'],
  ],
  // Its writer is asked to draw with the usual tags and the usual way to escape only.
  'mustache/mustache.mjs': [
    [/mustache\.clearCache = [\s\S]*?(?=\/\/ Export the escaping function)/, ''],
    ['var defaultWriter = new Writer();', ''],
    [/this\.getConfigTags\(config\)/g, 'undefined'],
    [/this\.getConfigEscape\(config\) \|\| /, ''],
  ],
};

/** The file with its shorter forms. */
export function withShorterForms(code, path) {
  return (shorterForms[path] ?? []).reduce((before, [form, shorter]) => {
    const after = before.replace(form, shorter);
    if (after === before) throw new Error(`${path} has no ${form} any more`);
    return after;
  }, code);
}
