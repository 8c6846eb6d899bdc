import { UA } from 'jssip';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { stackSettings } from '../../plugins/userAgent/state.ts';
import Libwebphone from '../../src/entry/libwebphone.ts';
import type { AgentOptions } from '../../src/entry/libwebphone/agentSettings.ts';
import type { Engine } from '../../src/entry/libwebphone/kit.ts';

const lines: unknown[][] = [];
let phone: Libwebphone | undefined;

const wss = 'wss://sip.example.com/ws';
const account = {
  transport: { sockets: [wss] },
  authentication: { username: 'anna', password: 'secret', realm: 'example.com' },
};

function phoneWith(userAgent: object = {}): Libwebphone {
  const sink = (...line: unknown[]): void => {
    lines.push(line);
  };
  phone = new Libwebphone({
    storage: false,
    log: { sink },
    userAgent: { ...account, ...userAgent },
  });
  return phone;
}

/** What the native agent reads when it starts. */
function optionsOf(made: Libwebphone): AgentOptions {
  const kit = Reflect.get(made.getUserAgent() ?? {}, 'kit') as { readonly engine: Engine };
  const { agent } = kit.engine;
  if (!agent) throw new Error('no agent');
  return agent.options;
}

/** Starts with an `initAgent`; gives who was to be started, and with which options. */
function startedWith(
  userAgent: object,
  initAgent: (config: Record<string, unknown>) => unknown,
): { readonly login: readonly unknown[]; readonly options: AgentOptions } {
  const made = phoneWith(userAgent);
  const agent = made.getUserAgent();
  if (!agent) throw new Error('no agent');
  const { engine } = Reflect.get(agent, 'kit') as { readonly engine: Engine };
  const start = vi.fn(() => Promise.resolve());
  Object.assign(engine.plugins.userAgent ?? {}, { start });
  Reflect.set(agent, 'initAgent', initAgent);
  void agent.start();
  return { login: start.mock.lastCall as unknown as unknown[], options: optionsOf(made) };
}

const warnings = (): string => JSON.stringify(lines);

afterEach(() => {
  phone?.destroy();
  phone = undefined;
  lines.length = 0;
});

