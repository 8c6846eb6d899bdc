import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Call, PhoneError } from '../../../src/core/index.ts';
import { fakeMedia } from '../../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../../support/fakeSession.ts';
import type { FakeSession } from '../../support/fakeSession.ts';
import { testPhone } from '../../support/testPhone.ts';
import type { TestPhone } from '../../support/testPhone.ts';

interface Scene extends TestPhone {
  readonly call: Call;
  readonly session: FakeSession;
}

function scene(session: FakeSession, established = false): Scene {
  const test = testPhone({ plugins: [] });
  const call = test.phone.calls.add(session);
  if (established) session.establish();
  return { ...test, call, session };
}
const up = (): Scene => scene(outgoing(), true);
const failure = (code: string, more: object = {}): Error =>
  expect.objectContaining({ code, ...more }) as Error;

afterEach(() => {
  vi.useRealTimers();
});

describe('an outgoing call', () => {
  it('connects, rings with or without early media, and is up', () => {
    const { call, session, events } = scene(outgoing());
    const states: unknown[] = [call.snapshot.status];
    session.report({ type: 'progress', statusCode: 100, hasMedia: false, event: 'trying' });
    states.push(call.snapshot.status);
    session.report({ type: 'progress', statusCode: 183, hasMedia: true, event: 'early' });
    states.push(call.snapshot.status, call.snapshot.hasEarlyMedia);
    session.establish();
    states.push(call.snapshot.status, call.snapshot.hasEarlyMedia);
    expect(states).toEqual(['connecting', 'connecting', 'ringing', true, 'established', false]);
    expect(events.of('call.progress').map(({ statusCode }) => statusCode)).toEqual([100, 183]);
    expect(events.names('call.ringing')).toEqual([]);
  });

  it('that is given up has failed, and was no failure of the far end', async () => {
    const { call, session, events } = scene(outgoing());
    await call.cancel({ headers: ['Reason: SIP;cause=487'] });
    expect(session.argsOf('terminate')).toEqual([{ headers: ['Reason: SIP;cause=487'] }]);
    expect(events.last('call.failed').end).toMatchObject({ by: 'local', key: 'canceled' });
  });

  it('cannot be answered or refused', async () => {
    const { call } = scene(outgoing());
    await expect(call.answer()).rejects.toThrow(failure('call.stateInvalid'));
    await expect(call.reject()).rejects.toThrow(failure('call.stateInvalid'));
  });
});

