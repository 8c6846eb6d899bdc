import { describe, expect, it, vi } from 'vitest';
import { FakeNode } from '../support/fakeAudio.ts';
import type { FakeContext } from '../support/fakeAudio.ts';
import { settled } from '../support/fakeSession.ts';
import { scene } from './conferenceScene.ts';
import type { Scene, Talk } from './conferenceScene.ts';

interface Three extends Scene {
  readonly ann: Talk;
  readonly bob: Talk;
  readonly eve: Talk;
}

async function three(): Promise<Three> {
  const test = scene();
  const [ann, bob, eve] = [await test.talk('Ann'), await test.talk('Bob'), await test.talk('Eve')];
  await test.conference.merge();
  await settled();
  return { ...test, ann, bob, eve };
}

/** Who hears whom, such as `Ann: Bob Eve user`. */
function heard({ hears, hearsUser, ann, bob, eve }: Three): string[] {
  const all = { Ann: ann, Bob: bob, Eve: eve };
  return Object.entries(all).map(([name, listener]) => {
    const voices = Object.entries(all).filter(([, speaker]) => hears(listener, speaker));
    return [
      `${name}:`,
      ...voices.map(([who]) => who),
      ...(hearsUser(listener) ? ['user'] : []),
    ].join(' ');
  });
}

/** The browser takes no sound into the contexts that `isRefused`. */
function refusing(name: string, isRefused: (context: FakeContext) => boolean): void {
  vi.stubGlobal(
    'MediaStreamAudioSourceNode',
    class extends FakeNode {
      constructor(context: FakeContext, options?: Readonly<Record<string, unknown>>) {
        if (isRefused(context)) throw new DOMException('refused', name);
        super('MediaStreamAudioSourceNode', context, options);
      }
    },
  );
}

const everybody = ['Ann: Bob Eve user', 'Bob: Ann Eve user', 'Eve: Ann Bob user'];
const names = (test: Scene): string[] =>
  test.events.all.map(({ name }) => name).filter((name) => name.startsWith('conference.'));

