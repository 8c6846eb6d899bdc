import type { PluginContext } from '../../src/core/index.ts';
import type { MessagesOptions } from './types.ts';

/** What this plugin has of the phone. */
export type Context = PluginContext<'messages', MessagesOptions, 'userAgent'>;

/** Whether messages can be sent now. */
export function isServerThere(ctx: Context): boolean {
  const agent = ctx.require('userAgent');
  const choice = choiceOf(ctx);
  const afterConnection = ctx.options.after === 'connection';
  return agent.isConnected(choice) && (afterConnection || agent.isRegistered(choice));
}

/** The account that messages go through, for the methods of the agent. */
export function choiceOf({ options: { account } }: Context): { readonly account?: string } {
  return account === '' ? {} : { account };
}

/** The id of that account, and its address as `1001@example.com`, '' without one. */
export function accountOf(ctx: Context): { readonly id: string; readonly address: string } {
  const { account } = ctx.options;
  const all = ctx.require('userAgent').accounts();
  const found = account === '' ? all[0] : all.find(({ id }) => id === account);
  const { id = account, username = '', realm = '' } = found ?? {};
  const isWhole = username.includes('@') || username === '' || realm === '';
  return { id, address: isWhole ? username : `${username}@${realm}` };
}

/** How many bytes a text has on the wire. */
export const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
