import type { Off } from '../../src/core/index.ts';
import { drawings } from './drawings.ts';
import { createPainter } from './painter.ts';
import type { Painter, Picture } from './painter.ts';
import type { Box } from './positions.ts';
import { readScene } from './scene.ts';
import type { Scene, SceneSource } from './scene.ts';
import type { CanvasImage, CanvasOptions } from './types.ts';
import { createLightMeter, createPace, eachFrame, watchVisibility } from './watching.ts';

/** What a composition is made of. */
export interface CompositionSetup extends SceneSource {
  readonly canvas: HTMLCanvasElement;
  readonly options: CanvasOptions;
}

/** A canvas that is drawn on. */
export interface Composition {
  /** What there is to draw has changed. */
  readonly update: Off;
  /** Where an image was drawn last, in pixels. */
  readonly boxOf: (name: string) => Box | undefined;
  readonly stop: Off;
}

type LightMeter = ReturnType<typeof createLightMeter>;

function meterFor(meters: Map<string, LightMeter>, image: Picture['image']): LightMeter {
  const meter = meters.get(image.name) ?? createLightMeter(image.averageRGB?.threshold ?? 1);
  meters.set(image.name, meter);
  return meter;
}

/**
 * Draws on a canvas: the far end's picture with this side's in it, else an image that tells how things
 * stand, and lines of text. Pictures are drawn as their frames come, all else once for each change,
 * and nothing while the canvas is out of sight.
 */
export function compose(setup: CompositionSetup): Composition {
  const { canvas, options, ctx, store } = setup;
  const boxes = new Map<string, Box>();
  const painter = createPainter(canvas, options, boxes);
  const pace = createPace();
  const meters = new Map<string, LightMeter>();
  let scene = readScene(setup);
  let pictures: readonly Picture[] = [];
  let isVisible = false;
  let stopFrames: Off = () => undefined;

  const isLit = ({ image, video }: Picture, at: number): boolean => {
    const meter = meterFor(meters, image);
    return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && meter(video, at);
  };
  const attempt = createAttempt((name, error) => {
    ctx.log.error(`The image "${name}" cannot be drawn.`, error);
  });
  const paint = (at: number): void => {
    const lit = pictures.filter((picture) => isLit(picture, at));
    if (!isCovered(lit, painter, attempt)) painter.begin();
    if (!lit.some(({ image }) => image.name === 'remoteVideo')) {
      const image = imageFor(scene, attempt);
      if (image)
        attempt(image.name, () => {
          painter.image(image);
        });
    }
    for (const picture of lit)
      attempt(picture.image.name, () => {
        painter.picture(picture);
      });
    painter.text(scene.lines);
  };
  const follow = (): void => {
    stopFrames();
    pictures = picturesOf(scene);
    const offs = pictures.map(({ video }) =>
      eachFrame(video, (at) => {
        if (pace(at, scene.framesPerSecond)) paint(at);
      }),
    );
    stopFrames = () => {
      for (const off of offs) off();
    };
  };
  const update = (): void => {
    scene = readScene(setup);
    if (!isVisible) return;
    follow();
    paint(performance.now());
  };
  const offs = [
    store.subscribe(update),
    watchVisibility(canvas, (isVisibleNow) => {
      isVisible = isVisibleNow;
      stopFrames();
      update();
    }),
  ];
  painter.onLoad(update);
  return {
    update,
    boxOf: (name) => boxes.get(name),
    stop: () => {
      for (const off of offs) off();
      stopFrames();
      painter.clear();
    },
  };
}

// The far end's first: this side's is drawn over it.
function picturesOf({ images, localVideo, remoteVideo }: Scene): readonly Picture[] {
  const videos = { remoteVideo, localVideo };
  return (['remoteVideo', 'localVideo'] as const).flatMap((name) => {
    const image = images.find((each) => each.name === name);
    const video = videos[name];
    return image?.enabled && video ? [{ image, video }] : [];
  });
}

/** Whether the picture that is drawn first leaves nothing of the background to be seen. */
function isCovered([first]: readonly Picture[], painter: Painter, attempt: Attempt): boolean {
  return (first && attempt(first.image.name, () => painter.covers(first))) ?? false;
}

type Attempt = <Result>(name: string, run: () => Result) => Result | undefined;

/** Runs what an image brings along; what it throws is told once for each image. */
function createAttempt(tell: (name: string, error: unknown) => void): Attempt {
  const told = new Set<string>();
  return (name, run) => {
    try {
      return run();
    } catch (error) {
      if (!told.has(name)) tell(name, error);
      told.add(name);
      return undefined;
    }
  };
}

/** The first image whose turn it is. */
export function imageFor(
  { images, facts }: Pick<Scene, 'images' | 'facts'>,
  attempt: Attempt,
): CanvasImage | undefined {
  return images.find(({ name, enabled, predicate = drawings[name]?.predicate ?? always }) => {
    if (!enabled || name === 'localVideo' || name === 'remoteVideo') return false;
    return attempt(name, () => predicate(facts)) ?? false;
  });
}

const always = (): boolean => true;
