import { describe, expect, it } from 'vitest';
import { inOrder } from '../../src/core/order.ts';
import type { Orderable } from '../../src/core/order.ts';

const plugin = (name: string, requires: string[] = [], optional: string[] = []): Orderable => ({
  name,
  requires,
  optional,
});
const names = (...plugins: Orderable[]): string[] => inOrder(plugins).map(({ name }) => name);

describe('the order of set-up', () => {
  it('is as given where nothing depends on anything', () => {
    expect(names(plugin('c'), plugin('a'), plugin('b'))).toEqual(['c', 'a', 'b']);
  });

  it('puts what is required first, over any number of steps', () => {
    expect(names(plugin('a', ['b']), plugin('b', ['c']), plugin('c'))).toEqual(['c', 'b', 'a']);
  });

  it('puts an optional plugin first when it is there, and does without it', () => {
    expect(names(plugin('a', [], ['b', 'x']), plugin('b'))).toEqual(['b', 'a']);
  });

  it('does not take optional wishes in a circle for an error', () => {
    expect(names(plugin('a', [], ['b']), plugin('b', [], ['a']))).toEqual(['b', 'a']);
    expect(names(plugin('a', ['b']), plugin('b', [], ['a']))).toEqual(['b', 'a']);
  });

  it.each([
    ['plugin.cycle', 'a → b → a', [plugin('a', ['b']), plugin('b', ['a'])]],
    ['plugin.cycle', 'a → a', [plugin('a', ['a'])]],
    ['plugin.missing', '"a" requires "b"', [plugin('a', ['b'])]],
    ['plugin.duplicate', '"a"', [plugin('a'), plugin('a')]],
  ])('is refused with %s, naming %s', (code, words, plugins) => {
    expect(() => inOrder(plugins)).toThrow(
      expect.objectContaining({ code, message: expect.stringContaining(words) as string }) as Error,
    );
  });
});
