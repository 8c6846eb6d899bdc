import type { ByKind, PhoneError } from '../../src/core/index.ts';

/** The four things a device can be for; `ringoutput` are the loudspeakers, for ringing. */
export type DeviceKind = 'audioinput' | 'audiooutput' | 'ringoutput' | 'videoinput';

/** The kinds that are captured from. */
export type InputKind = 'audioinput' | 'videoinput';

/** One device. */
export interface Device {
  /** The browser's id, '' as long as the browser keeps it to itself. */
  readonly id: string;
  /** The browser's label, '' as long as the browser keeps it to itself. */
  readonly label: string;
  /** What to show: the label, or such as `Microphone 1`. */
  readonly name: string;
  readonly deviceKind: DeviceKind;
  readonly trackKind: 'audio' | 'video';
  readonly groupId: string;
  readonly connected: boolean;
  /** True for the one that is or will be used. */
  readonly selected: boolean;
  /** Place in the order of preference, 1 for the best, 0 for one that is not preferred. */
  readonly preference: number;
  /** Place in the browser's order, from 0. */
  readonly displayOrder: number;
}

/** All devices, by kind. */
export type DevicesByKind = Readonly<Record<DeviceKind, readonly Device[]>>;

/** A captured track and its device. */
export interface TrackParameters {
  readonly deviceKind: InputKind;
  readonly trackKind: 'audio' | 'video';
  readonly device: Device | undefined;
  /** The hidden master of all calls' tracks, while it runs. Do not stop it. */
  readonly track: MediaStreamTrack | undefined;
  readonly settings: MediaTrackSettings;
}

/** Options of a kind that is captured from. */
export interface InputOptions {
  /** False never opens it. Default true. */
  readonly enabled: boolean;
  /** Whether its choice is drawn. Default true. */
  readonly show: boolean;
  /** The ids to use when they are connected, the best one first. */
  readonly preferedDeviceIds: readonly string[];
  /** Constraints of every capture; `deviceId` is added. Never changed. */
  readonly constraints: MediaTrackConstraints;
  /** Takes the place of the browser's device, for a test tone or a recording. */
  readonly create?: () => Promise<MediaStream>;
}

/** `mediaDevices` in the configuration. */
export interface MediaDevicesOptions {
  readonly audioinput: InputOptions;
  readonly videoinput: InputOptions;
  /** Follow devices that come and go. Default true. */
  readonly detectDeviceChanges: boolean;
}

/** What the plugin remembers. */
export interface MediaDevicesState {
  readonly devices: DevicesByKind;
  /** False until the devices were listed for the first time. */
  readonly isLoaded: boolean;
  /** True while the browser asks or opens a device. */
  readonly isOpening: boolean;
  /** What the last attempt failed for, or null. */
  readonly error: unknown;
  /** The name of the device that took the place of one that went, or null. */
  readonly movedTo: string | null;
  readonly muted: ByKind;
}

/** The public API of the plugin: `phone.mediaDevices`. */
export interface MediaDevicesApi {
  /**
   * Opens the microphone, and the camera when `wants` says so, for `requestId`. The same id gets the
   * same stream. Rejects with `media.*`, or `call.ended` when it was stopped meanwhile.
   */
  readonly startStreams: (requestId?: string | null, wants?: ByKind) => Promise<MediaStream>;
  /** Stops what was opened for `requestId`, and the device itself when nobody needs it any more. */
  readonly stopStreams: (requestId?: string | null) => void;
  /** Stops everything, calls included. */
  readonly stopAllStreams: () => Promise<void>;
  /** Mutes a kind for all calls, or both. Rejects with `media.unknownDevice` for an output. */
  readonly mute: (deviceKind?: DeviceKind | null) => Promise<void>;
  readonly unmute: (deviceKind?: DeviceKind | null) => Promise<void>;
  readonly toggleMute: (deviceKind?: DeviceKind | null) => Promise<void>;
  /**
   * Uses another device, in calls that are up as well, without renegotiating. Rejects with
   * `media.unknownDevice`, or `media.*` when it cannot be opened; the former one then runs on.
   */
  readonly changeDevice: (deviceKind: DeviceKind, deviceId: string) => Promise<void>;
  /** The device that is or will be used. */
  readonly getPreferredDevice: (deviceKind: DeviceKind) => Device | undefined;
  /** The same as `getPreferredDevice`, by libwebphone's name. */
  readonly getPreferedDevice: (deviceKind: DeviceKind) => Device | undefined;
  /** The devices as they were last listed. */
  readonly getDevices: () => DevicesByKind;
  /** Asks the browser for its devices again. Never asks for permission. */
  readonly refreshAvailableDevices: () => Promise<void>;
  /** Asks for the microphone and lets go of it: gives permission, names, and clears an error. */
  readonly askPermission: () => Promise<void>;
  /** Draws all render targets again. */
  readonly updateRenders: () => void;
}

/** A device was opened, closed, muted or unmuted. */
export interface InputEvent {
  readonly parameters: TrackParameters;
}

/** Another device is used. */
export interface InputChangedEvent extends InputEvent {
  readonly previous: TrackParameters;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    mediaDevices: MediaDevicesApi;
  }
  interface EventMap {
    /** The plugin is set up. */
    'mediaDevices.created': Readonly<Record<string, never>>;
    /** A device is open: the hidden master of all calls' tracks. */
    'mediaDevices.streams.started': { readonly stream: MediaStream };
    /** Nothing is captured any more. */
    'mediaDevices.streams.stopped': Readonly<Record<string, never>>;
    /** The devices were listed for the first time. */
    'mediaDevices.devices.loaded': { readonly availableDevices: DevicesByKind };
    /** The devices were listed again. */
    'mediaDevices.devices.refreshed': { readonly availableDevices: DevicesByKind };
    /** A device could not be opened. */
    'mediaDevices.getUserMedia.error': { readonly error: PhoneError };
    /** Another microphone is used, or will be. */
    'mediaDevices.audio.input.changed': InputChangedEvent;
    /** The microphone was opened. */
    'mediaDevices.audio.input.started': InputEvent;
    /** The microphone was closed, or went away. */
    'mediaDevices.audio.input.stopped': InputEvent;
    /** The microphone was muted for all calls. */
    'mediaDevices.audio.input.muted': InputEvent;
    /** The microphone was unmuted for all calls. */
    'mediaDevices.audio.input.unmuted': InputEvent;
    /** Another camera is used, or will be. */
    'mediaDevices.video.input.changed': InputChangedEvent;
    /** The camera was opened. */
    'mediaDevices.video.input.started': InputEvent;
    /** The camera was closed, or went away. */
    'mediaDevices.video.input.stopped': InputEvent;
    /** The camera was muted for all calls. */
    'mediaDevices.video.input.muted': InputEvent;
    /** The camera was unmuted for all calls. */
    'mediaDevices.video.input.unmuted': InputEvent;
  }
}
