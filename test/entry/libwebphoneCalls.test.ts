import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Calls } from '../../src/core/index.ts';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { LwpCall } from '../../src/entry/libwebphone/call.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';

let phone: Libwebphone;
let told: string[];

/** The native calls behind the drop-in, to bring fake sessions in. */
function calls(): Calls {
  const kit = Reflect.get(phone.getCallList() ?? {}, 'kit') as { engine: { calls: Calls } };
  return kit.engine.calls;
}

function callOf(session: FakeSession): LwpCall {
  const { id } = calls().add(session);
  const call = phone.getCallList()?.getCall(id);
  if (!call) throw new Error('no call');
  return call;
}

beforeEach(async () => {
  phone = new Libwebphone({
    ...{ storage: false, log: { level: 'off' }, mediaDevices: { enabled: false } },
  });
  await settled();
  told = [];
  phone.onAny((name) => {
    if (!/update|audio|video|mediaStream|render|primary/.test(String(name)))
      told.push(String(name));
  });
});

afterEach(() => {
  phone.destroy();
});

describe('a call of the drop-in', () => {
  test('that comes in rings, is created, and takes the place of the placeholder', async () => {
    const session = incoming({
      remote: { name: 'Bob', user: '1002', uri: 'sip:1002@example.com' },
    });
    const call = callOf(session);
    await settled();
    expect(told).toEqual([
      ...['call.ringing.started', 'call.created', 'call.demoted', 'callList.calls.added'],
      ...['call.promoted', 'callList.calls.changed'],
    ]);
    expect(call.isRinging()).toBe(true);
    expect(call.isPrimary()).toBe(true);
    expect(call.getDirection()).toBe('terminating');
    expect(call.remoteIdentity()).toBe('Bob (1002)');
    expect(call.remoteURIUser()).toBe('1002');
    expect(call.remoteIdentity(true)).toMatchObject({
      display_name: 'Bob',
      uri: { scheme: 'sip', user: '1002', host: 'example.com' },
    });
    expect(String(call.remoteIdentity(true))).toBe('"Bob" <sip:1002@example.com>');
    expect(call.summary()).toMatchObject({ progress: true, terminating: true, muted: false });
    expect(phone.getDialpad()?.getAutoAction()).toBe('answer');
  });

  test('tells its end while it still has the focus, which then goes to the placeholder', async () => {
    const session = outgoing();
    const call = callOf(session);
    session.establish();
    await settled();
    const primary = vi.fn();
    phone.on('call.primary.ended', primary);
    told.length = 0;
    session.end();
    await settled();
    expect(told).toEqual([
      ...['call.terminated', 'callList.calls.removed', 'call.ended', 'call.demoted'],
      ...['call.promoted', 'callList.calls.changed'],
    ]);
    expect(primary).toHaveBeenCalledOnce();
    expect(call.isEnded()).toBe(true);
    expect(phone.getCallList()?.getCalls()).toHaveLength(1);
  });

  test('has the focus no more once it has ended, and is told so as any other', async () => {
    const session = outgoing();
    const call = callOf(session);
    session.establish();
    await settled();
    const demoted: unknown[] = [];
    phone.on('call.demoted', (_, one: LwpCall) => demoted.push(one.isPrimary()));
    const mirrored = vi.fn();
    phone.on('call.primary.demoted', mirrored);
    session.end();
    await settled();
    expect([call.isPrimary(), demoted]).toEqual([false, [false]]);
    expect(call.summary()).toMatchObject({ primary: false, ended: true });
    expect(phone.getCallList()?.getCalls()[0]?.isPrimary()).toBe(true);
    expect(mirrored).not.toHaveBeenCalled();
  });

  test('passes on what it is told to do, and shows what became of it', async () => {
    const session = outgoing({ isObliging: true });
    const call = callOf(session);
    session.establish();
    const control = phone.getCallControl();
    await control?.hold();
    expect(call.isOnHold()).toBe(true);
    expect(call.isOnHold(true)).toEqual({ local: true, remote: false });
    await control?.unhold();
    expect(call.isOnHold()).toBe(false);
    await control?.mute();
    expect(call.isMuted(true)).toEqual({ audio: true, video: false });
    await control?.unmute();
    await control?.muteVideo();
    expect(call.isMuted(true)).toEqual({ audio: false, video: true });
    await control?.unmuteVideo();
    await call.renegotiate();
    expect(session.times('renegotiate')).toBe(1);
    const tones: unknown[] = [];
    phone.on('call.send.dtmf', (...args: unknown[]) => tones.push(args.slice(2)));
    const options = { transportType: 'RFC2833', duration: 100, interToneGap: 80 } as const;
    await call.sendDTMF(5, options);
    expect(session.argsOf('sendDTMF')).toMatchObject([
      '5',
      { transport: 'RFC4733', duration: 100, gap: 80 },
    ]);
    expect(tones).toEqual([['5', options]]);
    await control?.hangup();
    expect(call.isEnded()).toBe(true);
  });

  test('is transferred in two steps, the target from the dialpad', async () => {
    const session = outgoing({ isObliging: true });
    const call = callOf(session);
    session.establish();
    await phone.getCallControl()?.transfer();
    expect(call.isInTransfer()).toBe(true);
    await phone.getDialpad()?.dial('1003');
    const done = call.transfer();
    await settled();
    expect(session.argsOf('refer')[0]).toBe('1003');
    expect(phone.getDialpad()?.hasTarget()).toBe(false);
    await done;
  });

  test('has its elements when they are asked for, and tells what happens to them', () => {
    const call = callOf(incoming());
    const heard: unknown[] = [];
    phone.on('call.remote.video.play', (...args: unknown[]) => heard.push(...args));
    const video = call.getRemoteVideo();
    expect(call.getRemoteVideo()).toBe(video);
    const event = new Event('play');
    video.dispatchEvent(event);
    expect(heard).toEqual([phone, call, video, event]);
    call.changeVolume(0.25);
    expect(call.getRemoteAudio().volume).toBe(0.25);
    expect(call.getLocalAudio().muted).toBe(true);
  });

  test('is one of several: the list switches, and ends by call or by id', async () => {
    const [first, second] = [outgoing({ isObliging: true }), outgoing({ isObliging: true })];
    const one = callOf(first);
    first.establish();
    const two = callOf(second);
    second.establish();
    await settled();
    const list = phone.getCallList();
    const [placeholder] = list?.getCalls() ?? [];
    if (!list || !placeholder) throw new Error('no list');
    expect(list.getCall()).toBe(two);
    await list.switchCall(one.getId());
    expect([one.isPrimary(), two.isPrimary()]).toEqual([true, false]);
    expect(two.isOnHold()).toBe(true);
    await list.switchCall(placeholder.getId());
    expect(placeholder.isPrimary()).toBe(true);
    await one._setPrimary();
    expect(one.isPrimary()).toBe(true);
    list.removeCall(two);
    list.removeCall(one.getId());
    await settled();
    expect(list.getCalls()).toEqual([placeholder]);
  });

  test('is shown by the controls when the page asks for that, until something changes', async () => {
    const place = document.body.appendChild(document.createElement('div'));
    const [first, second] = [outgoing({ isObliging: true }), outgoing({ isObliging: true })];
    const one = callOf(first);
    first.establish();
    const two = callOf(second);
    second.establish();
    await settled();
    const control = phone.getCallControl();
    control?.renderAddTarget({ root: place, template: '{{data.call.callId}}' });
    await vi.waitFor(() => {
      expect(place.textContent).toBe(two.getId());
    });
    control?.updateRenders(one);
    await settled();
    expect(place.textContent).toBe(one.getId());
    await control?.mute();
    expect([one.isMuted(), two.isMuted()]).toEqual([true, false]);
    await settled();
    expect(place.textContent).toBe(two.getId());
    place.remove();
  });

  test('that is refused says so', async () => {
    const session = incoming();
    const call = callOf(session);
    await call.reject();
    expect(told).toContain('call.rejected');
    expect(told.at(-1)).toBe('callList.calls.changed');
    expect(session.times('terminate')).toBe(1);
  });
});

