import { PhoneError } from '../../src/core/index.ts';
import type { Off } from '../../src/core/index.ts';
import { recovered } from './inputs.ts';
import type { Inputs, MediaCore } from './inputs.ts';
import type { Pictures } from './pictures.ts';
import { isReal, nobody, selectedOf, trackKindOf } from './state.ts';
import type { Streams } from './streams.ts';
import type { Device, InputKind } from './types.ts';

/** What is brought in step. */
export interface SettlerParts {
  readonly core: MediaCore;
  readonly inputs: () => Inputs;
  readonly streams: () => Streams;
  readonly pictures: () => Pictures;
}

/** Brings what is captured in step with what is listed. */
export interface Settler {
  /** Moves what is captured to the selected device, if it is another one. */
  readonly settle: (kind: InputKind) => Promise<void>;
  /** A device that is needed and not there is an error; one that came back is none any more. */
  readonly tellMissing: (kind: InputKind) => void;
  /** Tells for a while which device took the place of another. */
  readonly notice: (name: string | null) => void;
}

const noticeMilliseconds = 15_000;

/** A settler; it opens a device only where one is in use. */
export function createSettler(parts: SettlerParts): Settler {
  const { core, inputs, streams, pictures } = parts;
  const { ctx, store } = core;
  const notice = createNotice(core);
  const hasMoved = createFollower();
  const isInPlace = (kind: InputKind, device: Device): boolean => {
    const capture = inputs().capture[kind];
    const isElsewhere = hasMoved(kind, device);
    const isUsed = capture.master()?.getSettings().deviceId === device.id;
    return isUsed && !isElsewhere && capture.isWhole();
  };
  const move = async (kind: InputKind, { id, name }: Device): Promise<void> => {
    const capture = inputs().capture[kind];
    const previous = inputs().parameters(kind);
    await capture.replace({ exact: id, ideal: id }, streams().move);
    if (!capture.isNeeded()) return;
    const parameters = inputs().parameters(kind);
    notice(parameters.device?.name ?? name);
    ctx.emit(`mediaDevices.${trackKindOf(kind)}.input.changed`, { parameters, previous });
  };
  return {
    notice,
    settle: async (kind) => {
      const device = selectedOf(store.get(), kind);
      if (!device || device.id === '' || isInPlace(kind, device)) return;
      if (!inputs().capture[kind].isNeeded() || ctx.options[kind].create) return;
      if (device.id !== nobody) await move(kind, device);
      // Chosen, not only because there is no other: then the next one that comes is waited for.
      else if (device.preference > 0) pictures().stop();
    },
    tellMissing: (kind) => {
      const hasDevice = store.get().devices[kind].some(isReal);
      if (hasDevice && store.get().failure?.error.code === 'media.noDevice') recovered(core, kind);
      if (hasDevice || ctx.options[kind].create || !inputs().capture[kind].isNeeded()) return;
      store.set({ failure: { kind, error: new PhoneError('media.noDevice') } });
    },
  };
}

// A browser may put another device behind the name of its default one.
function createFollower(): (kind: InputKind, device: Device) => boolean {
  let followed: Partial<Record<InputKind, string>> = {};
  return (kind, { id, groupId }) => {
    const before = followed[kind];
    const now = id === 'default' ? groupId : '';
    followed = { ...followed, [kind]: now };
    return Boolean(before && now) && before !== now;
  };
}

function createNotice({ ctx, store }: MediaCore): (name: string | null) => void {
  let hide: Off = () => undefined;
  return (movedTo) => {
    store.set({ movedTo });
    hide();
    hide = ctx.clock.after(noticeMilliseconds, () => {
      store.set({ movedTo: null });
    });
  };
}
