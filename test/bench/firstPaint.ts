import type { Party } from '../e2e/support/browser.ts';
import type { Lab } from '../e2e/support/lab.ts';
import { until } from '../e2e/support/processes.ts';
import { median, note } from './results.ts';

// By 11 the ratio went from 1.16 to 1.35 in six runs, as a frame earlier or later is a twentieth of it.
const rounds = 25;
const head =
  '<!doctype html><meta charset="utf-8"><title>Bench</title><link rel="icon" href="data:,">';
const json = '<script type="application/json" id="config">{}</script>';

/** Milliseconds from the start of a page to its first paint with content, the processor slowed to a sixth. */
async function paintOf(alice: Party, path: string, url: string): Promise<number> {
  const { page } = await alice.open();
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 6 });
  await page.goto(`${url}${path}`);
  const ms = await until('the first paint', () =>
    page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime),
  );
  await page.close();
  return ms;
}

/** What stands in the shadow root of an element that has drawn all there is at first. */
async function drawnHtml(alice: Party): Promise<string> {
  const { page } = await alice.open('/paint-ours.html');
  await page.locator('cordboard-phone [part="dialpad"] [part="panel"]').waitFor();
  const html = await page.evaluate(
    () => document.querySelector('cordboard-phone')?.shadowRoot?.innerHTML ?? '',
  );
  await page.close();
  return html;
}

/** `<cordboard-phone>` beside a page that loads the bare libraries and then inserts the same HTML. */
export async function compareFirstPaint(lab: Lab, alice: Party, bare: string): Promise<void> {
  const { server } = lab;
  server.put(
    '/paint-ours.html',
    `${head}<script src="/dist/cordboard-phone.js"></script><body>${json}<cordboard-phone config="#config"></cordboard-phone>`,
  );
  const html = JSON.stringify(await drawnHtml(alice)).replaceAll('<', String.raw`\u003c`);
  server.put('/bare.js', bare);
  server.put(
    '/paint-theirs.html',
    `${head}<link rel="stylesheet" href="/dist/theme.css"><script src="/bare.js"></script><body>${json}<div id="place"></div>` +
      `<script>document.getElementById('place').innerHTML = ${html};</script>`,
  );
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round < rounds; round += 1) {
    ours.push(await paintOf(alice, '/paint-ours.html', server.url));
    theirs.push(await paintOf(alice, '/paint-theirs.html', server.url));
  }
  note('ms to the first paint of <cordboard-phone> : bare libraries and its HTML', [
    median(ours),
    median(theirs),
    1.3,
  ]);
}
