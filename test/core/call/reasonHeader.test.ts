import { describe, expect, it } from 'vitest';
import { parseReason } from '../../../src/core/call/reasonHeader.ts';

describe('parseReason', () => {
  it.each([
    [
      'SIP ;cause=200 ;text="Call completed elsewhere"',
      { protocol: 'SIP', cause: 200, text: 'Call completed elsewhere' },
    ],
    ['Q.850 ;cause=16 ;text="Terminated"', { protocol: 'Q.850', cause: 16, text: 'Terminated' }],
    [
      'SIP;cause=600;text="Busy Everywhere"',
      { protocol: 'SIP', cause: 600, text: 'Busy Everywhere' },
    ],
    ['SIP ;cause=580 ;text="Precondition Failure"', { cause: 580 }],
    [
      'preemption ;cause=1 ;text="UA_Preemption"',
      { protocol: 'Preemption', cause: 1, text: 'UA_Preemption' },
    ],
    ['Q.850;cause=21;location=u', { protocol: 'Q.850', cause: 21, location: 'U' }],
    ['FreeSWITCH;cause=607;text="X"', { protocol: 'FreeSWITCH', cause: 607, text: 'X' }],
  ])('reads %s', (header, value) => {
    expect(parseReason([header])).toEqual([expect.objectContaining(value)]);
  });

  it('reads several values of one field and of several fields, in order', () => {
    expect(
      parseReason(['SIP;cause=486, Q.850;cause=17;text="User busy"', 'Q.850;cause=34']),
    ).toEqual([
      { protocol: 'SIP', cause: 486 },
      { protocol: 'Q.850', cause: 17, text: 'User busy' },
      { protocol: 'Q.850', cause: 34 },
    ]);
  });

  it('leaves separators and escapes inside a quoted text alone', () => {
    expect(
      parseReason([String.raw`Q.850;text="a, b; c=\"d\" \\e";cause=16 , SIP;cause=200`]),
    ).toEqual([
      { protocol: 'Q.850', cause: 16, text: String.raw`a, b; c="d" \e` },
      { protocol: 'SIP', cause: 200 },
    ]);
  });

  it('knows names in any case and with any white space, folded lines included', () => {
    expect(parseReason(['  sIp\r\n ; CAUSE = 200 ;\tText = "Ja"  '])).toEqual([
      { protocol: 'SIP', cause: 200, text: 'Ja' },
    ]);
  });

  it('accepts a text without quotes and a protocol without parameters', () => {
    expect(parseReason(['Q.850;cause=16;text=NORMAL_CLEARING, SIP'])).toEqual([
      { protocol: 'Q.850', cause: 16, text: 'NORMAL_CLEARING' },
      { protocol: 'SIP' },
    ]);
  });

  it.each([
    ['nothing', []],
    ['an empty field', ['']],
    ['commas only', [' , ,, ']],
    ['parameters without a protocol', [';cause=16', 'cause=16', '; cause']],
    ['a quoted protocol', ['"SIP";cause=200']],
    ['no protocol but words', ['call completed elsewhere']],
  ])('finds no value in %s', (_what, headers) => {
    expect(parseReason(headers)).toEqual([]);
  });

  it.each(['SIP;cause=', 'SIP;cause', 'SIP;cause=abc', 'SIP;cause=-1', 'SIP;cause=1e3', 'SIP;;=;'])(
    'ignores the senseless cause of %s and keeps the value',
    (header) => {
      expect(parseReason([header])).toEqual([{ protocol: 'SIP' }]);
    },
  );

  it('ends a text that lacks its closing quote at the end of the field', () => {
    expect(parseReason(['SIP;cause=200;text="open, Q.850;cause=16', 'Q.850;cause=17'])).toEqual([
      { protocol: 'SIP', cause: 200, text: 'open, Q.850;cause=16' },
      { protocol: 'Q.850', cause: 17 },
    ]);
  });

  it('believes the first of two causes', () => {
    expect(parseReason(['SIP;cause=200;cause=486'])).toEqual([{ protocol: 'SIP', cause: 200 }]);
  });

  it.each(['"', '\\"', ';', ',', ';"\\', 'a="', 'SIP;text="\\'])(
    'is not held up by a field that repeats %s ten thousand times',
    (piece) => {
      const start = performance.now();
      parseReason([piece.repeat(10_000)]);
      expect(performance.now() - start).toBeLessThan(500);
    },
  );
});
