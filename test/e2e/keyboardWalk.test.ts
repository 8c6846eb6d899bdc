import type { CDPSession, Page } from 'playwright-core';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { clearStage, enter, talk } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { isUp } from './support/phone.ts';
import { until } from './support/processes.ts';
import { serveStrict } from './support/strict.ts';

// People who have no mouse: all of a call by Tab, Enter, Space and digits.

const lab = useLab();

let alice: Member;
let bob: Member;
let carol: Member;

beforeAll(async () => {
  const { kamailio, party } = lab();
  const stage = { party, socket: kamailio.url };
  [alice, bob, carol] = await Promise.all([
    enter('alice', stage),
    enter('bob', stage),
    enter('carol', stage),
  ]);
  for (const { page } of [alice, bob]) await addEnd(page);
});

afterEach(() => clearStage(alice, bob, carol));

/** Something of the page that comes after the phone. */
async function addEnd(page: Page): Promise<void> {
  await page.evaluate(() => {
    const end = Object.assign(document.createElement('button'), { id: 'end', textContent: 'End' });
    document.body.append(end);
  });
}

interface Stop {
  readonly name: string;
  /** False where the focus cannot be seen. */
  readonly isSeen: boolean;
  readonly isWanted: boolean;
  /** The focus is nowhere. */
  readonly isLost: boolean;
}

/** Where the focus is, shadow trees included, once what has changed is drawn. */
function stop(page: Page, wanted = '*'): Promise<Stop> {
  return page.evaluate(async (selector) => {
    const frame = (): Promise<unknown> => new Promise((resolve) => requestAnimationFrame(resolve));
    await frame();
    await frame();
    let element = document.activeElement;
    while (element?.shadowRoot) element = element.shadowRoot.activeElement;
    const { outlineStyle, outlineWidth } = getComputedStyle(element ?? document.body);
    return {
      name: element?.outerHTML.slice(0, 90) ?? 'none',
      isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
      isWanted: element?.matches(selector) ?? false,
      isLost: !element || element === document.body,
    };
  }, wanted);
}

/** Presses Tab until the focus is where it is wanted; sees it at each place on the way. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  const way: string[] = [];
  for (let presses = 0; presses < 90; presses += 1) {
    await page.keyboard.press('Tab');
    const { name, isSeen, isWanted, isLost } = await stop(page, wanted);
    // From the last place on the page the way leads through the browser's own to the first one.
    if (!isLost && !isSeen) throw new Error(`the focus is not seen at ${name}`);
    if (isWanted) return;
    way.push(name);
  }
  throw new Error(`Tab does not lead to ${wanted}, but to ${way.join('\n')}`);
}

/** Checks that the keyboard goes on from somewhere in the phone. */
async function keepsPlace(page: Page): Promise<void> {
  const { isLost, isSeen, name } = await stop(page);
  expect({ isLost, isSeen, name }).toEqual({ isLost: false, isSeen: true, name });
}

const inCall = '#call-control';

test('a call from its first digit to its end', async () => {
  const { page } = alice;
  await tabTo(page, '#dialpad [part="target"]');
  await page.keyboard.type('1002');
  await page.keyboard.press('Enter');
  await bob.nextIncoming();
  await keepsPlace(page);

  await tabTo(bob.page, `${inCall} [part="answer"]`);
  await bob.page.keyboard.press('Enter');
  await bob.waitForCall('the call to be up', isUp);
  await alice.waitForCall('the call to be up', isUp);
  await keepsPlace(bob.page);
  await keepsPlace(page);

  await tabTo(page, `${inCall} [part="mute"]`);
  for (const isMuted of [true, false]) {
    await page.keyboard.press('Space');
    await page.locator(`${inCall} [part="mute"][aria-pressed="${isMuted}"]`).waitFor();
    expect((await stop(page, '[part="mute"]')).isWanted).toBe(true);
  }
  await tabTo(page, `${inCall} [part="hold"]`);
  await page.keyboard.press('Enter');
  await page.locator(`${inCall} [part="unhold"]:not([aria-busy])`).waitFor();
  expect((await stop(page, '[part="unhold"]')).isWanted).toBe(true);
  await page.keyboard.press('Enter');
  await page.locator(`${inCall} [part="hold"]:not([aria-busy])`).waitFor();
  expect((await stop(page, '[part="hold"]')).isWanted).toBe(true);

  await tabTo(page, '#dialpad [part~="five"]');
  await page.keyboard.press('Enter');
  await alice.waitForEvent('call.send.dtmf');
  await keepsPlace(page);

  await tabTo(page, `${inCall} [part="transfer"]`);
  await page.keyboard.press('Enter');
  await page.locator(`${inCall} [part="transferForm"]`).waitFor();
  await keepsPlace(page);
  await tabTo(page, '[name="target"], #dialpad [part="target"]');
  await tabTo(page, `${inCall} [part="cancelTransfer"]`);
  await page.keyboard.press('Enter');
  await page.locator(`${inCall} [part="transferForm"]`).waitFor({ state: 'detached' });
  await keepsPlace(page);

  await tabTo(bob.page, `${inCall} [part="mute"]`);
  await tabTo(page, `${inCall} [part="hangup"]`);
  await page.keyboard.press('Enter');
  await bob.waitForEvent('call.ended');
  for (const each of [page, bob.page]) {
    await each.locator(`${inCall} [part="hangup"]`).waitFor({ state: 'detached' });
  }
  await keepsPlace(page);
  await keepsPlace(bob.page);
  await tabTo(page, '#end');
});

