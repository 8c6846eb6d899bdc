import { afterEach, vi } from 'vitest';
import { clickToCall } from '../../plugins/clickToCall/index.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { connected } from './userAgentScene.ts';

afterEach(() => {
  document.body.replaceChildren();
});

/** What the plugin is configured with. */
export type Options = Parameters<typeof clickToCall>[0];

/** A phone that looks for numbers, of Germany unless it is told otherwise, and has found what there is. */
export async function withNumbers(options: Options = {}): Promise<TestPhone> {
  const numbers = { country: 'DE', ...options.numbers };
  const phone = await connected({}, { plugins: [clickToCall({ ...options, numbers })] });
  await looked();
  return phone;
}

/** All that has changed has been looked at. */
export async function looked(): Promise<void> {
  await vi.dynamicImportSettled();
  await vi.advanceTimersByTimeAsync(1000);
  await settled();
}
