import { describe, expect, it, vi } from 'vitest';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import {
  accept,
  challenge,
  inDialog,
  incomingInvite,
  ok,
  password,
  phoneWith,
  server,
} from './userAgentScene.ts';
import { started, wired } from './userAgentOptionsScene.ts';
import type { Options } from './userAgentScene.ts';

const account = { username: '1001', password, realm: 'example.com' };

/** Calls 2002 and returns the INVITE. */
async function invited(test: TestPhone, anonymous = false): Promise<WireMessage> {
  void test.api('userAgent').call('2002', null, { anonymous });
  return server.next('INVITE');
}

const host = (message: WireMessage, header: string): string =>
  /(?:@|SIP\/2\.0\/\w+ )([^;:>]+)/.exec(message.header(header))?.[1] ?? '';
const testNet = /^192\.0\.2\.\d{1,3}$/;

describe('who the phone says it is', () => {
  it('is called by its display name, quoted, whatever is in it', async () => {
    await started({ user_agent: { display_name: 'Alice ¶€ĸøĸø' } });
    const register = await server.next('REGISTER');
    expect(register.header('From')).toMatch(/^"Alice ¶€ĸøĸø" <sip:1001@example.com>/);
  });

  it.each(['8f1fa16a-1165-4a96-8341-785b1ef24f12', 'uuid:8f1fa16a-1165-4a96-8341-785b1ef24f12'])(
    'has the instance id %s',
    async (instance_id) => {
      await started({ user_agent: { instance_id } });
      const register = await server.next('REGISTER');
      expect(register.header('Contact')).toContain(
        '+sip.instance="<urn:uuid:8f1fa16a-1165-4a96-8341-785b1ef24f12>"',
      );
    },
  );

  it.each([
    [{ user_agent_string: 'myAwesomeApp' }, /^cordboard\/[\d.]+ myAwesomeApp$/],
    [{ user_agent: 'myAwesomeApp' }, /^myAwesomeApp$/],
    [{ user_agent: 'Desk 1', user_agent_string: 'b7' }, /^Desk 1 b7$/],
    [{ user_agent_string: 'a\r\nX-Smuggled: 1' }, /^cordboard\/[\d.]+ a X-Smuggled: 1$/],
  ])('names its software by %j', async (user_agent, expected) => {
    await started({ user_agent });
    expect((await server.next('REGISTER')).header('User-Agent')).toMatch(expected);
  });

  it.each([
    [{ hack_ip_in_contact: true }, testNet, /;transport=ws[;>]/],
    [{ hack_ip_in_contact: '198.51.100.7' }, /^198\.51\.100\.7$/, /;transport=ws[;>]/],
    [{ hack_wss_in_transport: true }, /\.invalid$/, /;transport=wss[;>]/],
    [{ hack_ip_in_contact: true, hack_wss_in_transport: true }, testNet, /;transport=wss[;>]/],
  ])('stands in Contact and Via as %j wants', async (transport, name, parameter) => {
    const test = await wired(transport);
    for (const request of [await server.next('REGISTER'), await invited(test)]) {
      expect([host(request, 'Contact'), host(request, 'Via')]).toEqual([
        expect.stringMatching(name),
        host(request, 'Contact'),
      ]);
      expect(request.header('Contact')).toMatch(parameter);
    }
  });

  it('keeps the configured contact but for its host', async () => {
    const contact_uri = 'sip:desk@phone.example.org:5099;transport=ws';
    await wired({ hack_ip_in_contact: true }, { user_agent: { contact_uri } });
    const { header } = await server.next('REGISTER');
    expect(header('Contact')).toMatch(/^<sip:desk@192\.0\.2\.\d+:5099;transport=ws>/);
  });

  it('says wss in the Contact of an anonymous call too', async () => {
    const test = await wired({ hack_wss_in_transport: true });
    expect((await invited(test, true)).header('Contact')).toContain(
      'anonymous.invalid;transport=wss',
    );
  });

  it('says TCP in Via with hack_via_tcp, and WSS without', async () => {
    await wired({ hack_via_tcp: true });
    expect((await server.next('REGISTER')).header('Via')).toMatch(/^SIP\/2\.0\/TCP /);
    await started();
    expect((await server.next('REGISTER')).header('Via')).toMatch(/^SIP\/2\.0\/WSS /);
  });
});

