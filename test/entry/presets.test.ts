import { afterEach, describe, expect, it, vi } from 'vitest';
import { boot } from '../../src/entry/boot.ts';
import { createWebphone } from '../../src/entry/index.ts';
import type { Webphone, WebphoneConfig } from '../../src/entry/index.ts';
import { presetNames, withPreset } from '../../src/entry/presets.ts';
import type { PresetName } from '../../src/entry/presets.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import { accept, ok, outOfDialog, password, server } from '../plugins/userAgentScene.ts';
import { settled } from '../support/fakeSession.ts';

const account: WebphoneConfig = {
  userAgent: {
    transport: { sockets: ['wss://sip.example.com'] },
    authentication: { username: '1001', password, realm: 'example.com' },
  },
};

let phone: Webphone | undefined;

afterEach(() => {
  phone?.destroy();
  phone = undefined;
  document.body.replaceChildren();
});

/** What the phone says to the server: as it registers, and as it calls. */
async function wire(): Promise<{ register: WireMessage; invite: WireMessage }> {
  await vi.dynamicImportSettled();
  await settled();
  const register = await server.next('REGISTER');
  await accept(register);
  void phone?.userAgent.call('2002');
  return { register, invite: await server.next('INVITE') };
}

/** A page with a script tag whose configuration this is. */
async function booted(config: object): Promise<void> {
  const script = document.createElement('script');
  script.id = 'config';
  script.type = 'application/json';
  script.textContent = JSON.stringify(config);
  document.body.append(script);
  phone = await boot({ config: '#config', target: undefined });
}

interface Expected {
  readonly expires: string;
  readonly timer: boolean;
  readonly rel100: boolean;
  readonly mailbox: number;
}

const servers: readonly (readonly [PresetName, Expected])[] = [
  ['asterisk', { expires: '300', timer: true, rel100: true, mailbox: 200 }],
  ['freeswitch', { expires: '300', timer: true, rel100: false, mailbox: 200 }],
  ['kamailio', { expires: '120', timer: true, rel100: false, mailbox: 481 }],
  ['kazoo', { expires: '300', timer: false, rel100: false, mailbox: 200 }],
];

const supports = (message: WireMessage, tag: string): boolean =>
  message.all('Supported').join(',').split(/,\s*/).includes(tag);

describe.each(servers)('the preset %s', (preset, expected) => {
  it('stands in what the phone sends to the server, by a script tag', async () => {
    await booted({ preset, ...account });
    const { register, invite } = await wire();
    expect(register.header('Expires')).toBe(expected.expires);
    expect(supports(invite, 'timer')).toBe(expected.timer);
    expect(invite.header('Session-Expires') !== '').toBe(expected.timer);
    expect(supports(invite, '100rel')).toBe(expected.rel100);
  });

  it('sends no tone as INFO, and takes news of the mailbox as the server sends them', async () => {
    phone = createWebphone(withPreset(account, preset));
    const { invite } = await wire();
    await server.reply(invite, 200, ok);
    await server.next('ACK');
    await settled();
    void phone.calls
      .primary()
      ?.sendDTMF('5')
      .catch(() => undefined);
    const headers = ['Event: message-summary', 'Subscription-State: terminated'];
    await server.say(outOfDialog('NOTIFY', headers, 'Messages-Waiting: yes\r\n'));
    expect((await server.nextResponse(expected.mailbox)).method).toBe('NOTIFY');
    expect(server.requests('INFO')).toEqual([]);
  });
});

describe('a preset', () => {
  it('gives way to what the configuration sets itself, key by key', async () => {
    const own = { ...account.userAgent, user_agent: { register_expires: 77 } };
    await booted({ preset: 'kazoo', userAgent: own });
    const { register, invite } = await wire();
    expect(register.header('Expires')).toBe('77');
    expect(supports(invite, 'timer')).toBe(false);
  });

  it('lets tones go as INFO where the configuration says so', async () => {
    const call = { dtmf: { transport: 'INFO' } } as const;
    phone = createWebphone(withPreset({ ...account, call }, 'asterisk'));
    const { invite } = await wire();
    await server.reply(invite, 200, ok);
    await server.next('ACK');
    await settled();
    void phone.calls.primary()?.sendDTMF('5');
    expect((await server.next('INFO')).body).toContain('Signal=5');
  });

  it.each(['asterix', 'toString', 7, null])(
    'that is %j is refused by the names there are',
    async (preset) => {
      await expect(booted({ preset, ...account })).rejects.toMatchObject({
        code: 'configuration.invalid',
        message: expect.stringContaining(presetNames.join(', ')) as string,
      });
      expect(server.addresses).toEqual([]);
    },
  );

  it('is loaded and used by the element, and told in words when nobody knows it', async () => {
    const { defineElement } = await import('../../src/entry/element.ts');
    defineElement();
    const element = document.createElement('cordboard-phone');
    element.config = { preset: 'kamailio', ...account };
    document.body.append(element);
    await vi.dynamicImportSettled();
    phone = await element.ready;
    expect((await wire()).register.header('Expires')).toBe('120');

    element.config = { preset: 'kamalio' as PresetName };
    await expect(element.ready).rejects.toMatchObject({ code: 'configuration.invalid' });
    expect(element.shadowRoot?.textContent).toContain('asterisk, freeswitch, kamailio, kazoo');
  });
});
