import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type * as Library from '../../src/entry/index.ts';

/** What one plugin drew, with the section of the texts it used. */
export interface Drawn {
  readonly section: string;
  readonly template: string;
  readonly partials: Readonly<Record<string, string>>;
  readonly view: Readonly<Record<string, unknown>> & {
    readonly t: Readonly<Record<string, string>>;
  };
}

/** The reference beside ours, round by round. */
export interface Rounds {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** The same toggles, ours and by hand, and what else ours touched. */
export interface MuteRounds {
  readonly ours: readonly number[];
  readonly byHand: readonly number[];
  readonly isDrawn: boolean;
  readonly elsewhere: number;
}

/** What was drawn since it was watched. */
export interface Draws {
  readonly html: number;
  readonly batches: readonly number[];
  readonly changes: number;
}

/** Milliseconds of a frame, composed and by hand, round by round, and how much of the last one differs. */
export interface CompositionRounds {
  readonly ours: readonly number[];
  readonly byHand: readonly number[];
  readonly differing: number;
}

/** The side of the page that compositionPage.js defines. */
interface CompositionSide {
  readonly holdFrames: () => void;
  readonly rounds: (
    pictures: { readonly remote: HTMLVideoElement; readonly local: HTMLVideoElement },
    size: { readonly rounds: number; readonly frames: number },
  ) => Promise<CompositionRounds>;
}

/** The side of the page that benchPage.js defines. */
interface PageSide {
  readonly run: (code: string) => number;
  readonly create: (library: typeof Library) => Promise<{ ms: number; phone: Library.Webphone }>;
  readonly drawBare: (
    libraries: unknown,
    given: { readonly texts: unknown; readonly drawn: readonly Drawn[] },
  ) => Promise<number>;
  readonly fakeCalls: (phone: Library.Webphone, count: number) => Promise<void>;
  readonly muteRounds: (
    phone: Library.Webphone,
    root: Element,
    size: { readonly calls: number; readonly rounds: number },
  ) => Promise<MuteRounds>;
  readonly emitRounds: (library: typeof Library, libraries: unknown, rounds: number) => Rounds;
  readonly watchDraws: (phone: Library.Webphone, roots: readonly Element[]) => Draws;
  readonly watchInvites: () => void;
  readonly settled: () => Promise<void>;
}

declare global {
  // What benchPage.js puts into its page.
  var bench: PageSide;
  // What compositionPage.js puts into its page.
  var composition: CompositionSide;
  // What leakHooks.js puts into its page.
  var leaks: () => Readonly<Record<string, number>>;
  // The bare libraries, or our script with watched templates, as the page has loaded them.
  var Bare: typeof Library;
  // What the watched templates drew.
  var drawn: readonly Omit<Drawn, 'section'>[] | undefined;
  // What `watchDraws` gave.
  var draws: Draws;
}

/** A file of this folder that belongs into a page. */
export function pageFile(name: string): string {
  return readFileSync(join(import.meta.dirname, name), 'utf8');
}
