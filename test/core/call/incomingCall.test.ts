import { describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/index.ts';
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

describe('an incoming call', () => {
  it('tells its life in this order, each event mirrored for the call in focus', async () => {
    fakeMedia();
    const { call, session, events } = scene(incoming());
    const answering = call.answer();
    await settled();
    await session.settle('answer');
    await answering;
    session.establish();
    session.end();
    const plain = events.names('call').filter((name) => !name.startsWith('call.primary.'));
    expect(plain).toEqual([
      'call.created',
      'call.ringing.started',
      'call.changed',
      'call.promoted',
      'call.changed',
      'call.local.audio.added',
      'call.answered',
      'call.changed',
      'call.ringing.stopped',
      'call.established',
      'call.changed',
      'call.local.audio.removed',
      'call.terminated',
      'call.ended',
    ]);
    const focused = plain.slice(plain.indexOf('call.changed'));
    const mirrored = events.names('call.primary').filter((name) => !name.endsWith('.update'));
    expect(mirrored).toEqual(focused.map((name) => name.replace('call.', 'call.primary.')));
    expect(events.of('call.primary.update').map(({ type }) => `call.${type}`)).toEqual(focused);
  });

  it('is changed in the snapshot and the list before its events are heard', () => {
    const { session, call, phone } = scene(incoming());
    const seen: unknown[] = [];
    phone.on('call.established', (event) => {
      seen.push(event.call.status, call.snapshot === event.call, event.callId === call.id);
    });
    phone.on('call.primary.changed', ({ call: now, previous }) => {
      seen.push(`${previous.status} → ${now.status}`);
    });
    session.establish();
    expect(seen).toEqual(['ringing → established', 'established', true, true]);
  });

  it('stops ringing once, whichever way it ends', () => {
    for (const finish of [
      (s: FakeSession) => {
        s.establish();
        s.end();
      },
      (s: FakeSession) => {
        s.end();
      },
    ]) {
      const { session, events } = scene(incoming());
      finish(session);
      expect(events.of('call.ringing.stopped')).toHaveLength(1);
    }
  });

  it('that nobody takes has failed and is missed', () => {
    const { session, events } = scene(incoming());
    session.end({ statusCode: 487 });
    expect(events.names('call.ended')).toEqual([]);
    expect(events.last('call.primary.failed')).toMatchObject({
      end: { failed: true, isMissed: true, by: 'remote' },
      call: { status: 'ended' },
    });
    expect(events.last('call.primary.terminated').end.isMissed).toBe(true);
  });

  it('that was answered elsewhere is not missed', () => {
    const { session, call } = scene(incoming());
    session.end({ statusCode: 487, reasons: ['SIP;cause=200;text="Call completed elsewhere"'] });
    expect(call.snapshot.end).toMatchObject({ key: 'answeredElsewhere', isMissed: false });
  });

  it.each([
    [undefined, 480],
    [486, 486],
    [603, 603],
    [300, 300],
    [699, 699],
  ])('is refused with %s as %i', async (statusCode, sent) => {
    const { call, session, events } = scene(incoming());
    await call.reject(statusCode === undefined ? {} : { statusCode });
    expect(session.argsOf('terminate')).toEqual([{ statusCode: sent }]);
    expect(events.of('call.rejected')).toMatchObject([{ statusCode: sent }]);
    expect(call.snapshot).toMatchObject({
      status: 'ended',
      end: { statusCode: sent, isMissed: false },
    });
  });

  it('is refused as busy while the user talks to somebody else', async () => {
    const { phone } = up();
    const session = incoming();
    await phone.calls.add(session).reject();
    expect(session.argsOf('terminate')).toEqual([{ statusCode: 486 }]);
  });

  it.each([200, 299, 700, 480.5, Number.NaN])('cannot be refused with %d', async (statusCode) => {
    const { call, session } = scene(incoming());
    await expect(call.reject({ statusCode })).rejects.toThrow(failure('call.stateInvalid'));
    expect(session.times('terminate')).toBe(0);
    expect(call.isRinging()).toBe(true);
  });

  it.each([
    ['NotAllowedError', 'media.denied'],
    ['NotFoundError', 'media.noDevice'],
  ])(
    'goes on ringing when the microphone says %s, and can be answered later',
    async (name, code) => {
      const media = fakeMedia();
      media.failNext(name);
      const { call, session, events } = scene(incoming());
      await expect(call.answer()).rejects.toThrow(failure(code));
      expect(call.snapshot).toMatchObject({ status: 'ringing', pending: null });
      expect(session.times('answer')).toBe(0);
      expect(events.of('call.operation.failed')).toMatchObject([{ operation: 'answer' }]);
      expect(media.liveTracks()).toEqual([]);

      const again = call.answer();
      await settled();
      await session.settle('answer');
      await again;
      session.establish();
      expect(call.isEstablished()).toBe(true);
      expect(media.liveTracks()).toHaveLength(1);
    },
  );

  it('that the caller gives up while the microphone is asked for leaves no live track', async () => {
    const media = fakeMedia({ asks: true });
    const { call, session, events } = scene(incoming());
    const answering = expect(call.answer()).rejects.toThrow(failure('call.ended'));
    await settled();
    expect(call.snapshot.pending).toBe('answer');
    session.end({ statusCode: 487 });
    await media.allow();
    await answering;
    expect(media.liveTracks()).toEqual([]);
    expect(session.times('answer')).toBe(0);
    expect(events.names('call.answered')).toEqual([]);
    expect(events.names('call.operation.failed')).toEqual([]);
  });

  it('lets go of the microphone when its answer does not get through', async () => {
    const media = fakeMedia();
    const session = incoming();
    session.refuseNext('answer', new Error('no'));
    const { call } = scene(session);
    await expect(call.answer()).rejects.toThrow(failure('media.failed'));
    expect(media.liveTracks()).toEqual([]);
    expect(call.isRinging()).toBe(true);
  });

  it('is answered once, however often the button is pressed', async () => {
    fakeMedia();
    const { call, session } = scene(incoming());
    const first = call.answer();
    await expect(call.answer()).rejects.toThrow(failure('call.stateInvalid'));
    await settled();
    await session.settle('answer');
    await first;
    expect(session.times('answer')).toBe(1);
  });

  it.each([
    [{}, { audio: true, video: true }, { audio: true, video: false }],
    [{ video: true }, { audio: true, video: true }, { audio: true, video: true }],
    [{ video: true }, { audio: true, video: false }, { audio: true, video: false }],
    [
      { audio: false, video: true },
      { audio: true, video: true },
      { audio: false, video: true },
    ],
  ])('answered with %j to an offer of %j asks for %j', async (options, offered, wanted) => {
    const media = fakeMedia();
    const { call, session } = scene(incoming({ offered, isObliging: true }));
    await call.answer({ ...options, headers: ['X-Agent: 7'] });
    expect(media.requests).toEqual([wanted]);
    expect(session.argsOf('answer')[0]).toMatchObject({
      video: wanted.video,
      headers: ['X-Agent: 7'],
    });
  });
});
