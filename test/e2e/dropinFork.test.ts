import type { Page } from 'playwright-core';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { foundByAxe } from './support/axe.ts';
import { dropInsOn, html, names, people } from './support/dropIns.ts';
import type { DropIns, Plugin, Spoken } from './support/dropIns.ts';
import { alikeIn } from './support/forcedColours.ts';
import { domain } from './support/kamailio.ts';
import { useLab } from './support/lab.ts';
import { until } from './support/processes.ts';

const lab = useLab();
let page: Page;
let phones: DropIns;
const logged: string[] = [];

const own: Readonly<Record<string, object>> = {
  alice: { codecPreferences: { audio: ['PCMA/8000'] } },
  bob: { i18n: { lng: 'de' }, audioContext: { tones: { country: 'xx' } } },
  carol: { call: { autoAnswer: { enabled: true, muteMicrophone: true } } },
};

beforeAll(async () => {
  const { kamailio, party, server } = lab();
  server.put('/dropin.html', html);
  ({ page } = await party({ path: '/dropin.html' }));
  page.on('console', (message) => logged.push(message.text()));
  phones = dropInsOn(page);
  for (const name of names) {
    const user = people[name];
    const userAgent = {
      transport: { sockets: [kamailio.url] },
      authentication: { username: user, password: `pw${user}`, realm: domain },
      // Asked for by the test of transfers.
      user_agent: { refer_policy: 'follow' },
    };
    const config = { userAgent, storage: false, ...own[name] };
    await page.evaluate(([key, given]) => makeDropIn(key, given), [name, config] as const);
    await run(name, 'UserAgent.start');
    await heard(name, 'userAgent.registration.registered');
  }
});

afterEach(async () => {
  for (const name of names) await phones.clear(name);
});

const heard: DropIns['heard'] = (...args) => phones.heard(...args);
const run: DropIns['run'] = (...args) => phones.run(...args);
const argsOf: DropIns['argsOf'] = (...args) => phones.argsOf(...args);

/** A call from alice to bob that is up. */
async function talk(): Promise<void> {
  await run('alice', 'UserAgent.call', people.bob);
  await heard('bob', 'call.progress');
  await run('bob', 'call.answer');
  await heard('alice', 'call.established');
  await heard('bob', 'call.established');
}

/** What has arrived at alice once there is enough of it. */
function heardByAlice(isEnough: (spoken: Spoken) => boolean): Promise<Spoken> {
  return until('alice to hear enough', async () => {
    const spoken = await page.evaluate(() => spokenBy('alice'));
    return isEnough(spoken) ? spoken : undefined;
  });
}

describe('what the fork adds, on real calls', () => {
  test('the codec that is preferred is spoken both ways, and both are heard', async () => {
    await talk();
    for (const name of ['alice', 'bob'] as const) {
      const heardBy = await until(`${name} to hear something`, async () => {
        const spoken = await page.evaluate((key) => spokenBy(key), name);
        return spoken.energy > 0 && spoken.codecs.length === 2 ? spoken : undefined;
      });
      expect(heardBy.codecs).toEqual(['audio/PCMA', 'audio/PCMA']);
    }
  });

  test('a call that asks for it is answered without the user, the microphone muted', async () => {
    const headers = ['Call-Info: <sip:kamailio>;answer-after=0'];
    await run('alice', 'UserAgent.call', people.carol, headers);
    await heard('carol', 'call.established');
    expect(await phones.order('carol', ['call.muted', 'call.answered'])).toEqual([
      ...['call.muted', 'call.answered'],
    ]);
    expect(await run('carol', 'call.isMuted')).toBe(true);
    await heard('alice', 'call.established');
    // Longer than from one beep of the microphone to the next.
    const quiet = await heardByAlice(({ seconds }) => seconds > 1.5);
    // What muted PCMA decodes to is next to nothing; one beep has far more.
    expect(quiet.energy).toBeLessThan(1e-4);
    await run('carol', 'call.unmute');
    await heardByAlice(({ energy }) => energy > 0);
  });

  test('the target is asked, and then has the call', async () => {
    await talk();
    await run('alice', 'call.attendedTransferStart', people.carol);
    await heard('carol', 'call.progress');
    await run('carol', 'call.answer');
    await heard('carol', 'call.established');
    await until('the target to be in focus', async () => {
      const up = await run('alice', 'call.isEstablished');
      return up === true && (await run('alice', 'call.isPrimary')) === true;
    });
    await run('alice', 'CallControl.transferAttended');
    // The address of the one who was asked.
    expect(await argsOf('alice', 'call.transfer.complete')).toEqual([
      ...['phone', 'call', `sip:${people.carol}@${domain}`],
    ]);
    await heard('alice', 'call.ended');
    await until('bob to talk to carol', async () => {
      const other = await run('bob', 'call.remoteURIUser');
      return other === people.carol && (await run('bob', 'call.isEstablished')) === true;
    });
  });

  test('a secondary call leaves the focus where it is', async () => {
    await talk();
    await run('alice', 'UserAgent.call', people.carol, [], { secondary_call: true });
    await heard('carol', 'call.progress');
    expect(await run('alice', 'call.remoteURIUser')).toBe(people.carol);
    expect(await run('alice', 'call.isPrimary')).toBe(false);
    expect((await phones.toldBy('alice')).map(({ name }) => name)).not.toContain('call.hold');
  });
});

