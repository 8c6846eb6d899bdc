import { describe, expect, it } from 'vitest';
import type { PhoneError } from '../../../src/core/index.ts';
import { checkHeaders } from '../../../src/core/index.ts';

describe('headers for a SIP message', () => {
  it.each([
    ['X-Account: 17'],
    ['Alert-Info:<http://example.com/ring>;info=external'],
    ['Subject : with spaces, "quotes" and ümlauts'],
    ['X-Empty:'],
  ])('may be %j', (line) => {
    expect(() => {
      checkHeaders([line]);
    }).not.toThrow();
  });

  it.each([
    ['X-A: 1\r\nRoute: <sip:evil.example>'],
    ['X-A: 1\nX-B: 2'],
    ['X-A: 1\r'],
    ['X-A: 1\0'],
    ['no colon'],
    [': no name'],
    ['X A: space in the name'],
    [''],
    ['\r\n\r\nbody'],
  ])('may not be %j', (line) => {
    expect(() => {
      checkHeaders(['X-Good: 1', line]);
    }).toThrow(expect.objectContaining({ code: 'call.headerInvalid' }) as Error);
  });

  it('are named by their place, never by a value that may be confidential', () => {
    try {
      checkHeaders(['X-Token: s3cret\r\nX: 1']);
      expect.unreachable();
    } catch (error) {
      expect((error as PhoneError).message).toBe('headers[0] is not "Name: value" on one line.');
    }
  });

  it('may be left out', () => {
    expect(() => {
      checkHeaders(undefined);
    }).not.toThrow();
  });
});
