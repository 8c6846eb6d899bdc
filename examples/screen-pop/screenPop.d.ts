import type { PluginFactory } from '../../src/core/index.ts';

/** What a directory knows of somebody. */
export interface Customer {
  readonly name: string;
  readonly company: string;
  readonly link: string;
}

export interface ScreenPopOptions {
  readonly url: string;
  readonly timeout: number;
  readonly remembers: number;
  readonly lookup?: (number: string, signal: AbortSignal) => unknown;
}

declare module '../../src/core/registry.ts' {
  interface PluginRegistry {
    readonly screenPop: {
      readonly remembered: (number: string) => Customer | null | undefined;
      readonly forget: () => void;
    };
  }
  interface EventMap {
    'screenPop.lookup.finished': {
      readonly callId: string;
      readonly number: string;
      readonly customer: Customer | null;
    };
    'screenPop.lookup.failed': {
      readonly callId: string;
      readonly number: string;
      readonly reason: string;
    };
  }
}

export const screenPop: PluginFactory<'screenPop', ScreenPopOptions>;
