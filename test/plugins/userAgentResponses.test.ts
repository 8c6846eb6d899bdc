import { expect, it, vi } from 'vitest';
import en from '../../locales/en.json' with { type: 'json' };
import { commonResponses } from '../../plugins/userAgent/responses.ts';
import { endSentence } from '../../src/core/index.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { connected, phoneWith, server } from './userAgentScene.ts';

const gone = vi.hoisted(() => ({ isMissing: false }));
vi.mock(import('../../src/core/loadPart.ts'), async (importOriginal) => {
  const { loadPart } = await importOriginal();
  return {
    loadPart: (load) => (gone.isMissing ? Promise.reject(new Error('gone')) : loadPart(load)),
  };
});

/** What the user is told of a call that was answered with `code`, at once and a moment later. */
async function toldOf({ api, events, phone }: TestPhone, code: number): Promise<readonly string[]> {
  const failed = vi.fn();
  api('userAgent').call('2002').catch(failed);
  await server.reply(await server.next('INVITE'), code);
  await server.next('ACK');
  const { end } = events.last('call.failed');
  const sentence = (): string => endSentence(end, phone.i18n.translate);
  const first = sentence();
  await vi.waitFor(settled);
  await vi.dynamicImportSettled();
  await settled();
  return [first, sentence()];
}

it('keeps what is common at hand, word for word', () => {
  expect(en.response).toMatchObject(commonResponses);
  expect(Object.keys(commonResponses)).toEqual(
    expect.arrayContaining(['busyHere', 'notFound', 'decline', 'temporarilyUnavailable']),
  );
});

it('tells a common end of a call at once', async () => {
  const busy = en.response.busyHere;
  expect(await toldOf(await connected(), 486)).toEqual([busy, busy]);
});

it('tells a rare one by its code until the sentence is there', async () => {
  const test = await connected();
  expect(await toldOf(test, 421)).toEqual([
    'The call did not work. (421)',
    en.response.extensionRequired,
  ]);
  expect((await toldOf(test, 493))[0]).toBe(en.response.undecipherable);
});

it('leaves the sentences of the application as they are', async () => {
  const resources = { en: { response: { extensionRequired: 'Ask the administrator.' } } };
  const test = await connected({}, { i18n: { resources } });
  expect((await toldOf(test, 421)).at(-1)).toBe('Ask the administrator.');
  expect((await toldOf(test, 493)).at(-1)).toBe(en.response.undecipherable);
});

it('goes on without the file', async () => {
  gone.isMissing = true;
  const test = await connected();
  const coded = 'The call did not work. (421)';
  expect(await toldOf(test, 421)).toEqual([coded, coded]);
  gone.isMissing = false;
  expect((await toldOf(test, 421)).at(-1)).toBe(en.response.extensionRequired);
});

it('tells why a registration was refused, the reason being a rare one', async () => {
  const test = phoneWith();
  await server.reply(await server.next('REGISTER'), 494);
  await vi.dynamicImportSettled();
  await settled();
  expect(test.root('userAgent').querySelector('[part="error"]')?.textContent).toBe(
    `The telephone server did not accept the log-in. ${en.response.securityAgreementRequired}`,
  );
});
