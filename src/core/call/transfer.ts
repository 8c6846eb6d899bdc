import { PhoneError } from '../errors.ts';
import { checkHeaders } from './headers.ts';
import type { CallCore, Commands, RunQueued } from './callCore.ts';
import type { TransferOptions } from './session.ts';
import type { TransferState } from './snapshot.ts';

type Transfer = Pick<Commands, 'transfer' | 'cancelTransfer'>;
type HoldTo = (on: boolean) => Promise<void>;

/** Transfers of a call (RFC 3515, RFC 5589): with a target at once, without one in two steps. */
export function createTransfer(core: CallCore, queued: RunQueued, holdTo: HoldTo): Transfer {
  const { now, change, emit } = core;
  // Whether the hold of a call that waits for its target is ours to undo.
  let holdsForTransfer = false;

  const collect = async (options: TransferOptions): Promise<void> => {
    if (now().transfer?.status === 'collecting') {
      // The second press without a target is the way out, as in libwebphone.
      await cancelTransfer();
      return;
    }
    change({ type: 'transfer', transfer: state('collecting', '', null) });
    holdsForTransfer = !now().hold.local && (options.hold ?? true);
    emit('transfer.collecting', {});
    if (holdsForTransfer) await holdTo(true);
  };
  const cancelTransfer = async (): Promise<void> => {
    if (now().transfer?.status !== 'collecting') return;
    change({ type: 'transfer', transfer: null });
    emit('transfer.cancelled', {});
    if (holdsForTransfer) await holdTo(false);
  };
  return {
    transfer: async (target, options = {}) => {
      requireReady(core);
      checkHeaders(options.headers);
      const address = target?.trim();
      if (!address) await collect(options);
      else {
        const isCollected = now().transfer?.status === 'collecting';
        const wasHeld = isCollected ? !holdsForTransfer : now().hold.local;
        await send(core, { address, options, queued, holdTo, wasHeld });
      }
    },
    cancelTransfer,
  };
}

interface Job {
  readonly address: string;
  readonly options: TransferOptions;
  readonly queued: RunQueued;
  readonly holdTo: HoldTo;
  /** Held by the user's own wish: it then stays held when the transfer fails. */
  readonly wasHeld: boolean;
}

async function send(core: CallCore, job: Job): Promise<void> {
  const { session, now } = core;
  const { options, holdTo, wasHeld } = job;
  const tell = teller(core, job.address);
  try {
    // A far end that refuses to be held can be transferred all the same.
    if (options.hold ?? true) await holdTo(true).catch(() => undefined);
    await referred(core, job, tell);
    // A far end that took the REFER and hung up has gone on to the target, as far as can be known.
    const isLeft = now().status === 'ended';
    tell('completed', isLeft ? null : 200);
    session.terminate({});
  } catch (error) {
    if (now().status === 'ended') throw error;
    tell('failed', error instanceof PhoneError ? (error.statusCode ?? null) : null);
    // Not waited for: the user hears at once why the transfer failed.
    if (!wasHeld) comeBack(core, holdTo).catch(() => undefined);
    throw error;
  }
}

// The reason to tell is why the transfer failed, not why the call cannot be resumed as well.
async function comeBack({ now }: CallCore, holdTo: HoldTo): Promise<void> {
  // The user may have gone on to another call meanwhile; this one then waits its turn.
  if (now().hold.local && now().isPrimary) await holdTo(false).catch(() => undefined);
}

type Tell = (
  status: 'started' | 'accepted' | 'completed' | 'failed',
  statusCode: number | null,
) => void;

function teller({ change, emit }: CallCore, target: string): Tell {
  return (status, statusCode) => {
    change({ type: 'transfer', transfer: state(status, target, statusCode) });
    emit(`transfer.${status}`, { target, statusCode });
  };
}

// The queue is free again as soon as the far end has taken or refused the REFER itself: the call
// can be held, resumed and hung up while the target rings.
function referred({ session }: CallCore, job: Job, tell: Tell): Promise<void> {
  const { address, options, queued } = job;
  return new Promise((resolve, reject) => {
    const run = (): Promise<void> => {
      tell('started', null);
      return new Promise((taken, refused) => {
        const outcome = session.refer(address, options.headers ?? [], {
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

function state(
  status: TransferState['status'],
  target: string,
  statusCode: number | null,
): TransferState {
  return { status, target, statusCode };
}
