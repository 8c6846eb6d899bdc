import { isolated } from '../../src/core/index.ts';
import type { Call, CallSnapshot, Calls, Party } from '../../src/core/index.ts';
import type { Stranger } from './types.ts';

/** Translates a key of this plugin. */
export type Translate = (key: string, variables?: Readonly<Record<string, unknown>>) => string;

/** What the model tells of a transfer. */
export interface TransferModel {
  readonly canHold: boolean;
  readonly canUnhold: boolean;
  readonly canTransfer: boolean;
  /** The call waits for a transfer target. */
  readonly isCollecting: boolean;
  /** The target of a transfer is being asked; `progress` tells who for whom. */
  readonly isConsulting: boolean;
  /** A transfer is under way; `progress` tells where to. */
  readonly isTransferring: boolean;
  readonly progress: string;
}

/** The call that a command on transfers means: the one in focus, or the one it is asked about. */
export function transferOwner(calls: Calls): Call | undefined {
  const focused = calls.primary();
  const owner = calls.list().find(({ snapshot: { transfer } }) => {
    const isAsking = transfer?.status === 'consulting';
    return isAsking && transfer.consultationId === focused?.id;
  });
  return owner ?? focused;
}

/** The call whose far end asks this phone to call somebody, whether it is in focus or not. */
export function referred(calls: Calls): Call | undefined {
  return calls.list().find((call) => call.getRefer() !== undefined);
}

/** The question that such a call, or the first stranger, asks, or ''. Pure. */
export function questionOf(
  call: CallSnapshot | undefined,
  [stranger]: readonly Stranger[],
  t: Translate,
): string {
  const ask = (name: string, target: Party): string =>
    t('referQuestion', {
      name: isolated(name),
      target: isolated(target.name || target.user || target.uri),
    });
  if (call?.refer?.status === 'requested') return ask(nameOf(call, t), call.refer.target);
  return stranger ? ask(stranger.fromName || stranger.from, stranger.target) : '';
}

/** There is no transfer. */
export const noTransfer: TransferModel = {
  canHold: false,
  canUnhold: false,
  canTransfer: false,
  isCollecting: false,
  isConsulting: false,
  isTransferring: false,
  progress: '',
};

/** What the model of a transfer is made of. */
export interface TransferSource {
  readonly call: CallSnapshot;
  readonly owner: CallSnapshot | undefined;
  readonly isUp: boolean;
  readonly t: Translate;
}

/** How far a transfer of the call in focus, or one to it, has come. Pure. */
export function ofTransfer(source: TransferSource): TransferModel {
  const { call, owner = call, isUp, t } = source;
  const step = stepOf(source);
  const isCollecting = step === 'collecting';
  const isUnderWay = step === 'consulting' || step === 'transferring';
  // While a target is collected the call is held for that; resuming it would be in the way.
  const isFree = isUp && !isCollecting;
  return {
    canHold: isFree && !call.hold.local,
    canUnhold: isFree && call.hold.local,
    canTransfer: isFree && !isUnderWay && call.status === 'established',
    isCollecting,
    isConsulting: step === 'consulting',
    isTransferring: step === 'transferring',
    progress: isUnderWay ? progressOf(owner, step, t) : '',
  };
}

function progressOf(owner: CallSnapshot, step: string, t: Translate): string {
  const target = isolated(owner.transfer?.target ?? '');
  return t(step, { target, name: isolated(nameOf(owner, t)) });
}

type Step = 'collecting' | 'consulting' | 'transferring' | null;

function stepOf({ call, owner, isUp }: TransferSource): Step {
  if (owner?.transfer?.status === 'consulting') return 'consulting';
  const { status } = call.transfer ?? {};
  if (!isUp) return null;
  if (status === 'collecting') return status;
  return status === 'started' || status === 'accepted' ? 'transferring' : null;
}

/** The far end of a call, as it is shown. */
export function nameOf({ remote }: CallSnapshot, t: Translate): string {
  return remote.name || remote.user || remote.uri || t('unknown');
}
