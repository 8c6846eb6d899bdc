import type { Graph } from './graph.ts';
import type { AudioContextApi } from './types.ts';

/** What the phone plays, as streams; there are none before somebody asks for one. */
export function createStreams(graph: Graph): AudioContextApi['getDestinationStream'] {
  const streams: Partial<Record<'master' | 'ringer', MediaStream>> = {};
  return (channel = 'master') => {
    const node = graph.output(channel);
    if (!node || streams[channel]) return streams[channel];
    const line = new MediaStreamAudioDestinationNode(node.context as AudioContext);
    node.connect(line);
    return (streams[channel] = line.stream);
  };
}
