import { PhoneError, mediaError } from '../../src/core/index.ts';
import { trackKindOf } from './state.ts';
import type { InputKind, InputOptions } from './types.ts';

/** The browser's devices, or undefined on a page that may not have them. */
export function browserDevices(): MediaDevices | undefined {
  // The property is missing on insecure pages, whatever its type says; so is `navigator` on servers.
  if (typeof navigator === 'undefined') return undefined;
  const { mediaDevices }: { readonly mediaDevices?: MediaDevices } = navigator;
  return mediaDevices;
}

/** Which device is asked for. */
export interface Wish {
  /** This one and no other. */
  readonly exact?: string | undefined;
  /** This one, else any. */
  readonly ideal?: string | undefined;
}

/** Opens one track. Rejects with `media.*`; nothing is left open then. */
export async function openTrack(
  kind: InputKind,
  options: InputOptions,
  wish: Wish,
): Promise<MediaStreamTrack> {
  const stream = await openStream(kind, options, wish).catch((error: unknown) => {
    throw mediaError(error);
  });
  const trackKind = trackKindOf(kind);
  const track = stream.getTracks().find((each) => each.kind === trackKind);
  for (const other of stream.getTracks()) if (other !== track) other.stop();
  if (!track) throw new PhoneError('media.noDevice');
  return track;
}

function openStream(kind: InputKind, options: InputOptions, wish: Wish): Promise<MediaStream> {
  if (options.create) return options.create();
  const devices = browserDevices();
  if (!devices) return Promise.reject(new PhoneError('media.insecure'));
  const deviceId = wish.exact ? { exact: wish.exact } : wish.ideal ? { ideal: wish.ideal } : null;
  const constraints = deviceId ? { ...options.constraints, deviceId } : { ...options.constraints };
  return devices.getUserMedia({ [trackKindOf(kind)]: constraints });
}
