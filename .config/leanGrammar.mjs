import ts from 'typescript';

/** How the generator of JsSIP's grammar asks for a terminal, and what stands for it. */
const terminals = [
  [/^input\.charCodeAt\(pos\) === (\d+)$/, (code) => JSON.stringify(String.fromCharCode(code))],
  [/^input\.substr\(pos, \d+\) === (".*")$/, (text) => text],
  [/^input\.substr\(pos, \d+\)\.toLowerCase\(\) === (".*")$/, (text) => `word(${text})`],
  [/^(\/\^\[.*\]\/)\.test\(input\.charAt\(pos\)\)$/, (characters) => characters],
];

/**
 * What JsSIP asks the grammar for, challenges left out, which the adapter keeps from it; the other rules
 * are there only as parts of these.
 *
 * @public Held against JsSIP itself by a test.
 */
export const startRules = [
  ...['Call_ID', 'Contact', 'Content_Length', 'Content_Type', 'CSeq', 'Event', 'From', 'host'],
  ...['Max_Forwards', 'Name_Addr_Header', 'quoted_string', 'Record_Route'],
  ...['Request_Response', 'Session_Expires', 'SIP_URI', 'Status_Line'],
  ...['To', 'uuid', 'Via', 'absoluteURI'],
];

/**
 * What the rules are made of. Each gives a function that reads on from `pos` and returns what it
 * found, or null with `pos` where it was. A text or a set of characters stands for itself.
 */
const machine = `
'use strict';
let input, startRule, pos, data, URI, NameAddrHeader;
const word = (text, fold = (found) => found.toLowerCase()) => () => {
  const found = input.substr(pos, text.length);
  if (fold(found) !== text) return null;
  pos += text.length;
  return found;
};
const rule = (part) => {
  if (typeof part === 'string') return word(part, (found) => found);
  if (typeof part === 'function') return part;
  return () => (part.test(input.charAt(pos)) ? input.charAt(pos++) : null);
};
const either = (...parts) => {
  const rules = parts.map(rule);
  return () => {
    for (const one of rules) {
      const found = one();
      if (found !== null) return found;
    }
    return null;
  };
};
const each = (...parts) => {
  const rules = parts.map(rule);
  return () => {
    const start = pos;
    const all = [];
    for (const one of rules) {
      const found = one();
      if (found === null) {
        pos = start;
        return null;
      }
      all.push(found);
    }
    return all;
  };
};
const maybe = (part) => either(part, () => '');
const some = (part, least = 1) => {
  const one = rule(part);
  return () => {
    const all = [];
    let found;
    while ((found = one()) !== null) all.push(found);
    return all.length < least ? null : all;
  };
};
const any = (part) => some(part, 0);
const made = (part, make) => {
  const one = rule(part);
  return () => {
    const start = pos;
    const found = one();
    const value = found === null ? null : make(start, found);
    if (value === null) pos = start;
    return value;
  };
};
`;

/** In place of the generated function of the same name. */
const parse = `
let rules;
const parse = (text, name) => {
  rules ??= build();
  if (rules[name] === undefined) throw new Error('Invalid rule name: ' + name);
  URI = require('./URI');
  NameAddrHeader = require('./NameAddrHeader');
  input = text;
  startRule = name;
  pos = 0;
  data = {};
  return rule(rules[name])() === null || pos !== input.length ? -1 : data;
};
module.exports = { parse };
`;

/**
 * The rules that JsSIP's generated parser was made from, read back from it and put together at run
 * time from a handful of functions, without the notes on what it expected and without the rules that
 * nothing uses. It parses as before; a form that is not known stops the build.
 */
export function foldGrammar(code) {
  const bodies = bodiesOfRules(code);
  const done = new Map();
  const named = (name) => {
    if (done.has(name)) {
      if (done.get(name) === undefined) throw new Error(`JsSIP's rule ${name} is part of itself`);
      return;
    }
    done.set(name, undefined);
    const { source } = expression(bodies.get(name), 0);
    for (const [part] of source.matchAll(/\bparse_\w+/g)) named(part);
    // Put in again, so that it comes after the rules that it is made of.
    done.delete(name);
    done.set(name, source);
  };
  for (const name of startRules) named(`parse_${name}`);
  const declared = [...done].map(([name, source]) => `const ${name} = ${source};\n`);
  const entries = startRules.map((name) => `${name}: parse_${name}`);
  // A page that only draws its phone parses nothing yet.
  const build = `const build = () => {\n${declared.join('')}return { ${entries.join(', ')} };\n};\n`;
  return `${machine}${build}${parse}`;
}

