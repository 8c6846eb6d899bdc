import { afterEach } from 'vitest';

/** A device, as the fake machine knows it. */
export interface FakeDevice {
  readonly deviceId: string;
  readonly kind: MediaDeviceKind;
  readonly label: string;
  readonly groupId?: string;
}

/** What a fake machine starts with. */
export interface FakeMediaOptions {
  /** Default: two microphones `mic1` and `mic2`, a speaker, a camera. */
  readonly devices?: readonly FakeDevice[];
  /** True: getUserMedia waits for `allow` or `deny`. Default false: it is granted at once. */
  readonly asks?: boolean;
  /** True: `navigator.mediaDevices` is missing, as on an insecure page. */
  readonly isInsecure?: boolean;
}

/** The fake machine: its devices, its permission question, and every track it ever handed out. */
export interface FakeMedia {
  /** The constraints of every getUserMedia so far. */
  readonly requests: readonly MediaStreamConstraints[];
  /** How many permission questions are open. */
  readonly pending: () => number;
  /** Answers the oldest open question with yes. */
  readonly allow: () => Promise<void>;
  /** Answers the oldest open question with an error, `NotAllowedError` by default. */
  readonly deny: (name?: string, message?: string) => Promise<void>;
  /** The next getUserMedia fails with this error at once. */
  readonly failNext: (name: string, message?: string) => void;
  /** Every getUserMedia fails with this error until `recover`. */
  readonly failAlways: (name: string, message?: string) => void;
  readonly recover: () => void;
  /** Connects a device and says so. */
  readonly plug: (device: FakeDevice) => Promise<void>;
  /** Disconnects a device: its tracks end, and the browser says so. */
  readonly unplug: (deviceId: string) => Promise<void>;
  /** All tracks that are live, clones included; what must be empty when nothing needs them. */
  readonly liveTracks: () => readonly FakeTrack[];
  /** How many listeners wait for `devicechange`. */
  readonly listeners: () => number;
}

/** A track of the fake machine. */
export interface FakeTrack extends MediaStreamTrack {
  readonly deviceId: string;
}

const machine: readonly FakeDevice[] = [
  { deviceId: 'mic1', kind: 'audioinput', label: 'Desk microphone', groupId: 'desk' },
  { deviceId: 'mic2', kind: 'audioinput', label: 'Headset microphone', groupId: 'headset' },
  { deviceId: 'speaker1', kind: 'audiooutput', label: 'Loudspeaker', groupId: 'desk' },
  { deviceId: 'cam1', kind: 'videoinput', label: 'Camera', groupId: 'desk' },
];

let restore = (): void => undefined;

afterEach(() => {
  restore();
});

interface Question {
  readonly constraints: MediaStreamConstraints;
  readonly resolve: (stream: MediaStream) => void;
  readonly reject: (error: DOMException) => void;
}

/** Puts a fake machine behind `navigator.mediaDevices` and `MediaStream` until the test is over. */
export function fakeMedia(options: FakeMediaOptions = {}): FakeMedia {
  let devices = options.devices ?? machine;
  let isGranted = false;
  let failure: DOMException | undefined;
  let nextFailure: DOMException | undefined;
  let heard = 0;
  const requests: MediaStreamConstraints[] = [];
  const questions: Question[] = [];
  const tracks = new Set<FakeTrack>();

  const grant = (constraints: MediaStreamConstraints): MediaStream => {
    const chosen = (['audio', 'video'] as const)
      .filter((kind) => constraints[kind] !== undefined && constraints[kind] !== false)
      .map((kind) => pick(devices, kind, constraints[kind]));
    isGranted = true;
    const opened = chosen.map((device) => createTrack(device, tracks));
    return new FakeStream(opened) as unknown as MediaStream;
  };
  const getUserMedia = (constraints: MediaStreamConstraints): Promise<MediaStream> => {
    // A copy: whoever changes the constraints afterwards must not change what was asked.
    requests.push(structuredClone(constraints));
    const error = nextFailure ?? failure;
    nextFailure = undefined;
    if (error) return Promise.reject(error);
    if (!options.asks) return attempt(() => grant(constraints));
    return new Promise((resolve, reject) => {
      questions.push({ constraints, resolve, reject });
    });
  };
  const target = new EventTarget();
  const add = target.addEventListener.bind(target);
  const remove = target.removeEventListener.bind(target);
  const api = Object.assign(target, {
    getUserMedia,
    enumerateDevices: (): Promise<MediaDeviceInfo[]> => Promise.resolve(listed(devices, isGranted)),
    addEventListener: (...args: Parameters<typeof add>): void => {
      heard += 1;
      add(...args);
    },
    removeEventListener: (...args: Parameters<typeof remove>): void => {
      heard -= 1;
      remove(...args);
    },
  });
  restore = install(options.isInsecure ? undefined : api);
  const next = (): Question => {
    const question = questions.shift();
    if (!question) throw new Error('No permission question is open.');
    return question;
  };
  const changed = async (): Promise<void> => {
    target.dispatchEvent(new Event('devicechange'));
    await turns();
  };
  return {
    requests,
    pending: () => questions.length,
    allow: async () => {
      const { constraints, resolve, reject } = next();
      attempt(() => grant(constraints)).then(resolve, reject);
      await turns();
    },
    deny: async (name = 'NotAllowedError', message = 'Permission denied') => {
      next().reject(new DOMException(message, name));
      await turns();
    },
    failNext: (name, message = name) => {
      nextFailure = new DOMException(message, name);
    },
    failAlways: (name, message = name) => {
      failure = new DOMException(message, name);
    },
    recover: () => {
      failure = undefined;
    },
    plug: (device) => {
      devices = [...devices, device];
      return changed();
    },
    unplug: (deviceId) => {
      devices = devices.filter((device) => device.deviceId !== deviceId);
      for (const track of tracks) {
        if (track.deviceId === deviceId && track.readyState === 'live') endTrack(track);
      }
      return changed();
    },
    liveTracks: () => [...tracks].filter(({ readyState }) => readyState === 'live'),
    listeners: () => heard,
  };
}