describe('a conference', () => {
  it('lets each hear the user and the others, and not itself, without an offer', async () => {
    const test = await three();
    expect(heard(test)).toEqual(everybody);
    expect([test.ann, test.bob, test.eve].map(({ call }) => call.isOnHold())).toEqual([
      ...[false, false, false],
    ]);
    expect(test.eve.session.times('renegotiate')).toBe(0);
    expect(test.conference.getLegs()).toHaveLength(3);
    expect(test.events.last('conference.started').conferenceId).toBe(
      test.conference.getConferenceId(),
    );
  });

  it('has the microphone muted to all when it is muted to one, and the others go on', async () => {
    const test = await three();
    await test.bob.call.mute({ audio: true });
    expect(heard(test)).toEqual(['Ann: Bob Eve', 'Bob: Ann Eve', 'Eve: Ann Bob']);
    expect(test.conference.isMuted()).toBe(true);
    await test.ann.call.unmute({ audio: true });
    expect(heard(test)).toEqual(everybody);
  });

  it('of calls of which one is muted is muted as a whole', async () => {
    const test = scene();
    const ann = await test.talk('Ann');
    await ann.call.mute({ audio: true });
    const bob = await test.talk('Bob');
    await test.conference.merge();
    expect([test.hearsUser(ann), test.hearsUser(bob)]).toEqual([false, false]);
    expect([test.hears(ann, bob), test.hears(bob, ann)]).toEqual([true, true]);
  });

  it('keeps a microphone that is changed while it is muted out of the mix until it is not', async () => {
    const test = await three();
    await test.bob.call.mute({ audio: true });
    const { ann } = test;
    const fresh = ann.call.getLocalTrack('audio')?.clone();
    if (!fresh) throw new Error('There is no microphone.');
    fresh.enabled = true;
    const mix = ann.session.sent.audio;
    await ann.call.replaceSenderTrack(fresh);
    expect(ann.session.sent.audio).toBe(mix);
    expect(fresh.enabled).toBe(false);
    expect(test.hearsUser(ann)).toBe(false);
    await ann.call.unmute({ audio: true });
    expect(heard(test)).toEqual(everybody);
  });

  it('mutes a caller for everybody, the user included', async () => {
    const test = await three();
    test.conference.muteCaller(test.ann.call.id);
    expect(heard(test)).toEqual(['Ann: Bob Eve user', 'Bob: Eve user', 'Eve: Bob user']);
    expect(test.ann.call.getRemoteAudio()?.muted).toBe(true);
    test.conference.unmuteCaller(test.ann.call.id);
    expect(heard(test)).toEqual(everybody);
    expect(test.ann.call.getRemoteAudio()?.muted).toBe(false);
    expect(names(test).slice(-2)).toEqual([
      ...['conference.caller.muted', 'conference.caller.unmuted'],
    ]);
  });

  it('goes on when one is held, who neither hears nor is sent anything', async () => {
    const test = await three();
    await test.conference.hold(test.ann.call.id);
    expect(test.ann.session.sending).toEqual({ audio: false, video: false });
    expect(heard(test)[0]).toBe('Ann:');
    expect(test.hears(test.bob, test.eve)).toBe(true);
    await test.conference.unhold(test.ann.call.id);
    expect(heard(test)).toEqual(everybody);
  });

  it('lets nobody hear the music of who has put the conference on hold', async () => {
    const test = await three();
    test.ann.session.report({ type: 'held', side: 'remote', on: true, event: {} });
    await settled();
    expect(test.ann.call.snapshot.hold.remote).toBe(true);
    expect(test.hears(test.bob, test.ann)).toBe(false);
    test.conference.muteCaller(test.ann.call.id);
    test.ann.session.report({ type: 'held', side: 'remote', on: false, event: {} });
    await settled();
    expect(test.hears(test.bob, test.ann)).toBe(false);
    test.conference.unmuteCaller(test.ann.call.id);
    expect(test.hears(test.bob, test.ann)).toBe(true);
  });

  it('is left by one that is taken out, and that one is held', async () => {
    const test = await three();
    await test.conference.split(test.eve.call.id);
    await settled();
    expect(test.eve.call.isOnHold()).toBe(true);
    expect(heard(test)).toEqual(['Ann: Bob user', 'Bob: Ann user', 'Eve:']);
    expect(test.ann.call.isPrimary()).toBe(true);
    expect(test.conference.isLeg(test.eve.call.id)).toBe(false);
  });

  it('goes on when one hangs up, and is an ordinary call when one is left', async () => {
    const test = await three();
    test.eve.session.end();
    await settled();
    expect(heard(test)).toEqual(['Ann: Bob user', 'Bob: Ann user', 'Eve:']);
    expect(test.ann.call.isPrimary()).toBe(true);
    await test.conference.drop(test.ann.call.id);
    await settled();
    expect(test.conference.isActive()).toBe(false);
    expect(test.events.last('conference.split').reason).toBe('leg-ended');
    expect(test.bob.session.sent.audio).toBe(test.bob.call.getLocalTrack('audio'));
    expect(test.bob.call.snapshot).toMatchObject({ isPrimary: true, sending: { audio: true } });
    expect(test.bob.call.isOnHold()).toBe(false);
    expect(test.audio.contexts.map(({ state }) => state)).toEqual(['closed']);
  });

  it('that is split leaves the call in focus up and holds the others', async () => {
    const test = await three();
    test.conference.muteCaller(test.eve.call.id);
    await test.conference.split();
    expect([test.ann, test.bob, test.eve].map(({ call }) => call.isOnHold())).toEqual([
      ...[true, true, false],
    ]);
    expect(test.eve.session.sent.audio).toBe(test.eve.call.getLocalTrack('audio'));
    expect(test.eve.call.getRemoteAudio()?.muted).toBe(false);
    expect(test.ann.call.snapshot.sending.audio).toBe(false);
  });

  it('hangs up all, and nothing is left of it', async () => {
    const test = await three();
    const mixes = [test.ann, test.bob, test.eve].map(({ session }) => session.sent.audio);
    await test.conference.endConference();
    await settled();
    expect(test.phone.calls.list()).toHaveLength(0);
    expect(mixes.map((track) => track?.readyState)).toEqual(['ended', 'ended', 'ended']);
    expect(test.media.liveTracks()).toHaveLength(0);
    expect(test.audio.contexts.map(({ state }) => state)).toEqual(['closed']);
    expect(names(test).filter((name) => !name.endsWith('switched'))).toEqual([
      ...['conference.started', 'conference.ended'],
    ]);
  });

  it('is taken down with the phone', async () => {
    const test = await three();
    test.phone.destroy();
    expect(test.audio.contexts.map(({ state }) => state)).toEqual(['closed']);
    expect(test.media.liveTracks()).toHaveLength(0);
  });
});

