import { PhoneError } from '../../src/core/index.ts';
import type { MediaCore } from './inputs.ts';
import { recovered } from './inputs.ts';
import { selectedOf } from './state.ts';
import type { Device, OutputKind } from './types.ts';

/** Where calls are heard, and where it rings. */
export interface Outputs {
  /** Leads calls to the selected loudspeaker and tells what has changed; true if calls moved. */
  readonly settle: () => Promise<boolean>;
  /**
   * Leads calls to a loudspeaker, or finds out whether it can ring. Rejects with `media.outputFailed`;
   * calls then stay where they were.
   */
  readonly check: (kind: OutputKind, device: Device) => Promise<void>;
  /** All that ring, the chosen one first. */
  readonly ringDevices: () => readonly Device[];
}

/** Loudspeakers by `setSinkId`; where the browser has none, nothing happens here. */
export function createOutputs(core: MediaCore): Outputs {
  const { ctx, store } = core;
  const { audiooutput, ringoutput } = ctx.options;
  const current = (): Device | undefined => selectedOf(store.get(), 'audiooutput');
  const elements = (): readonly HTMLAudioElement[] =>
    ctx.calls.list().flatMap((call) => call.getRemoteAudio() ?? []);
  const ringDevices = (): readonly Device[] => {
    const chosen = selectedOf(store.get(), 'ringoutput');
    const others = store
      .get()
      .devices.ringoutput.filter(({ id }) => ringoutput.additional.includes(id));
    return [...new Set([...(chosen ? [chosen] : []), ...others])];
  };
  const play = async (element: HTMLAudioElement): Promise<void> => {
    try {
      await lead(element, current());
      recovered(core, 'audiooutput');
    } catch (cause) {
      const error = new PhoneError('media.outputFailed', { cause });
      // A call that is heard somewhere else is better than one that is not heard.
      await lead(element, undefined).catch(() => undefined);
      if (ctx.signal.aborted) return;
      store.set({ failure: { kind: 'audiooutput', error } });
      ctx.emit('mediaDevices.audio.output.error', { error });
    }
  };
  ctx.on('call.remote.audio.element', ({ element }) => {
    const { initParameters } = audiooutput.mediaElement as { readonly initParameters?: object };
    Object.assign(element, initParameters);
    void play(element);
  });
  let told = { audio: '', ring: '' };
  return {
    ringDevices,
    settle: async () => {
      const before = told;
      told = {
        audio: current()?.sinkId ?? '',
        ring: ringDevices()
          .map(({ sinkId }) => sinkId)
          .join(),
      };
      if (told.ring !== before.ring) {
        ctx.emit('mediaDevices.ring.output.changed', {
          device: selectedOf(store.get(), 'ringoutput'),
        });
      }
      const isMoved = told.audio !== before.audio;
      if (isMoved) ctx.emit('mediaDevices.audio.output.changed', { device: current() });
      await Promise.all(elements().map(play));
      return isMoved;
    },
    check: async (kind, device) => {
      const isRing = kind === 'ringoutput';
      try {
        // Nothing rings now: an element that is thrown away tells whether anything can.
        const tried = isRing ? [new Audio()] : elements();
        await Promise.all(tried.map((element) => lead(element, device)));
      } catch (cause) {
        const error = new PhoneError('media.outputFailed', { cause });
        if (!isRing) await Promise.all(elements().map(play));
        store.set({ failure: { kind, error } });
        ctx.emit(`mediaDevices.${isRing ? 'ring' : 'audio'}.output.error`, { error });
        throw error;
      }
    },
  };
}

async function lead(element: HTMLAudioElement, device: Device | undefined): Promise<void> {
  const sinkId = device?.sinkId ?? '';
  if ('setSinkId' in element && element.sinkId !== sinkId) await element.setSinkId(sinkId);
}
