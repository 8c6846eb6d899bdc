/** A device, as the fake machine knows it. */
export interface FakeDevice {
  readonly deviceId: string;
  readonly kind: MediaDeviceKind;
  readonly label: string;
  readonly groupId?: string;
  /** True: what its sound goes through can be changed while it runs. */
  readonly isFlexible?: boolean;
}

/** A track of the fake machine. */
export interface FakeTrack extends MediaStreamTrack {
  readonly deviceId: string;
}

let trackIds = 0;

interface MadeOf {
  readonly device: FakeDevice;
  readonly all: Set<FakeTrack>;
  readonly settings: MediaTrackSettings;
}

/** What constraints make of a microphone's sound. */
export function flags(wanted: boolean | MediaTrackConstraints | undefined): MediaTrackSettings {
  const given = typeof wanted === 'object' ? wanted : {};
  return {
    autoGainControl: given.autoGainControl !== false,
    echoCancellation: given.echoCancellation !== false,
    noiseSuppression: given.noiseSuppression !== false,
  };
}

class FakeTrackTarget extends EventTarget {
  readonly id: string = `track${String((trackIds += 1))}`;
  readonly kind: 'audio' | 'video';
  readonly label: string;
  readonly deviceId: string;
  enabled = true;
  muted = false;
  contentHint = '';
  readyState: MediaStreamTrackState = 'live';
  onended: ((event: Event) => void) | null = null;
  #made: MadeOf;

  constructor(made: MadeOf) {
    super();
    const { device } = made;
    this.#made = made;
    this.kind = device.kind === 'videoinput' ? 'video' : 'audio';
    this.label = device.label;
    this.deviceId = device.deviceId;
  }
  clone(): FakeTrack {
    const { device, all } = this.#made;
    const copy = createTrack(device, all, this.#made.settings);
    copy.enabled = this.enabled;
    if (this.readyState === 'ended') copy.stop();
    return copy;
  }
  stop(): void {
    this.readyState = 'ended';
  }
  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId, ...this.#made.settings };
  }
  getConstraints(): MediaTrackConstraints {
    return {};
  }
  getCapabilities(): MediaTrackCapabilities {
    return {};
  }
  // Most browsers decide what happens to the sound when they open the device, and say nothing.
  applyConstraints(wanted: MediaTrackConstraints): Promise<void> {
    if (this.#made.device.isFlexible) {
      this.#made = { ...this.#made, settings: { ...this.#made.settings, ...flags(wanted) } };
    }
    return Promise.resolve();
  }
}

/** A live track of a device; `all` keeps every track there ever was. */
export function createTrack(
  device: FakeDevice,
  all: Set<FakeTrack>,
  settings: MediaTrackSettings = {},
): FakeTrack {
  const track = new FakeTrackTarget({ device, all, settings }) as unknown as FakeTrack;
  all.add(track);
  return track;
}

/** The operating system mutes a track, or lets it through again. */
export function silenceTrack(track: FakeTrack, isMuted: boolean): void {
  Object.assign(track, { muted: isMuted });
  track.dispatchEvent(new Event(isMuted ? 'mute' : 'unmute'));
}

/** Ends a track as the browser does, with an event; `stop()` is silent. */
export function endTrack(track: FakeTrack): void {
  track.stop();
  const event = new Event('ended');
  track.onended?.(event);
  track.dispatchEvent(event);
}

export class FakeStream extends EventTarget {
  readonly id: string = `stream${String((trackIds += 1))}`;
  #tracks: MediaStreamTrack[];

  constructor(from: readonly MediaStreamTrack[] | MediaStream = []) {
    super();
    this.#tracks = 'getTracks' in from ? from.getTracks() : [...from];
  }
  get active(): boolean {
    return this.#tracks.some(({ readyState }) => readyState === 'live');
  }
  getTracks(): MediaStreamTrack[] {
    return [...this.#tracks];
  }
  getAudioTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'audio');
  }
  getVideoTracks(): MediaStreamTrack[] {
    return this.#tracks.filter(({ kind }) => kind === 'video');
  }
  getTrackById(id: string): MediaStreamTrack | null {
    return this.#tracks.find((track) => track.id === id) ?? null;
  }
  addTrack(track: MediaStreamTrack): void {
    if (!this.#tracks.includes(track)) this.#tracks.push(track);
  }
  removeTrack(track: MediaStreamTrack): void {
    this.#tracks = this.#tracks.filter((other) => other !== track);
  }
  clone(): FakeStream {
    return new FakeStream(this.#tracks.map((track) => track.clone()));
  }
}
