import type { VideoCore } from './context.ts';
import type { CanvasImage, VideoCanvasApi } from './types.ts';

/** What the API needs besides the state. */
export interface CommandServices extends Pick<VideoCanvasApi, 'updateRenders'> {
  /** Where an image was drawn last, in pixels. */
  readonly boxOf: (name: string) => { readonly x: number; readonly y: number } | undefined;
  /** What fills the screen. */
  readonly stage: () => Element | null | undefined;
}

/** The public API of the plugin. */
export function createApi({ ctx, store }: VideoCore, services: CommandServices): VideoCanvasApi {
  const { boxOf, stage, updateRenders } = services;
  const imageOf = (name: string): CanvasImage | undefined =>
    store.get().images.find((image) => image.name === name);
  const change = (
    name: string,
    patch: (image: CanvasImage) => Partial<CanvasImage>,
  ): CanvasImage | undefined => {
    const before = imageOf(name);
    if (!before) return undefined;
    const image = { ...before, ...patch(before) };
    store.set({ images: store.get().images.map((each) => (each === before ? image : each)) });
    ctx.emit('videoCanvas.image.changed', { image });
    return image;
  };
  return {
    enableImage: (name) => change(name, () => ({ enabled: true })),
    disableImage: (name) => change(name, () => ({ enabled: false })),
    toggleImage: (name) => change(name, ({ enabled }) => ({ enabled: !enabled })),
    isImageEnabled: (name) => imageOf(name)?.enabled === true,
    rescaleImage: (name, scale) =>
      change(name, ({ rescale }) => ({ rescale: Number(scale) > 0 ? Number(scale) : rescale })),
    positionImage: (name, ...[mode, x, y]) =>
      change(name, ({ position }) => {
        const isDelta = mode === 'delta';
        const from = isDelta ? (boxOf(name) ?? { x: 0, y: 0 }) : { x: 0, y: 0, ...position };
        return {
          position: isDelta
            ? { mode: 'absolute', x: from.x + (x ?? 0), y: from.y + (y ?? 0) }
            : { mode: mode ?? position.mode, x: x ?? from.x, y: y ?? from.y },
        };
      }),
    changeFramesPerSecond: (given) => {
      const framesPerSecond = Math.min(60, Math.max(1, Math.round(given) || 1));
      store.set({ framesPerSecond });
      ctx.emit('videoCanvas.framesPerSecond.changed', { framesPerSecond });
    },
    startFullscreen: async () => {
      await stage()?.requestFullscreen();
    },
    stopFullscreen: async () => {
      if (document.fullscreenElement) await document.exitFullscreen();
    },
    updateRenders,
  };
}