describe('the preloaded route', () => {
  it.each([
    ['ws://example.org/sip-ws', {}, '<sip:example.org;transport=ws;lr>'],
    ['wss://example.org:8443', {}, '<sip:example.org:8443;transport=ws;lr>'],
    ['wss://example.org', { hack_wss_in_transport: true }, '<sip:example.org;transport=wss;lr>'],
  ])('names the server %s', async (address, more, route) => {
    await wired({ sockets: [address], use_preloaded_route: true, ...more });
    const register = await server.next('REGISTER');
    expect(register.all('Route')).toEqual([route]);
    await server.reply(register, 401, { headers: [challenge] });
    expect((await server.next('REGISTER')).all('Route')).toEqual([route]);
  });

  it('is on what begins a call, on requests outside of any, and not within the call', async () => {
    const test = await wired({ use_preloaded_route: true });
    const calling = test.api('userAgent').call('2002');
    const invite = await server.next('INVITE');
    expect(invite.all('Route')).toHaveLength(1);
    await server.reply(invite, 200, ok);
    const call = await calling;
    expect((await server.next('ACK')).all('Route')).toEqual([]);
    void call.terminate();
    expect((await server.next('BYE')).all('Route')).toEqual([]);
    void test.api('userAgent').request('OPTIONS', '2002');
    const options = await server.next('OPTIONS');
    expect(options.all('Route')).toHaveLength(1);
    await server.reply(options, 200);
  });

  it('is not there without being asked for', async () => {
    await started();
    expect((await server.next('REGISTER')).all('Route')).toEqual([]);
  });
});

describe('registering', () => {
  it('goes to the registrar that is named', async () => {
    await started({ user_agent: { registrar_server: 'sip:registrar.mydomain.com' } });
    const register = await server.next('REGISTER');
    expect(register.start).toBe('REGISTER sip:registrar.mydomain.com SIP/2.0');
    expect(register.header('To')).toBe('<sip:1001@example.com>');
  });

  it('does not go to one with a user, and says which option is wrong', async () => {
    const { events } = await started({ user_agent: { registrar_server: 'sip:me@mydomain.com' } });
    const { error } = events.last('userAgent.configuration.error');
    expect(error.message).toContain('registrar_server');
    expect(server.sent).toEqual([]);
  });

  it.each([
    ['300', {}],
    ['77', { register_expires: 77 }],
  ])('asks for %s seconds', async (seconds, user_agent) => {
    await started({ user_agent });
    expect((await server.next('REGISTER')).header('Expires')).toBe(seconds);
  });

  it('does not happen with register false', async () => {
    const { api } = await started({ user_agent: { register: false } });
    await vi.advanceTimersByTimeAsync(60_000);
    expect([api('userAgent').isConnected(), server.sent]).toEqual([true, []]);
  });

  it.each([
    { autostart: false },
    { user_agent: { autostart: false } },
    { transport: { sockets: [] } },
    { authentication: { ...account, password: '' } },
  ])('waits for the application with %j', async (options) => {
    const { api } = await started(options);
    expect([api('userAgent').isStarted(), server.addresses]).toEqual([false, []]);
  });
});

describe('a call that nobody answers', () => {
  it.each([
    [60, {}],
    [5, { no_answer_timeout: 5 }],
  ])('is refused after %i seconds', async (seconds, user_agent) => {
    const test = await started({ user_agent });
    await accept(await server.next('REGISTER'));
    await server.say(incomingInvite());
    await server.nextResponse(180);
    await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
    expect(test.events.names('call.failed')).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect((await server.nextResponse(408)).method).toBe('INVITE');
    expect(test.events.names('call.failed')).toHaveLength(1);
  });
});

describe('a wrong option', () => {
  it.each([
    [{ transport: { ws_server_max_reconnection: -1 } }, 'transport.ws_server_max_reconnection'],
    [
      { transport: { ws_server_reconnection_timeout: 0 } },
      'transport.ws_server_reconnection_timeout',
    ],
    [{ transport: { recovery_min_interval: 2.5 } }, 'transport.recovery_min_interval'],
    [{ transport: { trace_sip: 'yes' } }, 'transport.trace_sip'],
    [{ transport: { use_preloaded_route: 1 } }, 'transport.use_preloaded_route'],
    [{ transport: { hack_ip_in_contact: 7 } }, 'transport.hack_ip_in_contact'],
    [{ user_agent: { allow_legacy_notifications: 'no' } }, 'user_agent.allow_legacy_notifications'],
    [{ user_agent: { registrar_server: null } }, 'user_agent.registrar_server'],
    [{ user_agent: { log: { level: 'loud' } } }, 'user_agent.log.level'],
    [{ user_agent: { log: { level: 4 } } }, 'user_agent.log.level'],
    [{ user_agent: { log: { connector: 'console' } } }, 'user_agent.log.connector'],
    [{ user_agent: { media: { modifiers: ['x'] } } }, 'user_agent.media.modifiers[0]'],
  ])('%j is named with what is accepted', (options, path) => {
    expect(() => phoneWith(options as Options)).toThrow(
      expect.objectContaining({
        code: 'configuration.invalid',
        problems: [expect.objectContaining({ path: `userAgent.${path}` })],
      }) as Error,
    );
  });
});

it('in the dialog of a call, a request of the far end is answered through all of it', async () => {
  const test = await wired({ hack_ip_in_contact: true, use_preloaded_route: true });
  const calling = test.api('userAgent').call('2002');
  const invite = await server.next('INVITE');
  await server.reply(invite, 200, ok);
  await calling;
  await server.say(inDialog(invite, 'BYE'));
  expect((await server.nextResponse(200)).method).toBe('BYE');
});
