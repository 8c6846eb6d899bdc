import { asPhoneError, loadPart } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { Graph } from './graph.ts';
import type { Previews } from './previews.part.ts';
import type { AudioContextApi } from './types.ts';

/** The previews as the API has them; what plays them is loaded when one is asked for. */
export interface PreviewParts extends Pick<
  AudioContextApi,
  | 'startPreviewTone'
  | 'stopPreviewTone'
  | 'togglePreviewTone'
  | 'isPreviewToneActive'
  | 'startPreviewLoopback'
  | 'stopPreviewLoopback'
  | 'togglePreviewLoopback'
  | 'isPreviewLoopbackActive'
  | 'stopPreviews'
> {
  /** What the microphone gives while it is heard here. */
  readonly stream: () => MediaStream | undefined;
}

type Name = 'tone' | 'loopback';

/** The previews of a phone. */
export function createPreviews(core: AudioCore, graph: Graph): PreviewParts {
  const { ctx, store } = core;
  let previews: Previews | undefined;
  // What is asked for while the part is loading is forgotten when it is stopped.
  const wishes: Record<Name, number> = { tone: 0, loopback: 0 };

  const start = async (name: Name): Promise<void> => {
    const mine = (wishes[name] += 1);
    store.set({ previewError: null });
    try {
      const { createPreviews: create } = await loadPart(() => import('./previews.part.ts'));
      if (mine !== wishes[name]) return;
      previews ??= create(core, graph);
      await previews[name].start();
    } catch (thrown) {
      const error = asPhoneError(thrown, 'media.failed');
      store.set({ previewError: error });
      throw error;
    }
  };
  const stop = (name: Name): void => {
    wishes[name] += 1;
    previews?.[name].stop();
  };
  const toggle = async (name: Name, isOn: boolean): Promise<void> => {
    if (isOn) stop(name);
    else await start(name);
  };
  const isToneActive = (): boolean => store.get().isToneActive;
  const isLoopbackActive = (): boolean => store.get().isLoopbackActive;
  const stopPreviews = (): void => {
    stop('tone');
    stop('loopback');
  };
  // Whoever calls should hear the call, and the microphone is the call's.
  ctx.on('call.created', stopPreviews);
  ctx.onDestroy(stopPreviews);
  return {
    startPreviewTone: () => start('tone'),
    stopPreviewTone: () => {
      stop('tone');
    },
    togglePreviewTone: () => toggle('tone', isToneActive()),
    isPreviewToneActive: isToneActive,
    startPreviewLoopback: () => start('loopback'),
    stopPreviewLoopback: () => {
      stop('loopback');
    },
    togglePreviewLoopback: () => toggle('loopback', isLoopbackActive()),
    isPreviewLoopbackActive: isLoopbackActive,
    stopPreviews,
    stream: () => previews?.stream(),
  };
}
