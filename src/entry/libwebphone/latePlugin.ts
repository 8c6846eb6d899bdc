import { LwpCall } from './call.ts';
import type { Kit } from './kit.ts';
import { loadLate } from './latePlugins.ts';
import type { LateName } from './latePlugins.ts';
import { Renderer } from './renderer.ts';
import type { Face } from './target.ts';
import { quiet } from './values.ts';
import type { Plain } from './values.ts';

type Method = (...args: readonly unknown[]) => unknown;

const methods: Readonly<Record<LateName, string>> = {
  conference:
    'merge addToConference split drop endConference hold unhold muteCaller unmuteCaller switchLeg ' +
    'isActive getConferenceId getLegs isLeg canAdd canMerge isOnHold isMuted isCallerMuted',
  blf: 'addKey removeKey getKeys getKey subscribe unsubscribe subscribeAll unsubscribeAll dial pickup',
};

const templates: Readonly<Record<LateName, string>> = {
  conference: '<ul>{{#data.participants}}<li>{{remoteIdentity}}</li>{{/data.participants}}</ul>',
  blf: '<ul>{{#data.keys}}<li data-status="{{status}}">{{name}}</li>{{/data.keys}}</ul>',
};

/**
 * A plugin of the fork, whose file is loaded because the configuration names it. What it is asked for
 * before it is there it does then: such a method gives a promise.
 */
export class LatePlugin extends Renderer {
  readonly #name: LateName;

  constructor(kit: Kit, name: LateName, config: Plain) {
    const face: Face = { name, template: templates[name], config, texts: [] };
    super(kit, face);
    this.#name = name;
    const { renderTargets: _, enabled: __, ...options } = config;
    const loading = loadLate(kit.engine, name, options);
    loading.then(
      () => {
        this.updateRenders();
      },
      (error: unknown) => {
        kit.engine.ctx.log.error(`${name}: its file could not be loaded`, error);
      },
    );
    for (const method of methods[name].split(' ')) {
      // The fork takes a call where the native plugin takes its id.
      const call = (...args: readonly unknown[]): unknown =>
        this.#api()?.[method]?.(...args.map((arg) => (arg instanceof LwpCall ? arg.getId() : arg)));
      Reflect.set(this, method, (...args: readonly unknown[]) => {
        const result = this.#api() ? call(...args) : loading.then(() => call(...args));
        return result instanceof Promise ? quiet(result) : result;
      });
    }
  }

  #api(): Readonly<Record<string, Method>> | undefined {
    return this.kit.engine.plugins[this.#name] as unknown as Readonly<Record<string, Method>>;
  }

  protected override live(): Plain {
    const { conference, blf } = this.kit.engine.plugins;
    return this.#name === 'blf'
      ? { keys: blf?.getKeys() ?? [] }
      : { participants: conference?.getLegs().map((call) => call.summary()) ?? [] };
  }
}
