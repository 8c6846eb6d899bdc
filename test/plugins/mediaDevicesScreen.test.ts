import { beforeEach, describe, expect, it, vi } from 'vitest';
import { incoming, settled } from '../support/fakeSession.ts';
import {
  agreed,
  alert,
  callOut,
  choose,
  idOf,
  ids,
  letCallsBe,
  machine,
  media,
  press,
  select,
  start,
  test,
  textOf,
} from './mediaDevicesScene.ts';

const devices = [
  { deviceId: 'mic', kind: 'audioinput', label: 'Microphone' },
  { deviceId: 'cam1', kind: 'videoinput', label: 'Front camera' },
  { deviceId: 'cam2', kind: 'videoinput', label: 'Back camera' },
] as const;
const share = (): Promise<void> => media().startScreenCapture();

beforeEach(() => start({ videoinput: { show: true, screenCapture: true } }, { devices }));

describe('the screen', () => {
  it('is shared with the call in focus and no other, and taken away again', async () => {
    const first = await callOut();
    letCallsBe();
    const second = await callOut('1003');
    await agreed(second.session, share);
    expect(idOf(second.session.sent.video)).toBe('screen');
    expect(second.call.snapshot.localVideo).toBe('screen');
    expect(first.session.sent.video).toBeNull();
    expect(media().isSharing()).toBe(true);
    expect(textOf('sharing')).toBe('You are sharing your screen.');
    expect(test.events.last('mediaDevices.screenCapture.started').stream.getTracks()).toHaveLength(
      1,
    );
    await agreed(second.session, () => press('unshare'));
    expect(second.session.sent.video).toBeNull();
    expect(media().isSharing()).toBe(false);
    expect(textOf('sharing')).toBe('');
    expect(ids()).not.toContain('screen');
    expect(test.events.of('mediaDevices.screenCapture.stopped')).toHaveLength(1);
  });

  it('takes the place of the camera, which is off meanwhile and comes back', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    const offers = session.times('renegotiate');
    await agreed(session, share);
    expect(ids()).toEqual(['mic', 'mic', 'screen']);
    await agreed(session, media().stopScreenCapture);
    expect(idOf(session.sent.video)).toBe('cam1');
    expect(call.snapshot.localVideo).toBe('camera');
    expect(session.times('renegotiate')).toBe(offers);
    session.end();
    await settled();
    expect(ids()).toEqual([]);
  });

  it('ends in the browser’s own bar as by the button', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    await agreed(session, share);
    await machine.endScreen();
    await settled();
    expect(idOf(session.sent.video)).toBe('cam1');
    expect(media().isSharing()).toBe(false);
  });

  it('goes on when another camera is chosen, and that one follows', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    await agreed(session, share);
    await choose('cam2', 'videoinput');
    expect(idOf(session.sent.video)).toBe('screen');
    expect(ids()).not.toContain('cam2');
    await agreed(session, media().stopScreenCapture);
    expect(idOf(session.sent.video)).toBe('cam2');
  });

  it('goes on when a camera is chosen in a call that had none', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    await agreed(session, () => choose('none', 'videoinput'));
    await agreed(session, share);
    await choose('cam2', 'videoinput');
    expect(call.snapshot.localVideo).toBe('screen');
    expect(idOf(session.sent.video)).toBe('screen');
    expect(ids()).toEqual(['mic', 'mic', 'screen']);
  });

  it('leaves no picture when the camera is set to none meanwhile', async () => {
    const { call, session } = await callOut();
    await agreed(session, call.startVideo);
    await agreed(session, share);
    await choose('none', 'videoinput');
    expect(idOf(session.sent.video)).toBe('screen');
    await agreed(session, media().stopScreenCapture);
    expect(session.sent.video).toBeNull();
    expect(call.snapshot.localVideo).toBe('none');
  });

  it('is seen while the camera is muted', async () => {
    const { call, session } = await callOut();
    await call.mute({ audio: false, video: true });
    await media().mute('videoinput');
    await agreed(session, share);
    expect(session.sent.video?.enabled).toBe(true);
  });

  it('is let go of with the call, with its picture, and with the phone', async () => {
    const one = await callOut();
    await agreed(one.session, share);
    one.session.end();
    await settled();
    expect(ids()).toEqual([]);
    expect(media().isSharing()).toBe(false);
    const two = await callOut();
    await agreed(two.session, share);
    await agreed(two.session, two.call.stopVideo);
    expect(ids()).toEqual(['mic', 'mic']);
    expect(media().isSharing()).toBe(false);
    await agreed(two.session, share);
    test.phone.destroy();
    expect(ids()).toEqual([]);
  });

  it('is asked for once at a time, and moves to the call in focus', async () => {
    const first = await callOut();
    letCallsBe();
    const [one, other] = [share(), share()];
    await agreed(first.session, () => Promise.all([one, other]));
    expect(machine.screenRequests).toEqual([{ video: true, audio: true }]);
    await share();
    expect(machine.screenRequests).toHaveLength(1);
    const second = await callOut('1003');
    const again = share();
    await settled();
    await first.session.settle('renegotiate');
    await second.session.settle('renegotiate');
    await again;
    expect(first.session.sent.video).toBeNull();
    expect(idOf(second.session.sent.video)).toBe('screen');
    expect(ids().filter((id) => id === 'screen')).toHaveLength(1);
  });

  it('is chosen among the cameras, and the control stays at the camera', async () => {
    const { session } = await callOut();
    await agreed(session, () => choose('screenCapture', 'videoinput'));
    expect(media().isSharing()).toBe(true);
    expect(select('videoinput').value).not.toBe('screenCapture');
  });

  it('is not shared without a call', async () => {
    await expect(share()).rejects.toMatchObject({ code: 'call.stateInvalid' });
    expect(machine.screenRequests).toEqual([]);
  });

  it('takes the options of the browser, and a camera instead if so asked', async () => {
    const { session } = await callOut();
    await agreed(session, () => media().startScreenCapture({ audio: false }));
    expect(machine.screenRequests).toEqual([{ video: true, audio: false }]);
    await agreed(session, media().stopScreenCapture);
    await agreed(session, () => media().startScreenCapture({ video: true }, false));
    expect(machine.requests.at(-1)).toEqual({ video: true });
  });

  it('sends its sound along, and takes it out again', async () => {
    await start({}, { devices, hasScreenSound: true });
    const heard: (MediaStreamTrack | null)[] = [];
    test.phone.calls.useSoundPath({
      outgoing: (_callId, track, added) => {
        heard.push(added);
        return Promise.resolve(track);
      },
      incoming: (_callId, track) => Promise.resolve(track),
      close: () => undefined,
    });
    const session = incoming({ isObliging: true });
    const call = test.phone.calls.add(session);
    await call.answer();
    session.establish();
    await agreed(session, share);
    expect(heard.map(idOf)).toEqual([undefined, 'screen']);
    await agreed(session, media().stopScreenCapture);
    expect(heard.at(-1)).toBeNull();
    expect(ids()).toEqual(['mic', 'mic']);
  });
});