test('what goes away or is no longer to be pressed does not take the focus with it', async () => {
  const { page } = alice;
  await talk(alice, bob);
  await talk(alice, carol);
  await tabTo(page, '#call-list [part="hangup"]');
  await page.keyboard.press('Enter');
  await bob.waitForEvent('call.ended');
  await page.locator('#call-list [part="hangup"]').waitFor({ state: 'detached' });
  await keepsPlace(page);
  // The list is drawn anew by what comes next.
  await bob.callTo('1001');
  await page.locator('#call-list [part="decline"]').waitFor();
  await keepsPlace(page);
  await tabTo(page, '#call-list [part="decline"]');
  await page.keyboard.press('Enter');
  await page.locator('#call-list [part="decline"]').waitFor({ state: 'detached' });
  await keepsPlace(page);
  await carol.run('hangup');
  await page.locator('#call-list [part="call"]').waitFor({ state: 'detached' });
  await keepsPlace(page);
  await tabTo(page, '#dialpad [part="target"]');
  await page.keyboard.type('12');
  await tabTo(page, '#dialpad [part="clear"], #dialpad [part="backspace"]');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await until('an empty field', async () =>
    page
      .locator('#dialpad [part="target"]')
      .evaluate((field) => (field as HTMLInputElement).value === ''),
  );
  await keepsPlace(page);
});

interface Named {
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { value: unknown } }[];
}

/** The names of all that can have the focus, as a screen reader gets them. */
async function namesIn(cdp: CDPSession): Promise<readonly string[]> {
  const { nodes } = (await cdp.send('Accessibility.getFullAXTree')) as { nodes: readonly Named[] };
  return nodes
    .filter(({ role, properties }) => {
      const isFocusable = properties?.some(
        ({ name, value }) => name === 'focusable' && value.value,
      );
      return isFocusable && ['button', 'link', 'textbox', 'combobox'].includes(role?.value ?? '');
    })
    .map(({ name }) => name?.value ?? '');
}

test('of several calls in the list each control says which one it is for', async () => {
  await talk(alice, bob);
  await carol.callTo('1001');
  await alice.nextIncoming();
  await alice.page.locator('#call-list [part="answer"]').waitFor();
  const cdp = await alice.page.context().newCDPSession(alice.page);
  const counted = async (): Promise<readonly number[]> => {
    const names = await namesIn(cdp);
    expect(names.filter((name) => name.trim() === '')).toEqual([]);
    return ['1002', '1003'].map((number) => names.filter((name) => name.includes(number)).length);
  };
  const inList = '#call-list [part="calls"] button';
  // To choose a call, to decline and answer the one that rings, to hang up the one that waits.
  expect(await alice.page.locator(inList).count()).toBe(4);
  expect(await counted()).toEqual([1, 3]);
  await alice.answerNext();
  await alice.page.locator('#call-list [part="hangup"]').waitFor();
  expect(await alice.page.locator(inList).count()).toBe(3);
  expect(await counted()).toEqual([2, 1]);
});

test('all of it in <cordboard-phone>, and on to the page after it', async () => {
  const { server, kamailio } = lab();
  const phone = {
    userAgent: {
      transport: { sockets: [kamailio.url] },
      authentication: { username: '1003', password: 'pw1003', realm: domain },
    },
    callList: { focusIncoming: true },
  };
  server.put('/walk.json', JSON.stringify(phone));
  serveStrict(server, '/walk.html', {
    head: '<script src="/dist/cordboard-phone.js"></script>',
    body: '<cordboard-phone config="walk.json"></cordboard-phone><button id="end">End</button>',
  });
  const { page } = await carol.tab.open('/walk.html');
  await page.locator('[part="status"]').getByText('Ready').waitFor();
  await tabTo(page, '[part="target"]');
  await page.keyboard.type('1002');
  await page.keyboard.press('Enter');
  await bob.answerNext();
  await keepsPlace(page);
  await tabTo(page, '[part="mute"]');
  await page.keyboard.press('Space');
  await page.locator('[part="mute"][aria-pressed="true"]').waitFor();
  await keepsPlace(page);
  await tabTo(page, '[part="hold"]');
  await page.keyboard.press('Enter');
  await page.locator('[part="unhold"]').waitFor();
  await keepsPlace(page);
  await tabTo(page, '#end');
  await tabTo(page, '[part="hangup"]');
  await page.keyboard.press('Enter');
  await bob.waitForEvent('call.ended');
  await page.locator('[part="hangup"]').waitFor({ state: 'detached' });
  await keepsPlace(page);
  await tabTo(page, '#end');

  // It was asked to take the focus to a call that comes; a call that is given up gives it back.
  const answers = '[part="calls"] [part="answer"]';
  await bob.callTo('1003');
  await page.locator(answers).waitFor();
  await until('the focus to come', async () => (await stop(page, answers)).isWanted);
  await keepsPlace(page);
  // The next one has it when the first one is over.
  await alice.callTo('1003');
  await page.locator(answers).nth(1).waitFor();
  await bob.run('hangup');
  await page.locator(answers).nth(1).waitFor({ state: 'detached' });
  expect((await stop(page, answers)).isWanted).toBe(true);
  await alice.run('hangup');
  await page.locator(answers).waitFor({ state: 'detached' });
  expect((await stop(page, '#end')).isWanted).toBe(true);
  await tabTo(page, '[part="target"]');
  await page.keyboard.type('10');
  await bob.callTo('1003');
  await page.locator(answers).waitFor();
  await page.keyboard.type('02');
  expect(await page.locator('[part="target"]').inputValue()).toBe('1002');
  await page.close();
});