test('a button that goes when it is pressed leaves the focus in its target', async () => {
  // As in a browser, where nothing but a control takes the focus by itself.
  vi.spyOn(HTMLDivElement.prototype, 'focus').mockImplementation(function (this: HTMLDivElement) {
    if (this.hasAttribute('tabindex')) HTMLElement.prototype.focus.call(this);
  });
  const place = document.body.appendChild(document.createElement('div'));
  phone.getCallControl()?.renderAddTarget({ root: place });
  const session = outgoing({ isObliging: true });
  const call = callOf(session);
  session.establish();
  await settled();
  const button = (text: string): HTMLElement | undefined =>
    [...place.querySelectorAll('button')].find(({ textContent }) => textContent === text);
  await vi.waitFor(() => {
    expect(button('Mute Audio')).toBeDefined();
  });
  button('Mute Audio')?.focus();
  expect(document.activeElement).toBe(button('Mute Audio'));
  await call.mute();
  await settled();
  expect(button('Mute Audio')).toBeUndefined();
  expect(document.activeElement).toBe(place);
  // A draw that is not about it lets it be, and the page has its element back when the focus goes on.
  phone.getCallControl()?.updateRenders();
  await settled();
  expect(document.activeElement).toBe(place);
  // As from a window that is left for another one, and comes back.
  place.dispatchEvent(new FocusEvent('blur'));
  expect(place.hasAttribute('tabindex')).toBe(true);
  button('Unmute Audio')?.focus();
  expect(place.hasAttribute('tabindex')).toBe(false);
  vi.restoreAllMocks();
  place.remove();
});