describe('the focus', () => {
  it('moves within the conference and holds nobody for it', async () => {
    const test = await three();
    await test.conference.switchLeg(test.ann.call.id);
    expect(test.ann.call.isPrimary()).toBe(true);
    expect(test.eve.session.times('hold')).toBe(0);
    expect(heard(test)).toEqual(everybody);
    expect(test.events.last('conference.leg.switched').callId).toBe(test.ann.call.id);
  });

  it('that goes to another call takes the microphone from all at once, and holds them', async () => {
    const test = await three();
    const away = test.talk('Dan');
    const dan = await away;
    expect([test.ann, test.bob, test.eve].map(({ call }) => call.isOnHold())).toEqual([
      ...[true, true, true],
    ]);
    expect([test.hearsUser(test.ann), test.hearsUser(test.eve)]).toEqual([false, false]);
    await test.phone.calls.focus(test.bob.call.id);
    await settled();
    expect(dan.call.isOnHold()).toBe(true);
    expect(heard(test)).toEqual(everybody);
  });

  it('leaves on hold who was on hold before it went and came back', async () => {
    const test = await three();
    await test.conference.hold(test.ann.call.id);
    await test.talk('Dan');
    await test.phone.calls.focus(test.bob.call.id);
    await settled();
    expect([test.ann, test.bob, test.eve].map(({ call }) => call.isOnHold())).toEqual([
      ...[true, false, false],
    ]);
  });

  it('brings everybody back when the other call is taken in', async () => {
    const test = await three();
    const dan = await test.talk('Dan');
    await test.conference.addToConference(dan.call.id);
    await settled();
    expect(heard(test)).toEqual(everybody);
    expect([test.hears(dan, test.ann), test.hears(test.ann, dan)]).toEqual([true, true]);
    expect(test.events.last('conference.leg.added').callId).toBe(dan.call.id);
  });
});

describe('what cannot be', () => {
  it('is a conference of one call', async () => {
    const test = scene();
    await test.talk('Ann');
    expect(test.conference.canMerge()).toBe(false);
    await expect(test.conference.merge()).rejects.toMatchObject({ code: 'call.stateInvalid' });
    expect(test.audio.contexts).toHaveLength(0);
  });

  it('is one with more people than there is room for', async () => {
    const test = scene({ maxParticipants: 3 });
    await test.talk('Ann');
    await test.talk('Bob');
    await test.conference.merge();
    const eve = await test.talk('Eve');
    expect(test.conference.canAdd(eve.call.id)).toBe(false);
    await expect(test.conference.addToConference(eve.call.id)).rejects.toMatchObject({
      code: 'call.stateInvalid',
    });
  });

  it('is told, and leaves the calls as they were, where nothing mixes', async () => {
    const test = scene();
    const ann = await test.talk('Ann');
    const bob = await test.talk('Bob');
    vi.stubGlobal('AudioContext', undefined);
    await expect(test.conference.merge()).rejects.toMatchObject({ code: 'media.failed' });
    expect(test.conference.isActive()).toBe(false);
    expect([ann.call.isOnHold(), bob.call.isOnHold()]).toEqual([true, false]);
    expect(names(test)).toContain('conference.failed');
    vi.unstubAllGlobals();
  });

  it('is none where the browser wants the rate of the system: that is tried next', async () => {
    const test = scene();
    await test.talk('Ann');
    await test.talk('Bob');
    refusing('NotSupportedError', (context) => {
      const { sampleRate } = context.options as { readonly sampleRate?: number };
      return sampleRate !== undefined;
    });
    await test.conference.merge();
    expect(test.conference.isActive()).toBe(true);
    expect(test.audio.contexts.map(({ state }) => state)).toEqual(['closed', 'running']);
  });

  it('is told as one of the media when it fails in the browser, whatever it is there', async () => {
    const test = scene();
    const ann = await test.talk('Ann');
    await test.talk('Bob');
    refusing('InvalidStateError', () => true);
    await expect(test.conference.merge()).rejects.toMatchObject({ code: 'media.failed' });
    expect(ann.session.sent.audio).toBe(ann.call.getLocalTrack('audio'));
  });

  it('is a call whose far end refuses to come back: it is in it, on hold', async () => {
    const test = scene();
    const ann = await test.talk('Ann');
    await test.talk('Bob');
    ann.session.refuseNext('unhold');
    await test.conference.merge();
    await settled();
    expect(ann.call.isOnHold()).toBe(true);
    expect(test.conference.isLeg(ann.call.id)).toBe(true);
    expect(test.part('conference', 'error').textContent).toContain('refused');
  });

  it('is a call that ends while it is being joined', async () => {
    const test = scene();
    const ann = await test.talk('Ann');
    const bob = await test.talk('Bob');
    const merging = test.conference.merge();
    ann.session.end();
    await expect(merging).rejects.toMatchObject({ code: 'call.ended' });
    expect(test.conference.isActive()).toBe(false);
    expect(bob.session.sent.audio).toBe(bob.call.getLocalTrack('audio'));
    expect(test.audio.contexts.map(({ state }) => state)).toEqual(['closed']);
  });
});
