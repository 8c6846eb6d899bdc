import { PhoneError, asPhoneError } from '../../src/core/index.ts';
import type { ByKind } from '../../src/core/index.ts';
import { failed } from './inputs.ts';
import type { Inputs, MediaCore } from './inputs.ts';
import { hasNoCamera, inputKinds, selectedOf, trackKindOf } from './state.ts';
import type { InputKind } from './types.ts';

/** A stream for each request. */
export interface Streams {
  readonly start: (requestId: string, wants: ByKind) => Promise<MediaStream>;
  readonly stop: (requestId: string) => void;
  readonly stopAll: () => void;
  /** One more track for a request that has others already. Rejects with `media.*`. */
  readonly add: (requestId: string, kind: 'audio' | 'video') => Promise<MediaStreamTrack>;
  /** Stops a request's track of a kind, and leaves its others alone. */
  readonly remove: (requestId: string, kind: 'audio' | 'video') => void;
  /** Puts a request's track of another device into its stream, and into its call if it is one. */
  readonly move: (
    requestId: string,
    fresh: MediaStreamTrack,
    old: MediaStreamTrack | undefined,
  ) => Promise<void>;
  /** Lets the tracks of requests that are no calls sound or not; calls decide for themselves. */
  readonly applyMuted: () => void;
}

interface Request {
  stream: Promise<MediaStream>;
  /** Set as soon as the stream is there. */
  opened?: MediaStream;
}

/** Streams of clones, one per request. */
export function createStreams({ ctx, store }: MediaCore, inputs: Inputs): Streams {
  const requests = new Map<string, Request>();

  const stop = (requestId: string): void => {
    requests.delete(requestId);
    for (const kind of inputKinds) inputs.capture[kind].release(requestId);
  };
  const collect = async (requestId: string, kinds: readonly InputKind[]): Promise<MediaStream> => {
    const results = await Promise.allSettled(
      kinds.map((kind) => inputs.capture[kind].acquire(requestId)),
    );
    const failed = results.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw asPhoneError(failed.reason, 'media.failed');
    const request = requests.get(requestId);
    // Stopped meanwhile, and perhaps started anew: that stream has tracks of its own.
    const tracks = kinds.map((kind) => inputs.capture[kind].current(requestId));
    if (!request || tracks.includes(undefined)) throw new PhoneError('call.ended');
    const stream = new MediaStream(tracks.filter((track) => track !== undefined));
    request.opened = stream;
    return stream;
  };
  const mute = (requestId: string, stream: MediaStream | undefined): void => {
    if (stream && !ctx.calls.get(requestId)) applyMute(stream, store.get().muted);
  };
  const open = (requestId: string, wants: ByKind): Promise<MediaStream> => {
    const kinds = wantedOf({ ctx, store }, wants);
    const request: Request = {
      stream: collect(requestId, kinds).then(
        (stream) => {
          if (requests.get(requestId) !== request) throw new PhoneError('call.ended');
          mute(requestId, stream);
          return stream;
        },
        (error: unknown) => {
          // Of two devices one may be open already.
          if (requests.get(requestId) === request) stop(requestId);
          throw error;
        },
      ),
    };
    requests.set(requestId, request);
    return request.stream;
  };
  const openedOf = (requestId: string): MediaStream | undefined => requests.get(requestId)?.opened;
  const single = singleKinds({ ctx, store }, inputs, openedOf);
  return {
    start: (requestId, wants) => {
      const known = requests.get(requestId);
      if (!known) return open(requestId, wants);
      return extend(known, async (stream) => {
        for (const kind of wantedOf({ ctx, store }, wants)) {
          if (requests.get(requestId) !== known) throw new PhoneError('call.ended');
          await single.add(requestId, trackKindOf(kind));
        }
        mute(requestId, stream);
      });
    },
    stop,
    ...single,
    stopAll: () => {
      // A call may hold a camera without a stream: `add` alone opened it.
      const holders = inputKinds.flatMap((kind) => inputs.capture[kind].requests());
      new Set([...requests.keys(), ...holders]).forEach(stop);
    },
    move: createMove(ctx, openedOf),
    applyMuted: () => {
      for (const [requestId, { opened }] of requests) mute(requestId, opened);
    },
  };
}

function createMove(
  ctx: MediaCore['ctx'],
  openedOf: (requestId: string) => MediaStream | undefined,
): Streams['move'] {
  return async (requestId, fresh, old) => {
    // The stream first, in this very turn: a call that is only being made takes its track from it.
    const stream = openedOf(requestId);
    if (old) stream?.removeTrack(old);
    stream?.addTrack(fresh);
    try {
      await ctx.calls.get(requestId)?.replaceSenderTrack(fresh);
    } catch (error) {
      ctx.log.warn('A call could not be moved to another device.', error);
      throw error;
    }
  };
}

function applyMute(stream: MediaStream, muted: ByKind): void {
  for (const track of stream.getTracks()) {
    track.enabled = !(track.kind === 'video' ? muted.video : muted.audio);
  }
}

/** Does more with a stream, one thing after the other; what is open stays when that fails. */
function extend(
  request: Request,
  work: (stream: MediaStream) => Promise<void>,
): Promise<MediaStream> {
  const before = request.stream;
  const extended = before.then(async (stream) => {
    await work(stream);
    return stream;
  });
  request.stream = extended.catch(() => before);
  // Whoever asked hears of it; nobody else may be waiting.
  request.stream.catch(() => undefined);
  return extended;
}

// Whoever has chosen no camera takes part with the voice alone.
function wantedOf(core: Pick<MediaCore, 'ctx' | 'store'>, wants: ByKind): readonly InputKind[] {
  return inputKinds.filter(
    (kind) =>
      wants[trackKindOf(kind)] &&
      core.ctx.options[kind].enabled &&
      (kind === 'audioinput' || !isWithoutCamera(core)),
  );
}

function isWithoutCamera({ ctx, store }: Pick<MediaCore, 'ctx' | 'store'>): boolean {
  return !ctx.options.videoinput.create && hasNoCamera(store.get());
}

function singleKinds(
  { ctx, store }: Pick<MediaCore, 'ctx' | 'store'>,
  inputs: Inputs,
  openedOf: (requestId: string) => MediaStream | undefined,
): Pick<Streams, 'add' | 'remove'> {
  return {
    add: async (requestId, kind) => {
      const input = kindOf(kind);
      if (!ctx.options[input].enabled) throw new PhoneError('media.noDevice');
      if (input === 'videoinput' && isWithoutCamera({ ctx, store })) throw noCamera({ ctx, store });
      const present = inputs.capture[input].current(requestId);
      if (present?.readyState === 'live') return present;
      const opened = await inputs.capture[input].acquire(requestId);
      const track = inputs.capture[input].current(requestId) ?? opened;
      openedOf(requestId)?.addTrack(track);
      return track;
    },
    remove: (requestId, kind) => {
      const input = kindOf(kind);
      const track = inputs.capture[input].current(requestId);
      if (track) openedOf(requestId)?.removeTrack(track);
      inputs.capture[input].release(requestId);
    },
  };
}

function noCamera(core: Pick<MediaCore, 'ctx' | 'store'>): PhoneError {
  // Whoever has chosen none knows.
  if (selectedOf(core.store.get(), 'videoinput')?.preference !== 0) {
    return new PhoneError('media.noneChosen');
  }
  const error = new PhoneError('media.noDevice');
  failed(core, 'videoinput', error);
  return error;
}

function kindOf(kind: 'audio' | 'video'): InputKind {
  return kind === 'video' ? 'videoinput' : 'audioinput';
}
