import type { PluginContext } from '../../src/core/index.ts';
import type { SubscriptionsOptions } from './types.ts';

/** What this plugin has of the phone. */
export type Context = PluginContext<'subscriptions', SubscriptionsOptions, 'userAgent'>;
