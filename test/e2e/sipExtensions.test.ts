import { beforeAll, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { someSdp, startScriptedPeer } from './support/scriptedPeer.ts';
import type { ScriptedPeer } from './support/scriptedPeer.ts';
import { headerOf, headersOf } from './support/sipMessage.ts';

// SIP extensions with a far end that says exactly what the test wants, through Kamailio.

const lab = useLab({ rtpengine: true });

let alice: Party;
let plain: TestPhone;
let extended: TestPhone;
let peer: ScriptedPeer;

beforeAll(async () => {
  const { kamailio, party } = lab();
  alice = await party({ name: 'alice' });
  const socket = kamailio.url;
  plain = await makePhone(alice, { socket, user: '1001' });
  const user_agent = { rel100: 'supported', auto_answer: 'idle' };
  const config = { userAgent: { user_agent } };
  extended = await makePhone(await alice.open('/'), { socket, user: '1002', config });
  peer = await startScriptedPeer(kamailio, '1009');
});

const reliably = (number: number): readonly (readonly [string, string])[] => [
  ...peer.contact,
  ['Require', '100rel'],
  ['RSeq', String(number)],
];

/** Ends the call from here. */
async function hangUp(phone: TestPhone, callId: string): Promise<void> {
  await phone.run('hangup', callId);
  peer.reply(await peer.next('BYE'), '200 OK');
  await phone.quiet();
}

test('a call of ours confirms each reliable response, and an answer in one of them counts', async () => {
  const callId = await extended.callTo('1009');
  const invite = await peer.next('INVITE');
  peer.reply(invite, '180 Ringing', { extra: reliably(5) });
  const first = await peer.next('PRACK');
  const { 0: number = '' } = headerOf(invite, 'CSeq').split(' ');
  expect(headerOf(first, 'RAck')).toBe(`5 ${number} INVITE`);
  peer.reply(first, '200 OK', { extra: [] });
  // The same one again, and one out of its turn: neither is confirmed.
  peer.reply(invite, '180 Ringing', { extra: reliably(5) });
  peer.reply(invite, '180 Ringing', { extra: reliably(8) });
  peer.reply(invite, '183 Session Progress', { extra: reliably(6), body: someSdp() });
  const second = await peer.next('PRACK');
  expect(headerOf(second, 'RAck')).toBe(`6 ${number} INVITE`);
  peer.reply(second, '200 OK', { extra: [] });
  await extended.waitForCall('early media', ({ hasEarlyMedia }) => hasEarlyMedia, callId);
  // Without a description of its own.
  peer.reply(invite, '200 OK');
  await peer.next('ACK');
  await extended.waitForCall('the answer', ({ status }) => status === 'established', callId);
  await hangUp(extended, callId);
});

test('a call that requires it rings reliably, and is answered after PRACK only', async () => {
  await peer.call('1002', [['Require', '100rel']]);
  const ringing = await peer.nextResponse(180);
  expect(headersOf(ringing, 'Require').join()).toContain('100rel');
  const again = await peer.nextResponse(180);
  expect(headerOf(again, 'RSeq')).toBe(headerOf(ringing, 'RSeq'));
  const callId = await extended.nextIncoming();
  const answering = extended.run('answer', callId);
  peer.within('PRACK', ringing, [['RAck', `${headerOf(ringing, 'RSeq')} 2 INVITE`]]);
  const confirmed = await peer.nextResponse(200);
  expect(headerOf(confirmed, 'CSeq')).toMatch(/ PRACK$/);
  const accepted = await peer.nextResponse(200);
  expect(headerOf(accepted, 'CSeq')).toBe('2 INVITE');
  await answering;
  peer.within('ACK', accepted);
  await extended.waitForCall('the answer', ({ status }) => status === 'established', callId);
  await hangUp(extended, callId);
});

test('a call that requires what the phone has not is refused with 420, and does not ring', async () => {
  await plain.clear();
  await peer.call('1001', [['Require', '100rel']]);
  const refusal = await peer.nextResponse(420);
  expect(headerOf(refusal, 'Unsupported')).toBe('100rel');
  expect((await plain.events()).map(({ name }) => name)).not.toContain('call.created');
});

test('a redirected call goes on to the new address as the same call', async () => {
  const bob = await startScriptedPeer(lab().kamailio, '1008');
  const callId = await plain.callTo('1009');
  const invite = await peer.next('INVITE');
  peer.reply(invite, '302 Moved Temporarily', {
    extra: [['Contact', `<sip:1008@${domain}>`]],
  });
  const second = await bob.next('INVITE');
  expect(headerOf(second, 'Call-ID')).toBe(headerOf(invite, 'Call-ID'));
  bob.reply(second, '180 Ringing');
  bob.reply(second, '200 OK', { body: someSdp() });
  await bob.next('ACK');
  await plain.waitForCall('the answer', ({ status }) => status === 'established', callId);
  expect((await plain.snapshot(callId)).remote.user).toBe('1008');
  expect(await plain.eventsOf(callId)).toContain('redirected');
  await plain.run('hangup', callId);
  bob.reply(await bob.next('BYE'), '200 OK');
  await plain.quiet();
});

test('a call is asked for once more when its session is too short for the far end', async () => {
  const callId = await plain.callTo('1009');
  const invite = await peer.next('INVITE');
  peer.reply(invite, '422 Session Interval Too Small', { extra: [['Min-SE', '240']] });
  const second = await peer.next('INVITE');
  expect(headerOf(second, 'Session-Expires')).toBe('240');
  peer.reply(second, '200 OK', {
    extra: [...peer.contact, ['Session-Expires', '240;refresher=uac']],
    body: someSdp(),
  });
  await peer.next('ACK');
  await plain.waitForCall('the answer', ({ status }) => status === 'established', callId);
  await hangUp(plain, callId);
});

test('a name that an UPDATE brings is shown, and the UPDATE is answered', async () => {
  const callId = await plain.callTo('1009');
  const invite = await peer.next('INVITE');
  peer.reply(invite, '200 OK', { body: someSdp() });
  await peer.next('ACK');
  await plain.waitForCall('the answer', ({ status }) => status === 'established', callId);
  peer.within('UPDATE', invite, [
    ...peer.contact,
    ['P-Asserted-Identity', `"Carol Jones" <sip:1003@${domain}>`],
  ]);
  await peer.nextResponse(200);
  await plain.waitForCall('the name', ({ remote }) => remote.name === 'Carol Jones', callId);
  await hangUp(plain, callId);
});

test('who calls is shown as the server says, not as the caller does', async () => {
  await peer.call('1001', [['P-Asserted-Identity', `"Carol Jones" <sip:1003@${domain}>`]]);
  const callId = await plain.nextIncoming();
  expect((await plain.snapshot(callId)).remote).toMatchObject({
    name: 'Carol Jones',
    user: '1003',
  });
  await until('the list to say so', async () =>
    (await plain.textOf('call-list', 'calls')).includes('Carol Jones'),
  );
  await plain.run('reject', callId);
  await plain.quiet();
});

test('a redirection to a telephone number goes on in the domain of the phone', async () => {
  const bob = await startScriptedPeer(lab().kamailio, '1008');
  const callId = await plain.callTo('1009');
  const invite = await peer.next('INVITE');
  const number = `"Bob, at home" <tel:10-08;phone-context=${domain}>;q=0.5`;
  const contact = `<tel:10-08;phone-context=x>, <mailto:bob@lab.test>;q=0.9, ${number}`;
  peer.reply(invite, '302 Moved Temporarily', { extra: [['Contact', contact]] });
  const second = await bob.next('INVITE');
  expect(headerOf(second, 'Call-ID')).toBe(headerOf(invite, 'Call-ID'));
  bob.reply(second, '486 Busy Here');
  const { end } = await plain.waitForCall('the end', ({ status }) => status === 'ended', callId);
  expect(end).toMatchObject({ statusCode: 486 });
});

test('a redirection to nothing that can be called ends the call with its status', async () => {
  const callId = await plain.callTo('1009');
  const invite = await peer.next('INVITE');
  const extra = [['Contact', '<mailto:bob@lab.test>']] as const;
  peer.reply(invite, '302 Moved Temporarily', { extra });
  const { end } = await plain.waitForCall('the end', ({ status }) => status === 'ended', callId);
  expect(end).toMatchObject({ statusCode: 302, key: 'movedTemporarily' });
});

test('a call that asks to be answered by itself is, and the page says so', async () => {
  await peer.call('1002', [['Call-Info', '<sip:intercom>;answer-after=0']]);
  const accepted = await peer.nextResponse(200);
  peer.within('ACK', accepted);
  const { callId } = await extended.waitForEvent('userAgent.autoAnswer.answered');
  await extended.waitForCall('the answer', ({ status }) => status === 'established', callId);
  await hangUp(extended, callId);
});
