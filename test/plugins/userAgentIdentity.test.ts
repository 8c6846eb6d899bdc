import { describe, expect, it } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import type { Party } from '../../src/core/index.ts';
import { settled } from '../support/fakeSession.ts';
import {
  ackOf,
  connected,
  inDialog,
  incomingInvite,
  ok,
  registered,
  server,
  talking,
} from './userAgentScene.ts';

// Who the far end is by the word of the server: RFC 3325, and what came before it.

const contact = 'Contact: <sip:2002@192.0.2.9>';
const ann = 'P-Asserted-Identity: "Ann \\"A\\" O\'Hara, Sales" <sip:2005@example.com>';
const party: Party = { name: 'Ann "A" O\'Hara, Sales', user: '2005', uri: 'sip:2005@example.com' };

describe('an incoming call', () => {
  const bob = { name: 'Bob', user: '2002' };

  it.each([
    ['the server says', [ann], party],
    ['the server says beside a number', [`${ann}, <tel:+4930123>`], party],
    ['the server says without a name', ['P-Asserted-Identity: <sip:2005@a.b>'], { user: '2005' }],
    ['an old server says', [ann.replace('P-Asserted-Identity', 'Remote-Party-ID')], party],
    [
      'an old server says',
      ['Remote-Party-ID: "Ann" <sip:2005@a.b>;party=calling;privacy=off'],
      {
        name: 'Ann',
      },
    ],
    ['the newer of both headers says', ['Remote-Party-ID: <sip:9@a.b>', ann], party],
    ['From says, without them', [], bob],
    ['From says when it is no address', ['P-Asserted-Identity: <<>>"'], bob],
    ['From says when it is no SIP address', ['P-Asserted-Identity: <tel:+4930123>'], bob],
    ['From says when privacy is asked for', [ann, 'Privacy: id'], bob],
    [
      'From says when an old server is asked for privacy',
      ['Remote-Party-ID: <sip:9@a.b>;privacy=full'],
      bob,
    ],
  ])('is from whom %s', async (_, headers, expected) => {
    const { phone } = await connected();
    await server.say(incomingInvite('1001', headers));
    expect(phone.calls.list()[0]?.snapshot.remote).toMatchObject(expected);
  });

  it('is from whom From says where the server is not trusted', async () => {
    const { phone } = await connected({ user_agent: { trust_identity: false } });
    await server.say(incomingInvite('1001', [ann]));
    expect(phone.calls.list()[0]?.snapshot.remote).toMatchObject(bob);
  });

  it('is from somebody else when an UPDATE says so while it rings, which is answered', async () => {
    const { phone, events, root } = await connected({}, { plugins: [callList()] });
    await server.say(incomingInvite());
    const ringing = await server.nextResponse(180);
    const update = incomingInvite('1001', [ann])
      .split('Content-Type')[0]
      ?.replaceAll('INVITE', 'UPDATE')
      .replace('CSeq: 1', 'CSeq: 2')
      .replace('bKin1', 'bKin7')
      .replace('To: <sip:1001@example.com>', `To: ${ringing.header('To')}`);
    await server.say(`${update ?? ''}Content-Length: 0\r\n\r\n`);
    expect((await server.nextResponse(200)).header('CSeq')).toBe('2 UPDATE');
    expect(events.last('call.identity.changed')).toMatchObject({
      previous: bob,
      call: { remote: party, status: 'ringing' },
    });
    await settled();
    expect(root('callList').textContent).toContain(party.name);
    // It can still be taken.
    void phone.calls.list()[0]?.answer();
    await server.say(ackOf(await server.nextResponse(200)));
    await settled();
    expect(phone.calls.list()[0]?.isEstablished()).toBe(true);
  });
});

describe('a call of ours', () => {
  it.each([180, 183])('is to whom a %i says', async (status) => {
    const { api, phone } = await connected();
    void api('userAgent').call('2002');
    await server.reply(await server.next('INVITE'), status, { headers: [contact, ann] });
    expect(phone.calls.list()[0]?.snapshot.remote).toEqual(party);
  });

  it('is to whom the 200 says, before it is established', async () => {
    const { events, call } = await talking({}, {}, { ...ok, headers: [contact, ann] });
    expect(call.snapshot.remote).toEqual(party);
    expect(events.last('call.established').call.remote).toEqual(party);
    const names = events.names('call');
    expect(names.indexOf('call.identity.changed')).toBeLessThan(names.indexOf('call.established'));
  });

  it.each(['UPDATE', 'INVITE'])('is with whom an %s within it says', async (method) => {
    const { call, invite, events } = await talking();
    await server.say(inDialog(invite, method, [contact, ann]));
    await server.nextResponse(200);
    expect(call.snapshot.remote).toEqual(party);
    expect(events.of('call.identity.changed')).toHaveLength(1);
  });

  it('tells nothing of an identity that is the same', async () => {
    const { invite, events } = await talking({}, {}, { ...ok, headers: [contact, ann] });
    events.clear();
    await server.say(inDialog(invite, 'UPDATE', [contact, ann]));
    await server.nextResponse(200);
    expect(events.names('call.identity')).toEqual([]);
  });

  it('is with whom it was where the server is not trusted', async () => {
    const options = { user_agent: { trust_identity: false } };
    const { call, invite } = await talking(options, {}, { ...ok, headers: [contact, ann] });
    await server.say(inDialog(invite, 'UPDATE', [contact, ann]));
    await server.nextResponse(200);
    expect(call.snapshot.remote.user).toBe('2002');
  });
});

describe('more extensions that the application sees to', () => {
  const options = { user_agent: { supported: ['join', 'x-Magic'] } };

  it('are named in REGISTER and INVITE', async () => {
    const { register, api } = await registered(options);
    expect(register.all('Supported')).toContain('join, x-Magic');
    void api('userAgent').call('2002');
    expect((await server.next('INVITE')).all('Supported')).toContain('join, x-Magic');
  });

  it('may be required by a caller', async () => {
    const { phone } = await connected(options);
    await server.say(incomingInvite('1001', ['Require: x-magic']));
    expect(phone.calls.list()).toHaveLength(1);
  });
});
