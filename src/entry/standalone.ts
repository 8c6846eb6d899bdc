/**
 * The script-tag build: everything of the module build as the global `Cordboard`, and a phone when
 * the tag has `data-config`. Where there is no document it does nothing.
 */
import { boot } from './boot.ts';
import type { Webphone } from './create.ts';

export * from './index.ts';
export { loadLanguage } from './language.ts';

/** The phone that the script tag asked for; undefined when it asked for none. */
export const phone: Promise<Webphone | undefined> = bootHere();

async function bootHere(): Promise<Webphone | undefined> {
  if (typeof document === 'undefined') return undefined;
  const { currentScript } = document;
  if (!(currentScript instanceof HTMLScriptElement)) return undefined;
  const { config, target } = currentScript.dataset;
  return await boot({ config, target });
}
