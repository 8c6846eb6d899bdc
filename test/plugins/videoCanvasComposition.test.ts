import { beforeEach, afterEach, describe, expect, it, vi } from 'vitest';
import { videoCanvas } from '../../plugins/videoCanvas/index.ts';
import { imageFor } from '../../plugins/videoCanvas/composition.part.ts';
import { defaults, imagesOf } from '../../plugins/videoCanvas/options.ts';
import { placed } from '../../plugins/videoCanvas/positions.ts';
import type { CanvasFacts, CanvasImage, ImagePosition } from '../../plugins/videoCanvas/types.ts';
import { createPainter } from '../../plugins/videoCanvas/painter.ts';
import { createLightMeter, createPace } from '../../plugins/videoCanvas/watching.ts';
import type { CallSnapshot } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { outgoing, settled } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

const canvasSize = { width: 640, height: 480 };
// A quarter of the canvas both ways.
const small = { width: 320, height: 240 };
const wide = { width: 400, height: 100 };

describe('the place of an image', () => {
  it.each<readonly [ImagePosition, number, number]>([
    [{ mode: 'center' }, 240, 180],
    [{ mode: 'top-left' }, 0, 0],
    [{ mode: 'top-right' }, 480, 0],
    [{ mode: 'bottom-left' }, 0, 360],
    [{ mode: 'bottom-right' }, 480, 360],
    [{ mode: 'relative', x: 0.5, y: 0.5 }, 240, 180],
    [{ mode: 'relative', x: 0.25, y: 0.75 }, 80, 300],
    [{ mode: 'relative', x: 0, y: 1 }, 0, 360],
    [{ mode: 'relative' }, 0, 0],
    [{ mode: 'absolute', x: 10, y: 20 }, 10, 20],
    [{ mode: 'absolute', x: 0, y: 0 }, 0, 0],
    [{ mode: 'absolute', x: -50, y: 9999 }, 0, 360],
  ])('%j is at %d, %d', (position, x, y) => {
    const box = placed(small, canvasSize, { rescale: 0.25, position });
    expect(box).toEqual({ x, y, width: 160, height: 120 });
  });

  it('keeps its shape', () => {
    const box = placed(wide, canvasSize, { rescale: 1, position: { mode: 'center' } });
    expect(box).toEqual({ x: 0, y: 160, width: 640, height: 160 });
  });

  it('is the middle when the image is larger than the canvas', () => {
    const box = placed(small, canvasSize, { rescale: 2, position: { mode: 'top-left' } });
    expect(box).toEqual({ x: -320, y: -240, width: 1280, height: 960 });
  });
});

const call = (facts: Partial<CallSnapshot> = {}): CallSnapshot =>
  ({
    status: 'established',
    muted: { audio: false, video: false },
    hold: { local: false, remote: false },
    ...facts,
  }) as CallSnapshot;
const held = { hold: { local: false, remote: true } };
const muted = { muted: { audio: true, video: false } };

const attempt = <Result>(_: string, run: () => Result): Result => run();

describe('the image to see', () => {
  it.each<readonly [string, CanvasFacts]>([
    ['disconnected', { call: undefined, isReady: false }],
    ['idle', { call: undefined, isReady: true }],
    ['ringing', { call: call({ status: 'ringing' }), isReady: true }],
    ['ringing', { call: call({ status: 'connecting' }), isReady: true }],
    ['muted', { call: call({ ...muted, ...held }), isReady: true }],
    ['held', { call: call(held), isReady: true }],
    ['defaultAvatar', { call: call(), isReady: true }],
  ])('is %s', (name, facts) => {
    expect(imageFor({ images: imagesOf(defaults), facts }, attempt)?.name).toBe(name);
  });

  it('is one of your own where its predicate says so, and not one that is switched off', () => {
    const images = imagesOf({
      ...defaults,
      images: [
        { name: 'logo', source: '/logo.png', predicate: (facts) => !facts.call },
        { name: 'idle', enabled: false },
      ],
    });
    const facts = { call: undefined, isReady: true };
    expect(imageFor({ images, facts }, attempt)?.name).toBe('logo');
    expect(
      imageFor({ images: images.filter(({ name }) => name !== 'logo'), facts }, attempt),
    ).toBeUndefined();
  });
});

describe('the pace', () => {
  it.each([
    [50, 15, 15],
    [1000 / 30, 15, 15],
    [1000 / 60, 15, 15],
    [100, 15, 10],
  ])('of frames every %d ms and at most %d a second is %d', (every, perSecond, expected) => {
    const pace = createPace();
    let drawn = 0;
    for (let at = 1000; at < 3000; at += every) if (pace(at, perSecond)) drawn += 1;
    expect(Math.abs(drawn / 2 - expected)).toBeLessThanOrEqual(0.6);
  });
});

