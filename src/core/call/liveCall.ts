import { PhoneError } from '../errors.ts';
import type { Off } from '../scope.ts';
import type { Call } from './call.ts';
import type { CallCore, CallEnvironment } from './callCore.ts';
import { createCommands } from './commands.ts';
import { createQueries } from './queries.ts';
import { followFacts } from './facts.ts';
import { createPlayback } from './playback.ts';
import { createQueue } from './queue.ts';
import { reduce } from './reduce.ts';
import { maySend } from './sending.ts';
import type { SipSession } from './session.ts';
import type { CallSnapshot } from './snapshot.ts';

/** A call and what only the list of calls may do with it. */
export interface LiveCall {
  readonly call: Call;
  readonly setFocus: (isPrimary: boolean) => void;
  readonly applySending: () => void;
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
    emit,
    now,
    queue: createQueue(environment.clock, environment.options.operationTimeout ?? 40_000),
    playback: createPlayback({
      track: (track) => {
        emit('peerconnection.add.track', { track });
      },
      element: (element) => {
        emit('remote.audio.element', { element });
      },
      blocked: (element) => {
        emit('remote.audio.blocked', { element });
      },
    }),
    change: (change) => {
      const previous = snapshot;
      snapshot = reduce(snapshot, change);
      if (snapshot === previous) return false;
      core.applySending();
      emit('changed', { previous });
      return true;
    },
    applySending: () => {
      session.setSending(maySend(snapshot, environment.deviceMuted()));
    },
  };
  const stop = followFacts(core);
  const queries = createQueries(core);
  return {
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
    applySending: core.applySending,
    dispose: () => {
      stop();
      core.queue.close(new PhoneError('phone.destroyed'));
      core.playback.dispose();
    },
  };
}
