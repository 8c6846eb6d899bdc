import { beforeEach, describe, expect, it } from 'vitest';
import { clickToCall } from '../../plugins/clickToCall/index.ts';
import { looked, withNumbers as scene } from './clickToCallScene.ts';
import { connected, server } from './userAgentScene.ts';

let host: HTMLElement;

beforeEach(() => {
  host = document.createElement('my-card');
  document.body.append(host);
});
function shadow(content: string, mode: ShadowRootMode = 'open', of: Element = host): ShadowRoot {
  const root = of.attachShadow({ mode });
  root.innerHTML = content;
  return root;
}

const found = (root: ParentNode): readonly (string | null)[] =>
  [...root.querySelectorAll('a[data-cordboard-number]')].map(({ textContent }) => textContent);

describe('a number in a shadow root', () => {
  it('stays text until the root is watched, and calls from then on', async () => {
    const root = shadow('Dial 030 123456');
    const phone = await scene();
    expect(found(root)).toEqual([]);
    phone.api('clickToCall').watch(root);
    await looked();
    expect(found(root)).toEqual(['030 123456']);
    root.querySelector('a')?.click();
    expect((await server.next('INVITE')).start).toBe('INVITE sip:+4930123456@example.com SIP/2.0');
  });

  it('is found when it comes later, or is rewritten', async () => {
    const root = shadow('<p></p>');
    const phone = await scene();
    phone.api('clickToCall').watch(root);
    const text = new Text('030 123456');
    root.querySelector('p')?.append(text);
    await looked();
    expect(found(root)).toEqual(['030 123456']);
    text.data = 'or 030 777777';
    await looked();
    expect(found(root)).toEqual(['030 777777']);
  });

  it('is found by whoever watches before what finds numbers has come', async () => {
    const root = shadow('030 123456');
    const other = document.createElement('div');
    document.body.append(other);
    const left = shadow('030 654321', 'open', other);
    const phone = await connected({}, { plugins: [clickToCall({ numbers: { country: 'DE' } })] });
    phone.api('clickToCall').watch(root);
    phone.api('clickToCall').watch(left)();
    await looked();
    expect([found(root), found(left)]).toEqual([['030 123456'], []]);
  });

  it('is where the options want it, out of the root too', async () => {
    const root = shadow('<b>030 123456</b><i class="fax">030 654321</i>');
    const aside = document.createElement('aside');
    document.body.append(aside);
    const outside = shadow('030 777777', 'open', aside);
    const ignored = document.createElement('div');
    ignored.setAttribute('data-cordboard-ignore', '');
    host.after(ignored);
    const within = shadow('030 888888', 'open', ignored);
    const phone = await scene({ root: 'my-card,div', numbers: { country: 'DE', ignore: '.fax' } });
    for (const each of [root, outside, within]) phone.api('clickToCall').watch(each);
    await looked();
    expect([root, outside, within].map(found)).toEqual([['030 123456'], [], []]);
  });

  it('that is in the root is looked into as well, when it comes and until the outer one is left', async () => {
    const root = shadow('<my-name></my-name>');
    const inner = shadow('030 123456', 'open', root.querySelector('my-name') ?? host);
    const phone = await scene();
    const off = phone.api('clickToCall').watch(root);
    await looked();
    expect(found(inner)).toEqual(['030 123456']);
    const late = document.createElement('my-name');
    const deep = shadow('<p><b></b></p>', 'open', late);
    const deepest = shadow('030 654321', 'open', deep.querySelector('b') ?? late);
    root.append(late);
    await looked();
    expect(found(deepest)).toEqual(['030 654321']);
    deepest.append(' or 030 777777');
    await looked();
    expect(found(deepest)).toEqual(['030 654321', '030 777777']);
    off();
    expect([inner.innerHTML, deepest.innerHTML]).toEqual([
      '030 123456',
      '030 654321 or 030 777777',
    ]);
    inner.append('030 888888');
    await looked();
    expect(found(inner)).toEqual([]);
  });

  it('that leaves the root it was in is text again, and one that is watched itself is not', async () => {
    const root = shadow('<i></i><b></b>');
    const [one, two] = [...root.children].map((each) => shadow('030 123456', 'open', each));
    if (!one || !two) throw new Error('there are two');
    const phone = await scene();
    const { watch } = phone.api('clickToCall');
    const off = watch(root);
    const offTwo = watch(two);
    await looked();
    document.body.append(one.host);
    await looked();
    expect([found(one), found(two)]).toEqual([[], ['030 123456']]);
    off();
    await looked();
    expect(found(two)).toEqual(['030 123456']);
    offTwo();
    expect(found(two)).toEqual([]);
  });

  it('stays a link until everybody who watches the root has left it', async () => {
    const root = shadow('030 123456');
    const phone = await scene();
    const { watch } = phone.api('clickToCall');
    const [one, other] = [watch(root), watch(root)];
    await looked();
    one();
    one();
    root.append(' and 030 654321');
    await looked();
    expect(found(root)).toEqual(['030 123456', '030 654321']);
    other();
    expect(root.innerHTML).toBe('030 123456 and 030 654321');
  });

  it.each([
    ['its host', (): Element => host],
    [
      'what is around its host',
      (): Element => document.body.appendChild(document.createElement('main')),
    ],
  ])('is text while %s may be edited', async (_, place) => {
    const element = place();
    if (element !== host) element.append(host);
    const root = shadow('<p>030 123456</p>');
    const phone = await scene();
    phone.api('clickToCall').watch(root);
    await looked();
    expect(found(root)).toEqual(['030 123456']);
    element.setAttribute('contenteditable', '');
    await looked();
    expect(root.innerHTML).toBe('<p>030 123456</p>');
    element.removeAttribute('contenteditable');
    await looked();
    expect(found(root)).toEqual(['030 123456']);
  });

  it('goes with its host, and is found again when that comes back', async () => {
    const root = shadow('030 123456');
    const phone = await scene();
    phone.api('clickToCall').watch(root);
    await looked();
    host.remove();
    await looked();
    expect(root.innerHTML).toBe('030 123456');
    document.body.append(host);
    await looked();
    expect(found(root)).toEqual(['030 123456']);
  });

  it('is text again once the root is left, which the other ones do not notice', async () => {
    const root = shadow('<p>030 123456</p>');
    const phone = await scene();
    const page = document.body.appendChild(document.createElement('p'));
    const off = phone.api('clickToCall').watch(root);
    await looked();
    // Not yet looked at when the root is left.
    root.append('030 654321');
    off();
    off();
    expect(root.innerHTML).toBe('<p>030 123456</p>030 654321');
    root.append('030 777777');
    page.append('030 888888');
    await looked();
    expect([found(root), found(page)]).toEqual([[], ['030 888888']]);
    phone.api('clickToCall').watch(root);
    off();
    await looked();
    expect(found(root)).toHaveLength(3);
  });

  it('that is undone again and again stays undone', async () => {
    const root = shadow('030 123456');
    let count = 0;
    const observer = new MutationObserver(() => {
      const link = root.querySelector('a');
      if (!link) return;
      count++;
      link.replaceWith(...link.childNodes);
    });
    observer.observe(root, { childList: true });
    const phone = await scene();
    phone.api('clickToCall').watch(root);
    await looked();
    await looked();
    observer.disconnect();
    expect(count).toBeGreaterThan(0);
    expect(count).toBeLessThan(10);
    expect(found(root)).toEqual([]);
  });

  it('is text again when the phone is destroyed, and for good', async () => {
    const root = shadow('030 123456');
    const phone = await scene();
    const { watch } = phone.api('clickToCall');
    const off = watch(root);
    await looked();
    phone.phone.destroy();
    expect(root.innerHTML).toBe('030 123456');
    off();
    watch(root);
    root.append('030 654321');
    await looked();
    expect(found(root)).toEqual([]);
  });
});

describe('a link in a closed shadow root', () => {
  it('calls while the root is watched, with or without numbers', async () => {
    const root = shadow('<a href="tel:1">One</a>', 'closed');
    const phone = await connected({}, { plugins: [clickToCall({})] });
    const press = async (): Promise<number> => {
      // Not composed: this DOM lets the document see into a closed root, as no browser does.
      const event = new MouseEvent('click', { bubbles: true, cancelable: true });
      root.querySelector('a')?.dispatchEvent(event);
      await looked();
      return phone.events.of('clickToCall.started').length;
    };
    const off = phone.api('clickToCall').watch(root);
    expect(await press()).toBe(1);
    off();
    expect(await press()).toBe(1);
  });
});
