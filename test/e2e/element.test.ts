import { afterEach, beforeAll, expect, test } from 'vitest';
import { foundByAxe } from './support/axe.ts';
import { clearStage, enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import type { Party, Tab } from './support/browser.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { hears } from './support/measure.ts';
import { until } from './support/processes.ts';
import { expectNoReports, serveStrict } from './support/strict.ts';

const lab = useLab();
const hz = 440;

let alice: Party;
let bob: Member;

/** The element on a page of a stranger, under a strict policy: alice has no script of her own. */
beforeAll(async () => {
  const { server, kamailio, party } = lab();
  const phone = {
    userAgent: {
      transport: { sockets: [kamailio.url] },
      authentication: { username: '1001', password: 'pw1001', realm: domain },
    },
  };
  server.put('/phone.json', JSON.stringify(phone));
  server.put('/page.css', 'cordboard-phone::part(hangup) { background: rgb(1, 2, 3); }');
  const head =
    '<link rel="stylesheet" href="/page.css"><script src="/dist/cordboard-phone.js"></script>';
  const element = '<cordboard-phone config="phone.json" theme="dark"></cordboard-phone>';
  serveStrict(server, '/element.html', { head, body: `<main>${element}</main><aside></aside>` });
  [alice, bob] = await Promise.all([
    party({ name: 'alice', hz, path: '/element.html' }),
    enter('bob', { party, socket: kamailio.url }),
  ]);
});

afterEach(() => clearStage(bob));

async function ready({ page }: Tab): Promise<void> {
  await page.locator('[part="status"]').getByText('Ready').waitFor();
}

async function callBob(tab: Tab): Promise<void> {
  await tab.page.locator('[part="target"]').fill(bob.user);
  await tab.page.locator('cordboard-phone [part="dialpad"] [part="call"]').click();
  await bob.answerNext();
}

test('it registers, calls, is heard and hears, and hangs up; the page hears its events', async () => {
  await alice.page.evaluate(() => {
    const element = document.querySelector('cordboard-phone');
    element?.addEventListener('call.established', ({ detail }) => {
      document.title = `Talking to ${detail.call.remote.user}`;
    });
    element?.addEventListener('call.ended', () => {
      document.title = 'Over';
    });
  });
  await ready(alice);
  await callBob(alice);
  await until('the title', async () => (await alice.page.title()) === 'Talking to 1002');
  await Promise.all([hears(alice, { hz: bob.hz, not: hz }), hears(bob.tab, { hz, not: bob.hz })]);
  await alice.page.locator('[part="hangup"]').last().click();
  await bob.waitForEvent('call.ended');
  await until('the title', async () => (await alice.page.title()) === 'Over');
});

test('it is dark when told so, and a part is styled by the page', async () => {
  const looks = (): Promise<readonly (string | undefined)[]> =>
    alice.page.evaluate(() => {
      const root = document.querySelector('cordboard-phone')?.shadowRoot;
      const style = (selector: string): CSSStyleDeclaration | undefined => {
        const found = root?.querySelector(selector);
        return found ? getComputedStyle(found) : undefined;
      };
      const { backgroundColor } = style('[part="dialpad"] [part="panel"]') ?? {};
      return [backgroundColor, style('[part="hangup"]')?.backgroundColor];
    });
  await ready(alice);
  await callBob(alice);
  expect(await looks()).toEqual(['rgb(23, 26, 33)', 'rgb(1, 2, 3)']);
  await alice.page.locator('cordboard-phone').evaluate((element) => {
    element.setAttribute('theme', 'light');
  });
  expect(await looks()).toEqual(['rgb(255, 255, 255)', 'rgb(1, 2, 3)']);
});

test.each(['dark', 'light'])('nothing is found by axe in its shadow, %s', async (theme) => {
  const { page } = alice;
  // A colour on its way to another one has no contrast of its own.
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.locator('cordboard-phone').evaluate((element, name) => {
    element.setAttribute('theme', name);
  }, theme);
  await ready(alice);
  expect(await foundByAxe(page)).toEqual([]);
  await bob.callTo('1001');
  await page.locator('[part="answer"]').first().waitFor();
  expect(await foundByAxe(page)).toEqual([]);
  await page.locator('[part="answer"]').first().click();
  await page.locator('[part="hold"]').waitFor();
  expect(await foundByAxe(page)).toEqual([]);
});

test('moved within the page it keeps its call and its sound; removed, it lets go of all', async () => {
  await ready(alice);
  await callBob(alice);
  await hears(alice, { hz: bob.hz, not: hz });
  await alice.page.evaluate(() => {
    const element = document.querySelector('cordboard-phone');
    if (element) document.querySelector('aside')?.append(element);
  });
  await Promise.all([hears(alice, { hz: bob.hz, not: hz }), hears(bob.tab, { hz, not: bob.hz })]);
  expect(await bob.calls()).toHaveLength(1);
  await alice.page.locator('cordboard-phone').evaluate((element) => {
    element.remove();
  });
  const { call } = await bob.waitForEvent('call.ended');
  expect(call.end).toMatchObject({ by: 'remote' });
  await until('the microphone to be free', async () => (await alice.liveTracks()).length === 0);
});

test.each([
  {
    ...{ name: 'a script tag', user: '1003', file: 'cordboard' },
    attributes: 'data-config="watch-1003.json" data-target="place"',
    body: '<div id="place"></div>',
  },
  {
    ...{ name: 'the element', user: '1002', file: 'cordboard-phone', attributes: '' },
    body: '<cordboard-phone config="watch-1002.json"></cordboard-phone>',
  },
])('$name has a plugin that is not in its file, by configuration alone', async (given) => {
  const { user, file, attributes, body } = given;
  const { server, kamailio } = lab();
  const watch = {
    userAgent: {
      transport: { sockets: [kamailio.url] },
      authentication: { username: user, password: `pw${user}`, realm: domain },
    },
    presence: { buddies: [{ id: user, name: 'Myself' }] },
    i18n: { lng: 'de' },
  };
  server.put(`/watch-${user}.json`, JSON.stringify(watch));
  const script = `<script src="/dist/${file}.js" ${attributes}></script>`;
  serveStrict(server, `/watch-${user}.html`, { body: `${body}${script}` });
  const tab = await alice.open(`/watch-${user}.html`);
  // What is chosen goes to the server, which tells it to who watches: the same phone.
  const panel = tab.page.locator('[data-cordboard="presence"]');
  await panel.locator('[part="state"]').getByText('Verfügbar').waitFor();
  await panel.locator('select').selectOption('busy');
  await panel.locator('[part="buddy"][data-status="busy"]').getByText('Myself').waitFor();
  expect(await panel.locator('[part="state"]').innerText()).toBe('Beschäftigt');
  expect(tab.console).toEqual([]);
  await tab.page.close();
});

test('links and numbers of the page call by the phone of a script tag, those that come later too', async () => {
  const { server, kamailio } = lab();
  const links = {
    userAgent: {
      transport: { sockets: [kamailio.url] },
      authentication: { username: '1003', password: 'pw1003', realm: domain },
    },
    clickToCall: { root: 'main', numbers: { country: 'DE' } },
  };
  server.put('/links.json', JSON.stringify(links));
  const script =
    '<script src="/dist/cordboard.js" data-config="links.json" data-target="place"></script>';
  const body = `<main><a href="tel:10-02">Bob</a></main><div id="place"></div>${script}`;
  serveStrict(server, '/links.html', { body });
  const tab = await alice.open('/links.html');
  await ready(tab);
  const talk = async (): Promise<void> => {
    await bob.answerNext();
    await tab.page.locator('[part="duration"]').waitFor();
    await hears(bob.tab, { hz, not: bob.hz });
    await tab.page.locator('[part="hangup"]').last().click();
    await tab.page.locator('[part="duration"]').waitFor({ state: 'detached' });
  };
  await tab.page.getByRole('link', { name: 'Bob' }).click();
  await talk();
  await tab.page.evaluate((address) => {
    const later = document.createElement('a');
    later.href = address;
    later.textContent = 'Bob by his address';
    document.querySelector('main')?.append(later);
  }, `sip:1002@${domain}?Replaces=nothing`);
  await tab.page.getByRole('link', { name: 'his address' }).focus();
  await tab.page.keyboard.press('Enter');
  await talk();
  // No plan has a number as short as bob's: the server sends the caller of this one on to him.
  await kamailio.behave('+4930123456', '302:1002');
  await tab.page.locator('main').evaluate((main) => {
    main.append(' or by (030) 123456, at any time');
  });
  const number = tab.page.getByRole('link', { name: '(030) 123456', exact: true });
  await number.click();
  await talk();
  await kamailio.behave('+4930123456', null);
  expect(await tab.page.locator('main').innerText()).toContain(' or by (030) 123456, at any time');
  expect(tab.console).toEqual([]);
  await tab.page.close();
});

test('a page of 10,000 texts has its turn after each hundredth of them, and a shadow root its links', async () => {
  const { server } = lab();
  server.put('/numbers.json', JSON.stringify({ userAgent: {}, clickToCall: { numbers: {} } }));
  const script = '<script src="/dist/cordboard.js" data-config="numbers.json"></script>';
  serveStrict(server, '/numbers.html', { body: `<main></main>${script}` });
  const tab = await alice.open('/numbers.html');
  const made = await tab.page.evaluate(async (all) => {
    const main = document.querySelector('main');
    if (!main) throw new Error('There is no main.');
    const counts: number[] = [];
    const done = new Promise((resolve) => {
      let sum = 0;
      // Told at the end of each task, of all that was done in it.
      new MutationObserver((records) => {
        const count = records
          .flatMap(({ addedNodes }) => [...addedNodes])
          .filter((node) => node instanceof HTMLAnchorElement).length;
        sum += count;
        if (count > 0) counts.push(count);
        if (sum === all) resolve(sum);
      }).observe(main, { childList: true, subtree: true });
    });
    for (let at = 0; at < all; at++) {
      const paragraph = document.createElement('p');
      paragraph.textContent = `Ring +49 30 ${String(1_000_000 + at)} at any time.`;
      main.append(paragraph);
    }
    await done;
    return counts;
  }, 10_000);
  expect(Math.max(...made) / 10_000).toBeLessThanOrEqual(1 / 100);
  await tab.page.evaluate(() => {
    const root = document.querySelector('main')?.attachShadow({ mode: 'open' });
    root?.append('Or +49 30 123456');
  });
  await tab.page.evaluate(
    'Cordboard.phone.then((phone) => void phone.clickToCall.watch(document.querySelector("main").shadowRoot))',
  );
  await tab.page.getByRole('link', { name: '+49 30 123456', exact: true }).waitFor();
  expect(tab.console).toEqual([]);
  await tab.page.close();
});

test('it is there before the rest of the page has come, whose scripts hear of it all the same', async () => {
  const { server } = lab();
  serveStrict(server, '/slow.html', {
    body:
      '<script type="application/json" id="config">{}</script><script src="/dist/cordboard-phone.js"></script>' +
      '<cordboard-phone config="#config"></cordboard-phone><script src="/late.js"></script>',
  });
  const { page } = await alice.open();
  let answer: (body: string) => void = () => undefined;
  const late = new Promise<string>((resolve) => {
    answer = resolve;
  });
  await page.route('**/late.js', async (route) => {
    await route.fulfill({ contentType: 'text/javascript', body: await late });
  });
  await page.goto(`${server.url}/slow.html`, { waitUntil: 'commit' });
  await page.getByRole('textbox', { name: 'Number or address' }).waitFor();
  expect(await page.evaluate(() => document.readyState)).toBe('loading');
  answer(`document.querySelector('cordboard-phone').addEventListener('phone.created', () => {
    document.title = 'Made';
  });`);
  await page.waitForFunction(() => document.title === 'Made');
  await page.close();
});

test('without a configuration it says so in words', async () => {
  const { server } = lab();
  const head = '<script defer src="/dist/cordboard-phone.js"></script>';
  serveStrict(server, '/missing.html', {
    head,
    body: '<cordboard-phone config="nowhere.json"></cordboard-phone><cordboard-phone></cordboard-phone>',
  });
  const { page } = await alice.open('/missing.html');
  await page.getByText('nowhere.json: 404').waitFor();
  await page.getByText('needs config="phone.json"').waitFor();
  expect(await page.getByRole('alert').allInnerTexts()).toEqual([
    'The configuration of the phone is not valid.',
    'The configuration of the phone is not valid.',
  ]);
  await page.close();
});

test('in all that the policy was not broken once, and no other style sheet was loaded', async () => {
  const { server } = lab();
  expectNoReports(server);
  const own = await alice.page.evaluate(() => document.styleSheets.length);
  expect(own).toBe(1);
  // Such a breach would have been reported.
  serveStrict(server, '/breach.html', { body: '<p style="color: red">Breach</p>' });
  await (await alice.open('/breach.html')).page.close();
  await until('the report', () => Promise.resolve(server.requests.includes('/reports')));
});
