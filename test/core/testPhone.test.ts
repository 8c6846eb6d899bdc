import { expect, it, vi } from 'vitest';
import { dialpad } from '../../plugins/dialpad/index.ts';
import { fakeAgent } from '../support/fakeAgent.ts';
import { testPhone } from '../support/testPhone.ts';

it('records of the set-up what the test names, once, and the listeners of the phone hear it too', () => {
  const heard = vi.fn();
  const { events, phone } = testPhone({
    plugins: [fakeAgent().plugin, dialpad()],
    early: ['dialpad.created', 'dialpad.target.updated'],
    listeners: { 'dialpad.created': heard },
  });
  expect(events.of('dialpad.created')).toHaveLength(1);
  expect(heard).toHaveBeenCalledTimes(1);
  events.clear();
  void phone.plugins.dialpad?.dial('1');
  expect(events.of('dialpad.target.updated')).toHaveLength(1);
});

it('records of the set-up only what concerns the phone where a test names nothing', () => {
  const { events } = testPhone({ plugins: [fakeAgent().plugin, dialpad()] });
  expect(events.of('dialpad.created')).toEqual([]);
  expect(events.of('phone.created')).toHaveLength(1);
});
