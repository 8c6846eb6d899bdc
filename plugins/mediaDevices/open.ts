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

/**
 * Which device is asked for: with both, `exact` first. Chromium takes an ideal for a hint only and
 * likes best what is open already.
 */
export interface Wish {
  /** This one and no other. */
  readonly exact?: string | undefined;
  /** This one, else any. */
  readonly ideal?: string | undefined;
}

/** Opens one track. Rejects with `media.*`; nothing is left open then. */
export async function openTrack(
  kind: InputKind,
  options: Pick<InputOptions, 'constraints' | 'create'>,
  wish: Wish,
): Promise<MediaStreamTrack> {
  const stream = await openStream(kind, options, wish).catch((error: unknown) => {
    throw wish.exact && isTooStrict(error)
      ? new PhoneError('media.unknownDevice', { cause: error })
      : mediaError(error);
  });
  const trackKind = trackKindOf(kind);
  const track = stream.getTracks().find((each) => each.kind === trackKind);
  for (const other of stream.getTracks()) if (other !== track) other.stop();
  if (!track) throw new PhoneError('media.noDevice');
  return track;
}

async function openStream(
  kind: InputKind,
  { create, constraints }: Pick<InputOptions, 'constraints' | 'create'>,
  wish: Wish,
): Promise<MediaStream> {
  if (create) return create();
  const devices = browserDevices();
  if (!devices) throw new PhoneError('media.insecure');
  const open = (
    wanted: MediaTrackConstraints,
    deviceId?: ConstrainDOMString,
  ): Promise<MediaStream> =>
    devices.getUserMedia({
      [trackKindOf(kind)]: deviceId ? { ...wanted, deviceId } : { ...wanted },
    });
  const exact = wish.exact ? { exact: wish.exact } : undefined;
  const ideal = wish.ideal ? { ideal: wish.ideal } : undefined;
  try {
    return await open(constraints, exact ?? ideal);
  } catch (error) {
    // What is configured fits no device here: a wish that is not met is better than no call.
    if (!isTooStrict(error)) throw error;
    return open(relaxed(constraints), ideal ?? exact);
  }
}

function isTooStrict(error: unknown): boolean {
  return (error as { readonly name?: unknown } | null)?.name === 'OverconstrainedError';
}

function relaxed(constraints: MediaTrackConstraints): MediaTrackConstraints {
  return Object.fromEntries(
    Object.entries(constraints).map(([name, value]: readonly [string, unknown]) => {
      const { exact = value } = (value ?? {}) as { readonly exact?: unknown };
      return [name, exact === value ? value : { ideal: exact }];
    }),
  );
}
