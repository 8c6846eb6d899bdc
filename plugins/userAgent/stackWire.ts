import type { UA } from 'jssip';
import type { StackSettings } from './settings.ts';
import type { RawAgent, RawTransaction } from './stackTypes.ts';
import type { TransportOptions } from './types.ts';

const token = (): string => Math.random().toString(36).slice(2, 10);

/** The settings with the Contact that the options of the transport ask for. */
export function withContact(
  settings: StackSettings,
  { hack_ip_in_contact: ip = false, hack_wss_in_transport: isWss }: TransportOptions,
): StackSettings {
  if (ip === false && isWss !== true) return settings;
  const contact = settings.contactUri || `sip:${token()}@${token()}.invalid;transport=ws`;
  // RFC 5737: nobody has these addresses.
  const host =
    typeof ip === 'string' ? ip : `192.0.2.${String(1 + Math.floor(Math.random() * 254))}`;
  const placed =
    ip === false || ip === ''
      ? contact
      : contact.replace(/^(sips?:(?:[^@]*@)?)[^;:?]+/i, `$1${host}`);
  return { ...settings, contactUri: isWss === true ? asWss(placed) : placed };
}

const asWss = (uri: string): string => uri.replace(/;transport=ws(?!s)/i, ';transport=wss');

/** Changes how an agent connects and what stands in its requests; `exhausted` when it gives up. */
export function adaptWire(
  ua: UA,
  options: TransportOptions,
  exhausted: (attempts: number) => void,
): void {
  const { _transport: transport, _contact: contact } = ua as unknown as RawAgent;
  if (options.hack_via_tcp === true) {
    for (const { socket } of transport.sockets) socket.via_transport = 'TCP';
  }
  if (options.hack_wss_in_transport === true) {
    // The Contact of a call that tells no name is made of nothing that is configured.
    const written = contact.toString.bind(contact);
    contact.toString = (given) => asWss(written(given));
  }
  if (options.use_preloaded_route === true) {
    const route = (): string => {
      const uri = transport.sip_uri;
      return `<${options.hack_wss_in_transport === true ? asWss(uri) : uri};lr>`;
    };
    preloadRoute(ua, route);
  }
  const { ws_server_reconnection_timeout: pause, ws_server_max_reconnection: most } = options;
  if (pause !== undefined) {
    transport.recovery_options.min_interval = pause;
    transport.recovery_options.max_interval = pause;
  }
  if (most === undefined) return;
  const again = transport._reconnect.bind(transport);
  transport._reconnect = (error) => {
    const { recover_attempts: attempts, sockets } = transport;
    if (attempts < most * sockets.length) again(error);
    else exhausted(attempts);
  };
}

// RFC 3261 section 8.1.2: what begins a dialog, or stands outside of all, goes by this proxy. Told of a
// transaction before its request is sent; what is sent again with a digest is the same request.
function preloadRoute(ua: UA, route: () => string): void {
  const on = ua.on.bind(ua) as unknown as (name: string, run: (event: unknown) => void) => void;
  on('newTransaction', (event) => {
    const { request } = (event as { readonly transaction: RawTransaction }).transaction;
    if (!request.setHeader || request.getHeader('To')?.includes(';tag=')) return;
    if (request.getHeaders('Route').length === 0) request.setHeader('Route', route());
  });
}
