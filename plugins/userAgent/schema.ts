import { schema } from '../../src/core/index.ts';
import type { Schema } from '../../src/core/index.ts';
import type {
  AccountOptions,
  AgentOptions,
  AuthenticationFactory,
  AuthenticationOptions,
  CustomHeaders,
  IceServersProvider,
  MediaPortOptions,
  SipLogOptions,
  TokenProvider,
  TransportOptions,
  UserAgentOptions,
  WeightedSocket,
} from './types.ts';

const {
  anyObject,
  callable,
  dictionary,
  either,
  filledText,
  flag,
  integer,
  list,
  object,
  objectWith,
  oneOf,
  text,
} = schema;

const weighted = objectWith<WeightedSocket>(['socket'], {
  socket: filledText(),
  weight: schema.number(),
});

const headers = object<CustomHeaders>({
  establish_call: list(text()),
  register: list(text()),
});

const parameters = object<UserAgentOptions['custom_parameters']>({
  contact_uri: dictionary(text()),
});

// What few set. Each of these keys loads the part that knows what to do with it.
const rareTransport = {
  ws_server_max_reconnection: integer(0, 1_000_000),
  ws_server_reconnection_timeout: schema.number(0.1, 86_400),
  trace_sip: flag(),
  use_preloaded_route: flag(),
  hack_ip_in_contact: either(flag(), text()),
  hack_via_tcp: flag(),
  hack_wss_in_transport: flag(),
};
const rareAgent = {
  user_agent_string: text(),
  registrar_server: text(),
  allow_legacy_notifications: flag(),
  log: object<SipLogOptions>({
    builtin_enabled: flag(),
    level: either(oneOf('error', 'warn', 'log', 'debug'), integer(0, 3)),
    connector: callable(),
  }),
  media: object<MediaPortOptions>({ peerConnection: callable(), modifiers: list(callable()) }),
};

/** Whether a configuration sets anything that few set. */
export function isRare({ transport, user_agent: own }: UserAgentOptions): boolean {
  const given = { ...transport, ...own };
  return Object.keys({ ...rareTransport, ...rareAgent }).some((key) => key in given);
}

const agent = object<AgentOptions>({
  ...rareAgent,
  autostart: flag(),
  contact_uri: text(),
  display_name: text(),
  instance_id: text(),
  no_answer_timeout: integer(1, 3600),
  register: flag(),
  register_expires: integer(0, 86_400),
  user_agent: text(),
  redial: text(),
  custom_headers: headers,
  custom_parameters: parameters,
  pc_config: anyObject<RTCConfiguration>(),
  ice_servers: callable<IceServersProvider>(),
  ice_gathering_timeout: integer(0, 60_000),
  session_timers: flag(),
  rel100: oneOf('unsupported', 'supported', 'required'),
  supported: list(text()),
  trust_identity: flag(),
  auto_answer: oneOf('off', 'idle', 'always'),
  redirect_policy: oneOf('domain', 'follow', 'deny'),
  refer_policy: oneOf('follow', 'ask', 'deny'),
  allow_out_of_dialog_refers: flag(),
  replaces: oneOf('supported', 'unsupported', 'required'),
});

const transport = object<TransportOptions>({
  sockets: either(text(), list(either(filledText(), weighted))),
  ...rareTransport,
  recovery_max_interval: integer(1, 86_400),
  recovery_min_interval: integer(1, 86_400),
});

const authentication = object<AuthenticationOptions>({
  username: text(),
  password: text(),
  realm: text(),
  authorization_user: text(),
  ha1: text(),
  ha1_realm: text(),
  jwt: either(text(), callable<TokenProvider>()),
  authentication_factory: callable<AuthenticationFactory>(),
});

const account = objectWith<AccountOptions>(['id'], {
  id: filledText(),
  transport,
  authentication,
  user_agent: agent,
});

/** What `userAgent` may hold in the configuration. */
export const userAgentSchema: Schema<UserAgentOptions> = object<UserAgentOptions>({
  transport,
  authentication,
  user_agent: agent,
  accounts: schema.listBy('id', account, 'default'),
  custom_headers: headers,
  custom_parameters: parameters,
  debug: flag(),
  autostart: flag(),
});
