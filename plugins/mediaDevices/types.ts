import type { ByKind, PhoneError } from '../../src/core/index.ts';
import type {
  Device,
  DeviceKind,
  DevicesByKind,
  InputKind,
  Processing,
  ProcessingName,
  TrackParameters,
} from './device.ts';

export type * from './device.ts';

/** Options of every kind. */
export interface KindOptions {
  /** False never uses it, and lists none. Default true; outputs where the browser can choose one. */
  readonly enabled: boolean;
  /** Whether its choice is drawn. Default true, for `videoinput` false. */
  readonly show: boolean;
  /** The ids to use when they are connected, the best one first. What the user chose goes before. */
  readonly preferedDeviceIds: readonly string[];
  /**
   * libwebphone's elements. Calls and rings have elements of their own here: only `initParameters` of
   * `audiooutput` counts, properties for each element that plays a call.
   */
  readonly mediaElement: object;
}

/** Options of a kind that is captured from. */
export interface InputOptions extends KindOptions {
  /** Constraints of every capture; `deviceId` is added. Never changed. */
  readonly constraints: MediaTrackConstraints;
  /** Takes the place of the browser's device, for a test tone or a recording. */
  readonly create?: () => Promise<MediaStream>;
}

/** Options of the loudspeakers for ringing. */
export interface RingOptions extends KindOptions {
  /** Ids of loudspeakers that ring besides the chosen one. Default none. */
  readonly additional: readonly string[];
}

/** Options of the camera. */
export interface CameraOptions extends InputOptions {
  /** Offer the screen among the cameras. Default false. */
  readonly screenCapture: boolean;
}

/** `mediaDevices` in the configuration. */
export interface MediaDevicesOptions {
  readonly ringoutput: RingOptions;
  readonly audiooutput: KindOptions;
  readonly audioinput: InputOptions;
  readonly videoinput: CameraOptions;
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
  /** What the last attempt failed for, and with what kind of device; null when all is well. */
  readonly failure: Failure | null;
  /** The name of the device that took the place of one that went, or null. */
  readonly movedTo: string | null;
  readonly muted: ByKind;
  /** The operating system or the headset has muted the microphone. */
  readonly isSilenced: boolean;
  /** A call shares the screen. */
  readonly isSharing: boolean;
  /** What the browser does to the sound of the microphone. */
  readonly processing: Processing;
  /** Whether the page may use a kind; `unknown` where the browser does not say. */
  readonly permission: Readonly<Record<InputKind, PermissionState | 'unknown'>>;
}

/** An attempt that failed. */
export interface Failure {
  readonly kind: DeviceKind | 'screen';
  readonly error: PhoneError;
}

/** The public API of the plugin: `phone.mediaDevices`. */
export interface MediaDevicesApi {
  /**
   * Opens the microphone, and the camera when `wants` says so, for `requestId`. The same id gets the
   * same stream, with what else it wants added to it; that leaves what is open when it fails. Rejects
   * with `media.*`, or `call.ended` when it was stopped meanwhile.
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
   * Uses another device, in calls that are up as well, without renegotiating, and remembers it. The
   * camera `none` takes the picture out of calls. Rejects with `media.unknownDevice`, or `media.*`
   * when it cannot be opened; the former one then runs on.
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
  /**
   * Opens the microphone, or the camera, and lets go of it: gives permission, names, and clears an
   * error. Rejects with `media.*`.
   */
  readonly askPermission: (deviceKind?: InputKind) => Promise<void>;
  /** All loudspeakers that ring, the chosen one first; none where the browser cannot choose. */
  readonly getRingDevices: () => readonly Device[];
  /** The element of the call in focus: its sound for `audiooutput`, this side's picture for `videoinput`. */
  readonly getMediaElement: (deviceKind: DeviceKind) => HTMLMediaElement | undefined;
  /**
   * Shares the screen with the call in focus, and its sound where the browser gives it. `options` are
   * those of `getDisplayMedia`, or of `getUserMedia` when `useDisplayMedia` is false. Call it in a
   * gesture of the user. Rejects with `media.dismissed` when the user chose nothing, with `media.*`,
   * with `call.superseded` when it was stopped meanwhile, and with `call.stateInvalid` when no call
   * is up.
   */
  readonly startScreenCapture: (
    options?: DisplayMediaStreamOptions,
    useDisplayMedia?: boolean,
  ) => Promise<void>;
  /**
   * Goes back to the camera, or to no picture if there was none. A share that is only beginning never
   * starts: what the user picks, or has picked, is stopped.
   */
  readonly stopScreenCapture: () => Promise<void>;
  /** True while a call shares the screen. */
  readonly isSharing: () => boolean;
  /** What the browser does to the sound of the microphone. */
  readonly getProcessing: () => Processing;
  /** Changes it, in calls that are up as well, and remembers it. Rejects with `media.*`. */
  readonly setProcessing: (name: ProcessingName, isOn: boolean) => Promise<void>;
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

/** Another loudspeaker is used. */
export interface OutputChangedEvent {
  /** Undefined when there is none, or the browser keeps it to itself. */
  readonly device: Device | undefined;
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
    /** The operating system or the headset has muted the microphone. */
    'mediaDevices.audio.input.silenced': InputEvent;
    /** It lets the microphone through again, or the microphone was closed. */
    'mediaDevices.audio.input.unsilenced': InputEvent;
    /** The browser does something else to the sound of the microphone. */
    'mediaDevices.audio.processing.changed': { readonly processing: Processing };
    /** Calls are heard from another loudspeaker. */
    'mediaDevices.audio.output.changed': OutputChangedEvent;
    /** A call could not be played on the chosen loudspeaker; the system's own plays it. */
    'mediaDevices.audio.output.error': { readonly error: PhoneError };
    /** The loudspeaker that was chosen for ringing cannot be used; the former one rings on. */
    'mediaDevices.ring.output.error': { readonly error: PhoneError };
    /** Another loudspeaker rings, or others besides it. */
    'mediaDevices.ring.output.changed': OutputChangedEvent;
    /** The call in focus shares a screen. */
    'mediaDevices.screenCapture.started': { readonly stream: MediaStream };
    /** It shares none any more. */
    'mediaDevices.screenCapture.stopped': Readonly<Record<string, never>>;
    /** The screen could not be shared, or the user chose none (`media.dismissed`). */
    'mediaDevices.screenCapture.error': { readonly error: PhoneError };
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
