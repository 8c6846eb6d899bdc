import type { Kit } from './kit.ts';

/** Whose sound it is. */
type Side = 'local' | 'remote';

/** What the sources are told with. */
export interface SoundSourceServices {
  readonly kit: Kit;
  readonly tell: (type: string, ...more: readonly unknown[]) => void;
}

const focus = [
  ...['call.promoted', 'call.demoted', 'call.terminated'],
  ...['call.primary.remote.audio.added', 'call.primary.remote.audio.removed'],
] as const;

/**
 * The microphone and the far end of the call in focus as nodes of Web Audio, which libwebphone tells of by
 * `audioContext.stream.<side>.changed`. They are made for a page that listens, in a context of their own.
 */
export class SoundSources {
  readonly #services: SoundSourceServices;
  readonly #tracks: Partial<Record<Side, MediaStreamTrack | undefined>> = {};
  readonly #nodes: Partial<Record<Side, AudioNode | null>> = {};
  #context: AudioContext | undefined;

  constructor(services: SoundSourceServices) {
    this.#services = services;
    const { ctx, calls } = services.kit.engine;
    for (const event of focus) {
      ctx.on(event, () => {
        const call = calls.primary();
        this.#use('remote', call?.isEnded() === false ? call.getRemoteTrack('audio') : undefined);
      });
    }
    for (const event of ['started', 'changed'] as const) {
      ctx.on(`mediaDevices.audio.input.${event}`, ({ parameters: { track } }) => {
        this.#use('local', track);
      });
    }
    ctx.on('mediaDevices.audio.input.stopped', () => {
      this.#use('local', undefined);
    });
    ctx.onDestroy(() => {
      this.#context?.close().catch(() => undefined);
    });
  }

  /** Lets them run where the browser has waited for a gesture of the user. */
  resume(): void {
    this.#context?.resume().catch(() => undefined);
  }

  #use(side: Side, track: MediaStreamTrack | undefined): void {
    const { kit, tell } = this.#services;
    const type = `stream.${side}.changed`;
    if (track === this.#tracks[side]) return;
    this.#tracks[side] = track;
    const previous = this.#nodes[side] ?? null;
    const now = track && kit.isHeard(`audioContext.${type}`) ? this.#sourceOf(track) : null;
    this.#nodes[side] = now;
    previous?.disconnect();
    if (Object.values(this.#nodes).some(Boolean)) this.resume();
    // Nobody needs it for now.
    else this.#context?.suspend().catch(() => undefined);
    if (now || previous) tell(type, now, previous);
  }

  #sourceOf(track: MediaStreamTrack): AudioNode | null {
    if (typeof AudioContext === 'undefined') return null;
    this.#context ??= new AudioContext();
    const mediaStream = new MediaStream([track]);
    return new MediaStreamAudioSourceNode(this.#context, { mediaStream });
  }
}
