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
 * `audioContext.stream.<side>.changed`. They are made for a page that listens, at latest a second later, in a context of their own.
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
    // Whoever has begun to listen meanwhile.
    ctx.on('call.timeupdate', this.#look);
    ctx.onDestroy(() => {
      this.#context?.close().catch(() => undefined);
    });
  }

  /** Makes what is listened to by now, and lets it run where the browser has waited for a gesture of the user. */
  start(): void {
    this.#look();
    this.#resume();
  }

  readonly #look = (): void => {
    for (const side of ['local', 'remote'] as const) this.#use(side, this.#tracks[side]);
  };

  #resume(): void {
    this.#context?.resume().catch(() => undefined);
  }

  #use(side: Side, track: MediaStreamTrack | undefined): void {
    const isWanted = track && this.#services.kit.isHeard(`audioContext.stream.${side}.changed`);
    if (track === this.#tracks[side] && (this.#nodes[side] || !isWanted)) return;
    this.#tracks[side] = track;
    this.#replace(side, isWanted ? this.#sourceOf(track) : null);
  }

  #replace(side: Side, now: AudioNode | null): void {
    const previous = this.#nodes[side] ?? null;
    this.#nodes[side] = now;
    previous?.disconnect();
    if (Object.values(this.#nodes).some(Boolean)) this.#resume();
    // Nobody needs it for now.
    else this.#context?.suspend().catch(() => undefined);
    if (now || previous) this.#services.tell(`stream.${side}.changed`, now, previous);
  }

  #sourceOf(track: MediaStreamTrack): AudioNode | null {
    if (typeof AudioContext === 'undefined') return null;
    this.#context ??= new AudioContext();
    const mediaStream = new MediaStream([track]);
    return new MediaStreamAudioSourceNode(this.#context, { mediaStream });
  }
}
