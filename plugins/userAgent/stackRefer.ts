import { PhoneError } from '../../src/core/index.ts';
import type { Clock, ReferReport, SessionFact, SipSession } from '../../src/core/index.ts';
import type { RawReferEvent, RawSession, RawUri } from './stackTypes.ts';

/** A REFER to be sent. */
export interface ReferJob {
  readonly target: string | RawUri;
  readonly headers: readonly string[];
  readonly report: ReferReport;
  readonly clock: Clock;
  /** The listeners of the session, so that its end ends the transfer too. */
  readonly listeners: Set<(fact: SessionFact) => void>;
}

// The target may ring as long as a person lets it ring; after that nobody will report any more.
const patience = 180_000;

// Only calls of this plugin, whatever agent they belong to, have an address for the far end.
const rawSessions = new WeakMap<SipSession, RawSession>();

/** Keeps what `replacing` needs of a session. */
export function remember(session: SipSession, raw: RawSession): void {
  rawSessions.set(session, raw);
}

/**
 * Where a far end finds the call that it is to replace (RFC 3891). The tags are named as the third
 * party sees them, whoever of us called the other.
 */
export function replacing(session: SipSession): RawUri {
  const { remote_identity: remote, _dialog: dialog } = rawSessions.get(session) ?? {};
  if (!remote || !dialog) throw new PhoneError('call.stateInvalid');
  const { call_id: callId, local_tag: ours, remote_tag: theirs } = dialog.id;
  const uri = remote.uri.clone();
  uri.setHeader('Replaces', encodeURIComponent(`${callId};to-tag=${theirs};from-tag=${ours}`));
  return uri;
}

/** Sends a REFER (RFC 3515) and follows it to its end. */
export function refer(session: RawSession, job: ReferJob): Promise<void> {
  const { target, headers, report, clock, listeners } = job;
  const subscriber = subscribe(session, target, headers);
  return new Promise((resolve, reject) => {
    let isAccepted = false;
    const stop = clock.after(patience, () => {
      settle(() => {
        reject(new PhoneError('transfer.failed', { statusCode: 408 }));
      });
    });
    const onFact = (fact: SessionFact): void => {
      if (fact.type !== 'ended') return;
      settle(() => {
        // The far end took the REFER and hung up: it went on to the target, which is all we know.
        if (isAccepted && fact.end.by === 'remote') resolve();
        else reject(new PhoneError('call.ended'));
      });
    };
    const settle = (finish: () => void): void => {
      stop();
      listeners.delete(onFact);
      finish();
    };
    const code = (event: RawReferEvent): number =>
      event.response?.status_code ?? event.status_line?.status_code ?? 0;
    listeners.add(onFact);
    const responded = (event: RawReferEvent): void => {
      if (event.response) report.response({ statusCode: code(event), event: event.response });
    };
    subscriber.on('requestSucceeded', (event) => {
      isAccepted = true;
      responded(event);
      report.accepted(code(event));
    });
    subscriber.on('requestFailed', (event) => {
      responded(event);
      settle(() => {
        reject(
          new PhoneError('transfer.refused', event.response ? { statusCode: code(event) } : {}),
        );
      });
    });
    for (const name of ['trying', 'progress']) {
      subscriber.on(name, (event) => {
        report.progress(code(event));
      });
    }
    subscriber.on('accepted', () => {
      settle(resolve);
    });
    subscriber.on('failed', (event) => {
      settle(() => {
        reject(new PhoneError('transfer.failed', { statusCode: code(event) }));
      });
    });
  });
}

function subscribe(
  session: RawSession,
  target: string | RawUri,
  headers: readonly string[],
): Exclude<ReturnType<RawSession['refer']>, false> {
  try {
    const subscriber = session.refer(target, { extraHeaders: headers });
    if (subscriber) return subscriber;
  } catch (error) {
    throw new PhoneError('call.targetInvalid', { cause: error });
  }
  throw new PhoneError('call.stateInvalid');
}
