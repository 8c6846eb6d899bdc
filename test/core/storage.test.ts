import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryOf } from '../../src/core/storage.ts';
import { sample } from './samplePlugins.ts';
import type { Memory, PhoneOptions } from '../../src/core/index.ts';
import { testPhone } from '../support/testPhone.ts';

afterEach(() => {
  localStorage.clear();
  vi.unstubAllGlobals();
});

function memory(storage?: PhoneOptions['storage']): Memory {
  let found: Memory | undefined;
  const plugin = sample('alpha', {
    setup: (ctx) => {
      found = ctx.memory;
    },
  });
  testPhone({ plugins: [plugin()], ...(storage !== undefined && { storage }) });
  if (!found) throw new Error('the plugin was not set up');
  return found;
}

describe('what a plugin remembers', () => {
  it('is there after a reload, under a name of its own', () => {
    memory().set('volume', { master: 0.5 });
    expect(memory().get('volume')).toEqual({ master: 0.5 });
    expect(localStorage.getItem('cordboard.alpha.volume')).toBe('{"master":0.5}');
    memory().set('volume', undefined);
    expect([memory().get('volume'), localStorage.length]).toEqual([undefined, 0]);
  });

  it('goes nowhere when the configuration says so, or where the application says', () => {
    memory(false).set('volume', 1);
    expect([localStorage.length, memory(false).get('volume')]).toEqual([0, undefined]);
    const kept = new Map<string, string>();
    const port = {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value),
      removeItem: (key: string) => void kept.delete(key),
    };
    memory(port).set('volume', 1);
    expect([memory(port).get('volume'), localStorage.length]).toEqual([1, 0]);
  });

  it('is nothing where storing is forbidden or the content is somebody else’s', () => {
    localStorage.setItem('cordboard.alpha.volume', '{broken');
    expect(memory().get('volume')).toBeUndefined();
    const forbidden = memoryOf('alpha', {
      getItem: () => {
        throw new DOMException('no', 'SecurityError');
      },
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError');
      },
      removeItem: () => undefined,
    });
    forbidden.set('volume', 1);
    expect(forbidden.get('volume')).toBeUndefined();
  });
});
