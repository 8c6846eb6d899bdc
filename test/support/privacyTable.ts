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

/** Why nothing is heard, in the words of `reasonsShown`. */
export function reasonsFor(conditions: Conditions): readonly string[] {
  const { muted, heldHere, heldThere, inFocus, deviceMuted } = conditions;
  const reasons: Readonly<Record<string, boolean>> = {
    'out of focus': !inFocus,
    held: heldHere || heldThere,
    muted,
    'device muted': inFocus && deviceMuted,
  };
  return Object.keys(reasons).filter((reason) => reasons[reason]);
}

/**
 * Why nothing is heard, as the panels of a phone say it of the first call in the list. It is run in
 * pages too, and knows nothing but its arguments.
 */
export function reasonsShown(list: Element | null, control: Element | null): readonly string[] {
  const row = list?.querySelector('li');
  const has = (root: Element | null | undefined, selector: string): boolean =>
    Boolean(root?.querySelector(selector));
  const isPrimary = has(row, '[aria-current="true"]');
  const reasons: Readonly<Record<string, boolean>> = {
    'out of focus': !isPrimary,
    held: row?.getAttribute('data-held') === 'true',
    muted: has(row, '[data-status="muted"]'),
    'device muted': isPrimary && has(control, '[part="panel"] [part="notice"]'),
  };
  return Object.keys(reasons).filter((reason) => reasons[reason]);
}
