import { afterEach, describe, expect, it, vi } from 'vitest';
import { clickToCall } from '../../plugins/clickToCall/index.ts';
import { readAddress } from '../../plugins/clickToCall/address.ts';
import { dialpad } from '../../plugins/dialpad/index.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { connected, ok, phoneWith, server, talking } from './userAgentScene.ts';

afterEach(() => {
  document.body.replaceChildren();
});

const scene = (options: Parameters<typeof clickToCall>[0] = {}): Promise<TestPhone> =>
  connected({}, { plugins: [clickToCall(options)] });

function link(attributes: Readonly<Record<string, string>>, parent: Node = document.body): Element {
  const element = document.createElement('a');
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return parent.appendChild(element);
}

/** Clicks, and tells whether the phone has taken it: a click that it leaves is the browser's. */
async function isTaken(element: Element, how: MouseEventInit = {}): Promise<boolean> {
  const event = new MouseEvent('click', {
    ...{ bubbles: true, cancelable: true, composed: true },
    ...how,
  });
  let taken = false;
  // After the document's own listeners; what the phone leaves is not to be followed here.
  const last = (): void => {
    taken = event.defaultPrevented;
    event.preventDefault();
  };
  window.addEventListener('click', last, { once: true });
  element.dispatchEvent(event);
  await settled();
  return taken;
}

const called = ({ events }: TestPhone): readonly string[] =>
  events.of('clickToCall.started').map(({ target }) => target);

describe('a link', () => {
  it('calls when it is clicked, and sends its extension once the call is answered', async () => {
    const call = { dtmf: { transport: 'INFO' } } as const;
    const phone = await connected({}, { call, plugins: [clickToCall()] });
    const element = link({ href: 'tel:+49-30-(12).34;ext=5-6;postd=pp7w8' });
    element.append(document.createElement('b'));
    expect(await isTaken(element.firstElementChild ?? element)).toBe(true);
    const invite = await server.next('INVITE');
    expect(invite.start).toBe('INVITE sip:+49301234@example.com SIP/2.0');
    await settled();
    const [started] = phone.events.of('clickToCall.started');
    expect(started).toEqual({
      ...{ target: '+49301234', tones: '5678' },
      callId: phone.phone.calls.list()[0]?.snapshot.id,
    });
    expect(server.requests('INFO')).toEqual([]);
    await server.reply(invite, 200, ok);
    await server.next('ACK');
    for (const digit of '5678') {
      const info = await server.next('INFO');
      expect(info.body).toContain(`Signal=${digit}`);
      await server.reply(info, 200);
      await vi.advanceTimersByTimeAsync(1000);
    }
  });

  it('that comes later, or stands in a shadow root, calls as well', async () => {
    const phone = await scene();
    const host = document.body.appendChild(document.createElement('div'));
    const element = link({ href: 'sip:bob@example.com' }, host.attachShadow({ mode: 'open' }));
    expect(await isTaken(element)).toBe(true);
    expect(called(phone)).toEqual(['sip:bob@example.com']);
  });

  it('calls once when it is clicked twice', async () => {
    const phone = await scene();
    const element = link({ href: 'tel:1' });
    expect(await isTaken(element, { detail: 1 })).toBe(true);
    expect(await isTaken(element, { detail: 2 })).toBe(true);
    expect(called(phone)).toEqual(['1']);
  });

  it('calls once while a key is held down on it, and again after a pause', async () => {
    const phone = await scene();
    const element = link({ href: 'tel:1' });
    for (let count = 0; count < 30; count++) {
      expect(await isTaken(element)).toBe(true);
      await vi.advanceTimersByTimeAsync(40);
    }
    expect(called(phone)).toEqual(['1']);
    await vi.advanceTimersByTimeAsync(500);
    await isTaken(element);
    expect(called(phone)).toEqual(['1', '1']);
  });

  it('calls while the browser still asks for the microphone of a call that is over', async () => {
    const phone = await scene();
    const ask = vi
      .spyOn(navigator.mediaDevices, 'getUserMedia')
      .mockReturnValueOnce(new Promise(() => undefined));
    await isTaken(link({ href: 'tel:1' }));
    await isTaken(link({ href: 'tel:2' }));
    expect(ask).toHaveBeenCalledTimes(1);
    expect(called(phone)).toEqual([]);
    const [call] = phone.phone.calls.list();
    await call?.hangup().catch(() => undefined);
    await settled();
    await isTaken(link({ href: 'tel:3' }));
    expect(called(phone)).toEqual(['3']);
  });

  it('that could not call is told', async () => {
    const phone = await scene();
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValueOnce(
      new DOMException('no', 'NotAllowedError'),
    );
    await isTaken(link({ href: 'tel:1;ext=2' }));
    await settled();
    expect(called(phone)).toEqual([]);
    expect(phone.events.last('clickToCall.failed')).toMatchObject({
      ...{ target: '1', tones: '2' },
      error: expect.any(Error) as Error,
    });
  });

  it('is the browser’s when the user or the page means something else', async () => {
    const phone = await scene();
    const plain = link({ href: 'tel:1' });
    for (const how of [{ ctrlKey: true }, { metaKey: true }, { shiftKey: true }, { button: 1 }])
      expect(await isTaken(plain, how)).toBe(false);
    expect(await isTaken(link({ href: 'tel:1', target: '_blank' }))).toBe(false);
    expect(await isTaken(link({ href: 'tel:1', download: '' }))).toBe(false);
    expect(await isTaken(link({ href: 'tel:1', 'data-cordboard-ignore': '' }))).toBe(false);
    expect(await isTaken(link({ href: 'https://example.com' }))).toBe(false);
    expect(await isTaken(link({}))).toBe(false);
    plain.addEventListener('click', (event) => {
      event.preventDefault();
    });
    await isTaken(plain);
    expect(called(phone)).toEqual([]);
  });

  it('calls in the elements that are chosen only', async () => {
    const phone = await scene({ root: 'main', ignore: '.fax' });
    const main = document.body.appendChild(document.createElement('main'));
    expect(await isTaken(link({ href: 'tel:1' }))).toBe(false);
    expect(await isTaken(link({ href: 'tel:2', class: 'fax' }, main))).toBe(false);
    expect(await isTaken(link({ href: 'tel:3' }, main))).toBe(true);
    expect(called(phone)).toEqual(['3']);
  });

  it('is the browser’s while there is no connection, and once the phone is destroyed', async () => {
    const { phone: unconnected } = phoneWith({}, { plugins: [clickToCall()] });
    expect(await isTaken(link({ href: 'tel:1' }))).toBe(false);
    unconnected.destroy();
    const { phone } = await scene();
    phone.destroy();
    expect(await isTaken(link({ href: 'tel:1' }))).toBe(false);
  });
});

