import { beforeAll, expect, test } from 'vitest';
import type { Party } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { until } from './support/processes.ts';
import { expectNoReports, serveStrict } from './support/strict.ts';

// Several phones on one page, each put there in another way, under a strict policy.

const lab = useLab();

/** What an application's script does once the page has loaded. */
const late = `
  window.heard = [];
  for (const element of document.querySelectorAll('cordboard-phone')) {
    element.addEventListener('call.established', () => heard.push(element.id));
  }
  addEventListener('load', () => {
    const element = document.createElement('cordboard-phone');
    element.id = 'late';
    element.config = JSON.parse(document.getElementById('late-config').textContent);
    element.addEventListener('call.established', () => heard.push(element.id));
    document.body.append(element);
  });
`;

let visitor: Party;

function account(user: string): string {
  const { kamailio } = lab();
  const authentication = { username: user, password: `pw${user}`, realm: domain };
  const transport = { sockets: [kamailio.url] };
  return JSON.stringify({ storage: false, userAgent: { transport, authentication } });
}

beforeAll(async () => {
  const { server, party } = lab();
  server.put('/one.json', account('1001'));
  server.put('/two.json', account('1002'));
  server.put('/late.js', late);
  const json = (id: string, user: string): string =>
    `<script type="application/json" id="${id}">${account(user)}</script>`;
  serveStrict(server, '/several.html', {
    head: '<script defer src="/dist/cordboard-phone.js" data-config="two.json" data-target="tag"></script>',
    body:
      '<cordboard-phone id="early" config="one.json"></cordboard-phone><div id="tag"></div>' +
      `${json('late-config', '1003')}<script src="/late.js"></script>`,
  });
  const section = { renderTargets: ['agent'] };
  const inline = JSON.stringify({ ...(JSON.parse(account('1004')) as object), dialpad: section });
  serveStrict(server, '/tag.html', {
    head: '<link rel="stylesheet" href="/dist/theme.css"><script src="/dist/cordboard.js" data-config="two.json" data-target="place"></script>',
    body:
      `<div id="place"></div><div id="agent"></div><script type="application/json" id="inline">${inline}</script>` +
      '<script src="/dist/cordboard.js" data-config="#inline"></script>',
  });
  visitor = await party({ name: 'visitor', path: '/several.html' });
});

const readyIn = async (place: string): Promise<void> => {
  await visitor.page.locator(`${place} [part="status"]`).getByText('Ready').waitFor();
};

test('an element of the markup, a script tag and an element made after load are three phones', async () => {
  for (const place of ['#early', '#tag', '#late']) await readyIn(place);
  const [sheets, ids] = await visitor.page.evaluate(() => {
    const elements = [...document.querySelectorAll('cordboard-phone')];
    const roots = [document, ...elements.flatMap(({ shadowRoot }) => shadowRoot ?? [])];
    return [
      new Set(elements.map(({ shadowRoot }) => shadowRoot?.adoptedStyleSheets[0])).size,
      roots.flatMap((root) => [...root.querySelectorAll('[id]')].map(({ id }) => id)),
    ] as const;
  });
  expect(sheets).toBe(1);
  expect(new Set(ids).size).toBe(ids.length);
});

test('one calls another, and each is heard at its own element only', async () => {
  const { page } = visitor;
  await page.locator('#early [part="target"]').fill('1003');
  await page.locator('#early [part="dialpad"] [part="call"]').click();
  await page.locator('#late [part="answer"]').first().click();
  const heard = (): Promise<readonly string[]> =>
    page.evaluate(() => (window as unknown as { heard: readonly string[] }).heard);
  await until('both elements to tell', async () => (await heard()).length === 2);
  expect([...(await heard())].sort()).toEqual(['early', 'late']);
  expect(await page.locator('#tag [part="call"][data-status]').count()).toBe(0);
  await page.locator('#early [part="hangup"]').last().click();
  await until('the microphones to be free', async () => (await visitor.liveTracks()).length === 0);
});

test('one that is removed leaves the others as they are', async () => {
  await visitor.page.locator('#late').evaluate((element) => {
    element.remove();
  });
  await visitor.page.locator('#early [part="target"]').fill('1002');
  await visitor.page.locator('#early [part="dialpad"] [part="call"]').click();
  await visitor.page.locator('#tag [part="answer"]').first().click();
  await visitor.page.locator('#early [part="duration"]').waitFor();
  await visitor.page.locator('#tag [part="hangup"]').last().click();
  await until('the microphones to be free', async () => (await visitor.liveTracks()).length === 0);
});

test('the script tag by a file and by JSON in the page, both on one page', async () => {
  const tab = await visitor.open('/tag.html');
  await tab.page.locator('#place [part="status"]').getByText('Ready').waitFor();
  await tab.page.locator('#agent [part="target"]').waitFor();
  expect(tab.console).toEqual([]);
  await tab.page.close();
});

test('none of these ways has broken the policy', () => {
  expectNoReports(lab().server);
});
