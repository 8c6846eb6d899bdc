import { beforeAll, describe, expect, test } from 'vitest';
import {
  conditionsAfter,
  everyCell,
  happenings,
  mayHear,
  maySee,
  reasonsFor,
  reasonsShown,
} from '../support/privacyTable.ts';
import type { Cell, Conditions, Happening } from '../support/privacyTable.ts';
import type { Party } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startPulse } from './support/pulse.ts';

// What gets out, cell by cell: alice is silenced in every way there is, and bob measures. Nothing is
// simulated: real microphones that are changed, a camera of one colour, a shared tab of another.
// The column for a call that is being repaired belongs to the work on lost connections.

const lab = useLab();
const green = [20, 160, 40] as const;

let alice: TestPhone;
let bob: TestPhone;
let atAlice = '';

beforeAll(async () => {
  const pulse = await startPulse();
  await pulse.addMicrophone({ name: 'Desk microphone', hz: 440 });
  await pulse.addMicrophone({ name: 'Headset microphone', hz: 620 });
  const { server, kamailio, party } = lab();
  const shared = 'The shared tab';
  server.put(
    '/shared.html',
    // A tab that stands still sends no frames.
    `<!doctype html><title>${shared}</title><style>html { animation: red 1s infinite alternate }
      @keyframes red { from { background: #c02020 } to { background: #a01010 } }</style>`,
  );
  const make = async (user: string, options: object): Promise<TestPhone> => {
    const tab: Party = await party({ name: user, ...options });
    // A lasting tone is noise to the browser's own suppression.
    const constraints = {
      noiseSuppression: false,
      echoCancellation: false,
      autoGainControl: false,
    };
    const config = { mediaDevices: { audioinput: { constraints } } };
    if (user === '1001') await tab.open('/shared.html');
    return makePhone(tab, { user, socket: kamailio.url, config });
  };
  [alice, bob] = await Promise.all([
    make('1001', { colour: green, pulse, display: { tab: shared } }),
    make('1002', { colour: [40, 40, 200] }),
  ]);
  await bob.page.evaluate(watchPicture);
});

/** Shows what bob receives in one element, so that a look costs no waiting for the next frame. */
function watchPicture(): void {
  phone.on('call.remote.video.added', ({ track }) => {
    const video =
      document.querySelector<HTMLVideoElement>('#probe') ?? document.body.appendChild(newVideo());
    video.srcObject = new MediaStream([track]);
    void video.play();
  });
  function newVideo(): HTMLVideoElement {
    const video = document.createElement('video');
    return Object.assign(video, { id: 'probe', muted: true, width: 32, height: 24 });
  }
}

/** What bob got within a moment: sound or not, and the camera's picture, another one, or none. */
interface Got {
  readonly heard: boolean;
  readonly seen: 'camera' | 'screen' | 'nothing';
}

async function got(): Promise<Got> {
  const { energy, colour } = await bob.page.evaluate(async () => {
    const count = async (): Promise<{ energy: number; frames: number }> => {
      const { audio, video } = await harness.stats(-1);
      return { energy: audio.inbound?.energy ?? 0, frames: video.inbound?.frames ?? 0 };
    };
    const before = await count();
    await new Promise((resolve) => setTimeout(resolve, 150));
    const after = await count();
    const video = document.querySelector<HTMLVideoElement>('#probe');
    const look = after.frames > before.frames && video ? await harness.look(video) : null;
    return { energy: after.energy - before.energy, colour: look?.colour ?? null };
  });
  return { heard: energy > 1e-4, seen: nameOf(colour) };
}

/** What bob has heard so far, once nothing is on its way any more. */
function heardWhenQuiet(): Promise<number> {
  return bob.page.evaluate(async () => {
    const heard = async (): Promise<number> => (await harness.stats(-1)).audio.inbound?.energy ?? 0;
    let before = await heard();
    for (let turn = 0; turn < 60; turn += 1) {
      await new Promise((resolve) => setTimeout(resolve, 60));
      const now = await heard();
      if (now - before < 1e-6) return now;
      before = now;
    }
    throw new Error('it is not quiet before the cell');
  });
}

