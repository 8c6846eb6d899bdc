import { beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/index.ts';
import { callList } from '../../../plugins/callList/index.ts';
import { fakeMedia } from '../../support/fakeMedia.ts';
import type { FakeMedia } from '../../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../../support/fakeSession.ts';
import type { FakeSession } from '../../support/fakeSession.ts';
import { testPhone } from '../../support/testPhone.ts';

// A call that takes the place of another one (RFC 3891): what is open in it, and what is not.

let media: FakeMedia;

beforeEach(() => {
  media = fakeMedia();
});

interface Scene {
  /** The call that is replaced. */
  readonly call: Call;
  readonly session: FakeSession;
  /** The far end of the one that takes its place comes in. */
  readonly replace: (session?: FakeSession) => { readonly next: Call; readonly far: FakeSession };
}

/** A call that is up. */
function talking(plugins = [callList()], isObliging = true): Scene {
  const { phone } = testPhone({ plugins });
  const session = outgoing({ isObliging });
  const call = phone.calls.add(session);
  session.establish();
  return {
    call,
    session,
    replace: (far = incoming({ isObliging: true })) => ({
      far,
      next: phone.calls.add(far, { replaces: session }),
    }),
  };
}

/** Whether anything of what is open may go out. */
const isHeard = (): boolean => media.liveTracks().some(({ enabled }) => enabled);

describe.each([
  ['with a list of calls', [callList()]],
  ['with one call at a time', []],
])('a call on hold that is taken over, in a phone %s', (_, plugins) => {
  it('is held again, and not heard for a moment before', async () => {
    const { call, replace } = talking(plugins);
    await call.hold();
    const { next, far } = replace(incoming());
    await settled();
    expect(far.times('answer')).toBe(1);
    await far.settle('answer');
    expect([next.isPrimary(), far.sent.audio?.enabled, isHeard()]).toEqual([true, false, false]);
    far.establish();
    await settled();
    expect([far.times('hold'), isHeard()]).toEqual([1, false]);
    await far.settle('hold');
    expect([next.isOnHold(), isHeard()]).toEqual([true, false]);
  });

  it('is heard when the user resumes it, unless it was muted besides', async () => {
    for (const wasMuted of [false, true]) {
      const { call, replace } = talking(plugins);
      await call.hold();
      if (wasMuted) await call.mute({ audio: true });
      const { next, far } = replace();
      await settled();
      far.establish();
      await settled();
      await next.unhold();
      expect([next.snapshot.muted.audio, far.sent.audio?.enabled]).toEqual([wasMuted, !wasMuted]);
    }
  });

  it('is held, too, when the far end had not agreed to the hold yet', async () => {
    const { call, session, replace } = talking(plugins, false);
    const holding = call.hold().catch(() => undefined);
    const { next, far } = replace();
    await settled();
    far.establish();
    expect([session.times('hold'), isHeard()]).toEqual([1, false]);
    await settled();
    expect([next.isOnHold(), isHeard()]).toEqual([true, false]);
    await call.hangup();
    await holding;
  });

  it('is not held when it is just being resumed', async () => {
    const { call, session, replace } = talking(plugins, false);
    const holding = call.hold();
    await settled();
    await session.settle('hold');
    await holding;
    const resuming = call.unhold().catch(() => undefined);
    const { next, far } = replace();
    await settled();
    far.establish();
    await settled();
    expect([next.isOnHold(), next.isMuted(), isHeard()]).toEqual([false, false, true]);
    await call.hangup();
    await resuming;
  });

  it('stays muted when the new far end cannot be held', async () => {
    const { call, replace } = talking(plugins);
    await call.hold();
    const { next, far } = replace();
    await settled();
    far.refuseNext('hold', 488);
    far.establish();
    await settled();
    expect([next.isEstablished(), next.isOnHold(), next.isMuted()]).toEqual([true, false, true]);
    expect(isHeard()).toBe(false);
    await next.unmute();
    expect(far.sent.audio?.enabled).toBe(true);
  });
});

it('a call that was not on hold goes on talking when it is taken over', async () => {
  const { replace } = talking();
  const { next, far } = replace();
  await settled();
  far.establish();
  await settled();
  expect([next.isOnHold(), next.isMuted(), far.sent.audio?.enabled]).toEqual([false, false, true]);
  expect(far.times('hold')).toBe(0);
});

describe('what the application gave a call that is taken over', () => {
  /** A connection on which the far end’s picture has arrived. */
  async function withPicture(): Promise<RTCPeerConnection> {
    const [track] = (await navigator.mediaDevices.getUserMedia({ video: true })).getTracks();
    const found = { getReceivers: () => [{ track }], getSenders: () => [] };
    return Object.assign(new EventTarget(), found) as unknown as RTCPeerConnection;
  }

  it.each([
    ['made', outgoing],
    ['answered', incoming],
  ])('with its own stream (%s) is sent again, and no device is opened', async (how, begun) => {
    const { phone } = testPhone({ plugins: [] });
    const mediaStream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [own] = mediaStream.getTracks();
    const session = begun({ isObliging: true });
    const call = phone.calls.add(session);
    if (how === 'answered') await call.answer({ mediaStream });
    else await phone.calls.media().open(call.id, { audio: true, video: false }, mediaStream);
    session.establish();
    const asked = media.requests.length;
    const far = incoming({ isObliging: true });
    phone.calls.add(far, { replaces: session });
    await settled();
    far.establish();
    await call.hangup();
    expect(media.requests).toHaveLength(asked);
    expect(far.sent.audio).toMatchObject({ enabled: true, readyState: 'live' });
    expect(far.sent.audio).not.toBe(own);
    expect(own?.readyState).toBe('live');
  });

  it('shows the pictures in the elements of the page, which the end of it leaves alone', async () => {
    const { phone } = testPhone({ plugins: [] });
    const render = {
      remote: document.createElement('video'),
      local: document.createElement('video'),
    };
    const session = outgoing({ isObliging: true });
    const call = phone.calls.add(session, { render });
    await phone.calls.media().open(call.id, { audio: true, video: true });
    session.report({ type: 'connection', connection: await withPicture() });
    session.establish();
    await settled();
    const former = [render.remote.srcObject, render.local.srcObject];
    const far = incoming({ isObliging: true, offered: { audio: true, video: true } });
    const next = phone.calls.add(far, { replaces: session });
    await settled();
    far.report({ type: 'connection', connection: await withPicture() });
    far.establish();
    await settled();
    await call.hangup();
    expect([next.getRemoteVideo(), next.getLocalVideo()]).toEqual([render.remote, render.local]);
    for (const element of [render.remote, render.local]) {
      expect(element.srcObject).not.toBeNull();
      expect(former).not.toContain(element.srcObject);
    }
    await next.hangup();
    expect([render.remote.srcObject, render.local.srcObject]).toEqual([null, null]);
  });
});
