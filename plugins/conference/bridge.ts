import { PhoneError, asPhoneError, newId } from '../../src/core/index.ts';
import type { Call, Off } from '../../src/core/index.ts';
import { legEvent } from './context.ts';
import type { ConferenceCore, Strategy } from './context.ts';

/** A conference on the server: the user calls the bridge, and each call is transferred to it. */
export function createBridge(core: ConferenceCore): Strategy {
  const { ctx, store, legs } = core;
  const { bridge_uri: address } = ctx.options;
  const close = (): void => {
    store.set({ id: null, legs: [] });
  };
  const enter = async (): Promise<void> => {
    const agent = ctx.optional('userAgent');
    if (!agent) throw new PhoneError('plugin.missing');
    const own = await agent.call(address);
    await established(core, own);
    const id = newId();
    store.set({ id, legs: [own.id] });
    ctx.emit('conference.started', { conferenceId: id, callIds: [own.id] });
  };
  const send = async (call: Call): Promise<void> => {
    await call.transfer(address);
    core.tell('joined', call.remoteIdentity());
    ctx.emit('conference.leg.transferred', legEvent(call));
  };
  const refuse = (): Promise<void> => Promise.reject(new PhoneError('call.stateInvalid'));
  return {
    least: 1,
    join: async (calls) => {
      if (address === '') throw new PhoneError('call.targetMissing');
      // Itself first: nobody is sent to a bridge that does not answer.
      if (legs().length === 0) await enter();
      const results = await Promise.allSettled(calls.map(send));
      const failed = results.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') throw asPhoneError(failed.reason, 'transfer.failed');
    },
    // Who is on the bridge is the server's to say.
    part: refuse,
    dissolve: refuse,
    silence: () => {
      throw new PhoneError('call.stateInvalid');
    },
    left: async () => {
      close();
      core.tell('over');
      ctx.emit('conference.ended', { reason: 'leg-ended' });
      await Promise.resolve();
    },
    close,
  };
}

function established({ ctx }: ConferenceCore, call: Call): Promise<void> {
  return new Promise((resolve, reject) => {
    const offs: Off[] = [];
    const settle = (): void => {
      if (!call.isEstablished() && !call.isEnded()) return;
      for (const off of offs) off();
      if (call.isEnded()) reject(new PhoneError('call.failed'));
      else resolve();
    };
    offs.push(ctx.on('call.established', settle), ctx.on('call.terminated', settle));
    settle();
  });
}
