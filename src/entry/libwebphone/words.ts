import type { Bundle } from '../../core/index.ts';
import type { Engine } from './kit.ts';
import { section } from './values.ts';
import type { Plain } from './values.ts';
import { texts, textsOf } from './texts.ts';

type Strings = Readonly<Record<string, string>>;

const namespace = 'libwebphone';

/** The texts of one libwebphone, in i18next's namespace `libwebphone`. */
export interface Words {
  readonly add: (className: string, language: string, resource: Strings) => void;
  /** Adds the texts of a language, the native ones too; texts of the page stay. */
  readonly fill: (language: string, bundle: Bundle) => void;
  readonly translate: (key: string, options?: object) => string;
}

/** Puts libwebphone's texts, and those of the configuration over them, into i18next. */
export function createWords({ i18next }: Engine, config: Plain): Words {
  const add: Words['add'] = (className, language, resource) => {
    i18next.addResourceBundle(language, namespace, { [className]: resource }, true, true);
  };
  for (const [className, resource] of Object.entries(texts)) add(className, 'en', resource);
  for (const [language, spaces] of Object.entries(section(section(config, 'i18n'), 'resources'))) {
    for (const [space, resource] of Object.entries(Object(spaces) as Plain)) {
      i18next.addResourceBundle(language, space, resource, true, true);
    }
  }
  for (const className of Object.keys(config)) {
    const bundles = section(section(section(config, className), 'i18n'), 'resourceBundles');
    for (const [language, resource] of Object.entries(bundles)) {
      add(className, language, resource as Strings);
    }
  }
  const fill: Words['fill'] = (language, bundle) => {
    i18next.addResourceBundle(language, 'cordboard', bundle, true, false);
    i18next.addResourceBundle(language, namespace, textsOf(bundle), true, false);
  };
  return { add, fill, translate: (key, options) => i18next.t(key, { ...options }) };
}
