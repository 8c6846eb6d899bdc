import { describe, expect, it, vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { anySdp } from '../support/scriptedSocket.ts';
import type { WireMessage } from '../support/scriptedSocket.ts';
import {
  ackOf,
  connected,
  connections,
  incomingCancel,
  incomingInvite,
  inDialog,
  server,
  talking,
} from './userAgentScene.ts';
import type { Options } from './userAgentScene.ts';

// RFC 3262; the far end is the script.

const withRel100 = (rel100: 'supported' | 'required'): Options => ({ user_agent: { rel100 } });
const contact = 'Contact: <sip:2002@192.0.2.9>';
const reliable = (number: number): readonly string[] => [
  contact,
  'Record-Route: <sip:192.0.2.1;lr>, <sip:192.0.2.2;lr>',
  'Require: 100rel',
  `RSeq: ${String(number)}`,
];
const tags = (message: WireMessage, name: string): readonly string[] =>
  message.all(name).flatMap((value) => value.split(/\s*,\s*/));

/** A phone that is calling 2002, who has said nothing yet. */
async function calling(
  mode: 'supported' | 'required' = 'supported',
): Promise<Awaited<ReturnType<typeof connected>> & { readonly invite: WireMessage }> {
  const test = await connected(withRel100(mode));
  void test.api('userAgent').call('2002');
  const invite = await server.next('INVITE');
  await settled();
  return { ...test, invite };
}

describe('as caller', () => {
  it.each([
    ['supported', 'Supported', 'Require'],
    ['required', 'Require', 'Supported'],
  ] as const)('"%s" says so in the INVITE', async (mode, there, notThere) => {
    const { invite } = await calling(mode);
    expect(tags(invite, there)).toContain('100rel');
    expect(tags(invite, notThere)).not.toContain('100rel');
    expect(tags(invite, 'Allow')).toContain('PRACK');
  });

  it('says nothing of it by default, and acknowledges nothing', async () => {
    const { api } = await connected();
    void api('userAgent').call('2002');
    const invite = await server.next('INVITE');
    expect([...tags(invite, 'Supported'), ...tags(invite, 'Allow')]).not.toContain('100rel');
    await server.reply(invite, 180, { headers: reliable(1) });
    expect(server.requests('PRACK')).toEqual([]);
  });

  it('acknowledges each reliable response once, in the order of their numbers', async () => {
    const { invite, events } = await calling();
    await server.reply(invite, 180, { headers: reliable(7) });
    const prack = await server.next('PRACK');
    expect(prack.header('RAck')).toBe(`7 ${String(invite.cseq)} INVITE`);
    expect(prack.start).toBe('PRACK sip:2002@192.0.2.9 SIP/2.0');
    expect(prack.cseq).toBe(invite.cseq + 1);
    expect(prack.header('To')).toContain(';tag=far1');
    expect(tags(prack, 'Route')).toEqual(['<sip:192.0.2.2;lr>', '<sip:192.0.2.1;lr>']);
    await server.reply(prack, 200);
    // The same again, and one that came too early: not confirmed, not heard.
    await server.reply(invite, 180, { headers: reliable(7) });
    await server.reply(invite, 181, { headers: reliable(9) });
    await server.reply(invite, 182, { headers: reliable(8) });
    await server.reply(invite, 181, { headers: reliable(9) });
    expect(server.requests('PRACK').map((sent) => sent.header('RAck').split(' ')[0])).toEqual([
      ...['7', '8', '9'],
    ]);
    expect(events.of('call.progress').map(({ statusCode }) => statusCode)).toEqual([180, 182, 181]);
  });

  it('counts on its own for each branch of a forked call', async () => {
    const { invite } = await calling();
    await server.reply(invite, 180, { headers: reliable(7) });
    const other = { ...invite, header: (name: string) => invite.header(name) };
    const forked = {
      ...other,
      header: (name: string) => invite.header(name) + (name === 'To' ? ';tag=far2' : ''),
    };
    await server.reply(forked, 180, { headers: reliable(100) });
    const [first, second] = server.requests('PRACK');
    expect([first?.header('RAck'), second?.header('RAck')]).toEqual([
      `7 ${String(invite.cseq)} INVITE`,
      `100 ${String(invite.cseq)} INVITE`,
    ]);
    expect(second?.header('To')).toContain(';tag=far2');
  });

  it('leaves a response alone that is not reliable', async () => {
    const { invite, events } = await calling();
    await server.reply(invite, 180, { headers: [contact, 'RSeq: 3'] });
    await server.reply(invite, 183, { headers: [contact, 'Require: 100rel', 'RSeq: none'] });
    expect(server.requests('PRACK')).toEqual([]);
    expect(events.of('call.progress')).toHaveLength(2);
  });

  it('takes the answer of a reliable 183, told once more or not, and a 200 without one', async () => {
    const { invite, phone, events } = await calling();
    await server.reply(invite, 183, { headers: reliable(1), body: anySdp });
    const [call] = phone.calls.list();
    expect(call?.snapshot.hasEarlyMedia).toBe(true);
    await server.reply(invite, 183, { headers: reliable(2), body: anySdp });
    expect(server.requests('PRACK')).toHaveLength(2);
    expect(events.of('call.progress')).toHaveLength(2);
    expect(connections[0]?.told).toEqual(['local offer', 'remote answer']);
    await server.reply(invite, 200, { headers: [contact] });
    const ack = await server.next('ACK');
    expect([ack.cseq, call?.isEstablished()]).toEqual([invite.cseq, true]);
    expect(server.requests('BYE')).toEqual([]);
  });

  it('still fails a call whose 200 has no answer at all', async () => {
    const { invite, events } = await calling();
    await server.reply(invite, 180, { headers: reliable(1) });
    await server.reply(invite, 200, { headers: [contact] });
    expect(events.of('call.failed')).toHaveLength(1);
  });
});

describe('as callee', () => {
  const requiring = incomingInvite('1001', ['Require: 100rel']);
  const supporting = incomingInvite('1001', ['Supported: timer, 100rel']);
  const ringings = (): readonly WireMessage[] => server.sent.filter(({ status }) => status === 180);
  const prackFor = (ringing: WireMessage, rack?: string): string =>
    [
      'PRACK sip:1001@example.com SIP/2.0',
      'Via: SIP/2.0/WSS 192.0.2.9;branch=z9hG4bKprack',
      `From: ${ringing.header('From')}`,
      `To: ${ringing.header('To')}`,
      ...['Call-ID: in1@192.0.2.9', 'CSeq: 2 PRACK'],
      `RAck: ${rack ?? `${ringing.header('RSeq')} 1 INVITE`}`,
      ...['Content-Length: 0', '', ''],
    ].join('\r\n');

  it('refuses by default a call that requires it, and nobody is rung', async () => {
    const { events } = await connected();
    await server.say(requiring);
    const refusal = await server.nextResponse(420);
    expect(refusal.header('Unsupported')).toBe('100rel');
    expect(events.of('call.created')).toEqual([]);
    expect(ringings()).toEqual([]);
  });

  it('takes a call by default that only supports it, and rings as ever', async () => {
    await connected();
    await server.say(supporting);
    const ringing = await server.nextResponse(180);
    expect([ringing.header('Require'), ringing.header('RSeq')]).toEqual(['', '']);
  });

  it.each([
    ['requires', requiring],
    ['supports', supporting],
  ])('rings reliably a caller who %s it: again and again until PRACK', async (_, invite) => {
    await connected(withRel100('supported'));
    await server.say(invite);
    const ringing = await server.nextResponse(180);
    expect(tags(ringing, 'Require')).toContain('100rel');
    expect(Number(ringing.header('RSeq'))).toBeGreaterThan(0);
    await vi.advanceTimersByTimeAsync(499);
    expect(ringings()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ringings()).toHaveLength(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(ringings().map(({ text }) => text)).toEqual(Array(3).fill(ringing.text));
    await server.say(prackFor(ringing));
    const confirmed = await server.nextResponse(200);
    expect(confirmed.header('CSeq')).toBe('2 PRACK');
    await vi.advanceTimersByTimeAsync(20_000);
    expect(ringings()).toHaveLength(3);
  });

  it('rings a caller who knows nothing of it as ever', async () => {
    await connected(withRel100('required'));
    await server.say(incomingInvite());
    const ringing = await server.nextResponse(180);
    expect(ringing.header('RSeq')).toBe('');
  });

  it('answers only after PRACK', async () => {
    const { phone } = await connected(withRel100('supported'));
    await server.say(supporting);
    const ringing = await server.nextResponse(180);
    const [call] = phone.calls.list();
    const answering = call?.answer();
    await settled();
    expect(server.sent.filter(({ status }) => status === 200)).toEqual([]);
    await server.say(prackFor(ringing));
    await answering;
    const [prack, invite] = server.sent.filter(({ status }) => status === 200);
    expect([prack?.method, invite?.method]).toEqual(['PRACK', 'INVITE']);
    if (invite) await server.say(ackOf(invite));
    expect(call?.isEstablished()).toBe(true);
  });

  it('refuses before PRACK, and rings no more', async () => {
    const { phone } = await connected(withRel100('supported'));
    await server.say(supporting);
    await phone.calls.list()[0]?.reject();
    await server.nextResponse(480);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ringings()).toHaveLength(1);
  });

  it('sends no 200 to a caller who has given up while it waited for PRACK', async () => {
    const { phone } = await connected(withRel100('supported'));
    await server.say(supporting);
    const ringing = await server.nextResponse(180);
    const answering = phone.calls
      .list()[0]
      ?.answer()
      .catch((error: unknown) => error);
    await settled();
    await server.say(incomingCancel);
    await server.nextResponse(487);
    await server.say(prackFor(ringing));
    await answering;
    expect(
      server.sent.filter(({ status, method }) => status === 200 && method === 'INVITE'),
    ).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(ringings()).toHaveLength(1);
  });

  it('confirms no PRACK for something else', async () => {
    await connected(withRel100('supported'));
    await server.say(supporting);
    const ringing = await server.nextResponse(180);
    await server.say(prackFor(ringing, `${ringing.header('RSeq')} 9 INVITE`));
    await server.nextResponse(481);
    await vi.advanceTimersByTimeAsync(500);
    expect(ringings()).toHaveLength(2);
  });

  it('gives up after 32 seconds without PRACK', async () => {
    const { phone, events } = await connected(withRel100('supported'));
    await server.say(supporting);
    await vi.advanceTimersByTimeAsync(31_900);
    expect(phone.calls.list()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    await server.nextResponse(504);
    expect(events.of('call.failed')).toHaveLength(1);
  });

  it('says nothing before the answer to a call without an offer that requires it', async () => {
    await connected(withRel100('supported'));
    const empty = requiring
      .replace(/Content-Type: .*\r\n/, '')
      .replace(/Content-Length: \d+[^]*/, 'Content-Length: 0\r\n\r\n');
    await server.say(empty);
    expect(ringings()).toEqual([]);
  });
});

it('a re-INVITE that requires what the phone has not is refused, and the call goes on', async () => {
  const { call, invite } = await talking();
  const { told } = connections[0] ?? { told: [] };
  const before = told.length;
  await server.say(inDialog(invite, 'INVITE', ['Require: timer, x-magic', contact]));
  const refusal = await server.nextResponse(420);
  // Session timers are off in this scene.
  expect(refusal.header('Unsupported')).toBe('timer, x-magic');
  expect([call.isEstablished(), told.length]).toEqual([true, before]);
});
