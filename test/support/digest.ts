import { createHash } from 'node:crypto';
import type { WireMessage } from './scriptedSocket.ts';

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** One field of the digest (RFC 7616) that a request carries, or ''. */
export function digestField(request: WireMessage, name: string): string {
  const value = request.header('Authorization') || request.header('Proxy-Authorization');
  return new RegExp(`\\b${name}="?([^",]+)`).exec(value)?.[1] ?? '';
}

/** Whether the digest of a request was made with this password, for the realm that it names. */
export function isDigestOf(request: WireMessage, password: string): boolean {
  const field = (name: string): string => digestField(request, name);
  const ha1 = md5([field('username'), field('realm'), password].join(':'));
  const ha2 = md5(`${request.method}:${field('uri')}`);
  const parts = [ha1, field('nonce'), field('nc'), field('cnonce'), field('qop'), ha2];
  return field('response') === md5(parts.join(':'));
}
