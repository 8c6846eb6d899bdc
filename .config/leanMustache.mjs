/** From what is written in Mustache's parser to what is said there instead, in the order of the file. */
const steps = [
  // One pattern for a whole tag, where there was one for each part of it.
  [/var openingTagRe, closingTagRe, closingCurlyRe;\n/, 'var pos = 0, opening, tagPattern;\n'],
  [
    /openingTagRe = new RegExp\([\s\S]*?(?=\n {2}\}\n)/,
    String.raw`const closing = escapeRegExp(tagsToCompile[1]);
    opening = tagsToCompile[0];
    tagPattern = new RegExp(
      escapeRegExp(opening) +
        '(?:\\s*(=)\\s*([^]*?)\\s*=[^]*?|\\s*(\\{)\\s*([^]*?)\\s*\\}|(?!\\s*[={])\\s*([#^/>&!]?)\\s*([^]*?)\\s*)' +
        closing,
      'y',
    );`,
  ],
  ['var scanner = new Scanner(template);\n', ''],
  [
    /while \(!scanner\.eos\(\)\) \{[\s\S]*?(?=if \(value\))/,
    `for (;;) {
      start = pos;
      const at = template.indexOf(opening, pos);
      value = template.slice(pos, at < 0 ? undefined : at);
      pos += value.length;
      `,
  ],
  // Line by line, not letter by letter.
  [
    /for \(var i = 0, valueLength = value\.length; i < valueLength; \+\+i\) \{\s*chr = value\.charAt\(i\);/,
    String.raw`for (chr of value.match(/\n|[^\S\n]+|\S.*/g)) {`,
  ],
  ["indentation += ' ';", 'indentation += chr;'],
  [
    /tokens\.push\(\[ 'text', chr, start, start \+ 1 \]\);\s*start \+= 1;/,
    "tokens.push(['text', chr, start, (start += chr.length)]);",
  ],
  [
    /\/\/ Match the opening tag\.\s[\s\S]*?(?=if \(type == '>'\))/,
    `if (at < 0) break;
    hasTag = true;
    tagPattern.lastIndex = at;
    const found = tagPattern.exec(template);
    if (!found) throw new Error('Unclosed tag at ' + template.length);
    pos = tagPattern.lastIndex;
    type = found[1] || (found[3] ? '&' : found[5] || 'name');
    value = found[2] ?? found[4] ?? found[6];
    `,
  ],
  // Spaces in the width of what stands before a partial: that is all that asks for them.
  [
    'start, scanner.pos, indentation, tagIndex',
    String.raw`start, pos, indentation.replace(/\S/g, ' '), tagIndex`,
  ],
  ['token = [ type, value, start, scanner.pos ];', 'token = [ type, value, start, pos ];'],
  [`'" at ' + scanner.pos`, `'" at ' + pos`],
  [/function Scanner \(string\) \{[\s\S]*?(?=\/\*\*\s+\* Represents a rendering context)/, ''],
  ['mustache.Scanner = Scanner;', ''],
];

/** Parses a template by whole tags and lines: the first draw of a page waits for it. */
export function withQuickParser(code) {
  return steps.reduce((before, [from, to]) => {
    const after = before.replace(from, () => to);
    if (after === before)
      throw new Error(`Mustache parses its templates in another way now: ${from}`);
    return after;
  }, code);
}
