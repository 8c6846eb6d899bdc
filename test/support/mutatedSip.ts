import fc from 'fast-check';
import Parser from 'jssip/lib/Parser.js';
import { bases, bodies, methods, names, nasty, none, statuses, targets } from './sipSamples.ts';
import type { Lines } from './sipSamples.ts';

/** A subscription of the phone that NOTIFYs may belong to. */
export interface KnownDialog {
  readonly event: string;
  readonly callId: string;
  /** The far end's own From and the phone's To, tags included. */
  readonly from: string;
  readonly to: string;
}

/** Whom the messages are for. */
export interface Aim {
  /** The phone's address, in brackets or without. */
  readonly contact: string;
  readonly address: string;
  readonly dialogs: readonly KnownDialog[];
}

/** A message and what was done to it: plain data, so that a failure can be printed and made smaller. */
export interface MutatedMessage {
  readonly base: number;
  /** Makes its Call-ID, tags and branch. */
  readonly id: number;
  readonly mutations: readonly Mutation[];
}

/** One change; `place` and `value` are taken modulo what there is to choose from. */
export interface Mutation {
  readonly how: number;
  readonly place: number;
  readonly value: number;
  readonly text: string;
}

interface Draft {
  readonly start: string;
  readonly headers: Lines;
  readonly body: string;
  /** Left out where the length is told by a mutation. */
  readonly hasLength: boolean;
}

function draftOf({ base, id }: MutatedMessage, { contact, address, dialogs }: Aim): Draft {
  const { method, headers = [], body = none, about, status, isWithin } = pick(bases, base);
  const name = String(id);
  const known = dialogs.filter(({ event }) => event === about);
  const dialog = known[id % Math.max(1, known.length)] ?? {
    from: `"Mallory" <sip:1002@lab.test>;tag=f${name}`,
    to: isWithin === true ? `<${address}>;tag=t${name}` : `<${address}>`,
    callId: `fuzz${name}@far`,
  };
  return {
    start: status === undefined ? `${method} ${contact} SIP/2.0` : `SIP/2.0 ${status}`,
    headers: [
      `Via: SIP/2.0/WS 127.0.0.1:5060;branch=z9hG4bK${name}`,
      'Max-Forwards: 70',
      `From: ${dialog.from}`,
      `To: ${dialog.to}`,
      `Call-ID: ${dialog.callId}`,
      `CSeq: ${String(1 + id)} ${method}`,
      'Contact: <sip:1002@127.0.0.1:5060;transport=ws>',
      ...(about === undefined ? [] : [`Event: ${about}`]),
      ...headers,
      ...(body.type === '' ? [] : [`Content-Type: ${body.type}`]),
    ],
    body: body.text,
    hasLength: true,
  };
}

type Change = (draft: Draft, mutation: Mutation) => Draft;

const pick = <Item>(items: readonly Item[], place: number): Item => {
  const found = items[place % items.length];
  if (found === undefined) throw new Error('There is nothing to choose from.');
  return found;
};
const at = (headers: Lines, place: number): number => place % headers.length;
const said = ({ text, value }: Mutation): string => (value % 3 === 0 ? text : pick(nasty, value));
const withHeader = (draft: Draft, place: number, change: (line: string) => Lines): Draft => ({
  ...draft,
  headers: draft.headers.flatMap((line, index) =>
    index === at(draft.headers, place) ? change(line) : [line],
  ),
});
const split = (line: string): readonly [name: string, value: string] => {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
};
const isResponse = ({ start }: Draft): boolean => start.startsWith('SIP/2.0');

