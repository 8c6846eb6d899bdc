import { PhoneError } from '../../src/core/index.ts';
import type { EndOptions, SessionAnswer } from '../../src/core/index.ts';
import type { EndKnowledge } from './stackEnd.ts';
import { declineVideo } from './stackMedia.ts';
import type { RawSession } from './stackTypes.ts';

/** JsSIP's options for a stream of ours. */
export function mediaOptions(stream: MediaStream, config: RTCConfiguration): object {
  const hasVideo = stream.getVideoTracks().length > 0;
  return {
    mediaStream: stream,
    mediaConstraints: { audio: true, video: hasVideo },
    pcConfig: config,
  };
}

/** Resolves when the INVITE is on the wire: 'sending' is the moment before. */
export function launched(raw: RawSession): Promise<void> {
  return new Promise((resolve, reject) => {
    raw.on('sending', () => {
      resolve();
    });
    raw.on('failed', () => {
      reject(new PhoneError('call.ended'));
    });
  });
}

/** Answers; resolves when the 200 is on the wire. */
export function answered(
  raw: RawSession,
  { stream, video, receiveVideo, headers }: SessionAnswer,
  config: RTCConfiguration,
): Promise<void> {
  return new Promise((resolve, reject) => {
    raw.on('accepted', () => {
      resolve();
    });
    raw.on('failed', () => {
      reject(new PhoneError('call.ended'));
    });
    raw.on('connecting', () => {
      // The offer is applied by now, and the answer is not made yet.
      if (!receiveVideo) declineVideo(raw.connection);
    });
    raw.answer({
      mediaStream: stream,
      mediaConstraints: { audio: true, video },
      pcConfig: config,
      extraHeaders: headers,
    });
  });
}

/** Cancels, refuses or hangs up, whatever the state asks for. */
export function end(raw: RawSession, options: EndOptions, known: EndKnowledge): void {
  if (raw.isEnded()) return;
  // A status belongs to a refusal; a BYE or CANCEL has none unless it is asked for.
  known.statusCode =
    raw.direction === 'incoming' && !known.isUp ? (options.statusCode ?? 480) : null;
  raw.terminate({
    ...(options.statusCode === undefined ? {} : { status_code: options.statusCode }),
    ...(options.reason === undefined ? {} : { reason_phrase: options.reason }),
    extraHeaders: options.headers ?? [],
  });
}

/** Lets go of the media of a session that is over: JsSIP keeps sessions for another 32 seconds. */
export function letGo(raw: RawSession): void {
  raw._connection = null;
  raw._localMediaStream = null;
}
