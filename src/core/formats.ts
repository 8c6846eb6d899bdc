/** A span of time, as `Intl.DurationFormat` takes it. */
interface Span {
  readonly hours: number;
  readonly minutes: number;
  readonly seconds: number;
}

type Write = (span: Span) => string;

/** How a language writes what counts. */
interface Formats {
  readonly clock: Write;
  readonly spoken: Write;
}

/** `Intl` of ECMA-402 of 2025: not all browsers have `DurationFormat`. */
interface IntlWithDurations {
  readonly DurationFormat?: new (language: string, options: object) => { readonly format: Write };
}

// Formats are slow to make, and each call needs two of them every second.
const known = new Map<string, Formats>();

/**
 * Milliseconds as a clock shows them: `m:ss` or `h:mm:ss`. With a language, such as `ctx.i18n.languageTag()`, in its
 * digits and with what stands between them there; without one in Latin digits, as in events. Draw it in an element with
 * `dir="ltr"`.
 */
export function clockTime(milliseconds: number, language?: string): string {
  const span = spanOf(milliseconds);
  return language === undefined ? plain(span) : formatsOf(language).clock(span);
}

/** Milliseconds in words, such as `3 minutes, 12 seconds`, for who hears it: of `3:12` a screen reader makes a time of day. */
export function spokenTime(milliseconds: number, language: string): string {
  return formatsOf(language).spoken(spanOf(milliseconds));
}

/**
 * Items as one text, `A, B, and C`, by the rules of the language; `narrow` is `A, B, C` in English. Names from the
 * network go through `isolated` first.
 */
export function listed(
  items: readonly string[],
  language: string,
  style: Intl.ListFormatStyle = 'long',
): string {
  return new Intl.ListFormat(language, { style }).format(items);
}

function spanOf(milliseconds: number): Span {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  return {
    hours: Math.floor(seconds / 3600),
    minutes: Math.floor(seconds / 60) % 60,
    seconds: seconds % 60,
  };
}

function plain({ hours, minutes, seconds }: Span): string {
  const pad = (value: number): string => String(value).padStart(2, '0');
  const head = hours > 0 ? `${String(hours)}:${pad(minutes)}` : String(minutes);
  return `${head}:${pad(seconds)}`;
}

function formatsOf(language: string): Formats {
  const formats = known.get(language) ?? createFormats(language);
  known.set(language, formats);
  return formats;
}

function createFormats(language: string): Formats {
  const unit = (name: string): Intl.NumberFormat =>
    new Intl.NumberFormat(language, { style: 'unit', unit: name, unitDisplay: 'long' });
  const units = { hours: unit('hour'), minutes: unit('minute'), seconds: unit('second') };
  const list = new Intl.ListFormat(language, { type: 'unit' });
  return {
    clock: createClock(language),
    spoken: (span) => {
      const there = names.filter((name) => span[name] > 0 || name === 'seconds');
      return list.format(there.map((name) => units[name].format(span[name])));
    },
  };
}

const names = ['hours', 'minutes', 'seconds'] as const;

/** Asks `Intl` once: to write a span costs it some tenths of a millisecond, and a canvas does so in every frame. */
function createClock(language: string): Write {
  const { DurationFormat } = Intl as IntlWithDurations;
  const example = { hours: 1, minutes: 1, seconds: 1 };
  const asked = DurationFormat && new DurationFormat(language, { style: 'digital' });
  const [separator = ':'] = asked?.format(example).match(/\P{Nd}+/u) ?? [];
  const numbers = new Intl.NumberFormat(language, { useGrouping: false }).format(9_876_543_210);
  const digits = Array.from(numbers).reverse();
  return (span) =>
    plain(span).replace(/./g, (sign) =>
      sign === ':' ? separator : (digits[Number(sign)] ?? sign),
    );
}
