import { createHash } from 'node:crypto';
import type { WireMessage } from './scriptedSocket.ts';

// What each algorithm of RFC 8760 is called by OpenSSL.
const names: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-256': 'sha256',
  'SHA-512-256': 'sha512-256',
};

/** The hash of a text, by the name that a challenge has for it. */
export function hashBy(algorithm: string, text: string): string {
  const name = names[algorithm.toUpperCase().replace('-SESS', '')] ?? algorithm;
  return createHash(name).update(text).digest('hex');
}

/** One field of a digest (RFC 7616), or ''. */
export function fieldOf(value: string, name: string): string {
  return new RegExp(`\\b${name}="?([^",]+)`).exec(value)?.[1] ?? '';
}

const valueOf = (request: WireMessage): string =>
  request.header('Authorization') || request.header('Proxy-Authorization');

/** One field of the digest that a request carries, or ''. */
export function digestField(request: WireMessage, name: string): string {
  return fieldOf(valueOf(request), name);
}

/** Whether a digest is right for a request and was made with this password, for the realm that it names. */
export function isRight(value: string, request: WireMessage, password: string): boolean {
  const field = (name: string): string => fieldOf(value, name);
  const hash = (...parts: readonly string[]): string =>
    hashBy(field('algorithm') || 'MD5', parts.join(':'));
  const secret = hash(field('username'), field('realm'), password);
  const isSession = /-sess$/i.test(field('algorithm'));
  const ha1 = isSession ? hash(secret, field('nonce'), field('cnonce')) : secret;
  const qop = field('qop');
  const body = qop === 'auth-int' ? [hash(request.body)] : [];
  const ha2 = hash(request.method, field('uri'), ...body);
  const counted = qop ? [field('nc'), field('cnonce'), qop] : [];
  return field('response') === hash(ha1, field('nonce'), ...counted, ha2);
}

/** Whether the digest of a request was made with this password, for the realm that it names. */
export function isDigestOf(request: WireMessage, password: string): boolean {
  return isRight(valueOf(request), request, password);
}
