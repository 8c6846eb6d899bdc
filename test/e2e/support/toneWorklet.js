/* global AudioWorkletProcessor, registerProcessor, sampleRate */
// Finds DTMF digits sample by sample on the audio thread: a timer of the page comes late when the
// machine is busy, and then takes a long tone for a short one.
const rows = [697, 770, 852, 941];
const columns = [1209, 1336, 1477, 1633];
const keys = ['123A', '456B', '789C', '*0#D'];
const stepMs = 10;

function powerAt(samples, hz) {
  const coefficient = 2 * Math.cos((2 * Math.PI * hz) / sampleRate);
  let [last, before] = [0, 0];
  for (const sample of samples) [last, before] = [sample + coefficient * last - before, last];
  return last * last + before * before - coefficient * last * before;
}

function loudest(samples, list) {
  const powers = list.map((hz) => powerAt(samples, hz));
  const power = Math.max(...powers);
  return { index: powers.indexOf(power), power };
}

function digitIn(samples) {
  const [row, column] = [loudest(samples, rows), loudest(samples, columns)];
  const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
  // Two sines hold all the energy of a digit: each then reaches a quarter of energy × length.
  const share = (row.power + column.power) / ((energy * samples.length) / 2 || 1);
  const isBalanced = Math.min(row.power, column.power) > 0.1 * Math.max(row.power, column.power);
  const isTone = energy / samples.length > 1e-5 && share > 0.6 && isBalanced;
  return isTone ? keys[row.index][column.index] : null;
}

class ToneFinder extends AudioWorkletProcessor {
  #step = Math.round((sampleRate * stepMs) / 1000);
  // A window of two steps tells the rows and columns of a telephone apart.
  #window = new Float32Array(2 * this.#step);
  #filled = 0;

  process([[samples]]) {
    for (const sample of samples ?? []) {
      this.#window[this.#step + this.#filled] = sample;
      this.#filled += 1;
      if (this.#filled < this.#step) continue;
      this.port.postMessage(digitIn(this.#window));
      this.#window.copyWithin(0, this.#step);
      this.#filled = 0;
    }
    return true;
  }
}
registerProcessor('tone-finder', ToneFinder);
