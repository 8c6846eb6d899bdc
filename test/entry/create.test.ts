import { afterEach, describe, expect, it, vi } from 'vitest';
import { createWebphone, endSentence } from '../../src/entry/index.ts';
import type { Webphone, WebphoneConfig, PhoneError } from '../../src/entry/index.ts';
import { incoming } from '../support/fakeSession.ts';

let phone: Webphone | undefined;

afterEach(() => {
  phone?.destroy();
  phone = undefined;
});

const make = (config?: WebphoneConfig): Webphone => {
  phone = createWebphone(config);
  return phone;
};

describe('a phone with everything', () => {
  it('has every built-in plugin, though nothing is configured', () => {
    expect(Object.keys(make().plugins).sort()).toEqual([
      'audioContext',
      'callControl',
      'callList',
      'dialpad',
      'mediaDevices',
      'userAgent',
      'videoCanvas',
    ]);
    expect(phone?.userAgent.isStarted()).toBe(false);
  });

  it('leaves out what is switched off', () => {
    const { plugins } = make({ dialpad: { enabled: false }, callControl: { enabled: false } });
    expect(Object.keys(plugins).sort()).toEqual([
      'audioContext',
      'callList',
      'mediaDevices',
      'userAgent',
      'videoCanvas',
    ]);
  });

  it('lists every wrong key of all plugins in one error, and nothing of a password', () => {
    const config = {
      userAgent: {
        transport: { sockets: [{ weight: 'heavy' }] },
        authentication: { password: 4711 },
      },
      call: { operationTimeout: 'long' },
    } as unknown as WebphoneConfig;
    try {
      make(config);
      expect.unreachable();
    } catch (error) {
      const { code, problems, message } = error as PhoneError;
      expect(code).toBe('configuration.invalid');
      expect(problems.map(({ path }) => path).sort()).toEqual([
        'call.operationTimeout',
        'userAgent.authentication.password',
        'userAgent.transport.sockets[0].socket',
        'userAgent.transport.sockets[0].weight',
      ]);
      expect(message).not.toContain('4711');
    }
  });

  it.each([null, [], 'config', 7])('refuses %j in place of a configuration', (config) => {
    expect(() => make(config as never)).toThrow(
      expect.objectContaining({ code: 'configuration.invalid' }) as Error,
    );
  });

  it('warns of unknown keys by the nearest one, and never of $schema', () => {
    const heard = vi.fn();
    const config = {
      $schema: './config.schema.json',
      dailpad: {},
      log: { level: 'off' },
      listeners: { 'phone.configuration.warning': heard },
    } as WebphoneConfig;
    make(config);
    expect(heard).toHaveBeenCalledTimes(1);
    expect(heard.mock.calls[0]?.[0]).toMatchObject({ path: 'dailpad', nearest: 'dialpad' });
  });

  it('tells the end of a call in words, which the application may replace', () => {
    const own = 'They are talking.';
    const { i18n, calls } = make({
      i18n: { resources: { en: { response: { busyHere: own } } } },
    });
    const session = incoming();
    const call = calls.add(session);
    session.end({ statusCode: 487, reasons: ['SIP;cause=200'] });
    const { end } = call.snapshot;
    const sentence = end && endSentence(end, (key) => i18n.translate(key));
    expect(sentence).toBe('The call was answered on another phone.');
    expect(i18n.translate('response.busyHere')).toBe(own);
  });
});
