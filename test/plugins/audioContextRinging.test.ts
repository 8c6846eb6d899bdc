import { afterEach, describe, expect, it, vi } from 'vitest';
import { ringtoneFor } from '../../plugins/audioContext/ringtones.part.ts';
import type { RingtoneOptions } from '../../plugins/audioContext/index.ts';
import { cadenceOf, leadsTo } from '../support/fakeAudio.ts';
import { settled } from '../support/fakeSession.ts';
import { loaded, loudspeakers, scene } from './audioContextScene.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const ring = { seconds: 2.5, repeats: true };

describe('a ring', () => {
  it('sounds as configured from the first moment of a call to its answer', async () => {
    const { audio, events, rings } = scene({
      options: { channels: { ringer: { onTime: 2, offTime: 3 } } },
    });
    const { call, session } = rings();
    expect(audio.sounding().map(cadenceOf)).toEqual([{ seconds: 5, repeats: true }]);
    expect(leadsTo(audio.sounding()[0], audio.contexts[0]?.destination)).toBe(true);
    void call.answer();
    await settled();
    // The microphone opens now: it would send the ring.
    expect(audio.sounding()).toEqual([]);
    await session.settle('answer');
    expect(audio.sounding()).toEqual([]);
    session.establish();
    expect(audio.sounding()).toEqual([]);
    // Not even for a moment: the microphone is open.
    expect(audio.played()).toHaveLength(1);
    expect(events.names('audioContext.tone')).toEqual([]);
  });

  it('is a call waiting tone from the moment on in which another call is answered', async () => {
    const { audio, events, rings } = scene();
    const { call, session } = rings();
    rings();
    call.answer().catch(() => undefined);
    await settled();
    expect(events.last('audioContext.tone.started')).toEqual({ kind: 'callWaiting' });
    session.end();
    expect(audio.sounding().map(cadenceOf)).toEqual([ring]);
  });

  it('does not sound again when the caller gives up while it is answered', async () => {
    const { audio, rings } = scene();
    const { call, session } = rings();
    call.answer().catch(() => undefined);
    await settled();
    session.end();
    await settled();
    expect(audio.played()).toHaveLength(1);
  });

  it('goes on when the answer does not come about', async () => {
    const { audio, media, rings } = scene();
    media.failNext('NotAllowedError', 'Permission denied');
    await rings()
      .call.answer()
      .catch(() => undefined);
    expect(audio.sounding().map(cadenceOf)).toEqual([ring]);
  });

  it('sounds once for several calls, until the last one is gone', () => {
    const { audio, rings } = scene();
    const [one, other] = [rings(), rings()];
    expect(audio.sounding()).toHaveLength(1);
    one.session.end();
    expect(audio.sounding()).toHaveLength(1);
    other.session.end();
    expect(audio.sounding()).toEqual([]);
  });

  it('sounds for requests of the application: an id once, no id as often as asked', () => {
    const { audio, sound } = scene();
    sound.startRinging('mine');
    sound.startRinging('mine');
    sound.stopRinging('mine');
    expect(audio.sounding()).toEqual([]);
    sound.startRinging();
    sound.startRinging();
    sound.stopRinging();
    expect(audio.sounding()).toHaveLength(1);
    sound.stopRinging('somebody else’s');
    expect(audio.sounding()).toHaveLength(1);
    sound.stopAllRinging();
    expect(audio.sounding()).toEqual([]);
  });

  it('is a call waiting tone while another call is up, and rings when that one ends', () => {
    const { audio, events, calls, rings } = scene();
    const first = calls();
    first.session.establish();
    const { session } = rings();
    expect(audio.sounding().map(cadenceOf)).toEqual([{ seconds: 10.3, repeats: true }]);
    expect(events.all.at(-1)?.payload).toEqual({ kind: 'callWaiting' });
    first.session.end();
    expect(audio.sounding().map(cadenceOf)).toEqual([ring]);
    session.end();
    expect(audio.sounding()).toEqual([]);
  });
});

