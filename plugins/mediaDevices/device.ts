/** The four things a device can be for; `ringoutput` are the loudspeakers, for ringing. */
export type DeviceKind = 'audioinput' | 'audiooutput' | 'ringoutput' | 'videoinput';

/** The kinds that are captured from. */
export type InputKind = 'audioinput' | 'videoinput';

/** The kinds that play. */
export type OutputKind = 'audiooutput' | 'ringoutput';

/** One device. */
export interface Device {
  /**
   * The browser's id, '' as long as the browser keeps it to itself. Two cameras are none: `none` sends
   * no picture, `screenCapture` shares the screen when it is chosen.
   */
  readonly id: string;
  /**
   * Of a loudspeaker: what `setSinkId` is to be given. '' for the system's own, which has no id there:
   * it is the one that a user changes in the system.
   */
  readonly sinkId: string;
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

/** What the browser does to the sound of the microphone. */
export type ProcessingName = 'autoGainControl' | 'echoCancellation' | 'noiseSuppression';

/** Which of it is on. */
export type Processing = Readonly<Record<ProcessingName, boolean>>;