describe('initAgent', () => {
  test('gets the settings by the names of JsSIP, and no secret', () => {
    const given: Record<string, unknown>[] = [];
    startedWith(
      {
        user_agent: {
          display_name: 'Anna',
          pc_config: { iceServers: [{ urls: 'turn:t.example', credential: 'secret' }] },
        },
      },
      (config) => {
        given.push({ ...config });
      },
    );
    expect(given).toEqual([
      expect.objectContaining({
        ...{ display_name: 'Anna', username: 'anna', uri: 'anna@example.com' },
        sockets: [expect.objectContaining({ url: wss })],
        ...{ register_expires: 300, connection_recovery_min_interval: 2 },
      }),
    ]);
    expect(JSON.stringify(given)).not.toContain('secret');
  });

  test('changes whatever the phone has an option for', () => {
    const { login, options } = startedWith({}, (config) => {
      Object.assign(config, {
        ...{ display_name: 'Bob', register_expires: 90, user_agent: 'Shop 1' },
        ...{ no_answer_timeout: 20, session_timers: false, contact_uri: 'sip:x@y.example' },
        ...{ authorization_user: 'login', ha1: 'f'.repeat(32), authorization_jwt: 'a.b.c' },
        ...{ connection_recovery_max_interval: 9, use_preloaded_route: true },
        ...{ registrar_server: 'sip:r.example.com', instance_id: '1-2', password: 'other' },
      });
    });
    expect(options.user_agent).toMatchObject({
      ...{ display_name: 'Bob', register_expires: 90, user_agent: 'Shop 1' },
      ...{ no_answer_timeout: 20, session_timers: false, contact_uri: 'sip:x@y.example' },
      ...{ registrar_server: 'sip:r.example.com', instance_id: '1-2' },
    });
    expect(options.authentication).toMatchObject({
      ...{ authorization_user: 'login', ha1: 'f'.repeat(32), jwt: 'a.b.c' },
    });
    expect(options.transport).toMatchObject({
      recovery_max_interval: 9,
      use_preloaded_route: true,
    });
    expect(login).toEqual(['anna', 'other', 'example.com']);
    expect(warnings()).not.toContain('initAgent');
  });

  test('takes what it gives back, and who it is from `uri`', () => {
    const { login, options } = startedWith({}, (config) => ({
      ...config,
      ...{ uri: 'sip:carol@other.example', display_name: 'Carol' },
    }));
    expect(login).toEqual(['carol', 'secret', 'other.example']);
    expect(options.user_agent['display_name']).toBe('Carol');
  });

  test('takes sockets as texts, as objects of JsSIP, and with weights', () => {
    const { options } = startedWith({}, (config) => {
      config['sockets'] = [
        'wss://a',
        { url: 'wss://b' },
        { socket: { url: 'wss://c' }, weight: 2 },
      ];
    });
    expect(options.transport['sockets']).toEqual([
      ...['wss://a', { socket: 'wss://b' }, { socket: 'wss://c', weight: 2 }],
    ]);
  });

  test('takes what it puts into lists, at every start anew', () => {
    const { options } = startedWith(
      { user_agent: { pc_config: { iceServers: [{ urls: 'stun:a' }] } } },
      (config) => {
        (config['sockets'] as unknown[]).push('wss://b');
        (config['pc_config'] as { iceServers: object[] }).iceServers.push({ urls: 'stun:b' });
        (config['custom_headers'] as { register: string[] }).register.push('X-Shop: 1');
      },
    );
    for (let start = 1; start <= 3; start++) {
      expect(options.transport['sockets']).toHaveLength(2);
      expect(options.user_agent).toMatchObject({
        pc_config: { iceServers: [{ urls: 'stun:a' }, { urls: 'stun:b' }] },
        custom_headers: { register: ['X-Shop: 1'] },
      });
      void phone?.getUserAgent()?.start();
    }
  });

  test('tells once what it cannot take, by its name', () => {
    const init = (config: Record<string, unknown>): void => {
      config['session_timers_refresh_method'] = 'invite';
      config['register'] = false;
      config['sockets'] = [{ send: () => undefined }];
    };
    const { options } = startedWith({}, init);
    void phone?.getUserAgent()?.start();
    expect(warnings().match(/initAgent: session_timers_refresh_method/g)).toHaveLength(1);
    expect(warnings().match(/initAgent: sockets/g)).toHaveLength(1);
    expect(warnings().match(/initAgent: register is/g)).toHaveLength(1);
    expect(options.transport['sockets']).toEqual([wss]);
  });

  test('of an agent that the page has made, the settings are taken', () => {
    class UA {
      readonly configuration: Readonly<Record<string, unknown>>;
      constructor(settings: Readonly<Record<string, unknown>>) {
        const uri = { toString: () => 'sip:anna@example.com' };
        const made = { contact_uri: 'sip:random@x.invalid', no_answer_timeout: 20_000, ha1: null };
        this.configuration = { ...settings, ...made, uri, instance_id: 'random' };
      }
    }
    const { login, options } = startedWith(
      {},
      (config) => new UA({ ...config, display_name: 'Dora', password: 'mine' }),
    );
    expect(login).toEqual(['anna', 'mine', 'example.com']);
    expect(options.user_agent).toMatchObject({
      ...{ display_name: 'Dora', no_answer_timeout: 20, contact_uri: '', instance_id: '' },
    });
    expect(options.authentication['ha1']).toBe('');
    expect(warnings()).toContain('an agent of its own');
  });

  describe('puts the secrets back where it has left their masks', () => {
    const turn = (host: string) => ({ urls: `turn:${host}`, username: 'u', credential: host });
    const pcConfig = { iceServers: [turn('one'), turn('two')] };
    const serversAfter = (change: (servers: Record<string, unknown>[]) => unknown): unknown => {
      const { options } = startedWith({ user_agent: { pc_config: pcConfig } }, (config) => {
        const { iceServers } = config['pc_config'] as { iceServers: Record<string, unknown>[] };
        return {
          ...config,
          pc_config: { iceServers: change(iceServers), bundlePolicy: 'balanced' },
        };
      });
      return (options.user_agent['pc_config'] as { readonly iceServers: unknown }).iceServers;
    };

    test('in copies', () => {
      expect(serversAfter((servers) => servers)).toEqual([turn('one'), turn('two')]);
    });

    test('in a list in another order, each to its own', () => {
      const added = { urls: 'turn:new', credential: 'theirs' };
      expect(serversAfter(([one, two]) => [added, two, one])).toEqual([
        ...[added, turn('two'), turn('one')],
      ]);
    });

    test('in what was changed beside them', () => {
      expect(serversAfter(([one, two]) => [{ ...one, urls: 'turns:one' }, two])).toEqual([
        ...[{ ...turn('one'), urls: 'turns:one' }, turn('two')],
      ]);
    });

    test('and to no server that took the place of theirs', () => {
      const other = { urls: 'turn:other', credential: '********' };
      expect(serversAfter(([one, two]) => [other, one, two])).toEqual([
        ...[other, turn('one'), turn('two')],
      ]);
    });

    test('in the credentials of the account', () => {
      const ha1 = 'a'.repeat(32);
      const authentication = { ...account.authentication, ha1 };
      const { options } = startedWith({ authentication }, (config) => ({
        ...config,
        ha1: '********',
      }));
      expect(options.authentication['ha1']).toBe(ha1);
    });
  });

  test('gets sockets that JsSIP makes an agent with', () => {
    const sockets = [wss, { socket: 'ws://10.0.0.1:8088/ws', weight: 3 }];
    const { options } = startedWith(
      { transport: { sockets } },
      (config) => new UA(config as never),
    );
    expect(options.transport['sockets']).toEqual(sockets);
    expect(warnings()).toContain('an agent of its own');
  });

  test('that gives back null has made no agent', () => {
    startedWith({}, () => null);
    expect(warnings()).not.toContain('an agent of its own');
  });

  test('that throws is told as an error of the configuration, and the start fails', async () => {
    const made = phoneWith();
    const agent = made.getUserAgent();
    const told: unknown[][] = [];
    made.on('userAgent.configuration.error', (...args: unknown[]) => told.push(args));
    const error = new Error('no agent today');
    Reflect.set(agent ?? {}, 'initAgent', () => {
      throw error;
    });
    await expect(agent?.start()).rejects.toBe(error);
    expect(told).toEqual([[made, agent, error]]);
    expect(agent?.isStarted()).toBe(false);
  });

  describe('logs in', () => {
    const [first, ha1] = ['f'.repeat(32), 'a'.repeat(32)];
    const loggedIn = (authentication: object, left: object): unknown => {
      const { login, options } = startedWith(
        { authentication: { ...account.authentication, ...authentication } },
        (config) => ({ ...config, ...left }),
      );
      const [username, password = '', realm] = login as string[];
      const credentials = { username, password, realm } as Parameters<typeof stackSettings>[1];
      return stackSettings(options as never, credentials, 'id').authentication.account;
    };

    test('as whom it says, with the password that it says', () => {
      expect(loggedIn({}, { authorization_user: 'login', password: 'new' })).toMatchObject({
        ...{ user: 'login', password: 'new', ha1: '' },
      });
    });

    test('by the hash that it gives', () => {
      expect(loggedIn({ ha1: first }, { ha1, password: 'new' })).toMatchObject({
        user: 'anna',
        ha1,
      });
    });

    test('with its password in place of the configured hash', () => {
      expect(
        loggedIn({ ha1: first, authorization_user: 'login' }, { password: 'new' }),
      ).toMatchObject({ user: 'login', password: 'new', ha1: '' });
    });

    test('by the configured hash as whom it says', () => {
      expect(loggedIn({ ha1: first, password: '' }, { authorization_user: 'login' })).toMatchObject(
        { user: 'login', ha1: first },
      );
    });

    test('with what was typed, when it says nothing', () => {
      const { options } = startedWith(
        { authentication: { ...account.authentication, ha1: first } },
        () => undefined,
      );
      void phone?.getUserAgent()?.start('bob', 'bobpw');
      const credentials = { username: 'bob', password: 'bobpw', realm: 'example.com' };
      expect(
        stackSettings(options as never, credentials, 'id').authentication.account,
      ).toMatchObject({ user: 'bob', password: 'bobpw', ha1: '' });
    });
  });

  test('begins each start with what is configured', () => {
    let name = 'First';
    const { options } = startedWith({}, (config) => {
      if (name !== '') Object.assign(config, { display_name: name, registrar_server: 'sip:r' });
    });
    expect(options.user_agent['display_name']).toBe('First');
    name = '';
    void phone?.getUserAgent()?.start();
    expect(options.user_agent['display_name']).toBe('');
    expect(options.user_agent).not.toHaveProperty('registrar_server');
  });
});

