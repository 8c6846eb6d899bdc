import { errorMessages } from './errors.ts';
import type { Strings } from './i18n.ts';

/** English texts that belong to no plugin. The catalogues of responses and causes join them by entry. */
export const coreStrings: Readonly<Record<string, Strings>> = {
  error: Object.fromEntries(
    Object.entries(errorMessages).map(([code, sentence]) => [code.replace('.', '_'), sentence]),
  ),
};
