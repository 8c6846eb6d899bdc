/** One RTP packet, as far as the tests look into it. */
export interface RtpPacket {
  readonly payloadType: number;
  readonly marker: boolean;
  readonly sequence: number;
  readonly timestamp: number;
  readonly payload: Buffer;
}

/** One telephone event (RFC 4733) as it arrived: milliseconds on the test's own clock. */
export interface DtmfEvent {
  readonly digit: string;
  /** Arrival of the first and of the last packet, less the retransmissions of the end. */
  readonly firstMs: number;
  readonly lastMs: number;
  readonly durationMs: number;
  /** The duration the last packet states, in steps of the event's RTP clock. */
  readonly steps: number;
  readonly packets: number;
  readonly hasEnd: boolean;
}

const digits = '0123456789*#ABCD';

/** Takes a datagram apart; undefined when it is no RTP (RTCP, STUN). */
export function parseRtp(data: Buffer): RtpPacket | undefined {
  if (data.length < 12 || data.readUInt8(0) >> 6 !== 2) return undefined;
  const second = data.readUInt8(1);
  if (second >= 192 && second <= 223) return undefined;
  let offset = 12 + (data.readUInt8(0) & 15) * 4;
  const hasExtension = (data.readUInt8(0) & 16) !== 0;
  if (hasExtension) offset += 4 + data.readUInt16BE(offset + 2) * 4;
  return {
    payloadType: second & 127,
    marker: second > 127,
    sequence: data.readUInt16BE(2),
    timestamp: data.readUInt32BE(4),
    payload: data.subarray(offset),
  };
}

/** A packet ready to send, from source 0x434f5244. */
export function buildRtp(packet: RtpPacket): Buffer {
  const header = Buffer.alloc(12);
  header.writeUInt8(0x80, 0);
  header.writeUInt8(packet.payloadType | (packet.marker ? 128 : 0), 1);
  header.writeUInt16BE(packet.sequence & 0xffff, 2);
  header.writeUInt32BE(packet.timestamp >>> 0, 4);
  header.writeUInt32BE(0x434f5244, 8);
  return Buffer.concat([header, packet.payload]);
}

/** G.711 mu-law to a sample between -1 and 1. */
export function decodeMuLaw(byte: number): number {
  const value = ~byte & 0xff;
  const exponent = (value >> 4) & 7;
  const magnitude = (((value & 15) << 3) + 132) * 2 ** exponent - 132;
  return ((value & 128) !== 0 ? -magnitude : magnitude) / 32768;
}

/** A sample between -1 and 1 to G.711 mu-law. */
export function encodeMuLaw(sample: number): number {
  const magnitude = Math.min(32635, Math.round(Math.abs(sample) * 32768)) + 132;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
  const mantissa = (magnitude >> (exponent + 3)) & 15;
  return ~((sample < 0 ? 128 : 0) | (exponent << 4) | mantissa) & 0xff;
}

/** Puts the packets of telephone events together; packets of one event share a timestamp. */
export class DtmfReader {
  private readonly events = new Map<number, DtmfEvent>();

  add(packet: RtpPacket, atMs: number): void {
    if (packet.payload.length < 4) return;
    const known = this.events.get(packet.timestamp);
    // The end is sent three times; only its first packet tells when the tone was over.
    if (known?.hasEnd === true) return;
    const firstMs = known?.firstMs ?? atMs;
    this.events.set(packet.timestamp, {
      digit: digits[packet.payload.readUInt8(0)] ?? '?',
      firstMs,
      lastMs: atMs,
      durationMs: atMs - firstMs,
      steps: packet.payload.readUInt16BE(2),
      packets: (known?.packets ?? 0) + 1,
      hasEnd: (packet.payload.readUInt8(1) & 128) !== 0,
    });
  }

  list(): readonly DtmfEvent[] {
    return [...this.events.values()];
  }
}
