import type { Off } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { Graph } from './graph.ts';
import type { Unlock } from './unlock.ts';

/** What the ring is heard through. */
export interface RingOutputParts {
  readonly core: AudioCore;
  readonly graph: Graph;
  readonly unlock: Unlock;
}

/** What is asked of `mediaDevices`: which loudspeakers ring, and which one calls are heard from. */
interface RingDevices {
  readonly getPreferredDevice: (kind: 'audiooutput') => { readonly id: string } | undefined;
  readonly getRingDevices?: () => readonly { readonly id: string }[];
}

/** Leads the ring to the devices that ring, until the returned function is called. */
export function openRingOutputs({ core, graph, unlock }: RingOutputParts): Off {
  const { ctx } = core;
  const ringer = graph.output('ringer');
  if (!ringer) return () => undefined;
  const devices: RingDevices | undefined = ctx.optional('mediaDevices');
  const speaker = devices?.getPreferredDevice('audiooutput')?.id;
  const ids = (devices?.getRingDevices?.() ?? []).map(({ id }) => id).filter((id) => id !== '');
  if (ids.every((id) => id === speaker)) {
    const { destination } = ringer.context;
    ringer.connect(destination);
    return () => {
      ringer.disconnect(destination);
    };
  }
  const line = new MediaStreamAudioDestinationNode(ringer.context as AudioContext);
  ringer.connect(line);
  const elements = ids.map((id) => playOn(id, line.stream));
  function playOn(id: string, stream: MediaStream): HTMLAudioElement {
    const element = new Audio();
    element.srcObject = stream;
    element
      .setSinkId(id)
      .catch((error: unknown) => {
        ctx.log.warn('A device that should ring does not; the system’s own rings.', error);
      })
      .then(() => (element.srcObject ? unlock.play(element) : undefined))
      .catch(() => undefined);
    return element;
  }
  return () => {
    ringer.disconnect(line);
    for (const element of elements) {
      element.pause();
      element.srcObject = null;
    }
    unlock.sweep();
  };
}
