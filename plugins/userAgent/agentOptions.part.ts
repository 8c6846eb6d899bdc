import type { Dress, DressServices } from './dressing.ts';
import type { IncomingRequest } from './requests.ts';
import { redact } from './redact.ts';
import { createSipLog } from './stackLog.ts';
import type { StackSettings } from './settings.ts';
import { installMediaPort } from './stackMediaPort.ts';
import { adaptWire, withContact } from './stackWire.ts';
import type { RawMessage, RawSessionClass } from './stackTypes.ts';

/** The options that few set, and the phone without an account. */
export const dress: Dress = ({ settings, listener }, services) => {
  const { ctx, options } = services;
  const { transport, user_agent: agent } = options;
  const log = createSipLog(services);
  const given = settings.realm === '' ? guest(settings, services) : settings;
  return {
    settings: {
      ...withContact(given, transport),
      userAgent: withWord(settings.userAgent, agent.user_agent_string),
      more: agent.registrar_server ? { registrar_server: agent.registrar_server } : {},
      adapt: (ua, Session) => {
        adaptWire(ua, transport, (attempts) => {
          ctx.emit('userAgent.reconnection.ended', { attempts });
        });
        if (agent.media) installMediaPort(ua, Session as RawSessionClass, agent.media);
        log.followTransactions(ua);
      },
    },
    listener: {
      ...listener,
      trace: (direction, message) => {
        const isWritten = listener.trace(direction, message);
        log.trace(`SIP ${direction}\n${redact(message)}`, isWritten);
        return isWritten;
      },
      takerOf: (request) =>
        listener.takerOf(request) ??
        (agent.allow_legacy_notifications === true && isUnasked(request)
          ? () => {
              tellNotify(services, request);
            }
          : undefined),
    },
  };
};

const withWord = (name: string, word = ''): string =>
  [name, word.replace(/\s+/g, ' ').trim()].filter(Boolean).join(' ');

// SIP.js: `anonymous.X@anonymous.invalid`. There is nobody to register.
function guest(settings: StackSettings, { registration }: DressServices): StackSettings {
  // Nobody waits for a registration that has not begun.
  registration.giveUp(undefined as never);
  const username = `anonymous.${Math.random().toString(36).slice(2, 8)}`;
  return { ...settings, username, realm: 'anonymous.invalid' };
}

type Notify = Pick<IncomingRequest, 'method' | 'toTag' | 'header' | 'body' | 'event' | 'reply'>;

const isUnasked = ({ method, toTag }: Notify): boolean => method === 'NOTIFY' && toTag === '';

function tellNotify({ ctx }: DressServices, request: Notify): void {
  const raw = request.event as RawMessage & { readonly event?: unknown };
  ctx.emit('userAgent.received.notify', {
    package: request.header('Event')?.split(';')[0]?.trim() ?? '',
    body: request.body,
    event: { event: raw.event, request: raw },
  });
  request.reply(200);
}
