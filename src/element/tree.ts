import themeText from '../../templates/theme.css?text';
import ownText from './element.css?text';
import type { PhoneError } from '../core/errors.ts';
import { errorMessages } from '../core/errors.ts';
import type { ElementTheme } from './types.ts';

/** What stands in the shadow root of an element. */
export interface Tree {
  /** A place for a plugin to draw into, with its name as a part; it is not shown yet. */
  readonly makePlace: (plugin: string) => HTMLElement;
  readonly show: (places: readonly Element[]) => void;
  /** Says in words why there is no phone. */
  readonly showError: (error: PhoneError) => void;
  readonly setTheme: (theme: string | null) => void;
  /** Takes everything out again. */
  readonly clear: () => void;
}

let sheet: CSSStyleSheet | undefined;

/** The one sheet of all elements; a policy of the page has no say over sheets made by a script. */
function sharedSheet(): CSSStyleSheet {
  if (sheet === undefined) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(ownRem(themeText) + ownText);
  }
  return sheet;
}

/**
 * Many pages change what 1rem is. In the element it is what the user has set in the browser: the
 * font size of the box in the shadow root, which inherits none. Where a length cannot be kept for
 * all that is inside, and in conditions, it stays the page's.
 */
function ownRem(text: string): string {
  try {
    CSS.registerProperty({
      ...{ name: '--cb-rem', syntax: '<length>', inherits: true, initialValue: '16px' },
    });
  } catch (error) {
    // Known already: there is another copy of this file.
    if (!(error instanceof DOMException)) return text;
  }
  return text.replace(/(?<!\(max-inline-size:)\b([\d.]+)rem\b/g, 'calc($1*var(--cb-rem))');
}

/** Gives an element its shadow root, with the looks in it before there is anything to see. */
export function createTree(host: HTMLElement): Tree {
  const root = host.attachShadow({ mode: 'open' });
  root.adoptedStyleSheets = [sharedSheet()];
  const phone = document.createElement('div');
  phone.setAttribute('part', 'phone');
  root.append(phone);
  const makePlace = (plugin: string): HTMLElement => {
    const place = document.createElement('div');
    place.setAttribute('part', plugin);
    return place;
  };
  return {
    makePlace,
    show: (places) => {
      phone.append(...places);
    },
    showError: (error) => {
      const place = makePlace('failure');
      place.dataset['cordboard'] = 'failure';
      place.append(...describe(error));
      phone.replaceChildren(place);
    },
    setTheme: (given) => {
      const theme = themeOf(given);
      if (theme === 'auto') delete phone.dataset['theme'];
      else phone.dataset['theme'] = theme;
    },
    clear: () => {
      phone.replaceChildren();
    },
  };
}

/** The look that the attribute `theme` asks for. */
export function themeOf(given: string | null): ElementTheme {
  return (['light', 'dark', 'contrast'] as const).find((theme) => theme === given) ?? 'auto';
}

function describe(error: PhoneError): Node[] {
  const panel = document.createElement('section');
  panel.className = 'cb-panel';
  const sentence = document.createElement('p');
  sentence.className = 'cb-notice';
  sentence.dataset['kind'] = 'error';
  sentence.setAttribute('role', 'alert');
  sentence.setAttribute('part', 'error');
  sentence.textContent = errorMessages[error.code];
  panel.append(sentence);
  for (const line of detailsOf(error)) {
    const detail = document.createElement('p');
    detail.className = 'cb-muted';
    detail.setAttribute('part', 'detail');
    detail.textContent = line;
    panel.append(detail);
  }
  return [panel];
}

function detailsOf({ code, message, problems }: PhoneError): readonly string[] {
  if (problems.length === 0) return message === errorMessages[code] ? [] : [message];
  return problems.map(({ path, found, accepted }) => `${path}: ${found} (${accepted})`);
}
