import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { dropInsOn, html, names, people } from './support/dropIns.ts';
import type { DropIns, Plugin } from './support/dropIns.ts';
import { referenceEvents } from './support/dropInEvents.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { until } from './support/processes.ts';

const lab = useLab();

/** Shows what is captured in elements, as libwebphone does when it is told to. */
const previews = {
  audioinput: { mediaElement: { create: true } },
  videoinput: { mediaElement: { create: true } },
};

/** What no test here makes anybody say. */
const elsewhere = [
  // Of what the phones of this page cannot make another one do: test/entry/libwebphone.test.ts.
  ...['userAgent.recieved.message', 'userAgent.recieved.notify', 'call.receive.info', 'call.error'],
];

const all = new Set<string>();
let page: Page;
let phones: DropIns;

beforeAll(async () => {
  const { kamailio, party, server } = lab();
  server.put('/dropin.html', html);
  ({ page } = await party({ path: '/dropin.html' }));
  phones = dropInsOn(page);
  for (const name of names) {
    const user = people[name];
    await page.evaluate(([key, config]) => makeDropIn(key, config), [
      name,
      {
        userAgent: {
          transport: { sockets: [kamailio.url] },
          authentication: { username: user, password: `pw${user}`, realm: domain },
          // Asked for by the test of transfers; and soon enough to see a renewal.
          user_agent: { refer_policy: 'follow', register_expires: name === 'bob' ? 10 : 600 },
        },
        mediaDevices: name === 'carol' ? previews : {},
        ...(name === 'alice' && { conference: {}, blf: {} }),
        storage: false,
      },
    ] as const);
  }
  await page.evaluate(() => {
    for (const phone of Object.values(dropIns)) void phone.getUserAgent()['start']?.();
  });
  for (const name of names) await heard(name, 'userAgent.registration.registered');
});

afterEach(async () => {
  for (const name of names) {
    for (const each of await phones.clear(name)) all.add(each.name);
  }
});

const heard: DropIns['heard'] = (...args) => phones.heard(...args);
const run: DropIns['run'] = (...args) => phones.run(...args);
const argsOf: DropIns['argsOf'] = (...args) => phones.argsOf(...args);

/** A call from alice to bob that is up. */
async function talk(): Promise<void> {
  await run('alice', 'UserAgent.call', people.bob);
  await heard('bob', 'call.progress');
  await run('bob', 'call.answer');
  await heard('alice', 'call.established');
  await heard('bob', 'call.established');
}

