import { PhoneError } from '../errors.ts';
import type { Off } from '../scope.ts';
import type { Call, MediaSource } from './call.ts';
import type { CallCore, CallEnvironment } from './callCore.ts';
import { createCommands } from './commands.ts';
import { createQueries } from './queries.ts';
import { followFacts } from './facts.ts';
import { createPlayback } from './playback.ts';
import { createLocalMedia } from './localMedia.ts';
import { createQueue } from './queue.ts';
import { reduce } from './reduce.ts';
import type { CallChange } from './reduce.ts';
import type { MediaOptions, SipSession } from './session.ts';
import type { CallSnapshot } from './snapshot.ts';

/** A call and what only the list of calls may do with it. */
export interface LiveCall {
  readonly call: Call;
  readonly session: SipSession;
  readonly setFocus: (isPrimary: boolean) => void;
  /** Takes a change that comes from elsewhere than the far end. */
  readonly change: (change: CallChange) => void;
  /** Sends sound on the way that it goes now, in both directions. */
  readonly reroute: () => Promise<void>;
  /** Opens what the call wants, on the way that its sound goes. */
  readonly open: MediaSource['open'];
  /** What the application gave it in place of what a call opens by itself. */
  readonly given: () => MediaOptions;
  /** Lets go of everything without a word to the far end; for a phone that is destroyed. */
  readonly dispose: Off;
}

/** Brings a session to life as a call. `created` is emitted by the caller. */
export function createLiveCall(
  first: CallSnapshot,
  session: SipSession,
  environment: CallEnvironment,
): LiveCall {
  let snapshot = first;
  const now = (): CallSnapshot => snapshot;
  const emit = environment.emitter(now);
  const core: CallCore = {
    session,
    environment,
    referral: { request: undefined },
    emit,
    now,
    queue: createQueue(environment.clock, environment.options.operationTimeout ?? 40_000),
    playback: playbackOf(first.id, { emit, environment }, () => {
      tellReceiving();
    }),
    local: localOf(first.id, { session, environment, emit }, () => core),
    change: (change) => {
      const previous = snapshot;
      snapshot = reduce(snapshot, change);
      if (snapshot === previous) return false;
      core.applySending();
      emit('changed', { previous });
      tellReceiving();
      return true;
    },
    applySending: () => {
      session.setSending(core.local.gate(snapshot));
    },
  };
  const tellReceiving = createReceivingNews(core);
  const stop = followFacts(core);
  const queries = createQueries(core);
  return {
    session,
    call: Object.freeze({
      id: first.id,
      get snapshot() {
        return snapshot;
      },
      ...createCommands(core),
      ...queries,
    }),
    setFocus: (isPrimary) => {
      core.change({ type: 'focus', isPrimary });
    },
    change: core.change,
    reroute: async () => {
      core.playback.reroute();
      await core.local.reroute();
    },
    open: (_, ...wanted) => core.local.open(...wanted),
    given: () => ({ render: core.playback.render(), mediaStream: core.local.given() }),
    dispose: () => {
      stop();
      core.queue.close(new PhoneError('phone.destroyed'));
      core.playback.dispose();
      core.local.dispose();
    },
  };
}

function localOf(
  callId: string,
  { session, environment, emit }: Pick<CallCore, 'session' | 'environment' | 'emit'>,
  core: () => CallCore,
): CallCore['local'] {
  return createLocalMedia({
    callId,
    session,
    source: environment.media,
    path: environment.soundPath,
    report: environment.report,
    apply: () => {
      core().applySending();
    },
    changed: (kind, track, former) => {
      if (kind === 'video') core().playback.show(track);
      if (former) emit(`local.${kind}.removed`, { track: former });
      if (track) emit(`local.${kind}.added`, { track });
    },
    showing: (source) => {
      core().change({ type: 'localVideo', source });
    },
    missing: (missing) => {
      core().change({ type: 'missing', missing });
    },
    systemMuted: (muted) => {
      core().change({ type: 'systemMuted', muted });
    },
  });
}

function playbackOf(
  callId: string,
  { emit, environment }: Pick<CallCore, 'emit' | 'environment'>,
  tellReceiving: () => void,
): ReturnType<typeof createPlayback> {
  const playback = createPlayback({
    track: (track) => {
      emit('peerconnection.add.track', { track });
      tellReceiving();
    },
    remoteAudio: (element) => {
      emit('remote.audio.element', { element });
    },
    remoteVideo: (element) => {
      emit('remote.video.element', { element });
    },
    localVideo: (element) => {
      emit('local.video.element', { element });
    },
    blocked: (element) => {
      emit('remote.audio.blocked', { element });
    },
    route: async (track) => {
      try {
        return (await environment.soundPath()?.incoming(callId, track)) ?? track;
      } catch (error) {
        environment.report(error);
        return track;
      }
    },
  });
  playback.render(environment.render);
  return playback;
}

// An agreement to receive and the track itself come in either order; both together are the news.
function createReceivingNews({ now, playback, emit }: CallCore): () => void {
  const told = { audio: false, video: false };
  return () => {
    for (const kind of ['audio', 'video'] as const) {
      const receives = now().receiving[kind];
      const track = playback.track(kind);
      if (!track || receives === told[kind]) continue;
      told[kind] = receives;
      emit(`remote.${kind}.${receives ? 'added' : 'removed'}`, { track });
    }
  };
}
