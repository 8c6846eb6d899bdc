import { atCleanUp } from './cleanUp.ts';
import { listed } from './fakeDevices.ts';
import { fakeDisplay } from './fakeDisplay.ts';
import { fakePermissions } from './fakePermissions.ts';
import { endTrack, silenceTrack } from './fakeTracks.ts';
import type { FakeDevice, FakeTrack } from './fakeTracks.ts';
import { fakeUserMedia } from './fakeUserMedia.ts';
import type { FakeUserMedia } from './fakeUserMedia.ts';
import { installMedia } from './installMedia.ts';
import { settled } from './settled.ts';

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

/** The devices that are plugged in, and who hears of it. */
interface Machine {
  devices: readonly FakeDevice[];
  readonly tracks: Set<FakeTrack>;
  /** `navigator.mediaDevices` before it is one. */
  readonly target: EventTarget;
  /** Listeners for `devicechange`. */
  heard: number;
}

/**
 * Puts a fake machine behind `navigator.mediaDevices`, `navigator.permissions`, `MediaStream` and the
 * sound of elements, until `cleanUp`.
 */
export function fakeMedia(options: FakeMediaOptions = {}): FakeMedia {
  const { devices = machine, asks = false, hasScreenSound = false } = options;
  const tracks = new Set<FakeTrack>();
  const all: Machine = { devices, tracks, target: new EventTarget(), heard: 0 };
  const user = fakeUserMedia({ devices: () => all.devices, asks, tracks });
  const display = fakeDisplay(tracks, hasScreenSound);
  const permissions = fakePermissions();
  const broken = new Set<string>();
  const api = mediaDevicesOf(all, user, display.getDisplayMedia);
  atCleanUp(
    installMedia({
      mediaDevices: options.isInsecure ? undefined : api,
      permissions: options.tellsPermissions === false ? undefined : permissions.api,
      broken,
    }),
  );
  const { getUserMedia: _, isGranted: __, ...questions } = user;
  return {
    ...questions,
    ...plugs(all),
    permit: async (name, state) => {
      permissions.set(name, state);
      await settled();
    },
    breakSpeaker: (deviceId) => {
      broken.add(deviceId);
    },
    refuseScreen: display.refuse,
    holdPicker: () => {
      const pickNow = display.hold();
      return async () => {
        pickNow();
        await settled();
      };
    },
    screenRequests: display.requests,
    endScreen: async () => {
      display.end();
      await settled();
    },
    liveTracks: () => [...tracks].filter(({ readyState }) => readyState === 'live'),
    listeners: () => all.heard,
  };
}

function mediaDevicesOf(all: Machine, user: FakeUserMedia, getDisplayMedia: unknown): EventTarget {
  const { target } = all;
  const add = target.addEventListener.bind(target);
  const remove = target.removeEventListener.bind(target);
  return Object.assign(target, {
    getUserMedia: user.getUserMedia,
    getDisplayMedia,
    getSupportedConstraints: () => ({
      autoGainControl: true,
      echoCancellation: true,
      noiseSuppression: true,
    }),
    enumerateDevices: (): Promise<MediaDeviceInfo[]> =>
      Promise.resolve(listed(all.devices, user.isGranted())),
    addEventListener: (...args: Parameters<typeof add>): void => {
      all.heard += 1;
      add(...args);
    },
    removeEventListener: (...args: Parameters<typeof remove>): void => {
      all.heard -= 1;
      remove(...args);
    },
  });
}

function plugs(all: Machine): Pick<FakeMedia, 'plug' | 'relabel' | 'silence' | 'unplug'> {
  const changed = async (devices: readonly FakeDevice[]): Promise<void> => {
    all.devices = devices;
    all.target.dispatchEvent(new Event('devicechange'));
    await settled();
  };
  const liveOf = (deviceId: string): readonly FakeTrack[] =>
    [...all.tracks].filter((track) => track.deviceId === deviceId && track.readyState === 'live');
  return {
    plug: (device) => changed([...all.devices, device]),
    unplug: (deviceId) => {
      const left = all.devices.filter((device) => device.deviceId !== deviceId);
      // The list is right before a track says that it ended.
      all.devices = left;
      for (const track of liveOf(deviceId)) endTrack(track);
      return changed(left);
    },
    relabel: (deviceId, told) =>
      changed(
        all.devices.map((each) => (each.deviceId === deviceId ? { ...each, ...told } : each)),
      ),
    silence: async (deviceId, isMuted = true) => {
      for (const track of liveOf(deviceId)) silenceTrack(track, isMuted);
      await settled();
    },
  };
}
