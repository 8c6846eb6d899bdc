import { definePlugin, loadPart } from '../../src/core/index.ts';
import type { PluginFactory, PluginViewHandle } from '../../src/core/index.ts';
import en from '../../locales/en.json' with { type: 'json' };
import template from '../../templates/userAgent.mustache';
import type * as Part from './accounts.part.ts';
import { createAccounts } from './accounts.ts';
import { commonResponses, followRareResponses } from './responses.ts';
import { userAgentSchema } from './schema.ts';
import type { UserAgentOptions, UserAgentState } from './types.ts';
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
    accounts: [],
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
    const { api, list, of, onChange, startOthers } = createAccounts(ctx, userAgent.defaults);
    const single = (state: UserAgentState): Readonly<Record<string, unknown>> =>
      toModel(state, ctx.t);
    let view: PluginViewHandle | undefined;
    const draw = (part?: typeof Part): void => {
      if (ctx.signal.aborted) return;
      view = ctx.view({
        watch: ['userAgent.debug.start', 'userAgent.debug.stop'],
        partials: { accounts: part?.template ?? '' },
        model: () => ({
          ...single(of().state()),
          ...part?.severalToModel(list(), single),
          isDebugging: api.isDebugging(),
        }),
        actions: {
          start: async ({ element, value }) => {
            const agent = value ? of({ account: value }) : of();
            if (agent === of()) startOthers(agent);
            await agent.startFrom(element);
          },
          stop: () => api.stop(),
          // The reason of a refusal is shown; the action itself has nothing to add.
          toggleRegistration: () => api.toggleRegistration().catch(() => undefined),
          toggleAccount: ({ value }) => {
            const { state, api: own } = of({ account: value });
            return (state().isStarted ? own.toggleRegistration : own.start)().catch(
              () => undefined,
            );
          },
          toggleDebug: api.toggleDebug,
        },
      });
    };
    const updateRenders = (): void => view?.invalidate();
    onChange(updateRenders);
    if (ctx.options.accounts.length === 0) draw();
    else {
      loadPart(() => import('./accounts.part.ts')).then(draw, (error: unknown) => {
        ctx.log.warn('accounts', error);
        draw();
      });
    }
    ctx.emit('userAgent.created', {});
    if (ctx.options.debug) api.startDebug();
    if (ctx.options.autostart) startOthers();
    return { ...api, updateRenders };
  },
});