const changes: readonly Change[] = [
  // The whole value, its middle, its end.
  (draft, one) => withHeader(draft, one.place, (line) => [`${split(line)[0]}: ${said(one)}`]),
  (draft, one) =>
    withHeader(draft, one.place, (line) => {
      const cut = split(line)[0].length + 2 + (one.value % line.length);
      return [line.slice(0, cut) + said(one) + line.slice(cut)];
    }),
  (draft, one) => withHeader(draft, one.place, (line) => [`${line};x=${said(one)}`]),
  (draft, one) => withHeader(draft, one.place, (line) => [line, line]),
  (draft, one) => withHeader(draft, one.place, () => []),
  (draft, one) => withHeader(draft, one.place, (line) => [line.toUpperCase()]),
  (draft, one) =>
    withHeader(draft, one.place, (line) => [`${pick(names, one.value)}: ${split(line)[1]}`]),
  (draft, one) => withHeader(draft, one.place, (line) => [line.replace(': ', '\t :\r\n  ')]),
  (draft, one) => ({
    ...draft,
    headers: [...draft.headers, `${pick(names, one.place)}: ${said(one)}`],
  }),
  (draft, one) => ({
    ...draft,
    headers: [`X-${String(one.place)}: ${said(one)}`, ...[...draft.headers].reverse()],
  }),
  (draft, one) => ({ ...draft, body: pick(bodies, one.value) }),
  (draft, one) => ({ ...draft, body: pick(bodies, one.value) }),
  (draft, one) => ({ ...draft, body: draft.body.slice(0, one.value % (draft.body.length + 1)) }),
  (draft, one) => {
    const cut = one.place % (draft.body.length + 1);
    return { ...draft, body: draft.body.slice(0, cut) + said(one) + draft.body.slice(cut) };
  },
  (draft, one) => ({
    ...draft,
    headers: [
      ...draft.headers.filter((line) => !/^content-type/i.test(line)),
      `Content-Type: ${pick(['multipart/mixed', 'multipart/mixed;boundary=', 'text/html', 'multipart/alternative;boundary="b1"', said(one)], one.place)}`,
    ],
  }),
  (draft, one) => ({
    ...draft,
    hasLength: false,
    headers: [
      ...draft.headers,
      `Content-Length: ${pick(['0', '1', '99999', '-1', 'x', '', '1e3', '7'], one.value)}`,
    ],
  }),
  (draft, one) => ({
    ...draft,
    start: isResponse(draft)
      ? `SIP/2.0 ${pick(statuses, one.value)}`
      : `${draft.start.split(' ')[0] ?? ''} ${pick(targets, one.value)} SIP/2.0`,
  }),
  (draft, one) => ({
    ...draft,
    start: isResponse(draft)
      ? `SIP/2.0 ${pick(statuses, one.value)}`
      : draft.start.replace(/^\S*/, pick(methods, one.value)),
  }),
];

function written({ start, headers, body, hasLength }: Draft): string {
  const length = `Content-Length: ${String(new TextEncoder().encode(body).length)}`;
  return [start, ...headers, ...(hasLength ? [length] : []), '', body].join('\r\n');
}

const lettersOf: readonly ((text: string, mutation: Mutation) => string)[] = [
  (text, { place, value }) =>
    text.slice(0, place % text.length) + text.slice((place % text.length) + 1 + (value % 40)),
  (text, one) =>
    text.slice(0, one.place % text.length) + said(one) + text.slice(one.place % text.length),
  (text, { place }) => text.slice(0, place % text.length),
  (text, { value }) =>
    value % 2 === 0 ? text.replaceAll('\r\n', '\n') : text.replace('\r\n\r\n', '\r\n'),
];

/** The message as it goes on the wire. */
export function mutatedSip(message: MutatedMessage, aim: Aim): string {
  const draft = message.mutations
    .filter(({ how }) => how >= lettersOf.length)
    .reduce(
      (before, one) => pick(changes, one.how - lettersOf.length)(before, one),
      draftOf(message, aim),
    );
  return message.mutations
    .filter(({ how }) => how < lettersOf.length)
    .reduce((text, one) => pick(lettersOf, one.how)(text, one), written(draft));
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  how: fc.nat(lettersOf.length + changes.length - 1),
  place: fc.nat(5000),
  value: fc.nat(5000),
  text: fc.string({ unit: 'binary', maxLength: 20 }),
});

/** Messages of every method with up to three mutations; one in ten is left as it is. */
export const mutatedMessages: fc.Arbitrary<MutatedMessage> = fc.record({
  base: fc.nat(bases.length - 1),
  id: fc.nat(1_000_000_000),
  mutations: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 6, arbitrary: fc.tuple(mutation) },
    { weight: 3, arbitrary: fc.array(mutation, { minLength: 2, maxLength: 3 }) },
  ),
});

/** True when JsSIP's own parser makes a message of it, whatever becomes of that. */
export function isParsed(text: string): boolean {
  try {
    return Parser.parseMessage(text, undefined) !== undefined;
  } catch {
    return false;
  }
}
