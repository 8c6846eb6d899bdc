import type { DeviceKind } from '../../../plugins/mediaDevices/types.ts';
import { utils } from './utils.ts';
import { section } from './values.ts';
import type { Plain } from './values.ts';

/** libwebphone's words for the kinds of devices, as its events have them. */
export const kinds: Readonly<Record<DeviceKind, string>> = {
  ringoutput: 'ring.output',
  audiooutput: 'audio.output',
  audioinput: 'audio.input',
  videoinput: 'video.input',
};

/** What the elements report with, and until when. */
export interface DeviceElementServices {
  readonly tell: (type: string, ...more: readonly unknown[]) => void;
  readonly signal: AbortSignal;
}

/** The elements that the configuration asks for or names, by kind of device. */
export function deviceElements(
  config: Plain,
  { tell, signal }: DeviceElementServices,
): Partial<Record<DeviceKind, HTMLMediaElement>> {
  const found: Partial<Record<DeviceKind, HTMLMediaElement>> = {};
  for (const [kind, word] of Object.entries(kinds) as [DeviceKind, string][]) {
    const own = section(config, kind);
    const element =
      own['enabled'] === false ? undefined : elementOf(kind, section(own, 'mediaElement'));
    if (!element) continue;
    found[kind] = element;
    for (const type of utils.mediaElementEvents()) {
      const hear = (event: Event): void => {
        tell(`${word}.${type}`, element, event);
      };
      element.addEventListener(type, hear, { signal });
    }
    tell(`${word}.element`, element);
  }
  return found;
}

function elementOf(kind: DeviceKind, given: Plain): HTMLMediaElement | undefined {
  const isInput = kind.endsWith('input');
  const { create = !isInput, elementId, element, initParameters } = given;
  const named = typeof elementId === 'string' ? document.getElementById(elementId) : null;
  const made = (): HTMLMediaElement =>
    document.createElement(kind === 'videoinput' ? 'video' : 'audio');
  const found = element ?? named ?? (create === true ? made() : undefined);
  if (!(found instanceof HTMLMediaElement)) return undefined;
  return Object.assign(found, { muted: isInput, autoplay: isInput }, initParameters);
}