describe('a screen that is not shared', () => {
  it('is no error when the user chose none', async () => {
    await callOut();
    machine.refuseScreen('NotAllowedError', 'Permission denied');
    await expect(share()).rejects.toMatchObject({ code: 'media.dismissed' });
    await settled();
    expect(alert()).toBe('');
    expect(test.events.last('mediaDevices.screenCapture.error').error.code).toBe('media.dismissed');
  });

  it('is an error when the system forbids it, with another try', async () => {
    const { session } = await callOut();
    machine.refuseScreen('NotAllowedError', 'Permission denied by system');
    await expect(share()).rejects.toMatchObject({ code: 'media.screenFailed' });
    await settled();
    expect(alert()).toBe('The screen could not be shared.');
    await agreed(session, () => press('retry'));
    expect(alert()).toBe('');
    expect(media().isSharing()).toBe(true);
  });

  it('leaves the camera when the far end refuses it, and nothing open', async () => {
    const { call, session } = await callOut();
    session.refuseNext('renegotiate', 488);
    await expect(share()).rejects.toMatchObject({ code: 'call.operationRefused' });
    expect(call.snapshot.localVideo).toBe('none');
    expect(ids()).toEqual(['mic', 'mic']);
    expect(media().isSharing()).toBe(false);
  });

  it('is an error no more with the next try or after the call', async () => {
    const { session } = await callOut();
    machine.refuseScreen('NotAllowedError', 'Permission denied by system');
    await share().catch(() => undefined);
    await settled();
    expect(alert()).toBe('The screen could not be shared.');
    machine.refuseScreen('NotAllowedError', 'Permission denied');
    await press('retry');
    expect(alert()).toBe('');
    machine.refuseScreen('NotAllowedError', 'Permission denied by system');
    await share().catch(() => undefined);
    session.end();
    await settled();
    expect(alert()).toBe('');
  });

  it('is let go of when the browser’s own bar ends it while another call still shows one', async () => {
    const first = await callOut();
    letCallsBe();
    await agreed(first.session, share);
    const second = await callOut('1003');
    const again = share().catch((error: unknown) => error);
    await settled();
    // The first call takes its picture out; meanwhile the user has seen enough.
    await machine.endScreen();
    await first.session.settle('renegotiate');
    expect(await again).toMatchObject({ code: 'media.dismissed' });
    await settled();
    expect(second.session.sent.video).toBeNull();
    expect(media().isSharing()).toBe(false);
    expect(alert()).toBe('');
    expect(ids()).not.toContain('screen');
  });

  it('is let go of when the call has ended while the user chose', async () => {
    const { session } = await callOut();
    const picked = share().catch((error: unknown) => error);
    session.end();
    await picked;
    await settled();
    expect(ids()).toEqual([]);
    expect(alert()).toBe('');
  });
});

