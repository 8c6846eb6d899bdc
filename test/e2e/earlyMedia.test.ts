import { beforeAll, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
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
  expect(await phone.waitForEvent('call.progress', { callId: id })).toMatchObject({
    statusCode: 183,
  });
  const answered = await phone.waitForCall('the answer', isUp, id);
  expect(answered.hasEarlyMedia).toBe(false);
  await hearsFarEnd();
  await phone.run('hangup', id);
  expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
});

test('is heard and then refused', async () => {
  const sipp = await startUas('earlyMedia486', { kamailio: lab().kamailio, user: farEnd });
  const id = await phone.callTo(farEnd);
  await hearsFarEnd();
  const ended = await phone.waitForCall('the end', ({ status }) => status === 'ended', id);
  expect(ended).toMatchObject({
    hasEarlyMedia: false,
    end: { key: 'busyHere', statusCode: 486, failed: true },
  });
  expect(await phone.textOf('call-list', 'reason')).toBe('The line is busy.');
  expect((await alice.stats()).state).toBe('closed');
  expect(await alice.liveTracks()).toEqual([]);
  expect(await sipp.result()).toMatchObject({ passed: true, errors: '' });
});
