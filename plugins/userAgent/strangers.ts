import { PhoneError, loadPart, newId } from '../../src/core/index.ts';
import type { StrangersServices } from './referring.ts';
import type * as Part from './strangers.part.ts';
import type { UserAgentApi } from './types.ts';

/** Sends REFERs to those that this phone is in no call with, and takes theirs where that is allowed. */
export function createStrangers(given: StrangersServices): Pick<UserAgentApi, 'refer'> {
  const services = { ...given, PhoneError, newId };
  const part = (): Promise<typeof Part> => loadPart(() => import('./strangers.part.ts'));
  if (given.ctx.options.user_agent.allow_out_of_dialog_refers) {
    const take = async (refer: Part.Refer): Promise<void> => {
      (await part()).takeRefer(refer, services);
    };
    given.takers.add({
      method: 'REFER',
      take: (refer) => {
        take(refer).catch(() => {
          refer.reply(500);
        });
      },
    });
  }
  return {
    refer: async (target, referTo, options = {}) => {
      await (await part()).sendRefer({ target, referTo, options }, services);
    },
  };
}
