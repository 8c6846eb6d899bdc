import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, signallingHost } from './network.ts';
import { atEnd } from './processes.ts';

/** A static web server for the pages of the tests. */
export interface PageServer {
  /** Without a slash at the end. */
  readonly url: string;
  /**
   * Serves a text or a file at a path from now on, to pages of other servers too; the type follows
   * from the path's ending. A policy is sent along as Content-Security-Policy.
   */
  readonly put: (path: string, body: string | Buffer, policy?: string) => void;
  /** The paths that were asked for, worklets included, of which no page tells. */
  readonly requests: readonly string[];
  /**
   * Serves a JSON file with an `ETag` from now on, and answers 304 to who has it. Where a token is named, who does not
   * bring it is answered 401.
   */
  readonly putTagged: (path: string, config: object, token?: string) => void;
  /** The paths that were answered by a 304. */
  readonly unchanged: readonly string[];
  readonly close: () => Promise<void>;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
const support = fileURLToPath(new URL('.', import.meta.url));

/** What is served under which prefix: the test page at /, the build, and the examples. */
const folders: Readonly<Record<string, string>> = {
  '/dist/': join(root, 'dist'),
  '/examples/': join(root, 'examples'),
  '/support/': support,
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wav': 'audio/wav',
};

async function fileAt(path: string): Promise<Buffer | undefined> {
  if (path === '/') return readFile(join(support, 'page.html'));
  const prefix = Object.keys(folders).find((start) => path.startsWith(start));
  const folder = prefix === undefined ? undefined : folders[prefix];
  if (prefix === undefined || folder === undefined) return undefined;
  const inside = normalize(`/${decodeURIComponent(path.slice(prefix.length))}`);
  return readFile(join(folder, inside)).catch(() => undefined);
}

interface Given {
  readonly body: string | Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly token?: string | undefined;
}

function headersOf(path: string): Readonly<Record<string, string>> {
  const type = path === '/' ? types['.html'] : types[extname(path)];
  return { 'content-type': type ?? 'application/octet-stream', 'cache-control': 'no-store' };
}

function isKnown(request: IncomingMessage, headers: Given['headers']): boolean {
  const tag = headers['etag'];
  return tag !== undefined && request.headers['if-none-match'] === tag;
}

function isAllowed({ headers }: IncomingMessage, token: string | undefined): boolean {
  return token === undefined || headers.authorization === `Bearer ${token}`;
}

/** Serves the test page and the build on a free loopback port; it ends with the test file. */
export async function startPageServer(): Promise<PageServer> {
  const given = new Map<string, Given>();
  const requests: string[] = [];
  const unchanged: string[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    requests.push(path);
    const { body: own, headers = {}, token } = given.get(path) ?? ({} as Partial<Given>);
    if (!isAllowed(request, token)) {
      response.writeHead(401).end();
      return;
    }
    const body = own ?? (await fileAt(path));
    if (isKnown(request, headers)) {
      unchanged.push(path);
      response.writeHead(304, headers).end();
      return;
    }
    response.writeHead(body === undefined ? 404 : 200, { ...headersOf(path), ...headers });
    response.end(body ?? 'not found');
  };
  const server = createServer((request, response) => {
    void answer(request, response);
  });
  const port = await freePort();
  await new Promise<void>((resolve) => {
    server.listen(port, signallingHost, resolve);
  });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  atEnd(close);
  return {
    url: `http://${signallingHost}:${port}`,
    put: (path, body, policy) => {
      const headers = {
        'access-control-allow-origin': '*',
        ...(policy !== undefined && { 'content-security-policy': policy }),
      };
      given.set(path, { body, headers });
    },
    putTagged: (path, config, token) => {
      const body = JSON.stringify(config);
      const etag = `"${createHash('sha256').update(body).digest('hex')}"`;
      given.set(path, { body, token, headers: { etag, 'cache-control': 'private, no-cache' } });
    },
    unchanged,
    requests,
    close,
  };
}
