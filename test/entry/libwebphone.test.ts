import { afterEach, describe, expect, test, vi } from 'vitest';
import Libwebphone from '../../src/entry/libwebphone.ts';
import { toldCall } from '../../src/entry/libwebphone/callEvents.ts';
import { codecModifiers } from '../../src/entry/libwebphone/codecs.ts';
import { toldPlugin } from '../../src/entry/libwebphone/events.ts';
import type { RenderTarget } from '../../src/entry/libwebphone/target.ts';

const phones: Libwebphone[] = [];

function phoneWith(config: object = {}): Libwebphone {
  const phone = new Libwebphone({ storage: false, log: { level: 'off' }, ...config });
  phones.push(phone);
  return phone;
}

/** A turn of the page: what was asked for is painted. */
const turn = (): Promise<unknown> => new Promise((resolve) => setTimeout(resolve, 5));

function place(id = 'place'): HTMLElement {
  const element = document.createElement('div');
  element.id = id;
  document.body.append(element);
  return element;
}

afterEach(() => {
  for (const phone of phones.splice(0)) phone.destroy();
  document.body.replaceChildren();
});

describe('the class', () => {
  test('needs no configuration and has no class for what is switched off', () => {
    const phone = phoneWith({ dialpad: { enabled: false }, callList: { enabled: false } });
    expect(phone.getDialpad()).toBeUndefined();
    expect(phone.getCallList()).toBeUndefined();
    expect(phone.getUserAgent()?.isStarted()).toBe(false);
    expect(phone.getVideoCanvas()?.isImageEnabled('localVideo')).toBe(true);
  });

  test('tells how it came to be, to who listens after it was made', async () => {
    const phone = phoneWith();
    const told: string[] = [];
    phone.onAny((name) => told.push(String(name)));
    await turn();
    expect(told[0]).toBe('userAgent.created');
    expect(told).toContain('created');
    expect(told.indexOf('created')).toBeLessThan(told.indexOf('language.changed'));
    expect(told).toContain('dialpad.render.ready');
  });

  test('shows its configuration, with no secret in it, and lets nobody change it', () => {
    const phone = phoneWith({
      userAgent: { authentication: { username: 'anna', password: 'secret', jwt: 'token' } },
    });
    const agent = phone.getUserAgent()?._config as { authentication: Record<string, string> };
    expect(agent.authentication['username']).toBe('anna');
    expect(JSON.stringify([phone._config, agent])).not.toMatch(/secret|"token"/);
    expect(() => {
      agent.authentication['username'] = 'eve';
    }).toThrow(TypeError);
    expect(phone.getDialpad()?._config).toMatchObject({
      renderTargets: [],
      globalKeyShortcuts: true,
      dialed: { filter: { enabled: true } },
      tones: { six: [1477, 770] },
    });
    expect(phone.getMediaDevices()?._config).toMatchObject({
      audiooutput: { mediaElement: { create: true } },
      videoinput: { show: true, mediaElement: { create: false } },
    });
  });

  test('hears wildcards, and a listener that throws stops no other', () => {
    const report = vi.fn();
    vi.stubGlobal('reportError', report);
    const phone = phoneWith();
    const told: unknown[] = [];
    phone.on('dialpad.target.*', () => {
      throw new Error('mine');
    });
    phone.on('dialpad.target.updated', (...args: unknown[]) => told.push(args));
    phone.emit('dialpad.target.updated', phone, 'from', '1');
    expect(told).toEqual([[phone, 'from', '1']]);
    expect(report).toHaveBeenCalledOnce();
    vi.unstubAllGlobals();
  });

  test('leaves nothing in the page when it is destroyed', async () => {
    const element = place();
    const phone = phoneWith({ dialpad: { renderTargets: ['place'] } });
    await turn();
    expect(element.childElementCount).toBeGreaterThan(0);
    phone.destroy();
    await turn();
    expect(element.childElementCount).toBe(0);
    expect(element.getAttributeNames()).toEqual(['id']);
  });
});

