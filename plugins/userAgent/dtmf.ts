import { PhoneError } from '../../src/core/index.ts';
import type { Clock, DtmfOptions } from '../../src/core/index.ts';

// What is left of it between the first and the last packet of an event is 120 ms.
const defaultDuration = 140;
const defaultGap = 70;
// The bounds that the WebRTC specification sets to what a page may ask for, in milliseconds.
const longest = 6000;
const shortestGap = 50;

/** How one digit leaves. */
export interface DtmfPath {
  /** Sends one digit; resolves when it and the gap after it are over. Times in milliseconds. */
  readonly send: (digit: string, duration: number, gap: number) => Promise<void>;
}

/** Sends the digits one after another; resolves when the last one has sounded. */
export async function sendDigits(
  digits: string,
  options: DtmfOptions,
  path: DtmfPath,
): Promise<void> {
  const { duration = defaultDuration, gap = defaultGap } = options;
  for (const digit of digits) await path.send(digit, duration, gap);
}

/** Sends digits after those that were asked for before: a second insertion would cut them off. */
export function digitQueue(): typeof sendDigits {
  let last: Promise<void> = Promise.resolve();
  return (digits, options, path) => {
    const sent = last.then(() => sendDigits(digits, options, path));
    last = sent.catch(() => undefined);
    return sent;
  };
}

/** RTP events (RFC 4733) by the connection's audio sender. Rejects with `call.stateInvalid`. */
export function rtpEvents(connection: RTCPeerConnection, clock: Clock): DtmfPath {
  return {
    send: (digit, duration, gap) => {
      const sender = connection.getSenders().find(({ dtmf }) => dtmf?.canInsertDTMF === true);
      const dtmf = sender?.dtmf;
      if (!dtmf) return Promise.reject(new PhoneError('call.stateInvalid'));
      const asked = Math.min(longest, duration * stretch(sender));
      const pause = Math.max(shortestGap, gap);
      return new Promise((resolve, reject) => {
        // An empty tone says that all is played; a closed connection says nothing any more.
        const finish = (): void => {
          dtmf.removeEventListener('tonechange', onTone);
          stop();
          resolve();
        };
        const onTone = ({ tone }: RTCDTMFToneChangeEvent): void => {
          if (tone === '') finish();
        };
        const stop = clock.after(asked + pause + 1000, finish);
        dtmf.addEventListener('tonechange', onTone);
        try {
          dtmf.insertDTMF(digit, asked, pause);
        } catch (error) {
          reject(new PhoneError('call.stateInvalid', { cause: error }));
          finish();
        }
      });
    },
  };
}

/**
 * How much longer than the tone itself a tone must be asked for. Browsers count the length of an
 * event in the clock of the codec that it sends, 48 kHz for opus, and send it in the 8 kHz clock
 * of the event where the far end takes no other: it then lasts a sixth.
 */
function stretch(sender: RTCRtpSender): number {
  const [first, ...rest] = sender.getParameters().codecs;
  const events = rest.filter(({ mimeType }) => mimeType.toLowerCase() === 'audio/telephone-event');
  const clocks = events.map(({ clockRate }) => clockRate);
  if (!first || clocks.length === 0) return 1;
  return Math.max(1, first.clockRate / Math.min(...clocks));
}

/** SIP INFO with `application/dtmf-relay`, which most servers understand. */
export function infoDigits(send: (body: string) => void, clock: Clock): DtmfPath {
  return {
    send: (digit, duration, gap) => {
      send(`Signal=${digit}\r\nDuration=${String(duration)}`);
      return new Promise((resolve) => {
        clock.after(duration + gap, resolve);
      });
    },
  };
}
