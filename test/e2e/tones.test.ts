import { beforeAll, describe, expect, test } from 'vitest';
import type * as choice from '../../plugins/audioContext/toneChoice.ts';
import type * as notation from '../../plugins/audioContext/toneNotation.ts';
import type * as synth from '../../plugins/audioContext/toneSynth.ts';
import { recommendedTones } from '../../plugins/audioContext/recommendedTones.ts';
import { tonePlans } from '../../plugins/audioContext/tonePlans.part.ts';
import { defaultTones, keyOf } from '../../plugins/dialpad/keys.ts';
import { party } from './support/browser.ts';
import type { Party } from './support/browser.ts';
import { bundled } from './support/bundle.ts';
import { useHarness } from './support/lab.ts';
import { startPageServer } from './support/server.ts';
import {
  announced,
  announcedEdges,
  borderContrast,
  heardEdges,
  roughness,
  spectrum,
  touches,
} from './support/toneMeter.ts';
import type { Recording } from './support/toneMeter.ts';

declare global {
  // The modules of the tones, bundled for the page; only code that runs in it may use them.
  var Tones: typeof choice & typeof notation & typeof synth & { tonePlans: typeof tonePlans };
  var record: (cadence: notation.ToneCadence, seconds: number) => Promise<string>;
}

const rate = 8000;
const kinds = ['dial', 'ringback', 'busy', 'congestion', 'unobtainable', 'callWaiting'] as const;
const columns = (row: string): readonly string[] => row.split('|').map((text) => text.trim());

/** What the page records: the tone as 16 bit samples, in characters. */
const recorder = `
async function record(cadence, seconds) {
  const context = new OfflineAudioContext(1, Math.ceil(seconds * ${rate}), ${rate});
  Tones.playTone(cadence, context.destination);
  const samples = (await context.startRendering()).getChannelData(0);
  if (samples.some((sample) => Math.abs(sample) > 1)) throw new Error('clipped');
  const bytes = new Uint8Array(Int16Array.from(samples, (sample) => sample * 32767).buffer);
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}`;

function recording(text: string): Recording {
  const bytes = new Uint8Array(Buffer.from(text, 'base64'));
  return {
    samples: Float32Array.from(new Int16Array(bytes.buffer), (value) => value / 32767),
    rate,
  };
}

let alice: Party;

useHarness();

beforeAll(async () => {
  const server = await startPageServer();
  const modules = ['tonePlans.part', 'toneChoice', 'toneNotation', 'toneSynth'];
  server.put(
    '/tones.js',
    await bundled(
      'Tones',
      modules.map((name) => `plugins/audioContext/${name}.ts`),
    ),
  );
  server.put('/record.js', recorder);
  server.put(
    '/tones.html',
    '<!doctype html><link rel="icon" href="data:,"><script src="/tones.js"></script><script src="/record.js"></script>',
  );
  alice = await party({ url: server.url, path: '/tones.html', microphone: 'none' });
});

function expectAsAnnounced(text: string, heard: Recording): void {
  const table = announced(text);
  const edges = heardEdges(heard);
  const expected = announcedEdges(table);
  expect(edges, 'beginnings and ends').toHaveLength(expected.length);
  edges.forEach((edge, place) => {
    expect(Math.abs(edge - (expected[place] ?? NaN)), `edge at ${edge} s`).toBeLessThan(0.02);
  });
  table.stretches.forEach((stretch, place) => {
    if (stretch.to > table.seconds) return;
    const { components, share } = spectrum(heard, stretch);
    for (const { expected: hertz, found, expectedLevel, level } of components) {
      expect(Math.abs(found / hertz - 1), `${found} Hz for ${hertz}`).toBeLessThan(0.01);
      expect(Math.abs(level / expectedLevel - 1), `level of ${hertz} Hz`).toBeLessThan(0.05);
    }
    expect(Math.abs(share - 1), 'nothing else sounds').toBeLessThan(0.01);
    const before = table.stretches[place - 1];
    if (touches(before, stretch)) {
      expect(borderContrast(heard, before, stretch)).toBeGreaterThan(5);
    }
  });
  expect(roughness(heard, table), 'no click').toBeLessThan(1.2);
}

