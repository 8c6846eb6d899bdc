import { conference } from '../../../plugins/conference/index.ts';

/** What `getConference()` stands on. */
export const plugins: readonly unknown[] = [conference];
