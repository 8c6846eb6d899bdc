import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { callList } from '../../plugins/callList/index.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { testPhone } from '../support/testPhone.ts';
import type { TestPhone } from '../support/testPhone.ts';

// The focus and a call that comes.

let test: TestPhone;
let page: HTMLElement;

beforeEach(() => {
  fakeMedia();
  page = document.createElement('main');
  page.innerHTML =
    '<button id="before">Before</button><input id="field" /><a id="link" href="#x">x</a>' +
    '<div id="rich" contenteditable="true"></div><div id="textbox" role="textbox" tabindex="0"></div>';
  document.body.prepend(page);
});

afterEach(() => {
  page.remove();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

async function start(focusIncoming: boolean): Promise<void> {
  test = testPhone({ plugins: [callList({ focusIncoming })] });
  // The part that moves the focus is loaded.
  await vi.dynamicImportSettled();
  await settled();
}

async function ring(name: string): Promise<FakeSession> {
  const session = incoming({ remote: { user: '3003', name }, isObliging: true });
  test.phone.calls.add(session);
  await settled();
  return session;
}

function focus(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no ${id}`);
  element.focus();
  expect(document.activeElement).toBe(element);
  return element;
}

function button(name: string, part: string): HTMLElement {
  const rows = [...test.root('callList').querySelectorAll('[part="call"]')];
  const row = rows.find((each) => each.querySelector('[part="name"]')?.textContent === name);
  const found = row?.querySelector<HTMLElement>(`[part="${part}"]`);
  if (!found) throw new Error(`no ${part} of ${name}`);
  return found;
}

it('an incoming call moves no focus unless that is asked for', async () => {
  await start(false);
  const before = focus('before');
  await ring('Eve');
  expect(document.activeElement).toBe(before);
});

describe('where it is asked for', () => {
  beforeEach(() => start(true));

  it('goes to the button that answers', async () => {
    focus('before');
    await ring('Eve');
    expect(document.activeElement).toBe(button('Eve', 'answer'));
  });

  it('is not moved by a call that is made', async () => {
    const before = focus('before');
    const session = outgoing({ remote: { user: '2002', name: 'Bob' } });
    test.phone.calls.add(session);
    session.ring();
    await settled();
    expect(document.activeElement).toBe(before);
  });

  it.each(['field', 'rich', 'textbox'])('stays in the %s that has it', async (id) => {
    const field = focus(id);
    const session = await ring('Eve');
    expect(document.activeElement).toBe(field);
    session.end();
    await settled();
    expect(document.activeElement).toBe(field);
  });

  it('stays in a field of a shadow tree', async () => {
    const shadow = page.attachShadow({ mode: 'open' });
    const field = shadow.appendChild(document.createElement('textarea'));
    field.focus();
    await ring('Eve');
    expect(shadow.activeElement).toBe(field);
  });

  it.each([
    ['in the page around a frame, when it is there', false, 'before'],
    ['in no frame that has it', true, ''],
  ])('stays %s', async (_, hasFocus, kept) => {
    vi.stubGlobal('parent', {});
    vi.spyOn(document, 'hasFocus').mockReturnValue(hasFocus);
    focus('before');
    await ring('Eve');
    expect(document.activeElement?.id).toBe(kept);
  });

  it('is taken once a call: who goes elsewhere is let be', async () => {
    await ring('Eve');
    const link = focus('link');
    const away = test.root('callList').parentNode;
    const root = test.root('callList');
    root.remove();
    test.api('callList').updateRenders();
    await settled();
    away?.append(root);
    test.api('callList').updateRenders();
    await settled();
    expect(document.activeElement).toBe(link);
  });

  it('stays at a call that rings when another one comes', async () => {
    await ring('Eve');
    await ring('Bob');
    expect(document.activeElement).toBe(button('Eve', 'answer'));
  });

  it('stays at a call that rings to which the user has gone from a field', async () => {
    focus('field');
    await ring('Eve');
    const decline = button('Eve', 'decline');
    decline.focus();
    await ring('Bob');
    expect(document.activeElement).toBe(decline);
  });

  it('goes on to the call that waits when the first one ends, and then back to where it was', async () => {
    const before = focus('before');
    const eve = await ring('Eve');
    const bob = await ring('Bob');
    await ring('Carol');
    eve.end();
    await settled();
    expect(document.activeElement).toBe(button('Bob', 'answer'));
    bob.end();
    await settled();
    expect(document.activeElement).toBe(button('Carol', 'answer'));
    button('Carol', 'decline').click();
    await settled();
    expect(document.activeElement).toBe(before);
  });

  it('goes to no call that waits when the user has gone elsewhere meanwhile, or has answered', async () => {
    const eve = await ring('Eve');
    await ring('Bob');
    const link = focus('link');
    eve.end();
    await settled();
    expect(document.activeElement).toBe(link);
    const carol = await ring('Carol');
    await ring('Dave');
    button('Carol', 'answer').click();
    await settled();
    carol.establish();
    await settled();
    carol.end();
    await settled();
    expect(document.activeElement).not.toBe(button('Dave', 'answer'));
  });

  it('goes back to where it was when the caller gives up', async () => {
    const before = focus('before');
    const session = await ring('Eve');
    session.end();
    await settled();
    expect(document.activeElement).toBe(before);
  });

  it('goes back when the call is declined by the button beside', async () => {
    const before = focus('before');
    await ring('Eve');
    button('Eve', 'decline').focus();
    button('Eve', 'decline').click();
    await settled();
    expect(document.activeElement).toBe(before);
  });

  it('stays where the user has gone meanwhile', async () => {
    focus('before');
    const session = await ring('Eve');
    const link = focus('link');
    session.end();
    await settled();
    expect(document.activeElement).toBe(link);
  });

  it('stays in the row of a call that is answered, also when that ends', async () => {
    focus('before');
    const session = await ring('Eve');
    button('Eve', 'answer').click();
    await settled();
    session.establish();
    await settled();
    expect(document.activeElement).toBe(button('Eve', 'select'));
    session.end();
    await settled();
    expect(test.root('callList').contains(document.activeElement)).toBe(true);
  });

  it('is in the panel when what had it is gone', async () => {
    const before = focus('before');
    const session = await ring('Eve');
    before.remove();
    session.end();
    await settled();
    expect(document.activeElement).toBe(test.part('callList', 'panel'));
  });
});
