import { describe, expect, it, vi } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import type { IncomingRequest } from '../../plugins/userAgent/index.ts';
import { settled } from '../support/fakeSession.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import type { TestPhone } from '../support/testPhone.ts';
import {
  accept,
  ackOf,
  challenge,
  incomingInvite,
  media,
  ok,
  outOfDialog,
  phoneWith,
  server,
} from './userAgentScene.ts';
import type { More, Options } from './userAgentScene.ts';

const home = 'wss://sip.example.com';
const office = 'wss://sip.office.example';
const work = {
  id: 'work',
  transport: { sockets: [office] },
  authentication: { username: '3003', password: 'w0rk', realm: 'office.example' },
};

/** A phone with the flat account 1001 and the account `work` at a server of its own. */
function phoneWithTwo(options: Options = {}, more: More = {}): TestPhone {
  return phoneWith({ accounts: [work], ...options }, more);
}

/** The next REGISTER of a user, its siblings' left aside. */
async function registerOf(user: string, skip = 0): Promise<WireMessage> {
  const ofUser = (): readonly WireMessage[] =>
    server.requests('REGISTER').filter((message) => message.header('From').includes(`:${user}@`));
  for (let turn = 0; turn < 20 && ofUser().length <= skip; turn += 1) await settled();
  const found = ofUser()[skip];
  if (!found) throw new Error(`No REGISTER of ${user} came.`);
  return found;
}

/** Both accounts are registered. */
async function bothRegistered(options: Options = {}, more: More = {}): Promise<TestPhone> {
  const test = phoneWithTwo(options, more);
  await accept(await registerOf('1001'));
  await accept(await registerOf('3003'));
  await settled();
  return test;
}

/** Lets the part with the rows be loaded; real time, since importing is none of the test's clock. */
async function drawn({ root }: TestPhone): Promise<readonly HTMLElement[]> {
  const rows = (): readonly HTMLElement[] => [
    ...root('userAgent').querySelectorAll<HTMLElement>('[part="accountRow"]'),
  ];
  await vi.waitFor(() => {
    expect(rows()).toHaveLength(2);
  });
  return rows();
}

const rowText = (row: HTMLElement | undefined): string =>
  row?.textContent.replace(/\s+/g, ' ').trim() ?? '';

