import type { FakeDevice } from './fakeTracks.ts';

const kinds = { audio: 'audioinput', video: 'videoinput' } as const;

/** The device that a browser would open for these constraints; throws what a browser throws. */
export function pick(
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

/** What `enumerateDevices` tells. */
// Without permission a browser tells one device of each kind, and of it not what it is.
export function listed(devices: readonly FakeDevice[], isGranted: boolean): MediaDeviceInfo[] {
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
