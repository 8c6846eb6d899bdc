import { describe, expect, it, vi } from 'vitest';
import { createPhone } from '../../src/core/index.ts';
import type { PhoneOptions } from '../../src/core/index.ts';
import { testPhone } from '../support/testPhone.ts';
import { sample } from './samplePlugins.ts';

const quiet = { log: { level: 'off' } } as const;
const broken = new Error('broken');
const throws = (): never => {
  throw broken;
};

describe('a plugin whose set-up throws', () => {
  it('is reported and left out, and the others run', () => {
    const { phone, events } = testPhone({
      ...quiet,
      plugins: [sample('alpha', { setup: throws })(), sample('beta')()],
    });
    expect(Object.keys(phone.plugins)).toEqual(['beta']);
    expect(phone).not.toHaveProperty('alpha');
    expect(events.of('phone.plugin.failed')).toEqual([
      { plugin: 'alpha', during: 'setup', error: broken },
    ]);
    expect(events.last('phone.created').plugins).toEqual(['beta']);
  });

  it('leaves nothing of itself behind', () => {
    const heard = vi.fn();
    const undone = vi.fn();
    const { phone } = testPhone({
      ...quiet,
      plugins: [
        sample('alpha', {
          setup: (ctx) => {
            ctx.on('alpha.happened', heard);
            ctx.onDestroy(undone);
            throws();
          },
        })(),
        sample('beta', { setup: (ctx) => ctx.clock.after(1e9, heard) })(),
      ],
    });
    expect(undone).toHaveBeenCalledTimes(1);
    phone.destroy();
    expect(undone).toHaveBeenCalledTimes(1);
  });

  it('takes down those that require it, with a reason, and nobody else', () => {
    const { phone, events } = testPhone({
      ...quiet,
      plugins: [
        sample('alpha', { setup: throws })(),
        sample('beta', { requires: ['alpha'] })(),
        sample('gamma', {
          optional: ['alpha'],
          setup: (ctx) => {
            expect(ctx.optional('alpha')).toBeUndefined();
          },
        })(),
      ],
    });
    expect(Object.keys(phone.plugins)).toEqual(['gamma']);
    expect(events.of('phone.plugin.failed')[1]).toMatchObject({
      plugin: 'beta',
      during: 'setup',
      error: { code: 'plugin.missing', message: 'Plugin "beta" requires "alpha", which failed.' },
    });
  });
});

describe('a plugin', () => {
  it('gets the APIs it has declared, and no others', () => {
    const { events } = testPhone({
      ...quiet,
      plugins: [
        sample('alpha')(),
        sample('beta', {
          requires: ['alpha'],
          setup: (ctx) => {
            expect(ctx.require('alpha').greet()).toBe("Hello O'Neill");
            ctx.require('gamma');
          },
        })(),
        sample('gamma')(),
      ],
    });
    expect(events.last('phone.plugin.failed')).toMatchObject({
      plugin: 'beta',
      error: { code: 'plugin.missing' },
    });
  });

  it('whose listener throws is named, and the other listeners hear the event', () => {
    const heard = vi.fn();
    const { events } = testPhone({
      ...quiet,
      plugins: [
        sample('alpha', {
          setup: (ctx) => {
            ctx.on('beta.happened', throws);
            ctx.onPattern('beta.*', throws);
            ctx.on('beta.happened', heard);
          },
        })(),
        sample('beta', {
          setup: (ctx) => {
            ctx.on('phone.created', () => {
              ctx.emit('beta.happened', { value: 1 });
            });
          },
        })(),
      ],
    });
    expect(heard).toHaveBeenCalledTimes(1);
    const failed = { plugin: 'alpha', during: 'beta.happened', error: broken };
    expect(events.of('phone.plugin.failed')).toEqual([failed, failed]);
  });

  it('draws errors that stay where they are', async () => {
    const { events, part } = testPhone({
      ...quiet,
      plugins: [
        sample('alpha', {
          template: '<p></p>',
          setup: (ctx) => ctx.view({ watch: [], model: throws }),
        })(),
        sample('beta', {
          template: '<p part="text">{{label}}</p>',
          setup: (ctx) => ctx.view({ watch: [], model: () => ({ label: ctx.options.label }) }),
        })({ label: 'some' }),
      ],
    });
    await Promise.resolve();
    expect(part('beta', 'text').textContent).toBe('some');
    expect(events.last('phone.plugin.failed')).toEqual({
      plugin: 'alpha',
      during: 'draw',
      error: broken,
    });
  });
});

describe('the listeners of the configuration', () => {
  it('hear what happens during set-up', () => {
    const order: string[] = [];
    const options: PhoneOptions = {
      ...quiet,
      plugins: [
        sample('alpha', {
          setup: (ctx) => {
            ctx.emit('alpha.happened', { value: 1 });
          },
        })(),
        sample('beta', { setup: throws })(),
      ],
      listeners: {
        'alpha.happened': () => order.push('happened'),
        'phone.plugin.failed': ({ plugin }) => order.push(`failed ${plugin}`),
        'language.changed': ({ language }) => order.push(language),
        'phone.created': () => order.push('created'),
      },
    };
    createPhone(options).destroy();
    expect(order).toEqual(['happened', 'failed beta', 'en', 'created']);
  });

  it('may throw: the phone is made, and the failure is the application’s own', () => {
    const failed = vi.fn();
    const listeners = { 'phone.created': throws, 'phone.plugin.failed': failed };
    createPhone({ ...quiet, plugins: [], listeners }).destroy();
    expect(failed).toHaveBeenCalledExactlyOnceWith({
      plugin: 'core',
      during: 'phone.created',
      error: broken,
    });
  });

  it('may throw at the report of a failure without starting a chain of reports', () => {
    const failed = vi.fn(throws);
    createPhone({
      ...quiet,
      plugins: [sample('alpha', { setup: throws })()],
      listeners: { 'phone.plugin.failed': failed },
    }).destroy();
    expect(failed).toHaveBeenCalledTimes(1);
  });
});

describe('a phone that is destroyed', () => {
  it('takes its plugins down in reverse, each guarded from the others', () => {
    const order: string[] = [];
    const { phone, events } = testPhone({
      ...quiet,
      plugins: [
        sample('alpha', {
          setup: (ctx) => {
            ctx.onDestroy(() => order.push('alpha'));
          },
        })(),
        sample('beta', {
          setup: (ctx) => {
            ctx.onDestroy(throws);
          },
        })(),
        sample('gamma', {
          setup: (ctx) => {
            ctx.onDestroy(() => order.push('gamma'));
          },
        })(),
      ],
    });
    phone.destroy();
    phone.destroy();
    expect(order).toEqual(['gamma', 'alpha']);
    expect(events.of('phone.destroyed')).toHaveLength(1);
    expect(events.last('phone.plugin.failed')).toMatchObject({ plugin: 'beta', during: 'destroy' });
  });

  it('aborts the signal of its plugins and empties their elements', async () => {
    let signal: AbortSignal | undefined;
    const { phone, root } = testPhone({
      plugins: [
        sample('alpha', {
          template: '<p part="text">drawn</p>',
          setup: (ctx) => {
            ({ signal } = ctx);
            ctx.view({ watch: [], model: () => ({}) });
          },
        })(),
      ],
    });
    await Promise.resolve();
    expect(root('alpha').textContent).toContain('drawn');
    phone.destroy();
    expect(root('alpha').innerHTML).toBe('');
    expect(signal?.aborted).toBe(true);
  });
});
