import { PhoneError, checkHeaders } from '../../src/core/index.ts';
import type { MediaOptions } from '../../src/core/index.ts';
import type { Account } from './digest.ts';
import type { OutgoingOptions, StackSettings } from './settings.ts';
import type {
  AgentOptions,
  AuthenticationOptions,
  CallMediaOptions,
  UserAgentOptions,
  UserAgentState,
  WeightedSocket,
} from './types.ts';

/** The credentials that the agent is started with; kept apart from all that is drawn or emitted. */
export interface Credentials {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
}

/** The state before the first start. */
export function firstState(options: UserAgentOptions): UserAgentState {
  return {
    isStarted: false,
    isConnected: false,
    isConnecting: false,
    isRegistered: false,
    isRegistering: false,
    isAutoAnswered: false,
    isMicrophoneOpen: false,
    username: options.authentication.username,
    realm: options.authentication.realm,
    error: null,
  };
}

/** The credentials with whatever is given in place of what is known; empty values count as left out. */
export function withGiven(
  known: Credentials,
  given: { readonly [Key in keyof Credentials]: string | null | undefined },
): Credentials {
  const pick = (key: keyof Credentials): string => {
    const value = given[key] ?? '';
    return value === '' ? known[key] : value;
  };
  return { username: pick('username'), password: pick('password'), realm: pick('realm') };
}

/** True when there is all that a start by itself needs: where to connect and as whom. */
export function canAutostart({
  autostart,
  transport,
  authentication,
  user_agent: agent,
}: UserAgentOptions): boolean {
  const { username, password, realm, jwt, ha1, authentication_factory } = authentication;
  const hasDomain = realm !== '' || username.includes('@');
  const hasSecret = password !== '' || ha1 !== '' || authentication_factory !== undefined;
  const hasAccount = jwt !== '' || (username !== '' && hasSecret);
  const isAsked = autostart && agent.autostart !== false;
  return isAsked && hasDomain && hasAccount && socketsOf(transport.sockets).length > 0;
}

/** The sockets as a list; a text, a list of texts and weighted ones may be mixed. */
export function socketsOf(
  sockets: UserAgentOptions['transport']['sockets'],
): readonly { readonly url: string; readonly weight: number }[] {
  const entries: readonly (string | WeightedSocket)[] =
    typeof sockets === 'string' ? [sockets] : sockets;
  return entries.map((entry) =>
    typeof entry === 'string'
      ? { url: entry, weight: 0 }
      : { url: entry.socket, weight: entry.weight ?? 0 },
  );
}

/** All that the stack is started with. Throws `userAgent.startFailed` naming the key that is missing. */
export function stackSettings(
  options: UserAgentOptions,
  credentials: Credentials,
  instanceId: string,
): StackSettings {
  const { transport, authentication, user_agent: agent } = options;
  const sockets = socketsOf(transport.sockets);
  if (sockets.length === 0) throw missing('transport.sockets', 'the address of a WebSocket');
  const [username = '', domain = ''] = credentials.username.split('@');
  const realm = credentials.realm === '' ? domain : credentials.realm;
  // With no account at all it is an anonymous phone.
  if (!realm && (username || authentication.jwt))
    throw missing('authentication.realm', 'the SIP domain');
  return {
    ...headersOf(options),
    sockets,
    username,
    realm,
    jwt:
      typeof authentication.jwt === 'string' ? authentication.jwt.replace(/^Bearer\s+/i, '') : '',
    authentication: {
      account: accountOf(authentication, { ...credentials, username, realm }),
      factory: authentication.authentication_factory,
    },
    contactUri: agent.contact_uri,
    displayName: agent.display_name,
    instanceId,
    noAnswerTimeout: agent.no_answer_timeout,
    registerExpires: agent.register_expires,
    userAgent: agent.user_agent,
    recoveryMin: transport.recovery_min_interval,
    recoveryMax: transport.recovery_max_interval,
    sessionTimers: agent.session_timers,
    contactParameters: {
      ...options.custom_parameters.contact_uri,
      ...agent.custom_parameters.contact_uri,
    },
    peerConnection: agent.pc_config,
    gatheringTimeout: agent.ice_gathering_timeout,
    extensions: extensionsOf(agent),
    redirects: agent.redirect_policy,
    trustsIdentity: agent.trust_identity,
  };
}

function headersOf({
  custom_headers: shared,
  user_agent: { custom_headers: own, supported, replaces },
}: UserAgentOptions): Pick<StackSettings, 'registerHeaders' | 'inviteHeaders'> {
  const tags = supported.length > 0 ? [`Supported: ${supported.join(', ')}`] : [];
  const registerHeaders = [...own.register, ...shared.register, ...tags];
  checkHeaders(registerHeaders);
  const demands = replaces === 'required' ? ['Require: replaces'] : [];
  return { registerHeaders, inviteHeaders: [...tags, ...demands] };
}

function extensionsOf({
  session_timers,
  rel100,
  replaces,
  supported,
}: AgentOptions): readonly string[] {
  return [
    ...(replaces === 'unsupported' ? [] : ['replaces']),
    ...['outbound', 'ice', 'gruu', 'path'],
    ...(session_timers ? ['timer'] : []),
    ...(rel100 === 'unsupported' ? [] : ['100rel']),
    ...supported.map((tag) => tag.toLowerCase()),
  ];
}

// What was typed into the form takes the place of all that is configured for the digest.
function accountOf(configured: AuthenticationOptions, given: Credentials): Account {
  const { jwt, ha1, ha1_realm: ha1Realm, authorization_user: user } = configured;
  const isTyped = given.password !== configured.password;
  return {
    user: isTyped ? given.username : user || given.username,
    // A token takes the place of the password; sending both would give the password away for nothing.
    password: jwt === '' ? given.password : '',
    ha1: isTyped || jwt !== '' ? '' : ha1,
    ha1Realm: ha1Realm || given.realm,
  };
}

function missing(key: string, what: string): PhoneError {
  return new PhoneError('userAgent.startFailed', {
    message: `The phone could not be started: userAgent.${key} is missing; accepted: ${what}.`,
  });
}

/** Options of a call in the adapter's words, the configured headers after the call's own. */
export function outgoingOptions(
  options: UserAgentOptions,
  customHeaders: readonly string[],
  given: boolean | CallMediaOptions | null | undefined,
): OutgoingOptions & MediaOptions & { readonly video: boolean } {
  const wanted: CallMediaOptions =
    typeof given === 'boolean' ? { anonymous: given } : (given ?? {});
  return {
    headers: [
      ...customHeaders,
      ...options.user_agent.custom_headers.establish_call,
      ...options.custom_headers.establish_call,
    ],
    anonymous: wanted.anonymous ?? false,
    receiveVideo: wanted.receive_video ?? false,
    video: wanted.video ?? (wanted.mediaStream?.getVideoTracks().length ?? 0) > 0,
    ...(wanted.mediaStream && { mediaStream: wanted.mediaStream }),
    ...(wanted.render && { render: wanted.render }),
  };
}
