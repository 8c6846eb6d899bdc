import type { AudioProcessor, Clock, Off } from '../../src/core/index.ts';
import type { Processors } from './types.ts';

/** What the way of sound needs. */
export interface ProcessingServices {
  readonly clock: Clock;
  readonly processors: () => Processors;
  /** Keeps the phone's AudioContext running. */
  readonly hold: () => { readonly context: AudioContext; readonly release: Off } | undefined;
  /** Whether the call is still there: it may end while something begins for it. */
  readonly isThere: (callId: string) => boolean;
  readonly failed: (processor: string, direction: keyof Processors, error: unknown) => void;
}

/** Sound on its way through processors. */
export interface Processing {
  readonly outgoing: (
    callId: string,
    track: MediaStreamTrack,
    added: MediaStreamTrack | null,
  ) => Promise<MediaStreamTrack>;
  readonly incoming: (callId: string, track: MediaStreamTrack) => Promise<MediaStreamTrack>;
  /** The call sends what it was given last: what came before is let go of. */
  readonly settle: (callId: string) => void;
  readonly close: (callId: string) => void;
}

/** A track and what was opened for it; `stop` lets go of that and never of what it was made of. */
interface Chain {
  readonly track: MediaStreamTrack;
  readonly stop: Off;
}

/** How long, in milliseconds, an element may take to change from one incoming track to the next. */
const overlap = 200;
/** How long, in milliseconds, a processor may take to begin: a call waits for it. */
const patience = 5000;

/** The chains of all calls. A new one is complete before the call leaves the one before it. */
export function createProcessing(services: ProcessingServices): Processing {
  const chains = new Map<string, readonly Chain[]>();

  // The last one is in use.
  const leave = (key: string, kept: number): void => {
    const all = chains.get(key) ?? [];
    const over = all.slice(0, Math.max(0, all.length - kept));
    const rest = all.slice(over.length);
    if (rest.length > 0) chains.set(key, rest);
    else chains.delete(key);
    for (const { stop } of over) stop();
  };
  const take = async (key: string, callId: string, start: () => Promise<Chain>): Promise<Chain> => {
    const chain = await start();
    if (services.isThere(callId)) chains.set(key, [...(chains.get(key) ?? []), chain]);
    else chain.stop();
    return chain;
  };
  return {
    outgoing: async (callId, track, added) => {
      const start = (): Promise<Chain> => startOutgoing(services, track, added);
      return (await take(`outgoing ${callId}`, callId, start)).track;
    },
    incoming: async (callId, track) => {
      const key = `incoming ${callId}`;
      const { track: heard } = await take(key, callId, () => startIncoming(services, track));
      services.clock.after(overlap, () => {
        leave(key, 1);
      });
      return heard;
    },
    settle: (callId) => {
      leave(`outgoing ${callId}`, 1);
    },
    close: (callId) => {
      leave(`outgoing ${callId}`, 0);
      leave(`incoming ${callId}`, 0);
    },
  };
}

function untouched(track: MediaStreamTrack): Chain {
  return { track, stop: () => undefined };
}

async function startOutgoing(
  services: ProcessingServices,
  track: MediaStreamTrack,
  added: MediaStreamTrack | null,
): Promise<Chain> {
  const { outgoing } = services.processors();
  const held = outgoing.length > 0 || added ? services.hold() : undefined;
  if (!held) return untouched(track);
  // A copy: the call's own track is switched off while it is muted or held, and would stay so.
  const input = track.clone();
  input.enabled = true;
  const chain = await run(services, 'outgoing', { track: input, context: held.context });
  let mixed = chain;
  const stop = (): void => {
    mixed.stop();
    input.stop();
    held.release();
  };
  try {
    if (added) mixed = mix(chain, added, held.context);
  } catch (error) {
    // A browser may refuse to mix; the copy of the microphone must not stay open for that.
    stop();
    throw error;
  }
  if (mixed.track !== input) return { track: mixed.track, stop };
  stop();
  return untouched(track);
}

async function startIncoming(
  services: ProcessingServices,
  track: MediaStreamTrack,
): Promise<Chain> {
  const held = services.processors().incoming.length > 0 ? services.hold() : undefined;
  if (!held) return untouched(track);
  // Chromium decodes what comes in only while an element plays it.
  const element = new Audio();
  element.muted = true;
  element.srcObject = new MediaStream([track]);
  element.play().catch(() => undefined);
  const chain = await run(services, 'incoming', { track, context: held.context });
  return {
    track: chain.track,
    stop: () => {
      chain.stop();
      element.pause();
      element.srcObject = null;
      held.release();
    },
  };
}

interface Input {
  readonly track: MediaStreamTrack;
  readonly context: AudioContext;
}

/** One processor after the other; one that fails is left out. */
async function run(
  services: ProcessingServices,
  direction: keyof Processors,
  { track, context }: Input,
): Promise<Chain> {
  const stops: Off[] = [];
  let current = track;
  for (const processor of services.processors()[direction]) {
    try {
      const made = await inTime(services.clock, processor.process(current, context));
      stops.unshift(made.stop);
      current = made.track;
    } catch (error) {
      services.failed(processor.name, direction, error);
    }
  }
  return {
    track: current,
    stop: () => {
      for (const stop of stops) {
        try {
          stop();
        } catch {
          // The others are let go of all the same.
        }
      }
    },
  };
}

type Made = Awaited<ReturnType<AudioProcessor['process']>>;

function inTime(clock: Clock, making: Made | Promise<Made>): Promise<Made> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const stop = clock.after(patience, () => {
      isLate = true;
      reject(new Error('It took too long to begin.'));
    });
    Promise.resolve(making)
      .then((made) => {
        if (isLate) made.stop();
        resolve(made);
      }, reject)
      .finally(stop);
  });
}

function mix(chain: Chain, added: MediaStreamTrack, context: AudioContext): Chain {
  const line = new MediaStreamAudioDestinationNode(context);
  const sources = [chain.track, added].map((track) => {
    const source = new MediaStreamAudioSourceNode(context, {
      mediaStream: new MediaStream([track]),
    });
    source.connect(line);
    return source;
  });
  const [track = chain.track] = line.stream.getAudioTracks();
  return {
    track,
    stop: () => {
      for (const source of sources) source.disconnect();
      track.stop();
      chain.stop();
    },
  };
}
