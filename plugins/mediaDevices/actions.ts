import type { Action } from '../../src/core/index.ts';
import type { MediaCore } from './inputs.ts';
import type { Outputs } from './outputs.ts';
import { isInput, screenId, selectedOf } from './state.ts';
import type { DeviceKind, MediaDevicesApi, ProcessingName } from './types.ts';

/** What actions work with. */
export interface ActionParts {
  readonly core: MediaCore;
  readonly api: MediaDevicesApi;
  readonly outputs: Outputs;
}

/** What the template may ask for. Refusals are told beside the choice; to the view they are no failure. */
export function createActions({
  core,
  api,
  outputs,
}: ActionParts): Readonly<Record<string, Action>> {
  const { store } = core;
  const quietly = (command: Promise<unknown>): Promise<unknown> => command.catch(() => undefined);
  return {
    choose: async ({ value = '', element }) => {
      const kind = element.getAttribute('data-kind') as DeviceKind;
      await quietly(
        kind === 'videoinput' && value === screenId
          ? api.startScreenCapture()
          : api.changeDevice(kind, value),
      );
      // A choice that did not work, or was no camera, changes no picture: the control is put right here.
      const used = selectedOf(store.get(), kind);
      if (element instanceof HTMLSelectElement && used) element.value = used.id;
    },
    process: async ({ value, element }) => {
      if (!(element instanceof HTMLInputElement)) return;
      const name = value as ProcessingName;
      await quietly(api.setProcessing(name, element.checked));
      element.checked = api.getProcessing()[name];
    },
    ask: () => quietly(api.askPermission()),
    retry: () => {
      const kind = store.get().failure?.kind ?? 'audioinput';
      if (kind === 'screen') return quietly(api.startScreenCapture());
      if (isInput(kind)) return quietly(api.askPermission(kind));
      store.set({ failure: null });
      return outputs.settle();
    },
    unshare: () => quietly(api.stopScreenCapture()),
  };
}
