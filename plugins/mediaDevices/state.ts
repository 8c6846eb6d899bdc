import type { Device, DeviceKind, DevicesByKind, InputKind, MediaDevicesState } from './types.ts';

/** The kinds that are captured from. */
export const inputKinds: readonly InputKind[] = ['audioinput', 'videoinput'];

const noDevices: DevicesByKind = {
  ringoutput: [],
  audiooutput: [],
  audioinput: [],
  videoinput: [],
};

/** The state before anything is known. */
export const firstState: MediaDevicesState = {
  devices: noDevices,
  isLoaded: false,
  isOpening: false,
  error: null,
  movedTo: null,
  muted: { audio: false, video: false },
};

/** What tracks of a kind are. */
export function trackKindOf(kind: DeviceKind): 'audio' | 'video' {
  return kind === 'videoinput' ? 'video' : 'audio';
}

/** What a list of devices is made of. */
export interface Listing {
  readonly infos: readonly MediaDeviceInfo[];
  /** False where the browser cannot choose an output: then there is no choice to show. */
  readonly hasOutputs: boolean;
  /** Ids by kind, the best one first. */
  readonly preferences: Readonly<Record<InputKind, readonly string[]>>;
  /** The id that is in use, by kind; '' for none. */
  readonly used: Readonly<Record<InputKind, string>>;
  /** A name for the device at a place, counted from 1. */
  readonly nameless: (kind: DeviceKind, place: number) => string;
}

/** The browser's list by kind, with the selected device of each kind. */
export function toDevices(listing: Listing): DevicesByKind {
  const of = (source: MediaDeviceKind, kind: DeviceKind): readonly Device[] =>
    listing.infos
      .filter((info) => info.kind === source)
      .map((info, place) => toDevice(info, kind, { place, listing }));
  const outputs = (kind: DeviceKind): readonly Device[] =>
    listing.hasOutputs ? of('audiooutput', kind) : [];
  return {
    ringoutput: outputs('ringoutput'),
    audiooutput: outputs('audiooutput'),
    audioinput: selected(of('audioinput', 'audioinput'), listing.used.audioinput),
    videoinput: selected(of('videoinput', 'videoinput'), listing.used.videoinput),
  };
}

function toDevice(
  info: MediaDeviceInfo,
  kind: DeviceKind,
  { place, listing }: { readonly place: number; readonly listing: Listing },
): Device {
  const isInput = kind === 'audioinput' || kind === 'videoinput';
  const preferred = isInput ? listing.preferences[kind].indexOf(info.deviceId) : -1;
  return {
    id: info.deviceId,
    label: info.label,
    name: info.label === '' ? listing.nameless(kind, place + 1) : info.label,
    deviceKind: kind,
    trackKind: trackKindOf(kind),
    groupId: info.groupId,
    connected: true,
    selected: false,
    preference: preferred + 1,
    displayOrder: place,
  };
}

function selected(devices: readonly Device[], used: string): readonly Device[] {
  const best = bestOf(devices, used);
  return devices.map((device) => ({ ...device, selected: device === best }));
}

/** The best preferred device, else the one in use, else the browser's first. */
function bestOf(devices: readonly Device[], used: string): Device | undefined {
  const preferred = devices
    .filter(({ preference }) => preference > 0)
    .sort((left, right) => left.preference - right.preference);
  return preferred[0] ?? devices.find(({ id }) => id !== '' && id === used) ?? devices[0];
}

/** The device of a kind that is or will be used. */
export function selectedOf(state: MediaDevicesState, kind: DeviceKind): Device | undefined {
  return state.devices[kind].find(({ selected: isSelected }) => isSelected);
}
