import { describe, expect, it } from 'vitest';
import en from '../../../locales/en.json' with { type: 'json' };
import { responseSources } from '../../../src/core/call/responseSources.ts';
import { responseFor, sipResponses } from '../../../src/core/call/responses.ts';

const catalogue = Object.values(sipResponses);
const sentences: Readonly<Record<string, string>> = en.response;

const required = [
  100, 180, 181, 182, 183, 199, 200, 202, 204, 300, 301, 302, 305, 380, 400, 401, 402, 403, 404,
  405, 406, 407, 408, 410, 412, 413, 414, 415, 416, 417, 420, 421, 422, 423, 428, 429, 430, 433,
  436, 437, 438, 439, 440, 469, 470, 478, 480, 481, 482, 483, 484, 485, 486, 487, 488, 489, 491,
  493, 494, 500, 501, 502, 503, 504, 505, 513, 580, 600, 603, 604, 606,
];
const later = [424, 425, 555, 607, 608];

describe('the catalogue of SIP responses', () => {
  it.each([...required, ...later])('explains %i to a person and to a program', (code) => {
    const entry = sipResponses[code];
    expect(entry).toMatchObject({ code, final: code >= 200 });
    expect(entry?.key).toMatch(/^[a-z][A-Za-z]+$/);
    expect(responseSources[code]?.reason).toMatch(/^[A-Z]/);
    expect(sentences[entry?.key ?? '']).toMatch(/^[A-Z].*\.$/);
  });

  it('has no code that nobody asked for', () => {
    expect(catalogue.map(({ code }) => code).sort((a, b) => a - b)).toEqual(
      [...required, ...later].sort((a, b) => a - b),
    );
  });

  it('names the document of every code, and says that 478 has none', () => {
    for (const { code } of catalogue.filter((entry) => entry.code !== 478)) {
      expect(responseSources[code]?.rfc, String(code)).toMatch(/^RFC \d{4}( section [\d.]+)?$/);
    }
    expect(Object.keys(responseSources)).toEqual(Object.keys(sipResponses));
    expect(responseSources[478]?.rfc).toBe('Kamailio, not an RFC');
  });

  it('gives every code a key of its own', () => {
    expect(new Set(catalogue.map(({ key }) => key)).size).toBe(catalogue.length);
  });

  it('has a sentence for its keys and for no other, in sorted order, none said twice', () => {
    expect(Object.keys(sentences)).toEqual(catalogue.map(({ key }) => key).sort());
    expect(new Set(Object.values(sentences)).size).toBe(catalogue.length);
  });

  it.each([
    [199, 'Early Dialog Terminated', 'RFC 6228'],
    [202, 'Accepted', 'RFC 6665 section 8.3.1'],
    [436, 'Bad Identity Info', 'RFC 8224'],
    [437, 'Unsupported Credential', 'RFC 8224'],
    [469, 'Bad Info Package', 'RFC 6086'],
    [486, 'Busy Here', 'RFC 3261 section 21.4.24'],
    [489, 'Bad Event', 'RFC 6665 section 8.3.2'],
    [500, 'Server Internal Error', 'RFC 3261 section 21.5.1'],
    [606, 'Not Acceptable', 'RFC 3261 section 21.6.4'],
  ])('says of %i what its document says', (code, reason, rfc) => {
    expect(responseSources[code]).toEqual({ reason, rfc });
  });

  it.each([
    [200, 'never'],
    [302, 'changed'],
    [403, 'never'],
    [404, 'changed'],
    [407, 'changed'],
    [480, 'later'],
    [486, 'later'],
    [503, 'later'],
    [607, 'never'],
  ])('says of %i whether calling again can help: %s', (code, retry) => {
    expect(responseFor(code).retry).toBe(retry);
  });

  it('cannot be changed by who reads it', () => {
    expect(catalogue.every((entry) => Object.isFrozen(entry))).toBe(true);
    expect(Object.isFrozen(sipResponses)).toBe(true);
  });
});

describe('responseFor', () => {
  it.each([
    [186, 183],
    [101, 183],
    [299, 200],
    [399, 300],
    [409, 400],
    [499, 400],
    [599, 500],
    [699, 600],
  ])('takes the unknown %i for %i, as RFC 3261 section 8.1.3.2 demands', (unknown, known) => {
    expect(responseFor(unknown).code).toBe(known);
  });

  it.each([0, -1, 99, 700, 4_294_967_301, Number.NaN, Number.POSITIVE_INFINITY])(
    'takes %d, which is no status code, for a server error',
    (code) => {
      expect(responseFor(code)).toMatchObject({ code: 500, key: 'serverInternalError' });
    },
  );
});
