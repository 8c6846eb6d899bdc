import { beforeEach, describe, expect, it, vi } from 'vitest';
import { clickToCall } from '../../plugins/clickToCall/index.ts';
import { longestText } from '../../plugins/clickToCall/find.ts';
import { pause, slice } from '../../plugins/clickToCall/numbers.part.ts';
import { patience } from '../../plugins/clickToCall/quarrels.ts';
import { settled } from '../support/fakeSession.ts';
import type { TestPhone } from '../support/testPhone.ts';
import { looked, withNumbers } from './clickToCallScene.ts';
import type { Options } from './clickToCallScene.ts';
import { connected, server } from './userAgentScene.ts';

/** The page beside the phone's own panels. */
let page: HTMLElement;

beforeEach(() => {
  page = document.body.appendChild(document.createElement('article'));
});

/** A phone on a page with this in it, all of it looked at. */
function scene(content: string, options: Options = {}): Promise<TestPhone> {
  page.innerHTML = content;
  return withNumbers(options);
}

const links = (): readonly HTMLAnchorElement[] => [
  ...document.querySelectorAll<HTMLAnchorElement>('a[data-cordboard-number]'),
];
const found = (): readonly string[] =>
  links().map((link) => `${link.textContent} ${link.getAttribute('href') ?? ''}`);

function text(value: string, parent: Node = page): Text {
  return parent.appendChild(document.createTextNode(value));
}

describe('a number in the text', () => {
  it('is a link that reads as it was written, and calls', async () => {
    const phone = await scene('<p>Call (030) 123456 or +44 20 7946 0958 x12, room 12345.</p>');
    expect(found()).toEqual([
      '(030) 123456 tel:+4930123456',
      '+44 20 7946 0958 x12 tel:+442079460958;ext=12',
    ]);
    expect(links().map((link) => link.dir)).toEqual(['ltr', 'ltr']);
    expect(page.textContent).toBe('Call (030) 123456 or +44 20 7946 0958 x12, room 12345.');
    links()[0]?.click();
    expect((await server.next('INVITE')).start).toBe('INVITE sip:+4930123456@example.com SIP/2.0');
    await settled();
    expect(phone.events.of('clickToCall.started')).toHaveLength(1);
  });

  it('without a country, or with one that there is not, needs a +', async () => {
    const { phone } = await scene('030 123456, +49 30 123456', { numbers: { country: '' } });
    expect(found()).toEqual(['+49 30 123456 tel:+4930123456']);
    phone.destroy();
    await scene('030 123456, +49 30 123456', { numbers: { country: 'XX' } });
    expect(found()).toEqual(['+49 30 123456 tel:+4930123456']);
  });

  it.each([
    ['01.02.2024, 2024-05-06, 01067 Dresden, 10115 Berlin, 192.168.10.20, 123456, 0.1234567', []],
    ['+49 (0)30 123456', ['tel:+4930123456']],
    ['0049 30 123456', ['tel:+4930123456']],
    [
      '030 123456, 040 123456; 030 777777',
      ['30123456', '40123456', '30777777'].map((each) => `tel:+49${each}`),
    ],
    ['+٤٩ ٣٠ ١٢٣٤٥٦', ['tel:+4930123456']],
  ])('is told from other figures: %s', async (written, addresses) => {
    await scene(written);
    expect(links().map((link) => link.getAttribute('href'))).toEqual(addresses);
  });

  it('stays text unless it is asked for', async () => {
    page.innerHTML = '+49 30 123456';
    await connected({}, { plugins: [clickToCall()] });
    await looked();
    expect(found()).toEqual([]);
  });

  it.each([
    ...['a', 'button', 'textarea', 'code', 'pre', 'noscript', 'svg', 'b contenteditable'],
    ...[
      'b data-cordboard-ignore',
      'b data-cordboard="dialpad"',
      'b role="button"',
      'b role="checkbox"',
      'b role="switch"',
      'label',
      'summary',
      'kbd',
      'b class="fax"',
    ],
  ])('stays text in <%s>', async (tag) => {
    const [name = ''] = tag.split(' ');
    const content = `<main><${tag}>+49 30 123456</${name}><i>+49 30 654321</i></main>`;
    await scene(content, { numbers: { ignore: '.fax' } });
    expect(found()).toEqual(['+49 30 654321 tel:+4930654321']);
    document.querySelector(name)?.append('+49 30 777777');
    await looked();
    expect(links()).toHaveLength(1);
  });

  it('is found in the chosen elements only', async () => {
    const places = ['<i>', '<main>', '<main class="team">', '<b class="team">'];
    const content = places.map((tag, at) => `${tag}+49 30 12345${String(at)}</${tag.slice(1, 5)}>`);
    await scene(content.join('').replaceAll('</main>', '</main>'), {
      ...{ root: 'main', numbers: { root: '.team' } },
    });
    expect(found()).toEqual(['+49 30 123452 tel:+4930123452']);
  });

  it('is no link in a text that is too long to be prose', async () => {
    await scene(`<p>+49 30 123456 ${'x'.repeat(longestText)}</p><p>+49 30 654321</p>`);
    expect(found()).toEqual(['+49 30 654321 tel:+4930654321']);
  });
});

