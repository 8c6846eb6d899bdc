import { describe, expect, it } from 'vitest';
import { userAgent } from '../../plugins/userAgent/index.ts';
import {
  canAutostart,
  firstState,
  outgoingOptions,
  socketsOf,
  stackSettings,
  withGiven,
} from '../../plugins/userAgent/state.ts';
import type { UserAgentOptions } from '../../plugins/userAgent/types.ts';
import { toModel } from '../../plugins/userAgent/view.ts';
import { withDefaults } from '../../src/core/options.ts';

const options = (given: object = {}): UserAgentOptions =>
  withDefaults<UserAgentOptions>(userAgent.defaults, given);
const account = { username: '1001', password: 'pw', realm: 'example.com' };
const nobody = { username: '', password: '', realm: '' };
const sockets = { transport: { sockets: 'wss://a' } };

describe('the sockets', () => {
  it('may be a text, a list of texts, or weighted ones, mixed', () => {
    expect(socketsOf('wss://a')).toEqual([{ url: 'wss://a', weight: 0 }]);
    expect(
      socketsOf(['wss://a', { socket: 'wss://b', weight: 10 }, { socket: 'wss://c' }]),
    ).toEqual([
      { url: 'wss://a', weight: 0 },
      { url: 'wss://b', weight: 10 },
      { url: 'wss://c', weight: 0 },
    ]);
  });
});

describe('starting by itself', () => {
  it.each([
    [true, { ...sockets, authentication: account }],
    [true, { ...sockets, authentication: { username: '1001@example.com', password: 'pw' } }],
    [false, { ...sockets, authentication: { username: '1001@example.com' } }],
    [true, { ...sockets, authentication: { jwt: 'token', realm: 'example.com' } }],
    [false, { ...sockets, authentication: account, autostart: false }],
    [false, { ...sockets, authentication: account, user_agent: { autostart: false } }],
    [false, { authentication: account }],
    [false, { ...sockets, authentication: { username: '1001' } }],
    [false, { ...sockets }],
  ])('is %s with %j', (expected, given) => {
    expect(canAutostart(options(given))).toBe(expected);
  });
});

describe('the credentials', () => {
  it('given at the start replace the configured ones, empty values aside', () => {
    expect(withGiven(account, { username: '2002', password: '', realm: null })).toEqual({
      ...account,
      username: '2002',
    });
  });

  it('of a token are sent in place of the password', () => {
    const given = options({ ...sockets, authentication: { ...account, jwt: 'Bearer eyJ' } });
    expect(stackSettings(given, account, 'id')).toMatchObject({
      jwt: 'eyJ',
      authentication: { account: { password: '' } },
    });
  });

  it('may carry the domain in the name', () => {
    const named = { username: '1001@example.com', password: 'pw', realm: '' };
    expect(stackSettings(options(sockets), named, 'id')).toMatchObject({
      username: '1001',
      realm: 'example.com',
    });
  });

  it.each([
    ['transport.sockets', {}, account],
    ['authentication.realm', sockets, { ...account, realm: '' }],
    ['authentication.realm', { ...sockets, authentication: { jwt: 'eyJ' } }, { ...nobody }],
  ])('without %s are told so by name', (key, given, credentials) => {
    expect(() => stackSettings(options(given), credentials, 'id')).toThrow(
      expect.objectContaining({
        code: 'userAgent.startFailed',
        message: expect.stringContaining(`userAgent.${key}`) as string,
      }) as Error,
    );
  });
});

describe('the headers of a call', () => {
  it('are the call’s own, then the configured ones of both places', () => {
    const given = options({
      custom_headers: { establish_call: ['X-C: 3'] },
      user_agent: { custom_headers: { establish_call: ['X-B: 2'] } },
    });
    expect(outgoingOptions(given, ['X-A: 1'], null)).toMatchObject({
      headers: ['X-A: 1', 'X-B: 2', 'X-C: 3'],
      anonymous: false,
      video: false,
    });
  });

  it.each([
    [true, { anonymous: true, video: false }],
    [{ video: true }, { anonymous: false, video: true }],
    [
      { anonymous: true, receive_video: true },
      { anonymous: true, receiveVideo: true },
    ],
    [undefined, { anonymous: false, receiveVideo: false }],
  ])('and its options may be %j', (given, expected) => {
    expect(outgoingOptions(options(), [], given)).toMatchObject(expected);
  });
});

describe('what is drawn', () => {
  const state = firstState(options({ ...sockets, authentication: account }));
  const up = { ...state, isStarted: true, isConnected: true };

  it.each([
    ['stopped', {}],
    ['connecting', { isStarted: true, isConnecting: true }],
    ['offline', { isStarted: true }],
    ['connected', up],
    ['registering', { ...up, isRegistering: true }],
    ['registered', { ...up, isRegistered: true }],
  ])('says %s', (status, patch) => {
    expect(toModel({ ...state, ...patch }, (key) => key)).toMatchObject({
      status,
      statusText: `status_${status}`,
    });
  });

  it('never holds the password', () => {
    const secret = options({
      ...sockets,
      authentication: { ...account, password: 'hunter2', jwt: 'eyJ' },
    });
    const model = toModel(firstState(secret), (key) => key);
    expect(JSON.stringify([firstState(secret), model])).not.toMatch(/hunter2|eyJ/);
  });
});
