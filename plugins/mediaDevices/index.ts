import en from '../../locales/en.json' with { type: 'json' };
import { createStore, definePlugin } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import template from '../../templates/mediaDevices.mustache';
import { createActions } from './actions.ts';
import { createChoice } from './choice.ts';
import { createApi } from './commands.ts';
import { createInputs } from './inputs.ts';
import type { MediaCore } from './inputs.ts';
import { browserDevices } from './open.ts';
import { defaults, optionsSchema } from './options.ts';
import { createOutputs } from './outputs.ts';
import { watchPermissions } from './permission.ts';
import { createPictures } from './pictures.ts';
import { createPreferences } from './preferences.ts';
import { effectiveProcessing, rememberedProcessing, switchable } from './processing.ts';
import { createScreen } from './screen.ts';
import { firstState } from './state.ts';
import { createStreams } from './streams.ts';
import type { MediaDevicesOptions } from './types.ts';
import { toModel } from './view.ts';

export type * from './types.ts';

/** Microphones, loudspeakers, cameras and the screen: which are used, and one capture for all calls. */
export const mediaDevices: PluginFactory<'mediaDevices', MediaDevicesOptions> = definePlugin({
  name: 'mediaDevices',
  defaults,
  schema: optionsSchema,
  template,
  locale: en.mediaDevices,
  setup: (ctx) => {
    const core: MediaCore = {
      ctx,
      store: createStore(firstState),
      preferences: createPreferences(ctx),
      wanted: { processing: rememberedProcessing(ctx) },
    };
    const { store } = core;
    store.set({ processing: effectiveProcessing(core) });
    const choice = createChoice({
      core,
      inputs: () => inputs,
      streams: () => streams,
      outputs: () => outputs,
      pictures: () => pictures,
    });
    const relist = (): void => {
      choice.refresh().catch((error: unknown) => {
        ctx.log.warn('The devices could not be listed.', error);
      });
    };
    const inputs = createInputs(core, { opened: relist, lost: relist });
    const streams = createStreams(core, inputs);
    const outputs = createOutputs(core);
    const pictures = createPictures(core, inputs, streams);
    const screen = createScreen(core, streams);
    const api = createApi({ core, inputs, streams, choice, outputs, screen, view: () => view });
    const { start: open, stop: close, add, remove } = streams;
    ctx.onDestroy(ctx.calls.useMedia({ open, close, add, remove }));
    ctx.onDestroy(streams.stopAll);
    const view = ctx.view({
      watch: ['language.changed'],
      model: () =>
        toModel({ state: store.get(), options: ctx.options, switchable: switchable(), t: ctx.t }),
      actions: createActions({ core, api, outputs }),
    });
    store.subscribe(view.invalidate);
    ctx.on('language.changed', relist);
    if (ctx.options.detectDeviceChanges) {
      browserDevices()?.addEventListener('devicechange', relist, { signal: ctx.signal });
    }
    watchPermissions(core, relist);
    ctx.emit('mediaDevices.created', {});
    relist();
    return api;
  },
});
