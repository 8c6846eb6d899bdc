import { beforeEach, describe, expect, it, vi } from 'vitest';
import { dialpad } from '../../plugins/dialpad/index.ts';
import { fakeAgent } from '../support/fakeAgent.ts';
import type { FakeAgent } from '../support/fakeAgent.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, settled } from '../support/fakeSession.ts';
import { pressKey as key, typeInto } from '../support/keyboard.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

let test: TestPhone;
let agent: FakeAgent;

beforeEach(async () => {
  fakeMedia();
  agent = fakeAgent();
  test = testPhone({ plugins: [agent.plugin, dialpad()] });
  await settled();
});

const pad = () => test.api('dialpad');
const field = (): HTMLInputElement => test.part('dialpad', 'target') as HTMLInputElement;
const type = (text: string): Promise<void> => typeInto(field(), text);

describe('the keyboard', () => {
  it('types digits while nothing has the focus', async () => {
    for (const char of '12*#+') await key(char);
    expect(pad().getTarget()).toBe('12*#+'.replace('+', ''));
    expect(field().value).toBe('12*#+');
    await key('Backspace');
    expect(field().value).toBe('12*#');
    await key('Escape');
    expect(field().value).toBe('');
  });

  it('leaves shortcuts of the browser, keys held down and letters alone', async () => {
    const events = [
      await key('1', { ctrlKey: true }),
      await key('1', { metaKey: true }),
      await key('1', { altKey: true }),
      await key('1', { repeat: true }),
      await key('r'),
      await key(' '),
      await key('ArrowDown'),
      await key('Backspace'),
      await key('Escape'),
    ];
    expect(field().value).toBe('');
    expect(events.map(({ defaultPrevented }) => defaultPrevented)).not.toContain(true);
  });

  it('leaves the fields and buttons of the page alone', async () => {
    const page = document.createElement('div');
    page.innerHTML =
      '<input><textarea></textarea><select></select><p contenteditable></p><button></button>';
    document.body.append(page);
    for (const element of page.children) await key('1', { on: element });
    page.remove();
    expect(field().value).toBe('');
  });

  it('dials nothing when Enter is pressed on an idle page', async () => {
    const event = await key('Enter');
    await key('Enter', { on: field() });
    expect(agent.called).toEqual([]);
    expect(event.defaultPrevented).toBe(false);
  });

  it('calls by Enter in the field, but not by Enter held down', async () => {
    await type('1002');
    await key('Enter', { on: field(), repeat: true });
    expect(agent.called).toEqual([]);
    await key('Enter', { on: field() });
    expect(agent.called).toEqual(['1002']);
  });

  it('answers by Enter and ends by Escape', async () => {
    const session = incoming();
    test.phone.calls.add(session);
    await key('Enter');
    expect(session.times('answer')).toBe(1);
    await session.settle('answer');
    session.establish();
    await key('Enter');
    expect(session.times('terminate')).toBe(0);
    await key('Escape');
    expect(session.times('terminate')).toBe(1);
  });

  it('starts a stopped phone before it calls', async () => {
    agent.stop();
    await type('1002');
    await key('Enter', { on: field() });
    expect(agent.called).toEqual([]);
    await key('Enter', { on: field() });
    expect(agent.called).toEqual(['1002']);
  });

  it('lets Enter on a button of its own press that button only', async () => {
    await type('1002');
    await key('Enter', { on: test.part('dialpad', 'five') });
    expect(agent.called).toEqual([]);
    await key('7', { on: test.part('dialpad', 'five') });
    expect(field().value).toBe('10027');
  });

  it('is for one phone of the page only: the one used last', async () => {
    const other = testPhone({ plugins: [fakeAgent().plugin, dialpad()] });
    await settled();
    await key('1');
    expect([pad().getTarget(), other.api('dialpad').getTarget()]).toEqual(['1', '']);
    other.part('dialpad', 'five').click();
    await key('2');
    expect([pad().getTarget(), other.api('dialpad').getTarget()]).toEqual(['1', '52']);
    await key('3', { on: test.part('dialpad', 'one') });
    expect([pad().getTarget(), other.api('dialpad').getTarget()]).toEqual(['13', '52']);
    test.phone.destroy();
    await key('4');
    expect(other.api('dialpad').getTarget()).toBe('524');
  });

  it('can be switched off, key by key, and be given other actions', async () => {
    test.phone.destroy();
    const action = vi.fn();
    test = testPhone({
      plugins: [
        agent.plugin,
        dialpad({ keys: { dtmf: { enabled: false }, escape: { enabled: true, action } } }),
      ],
    });
    await key('1');
    await key('Escape');
    expect(pad().getTarget()).toBe('');
    expect(action).toHaveBeenCalledOnce();
    expect(action.mock.calls[0]?.[1]).toBe(pad());
    test.phone.destroy();
    test = testPhone({ plugins: [agent.plugin, dialpad({ globalKeyShortcuts: false })] });
    await key('1');
    expect(pad().getTarget()).toBe('');
  });
});
