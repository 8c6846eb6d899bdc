import { newId } from '../../src/core/index.ts';
import type { PluginRegistry } from '../../src/core/index.ts';

type Agent = PluginRegistry['userAgent'];
/** A response to a SUBSCRIBE. */
export type Response = Awaited<ReturnType<Agent['request']>>;
/** A NOTIFY. */
export type Notify = Parameters<Parameters<Agent['onRequest']>[0]['take']>[0];

/** A dialog of a subscription (RFC 3261 section 12): ours to change, nobody else's. */
export interface Dialog {
  readonly callId: string;
  readonly localTag: string;
  /** Undefined until the far end has spoken: by a 200, or by a NOTIFY that was faster. */
  remoteTag?: string;
  /** The number of our last request. */
  cseq: number;
  /** The number of the far end's last request. */
  remoteCseq: number;
  routes: readonly string[];
  /** Where the far end wants to be reached. */
  remoteTarget?: string;
  /** When the first NOTIFY came, in milliseconds since 1970. */
  activeSince?: number;
}

/** A dialog that nobody has answered to yet. */
export function newDialog(): Dialog {
  const token = (): string => newId().replaceAll('-', '');
  return { callId: token(), localTag: token(), cseq: 0, remoteCseq: -1, routes: [] };
}

/** Learns the far end from a 200, unless a NOTIFY was faster (RFC 6665 section 4.1.2.4). */
export function learnFromResponse(dialog: Dialog, response: Response): void {
  if (dialog.remoteTag === undefined) {
    dialog.remoteTag = response.toTag;
    // The caller takes the routes in reverse order (RFC 3261 section 12.1.2).
    dialog.routes = routesOf(response).reverse();
  }
  learnTarget(dialog, response);
}

/** Learns the far end from a NOTIFY. */
export function learnFromNotify(dialog: Dialog, notify: Notify): void {
  if (dialog.remoteTag === undefined) {
    dialog.remoteTag = notify.fromTag;
    dialog.routes = routesOf(notify);
  }
  dialog.remoteCseq = notify.cseq;
  learnTarget(dialog, notify);
}

/** Whether a NOTIFY belongs to this dialog. */
export function belongsTo({ callId, localTag, remoteTag }: Dialog, notify: Notify): boolean {
  return (
    notify.callId === callId &&
    notify.toTag === localTag &&
    (remoteTag === undefined || remoteTag === notify.fromTag)
  );
}

function learnTarget(dialog: Dialog, message: Response | Notify): void {
  const contact = message.header('Contact') ?? '';
  const uri = /<([^<>\s]+)>/.exec(contact)?.[1] ?? /^[^;\s<>]+/.exec(contact)?.[0] ?? '';
  if (/^sips?:/i.test(uri)) dialog.remoteTarget = uri;
}

function routesOf(message: Response | Notify): string[] {
  return message
    .headers('Record-Route')
    .flatMap((line) => [...line.matchAll(/<[^<>\r\n]+>[^,\r\n]*/g)].map(([route]) => route.trim()));
}
