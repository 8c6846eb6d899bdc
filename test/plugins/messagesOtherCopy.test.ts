import { expect, it, vi } from 'vitest';
import { messages } from '../../plugins/messages/index.ts';
import { PhoneError, definePlugin, schema } from '../../src/core/index.ts';
import type { ConfiguredPlugin } from '../../src/core/index.ts';
import { settled } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';

type Send = (body: string) => Promise<{ readonly statusCode: number }>;

/** A stand-in for `userAgent` that is registered, and sends by this. */
function agent(send: Send): ConfiguredPlugin {
  return definePlugin({
    name: 'userAgent',
    defaults: {},
    schema: schema.anyObject<object>(),
    setup: () =>
      ({
        accounts: () => [{ id: 'work', username: '1001', realm: 'example.com' }],
        isConnected: () => true,
        isRegistered: () => true,
        onRequest: () => () => undefined,
        request: (...[, , { body }]: readonly [string, string, { readonly body: string }]) =>
          send(body),
        // A fake holds what is used; what else is called fails loudly by itself.
      }) as never,
  })();
}

it('waits when the user agent of another copy of the library says that there is no connection', async () => {
  vi.resetModules();
  const copy = await import('../../src/core/errors.ts');
  const broken = new copy.PhoneError('userAgent.notConnected');
  expect(broken).not.toBeInstanceOf(PhoneError);
  const sent: string[] = [];
  const request: Send = (body) =>
    sent.push(body) === 1 ? Promise.reject(broken) : Promise.resolve({ statusCode: 200 });
  const test = testPhone({ plugins: [agent(request), messages({ storage: false })] });
  await settled();
  const { send, getThread } = test.api('messages');
  expect(await send('2002', 'one')).toMatchObject({ status: 'queued', statusCode: null });
  expect(test.events.of('messages.failed')).toEqual([]);
  await send('2002', 'two');
  // It was the first in the queue still.
  expect(sent).toEqual(['one', 'one', 'two']);
  expect(getThread('2002')?.messages.map(({ status }) => status)).toEqual(['sent', 'sent']);
});
