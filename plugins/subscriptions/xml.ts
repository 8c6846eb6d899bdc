import { forParser } from '../../src/core/index.ts';
import type { XmlElement, XmlRoot } from './types.ts';

// What a server has to say about one person or one line is a few thousand characters.
const mostCharacters = 100_000;
const mostElements = 5_000;
const mostLevels = 16;

// A document type, and with it entities; comments and CDATA are harmless.
const declaration = /<!(?!--|\[CDATA\[)/;

/**
 * Reads a document from the network, which may be hostile, as plain data: nothing of it can reach the
 * page as markup. Null when it is not what it must be.
 */
export function readXml(body: string, root: XmlRoot): XmlElement | null {
  if (body.length > mostCharacters || declaration.test(body)) return null;
  const parsed = new DOMParser().parseFromString(forParser(body.trim()), 'application/xml');
  if (parsed.getElementsByTagName('parsererror').length > 0) return null;
  const { documentElement: top } = parsed as { readonly documentElement: Element | null };
  if (top?.localName !== root.name || top.namespaceURI !== root.namespace) return null;
  return take(top, { elements: 0 }, 1);
}

function take(element: Element, count: { elements: number }, level: number): XmlElement | null {
  count.elements += 1;
  if (count.elements > mostElements || level > mostLevels) return null;
  const children: XmlElement[] = [];
  const texts: string[] = [];
  for (const node of element.childNodes) {
    if (node.nodeType === node.ELEMENT_NODE) {
      const child = take(node as Element, count, level + 1);
      if (!child) return null;
      children.push(child);
    } else if (node.nodeType === node.TEXT_NODE || node.nodeType === node.CDATA_SECTION_NODE) {
      texts.push(node.nodeValue ?? '');
    }
  }
  return {
    name: element.localName,
    namespace: element.namespaceURI ?? '',
    attributes: new Map(
      [...element.attributes]
        .filter(({ name }) => !name.includes(':'))
        .map(({ name, value }) => [name, value]),
    ),
    text: texts.join('').trim(),
    children,
  };
}
