import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { clearStage, talk } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import {
  blue,
  camerasOf,
  film,
  isComposed,
  red,
  sees,
  seesNothing,
  shows,
  talkFilmed,
} from './support/pictures.ts';
import type { Filmed } from './support/pictures.ts';
import { until } from './support/processes.ts';
import type { Colour } from './support/y4m.ts';

// What a user sees of a call on the page: in plain elements for Alice, on a canvas for Bob.

const lab = useLab();

let alice: Filmed;
let bob: Filmed;

const ground: Colour = [46, 46, 50];
const panel = '#video-canvas [part="panel"]';
const remote = '#video-canvas [part="remoteVideo"]';
const local = '#video-canvas [part="localVideo"]';
const camera = '#call-control [part="camera"]';

// Bob's page has a canvas, and everybody's counts what the product draws by itself.
const counting = `
globalThis.drawing = { callbacks: 0, draws: 0 };
for (const [owner, name] of [
  [HTMLVideoElement.prototype, 'requestVideoFrameCallback'],
  [globalThis, 'requestAnimationFrame'],
]) {
  const original = owner[name];
  owner[name] = function (...args) {
    drawing.callbacks += 1;
    return original.apply(this, args);
  };
}
let isCounted = false;
const canvases = CanvasRenderingContext2D.prototype;
for (const name of ['fillRect', 'drawImage']) {
  const original = canvases[name];
  canvases[name] = function (...args) {
    // All that is drawn in one go is one draw.
    if (!isCounted) {
      drawing.draws += 1;
      queueMicrotask(() => (isCounted = false));
    }
    isCounted = true;
    return original.apply(this, args);
  };
}`;

declare const drawing: { callbacks: number; draws: number };

beforeAll(async () => {
  const { party, kamailio, server } = lab();
  const page = (extra: string): string => `<!doctype html><title>Pictures</title>
    <link rel="stylesheet" href="/dist/theme.css" />
    <script>${counting}</script>${extra}
    <div id="call-list"></div><div id="call-control"></div><div id="video-canvas"></div>
    <script src="/dist/cordboard.js"></script><script src="/support/record.js"></script>`;
  server.put('/plain.html', page(''));
  server.put('/composed.html', page('<canvas id="stage" width="320" height="240"></canvas>'));
  const stage = { socket: kamailio.url };
  const config = { callControl: { video: { show: true }, screenShare: { show: true } } };
  [alice, bob] = await Promise.all([
    film('alice', red, {
      ...stage,
      party: (options) => party({ ...options, path: '/plain.html' }),
      config,
    }),
    film('bob', blue, {
      ...stage,
      party: (options) => party({ ...options, path: '/composed.html' }),
      config: { ...config, videoCanvas: { canvas: 'stage' } },
    }),
  ]);
});

afterEach(() => clearStage(alice, bob));

const countOf = (member: Filmed, what: keyof typeof drawing): Promise<number> =>
  member.page.evaluate((name) => drawing[name], what);

/** How much more was counted after half a second. */
async function counted(member: Filmed, what: keyof typeof drawing): Promise<number> {
  const before = await countOf(member, what);
  await member.page.waitForTimeout(500);
  return (await countOf(member, what)) - before;
}

describe('plain pictures', () => {
  test('come and go by the buttons, the far end’s with this side’s in its corner', async () => {
    const [atAlice, atBob] = await talk(alice, bob);
    expect(await alice.page.locator(panel).count()).toBe(0);
    await alice.page.click(camera);
    await shows(alice.tab, local, alice.colour);
    await sees(bob.tab, alice.colour);
    await bob.run('startVideo', atBob);
    await shows(alice.tab, remote, bob.colour);
    await shows(alice.tab, local, alice.colour);
    const boxes = await Promise.all(
      [remote, local].map((selector) => alice.page.locator(selector).boundingBox()),
    );
    const [far, near] = boxes;
    if (!far || !near) throw new Error('a picture has no place');
    expect(near.width).toBeLessThan(far.width / 2);
    expect(near.x + near.width).toBeGreaterThan(far.x + far.width * 0.9);
    expect(near.y + near.height).toBeGreaterThan(far.y + far.height * 0.9);

    await alice.page.click(camera);
    await until('the camera to be off', async () => (await camerasOf(alice)) === 0);
    await seesNothing(bob.tab);
    expect(await alice.page.locator(local).count()).toBe(0);
    await shows(alice.tab, remote, bob.colour);
    expect((await alice.snapshot(atAlice)).localVideo).toBe('none');
  });

  test('play on in the same element while the page is drawn again', async () => {
    const [atAlice] = await talkFilmed(alice, bob, { video: true });
    await shows(alice.tab, remote, bob.colour);
    await alice.page.evaluate((selector) => {
      Object.assign(globalThis, { before: document.querySelector(selector) });
    }, remote);
    const time = (): Promise<number> =>
      alice.page.locator(remote).evaluate((element) => (element as HTMLVideoElement).currentTime);
    const start = await time();
    for (let round = 0; round < 5; round += 1) {
      await alice.page.evaluate(() => {
        phone.videoCanvas.updateRenders();
        phone.videoCanvas.toggleImage('localVideo');
      });
      await alice.run(round % 2 === 0 ? 'mute' : 'unmute', atAlice);
    }
    await until('the picture to go on', async () => (await time()) > start + 0.3);
    const isSame = await alice.page.evaluate((selector) => {
      const element = document.querySelector<HTMLVideoElement>(selector);
      return element === Reflect.get(globalThis, 'before') && element?.paused === false;
    }, remote);
    expect(isSame).toBe(true);
  });

  test('cost nothing while there are none', async () => {
    await talk(alice, bob);
    expect(await countOf(alice, 'callbacks')).toBe(0);
    expect(await counted(alice, 'draws')).toBe(0);
  });
});

