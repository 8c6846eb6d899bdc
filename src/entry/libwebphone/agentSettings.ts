import { canAutostart } from '../../../plugins/userAgent/state.ts';
import { masked, unmasked } from './config.ts';
import { isPlain, isSame, section } from './values.ts';
import type { Plain } from './values.ts';

type Section = 'transport' | 'authentication' | 'user_agent';

/** The native agent's options that are read at each start, and may be changed before it. */
export type AgentOptions = Readonly<Record<Section, Record<string, unknown>>>;

/** JsSIP's names for what is called otherwise, or elsewhere, in the native options. */
const places: Readonly<Record<string, readonly [Section, string]>> = {
  connection_recovery_max_interval: ['transport', 'recovery_max_interval'],
  connection_recovery_min_interval: ['transport', 'recovery_min_interval'],
  use_preloaded_route: ['transport', 'use_preloaded_route'],
  authorization_user: ['authentication', 'authorization_user'],
  authorization_jwt: ['authentication', 'jwt'],
  ha1: ['authentication', 'ha1'],
};

/** Keys of `user_agent` that have no default. */
const optional = ['registrar_server', 'user_agent_string', 'allow_legacy_notifications'];

/** Sees to by itself what they say: who it is, and where it connects to. */
const identity = ['uri', 'username', 'password', 'realm', 'sockets'];

const sectionsOf = (of: unknown): AgentOptions => ({
  transport: { ...section(of, 'transport') },
  authentication: { ...section(of, 'authentication') },
  user_agent: { ...section(of, 'user_agent') },
});

/** Settings of the agent that can be changed from start to start. */
export class AgentSettings {
  /** What the native agent reads, in place of the options it is given. */
  readonly options: Plain & AgentOptions;
  /** Whether the drop-in starts it with the phone: a start by the native agent itself asks no `initAgent`. */
  readonly startsWithPhone: boolean;
  readonly #first: AgentOptions;