describe('a page that changes', () => {
  it('has links of what is added and rewritten, and none of what was there before', async () => {
    await scene('<main></main>');
    const main = document.querySelector('main');
    const first = text('030 123456 is new', main ?? undefined);
    await looked();
    expect(found()).toEqual(['030 123456 tel:+4930123456']);
    first.data = 'or rather 030 777777';
    await looked();
    expect(found()).toEqual(['030 777777 tel:+4930777777']);
    expect(main?.textContent).toBe('or rather 030 777777');
    first.data = 'none';
    await looked();
    expect(main?.innerHTML).toBe('none');
  });

  it('may move and remove its own texts, which are whole then', async () => {
    await scene('<main></main><aside></aside>');
    const first = text('Dial 030 123456 now');
    await looked();
    document.querySelector('aside')?.append(first);
    await looked();
    expect(document.querySelector('aside')?.textContent).toBe('Dial 030 123456 now');
    expect(page.textContent).toBe('Dial 030 123456 now');
    expect(found()).toEqual(['030 123456 tel:+4930123456']);
    first.remove();
    await looked();
    expect(page.textContent).toBe('');
    expect(first.data).toBe('Dial 030 123456 now');
  });

  it('may remove a link, or normalize, and loses nothing else by it', async () => {
    const { phone } = await scene('<p>030 123456 and 030 777777.</p><p>x</p>');
    page.normalize();
    await looked();
    expect(page.textContent).toBe('030 123456 and 030 777777.x');
    expect(links()).toHaveLength(2);
    links()[0]?.remove();
    await looked();
    expect(found()).toEqual(['030 777777 tel:+4930777777']);
    phone.destroy();
    expect(page.innerHTML).toBe('<p> and 030 777777.</p><p>x</p>');
  });
});

describe('a page that moves a text along with its links', () => {
  it('keeps them, and has its text back when it cuts them in the new place', async () => {
    await scene('<main>Dial 030 123456 or 030 777777 now</main><aside></aside>');
    const aside = document.querySelector('aside');
    aside?.append(...(document.querySelector('main')?.childNodes ?? []));
    await looked();
    expect(links()).toHaveLength(2);
    links()[1]?.before('?');
    await looked();
    expect(found()).toEqual(['030 123456 tel:+4930123456']);
    expect(aside?.textContent).toBe('Dial 030 123456 or ?030 777777 now');
  });
});

describe('an element that is left alone only later', () => {
  it.each([
    ['contenteditable', ''],
    ['contenteditable', 'plaintext-only'],
    ['role', 'textbox'],
    ['data-cordboard-ignore', ''],
  ])('by %s="%s" has its text back, the same node, until it is not', async (name, value) => {
    await scene('<main><p>Dial <b></b> or 030 777777</p></main><aside>030 888888</aside>');
    const first = text('030 123456 now', document.querySelector('b') ?? page);
    await looked();
    expect(links()).toHaveLength(3);
    const main = document.querySelector('main');
    main?.setAttribute(name, value);
    await looked();
    expect(main?.innerHTML).toBe('<p>Dial <b>030 123456 now</b> or 030 777777</p>');
    expect(document.querySelector('b')?.firstChild).toBe(first);
    expect(found()).toEqual(['030 888888 tel:+4930888888']);
    first.data = 'edited: 030 654321';
    await looked();
    expect(links()).toHaveLength(1);
    main?.removeAttribute(name);
    await looked();
    expect(found()).toEqual([
      '030 654321 tel:+4930654321',
      '030 777777 tel:+4930777777',
      '030 888888 tel:+4930888888',
    ]);
  });

  it('keeps its links where it may not be edited', async () => {
    await scene('<main>030 123456</main>');
    document.querySelector('main')?.setAttribute('contenteditable', 'false');
    await looked();
    expect(links()).toHaveLength(1);
  });
});

