import { describe, expect, it, vi } from 'vitest';
import { PhoneError, createPhone, schema } from '../../src/core/index.ts';
import type { PhoneOptions, Problem } from '../../src/core/index.ts';
import { checkOptions, withDefaults } from '../../src/core/options.ts';
import { testPhone } from '../support/testPhone.ts';
import { sample } from './samplePlugins.ts';

const wrong = (make: () => unknown): PhoneError => {
  try {
    make();
  } catch (error) {
    if (error instanceof PhoneError) return error;
  }
  throw new Error('No PhoneError was thrown.');
};
const problemsOf = (form: schema.Schema<unknown>, value: unknown): readonly Problem[] =>
  wrong(() => checkOptions([{ path: 'x', schema: form, value }])).problems;

describe('a wrong configuration', () => {
  it('is told in one error with every wrong key, what was found and what is accepted', () => {
    const options = {
      plugins: [
        sample('alpha')({ label: 'other', list: [1, 'two', 30], nested: { size: 11 } } as never),
        sample('beta')({ nested: { size: '1' }, enabled: 'yes' } as never),
      ],
      call: { operationTimeout: 5, dtmf: { transport: 'smoke' } },
      log: { level: 'loud' },
    } as unknown as PhoneOptions;
    const error = wrong(() => createPhone(options));
    expect(error.code).toBe('configuration.invalid');
    expect(error.problems.map(({ path }) => path)).toEqual([
      'call.operationTimeout',
      'call.dtmf.transport',
      'log.level',
      'alpha.label',
      'alpha.list[1]',
      'alpha.list[2]',
      'alpha.nested.size',
      'beta.nested.size',
      'beta.enabled',
    ]);
    for (const { path, found, accepted } of error.problems) {
      expect(error.message).toContain(`${path}: found ${found}; accepted: ${accepted}`);
    }
  });

  it.each([
    { due: 'text', form: schema.text(), value: 1, found: 'a number', accepted: 'text' },
    { due: 'text', form: schema.text(), value: null, found: 'null', accepted: 'text' },
    {
      due: 'filled text',
      form: schema.filledText(),
      value: '',
      found: 'empty text',
      accepted: 'text that is not empty',
    },
    { due: 'a flag', form: schema.flag(), value: 'true', found: 'text', accepted: 'true or false' },
    {
      due: 'a bounded number',
      form: schema.number(0, 10),
      value: 11,
      found: 'the number 11',
      accepted: 'a number of at most 10',
    },
    {
      due: 'a bounded number',
      form: schema.number(0, 10),
      value: -1,
      found: 'the number -1',
      accepted: 'a number of at least 0',
    },
    {
      due: 'a whole number',
      form: schema.integer(),
      value: 1.5,
      found: 'the number 1.5',
      accepted: 'a whole number',
    },
    {
      due: 'a word',
      form: schema.oneOf('a', 'b'),
      value: 'c',
      found: 'text',
      accepted: '"a" or "b"',
    },
    {
      due: 'a list',
      form: schema.list(schema.text()),
      value: {},
      found: 'an object',
      accepted: 'a list',
    },
    {
      due: 'a function',
      form: schema.callable(),
      value: {},
      found: 'an object',
      accepted: 'a function',
    },
    {
      due: 'an element',
      form: schema.element(),
      value: {},
      found: 'an object',
      accepted: 'an element',
    },
    {
      due: 'any object',
      form: schema.anyObject(),
      value: 'x',
      found: 'text',
      accepted: 'an object',
    },
    {
      due: 'any object',
      form: schema.anyObject(),
      value: [],
      found: 'a list of 0',
      accepted: 'an object',
    },
    {
      due: 'an object',
      form: schema.object({ a: schema.text() }),
      value: 7,
      found: 'a number',
      accepted: 'an object',
    },
    {
      due: 'an object',
      form: schema.object({ a: schema.text() }),
      value: [1],
      found: 'a list of 1',
      accepted: 'an object',
    },
    {
      due: 'alternatives',
      form: schema.either(schema.text(), schema.nothing()),
      value: true,
      found: 'true',
      accepted: 'text or null',
    },
  ])('where $due is due finds $found', ({ form, value, found, accepted }) => {
    expect(problemsOf(form, value)).toEqual([{ path: 'x', found, accepted }]);
  });

  it('tells the innermost key of a list of alternatives', () => {
    const form = schema.either(
      schema.text(),
      schema.list(
        schema.either(
          schema.text(),
          schema.objectWith<{ socket: string; weight?: number }>(['socket'], {
            socket: schema.text(),
            weight: schema.number(),
          }),
        ),
      ),
    );
    expect(problemsOf(form, ['ws://a', { weight: 'heavy' }])).toEqual([
      { path: 'x[1].socket', found: 'nothing', accepted: expect.any(String) as string },
      { path: 'x[1].weight', found: 'text', accepted: 'a number' },
    ]);
  });

  it.each([{ word: 'hunter2' }, ['hunter2'], 4711, true])(
    'never repeats a value that may be a secret (%j)',
    (secret) => {
      const plugin = sample('alpha')({ nested: { secret } } as never);
      const error = wrong(() => createPhone({ plugins: [plugin] }));
      expect(error.problems).toHaveLength(1);
      expect(JSON.stringify([error.message, error.problems])).not.toMatch(/hunter2|4711/);
    },
  );

  it('is heard by the listeners of the configuration before it is thrown', () => {
    const heard = vi.fn();
    const error = wrong(() =>
      createPhone({
        plugins: [sample('alpha')({ label: 'other' })],
        listeners: { 'phone.configuration.failed': heard },
      }),
    );
    expect(heard).toHaveBeenCalledExactlyOnceWith({ error });
  });
});