describe('what a page of libwebphone hears', () => {
  test('of the start: who was made, the account, and its registration', async () => {
    const first = await phones.toldBy('bob');
    const created = first.map(({ name }) => name).filter((name) => name.endsWith('created'));
    expect(created).toEqual([
      ...['userAgent.created', 'callList.created', 'mediaDevices.created', 'audioContext.created'],
      ...['callControl.created', 'dialpad.created', 'videoCanvas.created', 'created'],
    ]);
    expect(await argsOf('alice', 'created')).toEqual(['phone']);
    expect(await argsOf('alice', 'language.changed')).toEqual(['phone', 'function']);
    expect(await argsOf('alice', 'userAgent.started')).toEqual(['phone', 'userAgent']);
    expect(await argsOf('alice', 'userAgent.connected')).toEqual(['phone', 'userAgent', anything]);
    const registered = await argsOf('alice', 'userAgent.registration.registered');
    expect(registered).toEqual(['phone', 'userAgent', anything]);
    expect(await argsOf('alice', 'dialpad.render.ready')).toEqual(['phone', 'dialpad']);
  });

  test('of a call that comes in, is answered, and ends', async () => {
    await talk();
    await heard('bob', 'call.timeupdate');
    await run('bob', 'call.hangup');
    await heard('bob', 'call.ended');
    const wanted = [
      ...['call.remote.audio.element', 'call.remote.video.element', 'call.local.audio.element'],
      ...['call.local.video.element', 'call.ringing.started', 'call.created', 'call.demoted'],
      ...['callList.calls.added', 'call.promoted', 'call.remote.mediaStream.connect'],
      ...['call.local.mediaStream.connect', 'call.remote.audio.connect'],
      ...['call.remote.video.connect', 'call.local.audio.connect', 'call.local.video.connect'],
      ...['callList.calls.changed', 'call.progress', 'call.answered', 'call.ringing.stopped'],
      ...['call.established', 'call.terminated', 'callList.calls.removed', 'call.ended'],
      ...['call.remote.mediaStream.disconnect', 'call.local.mediaStream.disconnect'],
      ...['call.remote.audio.disconnect', 'call.remote.video.disconnect'],
      ...['call.local.audio.disconnect', 'call.local.video.disconnect'],
    ];
    const again = ['call.demoted', 'call.promoted', 'callList.calls.changed'];
    expect(await phones.order('bob', wanted)).toEqual([...wanted, ...again]);
    expect(await argsOf('bob', 'call.created')).toEqual(['phone', 'call']);
    expect(await argsOf('bob', 'call.remote.audio.element')).toEqual(['phone', 'call', 'audio']);
    expect(await argsOf('bob', 'call.progress')).toEqual(['phone', 'call', anything]);
    expect(await argsOf('bob', 'call.established')).toEqual(['phone', 'call', anything]);
    expect(await argsOf('bob', 'call.ended')).toEqual(['phone', 'call', anything]);
    expect(await argsOf('bob', 'call.peerconnection')).toEqual([
      ...['phone', 'call', 'RTCPeerConnection'],
    ]);
    expect(await argsOf('bob', 'call.peerconnection.add.track')).toEqual([
      ...['phone', 'call', 'event track'],
    ]);
    expect(await argsOf('bob', 'call.remote.audio.added')).toEqual(['phone', 'call', trackFacts]);
    expect(await argsOf('bob', 'call.local.audio.added')).toEqual(['phone', 'call', trackFacts]);
    for (const side of ['local', 'remote']) {
      const args = (await phones.toldBy('bob'))
        .filter(({ name }) => name === `audioContext.stream.${side}.changed`)
        .map((one) => one.args);
      const source = 'MediaStreamAudioSourceNode';
      expect(args).toEqual([
        ['phone', 'audioContext', source, 'null'],
        ['phone', 'audioContext', 'null', source],
      ]);
    }
    expect(await argsOf('bob', 'call.timeupdate')).toEqual([
      ...['phone', 'call', 'Date', anyNumber, aDuration],
    ]);
    expect(await argsOf('bob', 'callList.calls.changed')).toEqual([
      ...['phone', 'callList', 'call', 'new call'],
    ]);
    expect(await argsOf('bob', 'call.primary.update')).toEqual(['phone', 'call', 'promoted']);
    expect(await argsOf('bob', 'call.primary.ended')).toEqual(['phone', 'call', anything]);
  });

  test('of hold, mute, digits, a new offer and the account of the caller', async () => {
    await run('alice', 'UserAgent.setRedial', '*98');
    await talk();
    expect(await argsOf('alice', 'userAgent.redial.update')).toEqual(['phone', 'userAgent', '*98']);
    expect(await argsOf('alice', 'userAgent.call.started')).toEqual([
      ...['phone', 'userAgent', '1002'],
    ]);
    await run('alice', 'call.hold');
    expect(await argsOf('alice', 'call.hold')).toEqual(['phone', 'call', withKeys('originator')]);
    expect(await argsOf('bob', 'call.hold')).toEqual(['phone', 'call', withKeys('originator')]);
    await run('alice', 'call.unhold');
    await argsOf('alice', 'call.unhold');
    await argsOf('bob', 'call.unhold');
    await run('alice', 'CallControl.mute');
    expect(await argsOf('alice', 'call.muted')).toEqual(['phone', 'call', ['audio', 'video']]);
    expect(await run('alice', 'call.isMuted')).toBe(true);
    await run('alice', 'call.unmute');
    expect(await argsOf('alice', 'call.unmuted')).toEqual(['phone', 'call', ['audio', 'video']]);
    await run('alice', 'call.sendDTMF', '5', { transportType: 'INFO' });
    expect(await argsOf('alice', 'call.send.dtmf')).toEqual([
      ...['phone', 'call', '5', ['transportType']],
    ]);
    expect(await argsOf('bob', 'call.receive.dtmf')).toEqual(['phone', 'call', anything]);
    await run('alice', 'call.renegotiate');
    expect(await argsOf('alice', 'call.renegotiated')).toEqual(['phone', 'call']);
  });

  test('of a call that is refused', async () => {
    await run('alice', 'UserAgent.call', people.bob);
    await heard('bob', 'call.progress');
    await run('bob', 'call.reject');
    expect(await argsOf('bob', 'call.rejected')).toEqual(['phone', 'call']);
    expect(await argsOf('alice', 'call.failed')).toEqual(['phone', 'call', anything]);
    expect(await argsOf('alice', 'call.primary.failed')).toEqual(['phone', 'call', anything]);
  });

  test('of transfers: begun, given up, failed, and done', async () => {
    await talk();
    await run('alice', 'CallControl.transfer');
    expect(await argsOf('alice', 'call.transfer.collecting')).toEqual(['phone', 'call']);
    await run('alice', 'CallControl.transfer');
    expect(await argsOf('alice', 'call.transfer.failed')).toEqual(['phone', 'call', '']);
    await run('alice', 'CallControl.transfer');
    await run('alice', 'Dialpad.dial', people.carol);
    await run('alice', 'CallControl.transfer');
    expect(await argsOf('alice', 'call.transfer.started')).toEqual(['phone', 'call', '1003']);
    await heard('carol', 'call.progress');
    await run('carol', 'call.answer');
    expect(await argsOf('alice', 'call.transfer.complete')).toEqual(['phone', 'call', '1003']);
    expect(await argsOf('alice', 'call.transfer.completed')).toEqual(['phone', 'call', '1003']);
  });

  test('of the dialpad', async () => {
    await run('alice', 'Dialpad.dial', '1');
    expect(await argsOf('alice', 'dialpad.tones.play')).toEqual(['phone', 'dialpad', ['0', '1']]);
    expect(await argsOf('alice', 'dialpad.target.updated')).toEqual(['phone', 'dialpad', '1', '1']);
    await run('alice', 'Dialpad.backspace');
    expect(await argsOf('alice', 'dialpad.target.backspace')).toEqual(['phone', 'dialpad', '']);
    await run('alice', 'Dialpad.clear');
    expect(await argsOf('alice', 'dialpad.target.clear')).toEqual(['phone', 'dialpad', '']);
    for (const method of ['toggleFilter', 'toggleConvertion', 'toggleFilter', 'toggleConvertion']) {
      await run('alice', `Dialpad.${method}`);
    }
    for (const event of [
      'filter.enabled',
      'filter.disabled',
      'convert.enabled',
      'convert.disabled',
    ])
      expect(await argsOf('alice', `dialpad.${event}`)).toEqual(['phone', 'dialpad']);
    await run('alice', 'Dialpad.dial', people.bob);
    await run('alice', 'Dialpad.call');
    expect(await argsOf('alice', 'dialpad.call')).toEqual(['phone', 'dialpad', '1002']);
    // As every call of libwebphone it sends the camera that is switched on.
    await heard('alice', 'call.local.video.added');
    await heard('bob', 'call.progress');
    await run('alice', 'Dialpad.terminate');
    await heard('bob', 'call.failed');
    await run('alice', 'Dialpad.redial');
    expect(await argsOf('alice', 'dialpad.redial')).toEqual(['phone', 'dialpad']);
    expect(await argsOf('alice', 'userAgent.redial.started')).toEqual([
      ...['phone', 'userAgent', '1002'],
    ]);
  });

  test('of devices, volumes and previews', async () => {
    await run('carol', 'MediaDevices.refreshAvailableDevices');
    expect(await argsOf('carol', 'mediaDevices.devices.refreshed')).toEqual([
      ...['phone', 'mediaDevices', withKeys('audioinput')],
    ]);
    await run('carol', 'MediaDevices.startStreams', 'mine');
    expect(await argsOf('carol', 'mediaDevices.streams.started')).toEqual([
      ...['phone', 'mediaDevices', 'MediaStream'],
    ]);
    expect(await argsOf('carol', 'mediaDevices.audio.input.started')).toEqual([
      ...['phone', 'mediaDevices', withKeys('track')],
    ]);
    await run('carol', 'MediaDevices.mute', 'audioinput');
    await argsOf('carol', 'mediaDevices.audio.input.muted');
    await run('carol', 'MediaDevices.unmute', 'audioinput');
    await argsOf('carol', 'mediaDevices.audio.input.unmuted');
    await run('carol', 'MediaDevices.stopStreams', 'mine');
    expect(await argsOf('carol', 'mediaDevices.streams.stopped')).toEqual([
      ...['phone', 'mediaDevices'],
    ]);
    await argsOf('carol', 'mediaDevices.audio.input.stopped');
    for (const channel of ['master', 'ringer', 'tones', 'remote', 'preview']) {
      await run('carol', 'AudioContext.changeVolume', channel, 0.5);
      expect(await argsOf('carol', `audioContext.channel.${channel}.volume`)).toEqual([
        ...['phone', 'audioContext', 0.5],
      ]);
    }
    await run('carol', 'AudioContext.startAudioContext');
    await run('carol', 'AudioContext.startPreviewTone');
    await argsOf('carol', 'audioContext.preview.tone.started');
    await run('carol', 'AudioContext.stopPreviewTone');
    await argsOf('carol', 'audioContext.preview.tone.stopped');
    await run('carol', 'AudioContext.startPreviewLoopback');
    await argsOf('carol', 'audioContext.preview.loopback.started');
    await run('carol', 'AudioContext.stopPreviews');
    await argsOf('carol', 'audioContext.preview.loopback.stopped');
  });

  test('of pictures, and of devices that are changed', async () => {
    await talk();
    expect(await argsOf('alice', 'call.local.video.added')).toEqual(['phone', 'call', trackFacts]);
    expect(await argsOf('alice', 'call.remote.video.added')).toEqual(['phone', 'call', trackFacts]);
    await run('alice', 'MediaDevices.mute', 'videoinput');
    await argsOf('alice', 'mediaDevices.video.input.muted');
    await run('alice', 'MediaDevices.unmute', 'videoinput');
    await argsOf('alice', 'mediaDevices.video.input.unmuted');
    await run('alice', 'MediaDevices.startScreenCapture', {}, false);
    expect(await argsOf('alice', 'mediaDevices.screenCapture.started')).toEqual([
      ...['phone', 'mediaDevices', 'MediaStream'],
    ]);
    await run('alice', 'MediaDevices.stopScreenCapture');
    await argsOf('alice', 'mediaDevices.screenCapture.stopped');
    await run('alice', 'MediaDevices.changeDevice', 'videoinput', 'none');
    const gone = await until('the camera to be none', async () =>
      (await phones.toldBy('alice')).find(
        ({ name, args }) => name === 'mediaDevices.video.input.changed' && args[2] === 'null',
      ),
    );
    expect(gone.args).toEqual(['phone', 'mediaDevices', 'null', withKeys('id')]);
    await heard('alice', 'call.local.video.removed');
    await heard('bob', 'call.remote.video.removed');
    for (const [kind, event] of [
      ['audioinput', 'audio.input.changed'],
      ['audiooutput', 'audio.output.changed'],
      ['ringoutput', 'ring.output.changed'],
    ] as const) {
      await page.evaluate((of) => chooseLast('alice', of), kind);
      expect((await argsOf('alice', `mediaDevices.${event}`))[2]).toEqual(
        withKeys('id', 'deviceKind'),
      );
    }
  });

  test('of every event of the media elements, when they say it', async () => {
    await talk();
    const missing = await page.evaluate(() => sayAll('bob'));
    expect(missing).toEqual([]);
    expect(await argsOf('bob', 'call.remote.audio.seeked')).toEqual([
      ...['phone', 'call', 'audio', 'event seeked'],
    ]);
    expect(await argsOf('bob', 'mediaDevices.ring.output.seeked')).toEqual([
      ...['phone', 'mediaDevices', 'audio', 'event seeked'],
    ]);
  });

  test('of texts, targets and the trace', async () => {
    await page.evaluate(() => {
      for (const name of [
        'UserAgent',
        'CallList',
        'CallControl',
        'MediaDevices',
        'AudioContext',
        'VideoCanvas',
      ]) {
        (dropIns['bob']?.[`get${name}`]?.() as Plugin)['renderAddTarget']?.(`none-${name}`);
      }
      dropIns['bob']?.['i18nAddResourceBundle']?.('dialpad', 'de', { call: 'Anrufen' });
      (dropIns['bob']?.['getDialpad']?.() as Plugin)['renderAddTarget']?.({ root: document.body });
    });
    expect(await argsOf('bob', 'language.bundle.added')).toEqual(['phone', 'de', ['dialpad']]);
    expect(await argsOf('bob', 'dialpad.render.new')).toEqual(['phone', 'dialpad', targetKeys]);
    expect(await argsOf('bob', 'dialpad.render.rendered')).toEqual(['phone', 'dialpad', ['0']]);
    await run('bob', 'UserAgent.startDebug');
    expect(await argsOf('bob', 'userAgent.debug.start')).toEqual(['phone', 'userAgent']);
    await run('bob', 'UserAgent.stopDebug');
    await argsOf('bob', 'userAgent.debug.stop');
  });
});