describe('start', () => {
  interface Started {
    readonly agent: NonNullable<ReturnType<Libwebphone['getUserAgent']>>;
    readonly logins: unknown[][];
  }

  function agentWith(isStarted: () => boolean): Started {
    const agent = phoneWith().getUserAgent();
    if (!agent) throw new Error('no agent');
    const { engine } = Reflect.get(agent, 'kit') as { readonly engine: Engine };
    const logins: unknown[][] = [];
    const start = (...login: unknown[]): Promise<void> => {
      logins.push(login);
      return Promise.resolve();
    };
    Object.assign(engine.plugins.userAgent ?? {}, { start, isStarted });
    return { agent, logins };
  }

  test('does not ask initAgent again while the agent runs', () => {
    let isStarted = false;
    const { agent } = agentWith(() => isStarted);
    const initAgent = vi.fn();
    Reflect.set(agent, 'initAgent', initAgent);
    void agent.start();
    isStarted = true;
    void agent.start('bob', 'bobpw', 'x');
    expect(initAgent).toHaveBeenCalledTimes(1);
    isStarted = false;
    void agent.start();
    expect(initAgent.mock.lastCall).toEqual([expect.objectContaining({ username: 'anna' })]);
  });

  test('is with whom it was the last time', () => {
    const { agent, logins } = agentWith(() => false);
    void agent.start();
    void agent.start('bob', 'bobpw', 'x');
    void agent.start();
    expect(logins).toEqual([
      ...[
        ['anna', 'secret', 'example.com'],
        ['bob', 'bobpw', 'x'],
        ['bob', 'bobpw', 'x'],
      ],
    ]);
  });

  test('has the configured password again when initAgent leaves no other', () => {
    const { agent, logins } = agentWith(() => false);
    for (const password of ['once', undefined, '********']) {
      Reflect.set(agent, 'initAgent', (config: object) => ({ ...config, password }));
      void agent.start();
    }
    expect(logins.map(([, password]) => password)).toEqual(['once', 'secret', 'secret']);
  });
});

