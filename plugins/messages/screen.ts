/** What the picture holds besides the messages. */
export interface Screen {
  /** The other side of the open thread, or null for the list. */
  readonly selected: string | null;
  /** What stands in the field for a number or address. */
  readonly to: string;
  /** The texts that were begun, by peer. */
  readonly drafts: Readonly<Record<string, string>>;
  /** Why the last wish was not fulfilled, or null. */
  readonly error: unknown;
  /** What a screen reader says, or ''. */
  readonly announcement: string;
}

/** The list, and nothing begun. */
export const firstScreen: Screen = {
  ...{ selected: null, to: '', drafts: {}, error: null, announcement: '' },
};
