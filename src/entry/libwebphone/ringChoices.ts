import type { ConfiguredPlugin } from '../../core/plugin.ts';
import { isPlain, section } from './values.ts';
import type { Plain } from './values.ts';

/** What the fork lets a page choose while the phone lives; the native plugins read it at each ring. */
export interface RingChoices {
  /** The native `audioContext.ringtones`. */
  readonly ringtones: Record<string, unknown>;
  /** The native `mediaDevices.ringoutput`. */
  readonly ringoutput: Record<string, unknown>;
}

/** One of the fork's `channels.ringer.files`. */
export interface Ringtone {
  readonly id: string;
  readonly name: string;
  /** The sound itself, or the address of its file. */
  readonly dataUri: string;
}

type Setup = (ctx: { readonly options: Plain }) => unknown;

const places: Readonly<Record<string, keyof RingChoices | undefined>> = {
  audioContext: 'ringtones',
  mediaDevices: 'ringoutput',
};

/** Has a native plugin read its part of the choices. */
export function choosing(plugin: ConfiguredPlugin, choices: RingChoices): ConfiguredPlugin {
  const place = places[plugin.name];
  if (!place) return plugin;
  const setup: Setup = (ctx) => {
    const chosen = Object.assign(choices[place], section(ctx.options, place));
    return (plugin.setup as Setup)({ ...ctx, options: { ...ctx.options, [place]: chosen } });
  };
  return { ...plugin, setup: setup as never };
}

/** The ringtones that the configuration lists. */
export function ringtonesOf(audioContext: Plain): readonly Ringtone[] {
  const { files } = section(section(audioContext, 'channels'), 'ringer');
  return Array.isArray(files) ? (files.filter(isPlain) as unknown as readonly Ringtone[]) : [];
}

/** The one that it selects, else the first one. */
export function selectedOf(audioContext: Plain): Ringtone | undefined {
  const { selected } = section(section(audioContext, 'channels'), 'ringer');
  const files = ringtonesOf(audioContext);
  return files.find(({ id }) => id === selected) ?? files[0];
}