/** Whether the far end may hear nothing at any moment of it, not only afterwards. */
function isSilentThroughout(cell: Cell): boolean {
  const { happening, conditions } = cell;
  // Who moves the focus to the call and away again speaks in between.
  const speaks = happening === 'switch' && !conditions.inFocus;
  return !speaks && !mayHear({ ...cell, happening: 'renegotiation' }) && !mayHear(cell);
}

/** Lets it happen; false when something was heard that may not be for a moment. */
async function happens(cell: Cell): Promise<boolean> {
  if (cell.happening === 'answer') return true;
  const isSilent = isSilentThroughout(cell);
  const before = isSilent ? await heardWhenQuiet() : 0;
  await acts[cell.happening]();
  // The look at the cell goes on from here: what is late counts too.
  return !isSilent || (await heardWhenQuiet()) - before < 1e-4;
}

function nameOf(colour: readonly [number, number, number] | null): Got['seen'] {
  // What is muted goes on as black.
  if (colour === null || Math.max(...colour) < 30) return 'nothing';
  return colour.every((part, place) => Math.abs(part - (green[place] ?? 0)) < 30)
    ? 'camera'
    : 'screen';
}

/** Brings alice's call into the state that the conditions ask for, from whatever it is in. */
async function arrange(conditions: Conditions): Promise<void> {
  const { hold } = await bob.snapshot();
  if (hold.local !== conditions.heldThere) await bob.run(conditions.heldThere ? 'hold' : 'unhold');
  await alice.page.evaluate(
    async ([id, { muted, inFocus, heldHere, deviceMuted }]) => {
      const call = phone.calls.get(id);
      if (!call) throw new Error('there is no call any more');
      await (deviceMuted ? phone.mediaDevices.mute() : phone.mediaDevices.unmute());
      await (muted ? call.mute() : call.unmute());
      await phone.calls.focus(inFocus ? id : null);
      if (call.snapshot.hold.local !== heldHere) await (heldHere ? call.hold() : call.unhold());
    },
    [atAlice, conditions] as const,
  );
}

const acts: Readonly<Record<Exclude<Happening, 'answer'>, () => Promise<void>>> = {
  switch: () =>
    alice.page.evaluate(async (id) => {
      const isPrimary = phone.calls.get(id)?.isPrimary() === true;
      await phone.calls.focus(isPrimary ? null : id);
      await phone.calls.focus(isPrimary ? id : null);
    }, atAlice),
  resume: async () => {
    await alice.run('hold', atAlice);
    await alice.run('unhold', atAlice);
  },
  deviceChange: () =>
    alice.page.evaluate(async () => {
      const { audioinput } = phone.mediaDevices.getDevices();
      const other = audioinput.find(({ selected, id }) => !selected && id !== 'default');
      await phone.mediaDevices.changeDevice('audioinput', other?.id ?? '');
    }),
  // With no call in focus there is nobody to share a screen with.
  shareStart: () =>
    alice.page.evaluate(async () => {
      if (phone.calls.primary()) await phone.mediaDevices.startScreenCapture();
    }),
  shareStop: () =>
    alice.page.evaluate(async () => {
      if (phone.calls.primary()) await phone.mediaDevices.startScreenCapture();
      await phone.mediaDevices.stopScreenCapture();
    }),
  trackReplacement: () =>
    alice.page.evaluate(async (id) => {
      for (const kind of ['audio', 'video'] as const) {
        const call = phone.calls.get(id);
        const fresh = call?.getLocalTrack(kind)?.clone();
        if (!call || !fresh) throw new Error(`there is no ${kind} to be replaced`);
        // As loud as a track of somewhere else: a clone is as silent as what it was made of.
        fresh.enabled = true;
        await call.replaceSenderTrack(fresh);
        // A track of the page's own is the page's to stop.
        phone.once('call.terminated', () => {
          fresh.stop();
        });
      }
    }, atAlice),
  renegotiation: () => alice.run('renegotiate', atAlice),
};