describe('a render target', () => {
  test('has the scopes, handlers and overrides of libwebphone', async () => {
    const element = place();
    const phone = phoneWith();
    const heard: unknown[] = [];
    const added: RenderTarget[] = [];
    phone.on('dialpad.render.new', (_phone: unknown, _from: unknown, target: RenderTarget) => {
      added.push(target);
    });
    phone.getDialpad()?.renderAddTarget({
      root: { elementId: 'place' },
      template:
        '<b>{{i18n.call}}|{{i18n.mine}}|{{data.target}}|{{data.shop}}|{{data.dialed.show}}</b>' +
        '<button id="{{by_id.one.elementId}}"></button><i id="{{by_id.own.elementId}}"></i>',
      data: { shop: 'north', dialed: { show: false } },
      i18n: { mine: 'libwebphone:dialpad.clear' },
      by_id: {
        own: {
          elementId: 'my-own',
          events: { onclick: (...args: unknown[]) => heard.push(args[1]) },
        },
      },
    });
    await turn();
    expect(element.querySelector('b')?.textContent).toBe('Call|Clear||north|false');
    element.querySelector('button')?.click();
    await turn();
    expect(element.querySelector('b')?.textContent).toBe('Call|Clear|1|north|false');
    element.querySelector<HTMLElement>('#my-own')?.click();
    expect(heard).toEqual([added[0]]);
    expect(added[0]?.html).toContain('north');
    expect(added[0]?.by_id['own']?.element?.id).toBe('my-own');
  });

  test('is painted between a change before and one after it', async () => {
    place();
    const phone = phoneWith({
      callList: { renderTargets: [{ root: 'place', template: '{{data.x}}' }] },
    });
    await turn();
    const seen: unknown[] = [];
    const painted = await phone.getCallList()?.render(
      (target) => {
        target.data = { ...target.data, x: 'before' };
        return target;
      },
      (target) => {
        seen.push(target.html);
        return 'after';
      },
    );
    expect(seen).toEqual(['before']);
    expect(painted).toEqual(['after']);
  });

  test('that is switched off is not painted', async () => {
    const element = place();
    phoneWith({ dialpad: { renderTargets: [{ root: 'place', enabled: false }] } });
    await turn();
    expect(element.childElementCount).toBe(0);
  });

  test('is painted in the language of the phone, with the texts of the page', async () => {
    const element = place();
    const phone = phoneWith({
      i18n: { lng: 'de' },
      dialpad: {
        renderTargets: [{ root: 'place', template: '{{i18n.call}} {{i18n.clear}}' }],
        i18n: { resourceBundles: { de: { call: 'Anrufen' } } },
      },
    });
    await turn();
    expect(element.textContent).toBe('Anrufen Clear');
    phone.i18nAddResourceBundles('dialpad', { de: { clear: 'Leeren' } });
    await turn();
    expect(element.textContent).toBe('Anrufen Leeren');
    await phone.geti18n().changeLanguage('en');
    await turn();
    expect(element.textContent).toBe('Call Clear');
    expect(phone.i18nTranslator()('libwebphone:callControl.hangup')).toBe('Hang Up');
  });

  test('of each class draws what its methods and settings say', async () => {
    const names = [
      'userAgent',
      'callList',
      'callControl',
      'mediaDevices',
      'audioContext',
      'videoCanvas',
    ];
    for (const name of names) place(name);
    const phone = phoneWith(
      Object.fromEntries(names.map((name) => [name, { renderTargets: [name] }])),
    );
    await turn();
    const text = (name: string): string => document.getElementById(name)?.textContent ?? '';
    expect(text('userAgent')).toContain('Start');
    expect(text('callList')).toContain('New Call');
    expect(text('callControl')).toContain('Redial');
    expect(text('audioContext')).toContain('Ringer Volume');
    expect(text('videoCanvas')).toContain('Preview Rescale');
    const rescale = document.querySelector<HTMLInputElement>('#videoCanvas input[type=range]');
    if (rescale) {
      rescale.value = '50';
      rescale.dispatchEvent(new Event('change'));
    }
    await turn();
    expect(rescale?.value).toBe('50');
    phone.getVideoCanvas()?.positionImage('localVideo', 'relative', 0.5, 0.5);
    await turn();
    expect(document.querySelectorAll('#videoCanvas input[type=range]')).toHaveLength(4);
  });
});

