import { PhoneError } from '../errors.ts';
import { clockTime } from '../formats.ts';
import type { Off } from '../scope.ts';
import { explainEnd } from './cause.ts';
import type { CallCore } from './callCore.ts';
import { releaseUntaken } from './mediaCommands.ts';
import { parseReason } from './reasonHeader.ts';
import type { SessionEnd, SessionFact } from './session.ts';
import type { CallEnd, CallSnapshot } from './snapshot.ts';

type FactType = SessionFact['type'];
type Handlers = {
  readonly [Type in FactType]: (fact: Extract<SessionFact, { readonly type: Type }>) => void;
};

/** Turns what the session reports into changes of the snapshot and events: state first, then event. */
export function followFacts(core: CallCore): Off {
  const { session, playback, environment, emit, now, change } = core;
  let stopTimer: Off = () => undefined;
  let wasRinging = now().direction === 'incoming';

  const stopRinging = (): void => {
    if (!wasRinging) return;
    wasRinging = false;
    emit('ringing.stopped', {});
  };
  const handlers: Handlers = {
    progress: ({ statusCode, hasMedia, event }) => {
      if (hasMedia) change({ type: 'earlyMedia' });
      if (statusCode > 100) change({ type: 'ringing' });
      emit('progress', { statusCode, event });
    },
    established: ({ event }) => {
      if (!change({ type: 'established', at: environment.clock.now() })) return;
      stopTimer = startTiming(core);
      stopRinging();
      emit('established', { event });
      releaseUntaken(core).catch(environment.report);
    },
    held: ({ side, on, event }) => {
      if (!change({ type: 'held', side, on })) return;
      emit(on ? 'hold' : 'unhold', { originator: side, event });
    },
    connection: ({ connection }) => {
      playback.attach(connection);
      emit('peerconnection', { peerConnection: connection });
    },
    media: ({ media, receiving }) => {
      change({ type: 'media', media, receiving });
    },
    renegotiated: () => {
      core.applySending();
      emit('renegotiated', {});
    },
    ...identityFacts(core),
    dtmf: ({ tone, duration, event }) => {
      emit('receive.dtmf', { tone, duration, event });
    },
    info: ({ contentType, body, event }) => {
      emit('receive.info', { contentType, body, event });
    },
    refer: referFacts(core),
    ended: ({ end, event }) => {
      const reported = callEnd(now(), end);
      if (!change({ type: 'ended', at: environment.clock.now(), end: reported })) return;
      stopTimer();
      off();
      core.queue.close(new PhoneError('call.ended', endDetails(reported)));
      playback.dispose();
      core.local.dispose();
      environment.media().close(now().id);
      stopRinging();
      emit('terminated', { end: reported });
      emit(reported.failed ? 'failed' : 'ended', { end: reported, event });
      environment.over(now().id);
    },
  };
  const off = session.observe((fact) => {
    // One table row per type: the index and the argument always belong together.
    (handlers[fact.type] as (fact: SessionFact) => void)(fact);
  });
  return () => {
    stopTimer();
    off();
  };
}

function identityFacts({ now, change, emit }: CallCore): Pick<Handlers, 'identity' | 'redirected'> {
  const identity: Handlers['identity'] = ({ remote }) => {
    const previous = now().remote;
    if (change({ type: 'identity', remote })) emit('identity.changed', { previous });
  };
  return {
    identity,
    redirected: ({ target, statusCode, event }) => {
      identity({ type: 'identity', remote: target });
      emit('redirected', { target, statusCode, event });
    },
  };
}

function referFacts({ referral, change, emit }: CallCore): Handlers['refer'] {
  return ({ step, request, statusCode, event }) => {
    const { target, referredBy } = request;
    referral.request = step === 'requested' ? request : undefined;
    change({ type: 'refer', refer: { status: step, target, referredBy, statusCode } });
    emit(`refer.${step}`, { target, statusCode, request, event });
  };
}

function endDetails(end: CallEnd): { responseKey: string; statusCode?: number } {
  return {
    responseKey: end.key,
    ...(end.statusCode === null ? {} : { statusCode: end.statusCode }),
  };
}

function callEnd(call: CallSnapshot, end: SessionEnd): CallEnd {
  const wasEstablished = call.establishedAt !== null;
  const cause = explainEnd({
    direction: call.direction,
    by: end.by === 'network' ? 'system' : end.by,
    wasEstablished,
    statusCode: end.statusCode ?? undefined,
    reasons: parseReason(end.reasons),
    localOffline: end.localOffline,
    failure: end.failure,
  });
  return Object.freeze({
    by: end.by,
    failed: !wasEstablished,
    statusCode: end.statusCode,
    key: cause.key,
    section: cause.section,
    q850: cause.q850 ?? null,
    isMissed: cause.isMissed,
    retry: cause.retry,
  });
}

function startTiming({ environment: { clock }, emit, now }: CallCore): Off {
  return clock.every(1000, () => {
    emit('timeupdate', timing(now(), clock.now()));
  });
}

function timing(
  call: CallSnapshot,
  at: number,
): { answerTime: Date; duration: number; prettyDuration: string } {
  const since = call.establishedAt ?? at;
  const duration = at - since;
  return { answerTime: new Date(since), duration, prettyDuration: clockTime(duration) };
}
