import type { MediaCore } from './inputs.ts';
import { recovered } from './inputs.ts';
import type { InputKind } from './types.ts';

// The browser's names; not every browser knows them, and TypeScript knows fewer.
const names: Readonly<Record<InputKind, string>> = {
  audioinput: 'microphone',
  videoinput: 'camera',
};

/** Follows what the page may use; the browser is asked without a question to the user. */
export function watchPermissions(core: MediaCore, changed: () => void): void {
  for (const kind of ['audioinput', 'videoinput'] as const) {
    // A browser that tells nothing of it says so by rejecting.
    watch(core, kind, changed).catch(() => undefined);
  }
}

async function watch(core: MediaCore, kind: InputKind, changed: () => void): Promise<void> {
  const { ctx, store } = core;
  if (typeof navigator === 'undefined' || !ctx.options[kind].enabled) return;
  const status = await navigator.permissions.query({ name: names[kind] as PermissionName });
  const update = (): void => {
    store.set({ permission: { ...store.get().permission, [kind]: status.state } });
  };
  update();
  status.addEventListener(
    'change',
    () => {
      update();
      const { failure } = store.get();
      const isRefusal = /denied|dismissed/.test(failure?.error.code ?? '');
      if (isRefusal && status.state !== 'denied') recovered(core, kind);
      changed();
    },
    { signal: ctx.signal },
  );
}
