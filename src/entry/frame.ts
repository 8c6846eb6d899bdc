/** The script of `dist/frame/index.html`: a phone for the page around it to command. */
import { createLogging } from '../core/logger.ts';
import { early } from '../element/early.ts';
import type { CordboardPhoneElement } from '../element/types.ts';
import type { Told } from '../frame/guest.ts';
import { originsFrom } from '../frame/origins.ts';
import type { FrameConfig } from '../frame/origins.ts';
import { serveParent } from '../frame/serve.ts';
import type { Served } from '../frame/serve.ts';
import { asRead } from './asRead.ts';
import type { Webphone } from './create.ts';
import type { LoadedConfig } from './more.ts';
import type { ProvisioningSection } from './provisioned.ts';
import { readConfig } from './readConfig.ts';

/** What the frame knows of a phone, or of one that is being made. */
interface Known {
  /** The origins whose pages may command it. */
  readonly origins: readonly string[];
  /** What was told while it was made, in that order. */
  readonly early: Told[];
}

serveParent(start(document.currentScript?.dataset['config'] ?? 'phone.json'));

async function start(place: string): Promise<Served> {
  const element: CordboardPhoneElement = document.createElement('cordboard-phone');
  const given: FrameConfig | null = await readConfig(place).catch(() => null);
  const { frame, ...config } = given ?? {};
  const log = createLogging(config.log)('frame');
  const first: Known = { origins: originsFrom(frame, log), early: [] };
  let known = first;
  const told = (config: LoadedConfig, of: Known): LoadedConfig =>
    withListeners(config, (event) => {
      of.early.push(event);
      // The last word of its making: from now on it is the one that runs.
      if (event.name === 'phone.created') known = of;
    });
  const adapt = (found: FrameConfig): object => {
    const { frame: renewed, ...rest } = found;
    const said = { ...rest, provisioning: saidIn(rest) as ProvisioningSection };
    return told(said, { origins: originsFrom(renewed, log), early: [] });
  };
  const onPhone: Served['onPhone'] = (listener, signal) => {
    const tell = (): void => {
      if (element.phone) listener(element.phone);
    };
    element.addEventListener('phone.created', tell, signal && { signal });
  };
  onPhone(speakAs);
  // What cannot be read is told in words by the element, which reads it once more.
  element.config =
    given === null ? place : withRenewals(told(config, first), { place, given, adapt });
  document.body.append(element);
  return {
    phone: () => element.ready,
    onPhone,
    early: () => known.early,
    origins: () => known.origins,
    log,
  };
}

/** The configuration, and who hears what is told while a phone is made of it. */
function withListeners(config: LoadedConfig, hear: (event: Told) => void): LoadedConfig {
  let isMade = false;
  const hearers = early.map((name) => {
    const tell = (payload: unknown): void => {
      if (isMade) return;
      isMade = name === 'phone.created';
      hear({ name, payload });
    };
    return [name, tell] as const;
  });
  return { ...config, listeners: Object.fromEntries(hearers) };
}

interface Renewals {
  readonly place: string;
  readonly given: object;
  readonly adapt: (found: FrameConfig) => object;
}

/** The element is given an object, so it is told where that came from. */
function withRenewals(config: LoadedConfig, { place, given, adapt }: Renewals): LoadedConfig {
  const { provisioning } = config;
  // What is no section is refused by what reads it.
  if (!isSection(provisioning)) return config;
  const current = (provisioning.url ?? place) === place ? asRead(given) : {};
  return { ...config, provisioning: { url: place, ...current, adapt, ...provisioning } };
}

/** What a file says of `provisioning` is all that is said, as it is for the script tag: what it left out ends. */
function saidIn({ provisioning }: LoadedConfig): unknown {
  if ((provisioning ?? undefined) === undefined) return { enabled: false };
  if (!isSection(provisioning)) return provisioning;
  return { refresh: undefined, timeout: undefined, credentials: undefined, ...provisioning };
}

function isSection(given: unknown): given is ProvisioningSection {
  return typeof given === 'object' && given !== null && !Array.isArray(given);
}

/** The document speaks the language of its phone, which is all that is in it. */
function speakAs({ i18n, on }: Webphone): void {
  const say = (): void => {
    document.documentElement.lang = i18n.language();
    document.documentElement.dir = i18n.direction();
  };
  say();
  on('language.changed', say);
}
