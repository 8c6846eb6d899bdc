import { PhoneError, loadPart } from '../core/index.ts';
import type { provisioning } from '../../plugins/provisioning/index.ts';
import type { ProvisioningOptions } from '../../plugins/provisioning/index.ts';
import { asRead } from './asRead.ts';
import type { Webphone } from './create.ts';

/** `provisioning` in a configuration that is read, or that is given to the element. */
export type ProvisioningSection = NonNullable<Parameters<typeof provisioning>[0]> & {
  /**
   * Gives what another phone is made of, from what was read, with the texts of its templates in it. For what no
   * JSON holds, such as listeners and plugins. What it throws, or rejects with, is told as `provisioning.failed`.
   */
  readonly adapt?: (config: object) => object | Promise<object>;
};

/** A configuration that may hold such a section. */
export interface Provisioned {
  readonly provisioning?: ProvisioningSection;
}

/**
 * Makes another phone of a configuration that is complete, in the place of the one that runs, which stays
 * when that fails. `whenIdle` resolves when no call is up, and rejects when the configuration is not wanted any
 * more. Gives the phone where nobody else tells of it.
 */
export type Renew = (
  config: Provisioned,
  whenIdle: () => Promise<void>,
) => Promise<Webphone | undefined>;

/** What holds for all files that are read after the first, whatever they say. */
interface Lasting {
  /** What the page says itself, or a file that names another address: those read later go before it, key by key. */
  readonly section: ProvisioningSection | undefined;
}

/** Of the configurations that were made here. It is not in them, since a file could say the same. */
const lasting = new WeakMap<object, Lasting>();

/**
 * What holds for a configuration: what held for the one before it where it was made here, which then stands for the
 * place that it came from.
 */
function lastingOf(place: unknown, first: Lasting): Lasting {
  const found = typeof place === 'object' && place !== null ? lasting.get(place) : undefined;
  return found ?? first;
}

/**
 * Fills in what no JSON can say: where the configuration came from, and what to do with another one. Throws
 * `configuration.invalid` for an `adapt` that cannot be called, by which each renewal would fail.
 */
export function provisioned<Config extends Provisioned>(
  given: Config,
  place: unknown,
  renew: Renew,
): Config {
  const section = given.provisioning;
  const read = typeof place === 'string' && !place.startsWith('#') ? place : undefined;
  const url = section?.url ?? read;
  if (section === undefined || url === undefined || !isObject(section)) return given;
  const isFromThere = url === read;
  const kept = lastingOf(place, { section: isFromThere ? undefined : section });
  const { adapt, ...options } = section;
  checkAdapt(adapt);
  const apply: ProvisioningOptions['apply'] = async (config, whenIdle, load) => {
    const phone = await renew(await complete({ config, kept, url, load }), whenIdle);
    if (phone) document.dispatchEvent(new CustomEvent('cordboard.renewed', { detail: phone }));
  };
  const current = isFromThere ? asRead(given) : {};
  return { ...given, provisioning: { url, apply, ...current, ...options } };
}

/** A text, say, that stands in the place of the section is told when the options are checked. */
function isObject(section: unknown): boolean {
  return typeof section === 'object' && section !== null && !Array.isArray(section);
}

function checkAdapt(adapt: unknown): void {
  if (adapt === undefined || typeof adapt === 'function') return;
  const found = typeof adapt === 'string' ? 'text' : adapt === null ? 'null' : `a ${typeof adapt}`;
  const accepted = 'a function, which JSON cannot hold';
  const problem = { path: 'provisioning.adapt', found, accepted };
  throw new PhoneError('configuration.invalid', { problems: [problem] });
}

interface Found {
  readonly config: Provisioned;
  readonly kept: Lasting;
  /** Where it was read. */
  readonly url: string;
  readonly load: (address: string) => Promise<string>;
}

/** All that a phone is made of, from what the plugin was given: it is not read a second time. */
async function complete({ config, kept, url, load }: Found): Promise<Provisioned> {
  const { section: ours } = kept;
  const filled = await withTemplates(config, url, load);
  const adapted: Provisioned = (await ours?.adapt?.(filled)) ?? filled;
  const theirs = adapted.provisioning ?? undefined;
  if (theirs === undefined ? ours === undefined : !isObject(theirs)) {
    lasting.set(adapted, kept);
    return adapted;
  }
  // One that names no address is asked for again where it was read: two files would take turns otherwise.
  const next = theirs?.url ?? url;
  const section = { ...allowed(ours, next), ...theirs, url: next, current: config };
  const found = { ...adapted, provisioning: section };
  lasting.set(found, kept);
  return found;
}

/** A file may name another address, but who gets the page's token is not for a file to say. */
function allowed(
  ours: ProvisioningSection | undefined,
  next: string,
): ProvisioningSection | undefined {
  if (ours?.token === undefined) return ours;
  const originOf = (url = ''): string => new URL(url, document.baseURI).origin;
  if (originOf(ours.url) === originOf(next)) return ours;
  const { token, ...rest } = ours;
  return rest;
}

async function withTemplates(
  config: Provisioned,
  place: string,
  load: Found['load'],
): Promise<Provisioned> {
  if (!JSON.stringify(config).includes('.mustache"')) return config;
  const files = await loadPart(() => import('./templateFiles.part.ts'));
  return files.withTemplates(config, { place, load, signal: undefined });
}
