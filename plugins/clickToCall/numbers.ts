import { loadPart } from '../../src/core/index.ts';
import type { Off } from '../../src/core/index.ts';
import type { Context } from './act.ts';
import type { WatchRoot } from './numbers.part.ts';

/** Finds numbers in the page's text if the configuration wants that, and gives what does so in a shadow root. */
export function startNumbers(ctx: Context): WatchRoot {
  const loading = load(ctx);
  return (root) => {
    let isOver = false;
    let off: Off | undefined;
    void loading.then((watch) => {
      if (!isOver && !ctx.signal.aborted) off = watch?.(root);
    });
    return () => {
      isOver = true;
      off?.();
      off = undefined;
    };
  };
}

async function load(ctx: Context): Promise<WatchRoot | undefined> {
  const { numbers } = ctx.options;
  if (!numbers || typeof document === 'undefined') return undefined;
  try {
    const { markNumbers } = await loadPart(() => import('./numbers.part.ts'));
    await parsed(ctx.signal);
    return ctx.signal.aborted ? undefined : markNumbers({ ctx, numbers });
  } catch (error) {
    ctx.log.error('The numbers in the page cannot be found.', error);
    return undefined;
  }
}

/** The page is read. Before that the parser is still writing, and a number may be cut in two. */
async function parsed(signal: AbortSignal): Promise<void> {
  if (document.readyState !== 'loading') return;
  await new Promise((resolve) => {
    document.addEventListener('DOMContentLoaded', resolve, { signal, once: true });
  });
}
