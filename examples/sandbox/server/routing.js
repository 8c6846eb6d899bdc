// @ts-check
import { copyOf, readUri, tagOf } from './message.js';

/**
 * @typedef {import('./message.js').Message} Message
 * @typedef {import('./flows.js').Flow} Flow
 * @typedef {import('./branch.js').Target} Target
 * @typedef {{ realm: string, endpoint: import('./branch.js').Endpoint,
 *   flows: import('./flows.js').Flows, location: import('./location.js').Location,
 *   digest: { hasUser: (user: string) => boolean } }} Site
 */

const allow =
  'INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, REFER, NOTIFY, SUBSCRIBE, MESSAGE, REGISTER';

/** Requests that may begin a dialog, for which the way back has to be written down. */
const dialogMakers = ['INVITE', 'SUBSCRIBE', 'REFER'];

const unknown = { status: 404, reason: 'Not Found' };

/**
 * Takes our own entry off the request's Route and reads the dialog's direction from it.
 *
 * @param {Message} received
 * @param {Site} site
 * @returns {{ request: Message, direction: import('./flows.js').Direction | undefined }}
 */
export function routeOf(received, site) {
  const [first, ...rest] = received.headers['route'] ?? [];
  const address = first && readUri(first.uri);
  if (!address || !isOurs(address.host, site)) return { request: received, direction: undefined };
  const request = copyOf(received);
  if (rest.length > 0) request.headers['route'] = rest;
  else delete request.headers['route'];
  const { from, to } = request.headers;
  const tags = { from: tagOf(from) ?? '', to: tagOf(to) ?? '' };
  return { request, direction: site.flows.open(address.user ?? '', tags) };
}

/**
 * Where a request outside a dialog goes, or how it is refused.
 *
 * @param {Message} request
 * @param {Flow} caller
 * @param {Site} site
 * @returns {{ targets: Target[] } | { status: number, reason: string, headers?: object }}
 */
export function targetsOf(request, caller, site) {
  const uri = readUri(request.uri);
  if (!uri) return { status: 416, reason: 'Unsupported URI Scheme' };
  if (!isOurs(uri.host, site)) {
    // A Contact may be called directly, whoever learnt it.
    const bindings = site.location.all().filter(({ contact }) => isSame(readUri(contact), uri));
    return targetsAt(bindings, { request, caller, site }) ?? unknown;
  }
  if (!uri.user) {
    return request.method === 'OPTIONS'
      ? { status: 200, reason: 'OK', headers: { allow } }
      : unknown;
  }
  const found = targetsAt(site.location.of(uri.user), { request, caller, site });
  if (found) return found;
  return site.digest.hasUser(uri.user)
    ? { status: 480, reason: 'Temporarily Unavailable' }
    : unknown;
}

/**
 * @param {import('./location.js').Binding[]} bindings
 * @param {{ request: Message, caller: Flow, site: Site }} about
 * @returns {{ targets: Target[] } | undefined}
 */
function targetsAt(bindings, { request, caller, site }) {
  if (bindings.length === 0) return undefined;
  const isDialogMaker = dialogMakers.includes(request.method);
  const targets = bindings.map(({ contact, flow }) =>
    isDialogMaker
      ? { uri: contact, flow, recordRoute: recordRouteFor(request, { caller, callee: flow }, site) }
      : { uri: contact, flow },
  );
  return { targets };
}

/**
 * @param {Message} request
 * @param {{ caller: Flow, callee: Flow }} ends
 * @param {Site} site
 */
function recordRouteFor(request, { caller, callee }, { flows, endpoint }) {
  const token = flows.seal(caller, callee, tagOf(request.headers['from']) ?? '');
  return `sip:${token}@${endpoint.host}:${endpoint.port};transport=ws;lr`;
}

/**
 * @param {string} host
 * @param {Site} site
 */
function isOurs(host, { realm, endpoint }) {
  return [realm, endpoint.host, '127.0.0.1', 'localhost'].includes(host);
}

/**
 * @param {ReturnType<typeof readUri>} a
 * @param {ReturnType<typeof readUri>} b
 */
function isSame(a, b) {
  return a?.user === b?.user && a?.host === b?.host && a?.port === b?.port;
}
