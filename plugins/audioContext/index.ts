import en from '../../locales/en.json' with { type: 'json' };
import { createStore, definePlugin } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import template from '../../templates/audioContext.mustache';
import type { AudioCore } from './context.ts';
import { defaults, optionsSchema } from './options.ts';
import { createParts } from './parts.ts';
import type { AudioContextOptions, AudioContextState, Channel } from './types.ts';
import { toModel } from './view.ts';
import { firstVolumes } from './volumes.ts';

export type * from './types.ts';

/** What is heard: rings, tones, volumes, levels, and what is done to the sound of calls. */
export const audioContext: PluginFactory<'audioContext', AudioContextOptions> = definePlugin({
  name: 'audioContext',
  optional: ['mediaDevices'],
  defaults,
  schema: optionsSchema,
  template,
  locale: en.audioContext,
  setup: (ctx) => {
    const core: AudioCore = {
      ctx,
      store: createStore<AudioContextState>({
        volumes: firstVolumes(ctx),
        isBlocked: false,
        isToneActive: false,
        isLoopbackActive: false,
        previewError: null,
        failure: null,
      }),
    };
    const { store } = core;
    const { api, unlock, elements } = createParts(core, () => view);
    // Refusals are told in the panel; to the view they are no failure.
    const quietly = (command: Promise<void>): Promise<void> => command.catch(() => undefined);
    const view = ctx.view({
      watch: [
        'call.primary.changed',
        'call.promoted',
        'call.demoted',
        'call.terminated',
        'language.changed',
      ],
      model: () =>
        toModel({
          state: store.get(),
          options: ctx.options,
          call: ctx.calls.primary()?.snapshot,
          t: ctx.t,
        }),
      actions: {
        unlock: unlock.attempt,
        volume: ({ value = '', element }) => {
          const channel = element.getAttribute('data-channel') as Channel;
          api.changeVolume(channel, value, { scale: true });
        },
        tone: () => quietly(api.togglePreviewTone()),
        loopback: () => quietly(api.togglePreviewLoopback()),
      },
      elements,
    });
    store.subscribe(view.invalidate);
    ctx.emit('audioContext.created', {});
    return api;
  },
});
