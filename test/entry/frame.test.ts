import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { openFrame } from '../../src/entry/host.ts';
import type { PhoneFrame } from '../../src/entry/host.ts';
import { PhoneError, createWebphone } from '../../src/entry/index.ts';
import type { Webphone } from '../../src/entry/index.ts';
import type { Told } from '../../src/frame/guest.ts';
import { serveParent } from '../../src/frame/serve.ts';
import { incoming } from '../support/fakeSession.ts';

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

/** A message as a browser delivers it, from a window of some origin. */
const deliver = (data: unknown, source: unknown, origin: string): void => {
  const event = new MessageEvent('message', { data, origin });
  Object.defineProperty(event, 'source', { value: source });
  window.dispatchEvent(event);
};

describe('the page around a frame', () => {
  const origin = 'https://phone.example';
  let frame: PhoneFrame;
  let posted: unknown[];
  const answer = (data: unknown, from = origin): void => {
    deliver(data, frame.element.contentWindow, from);
  };

  beforeEach(() => {
    posted = [];
    const inner = { postMessage: (data: unknown, to: string) => posted.push([data, to]) };
    vi.spyOn(HTMLIFrameElement.prototype, 'contentWindow', 'get').mockReturnValue(inner as never);
    // In no page, so that nothing is loaded.
    const target = document.createElement('div');
    frame = openFrame({ src: `${origin}/frame/index.html`, target });
    frame.element.dispatchEvent(new Event('load'));
  });

  afterEach(() => {
    frame.destroy();
    vi.restoreAllMocks();
  });

  it('gives the frame what a phone needs, and greets its origin and no other one', () => {
    expect(frame.element.allow).toContain('microphone; camera; autoplay');
    expect(frame.element.title).toBe('Phone');
    expect(posted).toEqual([[{ cordboard: 'hello' }, origin]]);
  });

  it('sends a command once the frame is ready, and settles with what it says', async () => {
    const called = frame.command('call', '1002');
    const refused = frame.command('hangup', 'gone');
    await turn();
    expect(posted).toHaveLength(1);
    answer({ cordboard: 'ready' });
    await turn();
    const command = { cordboard: 'command', id: 1, name: 'call', given: ['1002'] };
    expect(posted[1]).toEqual([command, origin]);
    answer({ cordboard: 'result', id: 1, value: 'call-1' });
    answer({ cordboard: 'failure', id: 2, error: { code: 'call.ended', message: 'Over.' } });
    expect(await called).toBe('call-1');
    await expect(refused).rejects.toMatchObject({ code: 'call.ended', message: 'Over.' });
  });

  it('hears an event while it listens, and tells the frame of the first and the last listener', () => {
    const [one, other] = [vi.fn(), vi.fn()];
    const offs = [frame.on('call.hold', one), frame.on('call.hold', other)];
    const event = { cordboard: 'event', name: 'call.hold', payload: { callId: 'a' } };
    answer(event);
    answer(event, 'https://evil.example');
    deliver(event, window, origin);
    answer('a word of somebody else');
    expect([one.mock.calls, other.mock.calls]).toEqual([[[{ callId: 'a' }]], [[{ callId: 'a' }]]]);
    for (const off of [...offs, ...offs]) off();
    answer(event);
    expect(one).toHaveBeenCalledTimes(1);
    const listens = posted.slice(1).map((each) => (each as unknown[])[0]);
    const listen = { cordboard: 'listen', name: 'call.hold' };
    expect(listens).toEqual([
      { ...listen, isOn: true },
      { ...listen, isOn: false },
    ]);
  });

  it('tells a frame that has been loaded anew what it listens to, before it greets it', () => {
    frame.on('call.hold', vi.fn());
    frame.element.dispatchEvent(new Event('load'));
    expect(posted.slice(2)).toEqual([
      [{ cordboard: 'listen', name: 'call.hold', isOn: true }, origin],
      [{ cordboard: 'hello' }, origin],
    ]);
  });

  it('rejects what a frame is to do that is loaded anew, as it is when it is moved in the page', async () => {
    answer({ cordboard: 'ready' });
    const lost = frame.command('calls');
    await turn();
    frame.element.dispatchEvent(new Event('load'));
    await expect(lost).rejects.toMatchObject({ code: 'phone.destroyed' });
    const next = frame.command('calls');
    await turn();
    answer({ cordboard: 'result', id: 2, value: [] });
    expect(await next).toEqual([]);
  });

  it('sends nothing to the empty page that is in a frame before it is loaded', () => {
    const early = openFrame({ src: `${origin}/frame/`, target: document.createElement('div') });
    posted = [];
    early.on('call.hold', vi.fn());
    expect(posted).toEqual([]);
    early.element.dispatchEvent(new Event('load'));
    expect(posted).toHaveLength(2);
    early.destroy();
  });

  it('rejects what waits when it is destroyed, ready or not', async () => {
    const early = frame.command('calls');
    answer({ cordboard: 'ready' });
    await turn();
    frame.destroy();
    await expect(early).rejects.toMatchObject({ code: 'phone.destroyed' });
    await expect(frame.command('calls')).rejects.toMatchObject({ code: 'phone.destroyed' });
    expect(frame.element.isConnected).toBe(false);
  });

  it('rejects a command that still waits for the frame to be ready', async () => {
    const early = frame.command('calls');
    frame.destroy();
    await expect(early).rejects.toMatchObject({ code: 'phone.destroyed' });
  });

  it('rejects a command that was given just before it is destroyed', async () => {
    answer({ cordboard: 'ready' });
    await frame.ready;
    const late = frame.command('calls');
    frame.destroy();
    await expect(late).rejects.toMatchObject({ code: 'phone.destroyed' });
    expect(posted).toHaveLength(1);
  });

  it('is told when the frame can have no phone: ready and commands reject with the reason', async () => {
    const early = frame.command('calls');
    const error = { code: 'configuration.invalid', message: 'phone.json: call' };
    answer({ cordboard: 'broken', error });
    await expect(frame.ready).rejects.toMatchObject(error);
    await expect(early).rejects.toMatchObject(error);
  });

  it('takes an element or an id for its place, and refuses an id that is not there', () => {
    const place = document.createElement('aside');
    const find = vi.spyOn(document, 'getElementById').mockReturnValue(place);
    const src = `${origin}/frame/index.html`;
    for (const target of ['place', place]) {
      const opened = openFrame({ src, target });
      expect(place.contains(opened.element)).toBe(true);
      opened.destroy();
    }
    find.mockReturnValue(null);
    expect(() => openFrame({ src, target: 'nowhere' })).toThrow('#nowhere: not found');
  });
});