describe('the light of a picture', () => {
  it('is looked for every two seconds, and twice a second while there is none', () => {
    let brightness = 100;
    let looked = 0;
    const made = vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockReturnValue({
      drawImage: () => undefined,
      getImageData: () => {
        looked += 1;
        const pixel = [brightness, brightness, brightness, 255];
        return { data: Array.from({ length: 16 }, () => pixel).flat() };
      },
    } as never);
    const meter = createLightMeter(1);
    made.mockRestore();
    const video = document.createElement('video');
    const watch = (from: number, to: number): readonly number[] => {
      looked = 0;
      const changes: number[] = [];
      let last = meter(video, from);
      for (let at = from; at < to; at += 50) {
        const isLit = meter(video, at);
        if (isLit !== last) changes.push(at);
        last = isLit;
      }
      return [looked, ...changes];
    };
    expect(watch(10_000, 20_000)).toEqual([5]);
    brightness = 1;
    // At 20 000 it is found to be black.
    expect(watch(20_000, 30_000)).toEqual([20]);
    brightness = 100;
    expect(watch(30_000, 31_000)).toEqual([1]);
  });
});

describe('the background', () => {
  interface Shape {
    readonly size: readonly [number, number];
    readonly isSpared?: boolean;
    readonly rescale?: number;
  }
  it.each<readonly [string, Shape]>([
    ['is spared by a picture of the shape of the canvas', { size: [1280, 960], isSpared: true }],
    ['is seen beside a wide picture', { size: [1280, 720] }],
    ['is seen beside a high picture', { size: [480, 640] }],
    ['is seen around a small picture', { size: [640, 480], rescale: 0.99 }],
    ['is seen where a picture has no size yet', { size: [0, 0] }],
  ])('%s', (_, { size, isSpared = false, rescale = 1 }) => {
    const { element } = fakeCanvas();
    const painter = createPainter(element, {}, new Map());
    const video = Object.defineProperties(document.createElement('video'), {
      videoWidth: { value: size[0] },
      videoHeight: { value: size[1] },
    });
    const position: ImagePosition = { mode: 'center' };
    const image: CanvasImage = { name: 'remoteVideo', enabled: true, rescale, position };
    expect(painter.covers({ image, video })).toBe(isSpared);
    element.remove();
  });
});

interface FakeCanvas {
  readonly element: HTMLCanvasElement;
  readonly drawn: string[];
}

let test: TestPhone;
let canvas: FakeCanvas;
let look: (isInView: boolean) => void;
let observed = 0;

/** A canvas that notes what is drawn on it, since this environment has none. */
function fakeCanvas(): FakeCanvas {
  const element = document.createElement('canvas');
  element.id = 'stage';
  document.body.append(element);
  const drawn: string[] = [];
  const context = new Proxy<Record<string, unknown>>(
    { canvas: element },
    {
      get: (target, key: string) =>
        target[key] ??
        ((...args: readonly unknown[]) => {
          const [first] = args;
          drawn.push(first instanceof HTMLVideoElement ? `${key} video` : key);
          return key === 'measureText' ? { width: 10 } : undefined;
        }),
    },
  );
  Object.assign(element, { getContext: () => context });
  return { element, drawn };
}

beforeEach(() => {
  fakeMedia();
  canvas = fakeCanvas();
  observed = 0;
  vi.stubGlobal('Path2D', vi.fn());
  vi.stubGlobal(
    'IntersectionObserver',
    class {
      constructor(tell: (entries: readonly object[]) => void) {
        look = (isIntersecting) => {
          tell([{ isIntersecting }]);
        };
      }
      observe(): void {
        observed += 1;
        look(true);
      }
      disconnect(): void {
        observed -= 1;
      }
    },
  );
});

afterEach(() => {
  canvas.element.remove();
  vi.unstubAllGlobals();
});

async function start(): Promise<void> {
  test = testPhone({ plugins: [videoCanvas({ canvas: 'stage' })] });
  await vi.waitFor(() => {
    expect(observed).toBe(1);
  });
}

const draws = (what: string): number => canvas.drawn.filter((each) => each === what).length;

