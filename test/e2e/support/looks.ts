import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import pixelmatch from 'pixelmatch';
import { PNG } from 'pngjs';
import type { Page } from 'playwright-core';
import { scratchDirectory } from './processes.ts';

/** What is wrong with where the controls in `root` are; it runs in the page and uses nothing from outside of it. */
export function wrongs(root: string): readonly string[] {
  const named = [...document.querySelectorAll<HTMLElement>(root)]
    .flatMap((place) => [
      ...place.querySelectorAll<HTMLElement>('button, input, select, summary, textarea'),
    ])
    .filter((one) => one.checkVisibility({ visibilityProperty: true }))
    .map((control) => {
      const text = control.getAttribute('aria-label') ?? control.textContent.trim();
      const name = `${control.getAttribute('part') ?? control.localName} "${text}"`;
      return { control, name, box: control.getBoundingClientRect() };
    });
  type Named = (typeof named)[number];
  const tests: readonly (readonly [string, (one: Named) => boolean])[] = [
    ['is too small', ({ box }) => Math.min(box.width, box.height) < 24],
    ['is outside', ({ box }) => box.left < -0.5 || box.right > innerWidth + 0.5],
    [
      'is cut',
      ({ control }) =>
        control.localName === 'button' && control.scrollWidth > control.clientWidth + 1,
    ],
  ];
  const alone = named.flatMap((one) =>
    tests.filter(([, isWrong]) => isWrong(one)).map(([what]) => `${one.name} ${what}`),
  );
  const overlaps = ({ box }: Named, { box: other }: Named): boolean =>
    Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1 &&
    Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1;
  const pairs = named.flatMap((one, at) =>
    named
      .slice(at + 1)
      .filter((other) => overlaps(one, other))
      .map((other) => `${one.name} overlaps ${other.name}`),
  );
  // What is told, and forms: nothing of it may lie over another thing.
  const told = [...document.querySelectorAll<HTMLElement>(root)]
    .flatMap((place) => [
      ...place.querySelectorAll<HTMLElement>('.cb-notice, [part="notice"], form'),
    ])
    .filter((one) => one.checkVisibility())
    .map((control) => {
      const name = `what is told, "${control.textContent.trim().replace(/\s+/g, ' ')}",`;
      return { control, name, box: control.getBoundingClientRect() };
    });
  const covers = told.flatMap((one, at) =>
    [...told.slice(at + 1), ...named]
      .filter(({ control }) => !one.control.contains(control) && !control.contains(one.control))
      .filter((other) => overlaps(one, other))
      .map((other) => `${one.name} overlaps ${other.name}`),
  );
  const names = [...document.querySelectorAll<HTMLElement>('[part="name"]')]
    .filter((one) => one.scrollHeight > one.clientHeight + 3 && one.checkVisibility())
    .map((one) => `the name "${one.textContent}" is cut`);
  const beyond = document.documentElement.scrollWidth - innerWidth;
  const page = beyond > 0 ? [`the page is ${String(beyond)} px too wide`] : [];
  return [
    ...(named.length === 0 ? ['there are no controls'] : page),
    ...alone,
    ...pairs,
    ...covers,
    ...names,
  ];
}

/** What the pages say around the phone, for who reads Arabic. */
export const pageInArabic = {
  Customers: 'العملاء',
  'The page goes on below the phone. When it rings, the call comes up in the corner.':
    'تستمر الصفحة تحت الهاتف، وعندما يرن تظهر المكالمة في الزاوية.',
  'The phone is the row at the top. Its first button opens the keys, the account and the sound.':
    'الهاتف هو الصف العلوي، وزره الأول يفتح المفاتيح والحساب والصوت.',
  'Sandbox echo': 'صدى التجربة',
  'Script tag': 'وسم البرنامج',
  Contacts: 'جهات الاتصال',
};

const folder = fileURLToPath(new URL('../pictures/', import.meta.url));

/** The part of all pixels that may differ: letters are drawn a little different by each browser. */
const tolerance = 0.01;

/**
 * Compares what the page shows with the picture of that name in `test/e2e/pictures`. Gives '' when they are
 * alike, else what is different and where the pictures are. With `UPDATE_PICTURES=1` it takes them anew.
 */
export async function comparePicture(page: Page, name: string): Promise<string> {
  const png = await page.screenshot({ animations: 'disabled' });
  const file = join(folder, `${name}.png`);
  if (process.env['UPDATE_PICTURES'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, png);
    return '';
  }
  if (!existsSync(file)) return `${file} is not there: take it with UPDATE_PICTURES=1`;
  const [seen, kept] = [PNG.sync.read(png), PNG.sync.read(readFileSync(file))];
  const { width, height } = seen;
  const difference = new PNG({ width, height });
  const isSameSize = kept.width === width && kept.height === height;
  const count = isSameSize
    ? pixelmatch(seen.data, kept.data, difference.data, width, height)
    : width * height;
  const share = count / (width * height);
  if (share <= tolerance) return '';
  const scratch = scratchDirectory('pictures');
  writeFileSync(join(scratch, `${name}.png`), png);
  if (isSameSize) {
    writeFileSync(join(scratch, `${name}-difference.png`), PNG.sync.write(difference));
  }
  return `${name}: ${(share * 100).toFixed(2)} % of the pixels differ, see ${scratch}`;
}
