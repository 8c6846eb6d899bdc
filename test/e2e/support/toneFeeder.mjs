// node toneFeeder.mjs PIPE HZ: writes a sine at half of full scale into a named pipe as fast as a
// microphone would, 16 bit, mono, 48,000 samples a second. It ends when nobody reads any more.
import { openSync, writeSync } from 'node:fs';
import process from 'node:process';

const [, , pipe, hz] = process.argv;
const rate = 48_000;
const stepMs = 20;
const output = openSync(pipe, 'w');
const beganAt = performance.now();
let written = 0;

function feed() {
  // By the clock and not by the step: a timer that is late must not leave a gap.
  const due = Math.ceil(((performance.now() - beganAt + stepMs) * rate) / 1000);
  const data = Buffer.alloc((due - written) * 2);
  for (let place = 0; written < due; written += 1, place += 2) {
    const turn = (2 * Math.PI * Number(hz) * written) / rate;
    data.writeInt16LE(Math.round(0.5 * 32_767 * Math.sin(turn)), place);
  }
  try {
    writeSync(output, data);
  } catch {
    process.exit();
  }
}

setInterval(feed, stepMs);
