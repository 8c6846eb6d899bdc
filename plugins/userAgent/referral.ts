import type { ReferRequest, ReferStep } from '../../src/core/index.ts';
import type { RawIncoming } from './stackTypes.ts';

/** How far a REFER has come. */
export interface ReferNews {
  readonly step: ReferStep;
  readonly request: ReferRequest;
  readonly statusCode: number | null;
  readonly event: unknown;
}

/** A REFER that came in (RFC 3515), and how both sides hear of it. */
export interface Referral {
  readonly request: RawIncoming;
  readonly tell: (news: ReferNews) => void;
  /** Sends the referrer a NOTIFY with a status line. */
  readonly notify: (headers: readonly string[], statusLine: string) => void;
}
