import type { Call } from '../../src/core/index.ts';
import type { Arrival } from './arrival.ts';
import type { AgentContext } from './context.ts';
import type { AutoAnswerObstacle, UserAgentState } from './types.ts';

/** What calls are answered with. */
export interface AutoAnswerServices {
  readonly ctx: AgentContext;
  /** `idle`: only while there is no other call. */
  readonly policy: 'idle' | 'always';
  /** Tells the user of a call that was answered by itself, and whether it lets sound out. */
  readonly show: (state: Pick<UserAgentState, 'isAutoAnswered' | 'isMicrophoneOpen'>) => void;
}

// Whoever asks for more would have a person wait for an answer that may never come.
const longest = 60;

/**
 * Answers a call by itself after the seconds that it asks for: `Call-Info: <…>;answer-after=2`, the same in
 * `Alert-Info`, or `Alert-Info: <…>;info=alert-autoanswer` for at once. Never with a picture, and never with
 * a question for the microphone, which nobody may be there to answer.
 */
export function autoAnswer(
  { call, callInfo }: Arrival,
  { ctx, policy, show }: AutoAnswerServices,
): void {
  const seconds = secondsOf(callInfo, call.snapshot.alertInfo);
  // It may have ended while this part was loaded.
  if (!call.isRinging()) return;
  const open = openFor(ctx);
  const skip = (reason: AutoAnswerObstacle): void => {
    if (call.isRinging()) ctx.emit('userAgent.autoAnswer.skipped', { callId: call.id, reason });
  };
  if (seconds === undefined) {
    skip('unclear');
    return;
  }
  const isBusy = (): boolean =>
    policy === 'idle' && ctx.calls.list().some(({ id }) => id !== call.id);
  const take = async (): Promise<void> => {
    const isAllowed = await mayListen();
    if (!isWaiting(call)) return;
    if (isBusy()) skip('busy');
    else if (!isAllowed) skip('permission');
    else {
      ctx.emit('userAgent.autoAnswer.answering', { callId: call.id });
      // Who has heard of it may have done something else with it.
      if (isWaiting(call)) await answer(call, skip);
    }
  };
  const off = ctx.on('call.established', ({ callId }) => {
    if (callId === call.id && isOurs.delete(call)) begin();
  });
  const tell = (): void => {
    const lets = (id: string): boolean => ctx.calls.get(id)?.snapshot.sending.audio === true;
    show({ isAutoAnswered: open.size > 0, isMicrophoneOpen: [...open].some(lets) });
  };
  // A mute, a hold, a microphone that is pulled out.
  const changes = ctx.on('call.changed', ({ callId }) => {
    if (callId === call.id && open.has(callId)) tell();
  });
  const begin = (): void => {
    open.add(call.id);
    tell();
    ctx.emit('userAgent.autoAnswer.answered', { callId: call.id });
  };
  const over = ctx.on('call.terminated', ({ callId }) => {
    if (callId !== call.id) return;
    stop();
    off();
    over();
    changes();
    if (open.delete(call.id)) tell();
  });
  const stop = ctx.clock.after(seconds * 1000, () => {
    take().catch((error: unknown) => {
      ctx.log.warn('A call could not be answered by itself.', error);
    });
  });
}

const isWaiting = (call: Call): boolean => call.isRinging() && call.snapshot.pending === null;

// The calls that were answered here, and not by the user.
const isOurs = new WeakSet<Call>();
// The ids of those that are up, by account.
const openCalls = new WeakMap<AgentContext, Set<string>>();

function openFor(ctx: AgentContext): Set<string> {
  const open = openCalls.get(ctx) ?? new Set();
  openCalls.set(ctx, open);
  return open;
}

async function answer(call: Call, skip: (reason: AutoAnswerObstacle) => void): Promise<void> {
  isOurs.add(call);
  try {
    await call.answer({ video: false, receiveVideo: false });
  } catch {
    isOurs.delete(call);
    skip('media');
  }
}

function secondsOf(callInfo: readonly string[], alertInfo: readonly string[]): number | undefined {
  for (const value of [...callInfo, ...alertInfo]) {
    const found = /;\s*answer-after\s*=\s*"?(\d{1,4})\b/i.exec(value)?.[1];
    if (found !== undefined) return Number(found) <= longest ? Number(found) : undefined;
  }
  const isWished = (value: string): boolean => /;\s*info\s*=\s*"?alert-autoanswer\b/i.test(value);
  return alertInfo.some(isWished) ? 0 : undefined;
}

/** Whether the microphone opens without a question. */
async function mayListen(): Promise<boolean> {
  try {
    const status = await navigator.permissions.query({ name: 'microphone' });
    return status.state === 'granted';
  } catch {
    // A browser that does not tell shows the names of devices only to pages that may use them.
    const devices = await navigator.mediaDevices.enumerateDevices();
    return devices.some(({ kind, label }) => kind === 'audioinput' && label !== '');
  }
}
