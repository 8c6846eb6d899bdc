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
  /** Unsubscribes, and says nothing any more. */
  readonly remove: () => void;
}

const usualTypes = {
  dialog: 'application/dialog-info+xml',
  presence: 'application/pidf+xml',
} as const;

/** Watches the line of a key; `changed` runs after each change of it. */
export function createLine(ctx: Context, given: BlfKeyOptions, changed: () => void): Line {
  const { id, eventType = 'dialog' } = given;
  const { acceptType = usualTypes[eventType] } = given;
  const { readXml } = ctx.require('subscriptions');
  let key: BlfKey = Object.freeze({
    ...{ id, name: given.name ?? id, eventType },
    ...{ status: 'unknown', callInfo: null },
  } as const);
  let line: LineState = unknownLine;
  let session = '';
  let isTold = false;
  let last: Snapshot['status'] = 'waiting';

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
    if (!next && line !== unknownLine) watch.refresh();
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
  const lose = (): void => {
    update({ status: 'unknown', callInfo: null });
    if (isTold) ctx.emit('blf.key.unsubscribed', { key });
    isTold = false;
  };
  const follow = ({ status, expiresAt }: Snapshot): void => {
    if (status === 'subscribing' && last !== status) ctx.emit('blf.key.subscribed', { key });
    last = status;
    const isGone = expiresAt === null && (status === 'waiting' || status === 'ended');
    if (isGone) lose();
    else isTold = true;
  };
  const wish = { target: id, event: eventType, accept: acceptType };
  const watch = createWatch(ctx, wish, {
    take,
    follow,
    begin: () => {
      lose();
      last = 'waiting';
    },
  });
  return { key: () => key, ...watch };
}

interface Hearing {
  /** A subscription begins, whatever has come of the one before. */
  readonly begin: () => void;
  readonly take: (note: Notification) => void;
  readonly follow: (snapshot: Snapshot) => void;
}

interface Watch extends Pick<Line, 'subscribe' | 'unsubscribe' | 'remove'> {
  readonly refresh: () => void;
}

// The end of a subscription comes late: it says nothing of a line that is watched anew, or no more.
function createWatch(
  ctx: Context,
  wish: Parameters<Subscriptions['subscribe']>[0],
  { begin, take, follow }: Hearing,
): Watch {
  let subscription: Subscription | null = null;
  let current: symbol | null = null;
  const unsubscribe = (): void => {
    void subscription?.unsubscribe();
    subscription = null;
  };
  return {
    unsubscribe,
    refresh: () => subscription?.refresh(),
    remove: () => {
      current = null;
      unsubscribe();
    },
    subscribe: () => {
      if (subscription) return;
      begin();
      const token = (current = Symbol(wish.target));
      subscription = ctx.require('subscriptions').subscribe({
        ...wish,
        expires: ctx.options.subscribe_expires,
        onNotify: (note) => {
          if (token === current) take(note);
        },
        onChange: (snapshot) => {
          if (token === current) follow(snapshot);
        },
      });
    },
  };
}

function tellStatus(ctx: Context, key: BlfKey): void {
  ctx.emit('blf.key.status.updated', { key });
  ctx.emit(`blf.key.status.${key.status}`, { key });
  const isInCall = key.status === 'busy' || key.status === 'held';
  if (isInCall) ctx.emit('blf.key.status.incall', { key });
}
