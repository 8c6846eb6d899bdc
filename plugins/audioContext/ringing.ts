import { loadPart } from '../../src/core/index.ts';
import type { CallSnapshot, Off } from '../../src/core/index.ts';
import { openRingOutputs } from './ringOutputs.ts';
import type { RingOutputParts } from './ringOutputs.ts';
import { playTone } from './toneSynth.ts';
import type { PlayingTone } from './toneSynth.ts';
import type { AudioContextApi } from './types.ts';

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
  const start = createRing(parts);
  let requests: readonly (string | null)[] = [];
  let isWaiting = false;
  let ring: { stop: Off; close: Off } | undefined;

  const end = (): void => {
    ring?.stop();
    ring?.close();
    ring = undefined;
  };
  const update = (): void => {
    // Who is being answered rings no more: the microphone opens, and would send the ring.
    const audible = requests.filter((id) => ctx.calls.get(id ?? '')?.snapshot.pending !== 'answer');
    isWaiting = audible.length > 0 && ctx.calls.list().some(({ snapshot }) => isTalk(snapshot));
    if (audible.length > 0 && !isWaiting) {
      ring ??= {
        close: openRingOutputs(parts),
        stop: start(ctx.calls.get(audible[0] ?? '')?.snapshot),
      };
    } else {
      end();
    }
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

// An unanswered call of somebody else is no conversation; one of the user's own is.
function isTalk({ direction, status }: CallSnapshot): boolean {
  return status !== 'ended' && (direction === 'outgoing' || status !== 'ringing');
}

function createRing({ core, graph }: RingOutputParts): (call?: CallSnapshot) => Off {
  const { ctx } = core;
  const { ringtones, channels } = ctx.options;
  const { onTime, offTime, carrier, modulator } = channels.ringer;
  const hasRingtones =
    ringtones.default !== '' ||
    [ringtones.alertInfo, ringtones.callers, ringtones.alertInfoOrigins].some(
      (given) => Object.keys(given).length > 0,
    );
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
  const find = async (call: CallSnapshot | undefined, context: BaseAudioContext) => {
    const part = await loadPart(() => import('./ringtones.part.ts'));
    return (await part.openRingtone({ ringtones, call, context, signal: ctx.signal })) ?? generated;
  };
  return (call) => {
    const context = hasRingtones ? graph.output('ringer')?.context : undefined;
    if (!context) return graph.play('ringer', generated);
    let stop: Off | undefined;
    const play = (sound: typeof generated): void => {
      stop ??= graph.play('ringer', sound);
    };
    const stopWaiting = ctx.clock.after(patience, () => {
      play(generated);
    });
    find(call, context).then(play, (error: unknown) => {
      ctx.log.warn('A ringtone could not be loaded; the generated one rings.', error);
      play(generated);
    });
    return () => {
      stopWaiting();
      stop?.();
      // What is loaded from now on comes too late.
      stop = () => undefined;
    };
  };
}
