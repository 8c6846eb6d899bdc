import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { isDigestOf } from '../support/digest.ts';
import type { TestPhone } from '../support/testPhone.ts';
import {
  accept,
  challenge,
  connected,
  incomingInvite,
  ok,
  password,
  phoneWith,
  registered,
  server,
} from './userAgentScene.ts';

const account = { username: '1001', realm: 'example.com' };

/** Types into the log-in form and sends it. */
async function logIn({ root }: TestPhone, fields: Readonly<Record<string, string>>): Promise<void> {
  const form = root('userAgent').querySelector('form');
  if (!form) throw new Error('There is no form.');
  for (const [name, value] of Object.entries(fields)) {
    const field = form.querySelector<HTMLInputElement>(`input[name="${name}"]`);
    if (field) field.value = value;
  }
  form.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
  await settled();
}

const hasForm = ({ root }: TestPhone): boolean => root('userAgent').querySelector('form') !== null;
const sentence = ({ root }: TestPhone): string =>
  root('userAgent').querySelector('[part="error"]')?.textContent ?? '';

describe('a phone without a password', () => {
  it('waits with the log-in form, and starts with what is typed there', async () => {
    const test = phoneWith({ authentication: account });
    await settled();
    expect(server.sent).toEqual([]);
    expect(test.api('userAgent').isStarted()).toBe(false);
    expect(hasForm(test)).toBe(true);
    await logIn(test, { username: '4004', password: 'typed' });
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    const register = await server.next('REGISTER');
    expect(register.header('From')).toContain('sip:4004@example.com');
    expect(isDigestOf(register, 'typed')).toBe(true);
    await accept(register);
    await settled();
    expect(hasForm(test)).toBe(false);
    expect(test.part('userAgent', 'account').textContent).toBe('4004');
  });

  it('but with a token starts by itself', async () => {
    phoneWith({ authentication: { ...account, jwt: 'eyJ' } });
    expect((await server.next('REGISTER')).header('Authorization')).toBe('Bearer eyJ');
  });

  it('shows in the form why it could not start', async () => {
    const test = phoneWith({ authentication: account, transport: { sockets: [] } });
    await settled();
    await logIn(test, { password: 'typed' });
    expect(test.events.last('userAgent.configuration.error').error.code).toBe(
      'userAgent.startFailed',
    );
    expect(sentence(test)).toBe('The phone could not be started.');
    expect(hasForm(test)).toBe(true);
  });
});

describe('a phone whose password is refused', () => {
  it('draws the form again and starts anew with what is typed', async () => {
    const test = phoneWith();
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    await settled();
    expect(hasForm(test)).toBe(true);
    expect(sentence(test)).toBe('The telephone server did not accept the log-in.');
    await logIn(test, { password: 'better' });
    await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
    const register = await server.next('REGISTER');
    expect([isDigestOf(register, 'better'), isDigestOf(register, password)]).toEqual([true, false]);
    await accept(register);
    await settled();
    expect([test.api('userAgent').isReady(), hasForm(test), sentence(test)]).toEqual([
      true,
      false,
      '',
    ]);
  });

  it.each([403, 407])('with %i too', async (status) => {
    const test = phoneWith();
    await server.reply(await server.next('REGISTER'), status);
    await settled();
    expect(hasForm(test)).toBe(true);
  });
});

describe('what is told of a registration', () => {
  it('that a server in trouble refuses is the trouble, not the log-in', async () => {
    const test = phoneWith();
    await server.reply(await server.next('REGISTER'), 503);
    await settled();
    expect(sentence(test)).toContain('The phone service is not available right now.');
    expect(hasForm(test)).toBe(false);
  });

  it('that nobody answers is that nobody answers', async () => {
    const test = phoneWith();
    await server.next('REGISTER');
    await vi.advanceTimersByTimeAsync(32_000);
    expect(sentence(test)).toBe('The telephone server does not answer.');
  });
});

describe('the buttons', () => {
  it('start and stop the trace, and tell which it is', async () => {
    const { part, api } = await connected();
    const shown = (): string =>
      `${part('userAgent', 'debug').textContent} ${String(part('userAgent', 'debug').ariaPressed ?? part('userAgent', 'debug').getAttribute('aria-pressed'))}`;
    expect(shown()).toBe('Debug false');
    part('userAgent', 'debug').click();
    await settled();
    expect([api('userAgent').isDebugging(), shown()]).toEqual([true, 'Debug true']);
    part('userAgent', 'debug').click();
    await settled();
    expect([api('userAgent').isDebugging(), shown()]).toEqual([false, 'Debug false']);
  });

  it('register, and a refusal is told in words, not as a broken plugin', async () => {
    const test = await connected();
    test.part('userAgent', 'registrar').click();
    await server.reply(await server.next('REGISTER'), 403);
    await settled();
    expect(test.events.of('phone.plugin.failed')).toEqual([]);
    expect(sentence(test)).toBe('The telephone server did not accept the log-in.');
  });

  it('unregister and stop', async () => {
    const test = await registered();
    test.part('userAgent', 'registrar').click();
    await server.reply(await server.next('REGISTER'), 200);
    await settled();
    expect(test.part('userAgent', 'registrar').textContent).toBe('Register');
    test.part('userAgent', 'agentstop').click();
    await settled();
    expect([test.api('userAgent').isStarted(), hasForm(test)]).toEqual([false, true]);
  });
});