describe('a token', () => {
  const token = (claims: object): string =>
    `e30.${btoa(JSON.stringify(claims)).replaceAll('+', '-').replaceAll('=', '')}.sig`;

  test('says whose agent it is', () => {
    const jwt = token({ 'SIP-Info': { 'User-Agent': { Username: 'tina', Realm: 'k.example' } } });
    const { login } = startedWith({ authentication: { jwt } }, () => undefined);
    expect(login).toEqual(['tina', undefined, 'k.example']);
  });

  test.each([['no.token'], [token({ sub: 'x' })], ['']])(
    'that says nothing leaves it to the configuration: %s',
    (jwt) => {
      const authentication = { ...account.authentication, jwt };
      expect(startedWith({ authentication }, () => undefined).login).toEqual([
        ...['anna', 'secret', 'example.com'],
      ]);
    },
  );
});

test('the trace leaves out what is named in `debug_ignored_events`', () => {
  const made = phoneWith({ debug_ignored_events: ['target.updated'] });
  const agent = made.getUserAgent();
  agent?.startDebug();
  void made.getDialpad()?.dial('5');
  made.getDialpad()?.backspace();
  expect(warnings()).toContain('dialpad.target.backspace');
  expect(warnings()).not.toContain('dialpad.target.updated');
});
