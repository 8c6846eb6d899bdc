import { beforeEach, describe, expect, it } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import type { Call } from '../../src/core/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import type { FakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

let test: TestPhone;
let media: FakeMedia;

beforeEach(() => {
  media = fakeMedia();
  test = testPhone({ plugins: [callList()] });
});

const api = () => test.api('callList');
const rows = (): HTMLElement[] => [
  ...test.root('callList').querySelectorAll<HTMLElement>('[part="call"]'),
];

function rowOf(name: string): HTMLElement {
  const row = rows().find((found) => found.querySelector('[part="name"]')?.textContent === name);
  if (!row) throw new Error(`No row of ${name} in ${test.root('callList').innerHTML}`);
  return row;
}

function press(row: HTMLElement, part: string): void {
  const button = row.querySelector<HTMLElement>(`[part="${part}"]`);
  if (!button) throw new Error(`No ${part} in ${row.innerHTML}`);
  button.click();
}

interface Talk {
  readonly session: FakeSession;
  readonly call: Call;
}

async function talk(name: string): Promise<Talk> {
  const session = outgoing({ remote: { user: '2002', name }, isObliging: true });
  const call = test.phone.calls.add(session);
  session.establish();
  await settled();
  return { session, call };
}

describe('switching', () => {
  it('holds the call that is left and resumes the one that is chosen', async () => {
    const bob = await talk('Bob');
    const eve = await talk('Eve');
    expect(bob.call.isOnHold()).toBe(true);
    press(rowOf('Bob'), 'select');
    await settled();
    expect(eve.call.isOnHold()).toBe(true);
    expect(bob.call.isOnHold()).toBe(false);
    expect(bob.call.isPrimary()).toBe(true);
  });

  it('does nothing when the selected call is selected again', async () => {
    const bob = await talk('Bob');
    press(rowOf('Bob'), 'select');
    await api().switchCall(bob.call.id);
    await settled();
    expect(bob.session.times('hold')).toBe(0);
    expect(bob.session.times('unhold')).toBe(0);
  });

  it('refuses an unknown call and changes nothing', async () => {
    const bob = await talk('Bob');
    test.events.clear();
    await expect(api().switchCall('nobody')).rejects.toMatchObject({ code: 'call.ended' });
    expect(bob.call.isPrimary()).toBe(true);
    expect(bob.session.times('hold')).toBe(0);
    expect(test.events.all).toHaveLength(0);
  });

  it('puts the present call aside for a new one, by button and by null', async () => {
    const bob = await talk('Bob');
    test.part('callList', 'new').click();
    await settled();
    expect(bob.call.isOnHold()).toBe(true);
    expect(test.phone.calls.primary()).toBeUndefined();
    expect(test.part('callList', 'new').getAttribute('aria-current')).toBe('true');
    await api().switchCall(bob.call.id);
    expect(bob.call.isOnHold()).toBe(false);
    await api().switchCall(null);
    expect(bob.call.isOnHold()).toBe(true);
  });

  it('leaves a call up whose hold is refused, silent while it is not in focus', async () => {
    const bob = await talk('Bob');
    bob.session.refuseNext('hold', 488);
    const eve = await talk('Eve');
    expect(eve.call.isPrimary()).toBe(true);
    expect(bob.call.isEstablished()).toBe(true);
    expect(bob.call.isOnHold()).toBe(false);
    expect(bob.session.sending.audio).toBe(false);
    expect(rowOf('Bob').querySelector('[part="error"]')?.textContent).toMatch(/refused/);
  });

  it('ends in the state last asked for when the focus moves back before the hold is agreed', async () => {
    const bob = outgoing({ remote: { user: '2002', name: 'Bob' } });
    const call = test.phone.calls.add(bob);
    bob.establish();
    const away = api().switchCall(null);
    const back = api().switchCall(call.id);
    await settled();
    await bob.settle('hold');
    await bob.settle('unhold');
    await Promise.all([away, back]);
    expect(call.isOnHold()).toBe(false);
    expect(call.isPrimary()).toBe(true);
  });

  it('away and back while an offer runs ends resumed', async () => {
    const bob = outgoing({ remote: { user: '2002', name: 'Bob' } });
    const call = test.phone.calls.add(bob);
    bob.establish();
    const renegotiating = call.renegotiate();
    await settled();
    const away = api().switchCall(null);
    const back = api().switchCall(call.id);
    await settled();
    await bob.settle('renegotiate');
    await renegotiating;
    await Promise.all([away, back]);
    expect([call.isOnHold(), call.snapshot.pending, call.isPrimary()]).toEqual([false, null, true]);
    expect([bob.times('hold'), bob.sending.audio]).toEqual([0, true]);
  });

  it('ends a held call from its row, without resuming it', async () => {
    const bob = await talk('Bob');
    await talk('Eve');
    press(rowOf('Bob'), 'hangup');
    await settled();
    expect(bob.session.times('terminate')).toBe(1);
    expect(bob.session.times('unhold')).toBe(0);
    expect(rows()).toHaveLength(1);
  });
});

