/** Text with numbers in it, made into links and back; each text node of the page stays where it was. */
export interface Marks {
  /** Makes links of these parts of the text, which must be in order. */
  readonly add: (text: Text, numbers: readonly MarkedNumber[]) => void;
  /** Whether this is a text of ours: a rest behind a number, in which there is none. */
  readonly isOurs: (text: Node) => boolean;
  /** The page has written a text anew: what stood behind its old beginning goes. */
  readonly forget: (text: Node) => void;
  /** Gives back whole the texts that the page has moved, removed or cut by what is told here, and tells which. */
  readonly settle: (records: readonly MutationRecord[]) => readonly Text[];
  /** Gives back those texts of which this is so. */
  readonly giveBack: (isMeant: (text: Text) => boolean) => void;
}

/** A number in a text. */
export interface MarkedNumber {
  readonly startsAt: number;
  readonly endsAt: number;
  /** An address by `tel:` (RFC 3966). */
  readonly address: string;
}

/** No marks yet. */
export function createMarks(): Marks {
  /** By the text of the page, which keeps what is before the first number: what follows it. */
  const pieces = new Map<Text, readonly ChildNode[]>();
  const rests = new WeakSet<Node>();
  const homes = createHomes();

  const left = (piece: ChildNode): string => {
    rests.delete(piece);
    if (piece instanceof Element) piece.replaceWith(...piece.childNodes);
    return '';
  };
  const take = (text: Text): string => {
    const following = pieces.get(text) ?? [];
    pieces.delete(text);
    if (isNormalized(text, following)) {
      text.data = '';
      following[0]?.before(text);
    }
    if (!text.isConnected) return following.map(taken).join('');
    // Of a text that is still shown, a piece that the page has removed is not brought back, and one that it
    // has parted from it stays where it is.
    return following
      .filter((each) => each.isConnected)
      .map((each) => (isParted(text, each) ? left(each) : taken(each)))
      .join('');
  };
  const restore = (text: Text): void => {
    const written = take(text);
    if (written !== '') text.appendData(written);
  };
  const isWhole = (text: Text): boolean => {
    let last: ChildNode = text;
    const isInOrder = (each: ChildNode): boolean => {
      const follows = last.nextSibling === each;
      last = each;
      return follows;
    };
    return text.isConnected && (pieces.get(text) ?? []).every(isInOrder);
  };

  return {
    add: (text, numbers) => {
      homes.add(text);
      const made: ChildNode[] = [];
      // From the end, so that what is before keeps its place.
      for (const number of [...numbers].reverse()) {
        const rest = text.splitText(number.endsAt);
        const link = linkTo(number.address, text.splitText(number.startsAt));
        text.after(link);
        rests.add(rest);
        made.unshift(link, rest);
      }
      const end = text.ownerDocument.createTextNode('');
      made.at(-1)?.after(end);
      rests.add(end);
      pieces.set(text, [...made, end]);
    },
    isOurs: (text) => rests.has(text),
    forget: (text) => {
      if (text instanceof Text) take(text);
    },
    settle: (records) => {
      if (!records.some(homes.isTouchedBy)) return [];
      const broken = [...pieces.keys()].filter((text) => !isWhole(text));
      for (const text of broken) restore(text);
      // A text that has moved along with all that follows it is whole, in another place.
      for (const text of pieces.keys()) homes.add(text);
      return broken;
    },
    giveBack: (isMeant) => {
      for (const text of [...pieces.keys()].filter(isMeant)) restore(text);
    },
  };
}

/** The elements and shadow roots that have, or had, texts with links in them. */
interface Homes {
  readonly add: (text: Text) => void;
  /** Whether a text may be another one by this. On a page of many numbers it takes long to look at each. */
  readonly isTouchedBy: (record: MutationRecord) => boolean;
}

function createHomes(): Homes {
  const homes = new WeakSet<Node>();
  return {
    add: ({ parentNode }) => {
      if (parentNode) homes.add(parentNode);
    },
    isTouchedBy: ({ target, removedNodes }) =>
      homes.has(target) || [...removedNodes].some((node) => node instanceof Element),
  };
}

/** Whether the page has put something between a text and a piece of it; one that it has moved elsewhere keeps them. */
function isParted(text: Text, piece: ChildNode): boolean {
  return text.parentNode === piece.parentNode && text.nextSibling !== piece;
}

function taken(piece: ChildNode): string {
  piece.remove();
  return piece.textContent ?? '';
}

/**
 * `normalize()` takes out texts that are empty or follow another, and the empty one at the end with them.
 * Without that a page that normalizes would look like one that has removed the text.
 */
function isNormalized(text: Text, following: readonly ChildNode[]): boolean {
  const isShown = [text, following[0], following.at(-1)].map((each) => each?.isConnected);
  return !isShown[0] && isShown[1] === true && !isShown[2];
}

function linkTo(address: string, written: Text): HTMLAnchorElement {
  const link = written.ownerDocument.createElement('a');
  link.href = address;
  // A number is read from left to right among letters that are not, too.
  link.dir = 'ltr';
  link.setAttribute('data-cordboard-number', '');
  link.append(written);
  return link;
}
