import type { Off } from '../core/index.ts';
import { createWebphone } from './create.ts';
import type { Webphone } from './create.ts';
import { withTexts } from './language.ts';
import { withMore } from './more.ts';
import type { LoadedConfig } from './more.ts';
import { withPlaces } from './places.ts';
import { domReady, readConfig, unusable } from './readConfig.ts';

/** The attributes of the script tag that boot a phone. */
export interface BootAttributes {
  /**
   * `data-config`: the address of a JSON configuration, or `#id` of an element that holds one. A configuration
   * that is complete, where it takes the place of another one.
   */
  readonly config: LoadedConfig | string | undefined;
  /** `data-target`: the id of the element that the whole phone is drawn into. */
  readonly target: string | undefined;
}

/**
 * Makes the phone that a script tag asks for; nothing without `data-config`. Rejects with
 * `configuration.invalid` when the configuration cannot be read or is wrong. The phone before it is stopped
 * once there is another.
 */
export async function boot(
  { config, target }: BootAttributes,
  whenReady: () => Promise<void> = domReady,
  stopOld?: Off,
): Promise<Webphone | undefined> {
  if (config === undefined) return undefined;
  const read = typeof config === 'string' ? await readConfig(config) : config;
  const given = await withTexts(
    await withMore(read, config, (next, whenIdle) =>
      boot({ config: next, target }, whenIdle, () => {
        phone.destroy();
        for (const place of places) place.remove();
      }),
    ),
  );
  await whenReady();
  const box = target === undefined ? undefined : boxOf(target);
  const places: Element[] = [];
  const makePlace = (): Element => {
    const place = document.createElement('div');
    places.push(place);
    return place;
  };
  const phone = createWebphone(box ? withPlaces(given, makePlace) : given);
  // What is wrong has been thrown by now, and the old one stays.
  stopOld?.();
  box?.append(...places);
  return phone;
}

function boxOf(target: string): Element {
  const box = document.getElementById(target);
  if (!box) throw unusable(`#${target}: not found`);
  return box;
}