describe('the devices that ring', () => {
  /** What plays a sound now, by the loudspeaker it was led to. */
  function elements(): { readonly playing: () => readonly string[] } {
    const played = new Set<HTMLMediaElement>();
    vi.spyOn(HTMLMediaElement.prototype, 'play').mockImplementation(function (
      this: HTMLMediaElement,
    ) {
      played.add(this);
      return Promise.resolve();
    });
    return {
      playing: () => [...played].filter((one) => one.srcObject).map(({ sinkId }) => sinkId),
    };
  }

  it('are followed by the ring, and by nothing else', async () => {
    const devices = loudspeakers('headset', ['desk', 'hall']);
    const { audio, sound, rings } = scene({ plugins: [devices.plugin] });
    const { playing } = elements();
    const { session } = rings();
    await settled();
    const [context] = audio.contexts;
    expect(context?.sinkId).toBe('headset');
    expect(leadsTo(audio.sounding()[0], context?.destination)).toBe(false);
    expect(playing()).toEqual(['desk', 'hall']);
    sound.playTones(697);
    expect(leadsTo(audio.sounding().at(-1), context?.destination)).toBe(true);
    devices.change(['hall']);
    await settled();
    expect(playing()).toEqual(['hall']);
    devices.change(['headset']);
    expect(leadsTo(audio.sounding()[0], context?.destination)).toBe(true);
    expect(playing()).toEqual([]);
    session.end();
  });

  it('may be the system’s own while calls are heard elsewhere', async () => {
    const { audio, rings } = scene({ plugins: [loudspeakers('headset', ['']).plugin] });
    const { playing } = elements();
    rings();
    await settled();
    expect(playing()).toEqual(['']);
    expect(leadsTo(audio.sounding()[0], audio.contexts[0]?.destination)).toBe(false);
  });

  it('may be the loudspeaker of calls where Web Audio cannot be led to it', async () => {
    const devices = loudspeakers('headset', ['headset']);
    const { audio, rings } = scene({ plugins: [devices.plugin] });
    audio.canChooseSink = false;
    const { playing } = elements();
    rings();
    await settled();
    expect(playing()).toEqual(['headset']);
  });

  it('ring by themselves when calls move elsewhere, and calls move back before they have moved', async () => {
    const devices = loudspeakers('desk', ['desk']);
    const { audio, rings } = scene({ plugins: [devices.plugin] });
    const { playing } = elements();
    rings();
    await settled();
    expect(playing()).toEqual([]);
    devices.move('headset');
    devices.move('desk');
    await settled();
    expect(audio.contexts[0]?.sinkId).toBe('desk');
    devices.move('headset');
    await settled();
    expect(audio.contexts[0]?.sinkId).toBe('headset');
    expect(playing()).toEqual(['desk']);
  });

  it('let it ring on the system’s own when they cannot be used', async () => {
    const { media, rings } = scene({ plugins: [loudspeakers('headset', ['desk']).plugin] });
    const { playing } = elements();
    media.breakSpeaker('desk');
    rings();
    await settled();
    expect(playing()).toEqual(['']);
  });
});

describe('the choice of a ringtone', () => {
  const options: RingtoneOptions = {
    default: 'bell.mp3',
    alertInfo: { external: 'out.mp3', 'info=vip': 'vip.mp3' },
    callers: { '1002': 'bob.mp3', '+44*': 'uk.mp3', '+4420*': 'london.mp3' },
    alertInfoOrigins: ['https://pbx.example.com'],
  };
  const of = (user: string, ...alertInfo: readonly string[]): string | null =>
    ringtoneFor(
      options,
      { alertInfo, remote: { user, name: '', uri: `sip:${user}@x` } },
      'https://page.example.com/',
    );

  const cases: readonly (readonly [string, readonly [string, ...string[]], string])[] = [
    ['nothing in particular', ['1001'], 'bell.mp3'],
    ['the caller', ['1002'], 'bob.mp3'],
    ['the start of a number', ['+441234'], 'uk.mp3'],
    ['the longest start of a number', ['+44207946'], 'london.mp3'],
    ['a word in the header before the caller', ['1002', '<urn:alert:source:EXTERNAL>'], 'out.mp3'],
    ['a parameter', ['1001', '<http://x.example/>;info=vip'], 'vip.mp3'],
    [
      'an address of an origin that is allowed',
      ['1001', '<https://pbx.example.com/a.wav>'],
      'https://pbx.example.com/a.wav',
    ],
    ['no stranger’s address', ['1001', '<https://evil.example/a.wav>'], 'bell.mp3'],
    ['no lookalike', ['1001', '<https://pbx.example.com.evil.example/>'], 'bell.mp3'],
    ['no address of the page itself', ['1001', '<secret.wav>'], 'bell.mp3'],
    ['no data in an address', ['1001', '<data:audio/wav,x>'], 'bell.mp3'],
  ];
  it.each(cases)('takes %s', (_, asked, expected) => {
    expect(of(...asked)).toBe(expected);
  });

  it('is made at once, however long and senseless the header is', () => {
    const before = performance.now();
    expect(of('1001', '<'.repeat(100_000))).toBe('bell.mp3');
    expect(performance.now() - before).toBeLessThan(1000);
  });

  it('has none where none is configured', () => {
    const nothing = { default: '', alertInfo: {}, callers: {}, alertInfoOrigins: [] };
    expect(ringtoneFor(nothing, undefined, 'https://page.example.com/')).toBeNull();
  });
});

