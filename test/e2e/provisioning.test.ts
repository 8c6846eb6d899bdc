import { beforeAll, expect, test } from 'vitest';
import type * as Standalone from '../../src/entry/standalone.ts';
import { enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import type { Tab } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';
import { expectNoReports, serveStrict } from './support/strict.ts';

const lab = useLab();

let bob: Member;

beforeAll(async () => {
  const { kamailio, party, server } = lab();
  // The strict page names one; without it the console tells of a file that is missing.
  server.put('/icon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  bob = await enter('bob', { party, socket: kamailio.url });
});

/** The configuration of an account; nobody waits for the pace, so the page asks by itself. */
function configOf(user: string): object {
  return {
    userAgent: {
      transport: { sockets: [lab().kamailio.url] },
      authentication: { username: user, password: `pw${user}`, realm: domain },
    },
    storage: false,
    provisioning: { refresh: 300 },
  };
}

async function isRegistered({ page }: Tab, user: string): Promise<void> {
  await page.locator('[part="status"]').getByText('Ready').waitFor();
  await page.locator('[part="account"]').getByText(user).waitFor();
}

test.each([
  {
    ...{ name: 'a script tag', file: 'cordboard' },
    attributes: 'data-config="own.json" data-target="place"',
    body: '<div id="place"></div>',
    // What a page does that wants to have the phone, whichever it is.
    ask: async (): Promise<void> => {
      const { phone } = (window as unknown as { Cordboard: typeof Standalone }).Cordboard;
      await (await phone)?.plugins.provisioning?.refresh();
    },
  },
  {
    ...{ name: 'the element', file: 'cordboard-phone', attributes: '' },
    body: '<cordboard-phone config="own.json"></cordboard-phone>',
    ask: async (): Promise<void> => {
      await document.querySelector('cordboard-phone')?.phone?.plugins.provisioning?.refresh();
    },
  },
])('$name: another file changes nothing in a call, and is the phone after it', async (given) => {
  const { file, attributes, body, ask } = given;
  const { server } = lab();
  server.putTagged('/own.json', configOf('1001'));
  const path = `/own-${file}.html`;
  const script = `<script src="/dist/${file}.js" ${attributes}></script>`;
  serveStrict(server, path, { body: `${body}${script}` });
  const tab = await bob.tab.open(path);
  const { page } = tab;
  await isRegistered(tab, '1001');
  // The server has nothing new, and says so without a word of it.
  const before = server.unchanged.length;
  await page.evaluate(ask);
  expect(server.unchanged.slice(before)).toEqual(['/own.json']);

  await page.locator('[part="target"]').fill(bob.user);
  await page.locator('[data-cordboard="dialpad"] [part="call"]').click();
  await bob.answerNext();
  await page.locator('[part="duration"]').waitFor();
  server.putTagged('/own.json', configOf('1003'));
  await page.evaluate(ask);
  await hears(tab, { hz: bob.hz, not: 440 });
  expect(await bob.calls()).toHaveLength(1);
  expect(await page.locator('[part="account"]').innerText()).toBe('1001');

  await page.locator('[part="hangup"]').last().click();
  await bob.waitForEvent('call.ended');
  await isRegistered(tab, '1003');
  expect(await page.locator('[data-cordboard="callList"]').count()).toBe(1);
  // The new phone is the one that is called.
  const id = await bob.callTo('1003');
  await page.locator('[part="answer"]').first().click();
  await bob.waitForCall('the call to be up', isUp, id);
  await page.locator('[part="hangup"]').last().click();
  await bob.waitForEvent('call.ended');
  await until('the calls to be over', async () => (await bob.calls()).length === 0);
  expect(tab.console).toEqual([]);
  expectNoReports(server);
  await page.close();
});

test('the element: a file behind a token is asked for once a question, and the new phone is made of it', async () => {
  const { server } = lab();
  const file = { storage: false, i18n: { lng: 'en' } };
  server.putTagged('/guarded/own.json', file, 't0k3n');
  server.put('/guarded/own.mustache', '<p part="own">own</p>');
  serveStrict(server, '/guarded.html', {
    body: '<script src="/dist/cordboard-phone.js"></script>',
  });
  const tab = await bob.tab.open('/guarded.html');
  const { page } = tab;
  await page.evaluate(async () => {
    const element = document.createElement('cordboard-phone');
    const token = (): string => 't0k3n';
    element.config = { storage: false, provisioning: { url: '/guarded/own.json', token } };
    document.body.append(element);
    await element.ready;
  });
  /** What is asked for at a question, and what of that the browser had already. */
  const ask = async (): Promise<readonly unknown[]> => {
    const [asked, known] = [server.requests.length, server.unchanged.length];
    await page.evaluate(async () => {
      await document.querySelector('cordboard-phone')?.phone?.plugins.provisioning?.refresh();
    });
    return [own(server.requests.slice(asked)), server.unchanged.slice(known)];
  };
  const own = (paths: readonly string[]): readonly string[] =>
    paths.filter((path) => path.startsWith('/guarded/'));
  const question = ['/guarded/own.json'];
  expect(await ask()).toEqual([question, []]);
  expect(await ask()).toEqual([question, question]);

  const before = server.requests.length;
  const other = { ...file, dialpad: { template: 'own.mustache' } };
  server.putTagged('/guarded/own.json', other, 't0k3n');
  await ask();
  await page.locator('[part="own"]').waitFor();
  expect(own(server.requests.slice(before))).toEqual([...question, '/guarded/own.mustache']);
  // The new phone asks with the token too, and has nothing to do.
  expect(await ask()).toEqual([question, question]);
  expect(tab.console).toEqual([]);
  expectNoReports(server);
  await page.close();
});