describe('a share that is stopped while it begins', () => {
  const outcome = (): Promise<unknown> => share().catch((error: unknown) => error);
  const superseded = { code: 'call.superseded' };

  it('never starts, whatever the user picks then', async () => {
    const { call, session } = await callOut();
    const pick = machine.holdPicker();
    const started = outcome();
    await media().stopScreenCapture();
    expect(await started).toMatchObject(superseded);
    await pick();
    expect(ids()).toEqual(['mic', 'mic']);
    expect(session.times('renegotiate')).toBe(0);
    expect(call.snapshot.localVideo).toBe('none');
    expect(alert()).toBe('');
    expect(test.events.names('mediaDevices.screenCapture')).toEqual([]);
  });

  it('is seen by nobody while its offer waits, and taken back then', async () => {
    const { call, session } = await callOut();
    const started = outcome();
    await vi.waitUntil(() => session.waiting('renegotiate') > 0);
    const stopped = media().stopScreenCapture();
    expect(ids()).toEqual(['mic', 'mic']);
    await session.settle('renegotiate');
    await settled();
    await session.settle('renegotiate');
    await stopped;
    expect(await started).toMatchObject(superseded);
    expect(session.sent.video).toBeNull();
    expect(call.snapshot.localVideo).toBe('none');
    expect(media().isSharing()).toBe(false);
  });

  it('starts all the same when it is asked for once more', async () => {
    const { session } = await callOut();
    const pick = machine.holdPicker();
    const first = outcome();
    const stopped = media().stopScreenCapture();
    await agreed(session, share);
    await stopped;
    await pick();
    expect(await first).toMatchObject(superseded);
    expect(media().isSharing()).toBe(true);
    expect(idOf(session.sent.video)).toBe('screen');
    expect(ids()).toEqual(['mic', 'mic', 'screen']);
  });

  it('is let go of with the phone', async () => {
    const { session } = await callOut();
    const pick = machine.holdPicker();
    const first = outcome();
    test.phone.destroy();
    expect(await first).toMatchObject({ code: 'call.ended' });
    await pick();
    expect(session.sent.video).toBeNull();
    expect(ids()).toEqual([]);
  });
});
