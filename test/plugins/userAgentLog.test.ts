import { describe, expect, it, vi } from 'vitest';
import type { SipLogLevel } from '../../plugins/userAgent/types.ts';
import { settled } from '../support/fakeSession.ts';
import { started, wired } from './userAgentOptionsScene.ts';
import {
  accept,
  challenge,
  incomingInvite,
  outOfDialog,
  password,
  server,
} from './userAgentScene.ts';

type Line = readonly [level: SipLogLevel, category: string, label: string, content: string];

/** A phone with a connector, and what that has heard. */
async function logged(log: object = {}, transport: object = {}) {
  const lines: Line[] = [];
  const connector = (...line: Line): void => {
    lines.push(line);
  };
  const test = await wired(transport, { user_agent: { log: { connector, ...log } } });
  return { ...test, lines };
}

/** Registers with a digest. */
async function logIn(): Promise<void> {
  await server.reply(await server.next('REGISTER'), 401, { headers: [challenge] });
  await accept(await server.next('REGISTER'));
}

const of = (lines: readonly Line[], level: SipLogLevel): readonly string[] =>
  lines.filter((line) => line[0] === level).map((line) => `${line[1]} ${line[3]}`);

describe('the connector of the log', () => {
  it('hears level, category, label and content', async () => {
    const { lines } = await logged();
    await logIn();
    expect(of(lines, 'log')).toEqual([
      'cordboard.userAgent userAgent.started',
      'cordboard.userAgent userAgent.connecting url=wss://sip.example.com attempts=0',
      'cordboard.userAgent userAgent.connected url=wss://sip.example.com',
      'cordboard.userAgent userAgent.registration.registered',
    ]);
    expect(lines.every(([, , label]) => label === '')).toBe(true);

    await server.say(incomingInvite());
    const call = lines.find(([, category]) => category === 'cordboard.call');
    expect(call).toEqual(['log', 'cordboard.call', expect.stringMatching(/.+/), 'call.created']);
  });

  it.each([
    ['error', ['error']],
    [0, ['error']],
    ['warn', ['error', 'warn']],
    [1, ['error', 'warn']],
    ['log', ['error', 'log', 'warn']],
    [2, ['error', 'log', 'warn']],
    ['debug', ['debug', 'error', 'log', 'warn']],
    [3, ['debug', 'error', 'log', 'warn']],
  ])('hears at level %s what is that grave', async (level, expected) => {
    const { lines } = await logged({ level }, { ws_server_max_reconnection: 0 });
    await server.reply(await server.next('REGISTER'), 403);
    await server.drop();
    expect([...new Set(lines.map(([grave]) => grave))].sort()).toEqual(expected);
  });

  it('hears which transaction begins and is over, by its id', async () => {
    const { lines } = await logged({ level: 'debug' });
    const register = await server.next('REGISTER');
    const [, branch = ''] = /branch=([^;]+)/.exec(register.header('Via')) ?? [];
    await accept(register);
    await vi.advanceTimersByTimeAsync(40_000);
    const own = lines.filter(([, , label]) => label === branch);
    expect(own).toEqual([
      ['debug', 'cordboard.transaction', branch, 'REGISTER begins'],
      ['debug', 'cordboard.transaction', branch, 'REGISTER is over'],
    ]);
  });

  it('goes on after a start, and hears nothing twice', async () => {
    const { lines, api } = await logged();
    await api('userAgent').stop();
    lines.length = 0;
    await api('userAgent').start();
    await settled();
    expect(of(lines, 'log').filter((line) => line.endsWith('userAgent.started'))).toHaveLength(1);
  });

  it('that throws harms nothing', async () => {
    const connector = (): never => {
      throw new Error('broken');
    };
    const { api, log } = await started({ user_agent: { log: { connector } } });
    await logIn();
    expect(api('userAgent').isReady()).toBe(true);
    expect(log.some(({ message }) => message === 'The connector of the log failed.')).toBe(true);
  });

  it('never hears a credential or what somebody wrote', async () => {
    const { lines } = await logged({ level: 3 }, { trace_sip: false });
    await logIn();
    await server.say(outOfDialog('MESSAGE', ['Content-Type: text/plain'], 'Lunch?'));
    const all = JSON.stringify(lines);
    expect(all).toContain('userAgent.received.message');
    expect(all).not.toMatch(/Lunch|Digest|response=/);
    expect(all).not.toContain(password);
  });
});

it('of several accounts each has a log of its own', async () => {
  const first: Line[] = [];
  const second: Line[] = [];
  const into = (lines: Line[]) => ({
    log: {
      connector: (...line: Line) => {
        lines.push(line);
      },
    },
  });
  const other = {
    id: 'second',
    transport: { sockets: ['wss://b.example.com'] },
    authentication: { username: '5005', password, realm: 'b.example.com' },
    user_agent: into(second),
  };
  await started({ user_agent: into(first), accounts: [other] });
  await server.say(incomingInvite());
  expect(of(first, 'log')).toEqual([
    'cordboard.userAgent userAgent.started',
    'cordboard.userAgent userAgent.connecting url=wss://sip.example.com attempts=0',
    'cordboard.userAgent userAgent.connected url=wss://sip.example.com',
    'cordboard.call call.created',
  ]);
  expect(of(second, 'log')).toEqual([
    'cordboard.userAgent userAgent.started',
    'cordboard.userAgent userAgent.connecting url=wss://b.example.com attempts=0',
    'cordboard.userAgent userAgent.connected url=wss://b.example.com',
  ]);
});

describe('the built-in log', () => {
  it('writes the same lines, unless it is off', async () => {
    const text = async (log: object): Promise<string> => {
      const test = await logged(log);
      await logIn();
      return test.log.map(({ message }) => message).join('\n');
    };
    expect(await text({})).toContain('userAgent userAgent.registration.registered');
    expect(await text({ builtin_enabled: false })).not.toContain('registration.registered');
  });
});

describe('the trace of SIP', () => {
  it('is in the log, both ways and without credentials', async () => {
    const { log } = await wired({ trace_sip: true });
    await logIn();
    const text = log.map(({ message }) => message).join('\n');
    expect(text).toMatch(/SIP sent\nREGISTER sip:example\.com/);
    expect(text).toMatch(/SIP received\nSIP\/2\.0 200/);
    expect(text).toContain('Authorization: [redacted]');
    expect(text).not.toContain('response=');
  });

  it('goes to the connector, when there is one', async () => {
    const { lines, log } = await logged({ builtin_enabled: false }, { trace_sip: true });
    await logIn();
    const traced = lines.filter(([, category]) => category === 'cordboard.transport');
    expect(traced.map(([level]) => level)).toEqual(['log', 'log', 'log', 'log']);
    expect(traced[2]?.[3]).toContain('Authorization: [redacted]');
    expect(log.map(({ message }) => message).join('\n')).not.toContain('SIP sent');
  });

  it('is written once when debugging is on too, and not at all by default', async () => {
    const { log, api } = await wired({ trace_sip: true });
    api('userAgent').startDebug();
    await logIn();
    const sent = log.filter(({ message }) => message.startsWith('SIP sent'));
    expect(sent).toHaveLength(server.requests('REGISTER').length);
    const silent = await started();
    await logIn();
    expect(silent.log.filter(({ message }) => message.startsWith('SIP '))).toEqual([]);
  });
});
