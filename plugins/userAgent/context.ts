import type { PluginContext } from '../../src/core/index.ts';
import type { UserAgentOptions } from './types.ts';

/** The context of this plugin. */
export type AgentContext = PluginContext<'userAgent', UserAgentOptions>;
