import en from '../../locales/en.json' with { type: 'json' };
import { createStore, definePlugin } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import template from '../../templates/mediaDevices.mustache';
import { createChoice } from './choice.ts';
import { createApi } from './commands.ts';
import { createInputs } from './inputs.ts';
import type { MediaCore } from './inputs.ts';
import { browserDevices } from './open.ts';
import { defaults, optionsSchema } from './options.ts';
import { firstState } from './state.ts';
import { createStreams } from './streams.ts';
import type { MediaDevicesOptions } from './types.ts';
import { toModel } from './view.ts';

export type * from './types.ts';

/** Microphone and camera: which ones there are, which is used, and one capture for all calls. */
export const mediaDevices: PluginFactory<'mediaDevices', MediaDevicesOptions> = definePlugin({
  name: 'mediaDevices',
  defaults,
  schema: optionsSchema,
  template,
  locale: en.mediaDevices,
  setup: (ctx) => {
    const { audioinput, videoinput } = ctx.options;
    const core: MediaCore = {
      ctx,
      store: createStore(firstState),
      preferences: {
        audioinput: audioinput.preferedDeviceIds,
        videoinput: videoinput.preferedDeviceIds,
      },
    };
    const { store } = core;
    const choice = createChoice({ core, inputs: () => inputs, streams: () => streams });
    const relist = (): void => {
      choice.refresh().catch((error: unknown) => {
        ctx.log.warn('The devices could not be listed.', error);
      });
    };
    const inputs = createInputs(core, { opened: relist, lost: relist });
    const streams = createStreams(core, inputs);
    const api = createApi({ core, inputs, streams, choice, view: () => view });
    const { start: open, stop: close, add, remove } = streams;
    ctx.onDestroy(ctx.calls.useMedia({ open, close, add, remove }));
    ctx.onDestroy(streams.stopAll);
    // Refusals are told beside the choice; to the view they are no failure.
    const quietly = (command: Promise<void>): Promise<void> => command.catch(() => undefined);
    const view = ctx.view({
      watch: ['language.changed'],
      model: () => toModel({ state: store.get(), options: ctx.options, t: ctx.t }),
      actions: {
        choose: ({ value = '', element }) =>
          quietly(
            api.changeDevice(
              element.getAttribute('data-kind') === 'videoinput' ? 'videoinput' : 'audioinput',
              value,
            ),
          ),
        ask: () => quietly(api.askPermission()),
      },
    });
    store.subscribe(view.invalidate);
    if (ctx.options.detectDeviceChanges) {
      browserDevices()?.addEventListener('devicechange', relist, { signal: ctx.signal });
    }
    ctx.emit('mediaDevices.created', {});
    relist();
    return api;
  },
});