describe('what is beside the script', () => {
  test('a language is loaded, is shown, and is that of the target', async () => {
    const shown = await page.evaluate(async () => {
      const root = document.createElement('div');
      document.body.append(root);
      const dialpad = dropIns['bob']?.['getDialpad']?.() as Plugin | undefined;
      dialpad?.['renderAddTarget']?.({ root, template: '{{i18n.call}}' });
      await new Promise((resolve) => setTimeout(resolve));
      return [root.textContent, root.lang, root.dir];
    });
    expect(shown).toEqual(['Anrufen', 'de', 'ltr']);
    expect(lab().server.requests).toContain('/dist/locales/de.json');
  });

  test('the tones of countries are loaded, and the one that is configured is looked for', async () => {
    await run('alice', 'UserAgent.call', people.bob);
    await heard('bob', 'call.progress');
    await until('bob to look for the country', () =>
      Promise.resolve(logged.find((line) => line.includes('no tones of a country "xx"'))),
    );
    expect(lab().server.requests).toContain('/dist/cordboard/tonePlans.js');
  });
});

test('nothing is found by axe in the templates of libwebphone, and who calls is said, once', async () => {
  await page.evaluate(() => {
    document.documentElement.lang = 'de';
    const classes = ['UserAgent', 'CallList', 'CallControl', 'Dialpad', 'MediaDevices'];
    for (const name of [...classes, 'AudioContext', 'VideoCanvas']) {
      document.body.append(Object.assign(document.createElement('div'), { id: name }));
      (dropIns['bob']?.[`get${name}`]?.() as Plugin)['renderAddTarget']?.(name);
    }
  });
  await page.locator('#MediaDevices select').first().waitFor();
  expect(await foundByAxe(page)).toEqual([]);
  const buttons = ['#Dialpad button:disabled', '#Dialpad button:enabled'] as const;
  expect(await alikeIn(page, buttons)).toEqual([]);
  await run('alice', 'UserAgent.call', people.bob);
  await page.getByRole('button', { name: 'Annehmen' }).waitFor();
  expect(await foundByAxe(page)).toEqual([]);
  // The one place that screen readers listen to: in a page without a sheet of ours it takes no room.
  const announcer = page.locator('[part=announcer]');
  expect(await page.locator('[aria-live], [role=status], [role=alert]').count()).toBe(2);
  const said = announcer.locator('[aria-live=assertive]').getByText(/Anruf von .*1001/);
  await said.waitFor({ state: 'attached' });
  expect(await announcer.boundingBox()).toMatchObject({ width: 1, height: 1 });
  await page.getByRole('button', { name: 'Annehmen' }).click();
  await page.getByRole('button', { name: 'Halten', exact: true }).waitFor();
  expect(await foundByAxe(page)).toEqual([]);
  expect(await page.getByRole('radiogroup', { name: 'Anrufe' }).getByRole('radio').count()).toBe(2);
});
