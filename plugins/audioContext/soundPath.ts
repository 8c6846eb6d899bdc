import { PhoneError, asPhoneError, loadPart } from '../../src/core/index.ts';
import type { AudioCore } from './context.ts';
import type { Graph } from './graph.ts';
import type { Processing } from './processors.part.ts';
import type { AudioContextApi, Processors } from './types.ts';

/** Leads the sound of calls through processors; where there is nothing to do, it touches nothing. */
export function createSoundPath(
  { ctx, store }: AudioCore,
  graph: Graph,
): AudioContextApi['setProcessors'] {
  let { processors } = ctx.options;
  let processing: Processing | undefined;

  const isThere = (callId: string): boolean => ctx.calls.get(callId) !== undefined;
  const failed = (processor: string, direction: keyof Processors, thrown: unknown): void => {
    const { code } = Object(thrown) as { readonly code?: unknown };
    const error =
      code === 'media.wasmRefused'
        ? asPhoneError(thrown, code)
        : new PhoneError('media.processorFailed', { cause: thrown });
    const failure = { processor, direction, error };
    store.set({ failure });
    ctx.log.warn(`The processor "${processor}" was left out.`, thrown);
    ctx.emit('audioContext.processor.failed', failure);
  };
  // None for a call that has ended meanwhile: what began for it now, nobody would stop.
  const load = async (
    direction: keyof Processors,
    callId: string,
  ): Promise<Processing | undefined> => {
    try {
      const part = await loadPart(() => import('./processors.part.ts'));
      processing ??= part.createProcessing({
        clock: ctx.clock,
        processors: () => processors,
        hold: graph.hold,
        isThere,
        failed,
      });
    } catch (error) {
      for (const { name } of processors[direction]) failed(name, direction, error);
    }
    return isThere(callId) ? processing : undefined;
  };
  ctx.onDestroy(
    ctx.calls.useSoundPath({
      outgoing: async (callId, track, added) => {
        if (!processing && processors.outgoing.length === 0 && !added) return track;
        return (await load('outgoing', callId))?.outgoing(callId, track, added) ?? track;
      },
      incoming: async (callId, track) => {
        if (!processing && processors.incoming.length === 0) return track;
        return (await load('incoming', callId))?.incoming(callId, track) ?? track;
      },
      close: (callId) => processing?.close(callId),
    }),
  );
  ctx.onDestroy(() => {
    for (const { id } of ctx.calls.list()) processing?.close(id);
  });
  ctx.on('call.local.audio.added', ({ callId }) => processing?.settle(callId));
  ctx.on('call.created', () => {
    if (ctx.calls.list().length === 1) store.set({ failure: null });
  });
  return async (given) => {
    processors = { ...processors, ...given };
    store.set({ failure: null });
    await ctx.calls.reroute();
  };
}
