import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { PhoneError } from '../../src/core/index.ts';
import type { Call } from '../../src/core/index.ts';
import { dialpad } from '../../plugins/dialpad/index.ts';
import { fakeAgent } from '../support/fakeAgent.ts';
import type { FakeAgent } from '../support/fakeAgent.ts';
import { fakeMedia } from '../support/fakeMedia.ts';
import { incoming, outgoing, settled } from '../support/fakeSession.ts';
import type { FakeSession } from '../support/fakeSession.ts';
import { typeInto } from '../support/keyboard.ts';
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

afterEach(() => {
  vi.useRealTimers();
});

const pad = () => test.api('dialpad');
const field = (): HTMLInputElement => test.part('dialpad', 'target') as HTMLInputElement;
const errorText = (): string => test.part('dialpad', 'error').textContent;

function addCall(session: FakeSession): Call {
  return test.phone.calls.add(session);
}

function established(): { session: FakeSession; call: Call } {
  const session = outgoing();
  const call = addCall(session);
  session.establish();
  return { session, call };
}

const type = (text: string): Promise<void> => typeInto(field(), text);

async function paste(text: string): Promise<void> {
  field().value += text;
  field().dispatchEvent(new InputEvent('input', { bubbles: true, inputType: 'insertFromPaste' }));
  await settled();
}

async function click(part: string): Promise<void> {
  test.part('dialpad', part).click();
  await settled();
}

describe('the field', () => {
  it('takes what is typed, plus signs and addresses included', async () => {
    await type('+4930123');
    expect(pad().getTarget()).toBe('+4930123');
    pad().clear();
    await settled();
    await type('sip:alice.w@example.com');
    expect(pad().getTarget()).toBe('sip:alice.w@example.com');
    expect(field().value).toBe('sip:alice.w@example.com');
  });

  it('takes a pasted number and drops its separators from the target, not from the field', async () => {
    await paste('+49 (30) 123-45');
    expect(field().value).toBe('+49 (30) 123-45');
    expect(pad().getTarget()).toBe('+493012345');
    expect(test.events.last('dialpad.target.updated').char).toBeNull();
  });

  it('keeps text, caret and focus when a call rings, is answered, held and over', async () => {
    const input = field();
    input.focus();
    await type('12345');
    input.setSelectionRange(2, 2);
    const session = incoming();
    const call = addCall(session);
    await settled();
    await type('x');
    session.establish();
    void call.hold();
    await session.settle('hold');
    session.end();
    await settled();
    expect(field()).toBe(input);
    expect(input.value).toBe('12x345');
    expect(input.selectionStart).toBe(3);
    expect(document.activeElement).toBe(input);
  });

  it('has a name, a direction and is told apart when wrong', async () => {
    expect(field().labels?.[0]?.textContent).toContain('Number or address');
    expect(field().dir).toBe('ltr');
    expect(field().hasAttribute('aria-invalid')).toBe(false);
    await pad()
      .transfer()
      .catch(() => undefined);
    await settled();
    expect(field().getAttribute('aria-invalid')).toBe('true');
  });
});

describe('the keys', () => {
  it('type one character each and play its tone', async () => {
    await click('six');
    await click('pound');
    expect(field().value).toBe('6#');
    expect(test.events.of('dialpad.tones.play')).toEqual([
      { tones: [1477, 770] },
      { tones: [1477, 941] },
    ]);
    expect(test.events.last('dialpad.target.updated')).toEqual({ target: '6#', char: '#' });
  });

  it('carry the letters of the standard', () => {
    expect(test.part('dialpad', 'two').textContent).toContain('ABC');
    expect(test.part('dialpad', 'three').textContent).toContain('DEF');
    expect(test.part('dialpad', 'seven').textContent).toContain('PQRS');
    expect(test.part('dialpad', 'pound').getAttribute('aria-label')).toBe('Hash');
  });

  it('show that they were pressed for a moment', async () => {
    vi.useFakeTimers();
    await click('five');
    expect(test.part('dialpad', 'five').hasAttribute('data-pressed')).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    expect(test.part('dialpad', 'five').hasAttribute('data-pressed')).toBe(false);
  });

  it('give a plus when 0 is held down, and a 0 when it is not', async () => {
    vi.useFakeTimers();
    const zero = test.part('dialpad', 'zero');
    const down = (): boolean =>
      zero.dispatchEvent(new MouseEvent('pointerdown', { bubbles: true }));
    down();
    await vi.advanceTimersByTimeAsync(600);
    zero.dispatchEvent(new MouseEvent('pointerup', { bubbles: true }));
    await click('zero');
    expect(pad().getTarget()).toBe('+');
    down();
    await vi.advanceTimersByTimeAsync(100);
    zero.dispatchEvent(new MouseEvent('pointerup', { bubbles: true }));
    await click('zero');
    await vi.advanceTimersByTimeAsync(600);
    expect(pad().getTarget()).toBe('+0');
  });

  it('are dialled one by one from a string, silently or with other tones on demand', async () => {
    await pad().dial('12');
    expect(pad().getTarget(false, false)).toEqual(['1', '2']);
    pad().backspace();
    expect(pad().getTarget()).toBe('1');
    expect(test.events.last('dialpad.target.backspace')).toEqual({ target: '1' });
    test.events.clear();
    await pad().dial('3', false);
    expect(test.events.of('dialpad.tones.play')).toEqual([]);
    await pad().dial(4, [440, 480]);
    expect(test.events.of('dialpad.tones.play')).toEqual([{ tones: [440, 480] }]);
  });
});

