import { describe, expect, it } from 'vitest';
import en from '../../../locales/en.json' with { type: 'json' };
import { explainEnd } from '../../../src/core/call/cause.ts';
import type { EndFacts } from '../../../src/core/call/cause.ts';
import { causes, q850Causes } from '../../../src/core/call/causes.ts';
import { parseReason } from '../../../src/core/call/reasonHeader.ts';
import { sipResponses } from '../../../src/core/call/responses.ts';

const sentences: Readonly<Record<string, Readonly<Record<string, string>>>> = en;

const ringingHere = { direction: 'incoming', by: 'remote', wasEstablished: false } as const;
const calling = { direction: 'outgoing', by: 'remote', wasEstablished: false } as const;
const talking = { direction: 'outgoing', by: 'remote', wasEstablished: true } as const;

function end(facts: EndFacts, ...headers: readonly string[]): ReturnType<typeof explainEnd> {
  return explainEnd({ ...facts, reasons: parseReason(headers) });
}

function textOf(facts: EndFacts, ...headers: readonly string[]): string {
  const { section, key } = end(facts, ...headers);
  return `${section}.${key}`;
}

describe('a call that rang here and was canceled', () => {
  it.each([
    ['SIP ;cause=200 ;text="Call completed elsewhere"', 'cause.answeredElsewhere', false],
    ['Q.850;cause=26', 'cause.answeredElsewhere', false],
    ['Q.850;cause=16, SIP;cause=200', 'cause.answeredElsewhere', false],
    ['SIP;cause=603;text="Decline"', 'cause.declinedElsewhere', false],
    ['SIP;cause=600;text="Busy Everywhere"', 'cause.declinedElsewhere', false],
    ['SIP;cause=604', 'cause.canceled', true],
    ['Q.850;cause=16;text="Normal call clearing"', 'cause.canceled', true],
    ['preemption ;cause=5 ;text="Network Preemption"', 'cause.preempted', true],
    ['Q.850;cause=8', 'cause.preempted', true],
    ['rubbish', 'cause.canceled', true],
    ['', 'cause.canceled', true],
  ])('with Reason: %s is %s, missed: %s', (header, text, isMissed) => {
    expect(textOf({ ...ringingHere, statusCode: 487 }, header)).toBe(text);
    expect(end({ ...ringingHere, statusCode: 487 }, header)).toMatchObject({ isMissed });
  });

  it('is not to be repeated when it was answered elsewhere', () => {
    expect(end(ringingHere, 'SIP;cause=200').retry).toBe('never');
  });
});

describe('a call without a connection', () => {
  it('says that the phone is offline, although the stack calls it canceled here', () => {
    expect(explainEnd({ ...calling, by: 'local', localOffline: true })).toEqual({
      key: 'offline',
      section: 'cause',
      retry: 'later',
      isMissed: false,
    });
  });

  it('says that the connection was lost when the call was up or rang here', () => {
    expect(textOf({ ...talking, by: 'system', localOffline: true })).toBe('cause.connectionLost');
    expect(textOf({ ...ringingHere, by: 'system', localOffline: true })).toBe(
      'cause.connectionLost',
    );
  });

  it('is a plain hang-up when the person here ended a call that was up', () => {
    expect(textOf({ ...talking, by: 'local', localOffline: true })).toBe('cause.normal');
  });
});

describe('a call that the person here ended', () => {
  it.each([
    [{ ...calling, by: 'local', statusCode: 487 }, 'cause.canceled'],
    [{ ...ringingHere, by: 'local', statusCode: 486 }, 'cause.rejected'],
    [{ ...talking, by: 'local' }, 'cause.normal'],
  ] as const)('%o is %s and never missed', (facts, text) => {
    expect(textOf(facts)).toBe(text);
    expect(explainEnd(facts).isMissed).toBe(false);
  });
});

describe('a call that this phone could not carry on', () => {
  it.each([
    ['mediaDenied', 'changed'],
    ['noMicrophone', 'changed'],
    ['mediaFailed', 'later'],
    ['deadline', 'later'],
    ['connectionLost', 'later'],
  ] as const)('tells of %s whatever the far end was told', (failure, retry) => {
    const ended = end({ ...calling, by: 'local', statusCode: 480, failure }, 'Q.850;cause=16');
    expect(ended).toMatchObject({ key: failure, section: 'cause', retry });
  });

  it('has missed a call that rang here until this phone gave up', () => {
    const facts = { ...ringingHere, by: 'local', statusCode: 408, failure: 'noAnswer' } as const;
    expect(explainEnd(facts)).toMatchObject({ key: 'noAnswer', isMissed: true, statusCode: 408 });
  });
});