describe('two accounts', () => {
  it('are registered each at its own server, with its own credentials and instance', async () => {
    const { api } = await bothRegistered({ user_agent: { display_name: 'Alice' } });
    const [mine, theirs] = [await registerOf('1001'), await registerOf('3003')];
    expect(mine.start).toBe('REGISTER sip:example.com SIP/2.0');
    expect(theirs.start).toBe('REGISTER sip:office.example SIP/2.0');
    const instance = (message: WireMessage): string =>
      /instance="<urn:uuid:([^>]+)>"/.exec(message.header('Contact'))?.[1] ?? '';
    expect(instance(theirs)).not.toBe('');
    expect(instance(theirs)).not.toBe(instance(mine));
    // What the entry leaves out is the flat one.
    expect(theirs.header('From')).toContain('Alice');
    expect(api('userAgent').accounts()).toMatchObject([
      { id: 'default', username: '1001', realm: 'example.com', isRegistered: true, error: null },
      { id: 'work', username: '3003', realm: 'office.example', isRegistered: true, error: null },
    ]);
  });

  it('tell in every event which one it is', async () => {
    const { events } = await bothRegistered();
    for (const name of ['connected', 'registration.registered'] as const) {
      const accounts = events.of(`userAgent.${name}`).map(({ account }) => account);
      expect(accounts.sort(), name).toEqual(['default', 'work']);
    }
  });

  it('one of which has a wrong password: the other one works on', async () => {
    const test = phoneWithTwo();
    await server.reply(await registerOf('3003'), 401, { headers: [challenge] });
    await server.reply(await registerOf('3003', 1), 403);
    await accept(await registerOf('1001'));
    await settled();
    const agent = test.api('userAgent');
    expect([agent.isReady(), agent.isRegistered({ account: 'work' })]).toEqual([true, false]);
    expect(agent.accounts()[1]?.error).toMatchObject({ code: 'userAgent.registrationFailed' });
    expect(agent.accounts()[0]?.error).toBeNull();
    expect(test.events.of('userAgent.registration.failed')).toMatchObject([
      { account: 'work', statusCode: 403 },
    ]);
  });

  it('one of which has a dead server: the other one works on, and that one comes back', async () => {
    server.accept(false, office);
    const { api, events } = phoneWithTwo();
    await accept(await registerOf('1001'));
    await settled();
    const agent = api('userAgent');
    expect(agent.isReady()).toBe(true);
    expect(agent.isConnected({ account: 'work' })).toBe(false);
    expect(events.of('userAgent.disconnected').map(({ account }) => account)).toEqual(['work']);
    server.accept(true, office);
    await vi.advanceTimersByTimeAsync(5000);
    await accept(await registerOf('3003'));
    await settled();
    expect(agent.isReady({ account: 'work' })).toBe(true);
  });

  it('are stopped and started one by one, or all at once', async () => {
    const { api } = await bothRegistered();
    const agent = api('userAgent');
    await agent.stop({ account: 'work' });
    expect([agent.isStarted(), agent.isStarted({ account: 'work' })]).toEqual([true, false]);
    await agent.start(null, null, null, { account: 'work' });
    expect(agent.isStarted({ account: 'work' })).toBe(true);
    await agent.stop();
    expect(agent.accounts().map(({ isStarted }) => isStarted)).toEqual([false, false]);
    await agent.start();
    expect(agent.accounts().map(({ isStarted }) => isStarted)).toEqual([true, true]);
  });

  it('unregister and register by themselves', async () => {
    const { api } = await bothRegistered();
    const agent = api('userAgent');
    const leaving = agent.unregister({ account: 'work' });
    await server.reply(await registerOf('3003', 1), 200);
    await leaving;
    expect([agent.isRegistered(), agent.isRegistered({ account: 'work' })]).toEqual([true, false]);
    const coming = agent.toggleRegistration({ account: 'work' });
    await accept(await registerOf('3003', 2));
    await coming;
    expect(agent.isRegistered({ account: 'work' })).toBe(true);
  });
});

