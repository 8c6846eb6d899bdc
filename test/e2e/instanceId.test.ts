import { beforeAll, expect, test } from 'vitest';
import type { Party, Tab } from './support/browser.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';

const lab = useLab();

let browser: Party;

beforeAll(async () => {
  browser = await lab().party();
});

/** The instance id in the last REGISTER of a page. */
function instanceOf(trace: SipTrace): string {
  const text = trace.sent('REGISTER').at(-1)?.text ?? '';
  return /\+sip\.instance="<urn:uuid:([0-9a-f-]{36})>"/i.exec(text)?.[1] ?? '';
}

interface Registered {
  readonly tab: Tab;
  readonly trace: SipTrace;
}

async function registered(tab: Tab, user: string): Promise<Registered> {
  const trace = traceSip(tab.page);
  await makePhone(tab, { user, socket: lab().kamailio.url });
  return { tab, trace };
}

/** Another tab that starts with a copy of this one's session storage, as a duplicated one does. */
async function duplicate(tab: Tab): Promise<Tab> {
  const opening = tab.page.waitForEvent('popup');
  await tab.page.evaluate(() => {
    globalThis.open('/');
  });
  const page = await opening;
  await page.waitForLoadState();
  return { ...tab, page };
}

const held = (page: Tab['page']): Promise<string> =>
  page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)));

async function contactsToBe(user: string, count: number): Promise<void> {
  await until(`${user} to have ${String(count)} contacts`, async () => {
    const { length } = await lab().kamailio.contacts(user);
    return length === count;
  });
}

test('a reload keeps the instance id, and the server one contact', async () => {
  const { tab, trace } = await registered(await browser.open('/'), '1001');
  const before = instanceOf(trace);
  expect(before).not.toBe('');
  await tab.page.reload();
  await registered(tab, '1001');
  expect(instanceOf(trace)).toBe(before);
  await contactsToBe('1001', 1);
  await tab.page.close();
});

test('a duplicated tab takes another id, and both are registered', async () => {
  const first = await registered(await browser.open('/'), '1002');
  const copy = await duplicate(first.tab);
  expect(await held(copy.page)).toBe(await held(first.tab.page));
  expect(await held(copy.page)).toContain(instanceOf(first.trace));
  const second = await registered(copy, '1002');
  const [one, other] = [instanceOf(first.trace), instanceOf(second.trace)];
  expect(other).not.toBe('');
  expect(other).not.toBe(one);
  expect(await lab().kamailio.contacts('1002')).toHaveLength(2);
  // Each keeps its own over a reload, whoever is reloaded first.
  for (const { tab, trace } of [first, second]) {
    const before = instanceOf(trace);
    await tab.page.reload();
    await registered(tab, '1002');
    expect(instanceOf(trace)).toBe(before);
  }
  await contactsToBe('1002', 2);
  await Promise.all([first.tab.page.close(), copy.page.close()]);
});

test('two accounts of one tab have different ids', async () => {
  const { tab, trace } = await registered(await browser.open('/'), '1003');
  const one = instanceOf(trace);
  // The first one has the places of the page.
  const plugins = ['userAgent', 'callList', 'callControl', 'dialpad', 'mediaDevices'];
  const config = Object.fromEntries(
    [...plugins, 'audioContext', 'videoCanvas'].map((name) => [name, { renderTargets: [] }]),
  );
  await makePhone(tab, { user: '1004', socket: lab().kamailio.url, config });
  expect(instanceOf(trace)).not.toBe(one);
  expect(await lab().kamailio.contacts('1003')).toHaveLength(1);
  await tab.page.close();
});
