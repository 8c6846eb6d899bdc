import { PhoneError } from '../../src/core/index.ts';
import type { Call, Off } from '../../src/core/index.ts';

/** Mixes the sound of calls: each hears the user and all the others, and not itself. */
export interface Mixer {
  /** Takes a call in, and gives what is to be sent to it. */
  readonly add: (call: Call) => MediaStreamTrack;
  /** The call has another microphone, or the far end another track or holds: takes up what it has now. */
  readonly refresh: (call: Call) => void;
  /** Nobody hears the far end of this call, or everybody does again. */
  readonly silence: (call: Call, isSilent: boolean) => void;
  /** Takes a call out; what was sent to it ends. */
  readonly remove: (callId: string) => void;
  /** Ends all tracks, and the AudioContext. */
  readonly close: Off;
}

interface Input {
  readonly track: MediaStreamTrack;
  readonly node: AudioNode;
}

interface Leg {
  /** What the call is sent. */
  readonly line: MediaStreamAudioDestinationNode;
  /** What the others hear of it. */
  readonly voice: GainNode;
  microphone: Input | undefined;
  remote: Input | undefined;
  /** By wish of the user. */
  isSilent: boolean;
}

/**
 * A mixer with no calls, of the rate of the system unless another one is given. Throws `media.failed`
 * where the browser cannot mix.
 */
export function createMixer(sampleRate?: number): Mixer {
  if (typeof AudioContext === 'undefined') throw new PhoneError('media.failed');
  const context = new AudioContext({
    latencyHint: 'interactive',
    ...(sampleRate !== undefined && { sampleRate }),
  });
  const legs = new Map<string, Leg>();
  const wake = (): void => {
    if (context.state === 'running' || context.state === 'closed') return;
    // Where it may not run before a gesture it waits, for ever maybe.
    context.resume().catch(() => undefined);
  };
  // A system that has taken the sound away, for a call of its own, gives it back.
  context.addEventListener('statechange', wake);
  const remove = (callId: string): void => {
    const leg = legs.get(callId);
    if (!leg) return;
    legs.delete(callId);
    leg.microphone?.node.disconnect();
    leg.remote?.node.disconnect();
    leg.voice.disconnect();
    for (const { voice } of legs.values()) voice.disconnect(leg.line);
    for (const track of leg.line.stream.getTracks()) track.stop();
  };
  const refresh = (call: Call): void => {
    const leg = legs.get(call.id);
    if (!leg) return;
    setGain(leg, call);
    leg.microphone = follow(leg.microphone, call.getLocalTrack('audio'), leg.line);
    leg.remote = follow(leg.remote, call.getRemoteTrack('audio'), leg.voice);
  };
  return {
    add: (call) => {
      const line = new MediaStreamAudioDestinationNode(context, { channelCount: 1 });
      const voice = new GainNode(context);
      const [track] = line.stream.getAudioTracks();
      if (!track) throw new PhoneError('media.failed');
      for (const other of legs.values()) {
        other.voice.connect(line);
        voice.connect(other.line);
      }
      legs.set(call.id, {
        ...{ line, voice, microphone: undefined, remote: undefined, isSilent: false },
      });
      refresh(call);
      wake();
      return track;
    },
    refresh,
    silence: (call, isSilent) => {
      const leg = legs.get(call.id);
      if (!leg) return;
      leg.isSilent = isSilent;
      setGain(leg, call);
    },
    remove,
    close: () => {
      context.removeEventListener('statechange', wake);
      for (const callId of [...legs.keys()]) remove(callId);
      context.close().catch(() => undefined);
    },
  };
}

// What a far end plays to who waits is for nobody else to hear.
function setGain({ voice, isSilent }: Leg, { snapshot }: Call): void {
  voice.gain.value = isSilent || snapshot.hold.remote ? 0 : 1;
}

// A track that is switched off, as the microphone is while it is muted, gives silence.
function follow(
  former: Input | undefined,
  track: MediaStreamTrack | undefined,
  output: AudioNode,
): Input | undefined {
  if (former?.track === track) return former;
  former?.node.disconnect();
  if (!track) return undefined;
  const node = new MediaStreamAudioSourceNode(output.context as AudioContext, {
    mediaStream: new MediaStream([track]),
  });
  node.connect(output);
  return { track, node };
}
