import type { CanvasFacts } from './types.ts';

/** A built-in image: when it is the one to see, and its lines on a square of 24 by 24. */
export interface Drawing {
  readonly predicate: (facts: CanvasFacts) => boolean;
  readonly path: string;
  /** A disc is behind it. */
  readonly arc?: boolean;
}

/** The built-in images by name. */
export const drawings: Readonly<Record<string, Drawing>> = {
  disconnected: {
    predicate: ({ isReady }) => !isReady,
    path: 'M3 3l18 18M5 12.5a10 10 0 0 1 4-2.3M15 10.2a10 10 0 0 1 4 2.3M8.5 16a5 5 0 0 1 7 0M12 19.5h.01M2 9a15 15 0 0 1 4-2.6M11 5a15 15 0 0 1 11 4',
  },
  idle: {
    predicate: ({ call }) => !call,
    path: 'M7 4h3l1.5 4.5-2 1.5a11 11 0 0 0 4.5 4.5l1.5-2L20 14v3a2 2 0 0 1-2 2A14 14 0 0 1 5 6a2 2 0 0 1 2-2Z',
  },
  ringing: {
    predicate: ({ call }) => call?.status === 'ringing' || call?.status === 'connecting',
    path: 'M6 16v-5a6 6 0 0 1 12 0v5l2 2H4ZM10 21h4',
  },
  muted: {
    predicate: ({ call }) => call?.muted.audio === true,
    path: 'M15 10V6a3 3 0 0 0-6 0v6a3 3 0 0 0 4 2.8M5 11v1a7 7 0 0 0 11 5.7M19 11v1a7 7 0 0 1-.5 2.6M12 19v3M3 3l18 18',
  },
  held: {
    predicate: ({ call }) => call !== undefined && (call.hold.local || call.hold.remote),
    path: 'M9 5v14M15 5v14',
  },
  defaultAvatar: {
    predicate: ({ call }) => call !== undefined,
    path: 'M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4 21a8 8 0 0 1 16 0',
    arc: true,
  },
};
