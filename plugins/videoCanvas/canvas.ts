import { clockTime, loadPart } from '../../src/core/index.ts';
import type { EventName, Off } from '../../src/core/index.ts';
import type { Composition } from './composition.part.ts';
import type { VideoCore } from './context.ts';
import { hasLocal, hasRemote } from './pictures.ts';
import type { CanvasOptions } from './types.ts';

/** The composed canvas of a phone that has one configured. */
export interface Canvas {
  readonly element: () => HTMLCanvasElement | undefined;
  /** Undefined until the part that draws is there. */
  readonly composition: () => Composition | undefined;
  /** Draws the canvas; one that has left the page is looked for again. */
  readonly update: Off;
}

/** What may change what there is to draw; a page may have made its canvas meanwhile. */
const sceneEvents: readonly EventName[] = [
  'call.created',
  'call.primary.update',
  'call.demoted',
  'call.terminated',
  'dialpad.target.updated',
  'dialpad.target.backspace',
  'dialpad.target.clear',
  'userAgent.registration.registered',
  'userAgent.registration.unregistered',
  'userAgent.connected',
  'userAgent.disconnected',
];

/** Looks for the canvas, and loads what draws on it once it is there. */
export function createCanvas(core: VideoCore): Canvas {
  const { ctx } = core;
  const options = optionsOf(ctx.options.canvas);
  let element: HTMLCanvasElement | undefined;
  let composition: Composition | undefined;

  const stop = (): void => {
    composition?.stop();
    composition = undefined;
  };
  const load = async (canvas: HTMLCanvasElement): Promise<void> => {
    const { compose } = await loadPart(() => import('./composition.part.ts'));
    // Another canvas may have taken its place meanwhile.
    if (ctx.signal.aborted || canvas !== element) return;
    composition = compose({
      ...{ ...core, canvas, options, hasRemote, hasLocal },
      clockTime: (milliseconds) => clockTime(milliseconds, ctx.i18n.languageTag()),
    });
  };
  const update = (): void => {
    const found = element?.isConnected ? element : find(options);
    if (found === element) {
      composition?.update();
      return;
    }
    stop();
    element = found;
    if (!found) return;
    load(found).catch((error: unknown) => {
      ctx.log.error('Nothing can be drawn on the canvas.', error);
      // The next call tries again.
      if (found === element) element = undefined;
    });
  };
  for (const event of sceneEvents) ctx.on(event, update);
  ctx.onDestroy(stop);
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