describe('what the classes do', () => {
  test('the dialpad converts, filters and tells what Enter would do', () => {
    const dialpad = phoneWith().getDialpad();
    void dialpad?.dial('a');
    void dialpad?.dial(2);
    dialpad?.enableConvertion();
    expect(dialpad?.getTarget()).toBe('22');
    expect(dialpad?.getTarget(true, false)).toEqual(['2', '2']);
    expect(dialpad?.hasTarget()).toBe(false);
    expect(dialpad?.getAutoAction()).toBe('redial');
  });

  test('a volume of a slider is one of a slider, 1 of 100 included', () => {
    const audio = phoneWith().getAudioContext();
    audio?.changeVolume('ringer', '1', { scale: true });
    expect(audio?.getVolume('ringer')).toBeCloseTo(1);
    audio?.changeVolume('ringer', 50);
    expect(audio?.getVolume('ringer', { scale: false })).toBeCloseTo(0.5);
    audio?.changeVolume('ringer', 2000);
    expect(audio?.getVolume('ringer')).toBe(100);
    expect(audio?.getVolume('master', { relativeToMaster: true })).toBe(1);
  });

  test('the placeholder is a call that does nothing', async () => {
    const phone = phoneWith();
    const list = phone.getCallList();
    const [call] = list?.getCalls() ?? [];
    if (!list || !call) throw new Error('no placeholder');
    expect(call.isPrimary()).toBe(true);
    expect(call.hasSession()).toBe(false);
    expect(call.summary()).toMatchObject({ hasSession: false, primary: true });
    expect(call.hangup()).toBeUndefined();
    expect(call.isMuted(true)).toEqual({ audio: false, video: false });
    expect(list.getCall()).toBeUndefined();
    await list.switchCall('nobody');
    expect(call.isPrimary()).toBe(true);
  });

  test('keys call the actions of the page with its own classes', async () => {
    const action = vi.fn();
    place();
    const phone = phoneWith({
      dialpad: { renderTargets: ['place'], keys: { dtmf: { enabled: true, action } } },
    });
    await turn();
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '5', bubbles: true }));
    expect(action).toHaveBeenCalledWith(expect.any(KeyboardEvent), phone.getDialpad());
  });

  test('keys go to the phone that was touched last, also in the place of one that is gone', async () => {
    const element = place();
    const gone = phoneWith({ dialpad: { renderTargets: ['place'] } });
    await turn();
    gone.destroy();
    const next = phoneWith({ dialpad: { renderTargets: ['place'] } });
    place('other');
    const other = phoneWith({ dialpad: { renderTargets: ['other'] } });
    await turn();
    for (const [touched, typed] of [
      [document.getElementById('other'), ['', '5']],
      [element, ['5', '5']],
    ] as const) {
      touched?.dispatchEvent(new Event('pointerdown', { bubbles: true }));
      document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '5', bubbles: true }));
      expect([next, other].map((phone) => phone.getDialpad()?.getTarget())).toEqual(typed);
    }
  });

  test('no key is kept from the field', async () => {
    place();
    phoneWith({ dialpad: { renderTargets: ['place'] } });
    await turn();
    const field = document.querySelector('input');
    if (!field) throw new Error('no field');
    const key = new KeyboardEvent('keypress', { key: '5', cancelable: true });
    // What a handler property gives back as false keeps the key from the field.
    const handler = Reflect.get(field, 'onkeypress') as (event: Event) => unknown;
    expect(handler(key)).toBeUndefined();
  });

  test('the helpers are those of libwebphone', () => {
    const utils = phoneWith().getUtils();
    expect(utils.merge({ a: [1, 2] }, { a: [3], b: { c: 1 } })).toEqual({ a: [3, 2], b: { c: 1 } });
    expect(utils.assign({ a: 1 }, { b: 2 })).toEqual({ a: 1, b: 2 });
    expect(utils.randomElementId()).toMatch(/^lwp[0-9a-f]{9}$/);
    expect(utils.uuid()).toMatch(/^[0-9a-f-]{36}$/);
    expect(utils.mediaElementEvents()).toHaveLength(21);
    expect(utils.trackParameters(null, null)).toBeUndefined();
    expect(utils.trackKinds().map(utils.trackKindtoDeviceKind)).toEqual([
      'audioinput',
      'videoinput',
    ]);
  });
});

describe('the codecs that the fork prefers', () => {
  const sdp = [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111 0 8',
    'a=rtpmap:111 opus/48000/2',
    'a=rtpmap:0 PCMU/8000',
    'a=rtpmap:8 PCMA/8000',
    'm=video 9 UDP/TLS/RTP/SAVPF 96',
    'a=rtpmap:96 VP8/90000',
    '',
  ].join('\r\n');

  test('come first in what this side offers, and nothing else changes', () => {
    const [modify] = codecModifiers({ codecPreferences: { audio: ['audio/PCMA', 'opus'] } });
    const offer = modify?.({ type: 'offer', sdp }, { originator: 'local' });
    expect(offer?.sdp).toBe(sdp.replace('111 0 8', '8 111 0'));
    expect(modify?.({ type: 'offer', sdp }, { originator: 'remote' }).sdp).toBe(sdp);
  });

  test('are asked for in the call section too, or not at all', () => {
    expect(codecModifiers({ call: { codecPreferences: { video: ['H264'] } } })).toHaveLength(1);
    expect(codecModifiers({ call: {} })).toEqual([]);
  });
});

describe('native events in libwebphone’s words', () => {
  test.each([
    ['userAgent.received.message', { event: 'e' }, 'userAgent.recieved.message'],
    ['userAgent.received.notify', { event: 'e' }, 'userAgent.recieved.notify'],
  ])('%s is told by its misspelt name too', (name, payload, alias) => {
    expect(toldPlugin(name, payload)).toEqual({ names: [name, alias], more: ['e'] });
  });

  test.each([
    ['receive.info', { event: 'e', body: 'b' }, ['receive.info'], ['e']],
    [
      'operation.failed',
      { error: 'x', operation: 'hold' },
      ['error', 'operation.failed'],
      ['x', 'hold'],
    ],
    ['identity.changed', { previous: 'p' }, ['update', 'identity.changed'], ['p']],
    ['transfer.completed', { target: '1' }, ['transfer.complete', 'transfer.completed'], ['1']],
    ['refer.requested', { target: '1' }, ['refer.requested'], [{ target: '1' }]],
    ['changed', {}, [], []],
  ])('call.%s', (...[type, payload, types, more]) => {
    expect(toldCall(type, payload)).toEqual({ types, more });
  });

  test('what the phone tells of itself is not passed on', () => {
    expect(toldPlugin('phone.created', {})).toBeUndefined();
    expect(toldPlugin('dialpad.created', {})).toBeUndefined();
  });
});
