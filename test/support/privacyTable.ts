/** What may silence a call, all of it at once if need be. */
export interface Conditions {
  /** The user has muted the call, sound and picture. */
  readonly muted: boolean;
  readonly heldHere: boolean;
  readonly heldThere: boolean;
  /** False: another call, or none, is in focus. */
  readonly inFocus: boolean;
  /** Microphone and camera are muted for all calls. */
  readonly deviceMuted: boolean;
}

/** What happens to the call while the conditions hold; after it nothing may get out that may not. */
export const happenings = [
  'answer',
  'switch',
  'resume',
  'deviceChange',
  'shareStart',
  'shareStop',
  'trackReplacement',
  'renegotiation',
] as const;

/** One of the things that happen. */
export type Happening = (typeof happenings)[number];

/** One cell of the table. */
export interface Cell {
  readonly conditions: Conditions;
  readonly happening: Happening;
  /** In words, for the name of a test. */
  readonly name: string;
}

const names = ['muted', 'heldHere', 'heldThere', 'inFocus', 'deviceMuted'] as const;

function conditionsOf(bits: number): Conditions {
  return Object.fromEntries(
    names.map((name, place) => [name, Math.floor(bits / 2 ** place) % 2 === 1]),
  ) as unknown as Conditions;
}

function cellOf(bits: number, happening: Happening): Cell {
  const conditions = conditionsOf(bits);
  const words = names.filter((name) => conditions[name]);
  return { conditions, happening, name: `${happening} while ${words.join(', ') || 'nothing'}` };
}

const combinations = Array.from({ length: 2 ** names.length }, (_, bits) => bits);

/** Every combination of what may silence a call with everything that may happen to it. */
export const everyCell: readonly Cell[] = happenings.flatMap((happening) =>
  combinations.map((bits) => cellOf(bits, happening)),
);

/** The state that the conditions have become when the thing has happened, by the user's own logic. */
export function conditionsAfter({ conditions, happening }: Cell): Conditions {
  // Who moves the focus away holds the call, and who moves it back resumes it.
  if (happening === 'switch') return { ...conditions, heldHere: !conditions.inFocus };
  if (happening === 'resume') return { ...conditions, heldHere: false };
  return conditions;
}

/** Whether the far end may hear the microphone, said without a look at the product. */
export function mayHear(cell: Cell): boolean {
  const { muted, heldHere, heldThere, inFocus, deviceMuted } = conditionsAfter(cell);
  return inFocus && !(muted || heldHere || heldThere || deviceMuted);
}

/** Whether the far end may see the camera, or the screen where that is shared. */
export function maySee(cell: Cell): boolean {
  const { heldHere, heldThere, inFocus } = conditionsAfter(cell);
  // A screen is shared on purpose: what mutes the camera leaves it alone.
  if (cell.happening === 'shareStart') return inFocus && !heldHere && !heldThere;
  return mayHear(cell);
}
