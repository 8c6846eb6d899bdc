import type { Call } from '../../src/core/index.ts';

/** A call that has come in. */
export interface Arrival {
  readonly call: Call;
  /** The values of its `Call-Info` headers. */
  readonly callInfo: readonly string[];
}
