import { PhoneError, asPhoneError } from '../core/errors.ts';
import type { EventMap, EventName } from '../core/index.ts';
import { createLogging } from '../core/logger.ts';
import { createWebphone } from '../entry/create.ts';
import type { Webphone, WebphoneConfig } from '../entry/create.ts';
import { chosen, withTexts } from '../entry/language.ts';
import { withMore } from '../entry/more.ts';
import type { LoadedConfig, Renew } from '../entry/more.ts';
import { withPlaces } from '../entry/places.ts';
import { domReady, parseConfig, readConfig, unusable } from '../entry/readConfig.ts';
import { early } from './early.ts';
import { createTelling } from './telling.ts';
import type { Tell } from './telling.ts';
import type { Tree } from './tree.ts';

/** One configuration, and the phone made of it. */
export interface Attempt {
  readonly phone: () => Webphone | undefined;
  readonly ready: Promise<Webphone>;
  /** Another language; null is the configuration's own. */
  readonly speak: (language: string | null) => void;
  /** Takes the phone down, or gives up making it. The places that it was drawn into stay. */
  readonly stop: () => void;
}

/** What a phone is made for. */
export interface AttemptSetup {
  readonly host: HTMLElement;
  readonly tree: Tree;
  readonly source: LoadedConfig | string | null;
  /** Makes another phone in the place of this one. */
  readonly renew: Renew;
  /** What it takes the place of, if anything. */
  readonly instead?: Instead;
}

/** A phone that takes the place of another one: when it cannot be made, that one stays. */
export interface Instead {
  readonly whenIdle: () => Promise<void>;
  /** It is made: the other one goes now. */
  readonly onMade: () => void;
}

/** Reads a configuration and makes a phone of it in the element. */
export function attempt(setup: AttemptSetup): Attempt {
  const { host, tree, instead } = setup;
  const controller = new AbortController();
  const { signal } = controller;
  const tell = createTelling(host);
  let config: WebphoneConfig = {};
  let phone: Webphone | undefined;

  const speak = (language: string | null): void => {
    const wanted = language ?? config.i18n?.lng ?? 'en';
    chosen(wanted)
      .then((found) => phone?.i18n.changeLanguage(found))
      .catch((error: unknown) => {
        createLogging(config.log)('element').error(`There is no language ${wanted}`, error);
      });
  };
  const make = async (): Promise<Webphone> => {
    const given = await configuration(setup, signal);
    goOn(signal);
    // What is no configuration at all is refused there.
    if (!isRecord(given)) return createWebphone(given);
    config = await withMore(given, setup.source, setup.renew);
    goOn(signal);
    const waiting: (() => void)[] = [];
    const language = languageOf(host);
    const places: Element[] = [];
    const spoken = await withTexts(prepared(config, setup, { waiting, places, tell }));
    await instead?.whenIdle();
    goOn(signal);
    const made = createWebphone(spoken);
    phone = made;
    instead?.onMade();
    tree.show(places);
    // It may have changed while the texts were on their way.
    if (languageOf(host) !== language) speak(languageOf(host));
    made.once('phone.destroyed', () => {
      phone = undefined;
    });
    made.onPattern('**', (name, payload) => {
      tell(name, payload as EventMap[EventName]);
    });
    for (const each of waiting) each();
    return made;
  };
  const fail = (thrown: unknown): never => {
    if (signal.aborted) throw new PhoneError('phone.destroyed');
    const error = asPhoneError(thrown, 'configuration.invalid');
    if (instead) throw error;
    createLogging(config.log)('element').error(error.message);
    tree.showError(error);
    tell('phone.configuration.failed', { error });
    throw error;
  };

  return {
    phone: () => phone,
    ready: make().catch(fail),
    speak,
    stop: () => {
      controller.abort();
      phone?.destroy();
      phone = undefined;
    },
  };
}

/** What the element says of its language; an empty word says nothing. */
function languageOf(host: Element): string | null {
  const language = host.getAttribute('lang');
  return language === '' ? null : language;
}

function goOn(signal: AbortSignal): void {
  if (signal.aborted) throw new PhoneError('phone.destroyed');
}

async function configuration(
  { host, source }: AttemptSetup,
  signal: AbortSignal,
): Promise<LoadedConfig> {
  if (source !== null && typeof source !== 'string') return source;
  if (source) return readConfig(source, signal, host);
  // The parser makes the element before what stands in it.
  await domReady();
  const inside = host.querySelector(':scope > script[type="application/json"]')?.textContent;
  if (!inside) throw unusable('<cordboard-phone> needs config="phone.json", or JSON inside of it');
  return parseConfig('<cordboard-phone>', inside);
}

/** What is kept until the phone is there. */
interface Early {
  readonly waiting: (() => void)[];
  readonly places: Element[];
  readonly tell: Tell;
}

function prepared(
  config: WebphoneConfig,
  { host, tree }: AttemptSetup,
  { waiting, places, tell }: Early,
): WebphoneConfig {
  const { i18n, listeners } = config;
  const language = languageOf(host);
  let isMade = false;
  const makePlace = (plugin: string): Element => {
    const place = tree.makePlace(plugin);
    places.push(place);
    return place;
  };
  const listen = <Name extends EventName>(name: Name): ((payload: EventMap[Name]) => void) => {
    const own = listeners?.[name] as ((payload: EventMap[Name]) => void) | undefined;
    return (payload) => {
      own?.(payload);
      if (isMade) return;
      isMade = name === 'phone.created';
      waiting.push(() => {
        tell(name, payload);
      });
    };
  };
  return {
    ...withPlaces(config, makePlace),
    ...(language === null ? {} : { i18n: { ...i18n, lng: language } }),
    listeners: { ...listeners, ...Object.fromEntries(early.map((name) => [name, listen(name)])) },
  };
}

function isRecord(config: unknown): boolean {
  return typeof config === 'object' && config !== null && !Array.isArray(config);
}
