import ts from 'typescript';
import { foldGrammar } from './leanGrammar.mjs';

const sdpDetails = [
  ...['parseParams', 'parseFmtpConfig', 'parsePayloads', 'parseRemoteCandidates'],
  ...['parseImageAttributes', 'parseSimulcastStreamList'],
];

/**
 * What nothing in the script-tag file can reach, by library and file. Class methods and what
 * an object, a prototype or a module is given are left out, functions lose their bodies, and a condition that is never
 * true counts as false. A name that a file no longer has stops the build.
 */
const unreached = {
  // The adapter renegotiates, mutes and sends digits by itself, because JsSIP's own ways have traps.
  'jssip/lib/RTCSession.js': {
    members: [
      ...['sendDTMF', 'sendInfo', 'mute', 'unmute', 'isMuted', 'isOnHold', 'hold', 'unhold'],
      ...['renegotiate', '_getDTMFRTPSender', '_onmute', '_onunmute'],
    ],
  },
  'jssip/lib/RTCSession/DTMF.js': { members: ['send'] },
  'jssip/lib/RTCSession/Info.js': { members: ['send'] },
  'jssip/lib/Utils.js': { members: ['getRandomTestNetIP', 'hasMethods', 'hostType'] },
  // JsSIP parses and writes descriptions as a whole.
  'sdp-transform/lib/index.js': { members: sdpDetails },
  'sdp-transform/lib/parser.js': { members: sdpDetails },
  // Patterns are matched by the bus; the emitter's own cost two thirds of its speed.
  'eventemitter2/lib/eventemitter2.js': {
    members: [
      ...['listenTo', 'stopListeningTo', 'waitFor', 'emitAsync', 'prependListener', 'prependAny'],
      ...['prependMany', 'prependOnceListener', 'hasListeners', 'listenerCount'],
    ],
    functions: [
      ...['TargetObserver', 'resolveOptions', 'makeTypeReducer', 'makeCancelablePromise'],
      ...['searchListenerTree', 'growListenerTree', 'collectTreeEvents', 'once'],
      ...['recursivelyGarbageCollect', 'setupListener'],
    ],
    never: ['this.wildcard', 'this._newListener', 'this._removeListener'],
  },
  // What is drawn has no `<head>` and comes as nodes.
  'idiomorph/dist/idiomorph.esm.js': {
    functions: ['handleHeadElement', 'parseContent'],
  },
};

/** In place of the logging library: loggers that say nothing. */
const silent = 'const make = () => () => {}; make.default = make; module.exports = make;';

/** JsSIP needs no more of an emitter than the one that is there already can do. */
const emitter = "export { EventEmitter2 as EventEmitter } from 'eventemitter2';";
const emitterId = '\0cordboard-emitter';

/**
 * Leaves out of the script-tag file what nothing there uses: the parts listed above, JsSIP's log
 * lines, which print credentials as soon as a page sets `localStorage.debug` for any library at all,
 * and its grammar's notes on what it expected, from which it makes an error that it then throws away.
 */
export function leanLibraries() {
  return {
    name: 'cordboard-lean-libraries',
    resolveId: (source) => (source === 'events' ? emitterId : null),
    load: (id) => (id === emitterId ? emitter : null),
    transform(code, id) {
      const path = /[\\/]node_modules[\\/](.*)$/.exec(id)?.[1]?.replaceAll('\\', '/') ?? '';
      if (path.startsWith('debug/')) return { code: silent, map: { mappings: '' } };
      const rule = unreached[path];
      if (rule === undefined && !path.startsWith('jssip/lib/')) return null;
      return withoutUnread(path.endsWith('/Grammar.js') ? foldGrammar(code) : code, path, rule);
    },
  };
}

function withoutUnread(code, path, { members = [], functions = [], never = [] } = {}) {
  const missing = new Set([...members, ...functions, ...never]);
  const isNamed = (names, name) => names.includes(name) && (missing.delete(name) || true);
  const transformer = (context) => (file) => {
    const visit = (node) => {
      if (isUnread(node)) return ts.factory.createEmptyStatement();
      const member = memberName(node);
      if (member !== undefined && isNamed(members, member)) return undefined;
      if (ts.isFunctionDeclaration(node) && isNamed(functions, node.name?.text)) {
        return emptied(node);
      }
      if (isCondition(node) && isNamed(never, node.getText(file))) return ts.factory.createFalse();
      return ts.visitEachChild(node, visit, context);
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

/** `logger.debug(...)`, `loggerict.warn(...)`, `debug(...)`, and the grammar's unthrown error. */
function isUnread(node) {
  if (!ts.isExpressionStatement(node)) return false;
  const { expression } = node;
  return (
    (ts.isCallExpression(expression) &&
      /^(logger\w*\.\w+|debug)$/.test(expression.expression.getText())) ||
    (ts.isNewExpression(expression) && expression.expression.getText() === 'this.SyntaxError')
  );
}

/** The name of a method, of an object's property, or of what a prototype or a module is given. */
function memberName(node) {
  if (ts.isMethodDeclaration(node)) return node.name.getText();
  if (ts.isPropertyAssignment(node)) return node.name.text;
  const given =
    ts.isExpressionStatement(node) && ts.isBinaryExpression(node.expression)
      ? /(?:\.prototype|^exports)\.(\w+)$/.exec(node.expression.left.getText())
      : null;
  return given?.[1];
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
