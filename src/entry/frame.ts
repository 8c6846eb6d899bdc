/** The script of `dist/frame/index.html`: a phone for the page around it to command. */
import { createLogging } from '../core/logger.ts';
import type { CordboardPhoneElement } from '../element/types.ts';
import { originsFrom } from '../frame/origins.ts';
import { serveParent } from '../frame/serve.ts';
import type { Served } from '../frame/serve.ts';
import type { Webphone, WebphoneConfig } from './create.ts';
import { readConfig } from './readConfig.ts';

/** What the configuration of a frame holds besides that of its phone. */
export interface FrameConfig extends WebphoneConfig {
  readonly frame?: {
    /** The origins whose pages may command the phone, such as `https://app.example.com`. */
    readonly origins?: readonly string[];
  };
}

serveParent(start(document.currentScript?.dataset['config'] ?? 'phone.json'));

async function start(place: string): Promise<Served> {
  const element: CordboardPhoneElement = document.createElement('cordboard-phone');
  const given: FrameConfig | null = await readConfig(place).catch(() => null);
  // What cannot be read is told in words by the element, which reads it once more.
  const { frame, ...config } = given ?? {};
  element.config = given === null ? place : config;
  document.body.append(element);
  void element.ready.then(speakAs, () => undefined);
  const log = createLogging(config.log)('frame');
  return { phone: element.ready, origins: originsFrom(frame?.origins, log), log };
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