describe('the end of a phone', () => {
  it('is told to who starts it afterwards', async () => {
    const { phone, api } = await connected();
    const agent = api('userAgent');
    phone.destroy();
    await expect(agent.start()).rejects.toMatchObject({ code: 'phone.destroyed' });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.open()).toBe(0);
  });

  it('may come while it starts', async () => {
    const { phone, api } = phoneWith({ autostart: false });
    const agent = api('userAgent');
    phone.on('userAgent.started', () => void agent.stop());
    await agent.start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([agent.isStarted(), server.open(), server.sent.length]).toEqual([false, 0, 0]);
  });

  it('that comes while it starts is told, and nothing is left', async () => {
    const { phone, api } = phoneWith({ autostart: false });
    const starting = api('userAgent').start();
    phone.destroy();
    await expect(starting).rejects.toMatchObject({ code: 'phone.destroyed' });
  });

  it('of a start that fails too late takes nothing from the next start', async () => {
    let refuse = (): void => undefined;
    const request = vi
      .fn<(name: string, options: object, granted: () => Promise<void>) => Promise<void>>()
      .mockReturnValueOnce(
        new Promise((_, reject) => {
          refuse = () => {
            reject(new Error('another tab has it'));
          };
        }),
      )
      .mockImplementationOnce((_, __, granted) => granted())
      .mockImplementationOnce(() => {
        throw new Error('out of order');
      });
    Object.defineProperty(navigator, 'locks', { value: { request }, configurable: true });
    const { api, events } = phoneWith({ autostart: false, user_agent: { instance_id: '' } });
    const { start, stop, isStarted } = api('userAgent');
    const first = start();
    await settled();
    await stop();
    const second = start();
    await settled();
    refuse();
    await Promise.all([first, second]);
    expect(request).toHaveBeenCalledTimes(3);
    expect(isStarted()).toBe(true);
    expect(events.of('userAgent.configuration.error')).toEqual([]);
    Reflect.deleteProperty(navigator, 'locks');
  });

  it('is what a caller is told who comes too late', async () => {
    const { phone, api } = await registered();
    await api('userAgent').stop();
    await server.next('REGISTER');
    await server.say(incomingInvite());
    const refused = await server.nextResponse(480);
    expect(refused.method).toBe('INVITE');
    expect(phone.calls.list()).toEqual([]);
  });

  it('comes with the end of the page, unless the page only sleeps', async () => {
    const { events } = await registered();
    const hide = (persisted: boolean): void => {
      dispatchEvent(Object.assign(new Event('pagehide'), { persisted }));
    };
    hide(true);
    expect(server.requests('REGISTER')).toHaveLength(1);
    hide(false);
    expect((await server.next('REGISTER')).header('Contact')).toContain('expires=0');
    expect(events.names('userAgent.stopped')).toEqual([]);
  });
});

describe('the address of the server', () => {
  it('is told without path and query, where tokens are', async () => {
    const { events } = await connected({
      transport: { sockets: ['wss://sip.example.com:7443/ws/t0ken?k=t0ken'] },
    });
    expect(events.last('userAgent.connected').url).toBe('wss://sip.example.com:7443');
    expect(events.of('userAgent.connecting').map(({ url }) => url)).toEqual(
      events.of('userAgent.connecting').map(() => 'wss://sip.example.com:7443'),
    );
  });
});

describe('settings that cannot work', () => {
  it.each([
    ['an address that is none', { transport: { sockets: ['http://sip.example.com'] } }, 'sockets'],
    ['a password in a place of its own', { user_agent: { contact_uri: 'n0pe n0pe' } }, 'contact'],
  ])('such as %s are told without their value', async (_, options, named) => {
    const { api, events } = phoneWith({ ...options, autostart: false });
    const failure: unknown = await api('userAgent')
      .start()
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'userAgent.startFailed' });
    expect(String(failure)).toContain(named);
    expect(String(failure)).not.toMatch(/n0pe|http:/);
    expect(events.last('userAgent.configuration.error').error).toBe(failure);
    expect(api('userAgent').isStarted()).toBe(false);
  });
});

describe('a call', () => {
  it('may be made with no headers at all', async () => {
    const { api } = await connected();
    const calling = api('userAgent').call('1002', null);
    await server.reply(await server.next('INVITE'), 200, ok);
    expect((await calling).isEstablished()).toBe(true);
  });
});
