import en from '../../locales/en.json' with { type: 'json' };
import { definePlugin, schema } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import candidateTemplate from '../../templates/_conferenceCandidate.mustache';
import participantTemplate from '../../templates/_conferenceParticipant.mustache';
import template from '../../templates/conference.mustache';
import { createActions } from './actions.ts';
import { createBridge } from './bridge.ts';
import { createCommands } from './commands.ts';
import { createCore } from './context.ts';
import { followCalls, followSound } from './follow.ts';
import { createLocal } from './local.ts';
import type { ConferenceOptions } from './types.ts';
import { toModel } from './view.ts';

export type * from './types.ts';
export type { CandidateRow, ConferenceModel, ParticipantRow } from './view.ts';

const { integer, object, oneOf, text } = schema;

/** Several calls in one talk: mixed by this browser, or by a bridge on the server. */
export const conference: PluginFactory<'conference', ConferenceOptions> = definePlugin({
  name: 'conference',
  requires: ['callList'],
  optional: ['userAgent'],
  defaults: { strategy: 'local', bridge_uri: '', maxParticipants: 5 },
  schema: object<ConferenceOptions>({
    strategy: oneOf('local', 'bridge'),
    bridge_uri: text(),
    maxParticipants: integer(3, 32),
  }),
  template,
  locale: en.conference,
  setup: (ctx) => {
    const core = createCore(ctx);
    const isBridge = ctx.options.strategy === 'bridge';
    const local = isBridge ? undefined : createLocal(core);
    const strategy = local ?? createBridge(core);
    const commands = createCommands(core, strategy);
    followCalls(core, strategy);
    if (local) followSound(core, local);
    ctx.onDestroy(strategy.close);
    const view = ctx.view({
      watch: ['call.changed', 'call.created', 'call.ended', 'call.failed', 'language.changed'],
      model: () =>
        toModel({
          state: core.store.get(),
          legs: core.legs().map(({ snapshot }) => snapshot),
          candidates: core.candidates().map(({ snapshot }) => snapshot),
          room: core.room(),
          canMerge: commands.canMerge(),
          isBridge,
          t: ctx.t,
          language: ctx.i18n.languageTag(),
        }),
      rows: {
        participants: { template: participantTemplate, key: 'callId' },
        candidates: { template: candidateTemplate, key: 'callId' },
      },
      actions: createActions(core, commands),
    });
    ctx.onDestroy(core.store.subscribe(view.invalidate));
    ctx.emit('conference.created', {});
    return { ...commands, updateRenders: view.invalidate };
  },
});
