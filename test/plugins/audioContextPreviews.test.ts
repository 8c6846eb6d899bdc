import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leadsTo } from '../support/fakeAudio.ts';
import { settled } from '../support/fakeSession.ts';
import { connectionWithSound, loaded, scene } from './audioContextScene.ts';

/** Elements of which the test says whether they are on the screen. */
class FakeSight {
  static readonly all = new Set<FakeSight>();
  readonly watched = new Set<Element>();
  readonly #tell: (entries: readonly object[]) => void;

  constructor(tell: (entries: readonly object[]) => void) {
    this.#tell = tell;
    FakeSight.all.add(this);
  }
  observe(target: Element): void {
    this.watched.add(target);
    this.#tell([{ target, isIntersecting: true }]);
  }
  unobserve(target: Element): void {
    this.watched.delete(target);
  }
  disconnect(): void {
    this.watched.clear();
  }
  hide(): void {
    this.#tell([...this.watched].map((target) => ({ target, isIntersecting: false })));
  }
}

beforeEach(() => {
  FakeSight.all.clear();
  vi.stubGlobal('IntersectionObserver', FakeSight);
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('the test sound', () => {
  it('plays at the press of a button until it is over', async () => {
    const { audio, events, part, sound } = scene();
    await settled();
    part('audioContext', 'tone').click();
    await loaded();
    await vi.waitFor(() => {
      expect(sound.isPreviewToneActive()).toBe(true);
    });
    await settled();
    expect(part('audioContext', 'tone').getAttribute('aria-pressed')).toBe('true');
    const [tone] = audio.sounding();
    expect(tone?.options).toEqual({ frequency: 440, type: 'sine' });
    expect(leadsTo(tone, audio.contexts[0]?.destination)).toBe(true);
    tone?.finish();
    await settled();
    expect(events.names('audioContext.preview')).toEqual([
      'audioContext.preview.tone.started',
      'audioContext.preview.tone.stopped',
    ]);
    expect(part('audioContext', 'tone').getAttribute('aria-pressed')).toBe('false');
  });
});

describe('hearing oneself', () => {
  it('opens the microphone for as long as it runs', async () => {
    const { audio, events, media, sound } = scene();
    await sound.startPreviewLoopback();
    expect(media.requests).toHaveLength(1);
    expect(media.liveTracks()).toHaveLength(1);
    const nodes = [...(audio.contexts[0]?.nodes ?? [])];
    expect(nodes.find(({ kind }) => kind === 'DelayNode')?.options).toMatchObject({
      delayTime: 0.5,
    });
    sound.stopPreviewLoopback();
    expect(media.liveTracks()).toEqual([]);
    expect(events.names('audioContext.preview')).toEqual([
      'audioContext.preview.loopback.started',
      'audioContext.preview.loopback.stopped',
    ]);
  });

  it('is over when a call begins, and with the phone', async () => {
    const { media, phone, sound, rings } = scene();
    await sound.togglePreviewLoopback();
    const { session } = rings();
    expect(media.liveTracks()).toEqual([]);
    session.end();
    await sound.togglePreviewLoopback();
    expect(media.liveTracks()).toHaveLength(1);
    phone.destroy();
    expect(media.liveTracks()).toEqual([]);
  });

  it('closes what is opened after it was stopped', async () => {
    const test = scene();
    const starting = test.sound.startPreviewLoopback();
    await loaded();
    test.sound.stopPreviews();
    await starting;
    await settled();
    expect(test.media.liveTracks()).toEqual([]);
    expect(test.sound.isPreviewLoopbackActive()).toBe(false);
  });

  it('goes together with the test sound', async () => {
    const { sound } = scene();
    await Promise.all([sound.startPreviewLoopback(), sound.startPreviewTone()]);
    expect([sound.isPreviewLoopbackActive(), sound.isPreviewToneActive()]).toEqual([true, true]);
    sound.stopPreviewTone();
    expect(sound.isPreviewLoopbackActive()).toBe(true);
  });

  it('tells why the microphone cannot be heard', async () => {
    const { media, part, sound } = scene();
    media.failNext('NotFoundError');
    await expect(sound.startPreviewLoopback()).rejects.toMatchObject({ code: 'media.noDevice' });
    await settled();
    expect(part('audioContext', 'error').textContent).toBe('No microphone or camera was found.');
    await sound.startPreviewLoopback();
    await settled();
    expect(part('audioContext', 'alert').textContent.trim()).toBe('');
  });
});

describe('level meters', () => {
  it('measure both sides of a call while they are on the screen, and nothing else', async () => {
    vi.useFakeTimers();
    const test = scene();
    const { call, session } = test.calls();
    const stream = await test.phone.calls.media().open(call.id, { audio: true, video: false });
    void session.start(stream);
    session.report({ type: 'connection', connection: connectionWithSound() });
    session.establish();
    await loaded();
    await vi.waitFor(() => {
      expect([...FakeSight.all].flatMap(({ watched }) => [...watched])).toHaveLength(2);
    });
    const [context] = test.audio.contexts;
    const measuring = () =>
      [...(context?.nodes ?? [])].filter(
        ({ kind, outputs }) => kind === 'MediaStreamAudioSourceNode' && outputs.size > 0,
      ).length;
    expect(measuring()).toBe(2);
    for (const node of context?.nodes ?? []) node.level = 0.1;
    await vi.advanceTimersByTimeAsync(100);
    const meter = test.part('audioContext', 'localLevel') as HTMLMeterElement;
    expect(meter.value).toBeCloseTo(1 - 20 / 60, 2);
    for (const sight of FakeSight.all) sight.hide();
    expect(measuring()).toBe(0);
    expect(meter.value).toBe(0);
    session.end();
    await vi.advanceTimersByTimeAsync(1000);
    expect(context?.state).toBe('suspended');
    expect(test.root('audioContext').querySelector('meter')).toBeNull();
  });

  it('measure every call by the same nodes, which some browsers never let go of', async () => {
    const test = scene();
    const talk = async (): Promise<void> => {
      const { call, session } = test.calls();
      const stream = await test.phone.calls.media().open(call.id, { audio: true, video: false });
      void session.start(stream);
      session.report({ type: 'connection', connection: connectionWithSound() });
      session.establish();
      await loaded();
      await vi.waitFor(() => {
        expect(measured()).toHaveLength(2);
      });
      session.end();
      await settled();
      expect(measured()).toEqual([]);
    };
    const measured = () =>
      [...(test.audio.contexts[0]?.nodes ?? [])].filter(
        ({ kind, outputs }) => kind === 'MediaStreamAudioSourceNode' && outputs.size > 0,
      );
    await talk();
    await talk();
    const nodes = [...(test.audio.contexts[0]?.nodes ?? [])];
    expect(nodes.filter(({ kind }) => kind === 'AnalyserNode')).toHaveLength(2);
  });

  it('are not there without a call', async () => {
    const { root, audio } = scene();
    await settled();
    expect(root('audioContext').querySelector('meter')).toBeNull();
    expect(audio.contexts).toEqual([]);
  });
});
