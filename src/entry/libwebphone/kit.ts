import type {
  Call,
  Calls,
  EventName,
  PluginContext,
  PluginRegistry,
  Translator,
} from '../../core/index.ts';
import type { ViewSpec } from '../../core/view/types.ts';
import type { AgentSettings } from './agentSettings.ts';
import type { RingChoices } from './ringChoices.ts';
import type { Plain } from './values.ts';

/** The context of the drop-in in the phone it stands in front of. */
export type EngineContext = Omit<
  PluginContext<never, object>,
  'emit' | 'require' | 'optional' | 'i18n'
> & {
  readonly emit: (name: EventName, payload: object) => void;
  readonly i18n: Translator;
};

/** The native phone behind a libwebphone. */
export interface Engine {
  readonly ctx: EngineContext;
  readonly calls: Calls;
  /** The plugins that are set up, by name. */
  readonly plugins: Partial<PluginRegistry>;
  /** What the agent is started with; undefined without one. */
  readonly agent: AgentSettings | undefined;
  readonly rings: RingChoices;
  /** Calls that are muted because they answer by themselves, and of which the page has said nothing else since. */
  readonly autoMuted: WeakSet<Call>;
  /** The next call that is made gets the focus, or leaves it where it is. */
  readonly focusNext: (takesFocus: boolean) => void;
  readonly i18next: Translator['i18next'];
  /** What the native plugins would have drawn. */
  readonly views: ReadonlyMap<string, ViewSpec>;
  readonly destroy: () => void;
}

/** The attributes of what is painted in a language. */
export interface Locale {
  readonly lang: string;
  readonly dir: 'ltr' | 'rtl';
}

/** What the classes of the drop-in share. */
export interface Kit {
  /** The `libwebphone` that stands first in the arguments of every event. */
  readonly phone: object;
  readonly engine: Engine;
  /** The configuration, the defaults filled in, the secrets masked. */
  readonly config: Plain;
  /** Emits `name` with the phone, `from` and the additional parameters. */
  readonly tell: (name: string, from: object, ...more: readonly unknown[]) => void;
  readonly isHeard: (name: string) => boolean;
  /** The text of a key such as `libwebphone:dialpad.call`. */
  readonly translate: (key: string) => string;
  /** The language that was chosen, as attributes; nothing when none was. */
  readonly locale: () => Locale | undefined;
  /** Whether calls send the camera: it is switched on, there, and not none. */
  readonly wantsVideo: () => boolean;
  /** Something has been painted: what is so may be said there. */
  readonly painted: () => void;
  /** Resolves when the document and the texts are there and the page has had its turn to listen. */
  readonly ready: Promise<unknown>;
}