describe('calls of two accounts', () => {
  it('go out by the one that is named, or else by the default one', async () => {
    const { api, phone } = await bothRegistered();
    const agent = api('userAgent');
    const calling = agent.call('2002', null, { account: 'work' });
    const invite = await server.next('INVITE');
    expect(invite.start).toBe('INVITE sip:2002@office.example SIP/2.0');
    expect((await calling).snapshot).toMatchObject({ account: 'work', accountName: 'work' });
    const other = agent.call('2002');
    expect((await server.next('INVITE')).start).toBe('INVITE sip:2002@example.com SIP/2.0');
    expect((await other).snapshot).toMatchObject({ account: 'default', accountName: '1001' });
    await agent.hangupAll({ account: 'work' });
    expect(phone.calls.list().map(({ snapshot }) => snapshot.account)).toEqual(['default']);
    await agent.hangupAll();
    expect(phone.calls.list()).toEqual([]);
  });

  it('are dialled again by the account that called, unless another one is named', async () => {
    const { api, events } = await bothRegistered();
    const agent = api('userAgent');
    await agent.call('2002', null, { account: 'work' });
    await server.next('INVITE');
    expect(agent.getRedial()).toBe('2002');
    await agent.redial();
    expect((await server.next('INVITE')).start).toContain('2002@office.example');
    await agent.redial({ account: 'default' });
    expect((await server.next('INVITE')).start).toContain('2002@example.com');
    expect(events.of('userAgent.redial.started').map(({ account }) => account)).toEqual([
      'work',
      'default',
    ]);
  });

  it('ask the target of a transfer by the account of the call', async () => {
    const { api } = await bothRegistered({}, { plugins: [callList()] });
    const calling = api('userAgent').call('2002', null, { account: 'work' });
    await server.reply(await server.next('INVITE'), 200, ok);
    const call = await calling;
    await settled();
    const asking = call.attendedTransferStart('4004');
    const hold = await server.next('INVITE');
    await server.reply(hold, 200, ok);
    await asking;
    expect((await server.next('INVITE')).start).toBe('INVITE sip:4004@office.example SIP/2.0');
  });

  it('come in at the one that is called, and the list shows which', async () => {
    const { phone, root } = await bothRegistered({}, { plugins: [callList()] });
    await server.say(incomingInvite('3003'), office);
    await settled();
    const [call] = phone.calls.list();
    expect(call?.snapshot).toMatchObject({ account: 'work', status: 'ringing' });
    expect(root('callList').querySelector('[part="account"]')?.textContent).toBe('work');
  });

  it('say so when any of them has answered by itself', async () => {
    const { part, phone, ...test } = await bothRegistered({ user_agent: { auto_answer: 'idle' } });
    await drawn({ part, phone, ...test });
    await media.permit('microphone', 'granted');
    await server.say(incomingInvite('3003', ['Call-Info: <sip:a>;answer-after=0']), office);
    await vi.dynamicImportSettled();
    await vi.advanceTimersByTimeAsync(0);
    await settled();
    const ack = ackOf(await server.nextResponse(200));
    await server.say(ack.replace('sip:1001@', 'sip:3003@'), office);
    await settled();
    const [call] = phone.calls.list();
    expect(call?.snapshot).toMatchObject({ account: 'work', status: 'established' });
    const notice = (): string => rowText(part('userAgent', 'autoAnswered'));
    expect(notice()).toBe('This call was answered by itself. Your microphone is open.');
    await call?.mute({ audio: true });
    await settled();
    expect(notice()).toBe('This call was answered by itself.');
  });

  it('show no account where there is one only', async () => {
    const { phone, root } = phoneWith({}, { plugins: [callList()] });
    await accept(await registerOf('1001'));
    await server.say(incomingInvite());
    await settled();
    expect(phone.calls.list()[0]?.snapshot).toMatchObject({ account: 'default', accountName: '' });
    expect(root('callList').querySelector('[part="account"]')).toBeNull();
  });
});

describe('requests outside of calls', () => {
  it('are sent by the account that is named, and taken for all of them or for one', async () => {
    const { api } = await bothRegistered();
    const agent = api('userAgent');
    const asking = agent.request('OPTIONS', '2002', { account: 'work' });
    const options = await server.next('OPTIONS');
    expect(options.start).toBe('OPTIONS sip:2002@office.example SIP/2.0');
    await server.reply(options, 200);
    expect((await asking).statusCode).toBe(200);

    const taken: string[] = [];
    const take = (who: string) => (request: IncomingRequest) => {
      taken.push(`${who} ${request.account}`);
      request.reply(202);
    };
    agent.onRequest({ method: 'MESSAGE', account: 'default', take: take('one') });
    agent.onRequest({ method: 'MESSAGE', take: take('any') });
    const text = outOfDialog('MESSAGE', [], 'hi');
    await server.say(text, home);
    await server.say(text.replace('sip:1001@', 'sip:3003@'), office);
    expect(taken).toEqual(['one default', 'any work']);
  });
});

