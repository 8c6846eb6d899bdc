import { describe, expect, it, vi } from 'vitest';
import { PhoneError, asPhoneError, errorSentence } from '../../src/core/index.ts';
import { errorMessages } from '../../src/core/errors.ts';
import { mediaError } from '../../src/core/mediaError.ts';

describe('a PhoneError', () => {
  it('tells a sentence, the SIP status and every wrong key in its message', () => {
    const error = new PhoneError('configuration.invalid', {
      statusCode: 488,
      problems: [
        { path: 'a.b', found: 'text', accepted: 'a number' },
        { path: 'c[0]', found: 'nothing', accepted: 'text' },
      ],
    });
    expect(error.message).toBe(
      'The configuration of the phone is not valid. (SIP 488)\n' +
        '  a.b: found text; accepted: a number\n  c[0]: found nothing; accepted: text',
    );
    expect(error).toBeInstanceOf(Error);
    expect(error.name).toBe('PhoneError');
  });

  it('keeps what was thrown underneath as its cause', () => {
    const cause = new TypeError('deep');
    expect(asPhoneError(cause, 'media.failed')).toMatchObject({ code: 'media.failed', cause });
  });

  it('of another copy of the library keeps its code and its message', async () => {
    vi.resetModules();
    const copy = await import('../../src/core/errors.ts');
    const cause = new copy.PhoneError('media.wasmRefused', { message: 'Not on this page.' });
    expect(cause).not.toBeInstanceOf(PhoneError);
    const error = asPhoneError(cause, 'media.processorFailed');
    expect(error).toBeInstanceOf(PhoneError);
    expect(error).toMatchObject({ code: 'media.wasmRefused', message: 'Not on this page.', cause });
  });

  it('has no code that somebody else has thought of', () => {
    const cause = Object.assign(new Error('gone'), { name: 'PhoneError', code: 'ENOENT' });
    expect(asPhoneError(cause, 'media.failed')).toMatchObject({ code: 'media.failed', cause });
  });

  it('is not wrapped again', () => {
    const error = new PhoneError('call.ended');
    expect(asPhoneError(error, 'media.failed')).toBe(error);
  });
});

describe('the sentence for the person on the phone', () => {
  const texts: Readonly<Record<string, string>> = {
    'error.call_failed': 'failed',
    'error.media_denied': 'denied',
    'response.busyHere': 'busy',
    'cause.offline': 'offline',
    'error.call_operationRefused': 'refused.',
    'error.transfer_refused': 'not transferred.',
    'error.transfer_failed': 'came back.',
  };
  const translate = (key: string): string => texts[key] ?? key;

  it.each([
    [new PhoneError('media.denied'), 'denied'],
    [new PhoneError('call.ended', { responseKey: 'busyHere' }), 'busy'],
    [new PhoneError('userAgent.notConnected', { responseKey: 'offline' }), 'offline'],
    [new PhoneError('media.denied', { responseKey: 'unheardOf' }), 'denied'],
    [new TypeError('x is not a function'), 'failed'],
    [new PhoneError('call.operationRefused', { statusCode: 488 }), 'refused.'],
    [new PhoneError('transfer.refused', { statusCode: 486 }), 'not transferred. busy'],
    [new PhoneError('transfer.failed', { statusCode: 486 }), 'came back. busy'],
    [new PhoneError('transfer.failed'), 'came back.'],
  ])('of %s is "%s"', (error, sentence) => {
    expect(errorSentence(error, translate)).toBe(sentence);
  });

  it('exists for every code', () => {
    for (const sentence of Object.values(errorMessages)) expect(sentence).toMatch(/^[A-Z].*\.$/);
  });
});

describe('what getUserMedia rejects with', () => {
  it.each([
    ['NotAllowedError', 'Permission denied', 'media.denied'],
    ['NotAllowedError', 'Permission dismissed', 'media.dismissed'],
    ['NotFoundError', '', 'media.noDevice'],
    ['OverconstrainedError', '', 'media.noDevice'],
    ['NotReadableError', '', 'media.busy'],
    ['SecurityError', '', 'media.insecure'],
    ['TypeError', '', 'media.failed'],
  ])('%s "%s" becomes %s', (name, message, code) => {
    const thrown = new DOMException(message, name);
    expect(mediaError(thrown)).toMatchObject({ code, cause: thrown });
  });

  it('is a failure of the media even when it is no error at all', () => {
    expect(mediaError('nonsense').code).toBe('media.failed');
  });
});
