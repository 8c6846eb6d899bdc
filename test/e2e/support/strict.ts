import { expect } from 'vitest';
import type { PageServer } from './server.ts';

/** What a strict page allows: its own files, sockets, and the phone's one policy for trusted types. */
export const strictPolicy =
  "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self' ws:; " +
  "require-trusted-types-for 'script'; trusted-types cordboard; report-uri /reports";

/** Serves a page under the strict policy; a page of its own icon asks for no other one. */
export function serveStrict(
  server: PageServer,
  path: string,
  { head = '', body = '' }: { readonly head?: string; readonly body?: string },
): void {
  const start = '<!doctype html><html lang="en"><meta charset="utf-8"><title>Strict</title>';
  server.put('/icon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  server.put(path, `${start}<link rel="icon" href="/icon.svg">${head}<body>${body}`, strictPolicy);
}

/** Checks that no browser has reported a breach of a policy to the server. */
export function expectNoReports(server: PageServer): void {
  expect(server.requests.filter((path) => path === '/reports')).toEqual([]);
}
