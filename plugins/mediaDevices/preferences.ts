import type { PluginContext } from '../../src/core/index.ts';
import { nobody } from './state.ts';
import type { Device, DeviceKind, MediaDevicesOptions } from './types.ts';

/** A device that somebody chose. */
type Chosen = Pick<Device, 'id' | 'label'>;

/** Which devices are wanted, over a reload too. */
export interface Preferences {
  /** Ids, the best one first: what the user chose, then what is configured. */
  readonly of: (kind: DeviceKind) => readonly string[];
  /** Puts a device in front and remembers it. */
  readonly choose: (kind: DeviceKind, device: Chosen) => void;
  /** Finds devices again whose ids have changed: browsers give new ones when a site's data is cleared. */
  readonly identify: (kind: DeviceKind, infos: readonly MediaDeviceInfo[]) => void;
}

const mostRemembered = 10;

/** Preferences in the memory of the plugin. */
export function createPreferences(
  ctx: PluginContext<'mediaDevices', MediaDevicesOptions>,
): Preferences {
  const read = (kind: DeviceKind): readonly Chosen[] => {
    const kept = ctx.memory.get(kind);
    return Array.isArray(kept) ? kept.filter(isChosen) : [];
  };
  const all = new Map<DeviceKind, readonly Chosen[]>();
  const chosen = (kind: DeviceKind): readonly Chosen[] => {
    const known = all.get(kind) ?? read(kind);
    all.set(kind, known);
    return known;
  };
  const keep = (kind: DeviceKind, list: readonly Chosen[]): void => {
    all.set(kind, list);
    ctx.memory.set(kind, list);
  };
  return {
    of: (kind) => [
      ...new Set([...chosen(kind).map(({ id }) => id), ...ctx.options[kind].preferedDeviceIds]),
    ],
    choose: (kind, { id, label }) => {
      // Whoever chooses a camera again does not want none in its absence.
      const others = chosen(kind).filter((each) => each.id !== id && each.id !== nobody);
      keep(kind, [{ id, label }, ...others].slice(0, mostRemembered));
    },
    identify: (kind, infos) => {
      const list = chosen(kind);
      const isThere = (id: string): boolean => infos.some(({ deviceId }) => deviceId === id);
      const found = list.map((each) => {
        if (each.label === '' || isThere(each.id)) return each;
        const again = infos.find(
          ({ label, deviceId }) =>
            label === each.label && deviceId !== '' && !list.some(({ id }) => id === deviceId),
        );
        return again ? { id: again.deviceId, label: again.label } : each;
      });
      if (found.some((each, place) => each !== list[place])) keep(kind, found);
    },
  };
}

function isChosen(value: unknown): value is Chosen {
  const { id, label } = (value ?? {}) as Partial<Record<keyof Chosen, unknown>>;
  return typeof id === 'string' && typeof label === 'string';
}
