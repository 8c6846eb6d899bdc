import type { ScreenCapture } from './commands.ts';

/** What shares the screen: the plugin's part of it, where the browser can do it too. */
export function screenOf(
  mediaDevices: Partial<ScreenCapture> | undefined,
): ScreenCapture | undefined {
  const { startScreenCapture, stopScreenCapture } = mediaDevices ?? {};
  if (!startScreenCapture || !stopScreenCapture) return undefined;
  // Phones and tablets share no screen.
  return devices()?.getDisplayMedia ? { startScreenCapture, stopScreenCapture } : undefined;
}

// Insecure pages have no devices, whatever the type says; servers have no navigator.
const devices = (): Partial<MediaDevices> | undefined =>
  typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;
