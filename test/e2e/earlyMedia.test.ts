import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { clearStage } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { sippHz, startUas } from './support/sipp.ts';

// Sound before the answer (RFC 3960), from a far end with plain RTP behind rtpengine.

const lab = useLab({ rtpengine: true });
const farEnd = '1009';
const ownHz = 440;

let alice: Party;
let phone: TestPhone;

beforeAll(async () => {
  alice = await lab().party({ name: 'alice', hz: ownHz });
  phone = await makePhone(alice, { socket: lab().kamailio.url, user: '1001' });
});

// A call that a failed test leaves behind would be heard in the next one.
afterEach(() => clearStage(phone));

const shown = (part: string): Promise<string> => phone.textOf('call-list', part);
const hearsFarEnd = (): Promise<unknown> => hears(alice, { hz: sippHz, not: ownHz });

test('is heard before the answer, and goes on after it', async () => {
  const sipp = await startUas('earlyMedia', { kamailio: lab().kamailio, user: farEnd });
  const id = await phone.callTo(farEnd);
  await hearsFarEnd();
  expect(await phone.snapshot(id)).toMatchObject({
    status: 'ringing',
    hasEarlyMedia: true,
    establishedAt: null,
  });
  expect(await shown('state')).toBe('Ringing…');
  expect(await shown('duration')).toBe('');
  expect(await phone.waitForEvent('call.progress', { callId: id })).toMatchObject({
    statusCode: 183,
  });
  const answered = await phone.waitForCall('the answer', isUp, id);
  expect(answered.hasEarlyMedia).toBe(false);
  await expect.poll(() => shown('state')).toBe('In call');
  await hearsFarEnd();
  await phone.run('hangup', id);
  expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
});

test('is heard and then refused', async () => {
  const sipp = await startUas('earlyMedia486', { kamailio: lab().kamailio, user: farEnd });
  const id = await phone.callTo(farEnd);
  await hearsFarEnd();
  expect(await shown('state')).toBe('Ringing…');
  expect(await shown('notices')).toBe('');
  const ended = await phone.waitForCall('the end', ({ status }) => status === 'ended', id);
  expect(ended).toMatchObject({
    hasEarlyMedia: false,
    end: { key: 'busyHere', statusCode: 486, failed: true },
  });
  await expect.poll(() => shown('message')).toBe(`Call to ${farEnd} The line is busy.`);
  expect(await shown('reason')).toBe('The line is busy.');
  expect(await shown('state')).toBe('');
  expect(await shown('empty')).toBe('No calls');
  expect((await alice.stats()).state).toBe('closed');
  expect(await alice.liveTracks()).toEqual([]);
  expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
});
