import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import { LwpCall } from '../../src/entry/libwebphone/call.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';
import { toldCall } from '../../src/entry/libwebphone/callEvents.ts';
import { toldPlugin } from '../../src/entry/libwebphone/events.ts';
import { incoming, settled } from '../support/fakeSession.ts';

let phone: Libwebphone;

const engine = (): Engine =>
  (Reflect.get(phone.getCallList() ?? {}, 'kit') as { readonly engine: Engine }).engine;

/** A call that is up: the drop-in's, and a spy in place of each method of the native one. */
async function upCall(): Promise<{ lwp: LwpCall; asked: [string, ...unknown[]][] }> {
  await settled();
  const session = incoming({ isObliging: true });
  const native = engine().calls.add(session);
  session.establish();
  await settled();
  const lwp = phone.getCallList()?.getCall(native.id);
  if (!lwp) throw new Error('no call');
  const asked: [string, ...unknown[]][] = [];
  const { snapshot } = native;
  const spied = Object.fromEntries(
    Object.entries(native).map(([name, value]: [string, unknown]) => {
      if (typeof value !== 'function' || /^(is|has|get|remote|local|summary)/.test(name)) {
        return [name, value];
      }
      const spy = (...args: unknown[]): Promise<void> => {
        asked.push([name, ...args]);
        return Promise.resolve();
      };
      return [name, spy];
    }),
  );
  Reflect.set(lwp, '_native', spied);
  expect(snapshot.status).toBe('established');
  return { lwp, asked };
}

beforeEach(() => {
  phone = new Libwebphone({
    storage: false,
    log: { level: 'off' },
    mediaDevices: { enabled: false },
  });
});

afterEach(() => {
  phone.destroy();
  vi.restoreAllMocks();
});

describe('a method of a call', () => {
  test.each([
    ['terminate', [], ['terminate', undefined]],
    ['cancel', [], ['terminate', undefined]],
    ['hangup', [], ['hangup', undefined]],
    ['reject', [], ['reject', undefined]],
    ['hold', [], ['hold']],
    ['unhold', [], ['unhold']],
    ['renegotiate', [], ['renegotiate']],
    ['mute', [], ['mute', { audio: true, video: true }]],
    ['unmute', [{ audio: true }], ['unmute', { audio: true }]],
    ['transfer', ['1003', false], ['transfer', '1003', { hold: false }]],
    ['transfer', [], ['transfer', undefined, { hold: true }]],
    ['attendedTransferStart', ['1003'], ['attendedTransferStart', '1003']],
    ['attendedTransfer', [], ['attendedTransfer']],
    ['attendedTransferCancel', [], ['attendedTransferCancel']],
    ['transferToBlind', [], ['transferToBlind']],
    ['removeSenderTrack', ['audio'], ['removeSenderTrack', 'audio']],
    ['replaceSenderTrack', ['track'], ['replaceSenderTrack', 'track']],
    [
      'sendDTMF',
      [5, { duration: 90, interToneGap: 70, transportType: 'RFC2833' }],
      ['sendDTMF', '5', { duration: 90, gap: 70, transport: 'RFC4733' }],
    ],
  ] as const)('%s(%j) asks the native call for %j', async (name, args, expected) => {
    const { lwp, asked } = await upCall();
    void (lwp[name] as (...given: readonly unknown[]) => unknown)(...args);
    expect(asked).toEqual([expected]);
  });

  test('transfer takes another call, and of the placeholder nothing is asked', async () => {
    const { lwp, asked } = await upCall();
    const other = new LwpCall('x', {
      ...{ kit: Reflect.get(lwp, 'kit') as never, native: 'native' as never },
      hasFocus: () => false,
    });
    void lwp.transfer(other);
    expect(asked).toEqual([['transfer', 'native', { hold: true }]]);
    const [placeholder] = phone.getCallList()?.getCalls() ?? [];
    expect(placeholder?.hold()).toBeUndefined();
    expect(placeholder?.summary()).toMatchObject({ hasSession: false, primary: false });
  });

  test('answer is without a camera where there is none, in elements of the call’s own', async () => {
    const { lwp, asked } = await upCall();
    void lwp.answer({ headers: ['X-A: b'] });
    const render = {
      ...{ remote: lwp.getRemoteVideo(), sound: lwp.getRemoteAudio(), local: lwp.getLocalVideo() },
    };
    expect(asked).toEqual([
      ['answer', { video: false, receiveVideo: true, render, headers: ['X-A: b'] }],
    ]);
  });

  test('changeVolume sets the elements of the kind, within bounds, or what the slider says', async () => {
    const { lwp } = await upCall();
    lwp.changeVolume(0.4, 'audio');
    lwp.changeVolume(7, 'video');
    expect([lwp.getRemoteAudio().volume, lwp.getRemoteVideo().volume]).toEqual([0.4, 1]);
    phone.getAudioContext()?.changeVolume('remote', 0.5);
    lwp.changeVolume();
    expect([lwp.getRemoteAudio().volume, lwp.getRemoteVideo().volume]).toEqual([0.5, 0.5]);
  });

  test('the questions of a call are answered as libwebphone did', async () => {
    const { lwp } = await upCall();
    const yes = [lwp.hasSession(), lwp.isEstablished(), lwp.isPrimary()];
    expect(yes).toEqual([true, true, true]);
    const no = [lwp.isInProgress(), lwp.isEnded(), lwp.isRinging(), lwp.isInTransfer()];
    expect([...no, lwp.isAttendedTransferPending(), lwp.isInConference()]).not.toContain(true);
    expect([lwp.isOnHold(), lwp.isOnHold(true)]).toEqual([false, { local: false, remote: false }]);
    expect([lwp.isMuted(), lwp.getConferenceId()]).toEqual([false, null]);
    expect(lwp.getDirection()).toBe('terminating');
    const details = lwp.remoteIdentity(true) as { uri: { user: string }; toString: () => string };
    expect(details.uri.user).toBe(lwp.remoteURIUser());
    expect(details.toString()).toMatch(/<sips?:.*>$/);
  });
});