describe('what the fork adds', () => {
  test('conference and busy lamps, whose files are loaded when the configuration names them', async () => {
    await talk();
    await run('alice', 'UserAgent.call', people.carol);
    await heard('carol', 'call.progress');
    await run('carol', 'call.answer');
    await heard('carol', 'call.established');
    await heard('bob', 'call.hold');
    await run('alice', 'CallControl.conference');
    expect(await argsOf('alice', 'conference.started')).toEqual([
      ...['phone', 'conference', anything, ['0', '1']],
    ]);
    await heard('bob', 'call.unhold');
    expect(await run('alice', 'call.isInConference')).toBe(true);
    await run('alice', 'CallControl.split');
    await argsOf('alice', 'conference.split');
    await run('alice', 'Blf.addKey', people.carol, 'Carol');
    expect(await argsOf('alice', 'blf.key.added')).toEqual(['phone', 'blf', withKeys('status')]);
    await argsOf('alice', 'blf.key.subscribed');
  });
});

describe('what a page of libwebphone hears at last', () => {
  test('of what goes wrong', async () => {
    await talk();
    await page.evaluate(() => {
      refuseDevices();
    });
    await run('alice', 'MediaDevices.startScreenCapture', {}, false);
    expect(await argsOf('alice', 'mediaDevices.screenCapture.error')).toEqual([
      ...['phone', 'mediaDevices', 'PhoneError'],
    ]);
    await run('carol', 'MediaDevices.startStreams', 'mine');
    expect(await argsOf('carol', 'mediaDevices.getUserMedia.error')).toEqual([
      ...['phone', 'mediaDevices', 'PhoneError'],
    ]);
    await page.evaluate(() => {
      grantDevices();
      makeDropIn('dave', {});
      const nobody = 'ws://127.0.0.1:9/';
      const realm = 'example.com';
      makeDropIn('eve', {
        userAgent: { transport: { sockets: [nobody] }, authentication: { username: 'eve', realm } },
      });
      void dropIns['dave']?.getUserAgent()['start']?.('dave', 'secret', realm);
      void dropIns['eve']?.getUserAgent()['start']?.();
    });
    expect(await argsOf('dave', 'userAgent.configuration.error')).toEqual([
      ...['phone', 'userAgent', 'PhoneError'],
    ]);
    expect(await argsOf('eve', 'userAgent.disconnected')).toEqual([
      ...['phone', 'userAgent', anything],
    ]);
    for (const name of ['dave', 'eve'] as const) {
      for (const each of await phones.toldBy(name)) all.add(each.name);
    }
    await heard('bob', 'userAgent.registration.expiring');
  });

  test('of a registration that is taken back, and of the end', async () => {
    await run('carol', 'UserAgent.unregister');
    expect(await argsOf('carol', 'userAgent.registration.unregistered')).toEqual([
      ...['phone', 'userAgent', anything],
    ]);
    await run('carol', 'UserAgent.stop');
    expect(await argsOf('carol', 'userAgent.stopped')).toEqual(['phone', 'userAgent']);
    await run('carol', 'UserAgent.call', '1001');
    expect(await argsOf('carol', 'userAgent.call.failed')).toEqual([
      ...['phone', 'userAgent', 'PhoneError'],
    ]);
    await run('carol', 'UserAgent.start', '1003', 'wrong');
    expect(await argsOf('carol', 'userAgent.registration.failed')).toEqual([
      ...['phone', 'userAgent', anything],
    ]);
  });
});

test('every state event of the reference was heard, but for those that the README tells of', () => {
  expect(referenceEvents.filter((name) => !all.has(name))).toEqual(
    referenceEvents.filter((name) => elsewhere.includes(name)),
  );
});

const anything: unknown = expect.anything();
const anyNumber: unknown = expect.any(Number);
const aDuration: unknown = expect.stringMatching(/^0:\d\d$/);
const trackFacts: unknown = withKeys('trackKind', 'track', 'mediaStream', 'settings');
const targetKeys: unknown = withKeys('root', 'template', 'data', 'i18n', 'by_id', 'by_name');

function withKeys(...keys: readonly string[]): unknown {
  return expect.arrayContaining([...keys]) as unknown;
}
