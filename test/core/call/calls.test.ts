import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Call, FocusPolicy, Phone } from '../../../src/core/index.ts';
import { fakeMedia } from '../../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../../support/fakeSession.ts';
import type { FakeSession } from '../../support/fakeSession.ts';
import { testPhone } from '../../support/testPhone.ts';

interface Line {
  readonly call: Call;
  readonly session: FakeSession;
}

function line(phone: Phone, session: FakeSession, established = true): Line {
  const call = phone.calls.add(session);
  if (established) session.establish();
  return { call, session };
}

/** Holds the call that is left and resumes the one that is entered, as a call list does. */
const holding: FocusPolicy = { leaving: (call) => call.hold(), entering: (call) => call.unhold() };

const open = { isObliging: true };

afterEach(() => {
  vi.useRealTimers();
});

describe('the focus', () => {
  it('goes to the first call, and to an outgoing one, but not to one that rings', async () => {
    const { phone } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding);
    const first = line(phone, incoming(open));
    expect(phone.calls.primary()?.id).toBe(first.call.id);
    const ringing = line(phone, incoming(open), false);
    expect(ringing.call.isPrimary()).toBe(false);
    const second = line(phone, outgoing(open), false);
    expect(second.call.isPrimary()).toBe(true);
    await settled();
    expect(first.call.isOnHold()).toBe(true);
    expect(phone.calls.list().map(({ id }) => id)).toEqual([
      first.call.id,
      ringing.call.id,
      second.call.id,
    ]);
  });

  it('moves with events on both calls, held before resumed, sound only where it is', async () => {
    const { phone, events } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding);
    const a = line(phone, outgoing(open));
    const b = line(phone, outgoing(open));
    await settled();
    expect([a.session.sending.audio, b.session.sending.audio]).toEqual([false, true]);
    events.clear();
    await phone.calls.focus(a.call.id);
    const told = events.all
      .map(
        ({ name, payload }) =>
          `${name} ${(payload as { callId: string }).callId === a.call.id ? 'a' : 'b'}`,
      )
      .filter((text) => /^call\.(demoted|promoted|hold|unhold) /.test(text));
    expect(told).toEqual(['call.demoted b', 'call.promoted a', 'call.hold b', 'call.unhold a']);
    expect([a.session.sending.audio, b.session.sending.audio]).toEqual([true, false]);
    expect([a.call.isOnHold(), b.call.isOnHold()]).toEqual([false, true]);
    expect(events.last('call.primary.promoted').callId).toBe(a.call.id);
  });

  it('is for all calls of a conference when one has it, and moves among them without the policy', async () => {
    const { phone } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding);
    const a = line(phone, outgoing(open));
    const b = line(phone, outgoing(open));
    const c = line(phone, outgoing(open));
    await settled();
    await a.call.unhold();
    const sending = (): boolean[] => [a, b, c].map(({ session }) => session.sending.audio);
    phone.calls.join([a.call.id, c.call.id]);
    expect(sending()).toEqual([true, false, true]);
    await phone.calls.focus(a.call.id);
    expect(sending()).toEqual([true, false, true]);
    expect(c.session.times('hold')).toBe(0);
    await phone.calls.focus(b.call.id);
    expect(sending()).toEqual([false, true, false]);
    await phone.calls.focus(c.call.id);
    phone.calls.join([]);
    expect(sending()).toEqual([false, false, true]);
  });

  it('leaves a call that the far end will not let be held silent all the same', async () => {
    const { phone, log } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding);
    const a = line(phone, outgoing(open));
    a.session.refuseNext('hold', 488);
    const b = line(phone, outgoing(open));
    await settled();
    expect(a.call.isOnHold()).toBe(false);
    expect([a.session.sending.audio, b.session.sending.audio]).toEqual([false, true]);
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('may be given to nobody, and to nobody who is not there', async () => {
    const { phone } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding);
    const a = line(phone, outgoing(open));
    await phone.calls.focus('somebody else');
    expect(phone.calls.primary()?.id).toBe(a.call.id);
    await phone.calls.focus(null);
    expect(phone.calls.primary()).toBeUndefined();
    expect(a.call.snapshot).toMatchObject({ isPrimary: false, hold: { local: true } });
  });

  it('falls to the call that is left when the one in focus ends; it stays held', async () => {
    const { phone, events } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding);
    const a = line(phone, outgoing(open));
    const b = line(phone, outgoing(open));
    await settled();
    b.session.end();
    expect(phone.calls.primary()?.id).toBe(a.call.id);
    expect(a.call.isOnHold()).toBe(true);
    expect(events.last('call.primary.ended').callId).toBe(b.call.id);
    expect(events.last('call.promoted').callId).toBe(a.call.id);
  });

  it('keeps a muted call muted over a switch away and back', async () => {
    const { phone } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding);
    const a = line(phone, outgoing(open));
    await a.call.mute({ audio: true });
    const b = line(phone, outgoing(open));
    await settled();
    expect([a.call.isMuted(), b.call.isMuted(), b.session.sending.audio]).toEqual([
      true,
      false,
      true,
    ]);
    await phone.calls.focus(a.call.id);
    expect(a.call.snapshot.hold.local).toBe(false);
    expect(a.session.sending.audio).toBe(false);
    await a.call.unmute();
    expect(a.session.sending.audio).toBe(true);
  });
});