describe('a call that comes up in the background', () => {
  it('is held, and stays silent when the one in focus ends', async () => {
    const first = outgoing({ isObliging: true });
    const second = outgoing({ isObliging: true });
    const a = test.phone.calls.add(first);
    const b = test.phone.calls.add(second);
    first.establish();
    second.establish();
    await settled();
    expect([a.isOnHold(), b.isOnHold(), b.isPrimary()]).toEqual([true, false, true]);
    second.end();
    await settled();
    expect([a.isPrimary(), a.isOnHold(), first.sending.audio]).toEqual([true, true, false]);
    await a.unhold();
    expect(first.sending.audio).toBe(true);
  });
});

describe('answering while another call is up', () => {
  async function waiting() {
    const bob = outgoing({ remote: { user: '2002', name: 'Bob' } });
    const talk = test.phone.calls.add(bob);
    bob.establish();
    const eve = incoming({ remote: { user: '3003', name: 'Eve' } });
    const call = test.phone.calls.add(eve);
    await settled();
    return { bob, talk, eve, call };
  }

  it('does not wait until the other one is held', async () => {
    const { bob, talk, eve, call } = await waiting();
    const answering = call.answer();
    await settled();
    expect([bob.waiting('hold'), talk.isOnHold(), eve.times('answer')]).toEqual([1, false, 1]);
    expect(bob.sending.audio).toBe(false);
    await eve.settle('answer');
    await answering;
    eve.establish();
    await bob.settle('hold');
    expect([talk.isOnHold(), call.isPrimary(), call.isOnHold()]).toEqual([true, true, false]);
  });

  it('leaves no microphone open when the caller gives up before the other one is held', async () => {
    const { bob, eve, call } = await waiting();
    const answering = call.answer().catch((error: unknown) => error);
    eve.end({ statusCode: 487 });
    await settled();
    await bob.settle('hold');
    expect(await answering).toMatchObject({ code: 'call.ended' });
    expect(eve.times('answer')).toBe(0);
    expect(media.liveTracks()).toEqual([]);
  });
});

describe('API and events', () => {
  it('says that it is there', () => {
    const names: string[] = [];
    const { phone } = testPhone({
      plugins: [callList()],
      listeners: { 'callList.created': () => names.push('created') },
    });
    expect(names).toEqual(['created']);
    expect(phone.plugins.callList).toBeDefined();
  });

  it('tells of calls that come, of each move of the focus once, and of calls that go', async () => {
    const bob = await talk('Bob');
    const eve = await talk('Eve');
    eve.session.end();
    bob.session.end();
    await settled();
    expect(test.events.names('callList')).toEqual([
      'callList.calls.added',
      'callList.calls.changed',
      'callList.calls.added',
      'callList.calls.changed',
      'callList.calls.removed',
      'callList.calls.changed',
      'callList.calls.removed',
      'callList.calls.changed',
    ]);
    const moves = test.events
      .of('callList.calls.changed')
      .map(({ previous, current }) => [previous?.remote.name, current?.remote.name]);
    expect(moves).toEqual([
      [undefined, 'Bob'],
      ['Bob', 'Eve'],
      ['Eve', 'Bob'],
      ['Bob', undefined],
    ]);
    expect(test.events.of('callList.calls.removed')[0]?.callId).toBe(eve.call.id);
  });

  it('lists the calls that are not over, already while their end is told', async () => {
    const { session, call } = await talk('Bob');
    expect(api().getCalls()).toEqual([call]);
    expect(api().getCall(call.id)).toBe(call);
    const seen: number[] = [];
    test.phone.on('callList.calls.removed', () => seen.push(api().getCalls().length));
    session.end();
    expect(seen).toEqual([0]);
    expect(api().getCall()).toBeUndefined();
  });

  it('ends a call that is removed', async () => {
    const { session, call } = await talk('Bob');
    await api().removeCall(call.id);
    await api().removeCall('nobody');
    expect(session.times('terminate')).toBe(1);
    expect(api().getCalls()).toHaveLength(0);
  });

  it('brings the next call into focus without resuming it when a call ends', async () => {
    const bob = await talk('Bob');
    const eve = await talk('Eve');
    eve.session.end();
    await settled();
    expect(bob.call.isPrimary()).toBe(true);
    expect(bob.call.isOnHold()).toBe(true);
    expect(bob.session.times('unhold')).toBe(0);
  });
});
