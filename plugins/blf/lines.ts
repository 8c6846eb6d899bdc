import type { PluginContext, PluginRegistry } from '../../src/core/index.ts';
import {
  dialogInfoRoot,
  isOpen,
  leadingCall,
  presenceRoot,
  statusOf,
  unknownLine,
  withDocument,
} from './dialogInfo.ts';
import type { LineState } from './dialogInfo.ts';
import type { BlfKey, BlfKeyOptions, BlfOptions } from './types.ts';

/** What this plugin has of the phone. */
export type Context = PluginContext<'blf', BlfOptions, 'subscriptions' | 'userAgent'>;

type Subscriptions = PluginRegistry['subscriptions'];
type XmlElement = NonNullable<ReturnType<Subscriptions['readXml']>>;
type Subscription = ReturnType<Subscriptions['subscribe']>;
type Snapshot = ReturnType<Subscription['snapshot']>;
type Notification = Parameters<
  NonNullable<Parameters<Subscriptions['subscribe']>[0]['onNotify']>
>[0];

/** One watched line. */
export interface Line {
  readonly key: () => BlfKey;
  readonly subscribe: () => void;
  readonly unsubscribe: () => void;
}

const usualTypes = {
  dialog: 'application/dialog-info+xml',
  presence: 'application/pidf+xml',
} as const;

/** Watches the line of a key; `changed` runs after each change of it. */
export function createLine(ctx: Context, given: BlfKeyOptions, changed: () => void): Line {
  const { id, eventType = 'dialog' } = given;
  const { acceptType = usualTypes[eventType] } = given;
  const { subscribe, readXml } = ctx.require('subscriptions');
  let key: BlfKey = Object.freeze({
    ...{ id, name: given.name ?? id, eventType },
    ...{ status: 'unknown', callInfo: null },
  } as const);
  let line: LineState = unknownLine;
  let session = '';
  let isTold = false;
  let last: Snapshot['status'] = 'waiting';
  let subscription: Subscription | null = null;

  const update = ({ status, callInfo }: Pick<BlfKey, 'status' | 'callInfo'>): void => {
    const isOther = status !== key.status;
    const isOtherCall = JSON.stringify(callInfo) !== JSON.stringify(key.callInfo);
    if (!isOther && !isOtherCall) return;
    key = Object.freeze({ ...key, status, callInfo });
    changed();
    if (isOther) tellStatus(ctx, key);
    if (isOtherCall) ctx.emit('blf.key.callinfo.updated', { key });
  };
  const takeDialogs = (document: XmlElement): void => {
    const next = withDocument(line, document);
    // Once for a gap: a server that goes on counting wrongly is not asked without end.
    if (!next && line !== unknownLine) subscription?.refresh();
    line = next ?? unknownLine;
    if (!next) return;
    const callInfo = leadingCall(line);
    update({ status: callInfo ? statusOf(callInfo) : 'idle', callInfo });
  };
  const take = ({ body, ...note }: Notification): void => {
    if (body === '') {
      // A server that knows of no call on the line has nothing to say.
      const isIdle = eventType === 'dialog' && note.subscription.status === 'active';
      line = unknownLine;
      if (isIdle) update({ status: 'idle', callInfo: null });
      return;
    }
    if (note.session !== session) line = unknownLine;
    ({ session } = note);
    const document = readXml(body, eventType === 'dialog' ? dialogInfoRoot : presenceRoot);
    if (!document) ctx.log.warn(`What the server says of ${id} cannot be read.`, note.contentType);
    else if (eventType === 'dialog') takeDialogs(document);
    else update({ status: isOpen(document) ? 'idle' : 'busy', callInfo: null });
  };
  const follow = ({ status, expiresAt }: Snapshot): void => {
    if (status === 'subscribing' && last !== status) ctx.emit('blf.key.subscribed', { key });
    last = status;
    const isGone = expiresAt === null && (status === 'waiting' || status === 'ended');
    if (isGone) update({ status: 'unknown', callInfo: null });
    if (isGone && isTold) ctx.emit('blf.key.unsubscribed', { key });
    isTold = !isGone;
  };
  return {
    key: () => key,
    subscribe: () => {
      const { subscribe_expires: expires } = ctx.options;
      const wish = { target: id, event: eventType, accept: acceptType, expires };
      subscription ??= subscribe({ ...wish, onNotify: take, onChange: follow });
    },
    unsubscribe: () => {
      void subscription?.unsubscribe();
      subscription = null;
    },
  };
}

function tellStatus(ctx: Context, key: BlfKey): void {
  ctx.emit('blf.key.status.updated', { key });
  ctx.emit(`blf.key.status.${key.status}`, { key });
  const isInCall = key.status === 'busy' || key.status === 'held';
  if (isInCall) ctx.emit('blf.key.status.incall', { key });
}