async function ring(): Promise<void> {
  await bob.page.evaluate(() => {
    void phone.userAgent.call('1001', [], { video: true });
  });
  atAlice = await alice.nextIncoming();
}

async function pickUp(): Promise<void> {
  await alice.run('answer', atAlice, { video: true });
  await alice.waitForCall('the call to be up', isUp, atAlice);
  await bob.waitForCall('the call to be up', isUp);
}

async function clear(): Promise<void> {
  await alice.page.evaluate(() => phone.mediaDevices.unmute());
  await Promise.all([alice.quiet(), bob.quiet()]);
}

/** One condition changes from cell to cell, so that each takes as few offers as can be. */
function inGrayOrder(cells: readonly Cell[]): readonly Cell[] {
  return cells.map((_, place) => cells[place ^ (place >> 1)]).filter((cell) => cell !== undefined);
}

async function check(cell: Cell): Promise<string | null> {
  const wanted: Got = {
    heard: mayHear(cell),
    seen: maySee(cell) ? (cell.happening === 'shareStart' ? 'screen' : 'camera') : 'nothing',
  };
  const fits = ({ heard, seen }: Got): boolean => heard === wanted.heard && seen === wanted.seen;
  // What is on its way still arrives; after that nothing may.
  const settled = await until(cell.name, async () => fits(await got()) || null, {
    timeoutMs: 4000,
  }).catch(() => false);
  const found = await got();
  const { sending } = await alice.snapshot(atAlice);
  const says = { heard: sending.audio, seen: sending.video };
  const isSaid = says.heard === wanted.heard && says.seen === (wanted.seen !== 'nothing');
  const shown = await reasonsOnPage();
  const isShown = String(shown) === String(reasonsFor(conditionsAfter(cell)));
  if (settled && !isMore(found, wanted) && isSaid && isShown) return null;
  return `${cell.name}: ${JSON.stringify({ wanted, found, says, shown })}`;
}

function isMore(found: Got, wanted: Got): boolean {
  const isSeen = found.seen !== 'nothing' && found.seen !== wanted.seen;
  return isSeen || (found.heard && !wanted.heard);
}

function reasonsOnPage(): Promise<readonly string[]> {
  return alice.page.evaluate<readonly string[]>(
    `(${String(reasonsShown)})(document.querySelector('#call-list'), document.querySelector('#call-control'))`,
  );
}

describe.each(happenings)('what the far end gets after %s', (happening) => {
  const cells = inGrayOrder(everyCell.filter((cell) => cell.happening === happening));

  test('is what the phone says, in every state', async () => {
    const wrong: (string | null)[] = [];
    if (happening !== 'answer') {
      await ring();
      await pickUp();
    }
    for (const cell of cells) {
      if (cell.happening === 'answer') {
        await ring();
        const { muted, deviceMuted } = cell.conditions;
        await alice.page.evaluate(
          async ([id, call, device]) => {
            if (call) await phone.calls.get(id)?.mute();
            if (device) await phone.mediaDevices.mute();
          },
          [atAlice, muted, deviceMuted] as const,
        );
        await pickUp();
        await arrange(cell.conditions);
      } else {
        await arrange(cell.conditions);
        if (!(await happens(cell))) wrong.push(`${cell.name}: heard in between`);
      }
      wrong.push(await check(cell));
      if (happening === 'shareStart')
        await alice.page.evaluate(() => phone.mediaDevices.stopScreenCapture());
      if (happening === 'answer') await clear();
    }
    await clear();
    expect(wrong.filter((line) => line !== null)).toEqual([]);
  });
});
