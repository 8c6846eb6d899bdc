import { createHash } from 'node:crypto';
import { beforeAll, expect, test } from 'vitest';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';
import { until } from './support/processes.ts';
import { traceSip } from './support/sipTrace.ts';
import type { SipTrace } from './support/sipTrace.ts';

// Kamailio asks by SHA-256 (RFC 8760), for two realms with a password each.

const lab = useLab({ guard: true });

let phone: TestPhone;
let trace: SipTrace;

beforeAll(async () => {
  const { kamailio, party } = lab();
  const browser = await party({ name: 'alice' });
  const tab = await browser.open('/');
  trace = traceSip(tab.page);
  phone = await makePhone(tab, {
    socket: kamailio.url,
    user: '1001',
    password: 'guard-pw',
    config: {
      userAgent: {
        authentication: {
          ha1: createHash('sha256').update(`1001:${domain}:pw1001`).digest('hex'),
          ha1_realm: domain,
        },
      },
    },
  });
});

/** What the last request of a method carried, as `header realm algorithm`. */
function carried(method: string): readonly string[] {
  const { text = '' } = trace.sent(method).at(-1) ?? {};
  return [...text.matchAll(/^((?:Proxy-)?Authorization): Digest (.*)$/gim)]
    .map(([, name = '', rest = '']) => {
      const realm = /realm="([^"]*)"/.exec(rest)?.[1] ?? '';
      return `${name} ${realm} ${/algorithm=([\w-]+)/.exec(rest)?.[1] ?? ''}`;
    })
    .sort();
}

test('registers with the proxy and the registrar, and renews that with both at once', async () => {
  expect(await lab().kamailio.contacts('1001')).toHaveLength(1);
  expect(carried('REGISTER')).toEqual([
    `Authorization ${domain} SHA-256`,
    'Proxy-Authorization guard.test SHA-256',
  ]);
  const before = trace.sent('REGISTER').length;
  expect(before).toBe(3);
  await phone.page.evaluate(() => globalThis.phone.userAgent.register());
  await until('the renewal to be seen', () => trace.sent('REGISTER').length > before);
  expect(trace.sent('REGISTER').length).toBe(before + 1);
});

test('calls with both, once each', async () => {
  await lab().kamailio.behave('1008', '486');
  const callId = await phone.callTo('1008');
  const { end } = await phone.waitForCall('the call to end', (call) => call.end !== null, callId);
  expect(end).toMatchObject({ statusCode: 486 });
  expect(trace.sent('INVITE')).toHaveLength(3);
  expect(carried('INVITE')).toEqual([
    'Proxy-Authorization guard.test SHA-256',
    `Proxy-Authorization ${domain} SHA-256`,
  ]);
});

test('sends a message with both', async () => {
  const status = await phone.page.evaluate(async () => {
    const { statusCode } = await globalThis.phone.userAgent.request('MESSAGE', '1005', {
      body: 'to nobody',
    });
    return statusCode;
  });
  // Past both challenges: nobody is registered there.
  expect(status).toBe(480);
  expect(carried('MESSAGE')).toHaveLength(2);
});
