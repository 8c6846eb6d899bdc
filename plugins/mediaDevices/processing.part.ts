import type { Capture, Move } from './capture.ts';
import type { MediaCore } from './inputs.ts';
import type { Processing, ProcessingName } from './types.ts';

/** What is switched, and where. */
export interface Switch {
  readonly core: MediaCore;
  readonly name: ProcessingName;
  readonly isOn: boolean;
  readonly memoryName: string;
  readonly capture: Capture;
  readonly move: Move;
  /** All constraints of the microphone, with what is wanted by now. */
  readonly constraints: () => MediaTrackConstraints;
  /** What is on by now. */
  readonly effective: () => Processing;
}

/** Switches what the browser does to the sound of the microphone, in calls that are up too. */
export async function switchProcessing(given: Switch): Promise<void> {
  const { ctx, store, wanted } = given.core;
  const before = wanted.processing;
  wanted.processing = { ...before, [given.name]: given.isOn };
  try {
    await apply(given);
  } catch (error) {
    wanted.processing = before;
    throw error;
  }
  ctx.memory.set(given.memoryName, wanted.processing);
  const processing = given.effective();
  store.set({ processing });
  ctx.emit('mediaDevices.audio.processing.changed', { processing });
}

async function apply({ core, name, isOn, capture, move, constraints }: Switch): Promise<void> {
  if (!capture.isNeeded() || core.ctx.options.audioinput.create) return;
  const takesEffect = async (track: MediaStreamTrack): Promise<boolean> => {
    await track.applyConstraints(constraints()).catch(() => undefined);
    return track.getSettings()[name] === isOn;
  };
  const done = await Promise.all(capture.tracks().map(takesEffect));
  // Most browsers decide it when they open the device.
  if (done.includes(false)) {
    await capture.replace({ exact: capture.master()?.getSettings().deviceId }, move);
  }
}