function endless(): ReadableStream<Uint8Array> {
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue(new Uint8Array(1_000_000));
    },
  });
}

describe('a ringtone', () => {
  const options = { ringtones: { default: 'bell.mp3', callers: { '3003': 'gone.mp3' } } };

  it('is loaded when it rings, played again and again, and stopped', async () => {
    const fetched = vi.fn(() => Promise.resolve(new Response('12345')));
    vi.stubGlobal('fetch', fetched);
    const { audio, rings } = scene({ options });
    expect(fetched).not.toHaveBeenCalled();
    const { session } = rings();
    await loaded();
    await vi.waitFor(() => {
      expect(audio.sounding()).toHaveLength(1);
    });
    expect(fetched).toHaveBeenCalledExactlyOnceWith(
      'bell.mp3',
      expect.objectContaining({
        redirect: 'error',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      }),
    );
    expect(audio.sounding()[0]?.options).toMatchObject({ loop: true, buffer: { decoded: 5 } });
    session.end();
    expect(audio.sounding()).toEqual([]);
  });

  it.each([
    ['is not there', () => Promise.resolve(new Response('', { status: 404 }))],
    ['cannot be fetched', () => Promise.reject(new TypeError('refused'))],
    ['never ends', () => Promise.resolve(new Response(endless()))],
  ])('that %s gives way to the generated ring', async (_, fetched) => {
    vi.stubGlobal('fetch', vi.fn(fetched));
    const { audio, rings } = scene({ options });
    rings({ remote: { user: '3003' } });
    await loaded();
    await vi.waitFor(() => {
      expect(audio.sounding().map(cadenceOf)).toEqual([ring]);
    });
  });

  it('that takes too long gives way to the generated ring', async () => {
    vi.useFakeTimers();
    vi.stubGlobal('fetch', () => new Promise(() => undefined));
    const { audio, rings } = scene({ options });
    rings();
    await vi.advanceTimersByTimeAsync(3000);
    expect(audio.sounding().map(cadenceOf)).toEqual([ring]);
  });

  it('that comes after the call is over stays silent', async () => {
    vi.stubGlobal('fetch', () => Promise.resolve(new Response('12345')));
    const { audio, rings } = scene({ options });
    rings().session.end();
    await loaded();
    expect(audio.sounding()).toEqual([]);
  });

  it.each([
    ['the call is over', 0],
    ['patience is', 3000],
  ])('is fetched no longer when %s', async (_, waited) => {
    vi.useFakeTimers();
    const fetched = vi.fn((__: string, ___: RequestInit) => new Promise(() => undefined));
    vi.stubGlobal('fetch', fetched);
    const { rings } = scene({ options });
    const { session } = rings();
    await loaded();
    const signal = fetched.mock.calls[0]?.[1].signal;
    expect(signal?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(waited);
    if (waited === 0) session.end();
    expect(signal?.aborted).toBe(true);
  });

  it('is that of the caller who is still there', async () => {
    const fetched = vi.fn((address: string) => Promise.resolve(new Response(address)));
    vi.stubGlobal('fetch', fetched);
    const callers = { one: 'one.mp3', two: 'second.mp3' };
    const { audio, rings } = scene({ options: { ringtones: { callers } } });
    const heard = (): unknown => audio.sounding().map((node) => node.options['buffer']);
    const one = rings({ remote: { user: 'one' } });
    await vi.waitFor(() => {
      expect(heard()).toEqual([{ decoded: 'one.mp3'.length }]);
    });
    const two = rings({ remote: { user: 'two' } });
    await loaded();
    expect(heard()).toEqual([{ decoded: 'one.mp3'.length }]);
    one.session.end();
    await vi.waitFor(() => {
      expect(heard()).toEqual([{ decoded: 'second.mp3'.length }]);
    });
    two.session.end();
    expect(heard()).toEqual([]);
  });
});