describe('the canvas', () => {
  it('has its documented size and is drawn once for each change, not in between', async () => {
    await start();
    expect([canvas.element.width, canvas.element.height]).toEqual([640, 480]);
    expect(draws('stroke')).toBe(1);
    const session = outgoing();
    test.phone.calls.add(session);
    await settled();
    const before = draws('fillRect');
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(draws('fillRect')).toBe(before);
    test.api('videoCanvas').disableImage('ringing');
    expect(draws('fillRect')).toBe(before + 1);
  });

  it('is not drawn while it is out of sight, and right when it comes back', async () => {
    await start();
    look(false);
    canvas.drawn.length = 0;
    test.phone.calls.add(outgoing());
    test.api('videoCanvas').updateRenders();
    await settled();
    expect(canvas.drawn).toEqual([]);
    look(true);
    expect(draws('stroke')).toBe(1);
  });

  it('is looked for until it is there', async () => {
    canvas.element.remove();
    test = testPhone({ plugins: [videoCanvas({ canvas: 'stage' })] });
    await settled();
    document.body.append(canvas.element);
    test.api('videoCanvas').updateRenders();
    await vi.waitFor(() => {
      expect(draws('stroke')).toBe(1);
    });
  });

  it('is found again when the page has made it anew, and the old one is let go of', async () => {
    await start();
    const old = canvas;
    old.element.remove();
    test.phone.calls.add(outgoing());
    expect(observed).toBe(0);
    canvas = fakeCanvas();
    old.drawn.length = 0;
    test.phone.calls.add(outgoing());
    await vi.waitFor(() => {
      expect(draws('stroke')).toBe(1);
    });
    test.api('videoCanvas').updateRenders();
    expect(draws('stroke')).toBe(2);
    expect(old.drawn).toEqual([]);
    expect(observed).toBe(1);
  });

  it('is the one that is in the page when what draws has come', async () => {
    test = testPhone({ plugins: [videoCanvas({ canvas: 'stage' })] });
    const old = canvas;
    old.element.remove();
    canvas = fakeCanvas();
    test.api('videoCanvas').updateRenders();
    await vi.waitFor(() => {
      expect(draws('stroke')).toBe(1);
    });
    expect(old.drawn).toEqual([]);
    expect(observed).toBe(1);
  });

  it('is composed though it is put into the page later', async () => {
    canvas.element.remove();
    const options = { canvas: { root: { element: canvas.element } } };
    test = testPhone({ plugins: [videoCanvas(options)] });
    await vi.waitFor(() => {
      expect(draws('stroke')).toBe(1);
    });
    test.api('videoCanvas').updateRenders();
    await settled();
    expect(draws('stroke')).toBe(2);
    expect(observed).toBe(1);
  });

  it('is left alone once the phone is gone', async () => {
    await start();
    test.phone.destroy();
    expect(observed).toBe(0);
    canvas.drawn.length = 0;
    document.dispatchEvent(new Event('visibilitychange'));
    expect(canvas.drawn).toEqual([]);
  });

  it('is drawn though the configuration names a line that there is not', async () => {
    const strings = [{ name: 'weather' }] as never;
    test = testPhone({ plugins: [videoCanvas({ canvas: 'stage', strings })] });
    await vi.waitFor(() => {
      expect(draws('stroke')).toBe(1);
    });
    expect(test.log.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('has no wider texts than itself, however long a name is', async () => {
    const written: (readonly unknown[])[] = [];
    const context = {
      measureText: (text: string) => ({ width: text.length * 10 }),
      fillRect: () => undefined,
      fillText: (...args: readonly unknown[]) => written.push(args),
    };
    const made = vi.spyOn(HTMLCanvasElement.prototype, 'getContext');
    made.mockReturnValue(context as never);
    await start();
    test.phone.calls.add(outgoing({ remote: { user: 'n'.repeat(5000) } }));
    await settled();
    const strip = made.mock.contexts.at(-1);
    vi.restoreAllMocks();
    expect(strip).toMatchObject({ width: 640 });
    expect(String(written.at(-1)?.[0]).length).toBeGreaterThan(5000);
    expect(written.at(-1)?.slice(1)).toEqual([10, 20, 620]);
  });

  it('has an image whose place has no mode in the middle', () => {
    const images = [{ name: 'idle', position: { x: 3 } }, { name: 'logo' }] as never;
    const made = imagesOf({ ...defaults, images });
    expect(made.find(({ name }) => name === 'idle')?.position).toEqual({ mode: 'center', x: 3 });
    expect(made.find(({ name }) => name === 'logo')?.position).toEqual({ mode: 'center' });
  });

  it('goes on past an image that fails, and says so once', async () => {
    const broken = new Error('broken');
    const images = [
      {
        name: 'logo',
        predicate: () => {
          throw broken;
        },
      },
      // No place at all is like that.
      { name: 'ringing', position: { mode: 5 } },
    ] as never;
    test = testPhone({ plugins: [videoCanvas({ canvas: 'stage', images })] });
    await vi.waitFor(() => {
      expect(draws('stroke')).toBe(1);
    });
    test.phone.calls.add(outgoing());
    await settled();
    const written = draws('drawImage');
    test.api('videoCanvas').updateRenders();
    test.api('videoCanvas').updateRenders();
    // The texts come after the image.
    expect(draws('drawImage')).toBe(written + 2);
    const told = test.log.filter(({ level }) => level === 'error').map(({ message }) => message);
    expect(told).toEqual([
      'The image "logo" cannot be drawn.',
      'The image "ringing" cannot be drawn.',
    ]);
    expect(test.events.of('phone.plugin.failed')).toEqual([]);
  });

  it('moves an image from where it was drawn', async () => {
    await start();
    const image = test.api('videoCanvas').positionImage('idle', 'delta', -10, 5);
    // 0.9 of 480 is 432, in the middle of 640 by 480.
    expect(image?.position).toEqual({ mode: 'absolute', x: 94, y: 29 });
  });
});