describe('a page that takes the links apart', () => {
  it.each([
    [
      'keeps its text',
      (link: Element): void => {
        link.replaceWith(...link.childNodes);
      },
    ],
    [
      'writes it anew',
      (link: Element): void => {
        const around = link.parentElement;
        if (around) around.innerHTML = around.textContent;
      },
    ],
  ])('and %s is left alone at last', async (_, undo) => {
    page.innerHTML = '<main>Dial 030 123456 now</main>';
    let count = 0;
    const observer = new MutationObserver(() => {
      for (const link of links()) {
        count++;
        undo(link);
      }
    });
    observer.observe(page, { childList: true, subtree: true });
    await connected({}, { plugins: [clickToCall({ numbers: { country: 'DE' } })] });
    await looked();
    expect(count).toBeLessThanOrEqual(patience.times);
    expect(count).toBeGreaterThan(0);
    await looked();
    expect(page.textContent).toBe('Dial 030 123456 now');
    expect(links()).toEqual([]);
    observer.disconnect();
    text('030 777777');
    await looked();
    expect(links()).toHaveLength(1);
  });

  it('now and then has them made again', async () => {
    await scene('<main></main>');
    for (let count = 0; count < 20; count++) {
      page.innerHTML = '<main>030 123456</main>';
      await looked();
      links()[0]?.replaceWith('030 123456');
      await looked();
      expect(links()).toHaveLength(1);
    }
  });
});

describe('many texts', () => {
  it('are looked at in slices, with the page’s turn between them', async () => {
    page.innerHTML = '<p>+49 30 123456</p>'.repeat(1000);
    await connected({}, { plugins: [clickToCall({ numbers: {} })] });
    await vi.dynamicImportSettled();
    const counts: number[] = [];
    for (let count = 0; count < 15; count++) {
      const before = links().length;
      await vi.advanceTimersByTimeAsync(pause);
      counts.push(links().length - before);
    }
    // A paragraph and its text are two nodes.
    expect(Math.max(...counts)).toBeLessThanOrEqual(slice.nodes);
    expect(links()).toHaveLength(1000);
  });

  it('end the slice that takes long, and go on in the next', async () => {
    page.innerHTML = '<p>+49 30 123456</p>'.repeat(50);
    await connected({}, { plugins: [clickToCall({ numbers: {} })] });
    await vi.dynamicImportSettled();
    const now = vi.spyOn(Date, 'now');
    let time = 0;
    now.mockImplementation(() => (time += 3));
    await vi.advanceTimersByTimeAsync(1);
    expect(links().length).toBeLessThan(5);
    now.mockRestore();
    await looked();
    expect(links()).toHaveLength(50);
  });
});

describe('a destroyed phone', () => {
  it('leaves each text as it was, the same node, and makes no more links', async () => {
    const [one, two] = [text('030 123456'), text(' and 030 777777 or 030 123456 too')];
    const whole = [one.data, two.data];
    const phone = await connected({}, { plugins: [clickToCall({ numbers: { country: 'DE' } })] });
    await looked();
    expect(links()).toHaveLength(3);
    phone.phone.destroy();
    expect([...page.childNodes]).toEqual([one, two]);
    expect([one.data, two.data]).toEqual(whole);
    text('030 999999');
    await looked();
    expect(links()).toEqual([]);
  });

  it('before its part has come makes none', async () => {
    page.innerHTML = '+49 30 123456';
    const phone = await connected({}, { plugins: [clickToCall({ numbers: {} })] });
    phone.phone.destroy();
    await looked();
    expect(links()).toEqual([]);
  });
});
