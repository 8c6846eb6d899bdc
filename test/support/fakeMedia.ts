import { afterEach } from 'vitest';
import { FakeStream, createTrack, endTrack, flags, silenceTrack } from './fakeTracks.ts';
import type { FakeDevice, FakeTrack } from './fakeTracks.ts';

export type { FakeDevice, FakeTrack } from './fakeTracks.ts';

/** What a fake machine starts with. */
export interface FakeMediaOptions {
  /** Default: two microphones `mic1` and `mic2`, a speaker, a camera. */
  readonly devices?: readonly FakeDevice[];
  /** True: getUserMedia waits for `allow` or `deny`. Default false: it is granted at once. */
  readonly asks?: boolean;
  /** True: `navigator.mediaDevices` is missing, as on an insecure page. */
  readonly isInsecure?: boolean;
  /** False: as in a browser that does not tell what a page may use. Default true. */
  readonly tellsPermissions?: boolean;
  /** True: a shared screen has a sound. Default false. */
  readonly hasScreenSound?: boolean;
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
  /** Changes what lists say of a device, such as its id. */
  readonly relabel: (deviceId: string, told: Partial<FakeDevice>) => Promise<void>;
  /** The system or a headset mutes a device, or lets it through again. */
  readonly silence: (deviceId: string, isMuted?: boolean) => Promise<void>;
  /** The user allows or forbids a kind in the browser's own settings. */
  readonly permit: (name: 'microphone' | 'camera', state: PermissionState) => Promise<void>;
  /** No element plays on this loudspeaker from now on. */
  readonly breakSpeaker: (deviceId: string) => void;
  /** The next getDisplayMedia fails with this error. */
  readonly refuseScreen: (name: string, message?: string) => void;
  /** The next getDisplayMedia waits; the user picks when the result is called. */
  readonly holdPicker: () => () => Promise<void>;
  /** The options of every getDisplayMedia so far. */
  readonly screenRequests: readonly unknown[];
  /** The browser's own bar ends the share. */
  readonly endScreen: () => Promise<void>;
  /** All tracks that are live, clones included; what must be empty when nothing needs them. */
  readonly liveTracks: () => readonly FakeTrack[];
  /** How many listeners wait for `devicechange`. */
  readonly listeners: () => number;
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
    const opened = chosen.map((device) => {
      const isSound = device.kind === 'audioinput';
      return createTrack(device, tracks, isSound ? flags(constraints.audio) : {});
    });
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
  const display = fakeDisplay(tracks, options.hasScreenSound ?? false);
  const permissions = fakePermissions();
  const broken = new Set<string>();
  const api = Object.assign(target, {
    getUserMedia,
    getDisplayMedia: display.getDisplayMedia,
    getSupportedConstraints: () => ({
      autoGainControl: true,
      echoCancellation: true,
      noiseSuppression: true,
    }),
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
  restore = install({
    mediaDevices: options.isInsecure ? undefined : api,
    permissions: options.tellsPermissions === false ? undefined : permissions.api,
    broken,
  });
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
    relabel: (deviceId, told) => {
      devices = devices.map((each) => (each.deviceId === deviceId ? { ...each, ...told } : each));
      return changed();
    },
    silence: async (deviceId, isMuted = true) => {
      for (const track of tracks) {
        const isLive = track.readyState === 'live';
        if (isLive && track.deviceId === deviceId) silenceTrack(track, isMuted);
      }
      await turns();
    },
    permit: async (name, state) => {
      permissions.set(name, state);
      await turns();
    },
    breakSpeaker: (deviceId) => {
      broken.add(deviceId);
    },
    refuseScreen: display.refuse,
    holdPicker: () => {
      const pickNow = display.hold();
      return async () => {
        pickNow();
        await turns();
      };
    },
    screenRequests: display.requests,
    endScreen: async () => {
      display.end();
      await turns();
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
  if (isGranted) {
    return devices.map(({ deviceId, kind, label, groupId = '' }) =>
      info({ deviceId, kind, label, groupId }),
    );
  }
  const kinds = new Set(devices.map(({ kind }) => kind));
  return [...kinds].map((kind) => info({ kind, deviceId: '', label: '', groupId: '' }));
}

function info(told: Required<Omit<FakeDevice, 'isFlexible'>>): MediaDeviceInfo {
  return { ...told, toJSON: () => told };
}

interface FakeDisplay {
  readonly requests: readonly unknown[];
  readonly getDisplayMedia: (options?: unknown) => Promise<MediaStream>;
  readonly refuse: (name: string, message?: string) => void;
  readonly hold: () => () => void;
  readonly end: () => void;
}

function fakeDisplay(tracks: Set<FakeTrack>, hasSound: boolean): FakeDisplay {
  const requests: unknown[] = [];
  let shown: readonly FakeTrack[] = [];
  let refusal: DOMException | undefined;
  let open: Promise<void> | undefined;
  return {
    requests,
    getDisplayMedia: (options) => {
      requests.push(options);
      const error = refusal;
      refusal = undefined;
      if (error) return Promise.reject(error);
      const screen = { deviceId: 'screen', kind: 'videoinput', label: 'Screen' } as const;
      const sound = { deviceId: 'screen', kind: 'audioinput', label: 'Sound' } as const;
      const pick = (): MediaStream => {
        shown = [screen, ...(hasSound ? [sound] : [])].map((each) => createTrack(each, tracks));
        return new FakeStream(shown) as unknown as MediaStream;
      };
      const waiting = open;
      open = undefined;
      return waiting ? waiting.then(pick) : Promise.resolve(pick());
    },
    hold: () => {
      let pickNow = (): void => undefined;
      open = new Promise((resolve) => {
        pickNow = resolve;
      });
      return () => {
        pickNow();
      };
    },
    refuse: (name, message = name) => {
      refusal = new DOMException(message, name);
    },
    end: () => {
      for (const track of shown) endTrack(track);
    },
  };
}

interface FakePermissions {
  readonly api: { readonly query: (asked: { readonly name: string }) => Promise<EventTarget> };
  readonly set: (name: string, state: PermissionState) => void;
}

function fakePermissions(): FakePermissions {
  const all = new Map<string, EventTarget & { state: PermissionState }>();
  const of = (name: string): EventTarget & { state: PermissionState } => {
    const first: PermissionState = 'prompt';
    const status = all.get(name) ?? Object.assign(new EventTarget(), { state: first });
    all.set(name, status);
    return status;
  };
  return {
    api: { query: ({ name }) => Promise.resolve(of(name)) },
    set: (name, state) => {
      const status = of(name);
      status.state = state;
      status.dispatchEvent(new Event('change'));
    },
  };
}

interface Installed {
  readonly mediaDevices: unknown;
  readonly permissions: unknown;
  readonly broken: ReadonlySet<string>;
}

function install({ mediaDevices, permissions, broken }: Installed): () => void {
  const media = typeof HTMLMediaElement === 'undefined' ? {} : HTMLMediaElement.prototype;
  const sources = new WeakMap<object, unknown>();
  const sinks = new WeakMap<object, string>();
  const puts: readonly (readonly [object, string, PropertyDescriptor])[] = [
    // The environment's own element takes none but its own streams, and plays nothing anyway.
    [
      media,
      'srcObject',
      {
        get(this: object) {
          return sources.get(this) ?? null;
        },
        set(this: object, value: unknown) {
          sources.set(this, value);
        },
      },
    ],
    [media, 'play', { value: () => Promise.resolve() }],
    [
      media,
      'sinkId',
      {
        get(this: object) {
          return sinks.get(this) ?? '';
        },
      },
    ],
    [
      media,
      'setSinkId',
      {
        value(this: object, id: string): Promise<void> {
          if (broken.has(id)) return Promise.reject(new DOMException('No', 'AbortError'));
          sinks.set(this, id);
          return Promise.resolve();
        },
      },
    ],
    [navigator, 'mediaDevices', { value: mediaDevices }],
    [navigator, 'permissions', { value: permissions }],
    [globalThis, 'MediaStream', { value: FakeStream, writable: true }],
  ];
  const before = puts.map(
    ([target, key]) => [target, key, Object.getOwnPropertyDescriptor(target, key)] as const,
  );
  for (const [target, key, how] of puts) put(target, key, { ...how, configurable: true });
  return () => {
    restore = () => undefined;
    for (const [target, key, how] of before) put(target, key, how);
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
