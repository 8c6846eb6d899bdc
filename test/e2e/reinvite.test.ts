import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { clearStage, enter, hearEachOther, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { headerOf, parseSip } from './support/sipMessage.ts';
import { sippHz, startUac, startUas } from './support/sipp.ts';
import type { Sipp, SippMessage } from './support/sipp.ts';
import type { UasScenario } from './support/sippScenarios.ts';

// A new offer within a call that the far end refuses, or that crosses one of its own.

const lab = useLab({ rtpengine: true });
const farEnd = '1009';
const ownHz = 440;

let alice: Party;
let phone: TestPhone;

beforeAll(async () => {
  const { party, kamailio } = lab();
  alice = await party({ name: 'alice', hz: ownHz });
  phone = await makePhone(alice, { socket: kamailio.url, user: '1001' });
});

// A call that a failed test leaves behind would be heard in the next one.
afterEach(() => clearStage(phone));

async function talkWith(scenario: UasScenario): Promise<readonly [string, Sipp]> {
  const sipp = await startUas(scenario, { kamailio: lab().kamailio, user: farEnd });
  const id = await phone.callTo(farEnd);
  await phone.waitForCall('the call to be up', ({ status }) => status === 'established', id);
  await hearsFarEnd();
  return [id, sipp];
}

const hearsFarEnd = (): Promise<unknown> => hears(alice, { hz: sippHz, not: ownHz });
const sentPackets = async (): Promise<number> => (await alice.stats()).audio.outbound?.packets ?? 0;

/** What SIPp got of one method, oldest first. */
const got = (sipp: Sipp, method: string): readonly SippMessage[] =>
  sipp.timed().filter(({ text }) => text.startsWith(`${method} `));
const cseq = ({ text }: SippMessage): number =>
  Number.parseInt(headerOf(parseSip(text), 'CSeq'), 10);

async function isSendingStill(): Promise<void> {
  const before = await sentPackets();
  await until('more packets to be sent', async () => (await sentPackets()) > before + 10);
  const [track] = await alice.liveTracks();
  expect(track).toMatchObject({ enabled: true });
}

async function isShownAs(state: string): Promise<void> {
  await expect.poll(() => phone.textOf('call-list', 'state')).toBe(state);
}

async function goesOnAsBefore(id: string): Promise<void> {
  const call = await phone.snapshot(id);
  expect(call).toMatchObject({
    status: 'established',
    hold: { local: false, remote: false },
    pending: null,
  });
  await isShownAs('In call');
  expect((await alice.stats()).signaling).toBe('stable');
  await isSendingStill();
  await hearsFarEnd();
}

async function hangUp(id: string, sipp: Sipp): Promise<void> {
  await phone.run('hangup', id);
  expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
}

/** Checks that the events tell of a hold that was refused, and of none that was agreed. */
async function isToldRefused(id: string, statusCode: number): Promise<void> {
  const failed = await phone.waitForEvent('call.operation.failed', { callId: id });
  expect(failed).toMatchObject({ operation: 'hold', error: { statusCode } });
  const names = await phone.eventsOf(id);
  expect(names.filter((name) => name === 'operation.failed')).toHaveLength(1);
  expect(names).not.toContain('hold');
}

const refusal = 'The other side refused this change; the call goes on as before.';

describe('a hold that the far end refuses', () => {
  test('with 488: the call goes on as it was, and says so in words', async () => {
    const [id, sipp] = await talkWith('reinvite488');
    const { error } = await phone.tryRun('hold', id);
    expect(error).toMatchObject({ code: 'call.operationRefused', statusCode: 488 });
    await goesOnAsBefore(id);
    expect(await phone.textOf('call-list', 'error')).toBe(refusal);
    await isToldRefused(id, 488);
    await hangUp(id, sipp);
  });

  test('by its button with 488: the controls tell it too', async () => {
    const [id, sipp] = await talkWith('reinvite488');
    await alice.page.click('#call-control [part="hold"]');
    await until('the words', async () => {
      const text = await phone.textOf('call-control', 'error');
      return text.includes(refusal);
    });
    await goesOnAsBefore(id);
    await hangUp(id, sipp);
  });

  test('with 491 once: asked again after 2.1 to 4 s, and then held', async () => {
    const [id, sipp] = await talkWith('reinvite491Once');
    await phone.run('hold', id);
    expect((await phone.snapshot(id)).hold).toEqual({ local: true, remote: false });
    const held = await phone.waitForEvent('call.hold', { callId: id });
    expect(held).toMatchObject({ originator: 'local', call: { hold: { local: true } } });
    expect(await phone.eventsOf(id)).not.toContain('operation.failed');
    await isShownAs('On hold');
    expect(await phone.textOf('call-list', 'error')).toBe('');
    await until('the last ACK', () => got(sipp, 'ACK').length === 3);
    const [first, refused, again] = got(sipp, 'INVITE') as [SippMessage, SippMessage, SippMessage];
    // RFC 3261 section 14.1, for the one who owns the Call-ID; SIPp and Kamailio add a little.
    const delay = again.at - refused.at;
    expect(delay).toBeGreaterThan(2090);
    expect(delay).toBeLessThan(4200);
    expect(cseq(refused)).toBeGreaterThan(cseq(first));
    expect(cseq(again)).toBeGreaterThan(cseq(refused));
    expect(again.text).toContain('a=sendonly');
    expect(got(sipp, 'ACK').map(cseq)).toEqual([first, refused, again].map(cseq));
    await hangUp(id, sipp);
  });

  test('with 491 always: given up after the second, and the call goes on', async () => {
    const [id, sipp] = await talkWith('reinvite491Always');
    const { error } = await phone.tryRun('hold', id);
    expect(error).toMatchObject({ code: 'call.operationRefused', statusCode: 491 });
    await goesOnAsBefore(id);
    await isToldRefused(id, 491);
    expect(got(sipp, 'INVITE')).toHaveLength(3);
    expect(await phone.textOf('call-list', 'error')).toBe(refusal);
    await hangUp(id, sipp);
  });

  const ends: readonly (readonly [UasScenario, number])[] = [
    ['reinvite408', 408],
    ['reinvite481', 481],
  ];
  test.each(ends)('%s: the call is over, by RFC 3261', async (scenario, statusCode) => {
    const [id, sipp] = await talkWith(scenario);
    const { error } = await phone.tryRun('hold', id);
    expect(error).toMatchObject({ code: 'call.ended' });
    const { status, end } = await phone.snapshot(id);
    expect(status).toBe('ended');
    expect(end).toMatchObject({ by: 'network', failed: false, key: 'connectionLost', statusCode });
    expect(await phone.textOf('call-list', 'reason')).toBe('The connection was lost.');
    await isShownAs('');
    expect(await phone.textOf('call-list', 'empty')).toBe('No calls');
    expect(await alice.liveTracks()).toEqual([]);
    // The far end may have lost the call, but is told all the same.
    expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
  });
});

test('a hold asked for while the far end offers anew ends in the state last asked for', async () => {
  const { kamailio } = lab();
  const options = { kamailio, user: '1006', target: '1001' };
  const sipp = await startUac('reinvites', options);
  const id = await phone.nextIncoming();
  // The three are asked for when the offer has come and nothing of it is answered yet.
  await alice.page.evaluate((callId) => {
    const call = globalThis.phone.calls.get(callId);
    let offers = 0;
    const original: unknown = Reflect.get(RTCPeerConnection.prototype, 'setRemoteDescription');
    const watched = function (
      this: RTCPeerConnection,
      given: RTCSessionDescriptionInit,
    ): Promise<void> {
      if (given.type === 'offer') offers += 1;
      if (offers === 2) {
        offers += 1;
        const commands = ['hold', 'unhold', 'hold'] as const;
        void Promise.allSettled(
          commands.map((name) => call?.[name]() ?? Promise.reject(Error(name))),
        ).then((results) => {
          rec.add(
            'results',
            results.map(({ status }) => status),
          );
        });
      }
      return Reflect.apply(original as () => Promise<void>, this, [given]) as Promise<void>;
    };
    Reflect.set(RTCPeerConnection.prototype, 'setRemoteDescription', watched);
  }, id);
  await phone.run('answer', id);
  const results = await until('the three commands', () =>
    alice.page.evaluate(() => rec.named('results')[0]?.payload),
  );
  // The first is being carried out and the third wants the same: the one between is dropped.
  expect(results).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await phone.snapshot(id)).toMatchObject({
    hold: { local: true, remote: false },
    pending: null,
  });
  await isShownAs('On hold');
  await until('the ACK', () => got(sipp, 'ACK').length === 1);
  const offers = got(sipp, 'INVITE');
  expect(offers).toHaveLength(1);
  expect(offers[0]?.text).toContain('a=sendonly');
  await hangUp(id, sipp);
});

