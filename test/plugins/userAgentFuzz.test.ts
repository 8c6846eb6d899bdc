import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../src/core/index.ts';
import { settled } from '../support/fakeSession.ts';
import { isParsed, mutatedMessages, mutatedSip } from '../support/mutatedSip.ts';
import { ok, outOfDialog, registered, server } from './userAgentScene.ts';

const seed = 20_261_126;
const count = 1000;
const ignored = 'A SIP message was ignored: ';
const unread = 'A SIP message could not be read: ';

async function logged(): Promise<{
  readonly test: Awaited<ReturnType<typeof registered>>;
  readonly lines: (start: string) => readonly string[];
}> {
  const all: LogLine[] = [];
  const log = { level: 'debug', sink: (line: LogLine) => all.push(line) } as const;
  const test = await registered({}, { log });
  const lines = (start: string): readonly string[] =>
    all.map(({ message }) => message).filter((message) => message.startsWith(start));
  return { test, lines };
}

describe('what comes in', () => {
  it(`leaves a phone that can call after ${String(count)} mutated messages (seed ${String(seed)})`, async () => {
    const { test, lines } = await logged();
    const aim = { contact: 'sip:1001@example.com', address: 'sip:1001@example.com', dialogs: [] };
    const parsed = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(mutatedMessages, async (message) => {
        const text = mutatedSip(message, aim);
        parsed[isParsed(text) ? 'yes' : 'no'] += 1;
        await server.say(text);
      }),
      { seed, numRuns: count },
    );
    await settled();
    process.stdout.write(
      `seed ${String(seed)}: ${String(parsed.yes)} of ${String(count)} are SIP to JsSIP; ` +
        `${String(lines(ignored).length)} ignored, ${String(lines(unread).length)} unreadable\n`,
    );
    expect(parsed.yes).toBeGreaterThanOrEqual(count / 2);
    expect(lines(ignored).length + lines(unread).length).toBeGreaterThanOrEqual(parsed.no);

    expect(test.api('userAgent').isRegistered()).toBe(true);
    await test.api('userAgent').hangupAll();
    await settled();
    expect(test.phone.calls.list()).toEqual([]);
    const calling = test.api('userAgent').call('2002');
    await server.reply(await server.next('INVITE'), 200, ok);
    expect((await calling).isEstablished()).toBe(true);
  }, 60_000);

  it('is answered with 400 when it cannot be read, and no secret of it is logged', async () => {
    const { lines } = await logged();
    const message = outOfDialog('MESSAGE', [], 'hi');
    await server.say(message.replace('sip:1001@example.com', 'http://x?token=s3cret'));
    const answer = await server.nextResponse(400);
    expect(answer.header('Call-ID')).toBe('MESSAGE@192.0.2.9');
    expect(answer.header('CSeq')).toBe('1 MESSAGE');
    expect(answer.header('To')).toMatch(/;tag=./);
    expect(lines(unread)).toHaveLength(1);
    expect(lines(unread)[0]).toContain('MESSAGE http://x?token=[redacted] SIP/2.0');
    expect(lines('').join()).not.toContain('s3cret');
  });

  it('that is a response or an ACK is never answered, whatever it says', async () => {
    const { lines } = await logged();
    const before = server.sent.length;
    const ack = outOfDialog('ACK', [], '').replace('sip:1001@example.com', 'http://x');
    await server.say(ack);
    await server.say(ack.replace(/^.*/, 'SIP/2.0 200 OK').replace('CSeq: 1 ACK', 'CSeq: x'));
    expect(lines(unread)).toHaveLength(2);
    expect(server.sent).toHaveLength(before);
  });

  it('that says nothing is noted in the log and no more', async () => {
    const { lines } = await logged();
    await server.say('not SIP at all');
    await server.say(outOfDialog('OPTIONS', [], '').replace('OPTIONS sip', 'OPTIONS  sip'));
    expect(lines(ignored)).toEqual([`${ignored}not SIP at all`, expect.stringMatching('OPTIONS')]);
    expect(lines(unread)).toEqual([]);
  });
});