describe('a link that fills the dialpad', () => {
  const padScene = (options: Parameters<typeof clickToCall>[0]): Promise<TestPhone> =>
    connected({}, { plugins: [clickToCall(options), dialpad()] });
  const field = (phone: TestPhone): string =>
    (phone.part('dialpad', 'target') as HTMLInputElement).value;

  it('calls nobody until the user does, and what stood there goes', async () => {
    const phone = await padScene({ action: 'dial' });
    await phone.api('dialpad').dial('555');
    expect(await isTaken(link({ href: 'tel:+49-30-1;ext=7' }))).toBe(true);
    expect(field(phone)).toBe('+49301');
    expect(phone.events.of('clickToCall.dialed')).toEqual([{ target: '+49301', tones: '7' }]);
    await isTaken(link({ href: 'sip:bob@example.com' }));
    expect(field(phone)).toBe('sip:bob@example.com');
    expect(called(phone)).toEqual([]);
    expect(server.requests('INVITE')).toEqual([]);
    phone.part('dialpad', 'call').click();
    expect((await server.next('INVITE')).start).toBe('INVITE sip:bob@example.com SIP/2.0');
  });

  it('has its extension sent once the user’s call of it is answered, and of no other number', async () => {
    const call = { dtmf: { transport: 'INFO' } } as const;
    const plugins = [clickToCall({ action: 'dial' }), dialpad()];
    const phone = await connected({}, { call, plugins });
    const press = async (): Promise<readonly string[]> => {
      const before = server.requests('INFO').length;
      phone.part('dialpad', 'call').click();
      await server.reply(await server.next('INVITE'), 200, ok);
      await server.next('ACK');
      await settled();
      const infos = server.requests('INFO').slice(before);
      await phone.phone.calls.primary()?.hangup();
      await vi.advanceTimersByTimeAsync(1000);
      return infos.map(({ body }) => /Signal=(.)/.exec(body)?.[1] ?? '');
    };
    await isTaken(link({ href: 'tel:+49-30-1;ext=7' }));
    expect(await press()).toEqual(['7']);
    await phone.api('dialpad').dial('+49301');
    expect(await press()).toEqual([]);
    await isTaken(link({ href: 'tel:+49-30-1;ext=7' }));
    await phone.api('dialpad').dial('2');
    expect(await press()).toEqual([]);
  });

  it('is named by an attribute of it, or of what is around it, whatever the option says', async () => {
    const phone = await padScene({});
    const around = document.body.appendChild(document.createElement('div'));
    around.setAttribute('data-cordboard-action', 'dial');
    await isTaken(link({ href: 'tel:1' }, around.attachShadow({ mode: 'open' })));
    expect(field(phone)).toBe('1');
    await isTaken(link({ href: 'tel:2', 'data-cordboard-action': 'call' }, around));
    expect(called(phone)).toEqual(['2']);
    expect(field(phone)).toBe('1');
  });

  it('sends no tones to whom one talks to, and fills in the target of a transfer', async () => {
    const plugins = [clickToCall({ action: 'dial' }), dialpad()];
    const { call, ...phone } = await talking({}, { plugins });
    await isTaken(link({ href: 'tel:1' }));
    const { error } = phone.events.last('clickToCall.failed');
    expect(error).toMatchObject({ code: 'call.stateInvalid' });
    expect(server.requests('INFO')).toEqual([]);
    expect(field(phone)).toBe('');
    const held = call.transfer();
    await server.reply(await server.next('INVITE'), 200, ok);
    await held;
    await isTaken(link({ href: 'tel:2' }));
    expect(field(phone)).toBe('2');
  });

  it('needs the dialpad, and says so at once, or at the click on a link that alone wants it', async () => {
    const { events } = await scene({ action: 'dial' });
    expect(events.last('phone.plugin.failed')).toMatchObject({
      ...{ plugin: 'clickToCall', error: { code: 'plugin.missing' } },
    });
    const phone = await scene();
    await isTaken(link({ href: 'tel:1', 'data-cordboard-action': 'dial' }));
    expect(phone.events.last('clickToCall.failed').error).toMatchObject({ code: 'plugin.missing' });
  });

  it('is told of when what it is to do is unknown, in the configuration or in the page', async () => {
    const action = 'dail' as 'dial';
    expect(() => phoneWith({}, { plugins: [clickToCall({ action })] })).toThrow(
      'clickToCall.action: found text; accepted: "call" or "dial"',
    );
    const phone = await scene();
    expect(await isTaken(link({ href: 'tel:1', 'data-cordboard-action': action }))).toBe(true);
    expect(called(phone)).toEqual([]);
    const { error } = phone.events.last('clickToCall.failed');
    expect(error).toMatchObject({ code: 'configuration.invalid' });
    expect(String(error)).toContain('data-cordboard-action: found "dail"; accepted:');
  });
});

describe('an address', () => {
  it.each([
    ['tel:110', '110'],
    ['TEL:*31%23', '*31#'],
    ['tel:1234;phone-context=example.com', '1234'],
    ['sip:bob@example.com;transport=tcp?Replaces=x&Route=y', 'sip:bob@example.com'],
    ['SIPS:+1%2055@[2001:db8::1]:5061', 'sips:+1%2055@[2001:db8::1]:5061'],
    ['tel:', null],
    ['tel:alice', null],
    ['tel:%zz', null],
    ['sip:example.com', null],
    ['sip:bob:secret@example.com', null],
    ['sip:bob%0d%0aX:y@example.com', null],
    ['sip:bob@example.com>,<sip:x@y', null],
    ['mailto:bob@example.com', null],
  ])('%s calls %s', (address, target) => {
    expect(readAddress(address)?.target ?? null).toBe(target);
  });

  it('that cannot be called is refused, and what fails is told', async () => {
    const test = await scene();
    await expect(test.api('clickToCall').call('mailto:x')).rejects.toMatchObject({
      code: 'call.targetInvalid',
    });
    expect(test.api('clickToCall').read('tel:1;ext=x')).toEqual({ target: '1', tones: '' });
  });
});
