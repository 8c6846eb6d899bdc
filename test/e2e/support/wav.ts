import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { scratchDirectory } from './processes.ts';
import { dominant, sine } from './tone.ts';
import type { Heard } from './tone.ts';

/** Sound in memory: the first channel of a file, samples between -1 and 1. */
export interface Sound {
  readonly rate: number;
  readonly samples: Float32Array;
}

/** Sound as a 16 bit mono WAV file. */
function encodeWav({ rate, samples }: Sound): Buffer {
  const data = Buffer.alloc(44 + samples.length * 2);
  data.write('RIFF', 0);
  data.writeUInt32LE(36 + samples.length * 2, 4);
  data.write('WAVEfmt ', 8);
  data.writeUInt32LE(16, 16);
  data.writeUInt16LE(1, 20);
  data.writeUInt16LE(1, 22);
  data.writeUInt32LE(rate, 24);
  data.writeUInt32LE(rate * 2, 28);
  data.writeUInt16LE(2, 32);
  data.writeUInt16LE(16, 34);
  data.write('data', 36);
  data.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, index) => {
    data.writeInt16LE(Math.round(Math.max(-1, Math.min(1, sample)) * 32767), 44 + index * 2);
  });
  return data;
}

/** Reads a 16 bit WAV file, its first channel only. A recorder still at work leaves sizes of zero. */
function readWav(file: string): Sound {
  const data = readFileSync(file);
  let offset = 12;
  let rate = 0;
  let channels = 1;
  while (offset + 8 <= data.length) {
    const name = data.toString('latin1', offset, offset + 4);
    const size = data.readUInt32LE(offset + 4);
    const body = offset + 8;
    if (name === 'fmt ') {
      channels = data.readUInt16LE(body + 2);
      rate = data.readUInt32LE(body + 4);
      if (data.readUInt16LE(body + 14) !== 16) throw new Error(`${file} has not 16 bits a sample`);
    }
    if (name === 'data') {
      const end = size === 0 ? data.length : Math.min(data.length, body + size);
      const frames = Math.floor((end - body) / (2 * channels));
      const read = (_: unknown, frame: number): number =>
        data.readInt16LE(body + frame * 2 * channels) / 32768;
      return { rate, samples: Float32Array.from({ length: frames }, read) };
    }
    offset = body + size + (size & 1);
  }
  throw new Error(`${file} has no sound in it`);
}

/** Writes a file for a fake microphone to loop. */
export function microphoneWav(sound: Sound): string {
  const file = join(scratchDirectory('microphone'), 'sound.wav');
  writeFileSync(file, encodeWav(sound));
  return file;
}

/** Writes a file with a sine of `hz`, two seconds of whole periods, for a fake microphone to loop. */
export function sineWav(hz: number): string {
  return microphoneWav(twoSeconds(hz));
}

/** The same, for a server to serve. */
export function encodedSine(hz: number): Buffer {
  return encodeWav(twoSeconds(hz));
}

function twoSeconds(hz: number): Sound {
  const rate = 48_000;
  return { rate, samples: sine({ hz, rate, count: rate * 2 }) };
}

/** What the last second of a recording is made of, less the final 100 ms, which may be cut off. */
export function heardInWav(file: string): Heard {
  const { rate, samples } = readWav(file);
  const end = Math.max(0, samples.length - Math.floor(rate / 10));
  return dominant(samples.subarray(Math.max(0, end - rate), end), rate);
}
