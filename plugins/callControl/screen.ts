import type { ScreenCapture } from './commands.ts';

/**
 * What shares the screen: the plugin's part of it, where the browser can do it too. A phone may have
 * a plugin of that name that captures no screen.
 */
export function screenOf(mediaDevices: object | undefined): ScreenCapture | undefined {
  const { startScreenCapture, stopScreenCapture }: Partial<ScreenCapture> = mediaDevices ?? {};
  if (!startScreenCapture || !stopScreenCapture) return undefined;
  // Phones and tablets share no screen.
  return devices()?.getDisplayMedia ? { startScreenCapture, stopScreenCapture } : undefined;
}

// Insecure pages have no devices, whatever the type says; servers have no navigator.
const devices = (): Partial<MediaDevices> | undefined =>
  typeof navigator === 'undefined' ? undefined : navigator.mediaDevices;
