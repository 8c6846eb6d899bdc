import { PhoneError, asPhoneError } from '../errors.ts';
import type { Off } from '../scope.ts';
import type { Call } from './call.ts';
import type { CallCore } from './callCore.ts';
import type { TransferState } from './snapshot.ts';

type HoldTo = (on: boolean) => Promise<void>;
type Failure = Pick<TransferState, 'target' | 'statusCode' | 'error'>;

const blank = { target: '', statusCode: null, consultationId: null, error: null } as const;

/** A transfer before its REFER: it waits for a target, or the target is asked first. */
export class Consultation {
  readonly #core: CallCore;
  readonly #holdTo: HoldTo;
  #holds = false;
  #stop: Off = () => undefined;
  // Each thing that is begun or given up makes what an earlier one still waits for obsolete.
  #turn = 0;

  constructor(core: CallCore, holdTo: HoldTo) {
    this.#core = core;
    this.#holdTo = holdTo;
  }

  /** Whether the call is on hold for this alone, and is to be resumed when it is given up. */
  get holds(): boolean {
    return this.#holds;
  }

  get isPending(): boolean {
    const { transfer } = this.#core.now();
    return transfer?.status === 'collecting' || transfer?.status === 'consulting';
  }

  /** Waits for a target; what waits already goes on with `kind`. */
  async collect(kind: TransferState['kind'], hold = true): Promise<void> {
    const { now, emit } = this.#core;
    const isFirst = !this.isPending;
    if (isFirst) this.#holds = !now().hold.local && hold;
    this.#set({ status: 'collecting', kind });
    emit(kind === 'attended' ? 'transfer.attended.collecting' : 'transfer.collecting', {});
    if (isFirst && this.#holds) await this.#holdTo(true);
  }

  /** Asks the target, or waits for one to ask when it is ''. */
  async start(target: string): Promise<void> {
    const { transfer } = this.#core.now();
    if (transfer?.status === 'consulting') throw new PhoneError('call.stateInvalid');
    await (target === '' ? this.collect('attended') : this.#ask(target));
  }

  async cancel(): Promise<void> {
    if (!this.isPending) return;
    const { now, environment } = this.#core;
    const other = environment.callOf(now().transfer?.consultationId ?? '');
    // Its end is our own doing.
    this.forget();
    await other?.hangup();
    await this.#giveUp(other);
  }

  /** What becomes of the call with the target is no concern of this one any more. */
  forget(): void {
    this.#turn += 1;
    this.#stop();
    this.#stop = () => undefined;
  }

  #set(state: Partial<TransferState> & Pick<TransferState, 'status' | 'kind'>): void {
    this.#core.change({ type: 'transfer', transfer: { ...blank, ...state } });
  }

  #asking(target: string, other?: Call): void {
    const consultationId = other?.id ?? null;
    this.#set({ status: 'consulting', kind: 'attended', target, consultationId });
  }

  async #ask(target: string): Promise<void> {
    const { now, emit } = this.#core;
    if (!this.isPending) this.#holds = !now().hold.local;
    this.forget();
    const mine = this.#turn;
    this.#asking(target);
    try {
      // Held first: a server that knows one talking call per user wants that order.
      await this.#holdTo(true).catch(() => undefined);
      if (this.#turn !== mine) return;
      const other = await this.#place(target);
      if (this.#turn !== mine || now().status === 'ended') {
        await other.hangup();
        // It had the focus, so nothing was resumed when it was given up.
        if (now().transfer === null) await this.#resume(other).catch(() => undefined);
        return;
      }
      this.#asking(target, other);
      emit('transfer.attended.consulting', { target, statusCode: null });
      this.#follow(other, target);
    } catch (thrown) {
      const failure = asPhoneError(thrown, 'call.failed');
      const { statusCode = null, code: error } = failure;
      if (this.#turn === mine) this.#fail({ target, statusCode, error });
      throw failure;
    }
  }

  #place(target: string): Promise<Call> {
    const { now, environment } = this.#core;
    const mine = this.#turn;
    const before = environment.newest();
    const placing = environment.place(target, now().account);
    const placed = environment.newest();
    // Known while it still waits for the microphone, so that it can be given up at once.
    if (placed !== before && this.#turn === mine) this.#asking(target, placed);
    return placing;
  }

  #follow(other: Call, target: string): void {
    const over = (): void => {
      const { end } = other.snapshot;
      if (end?.failed === true && end.by !== 'local') {
        this.#fail({ target, statusCode: end.statusCode, error: 'transfer.failed' }, other);
      } else this.#giveUp(other).catch(() => undefined);
    };
    const session = this.#core.environment.sessionOf(other.id);
    if (!session) over();
    else {
      this.#stop = session.observe(({ type }) => {
        if (type === 'ended') over();
      });
    }
  }

  #giveUp(other: Call | undefined): Promise<void> {
    const { now, change, emit } = this.#core;
    const isAttended = now().transfer?.kind === 'attended';
    this.forget();
    change({ type: 'transfer', transfer: null });
    emit(isAttended ? 'transfer.attended.cancelled' : 'transfer.cancelled', {});
    return this.#resume(other);
  }

  #fail(failure: Failure, other?: Call): void {
    const { now, emit } = this.#core;
    if (now().status === 'ended') return;
    const { target, statusCode } = failure;
    this.forget();
    this.#resume(other).catch(() => undefined);
    this.#set({ status: 'failed', kind: 'attended', ...failure });
    emit('transfer.failed', { target, statusCode });
  }

  async #resume(other: Call | undefined): Promise<void> {
    const { now, environment } = this.#core;
    // Who went on to a third call meanwhile stays there, and this one waits its turn.
    if (other?.isPrimary() === true) await environment.takeFocus(now().id);
    if (this.#holds && now().isPrimary) await this.#holdTo(false);
  }
}