test('an answer with video is offered beside the plain one', async () => {
  await alice.page.evaluate(() => phone.userAgent.call('1002', [], { video: true }));
  const id = await bob.nextIncoming();
  await bob.page.click('#call-control [part="answerVideo"]');
  await bob.waitForCall('the call to be up', ({ status }) => status === 'established', id);
  await Promise.all([sees(alice.tab, bob.colour), sees(bob.tab, alice.colour)]);
});

describe('the canvas', () => {
  const inCorner = [0.9, 0.9] as const;

  test('shows the far end with this side in its corner, and follows both', async () => {
    const [, atBob] = await talkFilmed(alice, bob, { video: true });
    await isComposed(bob.tab, '#stage', [
      [0.5, 0.5, alice.colour],
      [0.05, 0.95, alice.colour],
      [...inCorner, bob.colour],
    ]);
    await bob.page.evaluate(() => {
      phone.videoCanvas.positionImage('localVideo', 'relative', 0.25, 0.75);
      phone.videoCanvas.rescaleImage('localVideo', 0.4);
    });
    await isComposed(bob.tab, '#stage', [
      [...inCorner, alice.colour],
      [0.1, 0.6, bob.colour],
      [0.4, 0.9, bob.colour],
    ]);
    await bob.page.evaluate(() => {
      phone.videoCanvas.disableImage('localVideo');
    });
    await isComposed(bob.tab, '#stage', [[0.25, 0.75, alice.colour]]);
    await bob.page.evaluate(() => {
      phone.videoCanvas.enableImage('localVideo');
      phone.videoCanvas.rescaleImage('localVideo', 0.25);
      phone.videoCanvas.positionImage('localVideo', 'bottom-right');
    });

    // A black picture is as good as none.
    await alice.run('mute', '', { video: true });
    await isComposed(bob.tab, '#stage', [
      [0.3, 0.3, ground],
      [...inCorner, bob.colour],
    ]);
    await bob.run('stopVideo', atBob);
    await isComposed(bob.tab, '#stage', [[...inCorner, ground]]);
  });

  test('is drawn at its pace, and not at all out of sight', async () => {
    await talkFilmed(alice, bob, { video: true });
    await isComposed(bob.tab, '#stage', [[0.5, 0.5, alice.colour]]);
    const perSecond = (await counted(bob, 'draws')) * 2;
    expect(perSecond).toBeGreaterThan(4);
    expect(perSecond).toBeLessThan(24);
    await bob.page.evaluate(() => {
      document.getElementById('stage')?.setAttribute('hidden', '');
    });
    await until('no more draws', async () => (await counted(bob, 'draws')) === 0);
    expect(await counted(bob, 'callbacks')).toBe(0);
    await bob.page.evaluate(() => {
      document.getElementById('stage')?.removeAttribute('hidden');
    });
    await until('draws', async () => (await counted(bob, 'draws')) > 0);
  });

  test('has its texts in a call for sound, drawn once a second and no more', async () => {
    await talk(alice, bob);
    // The lines stand on a strip of their own in the upper left corner.
    await until('the texts', () =>
      bob.page.evaluate(() => {
        const context = document.querySelector<HTMLCanvasElement>('#stage')?.getContext('2d');
        const data = context?.getImageData(0, 0, 60, 40).data ?? [];
        return [...data].some((value, place) => place % 4 < 3 && value > 200);
      }),
    );
    await until('no callbacks', async () => (await counted(bob, 'callbacks')) === 0);
    expect(await counted(bob, 'draws')).toBeLessThan(8);
  });
});
