import type { Member } from './cast.ts';

// TypeScript does not know it yet.
type Formats = new (
  language: string,
  options: object,
) => { readonly format: (span: object) => string };

/** Each number of seconds in each language, in our words and in those of the browser's own DurationFormat. */
export function durationsIn(
  { page }: Pick<Member, 'page'>,
  languages: readonly string[],
  spans: readonly number[],
): Promise<readonly (readonly [ours: string, right: string])[]> {
  return page.evaluate(
    ([names, all]) => {
      const { DurationFormat } = Intl as unknown as { readonly DurationFormat: Formats };
      return names.flatMap((language) => {
        const right = new DurationFormat(language, { style: 'long', secondsDisplay: 'always' });
        return all.map((total) => {
          const [hours, minutes] = [Math.floor(total / 3600), Math.floor(total / 60) % 60];
          const span = { hours, minutes, seconds: total % 60 };
          return [Cordboard.spokenTime(total * 1000, language), right.format(span)] as const;
        });
      });
    },
    [languages, spans] as const,
  );
}
