import type { BindElement, PluginViewHandle } from '../../src/core/index.ts';
import { createCallTones } from './callTones.ts';
import type { AudioCore } from './context.ts';
import { followCalls, followKeys, setRemoteVolumes } from './follow.ts';
import { createGraph } from './graph.ts';
import { createLevels } from './levels.ts';
import { createPreviews } from './previews.ts';
import { createRinging } from './ringing.ts';
import { createSoundPath } from './soundPath.ts';
import { createStreams } from './streams.ts';
import type { AudioContextApi } from './types.ts';
import { createUnlock } from './unlock.ts';
import type { Unlock } from './unlock.ts';
import { createVolumes } from './volumes.ts';

/** The plugin put together. */
export interface Parts {
  readonly api: AudioContextApi;
  readonly unlock: Unlock;
  /** What the template has for the level meters, and the slider that the arrow keys move. */
  readonly elements: Readonly<Record<string, BindElement>>;
}

/** Makes everything that sounds; nothing does yet. */
export function createParts(core: AudioCore, view: () => PluginViewHandle): Parts {
  const { ctx } = core;
  const volumes = createVolumes(core, () => {
    graph.update();
    setRemoteVolumes(core, volumes.loudness('remote'));
  });
  const unlock = createUnlock(core, () => {
    graph.resume();
  });
  const graph = createGraph(core, {
    loudness: volumes.loudness,
    speaker: () => ctx.optional('mediaDevices')?.getPreferredDevice('audiooutput')?.sinkId ?? '',
    started: () => {
      ctx.emit('audioContext.started', {});
    },
    stuck: unlock.stuck,
  });
  const tones = createCallTones(core, graph, () => ringing.isWaiting());
  const ringing = createRinging({ core, graph, unlock }, tones.update);
  const { stream, ...previews } = createPreviews(core, graph);
  const { getVolume, changeVolume, loudness, step } = volumes;
  const { startRinging, stopRinging, stopAllRinging } = ringing;
  const { startTone, stopTone, playTones } = tones;
  const api: AudioContextApi = {
    startAudioContext: async () => {
      const held = graph.hold();
      // If nothing sounds by then, it rests again.
      if (held) ctx.clock.after(1000, held.release);
      await unlock.attempt();
    },
    getVolume,
    changeVolume,
    ...previews,
    startRinging,
    stopRinging,
    stopAllRinging,
    startTone,
    stopTone,
    playTones,
    getDestinationStream: createStreams(graph),
    setProcessors: createSoundPath(core, graph),
    updateRenders: () => {
      view().invalidate();
    },
  };
  followCalls(core, { unlock, ringing, loudness, moved: graph.update });
  const master = followKeys(core, api, step);
  // Whose call was answered without them hears that the microphone is open.
  ctx.on('userAgent.autoAnswer.answered', () => {
    playTones(660, 880);
  });
  ctx.on('dialpad.tones.play', ({ tones: frequencies }) => {
    if (ctx.options.tones.enabled.keys) playTones(...frequencies);
  });
  return { api, unlock, elements: { ...createLevels(core, graph, stream), master } };
}
