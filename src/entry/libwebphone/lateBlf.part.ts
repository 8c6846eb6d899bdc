import { blf } from '../../../plugins/blf/index.ts';
import { subscriptions } from '../../../plugins/subscriptions/index.ts';

/** What `getBlf()` stands on. */
export const plugins: readonly unknown[] = [subscriptions, blf];