describe('the controls', () => {
  test.each([
    ['cancel', 'terminate'],
    ['hangup', 'hangup'],
    ['hold', 'hold'],
    ['unhold', 'unhold'],
    ['mute', 'mute', { audio: true }],
    ['unmute', 'unmute', { audio: true }],
    ['muteVideo', 'mute', { video: true }],
    ['unmuteVideo', 'unmute', { video: true }],
    ['transfer', 'transfer'],
    ['transferAttended', 'attendedTransferStart'],
    ['transferAttendedToBlind', 'transferToBlind'],
  ] as const)('%s asks the call that is shown for %s', async (name, method, options?: object) => {
    const { asked } = await upCall();
    void phone.getCallControl()?.[name]();
    expect(asked[0]?.[0]).toBe(method);
    if (options) expect(asked[0]?.[1]).toEqual(options);
  });

  test('while a target is asked, the call that waits is the one that is transferred', async () => {
    const { lwp, asked } = await upCall();
    const native = lwp._native;
    const waiting = { ...native?.snapshot, transfer: { status: 'consulting' } };
    Reflect.set(lwp, '_native', {
      ...native,
      attendedTransfer: () => asked.push(['attended']) && Promise.resolve(),
      snapshot: waiting,
    });
    void phone.getCallControl()?.transferAttended();
    expect(asked).toEqual([['attended']]);
  });

  describe('with two calls, one of which waits for its target, and a third one', () => {
    type UpCall = Awaited<ReturnType<typeof upCall>>;
    const scene = async (): Promise<readonly [UpCall, UpCall, UpCall]> => {
      const [waiting, target, third] = [await upCall(), await upCall(), await upCall()];
      const { lwp } = waiting;
      const transfer = { status: 'consulting', consultationId: target.lwp.getId() };
      const snapshot = { ...lwp._native?.snapshot, transfer };
      Reflect.set(lwp, '_native', { ...lwp._native, snapshot });
      return [waiting, target, third];
    };

    test.each([
      ['the one that waits', 0, 0, 'attendedTransfer', 'transferToBlind'],
      ['its target', 1, 0, 'attendedTransfer', 'transferToBlind'],
      ['the third one', 2, 2, 'attendedTransferStart', 'transferToBlind'],
    ] as const)('when %s is shown', async (...[, shown, meant, attended, blind]) => {
      const calls = await scene();
      const control = phone.getCallControl();
      control?.updateRenders(calls[shown].lwp);
      void control?.transferAttended();
      void control?.transferAttendedToBlind();
      const asked = calls.map((call) => call.asked.map(([name]) => name));
      const wanted = calls.map((_, at) => (at === meant ? [attended, blind] : []));
      expect(asked).toEqual(wanted);
    });
  });

  test('without a conference they do nothing', () => {
    const control = phone.getCallControl();
    expect([control?.conference(), control?.split(), control?.muteCaller()]).toEqual(
      Array.from({ length: 3 }),
    );
  });
});

test.each([
  ['transfer.started', { target: '1003' }, ['transfer.started'], ['1003']],
  ['transfer.completed', { target: 'x' }, ['transfer.complete', 'transfer.completed'], ['x']],
  ['transfer.cancelled', {}, ['transfer.failed', 'transfer.cancelled'], ['']],
  ['operation.failed', { error: 1, operation: 2 }, ['error', 'operation.failed'], [1, 2]],
  ['identity.changed', { previous: 1 }, ['update', 'identity.changed'], [1]],
  ['muted', { audio: true, video: false }, ['muted'], [{ audio: true, video: false }]],
  ['hold', { event: { a: 1 }, originator: 'local' }, ['hold'], [{ a: 1, originator: 'local' }]],
  ['redirected', { target: 1, event: 2 }, ['redirected'], [1, 2]],
  ['replaced', { replacedBy: 1 }, ['replaced'], [1]],
  ['remote.audio.blocked', { element: 1 }, ['remote.audio.blocked'], [1]],
  ['timeupdate', { answerTime: 1, duration: 2, prettyDuration: 3 }, ['timeupdate'], [1, 2, 3]],
  ['refer.requested', { a: 1 }, ['refer.requested'], [{ a: 1 }]],
  ['peerconnection.add.track', {}, [], []],
] as const)('call.%s is told with what libwebphone told', (...[type, payload, types, more]) => {
  expect(toldCall(type, payload)).toEqual({ types, more });
});

test.each([
  ['audioContext.channel.master.volume', { volume: 1 }, [1]],
  ['conference.leg.added', { callId: 'a', call: {} }, ['a']],
  ['conference.started', { conferenceId: 'c', callIds: ['a'] }, ['c', ['a']]],
  ['blf.key.added', { key: 'k' }, ['k']],
  [
    'mediaDevices.video.input.changed',
    { parameters: { device: { id: 'none' } }, previous: {} },
    [null, {}],
  ],
  ['mediaDevices.audio.input.muted', { parameters: { device: { id: 'mic' } } }, [{ id: 'mic' }]],
])('%s is told with what libwebphone told', (name, payload, more) => {
  expect(toldPlugin(name, payload)).toEqual({ names: [name], more });
});
