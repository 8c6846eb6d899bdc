/** What the browser says that a page may use. */
export interface FakePermissions {
  readonly api: { readonly query: (asked: { readonly name: string }) => Promise<EventTarget> };
  readonly set: (name: string, state: PermissionState) => void;
}

/** A fake `navigator.permissions` in which all is still to be asked for. */
export function fakePermissions(): FakePermissions {
  const all = new Map<string, EventTarget & { state: PermissionState }>();
  const of = (name: string): EventTarget & { state: PermissionState } => {
    const first: PermissionState = 'prompt';
    const status = all.get(name) ?? Object.assign(new EventTarget(), { state: first });
    all.set(name, status);
    return status;
  };
  return {
    api: { query: ({ name }) => Promise.resolve(of(name)) },
    set: (name, state) => {
      const status = of(name);
      status.state = state;
      status.dispatchEvent(new Event('change'));
    },
  };
}
