import { definePlugin } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import en from '../../locales/en.json' with { type: 'json' };
import template from '../../templates/userAgent.mustache';
import { createAgent } from './agent.ts';
import { commonResponses, followRareResponses } from './responses.ts';
import { userAgentSchema } from './schema.ts';
import type { UserAgentOptions } from './types.ts';
import { canAutostart } from './state.ts';
import { toModel } from './view.ts';
import { version } from './version.ts';

export type * from './types.ts';

const noHeaders = { establish_call: [], register: [] };

/** Registers with a SIP server and makes and takes calls. Everything else builds on it. */
export const userAgent: PluginFactory<'userAgent', UserAgentOptions> = definePlugin({
  name: 'userAgent',
  defaults: {
    transport: { sockets: [], recovery_max_interval: 30, recovery_min_interval: 2 },
    authentication: {
      username: '',
      password: '',
      realm: '',
      authorization_user: '',
      ha1: '',
      ha1_realm: '',
      jwt: '',
    },
    user_agent: {
      contact_uri: '',
      display_name: '',
      instance_id: '',
      no_answer_timeout: 60,
      register: true,
      register_expires: 300,
      user_agent: `cordboard/${version}`,
      redial: '*97',
      custom_headers: noHeaders,
      custom_parameters: { contact_uri: {} },
      pc_config: { iceServers: [] },
      ice_gathering_timeout: 500,
      session_timers: true,
      rel100: 'unsupported',
      supported: [],
      trust_identity: true,
      auto_answer: 'off',
      redirect_policy: 'domain',
      refer_policy: 'ask',
      allow_out_of_dialog_refers: false,
      replaces: 'supported',
    },
    custom_headers: noHeaders,
    custom_parameters: { contact_uri: {} },
    debug: false,
    autostart: true,
  },
  schema: userAgentSchema,
  template,
  locale: en.userAgent,
  sharedTexts: { response: commonResponses, cause: en.cause },
  setup: (ctx) => {
    followRareResponses(ctx);
    const agent = createAgent(ctx);
    const view = ctx.view({
      watch: [
        'userAgent.started',
        'userAgent.stopped',
        'userAgent.connecting',
        'userAgent.connected',
        'userAgent.disconnected',
        'userAgent.registration.registered',
        'userAgent.registration.unregistered',
        'userAgent.registration.failed',
        'userAgent.configuration.error',
        'userAgent.debug.start',
        'userAgent.debug.stop',
        'userAgent.call.failed',
        'userAgent.call.started',
      ],
      model: () => toModel(agent.state(), ctx.t),
      actions: {
        start: ({ element }) => agent.startFrom(element),
        stop: agent.api.stop,
        // The reason of a refusal is shown; the action itself has nothing to add.
        toggleRegistration: () => agent.api.toggleRegistration().catch(() => undefined),
        toggleDebug: agent.api.toggleDebug,
      },
    });
    agent.onChange(view.invalidate);
    ctx.emit('userAgent.created', {});
    if (ctx.options.debug) agent.api.startDebug();
    if (canAutostart(ctx.options)) agent.api.start().catch(() => undefined);
    return { ...agent.api, updateRenders: view.invalidate };
  },
});
