import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, beforeAll, expect, test } from 'vitest';
import type { Party, Tab } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { PhoneAccount, TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';

const lab = useLab();
const opened: Tab[] = [];

let browser: Party;

beforeAll(async () => {
  browser = await lab().party({ name: 'browser' });
});

afterEach(async () => {
  await Promise.all(opened.splice(0).map(({ page }) => page.close()));
});

interface Traced {
  readonly phone: TestPhone;
  readonly trace: SipTrace;
}

/** A phone in a tab of its own, closed after the test. */
async function phoneFor(account: Omit<PhoneAccount, 'socket'>): Promise<Traced> {
  const tab = await browser.open('/');
  opened.push(tab);
  const trace = traceSip(tab.page);
  const phone = await makePhone(tab, { socket: lab().kamailio.url, ...account });
  return { phone, trace };
}

async function contactsToBe(user: string, count: number): Promise<void> {
  await until(`${user} to have ${String(count)} contacts`, async () => {
    const { length } = await lab().kamailio.contacts(user);
    return length === count;
  });
}

test('registers, and takes itself back when it is stopped', async () => {
  const { phone } = await phoneFor({ user: '1001' });
  expect(await lab().kamailio.contacts('1001')).toHaveLength(1);
  expect(
    await phone.page.locator('#user-agent [part="userAgent"]').getAttribute('data-status'),
  ).toBe('registered');
  expect(await phone.textOf('user-agent', 'account')).toBe('1001');
  await phone.page.evaluate(() => globalThis.phone.userAgent.stop());
  await contactsToBe('1001', 0);
});

test('a closed page is no longer called', async () => {
  const { phone } = await phoneFor({ user: '1001' });
  await phone.page.close();
  await contactsToBe('1001', 0);
});

test('says in words that a password is wrong, and does not try it again', async () => {
  const { phone, trace } = await phoneFor({
    user: '1002',
    password: 'wrong',
    isAwaited: false,
    // A call without a registration needs no log-in here.
    config: { userAgent: { user_agent: { register: false } } },
  });
  await phone.waitForEvent('userAgent.connected');
  const { error } = await phone.page.evaluate(() =>
    rec.settle(globalThis.phone.userAgent.register()),
  );
  expect(error).toMatchObject({
    name: 'PhoneError',
    code: 'userAgent.registrationFailed',
    statusCode: 401,
  });
  const failed = await phone.waitForEvent('userAgent.registration.failed');
  expect(failed).toMatchObject({ statusCode: 401, retryIn: null });
  expect(await phone.textOf('user-agent', 'error')).toBe(
    'The telephone server did not accept the log-in.',
  );
  // One without and one with the credentials. The first repetition would come within two seconds.
  expect(trace.sent('REGISTER')).toHaveLength(2);
  await pause(3000);
  expect(trace.sent('REGISTER')).toHaveLength(2);
  expect(await lab().kamailio.contacts('1002')).toEqual([]);
});

test('a wrong password is told at the start as well', async () => {
  const { phone } = await phoneFor({ user: '1002', password: 'wrong', isAwaited: false });
  const failed = await phone.waitForEvent('userAgent.registration.failed');
  expect(failed).toMatchObject({ statusCode: 401, retryIn: null });
  expect(await phone.textOf('user-agent', 'error')).not.toBe('');
});

test('unregisters its own contact only, and registers again', async () => {
  const [{ phone: first }, { phone: second }] = [
    await phoneFor({ user: '1003' }),
    await phoneFor({ user: '1003' }),
  ];
  const both = await lab().kamailio.contacts('1003');
  expect(both).toHaveLength(2);
  await first.page.evaluate(() => globalThis.phone.userAgent.unregister());
  expect(await first.page.evaluate(() => globalThis.phone.userAgent.isRegistered())).toBe(false);
  const left = await lab().kamailio.contacts('1003');
  expect(left).toHaveLength(1);
  expect(both).toContain(left[0]);
  expect(await second.page.evaluate(() => globalThis.phone.userAgent.isRegistered())).toBe(true);
  await first.page.evaluate(() => globalThis.phone.userAgent.register());
  expect(await lab().kamailio.contacts('1003')).toHaveLength(2);
});

test('the button registers and unregisters', async () => {
  const { phone } = await phoneFor({ user: '1003' });
  const button = phone.page.locator('#user-agent [part="registrar"]');
  await button.click();
  await phone.waitForEvent('userAgent.registration.unregistered');
  await contactsToBe('1003', 0);
  await phone.clear();
  await button.click();
  await phone.waitForEvent('userAgent.registration.registered');
  expect(await lab().kamailio.contacts('1003')).toHaveLength(1);
});

test('is registered again by itself after a lost connection and after a restarted server', async () => {
  const { kamailio } = lab();
  const { phone } = await phoneFor({ user: '1004' });
  for (const interrupt of [
    async () => {
      // Those of the tests before may take a moment to go.
      const id = await until('one connection', async () => {
        const [connection, ...others] = await kamailio.webSockets();
        return others.length === 0 ? connection?.id : null;
      });
      await kamailio.closeWebSocket(id);
    },
    kamailio.restart,
  ]) {
    await phone.clear();
    await interrupt();
    await phone.waitForEvent('userAgent.disconnected');
    await phone.waitForEvent('userAgent.registration.registered');
    expect(await kamailio.contacts('1004')).toHaveLength(1);
    expect(await phone.textOf('user-agent', 'error')).toBe('');
  }
});

test('calls without being registered, as long as it is connected', async () => {
  const { phone: callee } = await phoneFor({ user: '1005' });
  const { phone: caller } = await phoneFor({
    user: '1006',
    isAwaited: false,
    config: { userAgent: { user_agent: { register: false } } },
  });
  await caller.waitForEvent('userAgent.connected');
  const callId = await caller.callTo('1005');
  await callee.answerNext();
  await caller.waitForEvent('call.established', { callId });
  expect(await lab().kamailio.contacts('1006')).toEqual([]);
  await caller.quiet();
  await callee.quiet();
});

test('a call while offline says that there is no connection', async () => {
  const { kamailio } = lab();
  const { phone } = await phoneFor({ user: '1007' });
  await kamailio.stop();
  await phone.waitForEvent('userAgent.disconnected');
  const { error } = await phone.tryCall('1005');
  expect(error?.code).toBe('userAgent.notConnected');
  expect(await phone.textOf('user-agent', 'error')).toBe(
    'This phone has no connection, so the call could not be made.',
  );
  await phone.page.locator('#dialpad [part="target"]').fill('1005');
  await phone.page.locator('#dialpad [part="call"]').click();
  await until('the dialpad to tell', async () =>
    (await phone.textOf('dialpad', 'error')).includes('no connection'),
  );
  const words = await phone.page.evaluate(() => document.body.textContent);
  expect(words).not.toMatch(/cancell?ed/i);
  await kamailio.restart();
  await phone.waitUntilRegistered();
  expect(await phone.textOf('user-agent', 'error')).toBe('');
});