describe('an unknown key', () => {
  it('is ignored with a warning that names the nearest known one', () => {
    const { events, log, api } = testPhone({
      plugins: [sample('alpha')({ lable: 'some', nested: { sise: 3 } } as never)],
      unknown: { alfa: {}, somethingElseAltogether: 1 },
    });
    const warnings = events.of('phone.configuration.warning');
    expect(warnings.map(({ path, nearest }) => [path, nearest])).toEqual([
      ['alfa', 'alpha'],
      ['somethingElseAltogether', null],
      ['alpha.lable', 'label'],
      ['alpha.nested.sise', 'size'],
    ]);
    expect(warnings[2]?.message).toBe(
      'Unknown key "alpha.lable" is ignored. Did you mean "label"?',
    );
    expect(warnings[1]?.message).toContain('Known keys: ');
    expect(log.filter(({ level }) => level === 'warn')).toHaveLength(4);
    expect(api('alpha').options.label).toBe('none');
  });

  it('is found inside of alternatives too', () => {
    const form = schema.either(
      schema.text(),
      schema.list(schema.object<{ weight: number }>({ weight: schema.number() })),
    );
    expect(checkOptions([{ path: 'x', schema: form, value: [{ wieght: 1 }] }])).toMatchObject([
      { path: 'x[0].wieght', nearest: 'weight' },
    ]);
  });
});

describe('defaults', () => {
  const defaults = { list: [1, 2, 3], nested: { size: 1, deep: { a: 1, b: 2 } }, when: null };

  it('are merged key by key, however deep, and lists are replaced whole', () => {
    const merged = withDefaults(defaults, { list: [9], nested: { size: 1, deep: { a: 5, b: 2 } } });
    expect(merged).toEqual({ ...defaults, list: [9], nested: { size: 1, deep: { a: 5, b: 2 } } });
    expect(withDefaults<object>(defaults, { nested: { deep: { a: 5 } } })).toEqual({
      ...defaults,
      nested: { size: 1, deep: { a: 5, b: 2 } },
    });
    expect(defaults.list).toEqual([1, 2, 3]);
  });

  it('stand where undefined is given', () => {
    expect(withDefaults<object>(defaults, { list: undefined })).toEqual(defaults);
  });

  it('cannot be used to change all objects of the page', () => {
    withDefaults<object>(defaults, JSON.parse('{"__proto__":{"polluted":true}}') as object);
    withDefaults<object>(defaults, JSON.parse('{"nested":{"__proto__":{"polluted":1}}}') as object);
    expect('polluted' in {}).toBe(false);
  });

  it('reach the plugin as frozen options', () => {
    const { api } = testPhone({ plugins: [sample('alpha')({ list: [7] })] });
    const { options } = api('alpha');
    expect(options).toMatchObject({ label: 'none', list: [7], nested: { size: 1 } });
    expect(Object.isFrozen(options)).toBe(true);
  });
});
