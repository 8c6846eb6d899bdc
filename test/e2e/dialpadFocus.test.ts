import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { clearStage, enter } from './support/cast.ts';
import type { Member } from './support/cast.ts';
import { useLab } from './support/lab.ts';
import { isUp, makePhone } from './support/phone.ts';
import type { TestPhone } from './support/phone.ts';

// The strictest page a phone can find itself on; every test here types on it.
const policy = "script-src 'self'; style-src 'self'; require-trusted-types-for 'script'";
const strictPage = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta http-equiv="Content-Security-Policy" content="${policy}" />
    <title>Strict page</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/dist/theme.css" />
    <script src="/violations.js"></script>
  </head>
  <body>
    <div id="user-agent"></div>
    <div id="call-list"></div>
    <div id="call-control"></div>
    <div id="dialpad"></div>
    <div id="media-devices"></div>
    <script src="/dist/cordboard.js"></script>
    <script src="/support/record.js"></script>
  </body>
</html>
`;
const violationsScript = `window.violations = [];
document.addEventListener('securitypolicyviolation', (event) => {
  window.violations.push(event.violatedDirective + ' ' + event.blockedURI + ' ' + event.sample);
});
`;

declare global {
  // What the page's policy has kept the page from doing.
  var violations: string[];
}

const lab = useLab();

let alice: Member;
let strict: TestPhone;
let page: Page;

beforeAll(async () => {
  const { kamailio, party, server } = lab();
  server.put('/strict.html', strictPage);
  server.put('/violations.js', violationsScript);
  const socket = kamailio.url;
  alice = await enter('alice', { party, socket });
  const tab = await party({ name: 'strict', hz: 1000, path: '/strict.html' });
  strict = await makePhone(tab, { user: '1002', socket });
  ({ page } = strict);
});

afterEach(() => clearStage(alice, strict));

const field = '#dialpad [part="target"]';

interface Typing {
  readonly hasFocus: boolean;
  readonly isSameElement: boolean;
  readonly text: string;
  readonly caret: readonly (number | null)[];
}

/** Puts a text into the field by keyboard, then the caret into the middle of it. */
async function type(text: string, caret: number): Promise<void> {
  await page.locator(field).fill('');
  await page.locator(field).pressSequentially(text);
  await page.evaluate(
    ([selector, place]) => {
      const input = document.querySelector<HTMLInputElement>(selector);
      input?.setSelectionRange(place, place);
      Object.assign(globalThis, { typedInto: input });
    },
    [field, caret] as const,
  );
}

function typing(): Promise<Typing> {
  return page.evaluate((selector) => {
    const input = document.querySelector<HTMLInputElement>(selector);
    return {
      hasFocus: document.activeElement === input,
      isSameElement: (globalThis as { typedInto?: unknown }).typedInto === input,
      text: input?.value ?? '',
      caret: [input?.selectionStart ?? null, input?.selectionEnd ?? null],
    };
  }, field);
}

/** A text with `|` where the caret is. */
const written = (text: string): Typing => {
  const caret = text.indexOf('|');
  return {
    hasFocus: true,
    isSameElement: true,
    text: text.replace('|', ''),
    caret: [caret, caret],
  };
};

/** Checks that nothing has been taken from who types, then types one more character. */
async function goesOn(text: string, character: string): Promise<void> {
  expect(await typing()).toEqual(written(text));
  await page.keyboard.type(character);
  expect(await typing()).toEqual(written(text.replace('|', `${character}|`)));
}

test('a call that comes, waits and goes takes nothing from who types', async () => {
  await type('12345', 2);
  const toStrict = await alice.callTo(strict.user);
  await strict.nextIncoming();
  await page.locator('#call-list [part="answer"]').waitFor();
  await goesOn('12|345', '9');
  await alice.run('cancel', toStrict);
  await strict.waitForEvent('call.failed');
  await page.locator('#call-list [part="notice"]').first().waitFor();
  await goesOn('129|345', '8');
  await page.keyboard.press('Backspace');
  expect(await typing()).toEqual(written('129|345'));
});

test('a call that is established, muted, held and ended takes nothing from who types', async () => {
  await type('sip:bob@example.org', 7);
  await alice.callTo(strict.user);
  const callId = await strict.nextIncoming();
  await strict.run('answer', callId);
  await strict.waitForCall('the call to be up', isUp, callId);
  await page.locator('#call-control [part="hold"]').waitFor();
  await goesOn('sip:bob|@example.org', 'l');
  await strict.run('mute');
  await page.locator('#call-control [part="mute"][aria-pressed="true"]').waitFor();
  await goesOn('sip:bobl|@example.org', 'm');
  await strict.run('hold');
  await page.locator('#call-control [part="unhold"]').waitFor();
  await goesOn('sip:boblm|@example.org', 'n');
  await strict.run('unhold');
  await alice.run('hold');
  await strict.waitForEvent('call.hold');
  await goesOn('sip:boblmn|@example.org', 'o');
  await alice.run('hangup');
  await strict.waitForEvent('call.ended', { callId });
  await page.locator('#call-control [part="hold"]').waitFor({ state: 'detached' });
  await goesOn('sip:boblmno|@example.org', 'p');
});

test('a selection survives as it is', async () => {
  await type('12345', 0);
  await page.locator(field).selectText();
  const selected = await typing();
  expect(selected.caret).toEqual([0, 5]);
  await alice.callTo(strict.user);
  await strict.run('reject', await strict.nextIncoming());
  await alice.waitForEvent('call.failed');
  expect(await typing()).toEqual(selected);
  await page.keyboard.press('7');
  expect((await typing()).text).toBe('7');
});

describe('the page', () => {
  test('dials what was typed, with Enter', async () => {
    await type(alice.user, 4);
    await page.keyboard.press('Enter');
    await alice.answerNext();
    await strict.waitForEvent('call.established');
    expect((await typing()).text).toBe('');
  });

  test('did nothing that its policy forbids, in all of these calls', async () => {
    expect(await page.evaluate(() => globalThis.violations)).toEqual([]);
    const said = strict.tab.console.filter((line) =>
      /Content Security Policy|Trusted ?Types/i.test(line),
    );
    expect(said).toEqual([]);
    // That the page has this policy at all: what it forbids is refused.
    const refused = await page.evaluate(() => {
      const place = document.createElement('p');
      try {
        place.innerHTML = '<b>by force</b>';
      } catch (error) {
        return (error as Error).name;
      }
      return 'nothing';
    });
    expect(refused).toBe('TypeError');
  });
});
