import type {
  Device,
  DeviceKind,
  DevicesByKind,
  Failure,
  InputKind,
  MediaDevicesState,
} from './types.ts';

/** The kinds that are captured from. */
export const inputKinds: readonly InputKind[] = ['audioinput', 'videoinput'];

/** All kinds, in the order in which they are drawn. */
export const allKinds: readonly DeviceKind[] = [
  'audioinput',
  'audiooutput',
  'ringoutput',
  'videoinput',
];

/** The id of the camera that is none. */
export const nobody = 'none';
/** The id of the camera that is the screen. */
export const screenId = 'screenCapture';

/** The state before anything is known. */
export const firstState: MediaDevicesState = {
  devices: { ringoutput: [], audiooutput: [], audioinput: [], videoinput: [] },
  isLoaded: false,
  isOpening: false,
  failure: null,
  movedTo: null,
  muted: { audio: false, video: false },
  isSilenced: false,
  isSharing: false,
  processing: { autoGainControl: true, echoCancellation: true, noiseSuppression: true },
  permission: { audioinput: 'unknown', videoinput: 'unknown' },
};

/** What tracks of a kind are. */
export function trackKindOf(kind: DeviceKind): 'audio' | 'video' {
  return kind === 'videoinput' ? 'video' : 'audio';
}

/** True for what is captured from. */
export function isInput(kind: Failure['kind']): kind is InputKind {
  return kind === 'audioinput' || kind === 'videoinput';
}

/** True for a device that can be opened; `none` and the screen cannot. */
export function isReal({ id }: Device): boolean {
  return id !== nobody && id !== screenId;
}

/** What a list of devices is made of. */
export interface Listing {
  /** What the browser lists, by its own kinds; a kind that is not used is left out. */
  readonly infos: (kind: DeviceKind) => readonly MediaDeviceInfo[];
  /** What else there is to choose, by id, before the browser's list. */
  readonly added: (kind: DeviceKind) => readonly string[];
  /** Ids of a kind, the best one first. */
  readonly preferences: (kind: DeviceKind) => readonly string[];
  /** The id that is in use; '' for none. */
  readonly used: (kind: DeviceKind) => string;
  readonly t: (key: string, variables?: Readonly<Record<string, unknown>>) => string;
}

/** The browser's list by kind, with the selected device of each kind. */
export function toDevices(listing: Listing): DevicesByKind {
  const of = (kind: DeviceKind): readonly Device[] => {
    const given = listing.infos(kind).map(({ deviceId, label, groupId }, place) => ({
      id: deviceId,
      label,
      groupId,
      name:
        label === '' ? listing.t('nameless', { kind: listing.t(kind), place: place + 1 }) : label,
    }));
    const made = listing
      .added(kind)
      .map((id) => ({ id, label: id, groupId: '', name: listing.t(id) }));
    const ranks = listing.preferences(kind);
    const devices = [...made, ...given].map((device, place) => ({
      ...device,
      sinkId: device.id === 'default' ? '' : device.id,
      deviceKind: kind,
      trackKind: trackKindOf(kind),
      connected: true,
      selected: false,
      preference: ranks.indexOf(device.id) + 1,
      displayOrder: place,
    }));
    const best = bestOf(devices, listing.used(kind));
    return devices.map((device) => (device === best ? { ...device, selected: true } : device));
  };
  return {
    ringoutput: of('ringoutput'),
    audiooutput: of('audiooutput'),
    audioinput: of('audioinput'),
    videoinput: of('videoinput'),
  };
}

/** The best preferred device, else the one in use, else the browser's first, else none. */
function bestOf(devices: readonly Device[], used: string): Device | undefined {
  const [preferred] = devices
    .filter(({ preference }) => preference > 0)
    .sort((left, right) => left.preference - right.preference);
  const real = devices.filter(isReal);
  return preferred ?? real.find(({ id }) => id !== '' && id === used) ?? real[0] ?? devices[0];
}

/** The device of a kind that is or will be used. */
export function selectedOf(state: MediaDevicesState, kind: DeviceKind): Device | undefined {
  return state.devices[kind].find(({ selected }) => selected);
}

/** True when the user wants no camera, or there is none. */
export function hasNoCamera(state: MediaDevicesState): boolean {
  return selectedOf(state, 'videoinput')?.id === nobody;
}
