import { describe, expect, it } from 'vitest';
import { challengesOf, digest } from '../../plugins/userAgent/digest.ts';
import { hashes } from '../../plugins/userAgent/hashes.part.ts';
import { fieldOf, hashBy } from '../support/digest.ts';

const md5 = (text: string): string => hashBy('MD5', text);

describe('the hashes', () => {
  // FIPS 180-4, the examples of NIST for "abc" and for the empty message.
  it.each([
    ['SHA-256', 'abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['SHA-256', '', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['SHA-512-256', 'abc', '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23'],
    ['SHA-512-256', '', 'c672b8d1ef56ed28ab87c3622c5114069bdd3ad7b8f9737498d0c01ecef0967a'],
  ] as const)('%s of %j is what NIST says', (name, text, hash) => {
    expect(hashes[name](text)).toBe(hash);
  });

  it.each(['SHA-256', 'SHA-512-256'] as const)('%s takes text as UTF-8', (name) => {
    const text = 'Jäsøn Doe 🎧'.repeat(40);
    expect(hashes[name](text)).toBe(hashBy(name, text));
  });
});

describe('the digest of RFC 7616', () => {
  const request = { method: 'GET', ruri: '/dir/index.html' };
  const mufasa = { user: 'Mufasa', password: 'Circle of Life', ha1: '', ha1Realm: '' };
  const cnonce = 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ';
  const challenge = (algorithm: string): Readonly<Record<string, string>> => ({
    scheme: 'digest',
    realm: 'http-auth@example.org',
    qop: 'auth, auth-int',
    algorithm,
    nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
    opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
  });

  // Section 3.9.1.
  it.each([
    ['MD5', md5, '8ca523f5e9506fed4657c9700eebdbec'],
    [
      'SHA-256',
      hashes['SHA-256'],
      '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1',
    ],
  ])('by %s is that of its example', (algorithm, hash, response) => {
    const value = digest(challenge(algorithm), mufasa, { hash, cnonce, qop: 'auth' })(request);
    expect(fieldOf(value, 'response')).toBe(response);
    expect(fieldOf(value, 'opaque')).toBe('FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS');
    expect([fieldOf(value, 'nc'), fieldOf(value, 'qop')]).toEqual(['00000001', 'auth']);
  });

  // The example of section 3.9.2 was made with another function, so it is no measure.
  it('by SHA-512-256 is what OpenSSL makes of the same parts', () => {
    const hash = hashes['SHA-512-256'];
    const value = digest(challenge('SHA-512-256'), mufasa, { hash, cnonce, qop: 'auth' })(request);
    const of = (...parts: readonly string[]): string => hashBy('SHA-512-256', parts.join(':'));
    const { nonce = '', realm = '' } = challenge('');
    expect(fieldOf(value, 'response')).toBe(
      of(
        of('Mufasa', realm, 'Circle of Life'),
        ...[nonce, '00000001', cnonce, 'auth'],
        of('GET', '/dir/index.html'),
      ),
    );
  });

  it('counts the requests that one nonce has been used for', () => {
    const grant = digest(challenge('MD5'), mufasa, { hash: md5, cnonce, qop: 'auth' });
    const values = [grant(request), grant(request), grant({ ...request, method: 'PUT' })];
    expect(values.map((value) => fieldOf(value, 'nc'))).toEqual([
      '00000001',
      '00000002',
      '00000003',
    ]);
    expect(new Set(values.map((value) => fieldOf(value, 'response'))).size).toBe(3);
  });

  it('without qop is that of RFC 2069, with nothing counted', () => {
    const value = digest({ realm: 'r', nonce: 'n' }, mufasa, { hash: md5, cnonce, qop: undefined })(
      request,
    );
    expect(fieldOf(value, 'response')).toBe(
      md5(`${md5('Mufasa:r:Circle of Life')}:n:${md5('GET:/dir/index.html')}`),
    );
    expect(value).not.toMatch(/nc=|cnonce|qop|opaque/);
  });

  it('covers the body with auth-int', () => {
    const tools = { hash: md5, cnonce, qop: 'auth-int' } as const;
    const values = ['v=0', 'v=1'].map((body) =>
      digest(challenge('MD5'), mufasa, tools)({ ...request, body }),
    );
    const [one, other] = values.map((value) => fieldOf(value, 'response'));
    expect(one).not.toBe(other);
    expect(values.map((value) => fieldOf(value, 'qop'))).toEqual(['auth-int', 'auth-int']);
  });

  it('takes a hash in place of a password', () => {
    const ha1 = md5('Mufasa:http-auth@example.org:Circle of Life');
    const value = digest(
      challenge('MD5'),
      { ...mufasa, password: '', ha1 },
      { hash: md5, cnonce, qop: 'auth' },
    )(request);
    expect(fieldOf(value, 'response')).toBe('8ca523f5e9506fed4657c9700eebdbec');
  });
});

describe('the challenges of a response', () => {
  const response = [
    'SIP/2.0 401 Unauthorized',
    'WWW-Authenticate: Digest realm="a, b", nonce="x=\\"y\\"",',
    '  algorithm=SHA-256,qop="auth,auth-int" , stale=TRUE',
    'www-authenticate : digest realm="c",nonce="",opaque=""',
    'Proxy-Authenticate: Digest realm="proxy", nonce="p"',
    'WWW-Authenticate: Bearer realm="t", scope="sip"',
    '',
    'WWW-Authenticate: Digest realm="in the body", nonce="n"',
  ].join('\r\n');

  it('come in their order with all of their parameters', () => {
    expect(challengesOf(response, 'www-authenticate')).toEqual([
      {
        scheme: 'digest',
        realm: 'a, b',
        nonce: 'x=\\"y\\"',
        algorithm: 'SHA-256',
        qop: 'auth,auth-int',
        stale: 'TRUE',
      },
      { scheme: 'digest', realm: 'c', nonce: '', opaque: '' },
      { scheme: 'bearer', realm: 't', scope: 'sip' },
    ]);
    expect(challengesOf(response, 'proxy-authenticate')).toEqual([
      { scheme: 'digest', realm: 'proxy', nonce: 'p' },
    ]);
  });
});
