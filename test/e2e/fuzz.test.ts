import { randomUUID } from 'node:crypto';
import process from 'node:process';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { isParsed, mutatedMessages, mutatedSip } from '../support/mutatedSip.ts';
import type { Aim } from '../support/mutatedSip.ts';
import type { Party } from './support/browser.ts';
import { party } from './support/browser.ts';
import { signallingHost } from './support/network.ts';
import { useHarness } from './support/lab.ts';
import { isUp } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { startScriptedServer } from './support/scriptedServer.ts';
import type { ScriptedSipServer } from './support/scriptedServer.ts';
import { startPageServer } from './support/server.ts';
import { buildSip, headerOf, methodOf, respond } from './support/sipMessage.ts';
import type { SipMessage } from './support/sipMessage.ts';
import { makeWatcher, serveWatching } from './support/watching.ts';

// A far end of the test's own: a proxy would drop most of this before it came to the phone.

declare global {
  // How often the phone has noted in its log that a message came to nothing, by the level.
  var noted: Record<'debug' | 'warn', number>;
}

useHarness();

const seed = Number(process.env['FUZZ_SEED'] ?? 20_261_126);
const total = 10_000;
const batch = 250;
const tag = 'far';

let server: ScriptedSipServer;
let tab: Party;
let bob: Party;
let alice: TestPhone;
let contact = '';
/** The INVITE that the phone has sent last. */
let invite: SipMessage | undefined;
/** The statuses that the phone has answered with, by Call-ID. */
const answers = new Map<string, number[]>();
const counts = { answered: 0, rung: 0, cancelled: 0 };

const viaOf = (): [string, string] => [
  'Via',
  `SIP/2.0/WS ${signallingHost};branch=z9hG4bK${randomUUID()}`,
];

/** A request that belongs to what a response was for: its CANCEL or its ACK. */
function following(method: string, response: SipMessage): string {
  const copied = ['Via', 'From', 'To', 'Call-ID'].map((name): [string, string] => {
    const value = headerOf(response, name);
    return [name, method === 'CANCEL' && name === 'To' ? value.replace(/;tag=[^;]*$/, '') : value];
  });
  const number = headerOf(response, 'CSeq').split(' ')[0] ?? '';
  const headers = [...copied, ['CSeq', `${number} ${method}`] as const];
  return buildSip({
    startLine: `${method} ${contact} SIP/2.0`,
    headers,
    body: '',
  });
}

function hearAnswer(message: SipMessage, status: number): string {
  counts.answered += 1;
  const id = headerOf(message, 'Call-ID');
  answers.set(id, [...(answers.get(id) ?? []), status]);
  if (!headerOf(message, 'CSeq').endsWith('INVITE')) return '';
  if (status >= 300) return following('ACK', message);
  if (status !== 180) return '';
  counts.rung += 1;
  // Of those that ring the caller gives up every other one; the user refuses the rest.
  if (counts.rung % 2 === 0) return '';
  counts.cancelled += 1;
  return following('CANCEL', message);
}

async function answerOf(offered: SipMessage): Promise<string> {
  invite = offered;
  const body = await bob.page.evaluate(async (sdp) => {
    const connection = new RTCPeerConnection();
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) connection.addTrack(track, stream);
    await connection.setRemoteDescription({ type: 'offer', sdp });
    await connection.setLocalDescription();
    while (connection.iceGatheringState !== 'complete') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return connection.localDescription?.sdp ?? '';
  }, offered.body);
  const extra = [
    ['Contact', `<sip:1002@${signallingHost};transport=ws>`],
    ['Content-Type', 'application/sdp'],
  ] as const;
  return respond(offered, '200 OK', { toTag: tag, extra, body });
}

