import { PhoneError } from '../../src/core/index.ts';
import { notAnInput, recovered } from './inputs.ts';
import { listDevices } from './listing.ts';
import type { Outputs } from './outputs.ts';
import { createSettler } from './settling.ts';
import type { SettlerParts } from './settling.ts';
import {
  allKinds,
  inputKinds,
  isInput,
  isReal,
  screenId,
  selectedOf,
  trackKindOf,
} from './state.ts';
import type { Device, DeviceKind, DevicesByKind, InputKind } from './types.ts';

/** Which devices there are and which of them are used. */
export interface Choice {
  /** Lists the devices again and moves to the best of them. */
  readonly refresh: () => Promise<void>;
  readonly change: (kind: DeviceKind, deviceId: string) => Promise<void>;
  /** Runs a task when nothing else changes devices. */
  readonly serial: (task: () => Promise<void>) => Promise<void>;
}

/** What a choice is made among. */
export interface ChoiceParts extends SettlerParts {
  readonly outputs: () => Outputs;
}

/** Lists and changes devices, one thing after the other: two at once would undo each other. */
export function createChoice(parts: ChoiceParts): Choice {
  const { core, inputs, streams, outputs, pictures } = parts;
  const { ctx, store, preferences } = core;
  const serial = createSerial();
  const list = (): Promise<DevicesByKind> => listDevices(core, inputs());
  const { settle, tellMissing, notice } = createSettler(parts);
  const refresh = async (): Promise<void> => {
    const wasLoaded = store.get().isLoaded;
    const availableDevices = await list();
    if (ctx.signal.aborted) return;
    store.set({ devices: availableDevices, isLoaded: true });
    ctx.emit(`mediaDevices.devices.${wasLoaded ? 'refreshed' : 'loaded'}`, { availableDevices });
    for (const kind of inputKinds) {
      tellMissing(kind);
      // Told by `getUserMedia.error` and under the choice; the next plug or press tries again.
      await settle(kind).catch(() => undefined);
    }
    if ((await outputs().settle()) && ctx.calls.list().length > 0) {
      notice(selectedOf(store.get(), 'audiooutput')?.name ?? null);
    }
  };
  const changeInput = async (kind: InputKind, device: Device): Promise<void> => {
    const previous = inputs().parameters(kind);
    if (isReal(device)) await inputs().capture[kind].replace({ exact: device.id }, streams().move);
    preferences.choose(kind, device);
    store.set({ devices: await list(), movedTo: null });
    recovered(core, kind);
    if (isReal(device)) pictures().resume(kind);
    else pictures().stop();
    ctx.emit(`mediaDevices.${trackKindOf(kind)}.input.changed`, {
      parameters: inputs().parameters(kind),
      previous,
    });
  };
  const change = async (kind: DeviceKind, deviceId: string): Promise<void> => {
    if (!(allKinds as readonly string[]).includes(kind)) throw notAnInput(kind);
    const device = store.get().devices[kind].find(({ id }) => id !== '' && id === deviceId);
    if (!device || deviceId === screenId) throw new PhoneError('media.unknownDevice');
    if (isInput(kind)) return changeInput(kind, device);
    await outputs().check(kind, device);
    preferences.choose(kind, device);
    store.set({ devices: await list(), movedTo: null });
    recovered(core, kind);
    await outputs().settle();
  };
  return {
    refresh: () => serial(refresh),
    change: (kind, deviceId) => serial(() => change(kind, deviceId)),
    serial,
  };
}

function createSerial(): (task: () => Promise<void>) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (task) => {
    const result = last.then(task);
    // What follows runs whether this one succeeds or not.
    last = result.catch(() => undefined);
    return result;
  };
}
