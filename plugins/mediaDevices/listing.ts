import type { Inputs, MediaCore } from './inputs.ts';
import { browserDevices } from './open.ts';
import { allKinds, isInput, nobody, screenId, selectedOf, toDevices } from './state.ts';
import type { DeviceKind, DevicesByKind } from './types.ts';

/** Asks the browser for its devices, and finds the best of each kind. Opens nothing. */
export async function listDevices(
  { ctx, store, preferences }: MediaCore,
  inputs: Inputs,
): Promise<DevicesByKind> {
  const devices = browserDevices();
  const infos = (await devices?.enumerateDevices()) ?? [];
  const hasOutputs =
    typeof HTMLMediaElement !== 'undefined' && 'setSinkId' in HTMLMediaElement.prototype;
  const { enabled, screenCapture } = ctx.options.videoinput;
  const infosOf = (kind: DeviceKind): readonly MediaDeviceInfo[] => {
    if (!ctx.options[kind].enabled || (!isInput(kind) && !hasOutputs)) return [];
    const source = kind === 'ringoutput' ? 'audiooutput' : kind;
    return infos.filter((info) => info.kind === source);
  };
  for (const kind of allKinds) preferences.identify(kind, infosOf(kind));
  // Telephones share no screens.
  const hasScreen = screenCapture && devices !== undefined && 'getDisplayMedia' in devices;
  return toDevices({
    infos: infosOf,
    added: (kind) => {
      if (kind === 'videoinput') return enabled ? [nobody, ...(hasScreen ? [screenId] : [])] : [];
      return isInput(kind) || hasDefault(infosOf(kind)) ? [] : ['default'];
    },
    preferences: preferences.of,
    used: (kind) =>
      (isInput(kind) ? inputs.capture[kind].master()?.getSettings().deviceId : undefined) ??
      selectedOf(store.get(), kind)?.id ??
      '',
    t: ctx.t,
  });
}

// Chromium lists the loudspeaker of the system by that name; elsewhere it has none. An empty id is a
// list without permission.
function hasDefault(infos: readonly MediaDeviceInfo[]): boolean {
  return (
    infos.length === 0 || infos.some(({ deviceId }) => deviceId === '' || deviceId === 'default')
  );
}
