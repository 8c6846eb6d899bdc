import { PhoneError, asPhoneError } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import type { Call } from './call.ts';
import type { CallCore, Commands, RunQueued } from './callCore.ts';
import { Consultation } from './consultation.ts';
import { checkHeaders } from './headers.ts';
import type { SipSession, TransferOptions } from './session.ts';
import type { TransferState } from './snapshot.ts';

type Transfer = Pick<
  Commands,
  | 'transfer'
  | 'cancelTransfer'
  | 'attendedTransferStart'
  | 'attendedTransfer'
  | 'attendedTransferCancel'
  | 'transferToBlind'
>;
type HoldTo = (on: boolean) => Promise<void>;

/** Transfers of a call (RFC 3515, RFC 5589): with a target at once, without one in two steps. */
export function createTransfer(core: CallCore, queued: RunQueued, holdTo: HoldTo): Transfer {
  const { now, environment } = core;
  const consultation = new Consultation(core, holdTo);
  const refer = (to: Destination, options: TransferOptions): Promise<void> => {
    const isPending = consultation.isPending;
    const wasHeld = isPending ? !consultation.holds : now().hold.local;
    consultation.forget();
    return send(core, { ...to, options, queued, holdTo, wasHeld, isPending });
  };
  const toCall = async (other: Call, options: TransferOptions): Promise<void> => {
    const to = other.snapshot.remote.uri;
    const session = environment.sessionOf(other.id);
    if (!session) throw new PhoneError('call.ended');
    if (other.isEstablished() && other.id !== now().id) {
      await refer({ to: session, target: to, consultation: other }, options);
      return;
    }
    if (!other.isInProgress() || other.getDirection() === 'terminating') {
      throw new PhoneError('call.stateInvalid');
    }
    // Who is called may not be asked to replace a call that it has not taken (RFC 3891 section 3):
    // it stops ringing for us and rings for the far end.
    const referring = refer({ to, target: to }, options);
    await other.hangup();
    await referring;
  };
  const cancel = (): Promise<void> => consultation.cancel();
  const transfer: Transfer['transfer'] = async (target, options = {}) => {
    requireReady(core);
    checkHeaders(options.headers);
    if (typeof target === 'object') {
      await toCall(target, options);
      return;
    }
    const address = target?.trim() ?? '';
    if (address !== '') await refer({ to: address, target: address }, options);
    // The second press without a target is the way out, as in libwebphone.
    else if (consultation.isPending) await cancel();
    else await consultation.collect('blind', options.hold);
  };
  return {
    transfer,
    cancelTransfer: cancel,
    attendedTransferCancel: cancel,
    attendedTransferStart: async (target) => {
      requireReady(core);
      await consultation.start(target?.trim() ?? '');
    },
    attendedTransfer: async (options) => {
      await transfer(asked(core), options);
    },
    transferToBlind: async (options) => {
      const pending = now().transfer;
      if (pending?.status === 'collecting') await consultation.collect('blind');
      else if (pending?.status !== 'consulting') throw new PhoneError('call.stateInvalid');
      else {
        const other = environment.callOf(pending.consultationId ?? '');
        const referring = transfer(pending.target, options);
        await other?.hangup();
        await referring;
      }
    },
  };
}

function asked({ now, environment }: CallCore): Call {
  const { status, consultationId } = now().transfer ?? {};
  const call = environment.callOf(consultationId ?? '');
  if (status !== 'consulting' || !call) throw new PhoneError('call.stateInvalid');
  return call;
}

interface Destination {
  readonly to: string | SipSession;
  /** The address, as it is told. */
  readonly target: string;
  /** The call that the transferred one replaces. */
  readonly consultation?: Call;
}

interface Job extends Destination {
  readonly options: TransferOptions;
  readonly queued: RunQueued;
  readonly holdTo: HoldTo;
  /** Held by the user's own wish: it then stays held when the transfer fails. */
  readonly wasHeld: boolean;
  /** The call was held for this transfer and waited for it. */
  readonly isPending: boolean;
}

