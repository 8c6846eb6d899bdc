import { beforeEach, describe, expect, it } from 'vitest';
import { callControl } from '../../plugins/callControl/index.ts';
import { callList } from '../../plugins/callList/index.ts';
import { mediaDevices } from '../../plugins/mediaDevices/index.ts';
import type { Call } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import {
  everyCell,
  happenings,
  mayHear,
  maySee,
  conditionsAfter,
  reasonsFor,
  reasonsShown,
} from '../support/privacyTable.ts';
import type { Cell, Conditions, Happening } from '../support/privacyTable.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

/** What has the focus that the call does not have. */
type Elsewhere = 'nothing' | 'another call';

interface Scene extends TestPhone {
  readonly elsewhere: Elsewhere;
  readonly call: Call;
  readonly session: FakeSession;
}

beforeEach(() => {
  fakeMedia();
});

/** A call with sound and picture, in focus, with nothing that silences it. */
function scene(elsewhere: Elsewhere): Scene {
  const test = testPhone({ plugins: [mediaDevices(), callList(), callControl()] });
  const session = incoming({ offered: { audio: true, video: true }, isObliging: true });
  return { ...test, elsewhere, session, call: test.phone.calls.add(session) };
}

async function answer({ call, session }: Scene): Promise<void> {
  await call.answer({ video: true });
  session.establish();
  session.report({
    type: 'media',
    media: { audio: true, video: true },
    receiving: { audio: true, video: true },
  });
}

async function mute(scene: Scene, { muted, deviceMuted }: Conditions): Promise<void> {
  if (deviceMuted) await scene.api('mediaDevices').mute();
  if (muted) await scene.call.mute();
}

async function leave({ phone, elsewhere }: Scene): Promise<void> {
  if (elsewhere === 'nothing') return phone.calls.focus(null);
  const session = incoming({ isObliging: true });
  const other = phone.calls.add(session);
  await other.answer();
  session.establish();
  await phone.calls.focus(other.id);
}

async function hold(scene: Scene, conditions: Conditions): Promise<void> {
  const { call, session } = scene;
  if (conditions.heldThere) session.holdRemotely(true);
  // The call list holds a call that loses the focus; an application may resume it all the same.
  if (!conditions.inFocus) await leave(scene);
  if (conditions.heldHere !== call.snapshot.hold.local)
    await (conditions.heldHere ? call.hold() : call.unhold());
}

const newTrack = async (kind: 'audio' | 'video'): Promise<MediaStreamTrack> => {
  const [track] = (await navigator.mediaDevices.getUserMedia({ [kind]: true })).getTracks();
  if (!track) throw new Error('the fake machine gave no track');
  return track;
};

const acts: Readonly<Record<Exclude<Happening, 'answer'>, (scene: Scene) => Promise<void>>> = {
  switch: async ({ phone, call }) => {
    const isPrimary = call.isPrimary();
    await phone.calls.focus(isPrimary ? null : call.id);
    await phone.calls.focus(isPrimary ? call.id : null);
  },
  resume: async ({ call }) => {
    await call.hold();
    await call.unhold();
  },
  deviceChange: ({ api }) => api('mediaDevices').changeDevice('audioinput', 'mic2'),
  shareStart: ({ api, phone, call }) => {
    // The screen goes to the call in focus only: with none there is nothing to share it with.
    if (phone.calls.primary() !== call) return Promise.resolve();
    return api('mediaDevices').startScreenCapture();
  },
  shareStop: async (scene) => {
    await acts.shareStart(scene);
    await scene.api('mediaDevices').stopScreenCapture();
  },
  trackReplacement: async ({ call }) => {
    await call.replaceSenderTrack(await newTrack('audio'));
    await call.replaceSenderTrack(await newTrack('video'));
  },
  renegotiation: ({ call }) => call.renegotiate(),
};

async function play(cell: Cell, elsewhere: Elsewhere): Promise<Scene> {
  const set = scene(elsewhere);
  if (cell.happening === 'answer') {
    await mute(set, cell.conditions);
    await answer(set);
    await hold(set, cell.conditions);
  } else {
    await answer(set);
    await mute(set, cell.conditions);
    await hold(set, cell.conditions);
    await acts[cell.happening](set);
  }
  await settled();
  return set;
}

describe.each(happenings)('the far end, after %s', (happening) => {
  const cells = everyCell.filter((cell) => cell.happening === happening);

  async function check(cell: Cell, elsewhere: Elsewhere): Promise<void> {
    const set = await play(cell, elsewhere);
    const { session, call } = set;
    const gets = { audio: mayHear(cell), video: maySee(cell) };
    expect({
      audio: session.sent.audio?.enabled ?? false,
      video: session.sent.video?.enabled ?? false,
    }).toEqual(gets);
    expect(call.snapshot.sending).toEqual(gets);
    const shown = reasonsShown(set.root('callList'), set.root('callControl'));
    expect(shown).toEqual(reasonsFor(conditionsAfter(cell)));
  }

  it.each(cells)('gets what the phone says it does: $name', (cell) => check(cell, 'nothing'));

  it.each(cells.filter(({ conditions }) => !conditions.inFocus))(
    'gets what the phone says it does, with another call in focus: $name',
    (cell) => check(cell, 'another call'),
  );
});
