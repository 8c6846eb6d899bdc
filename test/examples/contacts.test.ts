import { beforeEach, expect, it } from 'vitest';
import { contacts } from '../../examples/contacts/contacts.js';
import type { ContactsOptions } from '../../examples/contacts/contacts.js';
import { PhoneError } from '../../src/core/index.ts';
import { fakeAgent } from '../support/fakeAgent.ts';
import type { FakeAgent } from '../support/fakeAgent.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { outgoing, settled } from '../support/fakeSession.ts';
import { pressKey, typeInto } from '../support/keyboard.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

const people = [
  { name: 'Zoë', number: '2003' },
  { name: 'Ann', number: '+44 20 1' },
  { name: 'Bob', number: '2002' },
];
let agent: FakeAgent;
const kept = new Map<string, string>();

beforeEach(() => {
  fakeMedia();
  agent = fakeAgent();
  kept.clear();
});

async function make(options: Partial<ContactsOptions> = { contacts: people }): Promise<TestPhone> {
  const test = testPhone({
    plugins: [agent.plugin, contacts(options)],
    storage: {
      getItem: (key) => kept.get(key) ?? null,
      setItem: (key, value) => kept.set(key, value),
      removeItem: (key) => kept.delete(key),
    },
  });
  await settled();
  return test;
}

const all = (test: TestPhone, part: string): readonly HTMLElement[] => [
  ...test.root('contacts').querySelectorAll<HTMLElement>(`[part="${part}"]`),
];
const names = (test: TestPhone): readonly string[] =>
  all(test, 'name').map(({ textContent }) => textContent);

it('finds by name without accents and by number without spaces', async () => {
  const test = await make();
  expect(names(test)).toEqual(['Ann', 'Bob', 'Zoë']);
  const field = test.part('contacts', 'search') as HTMLInputElement;
  await typeInto(field, 'zoe');
  expect(names(test)).toEqual(['Zoë']);
  field.value = '';
  await typeInto(field, '4420');
  expect(names(test)).toEqual(['Ann']);
  await typeInto(field, 'x');
  expect(test.part('contacts', 'empty').textContent).toBe('Nobody is found');
});

it('calls by a click, once, and shows how far the call is', async () => {
  const test = await make();
  const [button] = all(test, 'call');
  button?.click();
  button?.click();
  await settled();
  expect(agent.called).toEqual(['+44201']);
  agent.sessions[0]?.ring();
  await settled();
  expect(test.part('contacts', 'state').textContent).toBe('Ringing');
  agent.sessions[0]?.establish();
  await settled();
  expect(test.part('contacts', 'state').textContent).toBe('Talking');
  expect(all(test, 'call')[0]?.hasAttribute('disabled')).toBe(true);
  agent.sessions[0]?.end();
  await settled();
  expect(all(test, 'state')).toEqual([]);
});

it('says in words why a call was not made, and calls the next time', async () => {
  const test = await make();
  agent.refuseNext(new PhoneError('media.denied'));
  all(test, 'call')[1]?.click();
  await settled();
  expect(test.part('contacts', 'error').textContent).toMatch(/microphone/i);
  all(test, 'call')[1]?.click();
  await settled();
  expect(agent.called).toEqual(['2002', '2002']);
  expect(test.part('contacts', 'error').textContent).toBe('');
});

it('puts favourites first, and keeps them for the next page', async () => {
  const test = await make();
  all(test, 'favourite')[2]?.click();
  await settled();
  expect(names(test)).toEqual(['Zoë', 'Ann', 'Bob']);
  expect(all(test, 'favourite')[0]?.getAttribute('aria-pressed')).toBe('true');
  const next = await make();
  expect(names(next)).toEqual(['Zoë', 'Ann', 'Bob']);
  expect(next.api('contacts').favourites()).toEqual(['2003']);
});

it('goes from the field into the list and back by arrow keys', async () => {
  const test = await make();
  const field = test.part('contacts', 'search');
  field.focus();
  await pressKey('ArrowDown', { on: field });
  expect(document.activeElement).toBe(all(test, 'call')[0]);
  await pressKey('ArrowUp', { on: document.activeElement ?? field });
  expect(document.activeElement).toBe(field);
});

it('loads them by a function, and tells in words when that fails', async () => {
  const loaded = await make({ load: () => Promise.resolve(people.slice(0, 1)) });
  expect(names(loaded)).toEqual(['Zoë']);
  const failed = await make({ load: () => Promise.reject(new Error('no answer')) });
  expect(failed.part('contacts', 'error').textContent).toContain('no answer');
});

it.each([
  ['anna.k@example.com', 'anna.k'],
  ['sip:anna-maria.k@example.com', 'anna-maria.k'],
])(
  'calls the SIP address %s as it stands, and shows how far that call is',
  async (number, user) => {
    const test = await make({ contacts: [{ name: 'Anna', number }] });
    test.part('contacts', 'call').click();
    await settled();
    expect(agent.called).toEqual([number]);
    agent.sessions[0]?.end();
    const session = outgoing({ remote: { user } });
    test.phone.calls.add(session);
    session.ring();
    await settled();
    expect(test.part('contacts', 'state').textContent).toBe('Ringing');
    const field = test.part('contacts', 'search') as HTMLInputElement;
    await typeInto(field, 'k@example');
    expect(names(test)).toEqual(['Anna']);
  },
);
