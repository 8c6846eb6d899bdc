import { createWebphone } from './create.ts';
import type { Webphone, WebphoneConfig } from './create.ts';
import { withTexts } from './language.ts';
import { withMore } from './more.ts';
import { withPlaces } from './places.ts';
import { domReady, readConfig, unusable } from './readConfig.ts';

/** The attributes of the script tag that boot a phone. */
export interface BootAttributes {
  /** `data-config`: the address of a JSON configuration, or `#id` of an element that holds one. */
  readonly config: string | undefined;
  /** `data-target`: the id of the element that the whole phone is drawn into. */
  readonly target: string | undefined;
}

/**
 * Makes the phone that a script tag asks for; nothing without `data-config`. Rejects with
 * `configuration.invalid` when the configuration cannot be read or is wrong.
 */
export async function boot({ config, target }: BootAttributes): Promise<Webphone | undefined> {
  if (config === undefined) return undefined;
  const given = await withTexts(await withMore(await readConfig(config)));
  await domReady();
  return createWebphone(target === undefined ? given : withTarget(given, target));
}

function withTarget(config: WebphoneConfig, target: string): WebphoneConfig {
  const place = document.getElementById(target);
  if (!place) throw unusable(`#${target}: not found`);
  return withPlaces(config, () => place.appendChild(document.createElement('div')));
}