const kinds = { audio: 'audioinput', video: 'videoinput' } as const;

function pick(
  devices: readonly FakeDevice[],
  kind: 'audio' | 'video',
  wanted: boolean | MediaTrackConstraints | undefined,
): FakeDevice {
  const present = devices.filter((device) => device.kind === kinds[kind]);
  const first = present[0];
  if (!first) throw new DOMException('Requested device not found', 'NotFoundError');
  const { exact, ideal } = idOf(wanted);
  const match = present.find(({ deviceId }) => (exact ?? ideal)?.includes(deviceId));
  if (exact && !match) throw new DOMException('deviceId', 'OverconstrainedError');
  // A browser gives the first device when a wish cannot be met, which is what `ideal` means.
  return match ?? first;
}

function idOf(wanted: boolean | MediaTrackConstraints | undefined): {
  readonly exact?: readonly string[];
  readonly ideal?: readonly string[];
} {
  const id = typeof wanted === 'object' ? wanted.deviceId : undefined;
  if (id === undefined) return {};
  if (typeof id === 'string' || Array.isArray(id)) return { ideal: [id].flat() };
  const { exact, ideal } = id;
  return {
    ...(exact === undefined ? {} : { exact: [exact].flat() }),
    ...(ideal === undefined ? {} : { ideal: [ideal].flat() }),
  };
}

// Without permission a browser tells one device of each kind, and of it not what it is.
function listed(devices: readonly FakeDevice[], isGranted: boolean): MediaDeviceInfo[] {
  if (isGranted) return devices.map((device) => info({ groupId: '', ...device }));
  const kinds = new Set(devices.map(({ kind }) => kind));
  return [...kinds].map((kind) => info({ kind, deviceId: '', label: '', groupId: '' }));
}

function info(told: Required<FakeDevice>): MediaDeviceInfo {
  return { ...told, toJSON: () => told };
}

let trackIds = 0;

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
  readonly #device: FakeDevice;
  readonly #all: Set<FakeTrack>;

  constructor(device: FakeDevice, all: Set<FakeTrack>) {
    super();
    this.#device = device;
    this.#all = all;
    this.kind = device.kind === 'videoinput' ? 'video' : 'audio';
    this.label = device.label;
    this.deviceId = device.deviceId;
  }
  clone(): FakeTrack {
    const copy = createTrack(this.#device, this.#all);
    copy.enabled = this.enabled;
    if (this.readyState === 'ended') copy.stop();
    return copy;
  }
  stop(): void {
    this.readyState = 'ended';
  }
  getSettings(): MediaTrackSettings {
    return { deviceId: this.deviceId };
  }
  getConstraints(): MediaTrackConstraints {
    return {};
  }
  getCapabilities(): MediaTrackCapabilities {
    return {};
  }
  applyConstraints(): Promise<void> {
    return Promise.resolve();
  }
}

function createTrack(device: FakeDevice, all: Set<FakeTrack>): FakeTrack {
  const track = new FakeTrackTarget(device, all) as unknown as FakeTrack;
  all.add(track);
  return track;
}

// Only the browser ends a track with an event; `stop()` is silent.
function endTrack(track: FakeTrack): void {
  track.stop();
  const event = new Event('ended');
  track.onended?.(event);
  track.dispatchEvent(event);
}

class FakeStream extends EventTarget {
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

function install(mediaDevices: unknown): () => void {
  const before = Object.getOwnPropertyDescriptor(navigator, 'mediaDevices');
  const stream = Object.getOwnPropertyDescriptor(globalThis, 'MediaStream');
  const media = typeof HTMLMediaElement === 'undefined' ? {} : HTMLMediaElement.prototype;
  const source = Object.getOwnPropertyDescriptor(media, 'srcObject');
  const play = Object.getOwnPropertyDescriptor(media, 'play');
  const sources = new WeakMap<object, unknown>();
  // The environment's own element takes none but its own streams, and plays nothing anyway.
  Object.defineProperty(media, 'srcObject', {
    get(this: object) {
      return sources.get(this) ?? null;
    },
    set(this: object, value: unknown) {
      sources.set(this, value);
    },
    configurable: true,
  });
  Object.defineProperty(media, 'play', { value: () => Promise.resolve(), configurable: true });
  Object.defineProperty(navigator, 'mediaDevices', { value: mediaDevices, configurable: true });
  Object.defineProperty(globalThis, 'MediaStream', {
    value: FakeStream,
    configurable: true,
    writable: true,
  });
  return () => {
    restore = () => undefined;
    put(navigator, 'mediaDevices', before);
    put(globalThis, 'MediaStream', stream);
    put(media, 'srcObject', source);
    put(media, 'play', play);
  };
}

function put(target: object, key: string, descriptor: PropertyDescriptor | undefined): void {
  if (descriptor) Object.defineProperty(target, key, descriptor);
  else Reflect.deleteProperty(target, key);
}

function attempt(make: () => MediaStream): Promise<MediaStream> {
  return new Promise((resolve) => {
    resolve(make());
  });
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}
