import { PhoneError, asPhoneError } from '../errors.ts';
import type { KindOptions } from './call.ts';
import type { CallCore, Commands, RunQueued } from './callCore.ts';
import type { AnswerOptions, DtmfOptions, EndOptions } from './session.ts';
import { checkHeaders, isHeader } from './headers.ts';
import type { ByKind } from './snapshot.ts';
import { createMediaCommands } from './mediaCommands.ts';
import { createTransfer } from './transfer.ts';

/** The commands of a call. */
export function createCommands(core: CallCore): Commands {
  const { session } = core;
  const queued = queuedRunner(core);
  const end = (options: EndOptions = {}): Promise<void> => terminate(core, options);
  const holdTo = createHolding(core, queued);
  const commands: Commands = {
    answer: (options = {}) => answer(core, options),
    reject: (options = {}) => rejectCall(core, options),
    cancel: end,
    hangup: end,
    terminate: end,
    hold: async () => {
      await holdTo(true);
    },
    unhold: async () => {
      await holdTo(false);
    },
    mute: (options) => setMuted(core, options, true),
    unmute: (options) => setMuted(core, options, false),
    sendDTMF: (tones, options = {}) => sendDtmf(core, tones, options),
    renegotiate: async (options = {}) => {
      requireUp(core);
      checkHeaders(options.headers);
      await queued('renegotiate', 'renegotiate', () => session.renegotiate(options));
    },
    ...createMediaCommands(core, queued),
    ...createTransfer(core, queued, holdTo),
  };
  return commands;
}

function createHolding(core: CallCore, queued: RunQueued): (on: boolean) => Promise<void> {
  const { session, now, queue } = core;
  let wish = false;
  const holdTo = async (on: boolean): Promise<void> => {
    requireUp(core);
    wish = on;
    if (now().hold.local === on && !queue.has('hold')) return;
    await queued(on ? 'hold' : 'unhold', 'hold', async () => {
      if (now().hold.local === on) return;
      await (on ? session.hold() : session.unhold());
      // The answer may have come after the deadline, when something else was asked for already.
      if (wish !== on && now().status !== 'ended') holdTo(wish).catch(() => undefined);
    });
  };
  return holdTo;
}

function queuedRunner(core: CallCore): RunQueued {
  const { queue, change, now } = core;
  // Commands that joined one operation all reject with its error; it is news only once.
  const told = new WeakSet();
  return async (operation, kind, run) => {
    const promise = queue.add({
      kind,
      wish: operation,
      run: () => {
        change({ type: 'pending', operation });
        return run();
      },
    });
    const settle = (): void => {
      if (now().pending === operation) change({ type: 'pending', operation: null });
    };
    try {
      await promise;
      settle();
    } catch (error) {
      settle();
      if (!told.has(error as PhoneError)) report(core, operation, error);
      told.add(error as PhoneError);
      throw error;
    }
  };
}

function report({ emit, now }: CallCore, operation: string, error: unknown): void {
  const isNews = error instanceof PhoneError && error.code !== 'call.superseded';
  if (isNews && now().status !== 'ended') emit('operation.failed', { operation, error });
}

/** Rejects commands that need a call that is up. */
function requireUp({ now }: CallCore): void {
  const { status } = now();
  if (status === 'ended') throw new PhoneError('call.ended');
  if (status !== 'established' && status !== 'reconnecting') {
    throw new PhoneError('call.stateInvalid');
  }
}

async function answer(core: CallCore, options: AnswerOptions): Promise<void> {
  const { session, environment, now, change, emit } = core;
  requireRinging(core);
  if (now().pending === 'answer') throw new PhoneError('call.stateInvalid');
  checkHeaders(options.headers);
  change({ type: 'pending', operation: 'answer' });
  const wants = wantedBy(options, session.offered);
  try {
    // The others are held meanwhile: they are silent already, and the caller waits.
    if (options.takeFocus ?? true) environment.takeFocus(now().id).catch(environment.report);
    if (options.render) core.playback.render(options.render);
    const stream = await core.local.open(wants, options.mediaStream);
    if (isOver(core)) throw new PhoneError('call.ended');
    core.applySending();
    const receiveVideo = options.receiveVideo ?? wishesVideo(options);
    const headers = options.headers ?? [];
    await session.answer({ stream, video: wants.video, receiveVideo, headers });
    emit('answered', {});
  } catch (error) {
    // The caller still waits: without a microphone the user may try again, refuse, or let it ring.
    environment.media().close(now().id);
    core.local.reset();
    change({ type: 'localVideo', source: 'none' });
    change({ type: 'pending', operation: null });
    const failure = asPhoneError(error, 'media.failed');
    report(core, 'answer', failure);
    throw failure;
  }
}

