import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { mediaHost } from './network.ts';
import { buildRtp, decodeMuLaw, DtmfReader, encodeMuLaw, parseRtp } from './rtp.ts';
import type { DtmfEvent } from './rtp.ts';
import { dominant, sine } from './tone.ts';
import type { Heard } from './tone.ts';

/** What an offer agreed on: payload types, the event clock in Hz, where to send. */
export interface Agreed {
  readonly codec: 'PCMU' | 'opus';
  readonly audioType: number;
  readonly eventType: number | undefined;
  readonly eventClock: number;
  readonly address: string;
  readonly port: number;
  readonly direction: 'sendrecv' | 'sendonly' | 'recvonly' | 'inactive';
}

/** The media half of a plain RTP far end: it sends a sine and keeps what arrives. */
export interface PlainMedia {
  readonly agree: (agreed: Agreed) => void;
  readonly packets: () => number;
  /** Arrival times in ms of all audio packets, on the clock of `performance.now()`. */
  readonly arrivals: () => readonly number[];
  readonly dtmf: () => readonly DtmfEvent[];
  /** The PCMU sound of the last `ms` milliseconds that arrived (500). */
  readonly hears: (ms?: number) => Heard;
  readonly silence: () => void;
  readonly close: () => void;
}

const rate = 8000;
const frame = 160;
const frameMs = 20;
/** An opus packet of 20 ms of nothing: the smallest that is valid. */
const opusSilence = Buffer.from([0xf8, 0xff, 0xfe]);

/** Opens an RTP port; nothing is sent before the first `agree`. */
export async function openPlainMedia(port: number, hz: number): Promise<PlainMedia> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => {
    socket.bind(port, mediaHost(), resolve);
  });
  const state: State = { arrivals: [], recent: [], dtmf: new DtmfReader() };
  socket.on('message', (data) => {
    receive(state, data);
  });
  const timer = startSending(state, { socket, hz });
  return {
    agree: (agreed) => {
      state.agreed = agreed;
    },
    packets: () => state.arrivals.length,
    arrivals: () => state.arrivals,
    dtmf: () => state.dtmf.list(),
    hears: (ms = 500) => {
      const since = performance.now() - ms;
      const parts = state.recent.filter(({ at }) => at >= since).map(({ samples }) => samples);
      return dominant(Float32Array.from(parts.flatMap((part) => [...part])), rate);
    },
    silence: () => {
      delete state.agreed;
    },
    close: () => {
      clearInterval(timer);
      socket.close();
    },
  };
}

interface State {
  agreed?: Agreed;
  readonly arrivals: number[];
  readonly recent: { readonly at: number; readonly samples: Float32Array }[];
  readonly dtmf: DtmfReader;
}

const keptFrames = 500;

function receive(state: State, data: Buffer): void {
  const packet = parseRtp(data);
  const { agreed } = state;
  if (packet === undefined || agreed === undefined) return;
  const at = performance.now();
  if (packet.payloadType === agreed.eventType) {
    state.dtmf.add(packet, at);
  } else if (packet.payloadType === agreed.audioType) {
    state.arrivals.push(at);
    if (agreed.codec !== 'PCMU') return;
    state.recent.push({ at, samples: Float32Array.from(packet.payload, decodeMuLaw) });
    if (state.recent.length > keptFrames) state.recent.shift();
  }
}

function startSending(
  state: State,
  { socket, hz }: { readonly socket: Socket; readonly hz: number },
): NodeJS.Timeout {
  const begun = performance.now();
  let sent = 0;
  const sendOne = (agreed: Agreed): void => {
    const isOpus = agreed.codec === 'opus';
    const samples = isOpus
      ? new Float32Array()
      : sine({ hz, rate, from: sent * frame, count: frame });
    const packet = buildRtp({
      payloadType: agreed.audioType,
      marker: sent === 0,
      sequence: sent,
      timestamp: sent * (isOpus ? 960 : frame),
      payload: isOpus ? opusSilence : Buffer.from(Uint8Array.from(samples, encodeMuLaw)),
    });
    socket.send(packet, agreed.port, agreed.address);
  };
  return setInterval(() => {
    // Timers come late on a busy machine: catch up instead of slowing the tone down.
    const due = Math.floor((performance.now() - begun) / frameMs);
    for (; sent < due; sent += 1) {
      const { agreed } = state;
      const maySend = agreed?.direction === 'sendrecv' || agreed?.direction === 'sendonly';
      if (agreed !== undefined && maySend) sendOne(agreed);
    }
  }, frameMs / 2);
}