describe('a command', () => {
  it.each([
    ['hold', (call: Call) => call.hold()],
    ['unhold', (call: Call) => call.unhold()],
    ['renegotiate', (call: Call) => call.renegotiate()],
    ['transfer', (call: Call) => call.transfer('3003')],
    ['sendDTMF', (call: Call) => call.sendDTMF('1')],
  ])('%s needs a call that is up', async (_, command) => {
    const early = scene(outgoing());
    await expect(command(early.call)).rejects.toThrow(failure('call.stateInvalid'));
    const over = up();
    over.session.end();
    await expect(command(over.call)).rejects.toThrow(failure('call.ended'));
  });

  it.each([
    ['answer', (call: Call) => call.answer()],
    ['reject', (call: Call) => call.reject()],
    ['mute', (call: Call) => call.mute()],
    ['unmute', (call: Call) => call.unmute()],
  ])('%s is refused once the call is over', async (_, command) => {
    const { call, session } = scene(incoming());
    session.end();
    await expect(command(call)).rejects.toThrow(failure('call.ended'));
  });

  it('hangup of a call that is over does nothing', async () => {
    const { call, session } = up();
    session.end();
    await call.hangup();
    expect(session.times('terminate')).toBe(0);
  });

  const bad = { headers: ['X: 1\r\nY: 2'] };
  it.each([
    ['renegotiate', (call: Call) => call.renegotiate(bad)],
    ['transfer', (call: Call) => call.transfer('3003', bad)],
    ['sendDTMF', (call: Call) => call.sendDTMF('1', bad)],
  ])('%s refuses headers that would smuggle others in', async (_, command) => {
    const { call, session } = up();
    await expect(command(call)).rejects.toThrow(failure('call.headerInvalid'));
    expect(session.asked).toEqual([]);
    expect(call.isEstablished()).toBe(true);
  });

  it('hangs up even when told to do so with headers and a status that cannot be sent', async () => {
    const { call, session } = up();
    await call.hangup({ ...bad, statusCode: 199, reason: 'bye"\r\nX: 1' });
    expect(session.argsOf('terminate')).toEqual([{ reason: 'bye   X: 1' }]);
  });

  it('hold shows as pending until the far end has agreed', async () => {
    const { call, session, events } = up();
    const holding = call.hold();
    await settled();
    expect(call.snapshot).toMatchObject({ pending: 'hold', hold: { local: false } });
    expect(events.names('call.hold')).toEqual([]);
    await session.settle('hold');
    await holding;
    expect(call.snapshot).toMatchObject({ pending: null, hold: { local: true } });
    expect(events.last('call.primary.hold').originator).toBe('local');
    const resuming = call.unhold();
    await session.settle('unhold');
    await resuming;
    expect(call.isOnHold()).toBe(false);
    expect(events.last('call.unhold').originator).toBe('local');
  });

  it('hold that is refused leaves the call as it was and tells why, once', async () => {
    const { call, session, events } = up();
    const holding = [call.hold(), call.hold(), call.hold()];
    const outcomes = Promise.all(
      holding.map((each) => each.catch((error: unknown) => (error as PhoneError).statusCode)),
    );
    await session.refuse('hold', 488);
    expect(await outcomes).toEqual([488, 488, 488]);
    expect(call.snapshot).toMatchObject({
      status: 'established',
      pending: null,
      hold: { local: false },
    });
    expect(session.sending.audio).toBe(true);
    expect(events.of('call.operation.failed')).toMatchObject([
      { operation: 'hold', error: { code: 'call.operationRefused', statusCode: 488 } },
    ]);
  });

  it('hold of a call that is held asks nobody again', async () => {
    const { call, session } = up();
    session.report({ type: 'held', side: 'local', on: true, event: null });
    await call.hold();
    expect(session.times('hold')).toBe(0);
  });

  it('hold pressed five times ends in the state last asked for', async () => {
    const { call, session, events } = up();
    const presses = [call.hold(), call.unhold(), call.hold(), call.unhold(), call.hold()];
    const outcomes = Promise.allSettled(presses);
    await settled();
    await session.settle('hold');
    const results = await outcomes;
    expect(results.map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(session.times('hold') + session.times('unhold')).toBe(1);
    expect(call.snapshot).toMatchObject({ pending: null, hold: { local: true } });
    expect(events.names('call.operation.failed')).toEqual([]);
  });

  it('that the far end never answers is given up after 40 seconds', async () => {
    vi.useFakeTimers();
    const { call, events } = up();
    const holding = expect(call.hold()).rejects.toThrow(failure('call.operationTimedOut'));
    await vi.advanceTimersByTimeAsync(40_000);
    await holding;
    expect(call.snapshot).toMatchObject({ status: 'established', pending: null });
    expect(events.of('call.operation.failed')).toHaveLength(1);
  });

  it('hold that is agreed to long after it was given up is undone when the user resumed', async () => {
    vi.useFakeTimers();
    const { call, session } = up();
    const holding = expect(call.hold()).rejects.toThrow(failure('call.operationTimedOut'));
    await vi.advanceTimersByTimeAsync(40_000);
    await holding;
    await call.unhold();
    await session.settle('hold');
    await session.settle('unhold');
    expect(call.snapshot).toMatchObject({ pending: null, hold: { local: false } });
    expect(session.sending.audio).toBe(true);
  });

  it('that waits is rejected when the call ends, and nothing more is told of it', async () => {
    const { call, session, events } = up();
    const waiting = [call.hold(), call.renegotiate()].map((promise) =>
      expect(promise).rejects.toThrow(failure('call.ended')),
    );
    await call.hangup();
    await Promise.all(waiting);
    expect(session.times('renegotiate')).toBe(0);
    expect(events.names('call.operation.failed')).toEqual([]);
    expect(call.snapshot).toMatchObject({ status: 'ended', pending: null });
  });

  it('renegotiate tells when the new offer is agreed, and lets out only what may be', async () => {
    const { call, session, events } = up();
    await call.mute({ audio: true });
    const done = call.renegotiate({ iceRestart: true });
    expect(session.argsOf('renegotiate')).toEqual([{ iceRestart: true }]);
    await session.settle('renegotiate');
    await done;
    expect(events.of('call.renegotiated')).toHaveLength(1);
    expect(session.sending).toEqual({ audio: false, video: false });
  });
});

describe('muting', () => {
  it('acts at once, names what it changed, and says nothing when nothing changes', async () => {
    const { call, session, events } = up();
    await call.mute({ audio: true });
    expect(session.sending.audio).toBe(false);
    await call.mute();
    await call.mute();
    await call.unmute({ audio: true });
    expect(events.of('call.muted')).toMatchObject([
      { audio: true, video: false },
      { audio: false, video: true },
    ]);
    expect(events.of('call.primary.unmuted')).toMatchObject([{ audio: true, video: false }]);
    expect(call.snapshot.muted).toEqual({ audio: false, video: true });
    expect(call.isMuted()).toBe(true);
  });

  it('survives hold and resume, a new track, and the far end’s hold', async () => {
    const media = fakeMedia();
    const { call, session } = up();
    await call.mute({ audio: true });
    const holding = call.hold();
    await session.settle('hold');
    await holding;
    const resuming = call.unhold();
    await session.settle('unhold');
    await resuming;
    session.holdRemotely(true);
    session.holdRemotely(false);
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    const [track] = stream.getAudioTracks();
    if (track) await call.replaceSenderTrack(track);
    expect(session.sent.audio).toBe(track);
    expect(track?.enabled).toBe(false);
    await call.unmute({ audio: true });
    expect(track?.enabled).toBe(true);
    expect(media.requests).toHaveLength(1);
  });

  it('is the beginning when the configuration says so', () => {
    const { phone } = testPhone({ plugins: [], call: { startWithAudioMuted: true } });
    const session = outgoing();
    expect(phone.calls.add(session).snapshot.muted).toEqual({ audio: true, video: false });
    expect(session.sending.audio).toBe(false);
  });
});

describe('digits', () => {
  it('are sent as they are asked for, over what the configuration says', async () => {
    const { phone, events } = testPhone({
      plugins: [],
      call: { dtmf: { transport: 'INFO', duration: 200 } },
    });
    const session = outgoing();
    const call = phone.calls.add(session);
    session.establish();
    const sending = call.sendDTMF('12ab*#', { duration: 120 });
    await settled();
    expect(events.names('call.send')).toEqual([]);
    await session.settle('sendDTMF');
    await sending;
    expect(session.argsOf('sendDTMF')).toEqual(['12AB*#', { transport: 'INFO', duration: 120 }]);
    expect(events.of('call.send.dtmf')).toMatchObject([{ signal: '12AB*#' }]);
  });

  it.each(['', 'E', '1 2', '+1', '1\n'])('are refused when they are %j', async (tones) => {
    const { call, session } = up();
    await expect(call.sendDTMF(tones)).rejects.toThrow(failure('dtmf.invalid'));
    expect(session.asked).toEqual([]);
  });

  it.each([
    { duration: 69 },
    { duration: 6001 },
    { duration: 0 },
    { duration: -1 },
    { duration: Number.NaN },
    { gap: 49 },
    { gap: 5001 },
    { gap: Number.NaN },
  ])('are refused when they are to last %o', async (options) => {
    const { call, session } = up();
    await expect(call.sendDTMF('1', options)).rejects.toThrow(failure('dtmf.invalid'));
    expect(session.asked).toEqual([]);
  });

  it.each([
    { duration: 70, gap: 50 },
    { duration: 6000, gap: 5000 },
  ])('are sent when they are to last %o', async (options) => {
    const { call, session } = up();
    const sending = call.sendDTMF('1', options);
    await session.settle('sendDTMF');
    await sending;
    expect(session.argsOf('sendDTMF')).toEqual(['1', options]);
  });

  it('do not wait for a hold that runs', async () => {
    const { call, session } = up();
    const holding = call.hold();
    await settled();
    const sending = call.sendDTMF('1');
    await session.settle('sendDTMF');
    await sending;
    expect(session.waiting('hold')).toBe(1);
    await session.settle('hold');
    await holding;
  });
});

describe('what the far end says', () => {
  it('is told as digits, as information, as a new name, as its own hold', () => {
    const { call, session, events } = up();
    session.report({ type: 'dtmf', tone: '5', duration: 100, event: 'e1' });
    session.report({ type: 'info', contentType: 'text/plain', body: 'hello', event: 'e2' });
    const remote = { name: 'Carol', user: '3003', uri: 'sip:3003@example.com' };
    session.report({ type: 'identity', remote });
    session.holdRemotely();
    session.holdRemotely();
    expect(events.last('call.receive.dtmf')).toMatchObject({
      tone: '5',
      duration: 100,
      event: 'e1',
    });
    expect(events.last('call.receive.info')).toMatchObject({
      contentType: 'text/plain',
      body: 'hello',
    });
    expect(call.remoteIdentity()).toBe('Carol (3003)');
    expect(events.of('call.hold')).toMatchObject([{ originator: 'remote' }]);
    expect(session.sending.audio).toBe(false);
  });

  it('after the end is heard by nobody', () => {
    const { session, events } = up();
    session.end();
    events.clear();
    session.establish();
    session.holdRemotely();
    session.end();
    expect(events.all).toEqual([]);
    expect(session.observers()).toBe(0);
  });
});

describe('the time of a call', () => {
  it('is told once a second while it is up, and not after', () => {
    vi.useFakeTimers({ now: 1_000_000 });
    const { session, events } = scene(outgoing());
    vi.advanceTimersByTime(5000);
    expect(events.names('call.timeupdate')).toEqual([]);
    session.establish();
    vi.advanceTimersByTime(65_000);
    expect(events.of('call.timeupdate')).toHaveLength(65);
    expect(events.of('call.primary.timeupdate')).toHaveLength(65);
    expect(events.last('call.timeupdate')).toMatchObject({
      answerTime: new Date(1_005_000),
      duration: 65_000,
      prettyDuration: '1:05',
    });
    session.end();
    vi.advanceTimersByTime(5000);
    expect(events.of('call.timeupdate')).toHaveLength(65);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('the questions of libwebphone', () => {
  it('are answered from the snapshot', () => {
    const { call, session } = scene(incoming());
    expect([call.getId(), call.getDirection(), call.isInProgress(), call.isRinging()]).toEqual([
      call.id,
      'terminating',
      true,
      true,
    ]);
    session.establish();
    expect([call.isInProgress(), call.isEstablished(), call.hasSession()]).toEqual([
      false,
      true,
      true,
    ]);
    expect([call.localIdentity(), call.remoteIdentity(), call.remoteURIUser()]).toEqual([
      'Alice (1001)',
      'Bob (2002)',
      '2002',
    ]);
    expect(call.hasPeerConnection()).toBe(false);
    expect(call.summary()).toMatchObject({ callId: call.id, primary: true, established: true });
    session.end();
    expect([call.isEnded(), call.hasSession()]).toEqual([true, false]);
  });
});
