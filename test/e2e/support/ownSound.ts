import type { TestPhone } from './phone.ts';
import type { Recording } from './toneMeter.ts';

/** What a phone plays itself: the loudest frequencies in Hz, loudest first, and the highest level. */
export interface OwnSound {
  readonly hz: readonly number[];
  /** The root mean square of the loudest 43 ms, from 0 to 1. */
  readonly rms: number;
}

/** Listens to what a phone plays itself, for a stated time, and meanwhile does something in its page. */
export async function ownSound(
  { page }: TestPhone,
  { channel = 'master', ms = 800 }: { channel?: 'master' | 'ringer'; ms?: number } = {},
  meanwhile: () => Promise<unknown> = () => Promise.resolve(),
): Promise<OwnSound> {
  const listening = page.evaluate(
    async ([name, time]) => {
      const stream = phone.audioContext.getDestinationStream(name);
      if (!stream) throw new Error('the phone has no Web Audio');
      const context = new AudioContext();
      await context.resume();
      const analyser = new AnalyserNode(context, { fftSize: 8192, smoothingTimeConstant: 0 });
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
      source.connect(analyser);
      const bins = new Float32Array(analyser.frequencyBinCount);
      const power = new Float64Array(bins.length);
      // Whole periods of what two tones of a network beat at, 50 Hz or a half of it: a piece of one
      // more or less would be louder or softer.
      const samples = new Float32Array(Math.round(context.sampleRate * 0.04));
      let rms = 0;
      const end = performance.now() + time;
      while (performance.now() < end) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        analyser.getFloatFrequencyData(bins);
        bins.forEach((db, place) => {
          power[place] = (power[place] ?? 0) + (Number.isFinite(db) ? 10 ** (db / 10) : 0);
        });
        analyser.getFloatTimeDomainData(samples);
        const sum = samples.reduce((total, sample) => total + sample * sample, 0);
        rms = Math.max(rms, Math.sqrt(sum / samples.length));
      }
      source.disconnect();
      await context.close();
      const at = (place: number): number => power[place] ?? 0;
      const peaks = [...power.keys()]
        .filter((place) => [-2, -1, 1, 2].every((by) => at(place) >= at(place + by)))
        .filter((place) => at(place) > 0)
        .sort((one, other) => at(other) - at(one));
      const hz = (place: number): number => Math.round((place * context.sampleRate) / 8192);
      return { hz: peaks.slice(0, 6).map(hz), rms };
    },
    [channel, ms] as const,
  );
  const [heard] = await Promise.all([listening, meanwhile()]);
  return heard;
}

/** The samples a second of a recording: the longest window of an analyser is 4 s then. */
const rate = 8000;

/** Records what a phone plays itself for some seconds, no more than four, as loud as can be. */
export async function ownRecording({ page }: TestPhone, seconds: number): Promise<Recording> {
  const samples = await page.evaluate(
    async ([sampleRate, length]) => {
      const stream = phone.audioContext.getDestinationStream();
      if (!stream) throw new Error('the phone has no Web Audio');
      const context = new AudioContext({ sampleRate });
      await context.resume();
      const analyser = new AnalyserNode(context, { fftSize: 32_768 });
      const source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
      source.connect(analyser);
      while (context.currentTime < length) await new Promise((resolve) => setTimeout(resolve, 20));
      const all = new Float32Array(analyser.fftSize);
      analyser.getFloatTimeDomainData(all);
      source.disconnect();
      await context.close();
      return [...all.subarray(-Math.round(length * sampleRate))];
    },
    [rate, seconds] as const,
  );
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 1e-6);
  return { samples: Float32Array.from(samples, (sample) => sample / loudest), rate };
}
