import { schema } from '../../src/core/index.ts';
import type { Schema } from '../../src/core/index.ts';
import type {
  CanvasImage,
  CanvasOptions,
  ImageOptions,
  ImagePosition,
  PictureOptions,
  StringOptions,
  VideoCanvasOptions,
} from './types.ts';

const picture: Omit<PictureOptions, 'position' | 'rescale'> = {
  enabled: true,
  show: true,
  averageRGB: { threshold: 1 },
};

/** The options where nothing is configured. */
export const defaults: VideoCanvasOptions = {
  canvas: '',
  fullscreen: { show: true },
  localVideo: { ...picture, rescale: 0.25, position: { mode: 'bottom-right' } },
  remoteVideo: { ...picture, rescale: 1, position: { mode: 'center' } },
  canvasLoop: { framesPerSecond: 15 },
  images: [],
  strings: [{ name: 'dialpadTarget' }, { name: 'remoteIdentity' }, { name: 'callTimer' }],
};

/** The built-in images and their sizes, in the order in which they are asked. */
const builtIn: Readonly<Record<string, number>> = {
  disconnected: 0.5,
  idle: 0.9,
  ringing: 0.5,
  muted: 0.5,
  held: 0.5,
  defaultAvatar: 0.1,
};

/** The pictures and images that the options make. */
export function imagesOf(options: VideoCanvasOptions): readonly CanvasImage[] {
  const { images, localVideo, remoteVideo } = options;
  const image = (given: ImageOptions): CanvasImage => ({
    enabled: true,
    rescale: 0.5,
    ...given,
    position: { mode: 'center', ...given.position },
  });
  return [
    { name: 'localVideo', ...localVideo },
    { name: 'remoteVideo', ...remoteVideo },
    ...images.filter(({ name }) => !(name in builtIn)).map(image),
    ...Object.entries(builtIn).map(([name, rescale]) =>
      image({ name, rescale, ...images.find((each) => each.name === name) }),
    ),
  ];
}

const { anyObject, either, flag, list, number, object, text } = schema;

const pictureSchema = object<PictureOptions>({
  enabled: flag(),
  show: flag(),
  rescale: number(0),
  position: anyObject<ImagePosition>(),
  averageRGB: anyObject<PictureOptions['averageRGB']>(),
});

/** What the configuration may hold. What only a canvas needs is not looked into: it costs too much. */
export const optionsSchema: Schema<VideoCanvasOptions> = object<VideoCanvasOptions>({
  canvas: either(text(), anyObject<CanvasOptions>()),
  fullscreen: object<VideoCanvasOptions['fullscreen']>({ show: flag() }),
  localVideo: pictureSchema,
  remoteVideo: pictureSchema,
  canvasLoop: object<VideoCanvasOptions['canvasLoop']>({ framesPerSecond: number(1, 60) }),
  images: list(anyObject<ImageOptions>()),
  strings: list(anyObject<StringOptions>()),
});