describe('each tone is rendered as its table says', () => {
  test.each(Object.keys(tonePlans))('%s', async (country) => {
    const recommended = columns(recommendedTones);
    const texts = columns(tonePlans[country] ?? '').map((text, place) =>
      text === 'E.180' ? (recommended[place] ?? '') : text,
    );
    const wanted = kinds.map((kind, place) => {
      const text = texts[place] ?? '';
      return { kind, text, seconds: announced(text).seconds };
    });
    const recorded = await alice.page.evaluate(
      ([code, list]) => {
        const own = Tones.toneTexts(Tones.tonePlans[code]);
        return Promise.all(
          list.map(({ kind, seconds }) => record(Tones.parseTone(own[kind]), seconds)),
        );
      },
      [country, wanted] as const,
    );
    wanted.forEach(({ text }, place) => {
      expectAsAnnounced(text, recording(recorded[place] ?? ''));
    });
  });

  test('the recommended ones, where no country is known', async () => {
    const texts = columns(recommendedTones);
    const seconds = texts.map((text) => announced(text).seconds);
    const recorded = await alice.page.evaluate(
      ([names, lengths]) => {
        const own = Tones.toneTexts(Tones.tonePlans[Tones.toneCountry('', 'eo')]);
        return Promise.all(
          names.map((kind, place) => record(Tones.parseTone(own[kind]), lengths[place] ?? 0)),
        );
      },
      [kinds, seconds] as const,
    );
    texts.forEach((text, place) => {
      expectAsAnnounced(text, recording(recorded[place] ?? ''));
    });
  });
});

// ITU-T Q.23: row by row, the low frequency and the four high ones. Played are the dialpad's own.
const keypad = { 697: '123A', 770: '456B', 852: '789C', 941: '*0#D' };
const pairs = Object.entries(keypad).flatMap(([low, keys]) =>
  Array.from(keys, (key, place) => [key, `${low}+${[1209, 1336, 1477, 1633][place]}`] as const),
);

test.each(pairs)('the key %s sounds %s', async (key, sounds) => {
  const frequencies = defaultTones[keyOf(key) ?? 'one'];
  const recorded = await alice.page.evaluate(
    (played) =>
      record({ steps: [{ frequencies: played, seconds: 0.15 }], repeatsFrom: null }, 0.45),
    frequencies,
  );
  expectAsAnnounced(`!${sounds} 0.15`, recording(recorded));
});

describe('a tone that plays', () => {
  test('is heard until it is stopped, and leaves nothing behind', async () => {
    const heard = await alice.page.evaluate(async () => {
      const context = new AudioContext();
      const meter = new AnalyserNode(context, { fftSize: 1024 });
      const samples = new Float32Array(meter.fftSize);
      const level = (): number => {
        meter.getFloatTimeDomainData(samples);
        return Math.max(...samples);
      };
      const until = async (isSo: () => boolean): Promise<void> => {
        while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
      };
      const tone = Tones.playTone(Tones.parseTone('350+440'), meter);
      await until(() => level() > 0.5);
      // Longer than what is held of it: it has been round at least once.
      const start = context.currentTime;
      await until(() => context.currentTime > start + 1.2);
      const lasting = level();
      tone.stop();
      tone.stop();
      await tone.ended;
      await until(() => level() === 0);
      await context.close();
      return lasting;
    });
    expect(heard).toBeGreaterThan(0.2);
  });

  test('ends by itself where it is not repeated', async () => {
    const seconds = await alice.page.evaluate(async () => {
      const context = new AudioContext();
      const start = context.currentTime;
      await Tones.playTone(Tones.parseTone('!425 0.1 0.1 0.1'), context.destination).ended;
      const end = context.currentTime;
      await context.close();
      return end - start;
    });
    expect(seconds).toBeGreaterThanOrEqual(0.3);
  });

  test('can be stopped while the sound is held back', async () => {
    await alice.page.evaluate(async () => {
      const context = new AudioContext();
      await context.suspend();
      const tone = Tones.playTone(Tones.parseTone('425 1 4'), context.destination);
      tone.stop();
      await tone.ended;
      await context.close();
    });
  });
});
