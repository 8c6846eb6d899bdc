import { schema } from '../../src/core/index.ts';
import type { Schema } from '../../src/core/index.ts';
import type {
  AgentOptions,
  CustomHeaders,
  TransportOptions,
  UserAgentOptions,
  WeightedSocket,
} from './types.ts';

const { anyObject, dictionary, either, flag, integer, list, object, objectWith, oneOf, text } =
  schema;

const weighted = objectWith<WeightedSocket>(['socket'], {
  socket: schema.filledText(),
  weight: schema.number(),
});

const headers = object<CustomHeaders>({
  establish_call: list(text()),
  register: list(text()),
});

const parameters = object<UserAgentOptions['custom_parameters']>({
  contact_uri: dictionary(text()),
});

const agent = object<AgentOptions>({
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
  ice_gathering_timeout: integer(0, 60_000),
  session_timers: flag(),
  rel100: oneOf('unsupported', 'supported', 'required'),
  redirect_policy: oneOf('domain', 'follow', 'deny'),
  refer_policy: oneOf('follow', 'ask', 'deny'),
});

/** What `userAgent` may hold in the configuration. */
export const userAgentSchema: Schema<UserAgentOptions> = object<UserAgentOptions>({
  transport: object<TransportOptions>({
    sockets: either(text(), list(either(schema.filledText(), weighted))),
    recovery_max_interval: schema.number(1, 86_400),
    recovery_min_interval: schema.number(1, 86_400),
  }),
  authentication: object<UserAgentOptions['authentication']>({
    username: text(),
    password: text(),
    realm: text(),
    jwt: text(),
  }),
  user_agent: agent,
  custom_headers: headers,
  custom_parameters: parameters,
  debug: flag(),
  autostart: flag(),
});