describe('the list of accounts', () => {
  it('may be all there is: then the first one is meant by default', async () => {
    const { api } = phoneWith({ authentication: {}, accounts: [work] });
    await accept(await registerOf('3003'));
    await settled();
    const agent = api('userAgent');
    expect(agent.accounts().map(({ id }) => id)).toEqual(['work']);
    expect(agent.isReady()).toBe(true);
    expect(agent.isStarted({ account: 'default' })).toBe(false);
    expect(server.requests('REGISTER')).toHaveLength(1);
  });

  it('takes no credentials from the flat keys', async () => {
    const { api } = phoneWith({ accounts: [{ id: 'bare' }] });
    await settled();
    expect(api('userAgent').isStarted({ account: 'bare' })).toBe(false);
    expect(api('userAgent').accounts()[1]).toMatchObject({ id: 'bare', username: '', realm: '' });
    await expect(
      api('userAgent').start('9', null, null, { account: 'bare' }),
    ).rejects.toMatchObject({
      code: 'userAgent.startFailed',
    });
    expect(api('userAgent').isStarted()).toBe(true);
  });

  it.each([
    ['an id twice', [work, { ...work }]],
    ['the id of the flat keys', [{ ...work, id: 'default' }]],
  ])('with %s is refused', (_, accounts) => {
    expect(() => phoneWith({ accounts })).toThrow(
      expect.objectContaining({
        code: 'configuration.invalid',
        problems: [
          {
            path: 'userAgent.accounts',
            found: expect.stringContaining('a list of') as string,
            accepted: 'a list in which each "id" is another, and none is "default"',
          },
        ],
      }) as Error,
    );
  });

  it('does not have the account that a method names: it says which there are', async () => {
    const { api } = phoneWithTwo({ autostart: false });
    const agent = api('userAgent');
    const unknown: unknown = expect.objectContaining({
      code: 'userAgent.unknownAccount',
      message: 'There is no account "wrok"; accepted: default, work.',
    });
    const choice = { account: 'wrok' };
    await expect(agent.call('2002', null, choice)).rejects.toEqual(unknown);
    await expect(agent.register(choice)).rejects.toEqual(unknown);
    await expect(agent.stop(choice)).rejects.toEqual(unknown);
    await expect(agent.hangupAll(choice)).rejects.toEqual(unknown);
    expect(() => agent.isStarted(choice)).toThrow(unknown);
  });
});

describe('the panel of two accounts', () => {
  it('has a row for each, with its state and a button of its own', async () => {
    const test = phoneWithTwo();
    await server.reply(await registerOf('3003'), 403);
    await accept(await registerOf('1001'));
    const [first, second] = await drawn(test);
    expect(rowText(first)).toBe('1001 Ready 1001@example.com Unregister');
    expect(rowText(second)).toContain(
      'work Connected, not registered 3003@office.example Register',
    );
    expect(rowText(second)).toContain('The telephone server did not accept the log-in.');
    // The form is for the one whose log-in was refused.
    expect(test.part('userAgent', 'loginAccount').textContent).toContain('work');
    const form = test.root('userAgent').querySelector('form');
    form?.querySelector('input[name="password"]')?.setAttribute('value', 'new');
    form?.dispatchEvent(new Event('submit', { bubbles: true, cancelable: true }));
    await accept(await registerOf('3003', 1));
    await settled();
    const [, after] = await drawn(test);
    expect(rowText(after)).toBe('work Ready 3003@office.example Unregister');
    after?.querySelector('button')?.click();
    await server.reply(await registerOf('3003', 2), 200);
    await settled();
    expect(test.api('userAgent').isRegistered({ account: 'work' })).toBe(false);
    expect(test.api('userAgent').isRegistered()).toBe(true);
  });

  it('starts a stopped account by its button, and stops all by the one below', async () => {
    const test = await bothRegistered();
    await test.api('userAgent').stop({ account: 'work' });
    const [, second] = await drawn(test);
    await settled();
    expect(rowText(second)).toContain('Stopped');
    second?.querySelector('button')?.click();
    await settled();
    expect(test.api('userAgent').isStarted({ account: 'work' })).toBe(true);
    test.part('userAgent', 'agentstop').click();
    await settled();
    expect(
      test
        .api('userAgent')
        .accounts()
        .map(({ isStarted }) => isStarted),
    ).toEqual([false, false]);
  });
});