describe('a call that the far end did not take', () => {
  it.each([
    [486, '', 'response.busyHere'],
    [603, '', 'response.decline'],
    [404, '', 'response.notFound'],
    [302, '', 'response.movedTemporarily'],
    [480, '', 'response.temporarilyUnavailable'],
    [480, 'Q.850;cause=16', 'response.temporarilyUnavailable'],
    [480, 'Q.850;cause=19;text="No answer"', 'cause.noAnswer'],
    [480, 'Q.850;cause=20', 'cause.unreachable'],
    [503, 'Q.850;cause=34', 'cause.networkBusy'],
    [500, 'Q.850;cause=17', 'response.busyHere'],
    [500, 'Q.850;cause=127', 'response.serverInternalError'],
    [403, 'Q.850;cause=21', 'cause.rejected'],
    [500, 'SIP;cause=486;text="Busy"', 'response.busyHere'],
    [486, 'Q.850;cause=34', 'response.busyHere'],
    [487, 'Q.850;cause=26', 'response.requestTerminated'],
    [480, 'Q.850;cause=9999', 'response.temporarilyUnavailable'],
    [499, '', 'response.badRequest'],
    [undefined, 'Q.850;cause=1', 'cause.unallocatedNumber'],
    [undefined, '', 'cause.failed'],
  ])('%s with Reason: %s is %s', (statusCode, header, text) => {
    expect(textOf({ ...calling, statusCode }, header)).toBe(text);
    expect(end({ ...calling, statusCode }, header).isMissed).toBe(false);
  });

  it('hands on the numbers for those who keep records', () => {
    expect(end({ ...calling, statusCode: 503 }, 'Q.850;cause=34')).toMatchObject({
      statusCode: 503,
      q850: 34,
    });
  });
});

describe('a call that was up and was ended there', () => {
  it.each([
    ['', 'cause.normal'],
    ['Q.850;cause=16;text="Normal call clearing"', 'cause.normal'],
    ['Q.850;cause=31', 'cause.normal'],
    ['SIP;cause=200', 'cause.normal'],
    ['SIP;cause=408;text="Session timer expired"', 'cause.connectionLost'],
    ['SIP;cause=481', 'cause.connectionLost'],
    ['SIP;cause=488', 'cause.mediaFailed'],
    ['SIP;cause=503', 'response.serviceUnavailable'],
    ['Q.850;cause=38', 'cause.networkProblem'],
    ['preemption;cause=1', 'cause.preempted'],
  ])('with Reason: %s is %s', (header, text) => {
    expect(textOf(talking, header)).toBe(text);
    expect(textOf({ ...talking, direction: 'incoming' }, header)).toBe(text);
    expect(end({ ...talking, direction: 'incoming' }, header).isMissed).toBe(false);
  });

  it.each([408, 481])('is a lost connection when a request within it got %i', (statusCode) => {
    expect(textOf({ ...talking, by: 'system', statusCode })).toBe('cause.connectionLost');
  });

  it('is a failure when this phone ended it without saying why', () => {
    expect(textOf({ ...talking, by: 'system' })).toBe('cause.failed');
  });
});

describe('the causes', () => {
  const commonlySent = [
    1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 26, 27, 28, 29, 31, 34, 38, 41, 42, 44, 47, 50, 55, 57, 58,
    63, 65, 69, 79, 87, 88, 102, 111, 127,
  ];

  it.each(commonlySent)('include Q.850 %i', (value) => {
    expect(q850Causes[value]).toBeDefined();
  });

  it('have a sentence each, in sorted order, none said twice', () => {
    const own = sentences['cause'] ?? {};
    expect(Object.keys(own)).toEqual(Object.keys(causes).sort());
    expect(Object.values(own).every((sentence) => /^[A-Z].*\.$/.test(sentence))).toBe(true);
    expect(new Set(Object.values(own)).size).toBe(Object.keys(causes).length);
  });

  it('share no key with a response, so that a key alone tells which is meant', () => {
    const responseKeys = new Set(Object.values(sipResponses).map(({ key }) => key));
    expect(Object.keys(causes).filter((key) => responseKeys.has(key))).toEqual([]);
  });

  it.each(Object.keys(sipResponses).map(Number))('lead to a sentence from status %i', (code) => {
    for (const state of [calling, talking, ringingHere]) {
      const { section, key } = explainEnd({ ...state, statusCode: code });
      expect(sentences[section]?.[key]).toBeDefined();
    }
  });
});