describe('a phone without a call list', () => {
  it('has one call at a time: a new one ends the old one', async () => {
    const { phone } = testPhone({ plugins: [] });
    const a = line(phone, outgoing());
    const b = line(phone, outgoing(), false);
    await settled();
    expect(a.call.isEnded()).toBe(true);
    expect(phone.calls.list().map(({ id }) => id)).toEqual([b.call.id]);
  });

  it('gives up the talk when the next call is answered, not while it rings', async () => {
    fakeMedia();
    const { phone } = testPhone({ plugins: [] });
    const a = line(phone, outgoing());
    const b = line(phone, incoming(open), false);
    expect(a.call.isEstablished()).toBe(true);
    await b.call.answer();
    expect([a.call.isEnded(), b.call.isPrimary()]).toEqual([true, true]);
  });

  it('gets that policy back when the call list goes', async () => {
    const { phone } = testPhone({ plugins: [] });
    phone.calls.usePolicy(holding)();
    const a = line(phone, outgoing(open));
    line(phone, outgoing(open));
    await settled();
    expect(a.call.isEnded()).toBe(true);
  });
});

describe('the calls of a phone', () => {
  it('can be found until they end', () => {
    const { phone } = testPhone({ plugins: [] });
    const session = outgoing();
    const call = phone.calls.add(session, { id: 'mine' });
    expect(phone.calls.get('mine')).toBe(call);
    session.end();
    expect([phone.calls.get('mine'), phone.calls.list()]).toEqual([undefined, []]);
  });

  it('are all silent while the microphone is muted, and their own mute is not touched', () => {
    const { phone } = testPhone({ plugins: [] });
    const { call, session } = line(phone, outgoing());
    phone.calls.setDeviceMuted({ audio: true, video: false });
    expect([session.sending.audio, call.isMuted()]).toEqual([false, false]);
    const later = line(phone, outgoing());
    expect(later.session.sending.audio).toBe(false);
    phone.calls.setDeviceMuted({ audio: false, video: false });
    expect(later.session.sending.audio).toBe(true);
  });

  it('take their microphone from the plugin that offers itself, until it leaves', async () => {
    const media = fakeMedia();
    const { phone } = testPhone({ plugins: [] });
    const opened = vi.fn(() => Promise.resolve(new MediaStream()));
    const off = phone.calls.useMedia({
      open: opened,
      add: vi.fn(),
      remove: vi.fn(),
      close: vi.fn(),
    });
    await line(phone, incoming(open), false).call.answer();
    expect([opened.mock.calls.length, media.requests.length]).toEqual([1, 0]);
    off();
    await line(phone, incoming(open), false).call.answer();
    expect([opened.mock.calls.length, media.requests.length]).toEqual([1, 1]);
  });

  it('each have a microphone of their own from the browser, released at the end', async () => {
    const media = fakeMedia();
    const { phone } = testPhone({ plugins: [] });
    const { call, session } = line(phone, incoming(open), false);
    await call.answer();
    expect(media.liveTracks()).toHaveLength(1);
    session.end();
    expect(media.liveTracks()).toEqual([]);
  });

  it('say so when the page may not use a microphone at all', async () => {
    fakeMedia({ isInsecure: true });
    const { phone } = testPhone({ plugins: [] });
    const { call } = line(phone, incoming(), false);
    await expect(call.answer()).rejects.toMatchObject({ code: 'media.insecure' });
  });
});
