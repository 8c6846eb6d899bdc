import { PhoneError } from '../../src/core/index.ts';
import type { Off } from '../../src/core/index.ts';
import type { Inputs, MediaCore } from './inputs.ts';
import { notAnInput } from './inputs.ts';
import { browserDevices } from './open.ts';
import { inputKinds, selectedOf, toDevices, trackKindOf } from './state.ts';
import type { Streams } from './streams.ts';
import type { DeviceKind, DevicesByKind, InputKind } from './types.ts';

/** Which devices there are and which of them are used. */
export interface Choice {
  /** Lists the devices again and moves to the best of them. */
  readonly refresh: () => Promise<void>;
  readonly change: (kind: DeviceKind, deviceId: string) => Promise<void>;
}

/** What a choice is made among. */
export interface ChoiceParts {
  readonly core: MediaCore;
  readonly inputs: () => Inputs;
  readonly streams: () => Streams;
}

const noticeMilliseconds = 15_000;

/** Lists and changes devices, one thing after the other: two at once would undo each other. */
export function createChoice({ core, inputs, streams }: ChoiceParts): Choice {
  const { ctx, store, preferences } = core;
  const serial = createSerial();
  let hideNotice: Off = () => undefined;

  const list = async (): Promise<DevicesByKind> => {
    const infos = (await browserDevices()?.enumerateDevices()) ?? [];
    return toDevices({
      infos,
      hasOutputs:
        typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype,
      preferences,
      used: { audioinput: usedId('audioinput'), videoinput: usedId('videoinput') },
      nameless: (kind, place) => ctx.t('nameless', { kind: ctx.t(kind), place }),
    });
  };
  const usedId = (kind: InputKind): string =>
    inputs().capture[kind].master()?.getSettings().deviceId ??
    selectedOf(store.get(), kind)?.id ??
    '';
  const settle = async (kind: InputKind): Promise<void> => {
    const { capture } = inputs();
    const device = selectedOf(store.get(), kind);
    if (!device || device.id === '' || !capture[kind].isNeeded() || ctx.options[kind].create)
      return;
    const master = capture[kind].master();
    if (master?.getSettings().deviceId === device.id) return;
    const previous = inputs().parameters(kind);
    await capture[kind].replace(device.id, streams().move);
    if (!capture[kind].isNeeded()) return;
    store.set({ movedTo: device.name });
    hideNotice();
    hideNotice = ctx.clock.after(noticeMilliseconds, () => {
      store.set({ movedTo: null });
    });
    ctx.emit(`mediaDevices.${trackKindOf(kind)}.input.changed`, {
      parameters: inputs().parameters(kind),
      previous,
    });
  };
  const refresh = async (): Promise<void> => {
    const wasLoaded = store.get().isLoaded;
    const availableDevices = await list();
    if (ctx.signal.aborted) return;
    store.set({ devices: availableDevices, isLoaded: true });
    ctx.emit(`mediaDevices.devices.${wasLoaded ? 'refreshed' : 'loaded'}`, { availableDevices });
    for (const kind of inputKinds) {
      const isGone = inputs().capture[kind].isNeeded() && availableDevices[kind].length === 0;
      if (isGone && !ctx.options[kind].create)
        store.set({ error: new PhoneError('media.noDevice') });
      // Told by `getUserMedia.error` and under the choice; the next plug or press tries again.
      await settle(kind).catch(() => undefined);
    }
  };
  const change = async (kind: DeviceKind, deviceId: string): Promise<void> => {
    if (kind !== 'audioinput' && kind !== 'videoinput') throw notAnInput(kind);
    const device = store.get().devices[kind].find(({ id }) => id !== '' && id === deviceId);
    if (!device) throw new PhoneError('media.unknownDevice');
    const previous = inputs().parameters(kind);
    await inputs().capture[kind].replace(deviceId, streams().move);
    preferences[kind] = [deviceId, ...preferences[kind].filter((id) => id !== deviceId)];
    store.set({ devices: await list(), movedTo: null, error: null });
    ctx.emit(`mediaDevices.${trackKindOf(kind)}.input.changed`, {
      parameters: inputs().parameters(kind),
      previous,
    });
  };
  return {
    refresh: () => serial(refresh),
    change: (kind, deviceId) => serial(() => change(kind, deviceId)),
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
