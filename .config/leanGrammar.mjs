const text = String.raw`"(?:[^"\\]|\\.)*"`;
const note = String.raw`\s*if \(reportFailures === 0\) \{\s*matchFailed\(${text}\);\s*\}`;
const result = String.raw`(?<result>result\d+)`;
const otherwise = String.raw`\s*\}\s*else \{\s*\k<result> = null;(?:${note})?\s*\}`;

/** How the generator of JsSIP's grammar writes each of its hundreds of terminals, and what stands for it. */
const terminals = [
  [
    String.raw`if \(input\.charCodeAt\(pos\) === \d+\) \{\s*${result} = (?<text>${text});\s*pos\+\+;`,
    'literal',
  ],
  [
    String.raw`if \(input\.substr\(pos, \d+\) === (?<text>${text})\) \{\s*${result} = \k<text>;\s*pos \+= \d+;`,
    'literal',
  ],
  [
    String.raw`if \(input\.substr\(pos, (?<length>\d+)\)\.toLowerCase\(\) === (?<text>${text})\) \{\s*` +
      String.raw`${result} = input\.substr\(pos, \k<length>\);\s*pos \+= \k<length>;`,
    'word',
  ],
  [
    String.raw`if \((?<text>/\^\[.*\]/)\.test\(input\.charAt\(pos\)\)\) \{\s*` +
      String.raw`${result} = input\.charAt\(pos\);\s*pos\+\+;`,
    'oneOf',
  ],
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

const functions = `
function literal(text) {
  if (!input.startsWith(text, pos)) return null;
  pos += text.length;
  return text;
}
function word(text) {
  const found = input.substr(pos, text.length);
  if (found.toLowerCase() !== text) return null;
  pos += text.length;
  return found;
}
function oneOf(characters) {
  const found = input.charAt(pos);
  if (!characters.test(found)) return null;
  pos++;
  return found;
}
`;

/**
 * The generated parser of JsSIP with one function for each kind of terminal instead of the same eight
 * lines some 400 times, without the notes on what it expected and without the rules that nothing
 * uses. It parses as before.
 */
export function foldGrammar(code) {
  const folded = terminals.reduce((before, [pattern, name]) => {
    const after = before.replace(new RegExp(pattern + otherwise, 'g'), (...match) => {
      const groups = match.at(-1);
      return `${groups.result} = ${name}(${groups.text});`;
    });
    if (after === before) throw new Error(`JsSIP's grammar has no ${name} of this form any more`);
    return after;
  }, code);
  return folded
    .replace(/"(\w+)": parse_\w+,?\n/g, (entry, rule) => (startRules.includes(rule) ? entry : ''))
    .replace(new RegExp(note, 'g'), '')
    .replace(/reportFailures(\+\+|--);/g, '')
    .replace('function matchFailed(', `${functions}$&`);
}