function wantedBy(options: AnswerOptions, offered: ByKind): ByKind {
  return { audio: options.audio ?? true, video: wishesVideo(options) && offered.video };
}

function wishesVideo({ video, mediaStream }: AnswerOptions): boolean {
  return video ?? (mediaStream?.getVideoTracks().length ?? 0) > 0;
}

function requireRinging({ now }: CallCore): void {
  const { status, direction } = now();
  if (status === 'ended') throw new PhoneError('call.ended');
  if (direction !== 'incoming' || status !== 'ringing') throw new PhoneError('call.stateInvalid');
}

const isOver = ({ now }: CallCore): boolean => now().status === 'ended';

async function rejectCall(core: CallCore, options: EndOptions): Promise<void> {
  const { now, environment, emit } = core;
  requireRinging(core);
  const statusCode = options.statusCode ?? (environment.isBusy(now().id) ? 486 : 480);
  if (!Number.isInteger(statusCode) || statusCode < 300 || statusCode > 699) {
    throw new PhoneError('call.stateInvalid', {
      message: `reject(): found statusCode ${String(statusCode)}; accepted: 300 to 699.`,
    });
  }
  checkHeaders(options.headers);
  emit('rejected', { statusCode });
  await terminate(core, { ...options, statusCode });
}

// Ends the call at once: what waits in the queue is rejected first, so that nothing follows the end.
async function terminate(core: CallCore, options: EndOptions): Promise<void> {
  const { session, now, change, queue } = core;
  if (now().status === 'ended') return;
  queue.close(new PhoneError('call.ended'));
  change({ type: 'pending', operation: 'end' });
  session.terminate(sendable(options));
  // Nothing more to wait for: the far end cannot refuse an end.
  await Promise.resolve();
}

// Ending a call comes before complaining about how: what cannot be sent is left out.
function sendable({ statusCode = 0, reason, headers = [] }: EndOptions): EndOptions {
  const legal = headers.filter(isHeader);
  return {
    ...(legal.length > 0 && { headers: legal }),
    ...(Number.isInteger(statusCode) && statusCode >= 300 && statusCode < 700 && { statusCode }),
    ...(reason !== undefined && { reason: reason.replace(/[\r\n\0"\\]/g, ' ') }),
  };
}

function setMuted(core: CallCore, options: KindOptions | undefined, on: boolean): Promise<void> {
  const { now, change, emit } = core;
  if (now().status === 'ended') return Promise.reject(new PhoneError('call.ended'));
  const named = options ?? { audio: true, video: true };
  const { muted } = now();
  const next: ByKind = {
    audio: named.audio ? on : muted.audio,
    video: named.video ? on : muted.video,
  };
  const what = { audio: next.audio !== muted.audio, video: next.video !== muted.video };
  if (change({ type: 'muted', muted: next })) emit(on ? 'muted' : 'unmuted', what);
  return Promise.resolve();
}

async function sendDtmf(core: CallCore, tones: string, given: DtmfOptions): Promise<void> {
  const { session, environment, emit } = core;
  requireUp(core);
  const signal = tones.toUpperCase();
  if (!/^[0-9A-D*#]+$/.test(signal)) throw new PhoneError('dtmf.invalid');
  const options = { ...environment.options.dtmf, ...given };
  checkHeaders(options.headers);
  checkTimes(options);
  await session.sendDTMF(signal, options);
  emit('send.dtmf', { signal, options });
}

function checkTimes({ duration = 100, gap = 50 }: DtmfOptions): void {
  if (duration >= 70 && duration <= 6000 && gap >= 50 && gap <= 5000) return;
  throw new PhoneError('dtmf.invalid', {
    message: 'sendDTMF(): accepted: duration 70 to 6000, gap 50 to 5000 (milliseconds).',
  });
}
