import type { PluginFactory } from '../../src/core/index.ts';

export interface Contact {
  readonly name: string;
  readonly number: string;
}

export interface ContactsOptions {
  readonly contacts: readonly Contact[];
  readonly load?: (signal: AbortSignal) => Promise<readonly Contact[]>;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    readonly contacts: {
      readonly call: (number: string) => Promise<void>;
      readonly favour: (number: string) => void;
      readonly favourites: () => readonly string[];
      readonly reload: () => Promise<void>;
    };
  }
  interface EventMap {
    'contacts.favourites.changed': { readonly favourites: readonly string[] };
  }
}

export const contacts: PluginFactory<'contacts', ContactsOptions>;
