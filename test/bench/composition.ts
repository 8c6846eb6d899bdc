import { expect } from 'vitest';
import type { Lab } from '../e2e/support/lab.ts';
import { isUp, makePhone } from '../e2e/support/phone.ts';
import { blue, isComposed, red } from '../e2e/support/pictures.ts';
import { rawPhonePath, startRawPhone } from '../e2e/support/rawPhone.ts';
import { pageFile } from './pageSide.ts';
import { median, note } from './results.ts';

const path = '/composition.html';
const canvas = (id: string): string => `<canvas id="${id}" width="640" height="480"></canvas>`;

/**
 * A video call composed on a canvas, and the same two elements drawn by hand on another one. Each frame
 * goes to one of them, so that both pay for turning it into colours.
 */
export async function compareComposition({ server, kamailio, party }: Lab): Promise<void> {
  server.put(
    path,
    `<!doctype html><title>Composition</title><link rel="icon" href="data:,">
    ${canvas('stage')}${canvas('by-hand')}
    <script src="/dist/cordboard.js"></script><script src="/support/record.js"></script>`,
  );
  const far = await party({ name: 'far', path: rawPhonePath, colour: blue });
  const near = await party({ name: 'near', path, colour: red });
  const [target, socket] = ['1016', kamailio.url];
  const constraints = { audio: true, video: true };
  await startRawPhone(far.page, { user: target, socket, constraints, autoAnswer: true });
  // No texts: who draws by hand has none. No limit on frames: those that come are all measured.
  const videoCanvas = { canvas: 'stage', strings: [], canvasLoop: { framesPerSecond: 60 } };
  const phone = await makePhone(near, { user: '1017', socket, config: { videoCanvas } });
  await near.page.addScriptTag({ content: pageFile('compositionPage.js') });
  const id = await near.page.evaluate(
    async (to) => (await globalThis.phone.userAgent.call(to, [], { video: true })).id,
    target,
  );
  await phone.waitForCall('the answer', isUp, id);
  await isComposed(near, '#stage', [
    [0.5, 0.5, blue],
    [0.9, 0.9, red],
  ]);
  const { ours, byHand, differing } = await near.page.evaluate(() => {
    composition.holdFrames();
    const call = globalThis.phone.calls.primary();
    const [remote, local] = [call?.getRemoteVideo(), call?.getLocalVideo()];
    if (!remote || !local) throw new Error('a picture is missing');
    return composition.rounds({ remote, local }, { rounds: 15, frames: 8 });
  });
  await near.close();
  await far.close();
  expect(differing, 'colours that are not as by hand').toBe(0);
  note('ms for a composed frame : by hand', [median(ours), median(byHand), 1.2]);
}
