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

/** Leads the ring to the devices that ring, until the returned function is called. */
export function openRingOutputs({ core, graph, unlock }: RingOutputParts): Off {
  const { ctx } = core;
  const ringer = graph.output('ringer');
  if (!ringer) return () => undefined;
  const sinks = (ctx.optional('mediaDevices')?.getRingDevices() ?? []).map(({ sinkId }) => sinkId);
  if (sinks.every((sink) => sink === graph.sink())) {
    const { destination } = ringer.context;
    ringer.connect(destination);
    return () => {
      ringer.disconnect(destination);
    };
  }
  const line = new MediaStreamAudioDestinationNode(ringer.context as AudioContext);
  ringer.connect(line);
  const elements = sinks.map((sink) => playOn(sink, line.stream));
  function playOn(sink: string, stream: MediaStream): HTMLAudioElement {
    const element = new Audio();
    element.srcObject = stream;
    element
      .setSinkId(sink)
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
