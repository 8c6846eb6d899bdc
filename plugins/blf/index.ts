import en from '../../locales/en.json' with { type: 'json' };
import { PhoneError, createStore, definePlugin, schema } from '../../src/core/index.ts';
import type { Call, PluginFactory } from '../../src/core/index.ts';
import rowTemplate from '../../templates/_blfKey.mustache';
import template from '../../templates/blf.mustache';
import { createLine } from './lines.ts';
import type { Context, Line } from './lines.ts';
import { pickupOf } from './pickup.ts';
import { createPress } from './press.ts';
import type { BlfApi, BlfKey, BlfKeyOptions, BlfOptions } from './types.ts';
import { toModel } from './view.ts';

export type * from './types.ts';
export type { BlfModel, BlfRow } from './view.ts';

const { integer, list, objectWith, object, oneOf, text, filledText } = schema;

/** Busy lamps: which lines are free, ring or talk; a press calls a line or takes what rings there. */
export const blf: PluginFactory<'blf', BlfOptions> = definePlugin({
  name: 'blf',
  requires: ['userAgent', 'subscriptions'],
  defaults: { keys: [], subscribe_expires: 3600, pickup: 'replaces' },
  schema: object<BlfOptions>({
    keys: list(
      objectWith<BlfKeyOptions>(['id'], {
        ...{ id: filledText(), name: text() },
        ...{ eventType: oneOf('dialog', 'presence'), acceptType: text() },
      }),
    ),
    subscribe_expires: integer(1, 604_800),
    pickup: text(),
  }),
  template,
  locale: en.blf,
  setup: (ctx) => {
    const lines = new Map<string, Line>();
    const errors = createStore<{ readonly byKey: ReadonlyMap<string, unknown> }>({
      byKey: new Map(),
    });
    const view = ctx.view({
      watch: ['language.changed'],
      model: () =>
        toModel({
          keys: [...lines.values()].map((line) => line.key()),
          errors: errors.get().byKey,
          canPickup: ctx.options.pickup !== '',
          t: ctx.t,
        }),
      rows: { keys: { template: rowTemplate, key: 'id' } },
      actions: {
        press: async ({ value = '' }) => {
          const { [value]: _, ...others } = Object.fromEntries(errors.get().byKey);
          errors.set({ byKey: new Map(Object.entries(others)) });
          await press(value).catch((error: unknown) => {
            errors.set({ byKey: new Map(errors.get().byKey).set(value, error) });
          });
        },
      },
    });
    ctx.onDestroy(errors.subscribe(view.invalidate));
    const commands = createCommands(ctx, lines);
    const press = createPress(ctx, (id) => {
      const isRinging = lines.get(id)?.key().status === 'ringing';
      return isRinging && ctx.options.pickup !== '' ? commands.pickup(id) : commands.dial(id);
    });
    const keys = createKeys(ctx, lines, view.invalidate);
    for (const key of ctx.options.keys) keys.add(key);
    ctx.emit('blf.created', {});
    const { dial, pickup } = commands;
    return {
      ...keys.api,
      dial: async (id) => {
        await dial(id);
      },
      pickup: async (id) => {
        await pickup(id);
      },
      updateRenders: view.invalidate,
    };
  },
});

interface Keys {
  readonly add: (given: BlfKeyOptions) => BlfKey;
  readonly api: Omit<BlfApi, 'dial' | 'pickup' | 'updateRenders'>;
}

function createKeys(ctx: Context, lines: Map<string, Line>, changed: () => void): Keys {
  const add = (given: BlfKeyOptions): BlfKey => {
    const known = lines.get(given.id);
    if (known) return known.key();
    const line = createLine(ctx, given, changed);
    lines.set(given.id, line);
    changed();
    ctx.emit('blf.key.added', { key: line.key() });
    line.subscribe();
    return line.key();
  };
  const all = (act: (line: Line) => void): void => {
    for (const line of [...lines.values()]) act(line);
  };
  return {
    add,
    api: {
      getKeys: () => [...lines.values()].map((line) => line.key()),
      getKey: (id) => lines.get(id)?.key(),
      addKey: (...[id, name, eventType, acceptType]) =>
        add({
          id,
          ...(name && { name }),
          ...(eventType && { eventType }),
          ...(acceptType !== undefined && { acceptType }),
        }),
      removeKey: (id) => {
        const line = lines.get(id);
        if (!line) return;
        lines.delete(id);
        line.remove();
        changed();
        ctx.emit('blf.key.removed', { key: line.key() });
      },
      subscribe: (id) => lines.get(id)?.subscribe(),
      unsubscribe: (id) => lines.get(id)?.unsubscribe(),
      subscribeAll: () => {
        all((line) => {
          line.subscribe();
        });
      },
      unsubscribeAll: () => {
        all((line) => {
          line.unsubscribe();
        });
      },
    },
  };
}

type Commands = Readonly<Record<'dial' | 'pickup', (id: string) => Promise<Call>>>;

function createCommands(ctx: Context, lines: ReadonlyMap<string, Line>): Commands {
  const agent = ctx.require('userAgent');
  const keyOf = (id: string): BlfKey => {
    const line = lines.get(id);
    if (!line) throw new PhoneError('call.stateInvalid', { message: `There is no key "${id}".` });
    return line.key();
  };
  return {
    dial: async (id) => await agent.call(keyOf(id).id),
    pickup: async (id) => {
      const { target, headers } = pickupOf(keyOf(id), ctx.options.pickup);
      return await agent.call(target, headers);
    },
  };
}
