import en from '../../locales/en.json' with { type: 'json' };
import { createStore, definePlugin } from '../../src/core/index.ts';
import type { PluginFactory } from '../../src/core/index.ts';
import template from '../../templates/videoCanvas.mustache';
import { createCanvas } from './canvas.ts';
import { createApi } from './commands.ts';
import type { VideoCore } from './context.ts';
import { defaults, imagesOf, optionsSchema } from './options.ts';
import { createPictures } from './pictures.ts';
import type { VideoCanvasOptions, VideoCanvasState } from './types.ts';
import { toModel } from './view.ts';

export type * from './types.ts';

/** The pictures of the call in focus: in plain elements, or composed on a canvas with images and texts. */
export const videoCanvas: PluginFactory<'videoCanvas', VideoCanvasOptions> = definePlugin({
  name: 'videoCanvas',
  optional: ['dialpad', 'userAgent'],
  defaults,
  schema: optionsSchema,
  template,
  locale: en.videoCanvas,
  setup: (ctx) => {
    const { options } = ctx;
    const core: VideoCore = {
      ctx,
      store: createStore<VideoCanvasState>({
        images: imagesOf(options),
        framesPerSecond: options.canvasLoop.framesPerSecond,
      }),
    };
    const { store } = core;
    const canvas = options.canvas === '' ? undefined : createCanvas(core);
    const pictures = createPictures(core);
    const api = createApi(core, {
      boxOf: (name) => canvas?.composition()?.boxOf(name),
      stage: () => canvas?.element() ?? pictures.stage(),
      updateRenders: () => {
        canvas?.update();
        view.invalidate();
      },
    });
    const view = ctx.view({
      watch: [
        'call.primary.changed',
        'call.promoted',
        'call.demoted',
        'call.primary.ended',
        'call.primary.failed',
      ],
      model: () =>
        toModel({
          call: ctx.calls.primary(),
          state: store.get(),
          options,
          canFullscreen: document.fullscreenEnabled,
        }),
      elements: pictures.elements,
      actions: {
        toggleImage: ({ value = '' }) => api.toggleImage(value),
        fullscreen: api.startFullscreen,
      },
    });
    ctx.onDestroy(store.subscribe(view.invalidate));
    ctx.emit('videoCanvas.created', {});
    return api;
  },
});
