// window.harness, put into every page before anything else runs: it watches microphones and peer
// connections from outside the product, so that a test never has to ask the product about itself.
(() => {
  const tracks = [];
  const connections = [];
  const listeners = new Map();

  function remember(track, origin) {
    if (!tracks.some((known) => known.track === track)) tracks.push({ track, origin });
    return track;
  }
  const originOf = (track) => tracks.find((known) => known.track === track)?.origin ?? 'other';

  function watchCapture(name) {
    const devices = navigator.mediaDevices;
    const original = devices?.[name]?.bind(devices);
    if (original === undefined) return;
    devices[name] = async (...args) => {
      const stream = await original(...args);
      for (const track of stream.getTracks()) remember(track, name);
      return stream;
    };
  }
  watchCapture('getUserMedia');
  watchCapture('getDisplayMedia');

  const cloneTrack = MediaStreamTrack.prototype.clone;
  MediaStreamTrack.prototype.clone = function clone() {
    return remember(cloneTrack.call(this), originOf(this));
  };
  const cloneStream = MediaStream.prototype.clone;
  MediaStream.prototype.clone = function clone() {
    const copy = cloneStream.call(this);
    // A copy keeps kinds and labels but not ids: pair the tracks by kind and place.
    for (const kind of ['audio', 'video']) {
      const of = (stream) => stream.getTracks().filter((track) => track.kind === kind);
      of(copy).forEach((track, index) => remember(track, originOf(of(this)[index])));
    }
    return copy;
  };

  window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
    construct(target, args, newTarget) {
      const connection = Reflect.construct(target, args, newTarget);
      connections.push(connection);
      return connection;
    },
  });

  function describe(value) {
    if (value instanceof Error) return value.stack ?? String(value);
    if (value === null || typeof value !== 'object') return String(value);
    const seen = new WeakSet();
    try {
      return JSON.stringify(value, (_, inner) => {
        if (inner === null || typeof inner !== 'object') return inner;
        if (seen.has(inner)) return undefined;
        seen.add(inner);
        return inner instanceof Map ? [...inner] : inner;
      });
    } catch {
      return String(value);
    }
  }
  for (const level of ['debug', 'log', 'info', 'warn', 'error', 'trace', 'dir', 'table']) {
    const original = console[level].bind(console);
    console[level] = (...args) => {
      // What a console shows of an object is cut short; a secret may be in the rest.
      window.harnessConsole?.(`${level}: ${args.map(describe).join(' ')}`);
      original(...args);
    };
  }

  // Negative places count from the end, as in Array.prototype.at.
  function connectionAt(place) {
    const connection = connections.at(place);
    if (connection === undefined) throw new Error(`there is no peer connection ${place}`);
    return connection;
  }

  function rtpOf(reports, type, kind) {
    const list = [...reports.values()].filter((r) => r.type === type && r.kind === kind);
    // After a replaced or renegotiated stream there may be several: the newest has the counters.
    const report = list.at(-1);
    if (report === undefined) return null;
    const [packets, bytes, frames] =
      type === 'inbound-rtp'
        ? ['packetsReceived', 'bytesReceived', 'framesDecoded']
        : ['packetsSent', 'bytesSent', 'framesEncoded'];
    return {
      packets: report[packets],
      bytes: report[bytes],
      lost: report.packetsLost ?? 0,
      energy: report.totalAudioEnergy ?? 0,
      level: report.audioLevel ?? 0,
      frames: report[frames] ?? 0,
      codec: reports.get(report.codecId)?.mimeType ?? '',
    };
  }

  async function stats(place) {
    const connection = connectionAt(place);
    const reports = await connection.getStats();
    const both = (kind) => ({
      inbound: rtpOf(reports, 'inbound-rtp', kind),
      outbound: rtpOf(reports, 'outbound-rtp', kind),
    });
    return {
      state: connection.connectionState,
      ice: connection.iceConnectionState,
      signaling: connection.signalingState,
      directions: connection.getTransceivers().map((t) => t.currentDirection),
      audio: both('audio'),
      video: both('video'),
    };
  }

  let context;
  async function tap(place, fftSize) {
    const tracksIn = connectionAt(place)
      .getReceivers()
      .map((receiver) => receiver.track)
      .filter((track) => track.kind === 'audio');
    if (tracksIn.length === 0) throw new Error(`peer connection ${place} receives no audio`);
    const stream = new MediaStream(tracksIn);
    // Chromium decodes a remote stream for Web Audio only while an element plays it.
    const element = new Audio();
    element.muted = true;
    element.srcObject = stream;
    void element.play().catch(() => undefined);
    context ??= new AudioContext();
    await context.resume();
    const source = context.createMediaStreamSource(stream);
    const analyser = context.createAnalyser();
    analyser.fftSize = fftSize;
    analyser.smoothingTimeConstant = 0;
    source.connect(analyser);
    const close = () => {
      source.disconnect();
      element.srcObject = null;
    };
    return { analyser, rate: context.sampleRate, close };
  }

  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const rmsOf = (samples) =>
    Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);

  function peaksOf(power, binHz) {
    const peaks = [];
    for (let i = 2; i < power.length - 2; i += 1) {
      const isTop = [i - 2, i - 1, i + 1, i + 2].every((j) => power[i] >= power[j]);
      if (isTop && power[i] > 0) {
        peaks.push({ hz: Math.round(i * binHz), db: Math.round(10 * Math.log10(power[i])) });
      }
    }
    peaks.sort((a, b) => b.db - a.db);
    return peaks.filter((peak) => peak.db > Math.max(-70, peaks[0].db - 40)).slice(0, 6);
  }

  /** The loudest frequencies during the next `ms`, averaged over many looks, loudest first. */
  async function hear(place, ms) {
    const { analyser, rate, close } = await tap(place, 8192);
    const bins = new Float32Array(analyser.frequencyBinCount);
    const samples = new Float32Array(2048);
    const power = new Float64Array(bins.length);
    const levels = [];
    // The analyser starts empty: let one whole window of sound in first.
    await wait((8192 / rate) * 1000);
    const end = performance.now() + ms;
    do {
      analyser.getFloatFrequencyData(bins);
      analyser.getFloatTimeDomainData(samples);
      bins.forEach((db, i) => {
        power[i] += Number.isFinite(db) ? 10 ** (db / 10) : 0;
      });
      levels.push(rmsOf(samples));
      await wait(50);
    } while (performance.now() < end);
    close();
    const peaks = peaksOf(
      power.map((sum) => sum / levels.length),
      rate / analyser.fftSize,
    );
    const rms = levels.reduce((sum, level) => sum + level, 0) / levels.length;
    return { hz: peaks[0]?.hz ?? 0, peaks, rms };
  }

  /** Average colour and size of the picture that an element shows now; null before the first. */
  function pictureOf(video) {
    if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA || video.videoWidth === 0)
      return null;
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [16, 16];
    const drawing = canvas.getContext('2d');
    drawing.drawImage(video, 0, 0, canvas.width, canvas.height);
    const { data } = drawing.getImageData(0, 0, canvas.width, canvas.height);
    const sums = [0, 0, 0];
    data.forEach((value, i) => {
      if (i % 4 < 3) sums[i % 4] += value;
    });
    const colour = sums.map((sum) => Math.round((sum * 4) / data.length));
    return { colour, width: video.videoWidth, height: video.videoHeight };
  }

  function trackOf(what) {
    if (typeof what !== 'number') return what;
    const tracksIn = connectionAt(what)
      .getReceivers()
      .map((receiver) => receiver.track)
      .filter((track) => track.kind === 'video');
    // As with counters: what was negotiated last is what is received now.
    return tracksIn.at(-1);
  }

  /** What an element shows now, or the next picture of a track or of what a connection receives. */
  async function look(what) {
    if (what instanceof HTMLVideoElement) return pictureOf(what);
    const track = trackOf(what);
    if (track === undefined) return null;
    const video = document.createElement('video');
    video.muted = true;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
    // A disabled track still sends a black picture now and then, an ended one nothing.
    const next = new Promise((resolve) => video.requestVideoFrameCallback(resolve));
    await Promise.race([next, wait(3000)]);
    const seen = pictureOf(video);
    video.srcObject = null;
    return seen;
  }

  const rows = [697, 770, 852, 941];
  const columns = [1209, 1336, 1477, 1633];
  const keys = ['123A', '456B', '789C', '*0#D'];

  function powerAt(samples, rate, hz) {
    const coefficient = 2 * Math.cos((2 * Math.PI * hz) / rate);
    let [last, before] = [0, 0];
    for (const sample of samples) [last, before] = [sample + coefficient * last - before, last];
    return last * last + before * before - coefficient * last * before;
  }

  function digitIn(samples, rate) {
    const loudest = (list) => {
      const powers = list.map((hz) => powerAt(samples, rate, hz));
      const most = Math.max(...powers);
      return { index: powers.indexOf(most), power: most };
    };
    const row = loudest(rows);
    const column = loudest(columns);
    const energy = samples.reduce((sum, sample) => sum + sample * sample, 0);
    // Two sines hold all the energy of a digit: each then reaches a quarter of energy × length.
    const share = (row.power + column.power) / ((energy * samples.length) / 2 || 1);
    const isBalanced = Math.min(row.power, column.power) > 0.1 * Math.max(row.power, column.power);
    return energy / samples.length > 1e-5 && share > 0.6 && isBalanced
      ? keys[row.index][column.index]
      : null;
  }

  /** Starts to look every 20 ms for DTMF digits and for the level in what a connection receives. */
  async function listen(place) {
    const { analyser, rate, close } = await tap(place, 2048);
    const samples = new Float32Array(1024);
    const levels = [];
    const digits = [];
    const timer = setInterval(() => {
      const at = performance.now();
      analyser.getFloatTimeDomainData(samples);
      levels.push({ at, rms: rmsOf(samples) });
      const digit = digitIn(samples, rate);
      const last = digits.at(-1);
      if (digit === null) return;
      if (last?.digit === digit && at - last.endMs < 45) last.endMs = at;
      else digits.push({ digit, startMs: at, endMs: at });
    }, 20);
    listeners.set(place, {
      heard: () => ({ digits: digits.map((d) => ({ ...d, ms: d.endMs - d.startMs })), levels }),
      stop: () => {
        clearInterval(timer);
        close();
      },
    });
  }

  window.harness = {
    connections,
    stats,
    hear,
    look,
    listen,
    heard: (place) => listeners.get(place)?.heard() ?? { digits: [], levels: [] },
    stopListening(place) {
      listeners.get(place)?.stop();
      listeners.delete(place);
    },
    liveTracks() {
      // What has ended never lives again: to keep it would keep its streams from the collector.
      const live = tracks.filter(({ track }) => track.readyState === 'live');
      tracks.splice(0, tracks.length, ...live);
      return live
        .filter(({ origin }) => origin !== 'other')
        .map(({ track, origin }) => ({
          kind: track.kind,
          label: track.label,
          enabled: track.enabled,
          origin,
        }));
    },
    /** Lets go of the connections so far: what is closed may be collected. */
    forget() {
      connections.length = 0;
    },
  };
})();
