import { section } from './values.ts';
import type { Plain } from './values.ts';

/** What a native event of a call is told as: types without `call.`, and additional parameters. */
export interface ToldCall {
  readonly types: readonly string[];
  readonly more: readonly unknown[];
}

type Row = (payload: Plain) => readonly unknown[];

const none: Row = () => [];
const event: Row = (payload) => [payload['event']];
const target: Row = (payload) => [payload['target']];
const held: Row = ({ event: given, originator }) => [
  { ...section({ given }, 'given'), originator },
];
const kinds: Row = ({ audio, video }) => [{ audio, video }];

/** libwebphone's additional parameters of what the native call tells; what is missing here has none. */
const rows: Readonly<Record<string, Row>> = {
  progress: event,
  established: event,
  ended: event,
  failed: event,
  timeupdate: ({ answerTime, duration, prettyDuration }) => [answerTime, duration, prettyDuration],
  hold: held,
  unhold: held,
  muted: kinds,
  unmuted: kinds,
  'transfer.started': target,
  'transfer.accepted': target,
  'transfer.confirmed': target,
  'transfer.failed': target,
  'transfer.completed': target,
  'transfer.cancelled': () => [''],
  'transfer.attended.consulting': target,
  'receive.dtmf': event,
  'receive.info': event,
  peerconnection: ({ peerConnection }) => [peerConnection],
  'operation.failed': ({ error, operation }) => [error, operation],
  'remote.audio.blocked': ({ element }) => [element],
  'identity.changed': ({ previous }) => [previous],
  redirected: ({ target: to, event: given }) => [to, given],
  replaced: ({ replacedBy }) => [replacedBy],
  rejected: none,
};

/** What is told under another name besides, or in place of, the native one. */
const names: Readonly<Record<string, readonly string[]>> = {
  'transfer.completed': ['transfer.complete', 'transfer.completed'],
  'transfer.cancelled': ['transfer.failed', 'transfer.cancelled'],
  'operation.failed': ['error', 'operation.failed'],
  'identity.changed': ['update', 'identity.changed'],
  // The real track event of the connection is told instead.
  'peerconnection.add.track': [],
  changed: [],
};

/** Translates a native event of a call; media and focus have ways of their own. */
export function toldCall(type: string, payload: Plain): ToldCall {
  const row = rows[type] ?? (type.startsWith('refer.') ? (given: Plain) => [given] : none);
  return { types: names[type] ?? [type], more: row(payload) };
}
