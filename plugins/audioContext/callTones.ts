import { loadPart } from '../../src/core/index.ts';
import type { Call, CallEnd, Off } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { Graph } from './graph.ts';
import { recommendedCadences } from './recommendedTones.ts';
import type { ToneCadence } from './toneNotation.ts';
import { playTone } from './toneSynth.ts';
import type { AudioContextApi, ToneKind } from './types.ts';

/** The tones of the network and of the keys: one of the former at a time. */
export interface CallTones extends Pick<AudioContextApi, 'startTone' | 'stopTone' | 'playTones'> {
  /** Plays what the calls ask for now. */
  readonly update: () => void;
}

/** How often, in milliseconds, it is asked whether early media has come. */
const glance = 100;

/** Call tones; `isWaiting` tells whether a call waits beside another one. */
export function createCallTones(
  core: AudioCore,
  graph: Graph,
  isWaiting: () => boolean,
): CallTones {
  const { ctx } = core;
  const { enabled } = ctx.options.tones;
  const cadenceOf = createPlan(core, () => {
    if (playing) start(playing);
  });
  const isRingback = createRingback(core, () => {
    update();
  });
  const failure = createFailure(core, () => {
    update();
  });
  const isCollecting = createCollecting(core, () => {
    update();
  });
  let manual: readonly ToneKind[] = [];
  let playing: ToneKind | undefined;
  let stop: Off = () => undefined;

  const wanted = (): ToneKind | undefined => {
    const automatic: readonly (readonly [ToneKind | undefined, boolean])[] = [
      ['callWaiting', isWaiting()],
      ['ringback', isRingback()],
      [failure.kind(), true],
      ['dial', isCollecting()],
    ];
    const found = automatic.find(([kind, isDue]) => kind && isDue && enabled[kind]);
    return manual.at(-1) ?? found?.[0];
  };
  const start = (kind: ToneKind): void => {
    stop();
    stop = graph.play('tones', (output) => playTone(cadenceOf(kind), output));
  };
  const update = (): void => {
    const kind = wanted();
    const before = playing;
    if (kind === before) return;
    playing = kind;
    if (kind) start(kind);
    else stop();
    if (before) ctx.emit('audioContext.tone.stopped', { kind: before });
    if (kind) ctx.emit('audioContext.tone.started', { kind });
  };
  return {
    update,
    startTone: (kind) => {
      manual = [...manual.filter((other) => other !== kind), kind];
      update();
    },
    stopTone: (kind) => {
      manual = manual.filter((other) => other !== kind);
      if (failure.kind() === kind) failure.clear();
      update();
    },
    playTones: (...frequencies) => {
      const audible = frequencies.filter((hertz) => hertz >= 20 && hertz <= 20_000);
      const { duration } = ctx.options.channels.tones;
      if (audible.length === 0) return;
      const steps = [{ frequencies: audible, seconds: duration }];
      graph.play('tones', (output) => playTone({ steps, repeatsFrom: null }, output));
    },
  };
}

// E.180's until the tones of the country are loaded, and where they cannot be.
function createPlan({ ctx }: AudioCore, changed: () => void): (kind: ToneKind) => ToneCadence {
  let language = '';
  let isTold = false;
  let cadences = recommendedCadences;
  let loaded: string | undefined;
  const load = (): void => {
    if (loaded === language) return;
    loaded = language;
    loadPart(() => import('./tonePlans.part.ts')).then(
      ({ countryTones, tonePlans }) => {
        const { country } = ctx.options.tones;
        if (!isTold && country !== '' && !(country.toLowerCase() in tonePlans)) {
          isTold = true;
          ctx.log.warn(`There are no tones of a country "${country}"; those of E.180 are played.`);
        }
        // The browser knows the region as well: `en-GB`, where the phone speaks `en`.
        const spoken = navigator.language.startsWith(language) ? navigator.language : language;
        cadences = countryTones(country, spoken);
        changed();
      },
      (error: unknown) => {
        loaded = undefined;
        ctx.log.warn('The tones of the country could not be loaded.', error);
      },
    );
  };
  ctx.on('language.changed', (event) => {
    ({ language } = event);
  });
  ctx.on('call.created', load);
  return (kind) => {
    load();
    return cadences[kind];
  };
}

// A description of early media promises sound; it may come late, or never. What has really come
// is in the sources that the receiver has heard of.
function createRingback({ ctx }: AudioCore, changed: () => void): () => boolean {
  let heard: string | undefined;
  let stop: Off | undefined;
  const look = (call: Call): void => {
    const receivers = call.getPeerConnection()?.getReceivers() ?? [];
    if (!receivers.some((one) => one.track.kind === 'audio' && hasArrived(one))) return;
    heard = call.id;
    changed();
  };
  return () => {
    const call = ctx.calls.primary();
    const { id, direction, status, hasEarlyMedia } = call?.snapshot ?? {};
    const isRingback = direction === 'outgoing' && status === 'ringing' && id !== heard;
    if (call && isRingback && hasEarlyMedia) {
      stop ??= ctx.clock.every(glance, () => {
        look(call);
      });
    } else {
      stop?.();
      stop = undefined;
    }
    return isRingback;
  };
}

function hasArrived(receiver: RTCRtpReceiver): boolean {
  return receiver.getSynchronizationSources().length > 0;
}

interface Failure {
  readonly kind: () => ToneKind | undefined;
  readonly clear: () => void;
}

// How a call ended that nobody here has ended, for some seconds or until the user goes on.
function createFailure({ ctx }: AudioCore, changed: () => void): Failure {
  let kind: ToneKind | undefined;
  let stop: Off = () => undefined;
  const clear = (): void => {
    stop();
    if (kind === undefined) return;
    kind = undefined;
    changed();
  };
  ctx.on('call.failed', ({ callId, call, end }) => {
    const isAlone = ctx.calls.list().every(({ id }) => id === callId);
    if (call.direction === 'incoming' || end.by === 'local' || !isAlone) return;
    kind = failureTone(end);
    stop();
    stop = ctx.clock.after(ctx.options.tones.failureSeconds * 1000, clear);
    changed();
  });
  ctx.on('call.created', clear);
  ctx.on('dialpad.tones.play', clear);
  ctx.on('dialpad.target.updated', clear);
  ctx.keyboard.listen(({ type, repeat }) => {
    // The key that dialled comes up, or is still held down, when a quick refusal arrives.
    if (type === 'keydown' && !repeat) clear();
  });
  return { kind: () => kind, clear };
}

const busy: readonly number[] = [486, 600, 603];
// Not found, gone, bad address or scheme, incomplete, ambiguous, does not exist anywhere.
const unobtainable: readonly number[] = [404, 410, 414, 416, 484, 485, 604];

/** The tone for the end of a call that did not come about; none for one that was given up. */
function failureTone({ statusCode }: CallEnd): ToneKind | undefined {
  if (statusCode === 487) return undefined;
  if (statusCode !== null && busy.includes(statusCode)) return 'busy';
  return statusCode !== null && unobtainable.includes(statusCode) ? 'unobtainable' : 'congestion';
}

// Somebody is to be dialled to whom the call is transferred, and nothing is dialled yet.
function createCollecting({ ctx }: AudioCore, changed: () => void): () => boolean {
  let isTyped = false;
  const typed = ({ target }: { readonly target: string }): void => {
    isTyped = target !== '';
    changed();
  };
  ctx.on('dialpad.target.updated', typed);
  ctx.on('dialpad.target.clear', typed);
  return () => ctx.calls.primary()?.snapshot.transfer?.status === 'collecting' && !isTyped;
}
