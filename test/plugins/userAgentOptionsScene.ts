import { vi } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { phoneWith } from './userAgentScene.ts';
import type { Options } from './userAgentScene.ts';

/** The server of a phone that names no other. */
export const sockets: readonly string[] = ['wss://sip.example.com'];

/** A phone whose seldom used options have been loaded. */
export async function started(options: Options = {}): Promise<TestPhone> {
  const test = phoneWith(options);
  await vi.dynamicImportSettled();
  await settled();
  return test;
}

/** The same with more of `transport`. */
export const wired = (transport: object, more: Options = {}): Promise<TestPhone> =>
  started({ transport: { sockets, ...transport }, ...more });
