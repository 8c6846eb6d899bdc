import ts from 'typescript';
import { md5 } from './leanDigest.mjs';
import { EventEmitter2 } from './leanEmitter.mjs';
import { foldGrammar } from './leanGrammar.mjs';
import { withQuickParser } from './leanMustache.mjs';
import { shorterForms, withShorterForms } from './shorterForms.mjs';
import { emitterFile, logLine, unreached, unreachedFiles } from './unreached.mjs';

/** JsSIP needs no more of an emitter than the one that is there already can do. */
const emitter = "export { EventEmitter2 as EventEmitter } from 'eventemitter2';";
const emitterId = '\0cordboard-emitter';
const leanEmitter = `${String(EventEmitter2)}\nexport { EventEmitter2 as default, EventEmitter2 };\n`;

/** What is not left out but said more shortly. */
const rewritten = {
  'jssip/lib/Grammar.js': foldGrammar,
  'jssip/lib/Utils.js': withShortDigest,
  'mustache/mustache.mjs': withQuickParser,
};

function withShortDigest(code) {
  const lean = code.replace('exports.calculateMD5 =', 'exports.longMD5 =');
  if (lean === code) throw new Error('JsSIP makes no MD5 there any more');
  return `${lean}\nexports.calculateMD5 = md5;\n${String(md5)}\n`;
}

/**
 * Leaves out of the script-tag file what nothing there uses: what `unreached` lists, JsSIP's log
 * lines, which print credentials as soon as a page sets `localStorage.debug` for any library at all,
 * and its grammar's notes on what it expected, from which it makes an error that it then throws away.
 */
export function leanLibraries(rules = unreached) {
  return {
    name: 'cordboard-lean-libraries',
    resolveId: (source) => (source === 'events' ? emitterId : null),
    load: (id) => (id === emitterId ? emitter : null),
    transform(code, id) {
      const path = /[\\/]node_modules[\\/](.*)$/.exec(id)?.[1]?.replaceAll('\\', '/') ?? '';
      if (unreachedFiles.includes(path))
        return { code: 'module.exports = {};', map: { mappings: '' } };
      return leanFile(code, path, rules);
    },
  };
}

function leanFile(code, path, rules) {
  const rule = rules[path];
  if (path === emitterFile && rule === undefined)
    return { code: leanEmitter, map: { mappings: '' } };
  const isShorter = path in shorterForms;
  if (rule === undefined && !isShorter && !path.startsWith('jssip/lib/')) return null;
  const text = rewritten[path]?.(code) ?? code;
  return withoutUnread(isShorter ? withShorterForms(text, path) : text, path, rule);
}

function withoutUnread(code, path, rule = {}) {
  const {
    members = [],
    functions = [],
    never = [],
    always = [],
    unread = logLine,
    unheard = [],
    kept = {},
  } = rule;
  const lists = [members, functions, never, always, unheard, ...Object.values(kept)];
  const missing = new Set(lists.flat());
  const isNamed = (names, name) => names.includes(name) && (missing.delete(name) || true);
  const { factory } = ts;

  function withoutParts(node) {
    if (isUnread(node, unread) || isLogger(node, path) || isNamed(unheard, eventOf(node)))
      return factory.createEmptyStatement();
    if (ts.isFunctionDeclaration(node) && isNamed(functions, node.name?.text)) return emptied(node);
    const names = ts.isArrayLiteralExpression(node) ? kept[node.parent.name?.text] : undefined;
    if (names === undefined) return decided(node);
    return factory.createArrayLiteralExpression(
      node.elements.filter((element) => isNamed(names, nameGiven(element))),
    );
  }

  function decided(node) {
    if (!isCondition(node)) return node;
    const text = node.getText().replace(/\s+/g, ' ');
    if (isNamed(never, text)) return factory.createFalse();
    return isNamed(always, text) ? factory.createTrue() : node;
  }

  const transformer = (context) => (file) => {
    const visit = (node) => {
      if (memberNames(node).some((name) => isNamed(members, name))) return undefined;
      const lean = withoutParts(node);
      return lean === node ? ts.visitEachChild(node, visit, context) : lean;
    };
    return ts.visitNode(file, visit);
  };
  const { outputText, sourceMapText } = ts.transpileModule(code, {
    fileName: path.replace(/\.m?js$/, '.js'),
    compilerOptions: {
      allowJs: true,
      module: ts.ModuleKind.Preserve,
      target: ts.ScriptTarget.ES2022,
      sourceMap: true,
    },
    transformers: { before: [transformer] },
  });
  if (missing.size > 0) throw new Error(`${path} has no ${[...missing].join(', ')} any more`);
  return { code: outputText.replace(/\/\/# sourceMappingURL=.*\s*$/, ''), map: sourceMapText };
}

/** A call of what nobody reads, and the grammar's unthrown error. */
function isUnread(node, unread) {
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  return (
    (ts.isCallExpression(expression) && unread.test(expression.expression.getText())) ||
    (ts.isNewExpression(expression) && expression.expression.getText() === 'this.SyntaxError')
  );
}

/** What makes a logger of JsSIP, or asks for what makes one. */
function isLogger(node, path) {
  if (!ts.isVariableStatement(node) || !path.startsWith('jssip/')) return false;
  const [{ initializer }] = node.declarationList.declarations;
  return /^(new Logger\(|require\('(\.\.?\/Logger|debug)'\))/.test(initializer?.getText() ?? '');
}

/** The event that a statement does nothing but emit. */
function eventOf(node) {
  if (!ts.isExpressionStatement(node) || !ts.isCallExpression(node.expression)) return undefined;
  const { expression, arguments: given } = node.expression;
  return expression.getText() === 'this.emit' ? given[0].text : undefined;
}

/** The names of a method or accessor, `name` and `Class.name`, of an object's property, or of what a prototype or a module is given. */
function memberNames(node) {
  if (ts.isMethodDeclaration(node) || ts.isAccessor(node)) {
    const name = node.name.getText();
    return [name, `${node.parent.name?.text}.${name}`];
  }
  if (ts.isPropertyAssignment(node)) return [node.name.text];
  const given =
    ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression)
      ? /(?:\.prototype|^exports)\.(\w+)$/.exec(node.expression.left.getText())
      : null;
  return given === null ? [] : [given[1]];
}

/** What an object is called by its own `name`, or by the list that it says it belongs to. */
function nameGiven({ properties }) {
  return properties.find(({ name }) => ['name', 'push'].includes(name.text))?.initializer.text;
}

function emptied({ name, parameters }) {
  const { factory } = ts;
  return factory.createFunctionDeclaration(
    [],
    undefined,
    name,
    undefined,
    parameters,
    undefined,
    factory.createBlock([]),
  );
}

function isCondition(node) {
  const { parent } = node;
  return (
    parent !== undefined &&
    ((ts.isIfStatement(parent) && parent.expression === node) ||
      (ts.isConditionalExpression(parent) && parent.condition === node) ||
      (ts.isVariableDeclaration(parent) && parent.initializer === node))
  );
}