/** The statements of each rule's function, by its name. */
function bodiesOfRules(code) {
  const bodies = new Map();
  const visit = (node) => {
    if (ts.isFunctionDeclaration(node) && node.name.text.startsWith('parse_')) {
      const statements = node.body.statements.filter((one) => !ts.isVariableStatement(one));
      bodies.set(node.name.text, statements);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('Grammar.js', code, ts.ScriptTarget.ES2022, true));
  return bodies;
}

/** What the statements from `at` on read: its source, where its result lies, and where it ends. */
function expression(statements, at) {
  let read = simple(statements, at);
  for (;;) {
    const next = statements[read.end];
    const longer = next && (oneOrMore(next, read) ?? choice(next, read) ?? optional(next, read));
    if (!longer) return read;
    read = { ...read, ...longer, end: read.end + 1 };
  }
}

function simple(statements, at) {
  const first = statements[at];
  if (ts.isIfStatement(first)) return terminal(first, at);
  const { left, right } = assignment(first) ?? unknownForm(first);
  if (right === 'pos') return marked(statements, at + 1, left);
  if (right === '[]') return zeroOrMore(statements, at + 1, left);
  const [, source] = /^(parse_\w+)\(\)$/.exec(right) ?? unknownForm(first);
  return { source, result: left, end: at + 1 };
}

function terminal(test, at) {
  for (const [form, write] of terminals) {
    const asked = form.exec(condition(test));
    const { left } = assignment(block(test.thenStatement)[0]) ?? {};
    if (asked) return { source: write(asked[1]), result: left, end: at + 1 };
  }
  return unknownForm(test);
}

/** After `pos0 = pos` comes what goes back there: a sequence, or what makes a value of its parts. */
function marked(statements, at, mark) {
  const first = expression(statements, at);
  const test = statements[first.end];
  if (!ts.isIfStatement(test) || condition(test) !== `${first.result} !== null`) unknownForm(test);
  const [then] = block(test.thenStatement);
  const call = ts.isExpressionStatement(then) && then.expression.right;
  if (call && ts.isCallExpression(call) && call.arguments[0]?.getText() === mark) {
    return { source: made(first, call), result: first.result, end: first.end + 2 };
  }
  const parts = [first.source, ...sequence(block(test.thenStatement))];
  return { source: `each(${parts.join(', ')})`, result: first.result, end: first.end + 1 };
}

function sequence(statements) {
  if (assignment(statements[0])?.right.startsWith('[result')) return [];
  const part = expression(statements, 0);
  const test = statements[part.end];
  if (condition(test) !== `${part.result} !== null`) unknownForm(test);
  return [part.source, ...sequence(block(test.thenStatement))];
}

/** The parameters of the function get their parts of what was found as defaults. */
function made({ source }, call) {
  const { parameters, body } = call.expression.expression;
  const given = call.arguments.slice(1).map((one) => one.getText().replace(/^result\d+/, 'parts'));
  const [start, ...names] = parameters.map((parameter) => parameter.getText());
  const list = [start, 'parts', ...names.map((name, at) => `${name} = ${given[at]}`)];
  const needed = names.length > 0 ? list : /\boffset\b/.test(body.getText()) ? [start] : [];
  return `made(${source}, (${needed.join(', ')}) => ${body.getText()})`;
}

function zeroOrMore(statements, at, result) {
  const part = expression(statements, at);
  if (!ts.isWhileStatement(statements[part.end])) unknownForm(statements[part.end]);
  return { source: `any(${part.source})`, result, end: part.end + 1 };
}

function oneOrMore(test, { source, result }) {
  if (condition(test) !== `${result} !== null`) return null;
  const [list, loop] = block(test.thenStatement);
  if (loop === undefined || !ts.isWhileStatement(loop)) return null;
  return { source: `some(${source})`, result: assignment(list).left };
}

function choice(test, { source, result }) {
  if (condition(test) !== `${result} === null`) return null;
  const statements = block(test.thenStatement);
  const { left, right } = assignment(statements[0]) ?? {};
  if (left === 'pos' || right === '""') return null;
  const other = expression(statements, 0);
  return { source: `either(${source}, ${other.source.replace(/^either\((.*)\)$/s, '$1')})` };
}

function optional(statement, { source, result }) {
  if (assignment(statement)?.right !== `${result} !== null ? ${result} : ""`) return null;
  return { source: `maybe(${source})` };
}

function condition(statement) {
  return ts.isIfStatement(statement) ? statement.expression.getText() : '';
}

function block(statement) {
  return ts.isBlock(statement) ? [...statement.statements] : [statement];
}

function assignment(statement) {
  if (!ts.isExpressionStatement(statement) || !ts.isBinaryExpression(statement.expression)) {
    return null;
  }
  const { left, right } = statement.expression;
  return { left: left.getText(), right: right.getText() };
}

function unknownForm(statement) {
  throw new Error(
    `JsSIP's grammar has a form that is not known: ${statement?.getText() ?? 'none'}`,
  );
}