describe('filter and conversion', () => {
  it.each([
    ['abc', '222'],
    ['def', '333'],
    ['PQRS tuv wxyz', '77778889999'],
    ['1-800-FLOWERS', '18003569377'],
    ['alice@example.com', 'alice@example.com'],
    ['sip:42', 'sip:42'],
  ])('turns %s into %s', (text, target) => {
    pad().enableConvertion();
    void pad().dial(text);
    expect(pad().getTarget()).toBe(target);
  });

  it('never eats a user name, and keeps what is typed when it is switched off', () => {
    void pad().dial('alice2');
    expect(pad().getTarget()).toBe('alice2');
    pad().clear();
    void pad().dial('1 2');
    expect(pad().getTarget()).toBe('12');
    pad().disableFilter();
    expect(pad().getTarget()).toBe('1 2');
  });

  it('say so once, and only when something changed', () => {
    pad().toggleConversion();
    pad().enableConversion();
    pad().disableConvertion();
    pad().toggleFilter();
    expect(test.events.names('dialpad')).toEqual([
      'dialpad.convert.enabled',
      'dialpad.convert.disabled',
      'dialpad.filter.disabled',
    ]);
  });
});

describe('calling', () => {
  it('calls the target and empties the field once the call is on its way', async () => {
    await type('1002');
    await click('call');
    expect(agent.called).toEqual(['1002']);
    expect(field().value).toBe('');
    expect(test.events.last('dialpad.call')).toEqual({ target: '1002' });
  });

  it('keeps the target and tells why when the call cannot start', async () => {
    agent.refuseNext(new PhoneError('userAgent.notConnected'));
    await type('1002');
    await click('call');
    expect(field().value).toBe('1002');
    expect(errorText()).toBe('There is no connection to the telephone server.');
    expect(test.log.filter(({ level }) => level === 'error')).toEqual([]);
    await type('3');
    expect(test.part('dialpad', 'error').hidden).toBe(true);
  });

  it('offers Call again after a call', async () => {
    const { session } = established();
    await settled();
    expect(test.root('dialpad').querySelector('[part=call]')).toBeNull();
    session.end();
    await settled();
    expect(test.part('dialpad', 'call')).toBeDefined();
  });

  it('calls the last target again only when asked to', async () => {
    await pad().call(false);
    expect(agent.called).toEqual([]);
    await pad().call();
    await pad().redial();
    expect(agent.called).toEqual(['*97', '*97']);
    expect(test.events.names('dialpad.redial')).toHaveLength(2);
  });

  it('calls once when the button is pressed twice', async () => {
    await type('1002');
    test.part('dialpad', 'call').click();
    test.part('dialpad', 'call').click();
    await settled();
    expect(agent.called).toEqual(['1002']);
  });
});

describe('during a call', () => {
  it('sends digits as tones in the order they were typed, one at a time', async () => {
    const { session } = established();
    await type('12');
    await click('three');
    expect(session.times('sendDTMF')).toBe(1);
    await session.settle('sendDTMF');
    await session.settle('sendDTMF');
    await session.settle('sendDTMF');
    expect(
      session.asked.filter(({ method }) => method === 'sendDTMF').map(({ args }) => args[0]),
    ).toEqual(['1', '2', '3']);
    expect(field().value).toBe('123');
  });

  it('shows the tones until the call is over, and keeps a target that was there before', async () => {
    await pad().dial('55');
    const session = incoming();
    addCall(session);
    session.establish();
    void pad().dial('9');
    await settled();
    expect(field().value).toBe('559');
    session.end();
    await settled();
    expect(field().value).toBe('55');
  });

  it('puts the tones of one call away when another call comes into focus', async () => {
    established();
    void pad().dial('9');
    const session = outgoing();
    addCall(session);
    await settled();
    expect(field().value).toBe('');
  });

  it('sends no part of a pasted address', async () => {
    const { session } = established();
    await paste('sip:1001@example.com');
    expect(session.times('sendDTMF')).toBe(0);
  });

  it('types into the target while the call still rings', async () => {
    const session = outgoing();
    addCall(session);
    session.ring();
    await click('one');
    expect(session.times('sendDTMF')).toBe(0);
    expect(pad().getTarget()).toBe('1');
    expect(errorText()).toBe('');
  });

  it('tells why a tone could not be sent, and sends the next one', async () => {
    const { session } = established();
    session.refuseNext('sendDTMF', 415);
    await click('one');
    expect(errorText()).not.toBe('');
    await click('two');
    expect(session.argsOf('sendDTMF')[0]).toBe('2');
  });

  it('collects a transfer target instead of tones, and transfers', async () => {
    const { session, call } = established();
    void call.transfer();
    await session.settle('hold');
    await type('1003');
    expect(session.times('sendDTMF')).toBe(0);
    await click('transfer');
    expect(session.argsOf('refer')[0]).toBe('1003');
    session.referReport().accepted(202);
    await session.settle('refer');
    expect(field().value).toBe('');
  });
});

describe('without a user agent', () => {
  it('is a dialpad all the same, and says what is missing when asked to call', async () => {
    test.phone.destroy();
    test = testPhone({ plugins: [dialpad()] });
    await settled();
    await pad().dial('12');
    await expect(pad().call()).rejects.toMatchObject({ code: 'plugin.missing' });
    expect(test.events.of('phone.plugin.failed')).toEqual([]);
  });
});
