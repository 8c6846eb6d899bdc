// window.composition: what a composed frame costs, beside the same one drawn by hand.
(() => {
  const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
  const waiting = new Map();
  let handles = 0;

  /** From now on listeners for frames wait until `composed` runs them. */
  function holdFrames() {
    HTMLVideoElement.prototype.requestVideoFrameCallback = (listener) => {
      handles += 1;
      waiting.set(handles, listener);
      return handles;
    };
    HTMLVideoElement.prototype.cancelVideoFrameCallback = (handle) => waiting.delete(handle);
  }

  const nextFrame = (video) =>
    new Promise((resolve) => requestVideoFrameCallback.call(video, resolve));

  /** Both pictures have a new frame. */
  function composed() {
    const listeners = [...waiting.values()];
    waiting.clear();
    const at = performance.now();
    for (const listener of listeners) listener(at);
  }

  /** Milliseconds until what `draw` draws is really in the canvas; undefined when it draws nothing. */
  function timed(context, draw) {
    const { width, height } = context.canvas;
    context.clearRect(0, 0, width, height);
    context.getImageData(0, 0, 1, 1);
    const begun = performance.now();
    draw();
    // Drawing is put off until somebody looks.
    const [, , , opacity] = context.getImageData(0, 0, 1, 1).data;
    const ms = performance.now() - begun;
    return opacity === 255 ? ms : undefined;
  }

  /** How many values of colours are others in one than in the other. */
  function difference(one, other) {
    const [{ data: left }, { data: right }] = [one, other].map((context) =>
      context.getImageData(0, 0, context.canvas.width, context.canvas.height),
    );
    return left.filter((value, at) => Math.abs(value - right[at]) > 8).length;
  }

  const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

  /**
   * Milliseconds of a frame, composed and by hand, the mean of each round. Of the twenty frames that a
   * fake camera gives in a second fifteen are composed, as many as by default: some work is done by time.
   */
  async function rounds({ remote, local }, { rounds: count, frames }) {
    const contexts = ['stage', 'by-hand'].map((id) => document.getElementById(id).getContext('2d'));
    const [, context] = contexts;
    const { width, height } = context.canvas;
    const byHand = () => {
      context.drawImage(remote, 0, 0, width, height);
      context.drawImage(local, width * 0.75, height * 0.75, width / 4, height / 4);
    };
    const draws = [composed, byHand];
    const times = [[], []];
    const turns = (by) => Array.from({ length: 4 * by }, (_, turn) => Number(turn % 4 === 3));
    // What was asked of the browser before comes to an end.
    for (let turn = 0; turn < 10; turn += 1) await nextFrame(remote);
    for (let round = 0; round <= count; round += 1) {
      const drawn = [[], []];
      for (const side of turns(frames)) {
        await nextFrame(remote);
        const ms = timed(contexts[side], draws[side]);
        // Two frames at once, on a busy machine, are composed as one.
        if (ms !== undefined) drawn[side].push(ms);
      }
      // The first round warms both up.
      if (round > 0) times.forEach((side, at) => side.push(mean(drawn[at])));
    }
    draws.forEach((draw, at) => timed(contexts[at], draw));
    return { ours: times[0], byHand: times[1], differing: difference(...contexts) };
  }

  window.composition = { holdFrames, rounds };
})();
