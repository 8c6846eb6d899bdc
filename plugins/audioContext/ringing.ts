import { loadPart } from '../../src/core/index.ts';
import type { CallSnapshot, Off } from '../../src/core/index.ts';
import { openRingOutputs } from './ringOutputs.ts';
import type { RingOutputParts } from './ringOutputs.ts';
import type { RingtoneRequest } from './ringtones.part.ts';
import { playTone } from './toneSynth.ts';
import type { PlayingTone } from './toneSynth.ts';
import type { AudioContextApi, RingtoneOptions } from './types.ts';

/** The ring: who asks for it, and whether it sounds. */
export interface Ringing extends Pick<
  AudioContextApi,
  'startRinging' | 'stopRinging' | 'stopAllRinging'
> {
  /** Starts or stops what the calls ask for now. */
  readonly update: () => void;
  /** The devices that ring are others now. */
  readonly moved: () => void;
  /** True while the call waiting tone takes the place of the ring. */
  readonly isWaiting: () => boolean;
}

/** How long a ringtone may take to load, in milliseconds: somebody waits for an answer. */
const patience = 3000;

/** A ring for all who ask for it; `changed` hears whenever it may have changed. */
export function createRinging(parts: RingOutputParts, changed: () => void): Ringing {
  const { ctx } = parts.core;
  // The generated ring goes on for all; a ringtone is that of the one who is heard.
  const canDiffer = hasRingtones(ctx.options.ringtones);
  const start = createRing(parts, canDiffer);
  let requests: readonly (string | null)[] = [];
  let isWaiting = false;
  let ring: { stop: Off; close: Off; heard: string | null } | undefined;

  const end = (): void => {
    ring?.stop();
    ring?.close();
    ring = undefined;
  };
  const ringFor = (heard: string | null): void => {
    if (ring && (ring.heard === heard || !canDiffer)) return;
    ring?.stop();
    ring = {
      heard,
      close: ring?.close ?? openRingOutputs(parts),
      stop: start(ctx.calls.get(heard ?? '')?.snapshot),
    };
  };
  const update = (): void => {
    const audible = requests.filter((id) => mayRing(ctx.calls.get(id ?? '')?.snapshot));
    isWaiting = audible.length > 0 && ctx.calls.list().some(({ snapshot }) => isTalk(snapshot));
    const [heard] = audible;
    if (heard === undefined || isWaiting) end();
    else ringFor(heard);
    changed();
  };
  ctx.onDestroy(end);
  return {
    startRinging: (requestId = null) => {
      if (requestId !== null && requests.includes(requestId)) return;
      requests = [...requests, requestId];
      update();
    },
    stopRinging: (requestId = null) => {
      const place = requests.indexOf(requestId);
      requests = requests.filter((_, at) => at !== place);
      update();
    },
    stopAllRinging: () => {
      requests = [];
      update();
    },
    update,
    moved: () => {
      if (!ring) return;
      ring.close();
      ring.close = openRingOutputs(parts);
    },
    isWaiting: () => isWaiting,
  };
}

// Who is being answered rings no more: the microphone opens, and would send the ring. What an
// application asks for is no call.
function mayRing(call: CallSnapshot | undefined): boolean {
  return !call || (call.status === 'ringing' && call.pending === null);
}

// An unanswered call of somebody else is no conversation; one of the user's own is.
function isTalk({ direction, status, pending }: CallSnapshot): boolean {
  if (status === 'ended') return false;
  return direction === 'outgoing' || status !== 'ringing' || pending === 'answer';
}

function hasRingtones({ default: address, ...chosen }: RingtoneOptions): boolean {
  return address !== '' || Object.values(chosen).some((given) => Object.keys(given).length > 0);
}

function createRing(
  { core, graph }: RingOutputParts,
  canDiffer: boolean,
): (call?: CallSnapshot) => Off {
  const { ctx } = core;
  const { ringtones, channels } = ctx.options;
  const { onTime, offTime, carrier, modulator } = channels.ringer;
  const generated = (output: AudioNode): PlayingTone =>
    playTone(
      {
        steps: [
          {
            frequencies: [carrier.frequency],
            modulation: modulator.frequency,
            seconds: onTime,
          },
          { frequencies: [], seconds: offTime },
        ],
        repeatsFrom: 0,
      },
      output,
    );
  const find = async (given: Omit<RingtoneRequest, 'ringtones'>) => {
    const part = await loadPart(() => import('./ringtones.part.ts'));
    return (await part.openRingtone({ ringtones, ...given })) ?? generated;
  };
  return (call) => {
    const context = canDiffer ? graph.output('ringer')?.context : undefined;
    if (!context) return graph.play('ringer', generated);
    let stop: Off | undefined;
    const loading = new AbortController();
    const play = (sound: typeof generated): void => {
      stop ??= graph.play('ringer', sound);
    };
    const fallBack = (error: unknown): void => {
      if (stop) return;
      ctx.log.warn('A ringtone could not be loaded; the generated one rings.', error);
      play(generated);
    };
    const stopWaiting = ctx.clock.after(patience, () => {
      fallBack('It took too long.');
      loading.abort();
    });
    find({ call, context, signal: loading.signal }).then(play, fallBack);
    return () => {
      stopWaiting();
      stop?.();
      // What is loaded from now on comes too late.
      stop = () => undefined;
      loading.abort();
    };
  };
}