beforeAll(async () => {
  server = await startScriptedServer();
  server.listen((message) => {
    const status = /^SIP\/2\.0 (\d+)/.exec(message.startLine)?.[1];
    if (status !== undefined) return hearAnswer(message, Number(status));
    if (methodOf(message) === 'ACK') return '';
    if (methodOf(message) === 'INVITE') return answerOf(message);
    if (methodOf(message) === 'REGISTER') {
      contact = /<([^>]+)>/.exec(headerOf(message, 'Contact'))?.[1] ?? '';
    }
    return undefined;
  });
  const pages = await startPageServer();
  await serveWatching(pages);
  [tab, bob] = await Promise.all([
    party({ name: 'alice', url: pages.url }),
    party({ name: 'bob', url: pages.url, hz: 1000 }),
  ]);
  await tab.page.evaluate(() => {
    globalThis.noted = { debug: 0, warn: 0 };
    for (const level of ['debug', 'warn'] as const) {
      // eslint-disable-next-line no-console -- this is where the phone's log goes
      console[level] = (line) => {
        if (String(line).includes('A SIP message')) noted[level] += 1;
      };
    }
  });
  alice = await makeWatcher(
    tab,
    { user: '1001', socket: server.url, config: { log: { level: 'debug' } } },
    {
      blf: { keys: [{ id: '1002', name: 'Bob' }] },
      presence: { publish: false, buddies: [{ id: '1002', name: 'Bob' }] },
      voicemail: {},
      messages: {},
    },
  );
  await until('the subscriptions', () => Promise.resolve(server.subscribes.length >= 3));
});

function aim(): Aim {
  const dialogs = server.subscribes.slice(-3).map((message) => ({
    event: headerOf(message, 'Event'),
    callId: headerOf(message, 'Call-ID'),
    from: `${headerOf(message, 'To').replace(/;tag=.*/, '')};tag=scripted`,
    to: headerOf(message, 'From'),
  }));
  return { contact, address: 'sip:1001@lab.test', dialogs };
}

/** Sends a request of the far end, within the call or outside of all, and gives the final answer to it. */
async function ask(method: string, more: SipMessage['headers'], body = ''): Promise<number> {
  const within = method === 'REFER' ? invite : undefined;
  const mark = `${String(Date.now() % 1_000_000)}${String(answers.size)}`;
  const id = within ? headerOf(within, 'Call-ID') : `ask${randomUUID()}`;
  const before = answers.get(id)?.length ?? 0;
  const own = within ? `${headerOf(within, 'To')};tag=${tag}` : `<sip:1002@lab.test>;tag=${tag}`;
  server.say(
    buildSip({
      startLine: `${method} ${contact} SIP/2.0`,
      headers: [
        ...([viaOf(), ['Max-Forwards', '70'], ['From', own]] as const),
        ['To', within ? headerOf(within, 'From') : '<sip:1001@lab.test>'],
        ...([
          ['Call-ID', id],
          ['CSeq', `${mark} ${method}`],
        ] as const),
        ['Contact', `<sip:1002@${signallingHost};transport=ws>`],
        ...more,
      ],
      body,
    }),
  );
  return until(`an answer to ${method}`, () =>
    Promise.resolve(
      answers
        .get(id)
        ?.slice(before)
        .find((status) => status >= 200),
    ),
  );
}

