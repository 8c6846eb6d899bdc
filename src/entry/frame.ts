/** The script of `dist/frame/index.html`: a phone for the page around it to command. */
import { createLogging } from '../core/logger.ts';
import type { CordboardPhoneElement } from '../element/types.ts';
import { originsFrom } from '../frame/origins.ts';
import { serveParent } from '../frame/serve.ts';
import type { Served } from '../frame/serve.ts';
import { asRead } from './asRead.ts';
import type { Webphone } from './create.ts';
import type { LoadedConfig } from './more.ts';
import { readConfig } from './readConfig.ts';

/** What the configuration of a frame holds besides that of its phone. */
export type FrameConfig = LoadedConfig & {
  readonly frame?: {
    /** The origins whose pages may command the phone, such as `https://app.example.com`. */
    readonly origins?: readonly string[];
  };
};

serveParent(start(document.currentScript?.dataset['config'] ?? 'phone.json'));

async function start(place: string): Promise<Served> {
  const element: CordboardPhoneElement = document.createElement('cordboard-phone');
  const given: FrameConfig | null = await readConfig(place).catch(() => null);
  const { frame, ...config } = given ?? {};
  const log = createLogging(config.log)('frame');
  let origins = originsFrom(frame?.origins, log);
  // Of the phone that is being made, if it is made.
  let later = origins;
  const adapt = (found: FrameConfig): object => {
    const { frame: renewed, ...rest } = found;
    later = originsFrom(renewed?.origins, log);
    return { ...rest, provisioning: saidIn(rest) };
  };
  const onPhone: Served['onPhone'] = (listener, signal) => {
    const tell = (): void => {
      if (element.phone) listener(element.phone);
    };
    element.addEventListener('phone.created', tell, signal && { signal });
  };
  onPhone((phone) => {
    origins = later;
    speakAs(phone);
  });
  // What cannot be read is told in words by the element, which reads it once more.
  element.config = given === null ? place : withRenewals(config, { place, given, adapt });
  document.body.append(element);
  return { phone: () => element.ready, onPhone, origins: () => origins, log };
}

interface Renewals {
  readonly place: string;
  readonly given: object;
  readonly adapt: (found: FrameConfig) => object;
}

/** The element is given an object, so it is told where that came from. */
function withRenewals(config: LoadedConfig, { place, given, adapt }: Renewals): LoadedConfig {
  const { provisioning } = config;
  if ((provisioning ?? undefined) === undefined) return config;
  const current = (provisioning?.url ?? place) === place ? asRead(given) : {};
  return { ...config, provisioning: { url: place, ...current, ...provisioning, adapt } };
}

/** What a file says of `provisioning` is all that is said, as it is for the script tag: what it left out ends. */
function saidIn({ provisioning }: LoadedConfig): object {
  if ((provisioning ?? undefined) === undefined) return { enabled: false };
  return { refresh: undefined, timeout: undefined, credentials: undefined, ...provisioning };
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