describe('between two browsers', () => {
  let bob: Member;
  let carol: Member;

  beforeAll(async () => {
    const stage = { party: lab().party, socket: lab().kamailio.url };
    [bob, carol] = await Promise.all([enter('bob', stage), enter('carol', stage)]);
  });

  afterEach(() => clearStage(bob, carol));

  const areShownAs = async (state: string): Promise<void> => {
    for (const member of [bob, carol]) {
      await expect.poll(() => member.textOf('call-list', 'state')).toBe(state);
    }
  };

  const fragment = (member: Member): Promise<string | undefined> =>
    member.page.evaluate(() => {
      const sdp = harness.connections.at(-1) as RTCPeerConnection;
      return /^a=ice-ufrag:(.*)$/m.exec(sdp.localDescription?.sdp ?? '')?.[1]?.trim();
    });

  test('new ICE candidates keep the sound', async () => {
    const [id] = await talk(bob, carol);
    await hearEachOther(bob, carol);
    const before = await Promise.all([bob, carol].map(fragment));
    await bob.run('renegotiate', id, { iceRestart: true });
    const after = await Promise.all([bob, carol].map(fragment));
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).not.toBe(before[1]);
    expect(await bob.eventsOf(id)).toContain('renegotiated');
    await until('the new path', async () => (await bob.tab.stats()).ice === 'connected');
    await areShownAs('In call');
    await hearEachOther(bob, carol);
  });

  test('both hold at the same moment and both are held in the end', async () => {
    const [atBob, atCarol] = await talk(bob, carol);
    await Promise.all([bob.run('hold', atBob), carol.run('hold', atCarol)]);
    const held = { local: true, remote: true };
    for (const [member, id] of [
      [bob, atBob],
      [carol, atCarol],
    ] as const) {
      await member.waitForCall('both holds', ({ hold }) => hold.local && hold.remote, id);
      expect((await member.snapshot(id)).hold).toEqual(held);
    }
    await areShownAs('On hold');
  });
});
