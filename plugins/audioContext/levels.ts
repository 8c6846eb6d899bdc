import { loadPart } from '../../src/core/index.ts';
import type { BindElement } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { Graph } from './graph.ts';
import type { Meters, Side } from './meters.part.ts';

/** Feeds the level meters of the template; what measures is loaded when one is drawn. */
export function createLevels(
  core: AudioCore,
  graph: Graph,
  preview: () => MediaStream | undefined,
): Readonly<Record<'localLevel' | 'remoteLevel', BindElement>> {
  const { ctx } = core;
  let meters: Meters | undefined;
  const bind =
    (side: Side): BindElement =>
    (element) => {
      let off = (): void => undefined;
      let isBound = true;
      loadPart(() => import('./meters.part.ts')).then(
        ({ createMeters }) => {
          if (!isBound || ctx.signal.aborted) return;
          meters ??= createMeters(core, graph, preview);
          off = meters.add(element as HTMLMeterElement, side);
        },
        (error: unknown) => {
          ctx.log.warn('Levels are not shown.', error);
        },
      );
      return () => {
        isBound = false;
        off();
      };
    };
  return { localLevel: bind('local'), remoteLevel: bind('remote') };
}