describe('the frame', () => {
  const origin = 'https://app.example';
  const warn = vi.fn();
  const parent = { postMessage: vi.fn() };
  let phone: Webphone;
  let origins: readonly string[];
  let early: readonly Told[];
  let renewed: (phone: Webphone) => void;
  let stop: () => void;

  beforeEach(() => {
    origins = [origin];
    early = [];
    vi.spyOn(window, 'parent', 'get').mockReturnValue(parent as never);
    phone = createWebphone({ storage: false });
    const log = { error: warn, warn, info: warn, debug: warn, print: warn };
    stop = serveParent(
      Promise.resolve({
        phone: () => Promise.resolve(phone),
        onPhone: (listener) => {
          renewed = listener;
        },
        early: () => early,
        origins: () => origins,
        log,
      }),
    );
  });

  afterEach(() => {
    stop();
    phone.destroy();
    vi.restoreAllMocks();
    warn.mockClear();
    parent.postMessage.mockClear();
  });

  const ask = async (data: unknown, from = origin, source: unknown = parent): Promise<unknown> => {
    parent.postMessage.mockClear();
    deliver(data, source, from);
    await turn();
    expect(parent.postMessage.mock.calls.every(([, to]) => to === origin)).toBe(true);
    return parent.postMessage.mock.calls.map(([answer]: unknown[]) => answer);
  };
  const command = (name: string, ...given: unknown[]): Promise<unknown> =>
    ask({ cordboard: 'command', id: 7, name, given });

  it('answers a page of its list', async () => {
    expect(await ask({ cordboard: 'hello' })).toEqual([{ cordboard: 'ready' }]);
  });

  it('answers nobody else, and says so once in its log', async () => {
    for (const turn of [1, 2]) {
      expect(await ask({ cordboard: 'hello' }, 'https://evil.example'), `${turn}`).toEqual([]);
    }
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]?.[0]).toContain('https://evil.example');
    expect(await ask({ cordboard: 'hello' }, origin, window)).toEqual([]);
    expect(await ask('hello')).toEqual([]);
  });

  it('without a phone says why to a page of its list, once it is greeted, and to nobody else', async () => {
    stop();
    const error = new PhoneError('configuration.invalid', { message: 'phone.json: call' });
    const log = { error: warn, warn, info: warn, debug: warn, print: warn };
    const phone = (): Promise<Webphone> => Promise.reject(error);
    const served = { phone, onPhone: () => undefined, early: () => [], origins: () => [origin] };
    stop = serveParent(Promise.resolve({ ...served, log }));
    expect(await ask({ cordboard: 'listen', name: '**', isOn: true })).toEqual([]);
    expect(await ask({ cordboard: 'hello' })).toEqual([
      { cordboard: 'broken', error: { code: error.code, message: error.message } },
    ]);
    expect(await command('calls')).toMatchObject([
      { cordboard: 'failure', id: 7, error: { code: error.code } },
    ]);
    expect(await ask({ cordboard: 'hello' }, 'https://evil.example')).toEqual([]);
  });

  it.each([
    ['reject', 'terminate'],
    ['hangup', 'terminate'],
  ] as const)('runs %s on the call that is named', async (name, method) => {
    const session = incoming();
    const call = phone.calls.add(session);
    await command(name, call.id);
    expect(session.times(method)).toBe(1);
  });

  it('runs what the page asks for on the call in focus', async () => {
    const session = incoming();
    phone.calls.add(session);
    session.establish();
    for (const name of ['hold', 'unhold', 'mute', 'unmute']) {
      expect(await command(name), name).toBeDefined();
    }
    await command('dtmf', '1');
    await command('transfer', '1003');
    expect(await command('calls')).toMatchObject([
      { cordboard: 'result', id: 7, value: [{ remote: { user: '2002' } }] },
    ]);
  });

  it.each(['call', 'register', 'unregister', 'hangup', 'toString', 'evil'])(
    'tells why %s cannot be done here',
    async (name) => {
      expect(await command(name, '')).toMatchObject([
        { cordboard: 'failure', id: 7, error: { code: expect.any(String) as string } },
      ]);
    },
  );

  it('sends events that are asked for, as plain data, until they are no more', async () => {
    const listen = { cordboard: 'listen', name: 'call.ringing.started' };
    await ask({ ...listen, isOn: true });
    phone.calls.add(incoming());
    await turn();
    const [[said]] = parent.postMessage.mock.calls as [[{ payload: object }]];
    expect(said).toMatchObject({ cordboard: 'event', name: 'call.ringing.started' });
    expect(structuredClone(said.payload)).toEqual(said.payload);
    expect(await ask({ ...listen, isOn: false })).toEqual([]);
    phone.calls.add(incoming());
    await turn();
    expect(parent.postMessage).not.toHaveBeenCalled();
  });

  it('tells what happened while its phone was made to who listens before the greeting', async () => {
    early = [
      {
        name: 'phone.plugin.failed',
        payload: { plugin: 'blf', error: new DOMException('no', 'SyntaxError') },
      },
      { name: 'phone.created', payload: { plugins: [] } },
    ];
    const listen = { cordboard: 'listen', isOn: true, name: 'phone.plugin.failed' };
    const payload = { plugin: 'blf', error: { code: undefined, message: 'no' } };
    expect(await ask(listen)).toMatchObject([{ name: 'phone.plugin.failed', payload }]);
    await ask({ cordboard: 'hello' });
    expect(await ask({ ...listen, name: 'phone.created' })).toEqual([]);
  });

  describe('whose phone is another one', () => {
    const listen = { cordboard: 'listen', isOn: true };
    const made = { name: 'phone.created', payload: { plugins: ['userAgent'] } };
    const failed = { name: 'phone.plugin.failed', payload: { plugin: 'blf' } };

    /** Another phone takes the place of the first. */
    const renew = (): void => {
      const old = phone;
      phone = createWebphone({ storage: false });
      old.destroy();
      parent.postMessage.mockClear();
      early = [failed, made];
      renewed(phone);
    };
    const told = (): readonly unknown[] =>
      parent.postMessage.mock.calls.map(([answer]: unknown[]) => answer);

    it('goes on with it: events are heard once, its making too, and commands go to it', async () => {
      await ask({ ...listen, name: 'call.ringing.started' });
      for (const { name } of [made, failed]) await ask({ ...listen, name });
      renew();
      phone.calls.add(incoming());
      await turn();
      expect(told()).toMatchObject([made, failed, { name: 'call.ringing.started' }]);
      expect(await command('calls')).toMatchObject([{ value: [{ remote: { user: '2002' } }] }]);
      expect(await ask({ ...listen, name: 'call.ringing.started', isOn: false })).toEqual([]);
      phone.calls.add(incoming());
      await turn();
      expect(told()).toEqual([]);
    });

    it('says no more to a page that may not command it any more', async () => {
      await ask({ ...listen, name: 'call.ringing.started' });
      await ask({ ...listen, name: 'phone.created' });
      origins = [];
      renew();
      phone.calls.add(incoming());
      await turn();
      expect(told()).toEqual([]);
      expect(await ask({ cordboard: 'hello' })).toEqual([]);
    });

    it('goes on telling a page that may command it again, and what that asked for meanwhile', async () => {
      await ask({ cordboard: 'hello' });
      await ask({ ...listen, name: 'call.ringing.started' });
      await ask({ ...listen, name: 'call.hold' });
      origins = [];
      renew();
      await ask({ ...listen, name: 'call.hold', isOn: false });
      await ask({ ...listen, name: 'phone.created' });
      expect(await command('register')).toEqual([]);
      origins = [origin];
      renew();
      const session = incoming();
      phone.calls.add(session);
      await turn();
      expect(told()).toMatchObject([made, { name: 'call.ringing.started' }]);
      origins = [];
      renew();
      warn.mockClear();
      await ask({ cordboard: 'hello' });
      expect(warn).toHaveBeenCalledTimes(1);
    });

    it('answers the greeting of a page that it did not know before', async () => {
      origins = [];
      renew();
      await ask({ ...listen, name: 'phone.created' });
      expect(await ask({ cordboard: 'hello' })).toEqual([]);
      origins = [origin];
      renew();
      expect(told()).toMatchObject([made, { cordboard: 'ready' }]);
    });
  });
});