/** What the garbage collector leaves in the page, in bytes, the recordings of the test left out. */
async function heap(): Promise<number> {
  await alice.clear();
  await alice.page.evaluate(() => {
    globalThis.seenCalls = {};
  });
  const session = await tab.context.newCDPSession(alice.page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

async function callIsHeard(): Promise<void> {
  const callId = await alice.callTo('1002');
  await alice.waitForCall('the call to be up', isUp, callId);
  await until('Alice to hear 1000 Hz', async () => Math.abs((await tab.hear()).hz - 1000) < 30);
  await until('Bob to hear 440 Hz', async () => Math.abs((await bob.hear()).hz - 440) < 30);
}

test(`${String(total)} mutated messages leave a phone that is registered and can call (seed ${String(seed)})`, async () => {
  const parsed = { yes: 0, no: 0 };
  let serial = 0;
  let before = 0;
  const started = Date.now();
  const storm = fc.array(mutatedMessages, { minLength: batch, maxLength: batch });
  await fc.assert(
    fc.asyncProperty(storm, async (messages) => {
      const now = aim();
      for (const message of messages) {
        serial += 1;
        const text = mutatedSip({ ...message, id: serial }, now);
        server.say(text);
        parsed[isParsed(text) ? 'yes' : 'no'] += 1;
      }
      // Messages keep their order: when this one is answered all others have been dealt with.
      expect(await ask('OPTIONS', [])).toBe(200);
      await alice.page.evaluate(() => phone.userAgent.hangupAll());
      expect(tab.pageErrors).toEqual([]);
      expect(await alice.page.evaluate(() => phone.userAgent.isRegistered())).toBe(true);
      if (serial === 2 * batch) before = await heap();
    }),
    // One that fails is not made smaller: the phone has changed by then.
    { seed, numRuns: total / batch, endOnFailure: true },
  );
  const { debug, warn } = await alice.page.evaluate(() => noted);
  const grown = (await heap()) - before;
  process.stdout.write(
    `seed ${String(seed)}: ${String(parsed.yes)} of ${String(serial)} are SIP to JsSIP; ` +
      `${String(counts.answered)} answers, ${String(counts.rung)} calls rang, ` +
      `${String(counts.cancelled)} of them cancelled; ${String(debug)} ignored, ${String(warn)} unreadable; ` +
      `${String(Math.round(grown / 1024))} KiB more on the heap, ${String(Date.now() - started)} ms\n`,
  );
  expect(serial).toBe(total);
  expect(parsed.yes).toBeGreaterThanOrEqual(total / 2);
  expect(counts.rung).toBeGreaterThan(100);
  expect(debug + warn).toBeGreaterThanOrEqual(parsed.no);
  expect(grown).toBeLessThan(16 * 1024 * 1024);
  expect(await alice.calls()).toEqual([]);
  expect(await alice.textOf('call-list', 'empty')).not.toBe('');
  expect(await alice.page.evaluate(() => phone.userAgent.isRegistered())).toBe(true);
  await callIsHeard();
});

describe('in a call', () => {
  const target = ['Refer-To', '<sip:1003@lab.test>'] as const;
  test.each<readonly [string, SipMessage['headers']]>([
    ['without a target', []],
    ['with two targets', [target, target]],
    ['with an empty target', [['Refer-To', '']]],
    ['with half a target', [['Refer-To', '<sip:1003@lab']]],
    ['with a target that is no address', [['Refer-To', '"%<>;;']]],
    ['with a lone percent sign', [['Refer-To', '<sip:%@lab.test?Replaces=%>']]],
    ['with the target of a web page', [['Refer-To', '<javascript:alert(1)>']]],
  ])('a REFER %s is refused and the call goes on', async (_, headers) => {
    expect(await ask('REFER', headers)).toBeGreaterThanOrEqual(400);
    expect(isUp(await alice.snapshot())).toBe(true);
    expect((await alice.calls()).length).toBe(1);
  });

  const type = (value: string): readonly [string, string] => ['Content-Type', value];
  const boundary = type('multipart/mixed;boundary=b1');
  const summary = 'Messages-Waiting: yes\r\n';
  test.each<readonly [string, SipMessage['headers'], string]>([
    ['without a boundary', [type('multipart/mixed')], `--b1\r\n\r\n${summary}`],
    ['with an empty boundary', [type('multipart/mixed;boundary=""')], `--\r\n\r\n${summary}--`],
    ['whose parts never end', [boundary], `--b1\r\n\r\n${summary}`],
    ['with nothing but ends', [boundary], '--b1--\r\n'.repeat(1000)],
    [
      'with parts within parts',
      [boundary],
      `--b1\r\nContent-Type: ${boundary[1]}\r\n\r\n`.repeat(200),
    ],
    ['of another boundary', [boundary], `--b2\r\n\r\n${summary}--b2--`],
  ])(
    'a NOTIFY and a MESSAGE of several parts %s are answered and the call goes on',
    async (_, headers, body) => {
      const event = [
        ['Event', 'message-summary'],
        ['Subscription-State', 'active'],
      ] as const;
      for (const status of [
        await ask('NOTIFY', [...event, ...headers], body),
        await ask('MESSAGE', headers, body),
      ]) {
        expect(status).toBeLessThan(500);
      }
      expect(isUp(await alice.snapshot())).toBe(true);
    },
  );

  test('both sides still hear each other, and the phone hangs up', async () => {
    expect(Math.abs((await tab.hear()).hz - 1000)).toBeLessThan(30);
    await alice.quiet();
    expect(await alice.calls()).toEqual([]);
  });
});
