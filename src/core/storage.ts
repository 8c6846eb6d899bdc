/**
 * Where the phone remembers choices over a reload: devices, volumes. `localStorage` fits it as it is;
 * an application may give its own, one that keeps them on a server for example.
 */
export interface StoragePort {
  readonly getItem: (key: string) => string | null;
  readonly setItem: (key: string, value: string) => void;
  readonly removeItem: (key: string) => void;
}

/** What a plugin remembers, under names of its own. Never for secrets. */
export interface Memory {
  /** What was kept under the name, as it came out of JSON: check it. Undefined when there is nothing. */
  readonly get: (name: string) => unknown;
  /** Keeps a plain value; undefined forgets it. A storage that is full or forbidden is left alone. */
  readonly set: (name: string, value: unknown) => void;
}

const nowhere: StoragePort = {
  getItem: () => null,
  setItem: () => undefined,
  removeItem: () => undefined,
};

/** The memory of one plugin in the configured storage; false remembers nothing. */
export function memoryOf(plugin: string, given: StoragePort | boolean = true): Memory {
  const port = (): StoragePort =>
    given === false ? nowhere : given === true ? browserStorage() : given;
  const keyOf = (name: string): string => `cordboard.${plugin}.${name}`;
  return {
    get: (name) => {
      try {
        const text = port().getItem(keyOf(name));
        return text === null ? undefined : (JSON.parse(text) as unknown);
      } catch {
        // Forbidden, or written by somebody else: as if there were nothing.
        return undefined;
      }
    },
    set: (name, value) => {
      try {
        if (value === undefined) port().removeItem(keyOf(name));
        else port().setItem(keyOf(name), JSON.stringify(value));
      } catch {
        // Full or forbidden: the choice lasts until the page is left.
      }
    },
  };
}

// Reading the property throws on pages that may not store anything; servers have none.
function browserStorage(): StoragePort {
  return typeof localStorage === 'undefined' ? nowhere : localStorage;
}
