/** What must and must not compile for the author of a plugin. Checked by the compiler alone. */
import { createPhone, definePlugin, schema } from '../../src/core/index.ts';
import type { Phone, Schema } from '../../src/core/index.ts';
import type { SampleApi, SampleOptions } from '../core/samplePlugins.ts';

const options: SampleOptions = { label: '', list: [], nested: { size: 1, secret: '' } };
const shape = schema.object<SampleOptions>({
  label: schema.text(),
  list: schema.list(schema.number()),
  nested: schema.object<SampleOptions['nested']>({ size: schema.number(), secret: schema.text() }),
});
const api: SampleApi = { options, greet: () => '' };

const good = definePlugin({
  name: 'alpha',
  requires: ['beta'],
  optional: ['gamma'],
  defaults: options,
  schema: shape,
  setup: (ctx) => {
    const size: number = ctx.options.nested.size;
    const isEnabled: boolean | undefined = ctx.options.enabled;
    ctx.emit('alpha.happened', { value: size });
    ctx.on('call.established', ({ callId, call }) => [callId.length, call.status]);
    ctx.on('call.primary.update', ({ type }) => type satisfies string);
    const sure: string = ctx.require('beta').greet();
    const maybe: string | undefined = ctx.optional('gamma')?.greet();
    ctx.view({ watch: ['alpha.happened'], model: () => ({ isEnabled, sure, maybe }) });

    // @ts-expect-error -- an event that nobody has declared
    ctx.on('alpha.unheardOf', () => undefined);
    // @ts-expect-error -- an event of somebody else's
    ctx.emit('beta.happened', { value: 1 });
    // @ts-expect-error -- an event of the phone's own
    ctx.emit('phone.destroyed', {});
    // @ts-expect-error -- a payload of another shape
    ctx.emit('alpha.happened', { value: 'one' });
    // @ts-expect-error -- a payload with a field missing
    ctx.emit('alpha.happened', {});
    // @ts-expect-error -- a plugin that `requires` does not name
    ctx.require('gamma');
    // @ts-expect-error -- a plugin that `optional` does not name
    ctx.optional('beta');
    // @ts-expect-error -- an option that there is not
    'lable' satisfies keyof typeof ctx.options;
    // @ts-expect-error -- options are not changed
    ctx.options.label = 'x';
    // @ts-expect-error -- an event that nobody has declared
    ctx.view({ watch: ['alpha.unheardOf'], model: () => ({}) });
    // @ts-expect-error -- a snapshot is not changed
    ctx.on('call.changed', ({ call }) => (call.isPrimary = true));
    return api;
  },
});

good({ nested: { size: 2 }, enabled: true, renderTargets: ['phone', document.body] });
// @ts-expect-error -- an option of another type
good({ nested: { size: 'big' } });
// @ts-expect-error -- an option that there is not
good({ lable: 'x' });

const phone: Phone = createPhone({ plugins: [good()] });
const greeting: string | undefined = phone.alpha?.greet();
phone.on('alpha.happened', ({ value }) => [value.toFixed(), greeting]);
// @ts-expect-error -- an event that nobody has declared
phone.on('alpha.unheardOf', () => undefined);
// @ts-expect-error -- a plugin that there is not
'omega' satisfies keyof Phone;
// @ts-expect-error -- it may not be there
phone.alpha.greet();

createPhone({
  plugins: [],
  // @ts-expect-error -- an event that nobody has declared
  listeners: { 'alpha.unheardOf': () => undefined },
});

definePlugin({
  // @ts-expect-error -- a name that is not in the registry
  name: 'omega',
  defaults: options,
  schema: shape,
  setup: () => api,
});

definePlugin({
  name: 'alpha',
  // @ts-expect-error -- a plugin that is not in the registry
  requires: ['omega'],
  defaults: options,
  schema: shape,
  setup: () => api,
});

definePlugin({
  name: 'alpha',
  defaults: options,
  schema: shape,
  // @ts-expect-error -- an API that lacks a member
  setup: () => ({ options }),
});

/** A schema and the options it describes are held together. */
interface Two {
  readonly name: string;
  readonly count?: number;
}
schema.object<Two>({ name: schema.text(), count: schema.number() }) satisfies Schema<Two>;
// @ts-expect-error -- a key is missing
schema.object<Two>({ name: schema.text() });
// @ts-expect-error -- a key too many
schema.object<Two>({ name: schema.text(), count: schema.number(), more: schema.text() });
// @ts-expect-error -- a key of the wrong type
schema.object<Two>({ name: schema.number(), count: schema.number() });
// @ts-expect-error -- a word that the option does not know
schema.object<{ side: 'left' | 'right' }>({ side: schema.oneOf('left', 'up') });
// @ts-expect-error -- a key that there is not cannot be required
schema.objectWith<Two>(['size'], { name: schema.text(), count: schema.number() });
