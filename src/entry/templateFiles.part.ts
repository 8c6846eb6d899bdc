/** Gives the text at an address. */
type Load = (address: string, signal?: AbortSignal) => Promise<string>;

/** Where templates are named, and how their files are read. */
export interface TemplateFiles {
  /** The address of the configuration, or `#id` of the element of the page that holds it. */
  readonly place: string;
  readonly load: Load;
  readonly signal: AbortSignal | undefined;
}

/**
 * A configuration with the texts of the files that it names as `template` or in `partials`: what ends in
 * `.mustache` is an address, relative to where the configuration is. A file that is named twice is fetched once.
 */
export async function withTemplates<Config extends object>(
  config: Config,
  { place, load, signal }: TemplateFiles,
): Promise<Config> {
  const from = new URL(place, document.baseURI);
  const files = new Map<string, Promise<string>>();
  const once = (name: string): Promise<string> => {
    const file = files.get(name) ?? load(new URL(name, from).href, signal);
    files.set(name, file);
    return file;
  };
  return (await filled(config, once, false)) as Config;
}

async function filled(value: unknown, load: Load, isTemplate: boolean): Promise<unknown> {
  if (typeof value === 'string') {
    // A template may end in the same letters, but hardly without a tag or an element.
    return isTemplate && /^[^{<]+\.mustache$/.test(value) ? load(value) : value;
  }
  if (Array.isArray(value)) {
    return Promise.all(value.map((item) => filled(item, load, false)));
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(async ([key, item]) => {
    // In `partials` every text is a template, whatever its name.
    const isNamed = isTemplate || key === 'template' || key === 'partials';
    return [key, await filled(item, load, isNamed)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
