import { clockTime, loadPart } from '../../src/core/index.ts';
import type { Off } from '../../src/core/index.ts';
import type { Composition } from './composition.part.ts';
import type { VideoCore } from './context.ts';
import type { CanvasOptions } from './types.ts';

/** The composed canvas of a phone that has one configured. */
export interface Canvas {
  readonly element: () => HTMLCanvasElement | undefined;
  /** Undefined until the part that draws is there. */
  readonly composition: () => Composition | undefined;
  /** Looks for the canvas if need be, and draws it. */
  readonly update: Off;
}

/** Looks for the canvas, and loads what draws on it once it is there. */
export function createCanvas(core: VideoCore): Canvas {
  const { ctx } = core;
  const options = optionsOf(ctx.options.canvas);
  let element: HTMLCanvasElement | undefined;
  let composition: Composition | undefined;

  const load = async (canvas: HTMLCanvasElement): Promise<void> => {
    const { compose } = await loadPart(() => import('./composition.part.ts'));
    if (ctx.signal.aborted) return;
    composition = compose({ ...core, canvas, options, clockTime });
    ctx.onDestroy(composition.stop);
  };
  const update = (): void => {
    composition?.update();
    if (element) return;
    element = find(options);
    if (!element) return;
    load(element).catch((error: unknown) => {
      ctx.log.error('Nothing can be drawn on the canvas.', error);
      // The next call tries again.
      element = undefined;
    });
  };
  ctx.on('call.created', update);
  update();
  return { element: () => element, composition: () => composition, update };
}

function optionsOf(canvas: string | CanvasOptions): CanvasOptions {
  return typeof canvas === 'string' ? { root: { elementId: canvas } } : canvas;
}

function find({ root }: CanvasOptions): HTMLCanvasElement | undefined {
  if (typeof document === 'undefined') return undefined;
  const found = root?.element ?? document.getElementById(root?.elementId ?? '');
  return found instanceof HTMLCanvasElement ? found : undefined;
}
