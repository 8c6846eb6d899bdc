import { mayRelay } from './sending.ts';
import type { SipSession } from './session.ts';
import type { ByKind, CallSnapshot } from './snapshot.ts';

/** A mix that is sent in place of the microphone that is part of it. */
export interface SentMix {
  /** Sends a mix, or the microphone alone again. */
  readonly send: (track: MediaStreamTrack | null) => Promise<void>;
  /** The track that goes out when `track` is the call's own of this kind. */
  readonly instead: (kind: keyof ByKind, track: MediaStreamTrack | null) => MediaStreamTrack | null;
  /** What the session may let out. While a mix is sent, the microphone is switched before it. */
  readonly gate: (call: CallSnapshot) => ByKind;
}

/** No mix so far; `apply` lets out what the call may send now. */
export function createSentMix(
  session: SipSession,
  microphone: () => MediaStreamTrack | undefined,
  apply: () => void,
): SentMix {
  let mix: MediaStreamTrack | null = null;
  return {
    send: async (track) => {
      // The session never has the microphone while it may send more than that.
      mix = null;
      apply();
      await session.replaceTrack('audio', track ?? microphone() ?? null);
      mix = track;
      apply();
    },
    instead: (kind, track) => (kind === 'audio' && mix ? mix : track),
    gate: (call) => {
      if (!mix) return call.sending;
      const track = microphone();
      if (track) track.enabled = call.sending.audio;
      return { ...call.sending, audio: mayRelay(call) };
    },
  };
}
