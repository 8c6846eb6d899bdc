// @ts-check
// node examples/sandbox/screenshot.mjs: takes screenshot.png anew, of phone one calling phone two.
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startSandbox } from './sandbox.mjs';

const picture = fileURLToPath(new URL('screenshot.png', import.meta.url));

const sandbox = await startSandbox({ port: 0 });
const browser = await chromium.launch({
  executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    // A machine without a network has no other candidates.
    '--allow-loopback-in-peer-connection',
  ],
});
try {
  const page = await browser.newPage({
    viewport: { width: 1280, height: 720 },
    colorScheme: 'light',
    permissions: ['microphone'],
  });
  await page.addInitScript(() => {
    // Chromium's fake device has a name that nobody's microphone has.
    Object.defineProperty(MediaDeviceInfo.prototype, 'label', { get: () => 'Built-in microphone' });
  });
  await page.goto(sandbox.url);
  await page.locator('#two-user-agent').getByText('Ready').waitFor();
  await page.locator('#one-user-agent').getByText('Ready').waitFor();
  const number = await page.locator('#two-number').innerText();
  await page.locator('#one-dialpad [part="target"]').fill(number);
  await page.locator('#one-dialpad [part="call"]').click();
  await page.locator('#two-call-list [part="answer"]').waitFor();
  await page.mouse.move(0, 0);
  const phones = await page.locator('main').boundingBox();
  const margin = 24;
  await page.screenshot({
    path: picture,
    animations: 'disabled',
    fullPage: true,
    clip: {
      x: 0,
      y: (phones?.y ?? 0) - margin,
      width: 1280,
      height: (phones?.height ?? 0) + 2 * margin,
    },
  });
} finally {
  await browser.close();
  await sandbox.close();
}
