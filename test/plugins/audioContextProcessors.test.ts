import { afterEach, describe, expect, it, vi } from 'vitest';
import type { AudioProcessor, Call } from '../../src/core/index.ts';
import { PhoneError } from '../../src/core/index.ts';
import { fakeTrack } from '../support/fakeAudio.ts';
import { outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { connectionWithSound, loaded, scene } from './audioContextScene.ts';
import type { Scene } from './audioContextScene.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** A processor that makes a new track and remembers what it was given. */
interface Watched extends AudioProcessor {
  readonly inputs: MediaStreamTrack[];
  readonly made: MediaStreamTrack[];
  readonly live: () => number;
}

function processor(name: string): Watched {
  const inputs: MediaStreamTrack[] = [];
  const made: MediaStreamTrack[] = [];
  let live = 0;
  return {
    name,
    inputs,
    made,
    live: () => live,
    process: (track) => {
      const result = fakeTrack();
      inputs.push(track);
      made.push(result);
      live += 1;
      return {
        track: result,
        stop: () => {
          live -= 1;
        },
      };
    },
  };
}

async function call(test: Scene): Promise<{ call: Call; session: FakeSession }> {
  const session = outgoing();
  const made = test.phone.calls.add(session);
  const stream = await test.phone.calls.media().open(made.id, { audio: true, video: false });
  void session.start(stream);
  await loaded();
  session.establish();
  await settled();
  return { call: made, session };
}

describe('without processors', () => {
  it('the microphone’s own track is sent, and no AudioContext is made for it', async () => {
    const test = scene();
    const { session } = await call(test);
    expect(test.media.liveTracks()).toEqual([session.sent.audio]);
    expect(test.audio.contexts).toEqual([]);
  });
});

describe('processors', () => {
  it('run one after the other, from the first moment on', async () => {
    const [first, second] = [processor('first'), processor('second')];
    const test = scene({ options: { processors: { outgoing: [first, second] } } });
    const { session } = await call(test);
    expect(second.inputs).toEqual(first.made);
    expect(session.sent.audio).toBe(second.made[0]);
  });

  it('hear a muted microphone, and what is sent of it is muted', async () => {
    const watched = processor('watched');
    const test = scene({ options: { processors: { outgoing: [watched] } } });
    const { call: made, session } = await call(test);
    await made.mute({ audio: true });
    expect(session.sent.audio?.enabled).toBe(false);
    await test.sound.setProcessors({ outgoing: [watched, processor('more')] });
    expect(watched.inputs.map(({ enabled }) => enabled)).toEqual([true, true]);
    expect(session.sent.audio?.enabled).toBe(false);
  });

  it('change in a call without an offer, and the former ones are let go of', async () => {
    const [before, after] = [processor('before'), processor('after')];
    const test = scene({ options: { processors: { outgoing: [before] } } });
    const { session } = await call(test);
    await test.sound.setProcessors({ outgoing: [after] });
    expect(session.sent.audio).toBe(after.made[0]);
    expect([before.live(), after.live()]).toEqual([0, 1]);
    await test.sound.setProcessors({ outgoing: [] });
    expect(test.media.liveTracks()).toEqual([session.sent.audio]);
    expect(after.live()).toBe(0);
    expect(session.times('renegotiate')).toBe(0);
  });

  it('are all let go of at the end of the call, and so is the microphone', async () => {
    const watched = processor('watched');
    const test = scene({ options: { processors: { outgoing: [watched], incoming: [watched] } } });
    const { session } = await call(test);
    session.report({ type: 'connection', connection: connectionWithSound() });
    await loaded();
    expect(watched.live()).toBe(2);
    session.end();
    expect(watched.live()).toBe(0);
    expect(test.media.liveTracks()).toEqual([]);
  });

  it('are let go of with the phone', async () => {
    const watched = processor('watched');
    const test = scene({ options: { processors: { outgoing: [watched] } } });
    await call(test);
    test.phone.destroy();
    expect(watched.live()).toBe(0);
    expect(test.media.liveTracks()).toEqual([]);
  });

  it('change what is heard, too', async () => {
    const watched = processor('watched');
    const test = scene({ options: { processors: { incoming: [watched] } } });
    const { call: made, session } = await call(test);
    session.report({ type: 'connection', connection: connectionWithSound() });
    await loaded();
    const heard = (made.getRemoteAudio()?.srcObject as MediaStream | null)?.getAudioTracks();
    expect(heard).toEqual(watched.made);
    expect(watched.inputs).toEqual([made.getRemoteTrack('audio')]);
  });

  it('of a call that ended while they began are let go of', async () => {
    let begin = (): void => undefined;
    const watched = processor('watched');
    const slow: AudioProcessor = {
      name: 'slow',
      process: async (track, context) => {
        await new Promise<void>((resolve) => {
          begin = resolve;
        });
        return watched.process(track, context);
      },
    };
    const test = scene({ options: { processors: { outgoing: [slow] } } });
    const session = outgoing();
    const made = test.phone.calls.add(session);
    const opening = test.phone.calls.media().open(made.id, { audio: true, video: false });
    const refused = expect(opening).rejects.toMatchObject({ code: 'call.ended' });
    await loaded();
    session.end();
    begin();
    await refused;
    await settled();
    expect(watched.live()).toBe(0);
    expect(test.media.liveTracks()).toEqual([]);
  });
});

describe('a call that ends while the parts for processors load', () => {
  // However far the loading is.
  it.each([0, 2, 5, 10, 20, 40])(
    '%d turns after the microphone opened leaves nothing',
    async (turns) => {
      vi.useFakeTimers();
      const watched = processor('watched');
      const test = scene({ options: { processors: { outgoing: [watched] } } });
      const session = outgoing();
      const made = test.phone.calls.add(session);
      const opening = test.phone.calls.media().open(made.id, { audio: true, video: false });
      const opened = opening.catch(() => undefined);
      while (test.media.liveTracks().length === 0) await Promise.resolve();
      for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
      session.end();
      await loaded();
      await opened;
      // The tone of failure as well is over then.
      await vi.advanceTimersByTimeAsync(7000);
      expect(watched.live()).toBe(0);
      expect(test.media.liveTracks()).toEqual([]);
      expect(test.audio.contexts.map(({ state }) => state)).toEqual(['suspended']);
      expect(test.events.names('call.local.audio.added').length).toBe(
        test.events.names('call.local.audio.removed').length,
      );
    },
  );
});

describe('a processor that fails', () => {
  it.each([
    ['throws', new Error('broken'), 'media.processorFailed'],
    ['may not use WebAssembly', new PhoneError('media.wasmRefused'), 'media.wasmRefused'],
    [
      'is of another copy of the library',
      Object.assign(new Error('no'), { code: 'media.wasmRefused' }),
      'media.wasmRefused',
    ],
  ])('because it %s is left out and told', async (_, error, code) => {
    const good = processor('good');
    const bad = { name: 'bad', process: () => Promise.reject(error) };
    const test = scene({ options: { processors: { outgoing: [bad, good] } } });
    const { session } = await call(test);
    expect(session.sent.audio).toBe(good.made[0]);
    expect(test.events.last('audioContext.processor.failed')).toMatchObject({
      processor: 'bad',
      direction: 'outgoing',
      error: { code },
    });
    expect(test.part('audioContext', 'notice').textContent).toMatch(/^\u2068bad\u2069: /);
  });

  it('leaves the microphone’s own track where there is no other', async () => {
    const bad = { name: 'bad', process: () => Promise.reject(new Error('broken')) };
    const test = scene({ options: { processors: { outgoing: [bad] } } });
    const { session } = await call(test);
    expect(test.media.liveTracks()).toEqual([session.sent.audio]);
  });

  it('by never beginning is given up', async () => {
    vi.useFakeTimers();
    const bad = { name: 'bad', process: () => new Promise<never>(() => undefined) };
    const test = scene({ options: { processors: { outgoing: [bad] } } });
    const session = outgoing();
    const made = test.phone.calls.add(session);
    const opening = test.phone.calls.media().open(made.id, { audio: true, video: false });
    await loaded();
    await vi.advanceTimersByTimeAsync(5000);
    expect((await opening).getAudioTracks()).toEqual(test.media.liveTracks());
    expect(test.events.last('audioContext.processor.failed').processor).toBe('bad');
  });
});

describe('a shared sound', () => {
  it('is mixed in, and taken out again', async () => {
    const test = scene();
    const { call: made, session } = await call(test);
    const microphone = session.sent.audio;
    await made.shareSound(fakeTrack());
    expect(session.sent.audio).not.toBe(microphone);
    const sources = [...(test.audio.contexts[0]?.nodes ?? [])].filter(
      ({ kind, outputs }) => kind === 'MediaStreamAudioSourceNode' && outputs.size > 0,
    );
    expect(sources).toHaveLength(2);
    await made.shareSound(null);
    expect(session.sent.audio).toBe(microphone);
    expect(sources.map(({ outputs }) => outputs.size)).toEqual([0, 0]);
    expect(test.media.liveTracks()).toEqual([microphone]);
  });

  it('that cannot be mixed in leaves the microphone as it was, and no copy of it open', async () => {
    vi.useFakeTimers();
    const test = scene();
    const { call: made, session } = await call(test);
    const microphone = session.sent.audio;
    vi.stubGlobal('MediaStreamAudioSourceNode', function refuse() {
      throw new DOMException('different sample rates', 'NotSupportedError');
    });
    await made.shareSound(fakeTrack());
    await loaded();
    await vi.advanceTimersByTimeAsync(1000);
    expect(test.media.liveTracks()).toEqual([microphone]);
    expect(test.audio.contexts.map(({ state }) => state)).toEqual(['suspended']);
    session.end();
    expect(test.media.liveTracks()).toEqual([]);
  });
});