async function send(core: CallCore, job: Job): Promise<void> {
  const { now } = core;
  const { options, holdTo } = job;
  const tell = teller(core, job);
  try {
    // A far end that refuses to be held can be transferred all the same.
    if (options.hold ?? true) await holdTo(true).catch(() => undefined);
    await referred(core, job, tell);
  } catch (error) {
    if (now().status === 'ended') throw error;
    // Not waited for: the user hears at once why the transfer failed.
    comeBack(core, job);
    const { statusCode = null, code } = asPhoneError(error, 'transfer.failed');
    tell('failed', statusCode, code);
    throw error;
  }
  await complete(core, job, tell);
}

async function complete({ session, now, emit }: CallCore, job: Job, tell: Tell): Promise<void> {
  const { options, target, consultation } = job;
  // A far end that took the REFER and hung up has gone on to the target, as far as can be known.
  const isLeft = now().status === 'ended';
  if (!isLeft) emit('transfer.confirmed', { target, statusCode: 200 });
  tell('completed', isLeft ? null : 200);
  if (options.activeAfterTransfer) return;
  session.terminate({});
  // Without word of the target, the far end may still have to find our call to it.
  if (!isLeft) await consultation?.hangup();
}

function comeBack({ now, environment }: CallCore, job: Job): void {
  const { wasHeld, isPending, consultation, holdTo } = job;
  const { id } = now();
  const resume = async (): Promise<void> => {
    // The one who was asked is held for it, or ended where there is one call at a time.
    if (isPending && consultation?.isPrimary() === true) await environment.takeFocus(id);
    // The user may have gone on to another call meanwhile; this one then waits its turn.
    if (!wasHeld && now().hold.local && now().isPrimary) await holdTo(false);
  };
  // The reason to tell is why the transfer failed, not why the call cannot be resumed as well.
  resume().catch(() => undefined);
}

type Tell = (
  status: 'started' | 'accepted' | 'completed' | 'failed',
  statusCode: number | null,
  error?: ErrorCode,
) => void;

function teller({ change, emit }: CallCore, { target, consultation }: Job): Tell {
  return (status, statusCode, error) => {
    const transfer: TransferState = {
      status,
      kind: consultation ? 'attended' : 'blind',
      target,
      statusCode,
      consultationId: consultation?.id ?? null,
      error: error ?? null,
    };
    change({ type: 'transfer', transfer });
    emit(`transfer.${status}`, { target, statusCode });
  };
}

// The queue is free again as soon as the far end has taken or refused the REFER itself: the call
// can be held, resumed and hung up while the target rings.
function referred({ session, environment }: CallCore, job: Job, tell: Tell): Promise<void> {
  const { to, options, queued } = job;
  return new Promise((resolve, reject) => {
    const run = (): Promise<void> => {
      tell('started', null);
      return new Promise((taken, refused) => {
        const outcome = session.refer(to, options.headers ?? [], {
          response: (response) => {
            try {
              options.receiveResponse?.(response);
            } catch (error) {
              environment.report(error);
            }
          },
          accepted: (code) => {
            tell('accepted', code);
            taken();
          },
          progress: (code) => {
            tell('accepted', code);
          },
        });
        // Not resolved with the promise itself: the end of the call and the deadline must get past it.
        outcome.then(resolve, reject);
        outcome.then(taken, refused);
      });
    };
    queued('transfer', 'transfer', run).catch(reject);
  });
}

function requireReady({ now }: CallCore): void {
  const { status, transfer } = now();
  if (status === 'ended') throw new PhoneError('call.ended');
  const isRunning = transfer?.status === 'started' || transfer?.status === 'accepted';
  if (status !== 'established' || isRunning) throw new PhoneError('call.stateInvalid');
}
