import type { AudioCore } from './context.ts';

/** What the browser does not play before a gesture of the user, and its cure. */
export interface Unlock {
  /** The AudioContext should run and does not, or no longer so. */
  readonly stuck: (isStuck: boolean) => void;
  /** Plays an element, with the next gesture if it is not allowed to at once. */
  readonly play: (element: HTMLMediaElement) => Promise<void>;
  /** The browser refused to play this element. */
  readonly refused: (element: HTMLMediaElement) => void;
  /** Forgets the elements that have nothing to play any more. */
  readonly sweep: () => void;
  /** Tries everything again. */
  readonly attempt: () => Promise<void>;
}

// Those that count as a gesture; a press of a finger counts when it is lifted.
const gestures = ['pointerdown', 'touchend', 'keydown'];

/** Follows what is blocked. There are no listeners on the page while nothing is. */
export function createUnlock({ ctx, store }: AudioCore, resume: () => void): Unlock {
  const refusals = new Set<HTMLMediaElement>();
  let isStuck = false;
  let listening = new AbortController();

  const update = (): void => {
    const isBlocked = isStuck || refusals.size > 0;
    if (isBlocked === store.get().isBlocked || ctx.signal.aborted) return;
    store.set({ isBlocked });
    ctx.emit(isBlocked ? 'audioContext.blocked' : 'audioContext.unblocked', {});
    listening.abort();
    if (!isBlocked) return;
    listening = new AbortController();
    const { signal } = listening;
    for (const type of gestures) {
      document.addEventListener(type, () => void attempt(), { capture: true, signal });
    }
  };
  ctx.onDestroy(() => {
    listening.abort();
  });
  const play = async (element: HTMLMediaElement): Promise<void> => {
    try {
      await element.play();
      refusals.delete(element);
    } catch (error) {
      // Anything but a refusal, such as another source meanwhile, is no business of a gesture's.
      const isRefused = error instanceof DOMException && error.name === 'NotAllowedError';
      if (isRefused && element.srcObject) refusals.add(element);
      else refusals.delete(element);
    }
    update();
  };
  const attempt = async (): Promise<void> => {
    resume();
    await Promise.all([...refusals].map(play));
  };
  return {
    stuck: (next) => {
      isStuck = next;
      update();
    },
    play,
    refused: (element) => {
      refusals.add(element);
      update();
    },
    sweep: () => {
      for (const element of refusals) if (!element.srcObject) refusals.delete(element);
      update();
    },
    attempt,
  };
}
