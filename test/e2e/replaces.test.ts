import { beforeAll, describe, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { someSdp, startScriptedPeer } from './support/scriptedPeer.ts';
import type { ScriptedPeer } from './support/scriptedPeer.ts';
import { headerOf, headersOf } from './support/sipMessage.ts';
import type { SipMessage } from './support/sipMessage.ts';

// INVITE with Replaces (RFC 3891), through Kamailio: one far end of a phone, and one that wants its place.

const lab = useLab({ rtpengine: true });

let alice: Party;
let phone: TestPhone;
/** Who is in a call with the phone. */
let first: ScriptedPeer;
/** Who would take that place. */
let other: ScriptedPeer;

beforeAll(async () => {
  const { kamailio, party } = lab();
  alice = await party({ name: 'alice' });
  phone = await makePhone(alice, { socket: kamailio.url, user: '1001' });
  first = await startScriptedPeer(kamailio, '1008');
  other = await startScriptedPeer(kamailio, '1009');
});

const tagIn = (message: SipMessage, name: 'From' | 'To'): string =>
  /;tag=([^;]+)/.exec(headerOf(message, name))?.[1] ?? '';

/** The dialog of a call from the phone, as the phone knows it: `to` is the tag of its own. */
const dialogOf = (invite: SipMessage): string =>
  `${headerOf(invite, 'Call-ID')};to-tag=${tagIn(invite, 'From')};from-tag=${first.tag}`;

async function ringing(): Promise<{ callId: string; invite: SipMessage }> {
  const callId = await phone.callTo('1008');
  const invite = await first.next('INVITE');
  first.reply(invite, '180 Ringing');
  await phone.waitForCall('the ringing', ({ status }) => status === 'ringing', callId);
  return { callId, invite };
}

async function talking(): Promise<{ callId: string; invite: SipMessage }> {
  const { callId, invite } = await ringing();
  first.reply(invite, '200 OK', { body: someSdp() });
  await first.next('ACK');
  await phone.waitForCall('the answer', isUp, callId);
  return { callId, invite };
}

/** Asks for the place of a call and gives the status of the refusal. */
async function refused(status: number, ...headers: [string, string][]): Promise<SipMessage> {
  await phone.clear();
  await other.call('1001', headers);
  const refusal = await other.nextResponse(status);
  const names = (await phone.events()).map(({ name }) => name);
  expect(names.filter((name) => /^call\.(created|replaced)$/.test(name))).toEqual([]);
  return refusal;
}

/** Hangs up on `first`. */
async function leave(callId: string): Promise<void> {
  await phone.run('hangup', callId);
  first.reply(await first.next('BYE'), '200 OK', { extra: [] });
  await phone.quiet();
}

async function leaveOther(): Promise<void> {
  await phone.run('hangup');
  other.reply(await other.next('BYE'), '200 OK', { extra: [] });
  await phone.quiet();
}

describe('the place of the far end', () => {
  test('of a call that is up is taken, by a call that nobody has to answer', async () => {
    const { callId, invite } = await talking();
    await other.call('1001', [['Replaces', dialogOf(invite)]]);
    const accepted = await other.nextResponse(200);
    other.within('ACK', accepted);
    first.reply(await first.next('BYE'), '200 OK', { extra: [] });
    const { replacedBy } = await phone.waitForEvent('call.replaced', { callId });
    const { end } = await phone.waitForCall('the end', ({ status }) => status === 'ended', callId);
    expect(end).toMatchObject({ key: 'transferred', failed: false });
    const taken = await phone.waitForCall('the new call', isUp, String(replacedBy));
    expect(taken).toMatchObject({ isPrimary: true, remote: { user: '1009' } });
    await leaveOther();
  });

  test('of a call that still rings there is taken, and rings no longer', async () => {
    const { callId, invite } = await ringing();
    await other.call('1001', [['Replaces', `${dialogOf(invite)};early-only`]]);
    const accepted = await other.nextResponse(200);
    other.within('ACK', accepted);
    const cancel = await first.next('CANCEL');
    first.reply(cancel, '200 OK', { extra: [] });
    first.reply(invite, '487 Request Terminated');
    const { replacedBy } = await phone.waitForEvent('call.replaced', { callId });
    await phone.waitForCall('the new call', isUp, String(replacedBy));
    expect(await phone.calls()).toEqual([replacedBy]);
    await leaveOther();
  });
});

describe('who wants the place', () => {
  test('in no call that there is gets 481', async () => {
    await refused(481, ['Replaces', 'nobody@nowhere;to-tag=a;from-tag=b']);
  });

  test('in a call with other tags gets 481, and in one that is up, for early ones only, 486', async () => {
    const { callId, invite } = await talking();
    const swapped = `${headerOf(invite, 'Call-ID')};to-tag=${first.tag};from-tag=x`;
    await refused(481, ['Replaces', swapped]);
    await refused(486, ['Replaces', `${dialogOf(invite)};early-only`]);
    expect((await phone.snapshot(callId)).status).toBe('established');
    await leave(callId);
    // RFC 3891 section 3: a dialog that is over is declined, not unknown.
    await refused(603, ['Replaces', dialogOf(invite)]);
  });

  test('in a call that rings here gets 481, and it rings on', async () => {
    await first.call('1001', []);
    const callId = await phone.nextIncoming();
    const ring = await first.nextResponse(180);
    const dialog = `${headerOf(ring, 'Call-ID')};to-tag=${tagIn(ring, 'To')};from-tag=${first.tag}`;
    await refused(481, ['Replaces', dialog]);
    expect((await phone.snapshot(callId)).status).toBe('ringing');
    await phone.run('reject', callId);
    await phone.quiet();
  });

  test('in two calls at once gets 400', async () => {
    const { callId, invite } = await talking();
    await refused(400, ['Replaces', dialogOf(invite)], ['Replaces', dialogOf(invite)]);
    expect((await phone.snapshot(callId)).status).toBe('established');
    await leave(callId);
  });
});

test('where it is switched off, who insists on it gets 420, and who does not, rings', async () => {
  const tab = await alice.open('/');
  const off = await makePhone(tab, {
    socket: lab().kamailio.url,
    user: '1002',
    config: { userAgent: { user_agent: { replaces: 'unsupported' } } },
  });
  // Whose only ringing is that of this call.
  const third = await startScriptedPeer(lab().kamailio, '1010');
  const replaces: [string, string] = ['Replaces', 'nobody@nowhere;to-tag=a;from-tag=b'];
  await third.call('1002', [replaces, ['Require', 'replaces']]);
  expect(headerOf(await third.nextResponse(420), 'Unsupported')).toBe('replaces');
  await third.call('1002', [replaces]);
  const ring = await third.nextResponse(180);
  expect(headersOf(ring, 'Supported').join()).not.toContain('replaces');
  const callId = await off.nextIncoming();
  expect((await off.snapshot(callId)).remote.user).toBe('1010');
  await off.run('reject', callId);
  await off.quiet();
});

test('where it is required, a call of the phone says so', async () => {
  const tab = await alice.open('/');
  const strict = await makePhone(tab, {
    socket: lab().kamailio.url,
    user: '1003',
    config: { userAgent: { user_agent: { replaces: 'required' } } },
  });
  const callId = await strict.callTo('1008');
  const invite = await first.next('INVITE');
  expect(headersOf(invite, 'Require').join()).toContain('replaces');
  first.reply(invite, '420 Bad Extension', { extra: [['Unsupported', 'replaces']] });
  const { end } = await strict.waitForCall('the end', ({ status }) => status === 'ended', callId);
  expect(end).toMatchObject({ statusCode: 420 });
});
