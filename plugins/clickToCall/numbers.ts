import { loadPart } from '../../src/core/index.ts';
import type { PluginContext } from '../../src/core/index.ts';
import type { ClickToCallOptions } from './types.ts';

/** Loads what finds numbers in the page's text, if the configuration wants them found. */
export async function startNumbers(
  ctx: PluginContext<'clickToCall', ClickToCallOptions, 'userAgent'>,
): Promise<void> {
  const { numbers } = ctx.options;
  if (!numbers) return;
  try {
    const { markNumbers } = await loadPart(() => import('./numbers.part.ts'));
    if (!ctx.signal.aborted) markNumbers({ ctx, numbers });
  } catch (error) {
    ctx.log.error('The numbers in the page cannot be found.', error);
  }
}
