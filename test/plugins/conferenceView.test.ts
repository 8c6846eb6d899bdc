import { beforeEach, describe, expect, it } from 'vitest';
import { settled } from '../support/fakeSession.ts';
import { scene } from './conferenceScene.ts';
import type { Scene, Talk } from './conferenceScene.ts';

let test: Scene;

beforeEach(() => {
  test = scene();
});

const all = (selector: string): HTMLElement[] => [
  ...test.root('conference').querySelectorAll<HTMLElement>(selector),
];
const text = (part: string): string =>
  all(`[part="${part}"]`)
    .map(({ textContent }) => textContent.replace(/[\u2068\u2069]/g, '').trim())
    .join('|');

function button(name: string, part: string): HTMLElement {
  const row = all('li').find((found) => found.querySelector('[part="name"]')?.textContent === name);
  const found = row?.querySelector<HTMLElement>(`[part="${part}"]`);
  if (!found) throw new Error(`No ${part} of ${name}`);
  return found;
}

async function press(element: HTMLElement): Promise<void> {
  element.click();
  await settled();
}

async function both(): Promise<readonly [Talk, Talk]> {
  const calls = [await test.talk('Ann'), await test.talk('Bob')] as const;
  await settled();
  return calls;
}

describe('the panel', () => {
  it('says what a conference needs, and offers it when there are two calls', async () => {
    await settled();
    expect(text('summary')).toBe('A conference needs two calls');
    await test.talk('Ann');
    expect(all('button')).toHaveLength(0);
    await test.talk('Bob');
    expect(text('summary')).toBe('2 calls can be merged');
    await press(test.part('conference', 'merge'));
    expect(text('summary')).toBe('2 others and you');
    expect(text('name')).toBe('Ann|Bob');
    expect(text('announcement')).toBe('In the conference: Ann (ann) and Bob (bob)');
  });

  it('mutes, holds, takes out and hangs up, each said by name', async () => {
    const [ann] = await both();
    const eve = await test.talk('Eve');
    await test.conference.merge();
    await settled();
    expect(button('Ann', 'mute').getAttribute('aria-label')).toBe(
      'Mute \u2068Ann\u2069 for everyone',
    );
    await press(button('Ann', 'mute'));
    expect(button('Ann', 'mute').getAttribute('aria-pressed')).toBe('true');
    expect(text('state')).toContain('Heard by nobody');
    await press(button('Ann', 'mute'));
    expect(test.conference.isCallerMuted(ann.call.id)).toBe(false);
    await press(button('Ann', 'hold'));
    expect(button('Ann', 'hold').getAttribute('aria-pressed')).toBe('true');
    await press(button('Ann', 'hold'));
    expect(ann.call.isOnHold()).toBe(false);
    await press(button('Eve', 'split'));
    expect(eve.call.isOnHold()).toBe(true);
    expect(text('announcement')).toBe('Eve (eve) has left the conference');
    await press(button('Eve', 'add'));
    expect(test.conference.isLeg(eve.call.id)).toBe(true);
    await press(button('Eve', 'drop'));
    expect(eve.call.isEnded()).toBe(true);
    await press(test.part('conference', 'splitAll'));
    expect(text('announcement')).toBe('The conference is over');
    await press(test.part('conference', 'merge'));
    await press(test.part('conference', 'end'));
    expect(test.phone.calls.list()).toHaveLength(0);
  });

  it('keeps who works it by keyboard in it when the button goes', async () => {
    await both();
    const merge = test.part('conference', 'merge');
    merge.focus();
    await press(merge);
    expect(document.activeElement).toBe(test.part('conference', 'title'));
  });

  it('tells of a refusal in the row of the call', async () => {
    const [ann] = await both();
    await test.conference.merge();
    await settled();
    ann.session.refuseNext('hold');
    await press(button('Ann', 'hold'));
    expect(text('error')).toContain('The other side refused this change');
    await press(button('Ann', 'hold'));
    expect(all('[part="error"]')).toHaveLength(0);
  });

  it('says the same news once more as other words', async () => {
    await both();
    await test.conference.merge();
    const said: string[] = [];
    for (const name of ['Eve', 'Eve']) {
      const { call } = await test.talk(name);
      await test.conference.addToConference(call.id);
      await settled();
      said.push(all('[part="announcement"]')[0]?.textContent ?? '');
    }
    expect(said[0]).toContain('Eve');
    expect(said[1]?.trim()).toBe(said[0]?.trim());
    expect(said[1]).not.toBe(said[0]);
  });

  it.each([
    ['ar', 'Ann وBob وEve'],
    ['de', 'Ann, Bob und Eve'],
    ['fa', 'Ann،\u200f Bob، و Eve'],
    ['hi', 'Ann, Bob, और Eve'],
    ['ja', 'Ann、Bob、Eve'],
  ])('lists who is in it as one does in %s, also when the language changes', async (lng, list) => {
    await both();
    await test.talk('Eve');
    await test.conference.merge();
    await settled();
    test.phone.i18n.addBundle('conference', lng, { announceJoined: '+ {{name}}' });
    await test.phone.i18n.changeLanguage(lng);
    await settled();
    const shown = all('[part="announcement"]')[0]?.textContent ?? '';
    // Each name for itself does not turn what is around it.
    expect([...shown.matchAll(/\u2068(\w+) \(\w+\)\u2069/g)].map(([, name]) => name)).toEqual([
      'Ann',
      'Bob',
      'Eve',
    ]);
    expect(text('announcement').replace(/ \(\w+\)/g, '')).toBe(`+ ${list}`);
  });

  it('says that there is no room', async () => {
    test = scene({ maxParticipants: 3 });
    await both();
    await test.conference.merge();
    await test.talk('Eve');
    await settled();
    expect(text('summary')).toContain('There is no room for another call');
    expect(all('[part="add"]')).toHaveLength(0);
  });

  it('draws a hostile name as text', async () => {
    await test.talk('<img src=x onerror=alert(1)>');
    await settled();
    expect(all('img')).toHaveLength(0);
    expect(text('name')).toBe('<img src=x onerror=alert(1)>');
  });
});
