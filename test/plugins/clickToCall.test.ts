import { afterEach, describe, expect, it, vi } from 'vitest';
import { clickToCall } from '../../plugins/clickToCall/index.ts';
import { readAddress } from '../../plugins/clickToCall/address.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { connected, ok, phoneWith, server } from './userAgentScene.ts';

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
