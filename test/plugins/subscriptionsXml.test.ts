import { expect, it } from 'vitest';
import { watching } from './subscriptionsScene.ts';

const root = { name: 'state', namespace: 'urn:test' };
const around = (inner: string): string => `<state xmlns="urn:test">${inner}</state>`;

it('a document from the network is read as plain data', async () => {
  const { readXml } = (await watching()).api('subscriptions');
  const body = around(
    '\n <line id="1" xml:lang="en">A &amp; &lt;b&gt;</line><x xmlns="urn:other"/>',
  );
  const read = readXml(`<?xml version="1.0"?>\n${body}`, root);
  expect(read?.children.map(({ name, namespace, text }) => [name, namespace, text])).toEqual([
    ['line', 'urn:test', 'A & <b>'],
    ['x', 'urn:other', ''],
  ]);
  expect([...(read?.children[0]?.attributes ?? [])]).toEqual([['id', '1']]);
});

it.each([
  ['nothing', ''],
  ['what is no XML', 'ringing'],
  ['what is not closed', '<state xmlns="urn:test"><line></state>'],
  ['another root', '<status xmlns="urn:test"/>'],
  ['another namespace', '<state xmlns="urn:else"/>'],
  ['a document type', `<!DOCTYPE state>${around('')}`],
  ['entities', `<!DOCTYPE state [<!ENTITY a "b">]>${around('&a;')}`],
  ['depth', around(`${'<a>'.repeat(20)}${'</a>'.repeat(20)}`)],
  ['too many elements', around('<a/>'.repeat(5001))],
  ['size', around('a'.repeat(100_001))],
])('%s is refused', async (_, body) => {
  const { readXml } = (await watching()).api('subscriptions');
  expect(readXml(body, root)).toBeNull();
});