  constructor(options: Plain) {
    this.#first = sectionsOf(options);
    const { username, realm } = this.login();
    const login = { username: textOf(username), realm: textOf(realm) };
    const authentication = { ...this.#first.authentication, ...login };
    this.startsWithPhone = canAutostart({ ...options, authentication } as never);
    // Where it lacks something, the native agent starts those of the other accounts that are complete.
    const autostart = options['autostart'] === true && !this.startsWithPhone;
    this.options = { ...options, ...sectionsOf(options), autostart };
  }

  /** Whose agent it is: what a token says (Kazoo: `SIP-Info`), else what is configured. */
  login(): Plain {
    const { username, realm, jwt } = this.#first.authentication;
    const claims = section(section(claimsOf(jwt), 'SIP-Info'), 'User-Agent');
    return { username: claims['Username'] ?? username, realm: claims['Realm'] ?? realm };
  }

  /** The password: what `initAgent` has left, else what was typed, else what is configured. */
  password({ password, ha1 }: Plain, typed: unknown): unknown {
    const { authentication: first } = this.#first;
    const { authentication } = this.options;
    const left = this.#unmasked('authentication', 'password', password);
    const chosen = [left, typed, first['password']].find((one) => !isLeftOut(one));
    const isUserLeft = authentication['authorization_user'] !== first['authorization_user'];
    // One that is not configured counts as typed, which leaves out what else `initAgent` has left to log in with.
    if (!isLeftOut(left) || !isLeftOut(ha1) || isUserLeft) {
      authentication['password'] = chosen ?? first['password'];
      // The configured hash is that of another password.
      if (isLeftOut(ha1) && authentication['password'] !== first['password'])
        authentication['ha1'] = '';
    }
    return chosen;
  }

  /** A copy of all of them by JsSIP's names, with no secret in it. */
  told(login: Plain): Record<string, unknown> {
    const { transport, authentication } = this.#first;
    const { password: _, ...agent } = masked(this.#first.user_agent) as Plain;
    const { username, realm } = login;
    const user = authentication['authorization_user'];
    return {
      ...agent,
      connection_recovery_max_interval: transport['recovery_max_interval'],
      connection_recovery_min_interval: transport['recovery_min_interval'],
      sockets: [transport['sockets'] ?? []].flat().map(socketLike),
      ...(user ? { authorization_user: user } : {}),
      ...{ username, realm, uri: addressOf(login) },
    };
  }

  /** Starts from what is configured again, and takes what was changed; gives the names it cannot take. */
  take(before: Plain, after: Plain): readonly string[] {
    const { options } = this;
    for (const name of ['transport', 'authentication', 'user_agent'] as const) {
      for (const key of Object.keys(options[name])) Reflect.deleteProperty(options[name], key);
      Object.assign(options[name], this.#first[name]);
    }
    return Object.entries(after)
      .filter(([name, value]) => !isSame(value, before[name]) && !isLeftOut(value))
      .filter(([name, value]) => !this.#set(name, value))
      .map(([name]) => name);
  }

  #set(name: string, value: unknown): boolean {
    const [where, key] = places[name] ?? (['user_agent', name] as const);
    if (name === 'sockets') return this.#connectTo(value);
    if (identity.includes(name)) return true;
    const isKnown = name in places || name in this.#first.user_agent || optional.includes(name);
    // Whether to register is settled when the phone is made.
    if (name === 'register') return false;
    if (isKnown) this.options[where][key] = this.#unmasked(where, key, value);
    return isKnown;
  }

  // By its key, which says whether it is a secret.
  #unmasked(where: Section, key: string, value: unknown): unknown {
    const back = unmasked({ [key]: value }, { [key]: this.#first[where][key] });
    return (back as Plain)[key];
  }

  #connectTo(given: unknown): boolean {
    const sockets = (Array.isArray(given) ? given : [given]).map(socketOf);
    const isKnown = sockets.every((socket) => socket !== undefined);
    if (isKnown) this.options.transport['sockets'] = sockets;
    return isKnown;
  }
}

/** Who the agent is by what `initAgent` has left of its settings. */
export function loginOf(before: Plain, after: Plain): Record<string, string | undefined> {
  const { username, password, realm, uri } = after as Record<string, unknown>;
  const login = { username, password, realm } as Record<string, string | undefined>;
  if (isLeftOut(uri) || String(uri) === before['uri']) return login;
  const [user, domain] = String(uri)
    .replace(/^sips?:/, '')
    .split(/[@;?]/);
  return { password: login['password'], username: user, realm: domain };
}

/**
 * The settings that `initAgent` has left: the object it was given, what it gave back over it, and of an
 * agent that it has made what that one was made with.
 */
export function settingsLeft(given: Plain, result: unknown): Plain {
  if (isPlain(result)) return { ...given, ...result };
  const { configuration } = Object(result) as { readonly configuration?: unknown };
  if (typeof configuration !== 'object' || configuration === null) return given;
  const made = { ...(configuration as Plain) };
  // Milliseconds by now.
  made['no_answer_timeout'] = Number(made['no_answer_timeout']) / 1000;
  made['uri'] = String(made['uri']).replace(/^sips?:/, '');
  // An agent fills in what it was not given; that is none of the page's settings.
  const isTheirs = (name: string): boolean =>
    name in places || !isLeftOut(given[name]) || ['password', 'display_name'].includes(name);
  const taken = [...Object.keys(given), ...Object.keys(places), 'password'].filter(
    (name) => isTheirs(name) && !isLeftOut(made[name]) && name !== 'realm',
  );
  return { ...given, ...Object.fromEntries(taken.map((name) => [name, made[name]])) };
}

// A token may say anything.
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const isLeftOut = (value: unknown): boolean =>
  value === undefined || value === null || value === '';

// The middle part of a JSON Web Token (RFC 7519 section 3); the server alone can tell whether it is true.
function claimsOf(token: unknown): Plain {
  try {
    const [, payload = ''] = String(token).split('.');
    const bytes = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const text = new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
    return section({ claims: JSON.parse(text) as unknown }, 'claims');
  } catch {
    return {};
  }
}

function addressOf({ username, realm }: Plain): string {
  // libwebphone's name for nobody.
  return `${typeof username === 'string' && username !== '' ? username : 'webphone'}@${String(realm)}`;
}

const nothing = (): void => undefined;
const never = (): boolean => false;

// What JsSIP takes for a socket, so that a page can make an agent with it; that one never connects.
function socketLike(configured: unknown): unknown {
  if (isPlain(configured)) return { ...configured, socket: socketLike(configured['socket']) };
  const [, scheme, host] = /^(wss?):\/\/([^/?#]+)/i.exec(String(configured)) ?? [];
  if (!scheme || !host) return configured;
  return {
    ...{
      url: configured,
      via_transport: scheme.toUpperCase(),
      sip_uri: `sip:${host};transport=ws`,
    },
    ...{ connect: nothing, disconnect: nothing, send: never },
    ...{ isConnected: never, isConnecting: never },
  };
}

// A text, JsSIP's object around one, or either with its weight.
function socketOf(given: unknown): unknown {
  if (typeof given === 'string') return given;
  const { socket = given, weight } = Object(given) as Plain;
  const url = typeof socket === 'string' ? socket : (Object(socket) as Plain)['url'];
  if (typeof url !== 'string') return undefined;
  return { socket: url, ...(typeof weight === 'number' ? { weight } : {}) };
}
