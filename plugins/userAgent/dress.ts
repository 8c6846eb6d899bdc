import { loadPart } from '../../src/core/index.ts';
import type { Dress } from './dressing.ts';
import { isRare } from './schema.ts';
import type { Credentials } from './state.ts';
import type { UserAgentOptions } from './types.ts';

/** The part of the rare options, when one of them is set or there is no account at all. */
export async function loadDress(
  options: UserAgentOptions,
  { username, realm }: Credentials,
): Promise<Dress | undefined> {
  if ((username || realm) && !isRare(options)) return undefined;
  return (await loadPart(() => import('./agentOptions.part.ts'))).dress;
}
