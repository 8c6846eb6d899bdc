import { describe, expect, it } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import { settled } from '../support/fakeSession.ts';
import { farTag } from '../support/scriptedSocket.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import {
  ackOf,
  connected,
  inDialog,
  incomingInvite,
  ok,
  outOfDialog,
  server,
  talking,
} from './userAgentScene.ts';

// INVITE with Replaces (RFC 3891): what is not a matter of the call that is replaced.

const tagOf = (header: string): string => /;tag=([^;]+)/.exec(header)?.[1] ?? '';
const dialogOf = (invite: WireMessage): string =>
  `${invite.header('Call-ID')};to-tag=${tagOf(invite.header('From'))};from-tag=${farTag}`;
const asking = (...headers: readonly string[]): string => incomingInvite('1001', headers);
/** The final responses to INVITEs. */
const finals = (): readonly (number | null)[] =>
  server.sent
    .filter(({ method, status }) => method === 'INVITE' && (status ?? 0) >= 200)
    .map(({ status }) => status);

describe('a header Replaces', () => {
  it.each([
    ['without tags', ['Replaces: x@y']],
    ['without one of its tags', ['Replaces: x@y;to-tag=a']],
    ['with a tag too many', ['Replaces: x@y;to-tag=a;from-tag=b;to-tag=c']],
    ['that is none', ['Replaces: ;;;']],
    ['that is empty', ['Replaces:']],
    [
      'that comes twice',
      ['Replaces: x@y;to-tag=a;from-tag=b', 'replaces: x@y;to-tag=a;from-tag=b'],
    ],
    ['for two calls', ['Replaces: x@y;to-tag=a;from-tag=b, z@y;to-tag=a;from-tag=b']],
  ])('%s is answered 400, and nothing rings', async (_, headers) => {
    const { call, phone } = await talking();
    await server.say(asking(...headers));
    await server.nextResponse(400);
    expect(finals()).toEqual([400]);
    expect(phone.calls.list()).toEqual([call]);
  });

  it('is answered once when the INVITE comes again', async () => {
    await connected();
    await server.say(asking('Replaces: x@y'));
    await server.say(asking('Replaces: x@y'));
    expect(new Set(finals())).toEqual(new Set([400]));
  });

  it('for a call that is over is declined', async () => {
    const { phone, invite } = await talking();
    await server.say(inDialog(invite, 'BYE'));
    await settled();
    await server.say(asking(`Replaces: ${dialogOf(invite)}`));
    await server.nextResponse(603);
    expect(phone.calls.list()).toEqual([]);
  });

  it('for a call that never was gets 481', async () => {
    await connected();
    await server.say(asking('Replaces: x@y;to-tag=a;from-tag=b'));
    await server.nextResponse(481);
  });

  it('within a call is none: the offer is answered as any other', async () => {
    const { call, phone, invite } = await talking();
    const replaces = `Replaces: ${dialogOf(invite)}`;
    await server.say(inDialog(invite, 'INVITE', [replaces, 'Contact: <sip:2002@192.0.2.9>']));
    await server.nextResponse(200);
    expect(phone.calls.list()).toEqual([call]);
  });
});

describe('the option "replaces"', () => {
  it('is on: this phone says that it supports it', async () => {
    const { invite } = await talking();
    expect(invite.header('Supported')).toMatch(/\breplaces\b/);
    expect(invite.header('Require')).toBe('');
  });

  it('as "required" asks it of everybody who is called', async () => {
    const { invite } = await talking({ user_agent: { replaces: 'required' } });
    expect(invite.header('Require')).toBe('replaces');
  });

  describe('as "unsupported"', () => {
    const off = { user_agent: { replaces: 'unsupported' } } as const;

    it('is said of no INVITE and of no answer', async () => {
      const { invite } = await talking(off);
      expect(invite.header('Supported')).toBe('ice,outbound');
      await server.say(asking());
      const ringing = await server.nextResponse(180);
      expect(ringing.header('Supported')).toBe('ice,outbound');
    });

    it('lets who asks for a place ring as anybody does', async () => {
      const { call, phone, invite } = await talking(off, { plugins: [callList()] });
      await server.say(asking(`Replaces: ${dialogOf(invite)}`));
      await server.nextResponse(180);
      const [, next] = phone.calls.list();
      expect(next?.isRinging()).toBe(true);
      await next?.answer();
      await server.say(ackOf(await server.nextResponse(200)));
      await settled();
      expect([next?.isEstablished(), call.isEnded()]).toEqual([true, false]);
    });

    it('refuses who insists on it with 420, and says why', async () => {
      const { phone, call, invite } = await talking(off);
      await server.say(asking(`Replaces: ${dialogOf(invite)}`, 'Require: 100rel, replaces'));
      const refusal = await server.nextResponse(420);
      expect(refusal.header('Unsupported')).toBe('100rel, replaces');
      expect(phone.calls.list()).toEqual([call]);
    });

    it('leaves alone what only looks like it', async () => {
      const { api } = await connected(off);
      const body = 'a\r\nSupported: replaces,b';
      const sent = api('userAgent').request('MESSAGE', '2002', { body });
      const message = await server.next('MESSAGE');
      expect(message.body).toBe(body);
      await server.reply(message, 200);
      await sent;
    });
  });
});

it('a message that speaks of these headers is passed on as it is', async () => {
  const { events } = await connected();
  const body = 'Replaces: the old one\r\nRefer-To: me';
  await server.say(outOfDialog('MESSAGE', ['Content-Type: text/plain'], body));
  expect(events.last('userAgent.received.message').body).toBe(body);
  expect(ok.body).not.toBe('');
});
