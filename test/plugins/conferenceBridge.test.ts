import { beforeEach, expect, it } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import { conference } from '../../plugins/conference/index.ts';
import { definePlugin, schema } from '../../src/core/index.ts';
import type { ConfiguredPlugin } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

const bridge = 'sip:room@example.com';
let called: { readonly target: string; readonly session: FakeSession }[] = [];
let test: TestPhone;

/** A stand-in for `userAgent` that makes calls and does nothing else. */
function agent(): ConfiguredPlugin {
  return definePlugin({
    name: 'userAgent',
    defaults: {},
    schema: schema.anyObject<object>(),
    setup: ({ calls }) => {
      const call = (target: string): Promise<unknown> => {
        const session = outgoing({ isObliging: true });
        called.push({ target, session });
        return Promise.resolve(calls.add(session));
      };
      // A fake holds what is used; what else is called fails loudly by itself.
      return { call } as never;
    },
  })();
}

beforeEach(() => {
  fakeMedia();
  called = [];
  const given = { strategy: 'bridge', bridge_uri: bridge } as const;
  test = testPhone({ plugins: [agent(), callList(), conference(given)] });
});

async function talk(name: string): Promise<FakeSession> {
  const session = outgoing({ remote: { name } });
  test.phone.calls.add(session);
  session.establish();
  await settled();
  return session;
}

it('calls the bridge, and sends each call there when it has answered', async () => {
  const ann = await talk('Ann');
  const adding = talk('Bob');
  await settled();
  await ann.settle('hold');
  const bob = await adding;
  const merging = test.api('conference').merge();
  await settled();
  expect(called.map(({ target }) => target)).toEqual([bridge]);
  expect([ann.times('refer'), bob.times('refer')]).toEqual([0, 0]);
  expect(test.api('conference').isActive()).toBe(false);
  await bob.settle('hold');
  called[0]?.session.establish();
  await settled();
  expect([ann.argsOf('refer')[0], bob.argsOf('refer')[0]]).toEqual([bridge, bridge]);
  await ann.settle('refer');
  await bob.settle('refer');
  await merging;
  expect(test.phone.calls.list()).toHaveLength(1);
  expect(test.events.of('conference.leg.transferred')).toHaveLength(2);
  expect(test.part('conference', 'panel').dataset['status']).toBe('active');
  // Who is on the bridge is the server's to mute.
  const { muteCaller, getLegs } = test.api('conference');
  expect(() => {
    muteCaller(getLegs()[0]?.id ?? '');
  }).toThrow(expect.objectContaining({ code: 'call.stateInvalid' }));
  called[0]?.session.end();
  await settled();
  expect(test.api('conference').isActive()).toBe(false);
  expect(test.events.last('conference.ended').reason).toBe('leg-ended');
});

it('sends nobody to a bridge that does not answer', async () => {
  const ann = await talk('Ann');
  const merging = test.api('conference').merge();
  await settled();
  await ann.settle('hold');
  called[0]?.session.end({ statusCode: 480 });
  await expect(merging).rejects.toMatchObject({ code: 'call.failed' });
  expect(ann.times('refer')).toBe(0);
  expect(test.events.of('conference.failed')).toHaveLength(1);
});

it('tells when a call does not get there, and keeps that call', async () => {
  const ann = await talk('Ann');
  const merging = test.api('conference').merge();
  await settled();
  await ann.settle('hold');
  called[0]?.session.establish();
  await settled();
  const result = expect(merging).rejects.toMatchObject({ code: 'transfer.refused' });
  await ann.refuse('refer', 603);
  await result;
  expect(test.phone.calls.list()).toHaveLength(2);
});

it('says that it needs a call, counts those that there are, and that they are on the server', async () => {
  const summary = (): string => test.part('conference', 'summary').textContent.trim();
  const status = (): string | undefined => test.part('conference', 'panel').dataset['status'];
  await settled();
  expect(summary()).toBe('A conference on the server needs a call');
  expect(status()).toBe('none');
  const ann = await talk('Ann');
  await settled();
  expect(summary()).toBe('1 call can be merged');
  expect(status()).toBe('ready');
  test.part('conference', 'merge').click();
  await settled();
  await ann.settle('hold');
  called[0]?.session.establish();
  await settled();
  await ann.settle('refer');
  expect(summary()).toBe('In the conference on the server');
  called[0]?.session.end();
  await settled();
  expect(summary()).toBe('A conference on the server needs a call');
});
