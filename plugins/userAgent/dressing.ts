import type { StackSettings } from './settings.ts';
import type { ListeningServices } from './stackEvents.ts';
import type { StackListener } from './stackListener.ts';
import type { UserAgentOptions } from './types.ts';

/** What an agent is made of. */
export interface Made {
  readonly settings: StackSettings;
  readonly listener: StackListener;
}

/** What the part of the rare options needs of the plugin. */
export interface DressServices extends Pick<ListeningServices, 'ctx' | 'registration'> {
  readonly options: UserAgentOptions;
}

/** Brings the rare options into what an agent is made of. */
export type Dress = (made: Made, services: DressServices) => Made;
