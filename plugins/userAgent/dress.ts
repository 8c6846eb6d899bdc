import { loadPart } from '../../src/core/index.ts';
import type { ListeningServices } from './stackEvents.ts';
import { isRare } from './schema.ts';
import type { StackSettings } from './settings.ts';
import type { StackListener } from './stackListener.ts';
import type { Credentials } from './state.ts';
import type { UserAgentOptions } from './types.ts';

/** What an agent is made of. */
export interface Made {
  readonly settings: StackSettings;
  readonly listener: StackListener;
}

/** What the part of the rare options needs of the plugin. */
export interface DressServices extends Pick<ListeningServices, 'ctx' | 'store' | 'registration'> {
  readonly options: UserAgentOptions;
}

/** Brings the rare options into what an agent is made of. */
export type Dress = (made: Made, services: DressServices) => Made;

/** The part of the rare options, when one of them is set or there is no account at all. */
export async function loadDress(
  options: UserAgentOptions,
  { username, realm }: Credentials,
): Promise<Dress | undefined> {
  if ((username || realm) && !isRare(options)) return undefined;
  return (await loadPart(() => import('./agentOptions.part.ts'))).dress;
}
