import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
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
  const beyond = document.documentElement.scrollWidth - innerWidth;
  const page = beyond > 0 ? [`the page is ${String(beyond)} px too wide`] : [];
  return [...(named.length === 0 ? ['there are no controls'] : page), ...alone, ...pairs];
}

const folder = fileURLToPath(new URL('../pictures/', import.meta.url));

/** The part of all pixels that may differ: letters are drawn a little different by each browser. */
const tolerance = 0.01;

/**
 * Compares what the page shows with the picture of that name in `test/e2e/pictures`. Gives '' when they are
 * alike, else what is different and where the pictures are. With `UPDATE_PICTURES=1` it takes them anew.
 */
export async function comparePicture(page: Page, name: string, blank: Page): Promise<string> {
  const seen = await page.screenshot({ animations: 'disabled' });
  const file = join(folder, `${name}.png`);
  if (process.env['UPDATE_PICTURES'] === '1') {
    mkdirSync(folder, { recursive: true });
    writeFileSync(file, seen);
    return '';
  }
  if (!existsSync(file)) return `${file} is not there: take it with UPDATE_PICTURES=1`;
  const pair = [seen, readFileSync(file)].map((png) => png.toString('base64'));
  const { share, picture } = await blank.evaluate(differenceOf, pair);
  if (share <= tolerance) return '';
  const scratch = scratchDirectory('pictures');
  writeFileSync(join(scratch, `${name}.png`), seen);
  writeFileSync(join(scratch, `${name}-difference.png`), Buffer.from(picture, 'base64'));
  return `${name}: ${(share * 100).toFixed(2)} % of the pixels differ, see ${scratch}`;
}

interface Drawn {
  readonly canvas: HTMLCanvasElement;
  readonly context: CanvasRenderingContext2D;
  readonly image: ImageData;
}

/** Runs in a page: how many of the pixels differ, and a picture of those in red. */
async function differenceOf(
  pair: readonly string[],
): Promise<{ readonly share: number; readonly picture: string }> {
  const draw = async (text: string): Promise<Drawn> => {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const { width, height } = bitmap;
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    if (!context) throw new Error('no canvas');
    context.drawImage(bitmap, 0, 0);
    return { canvas, context, image: context.getImageData(0, 0, width, height) };
  };
  const [seen = '', kept = ''] = pair;
  const [one, other] = await Promise.all([draw(seen), draw(kept)]);
  const [data, wanted] = [one.image.data, other.image.data];
  const far = (at: number): boolean =>
    data
      .slice(at, at + 3)
      .some((value, colour) => Math.abs(value - Number(wanted[at + colour])) > 40);
  let count = 0;
  for (let at = 0; at < data.length; at += 4) {
    const isFar = far(at);
    count += Number(isFar);
    data.set(isFar ? [255, 0, 0, 255] : [255, 255, 255, 255], at);
  }
  one.context.putImageData(one.image, 0, 0);
  const picture = one.canvas.toDataURL('image/png').replace(/^.*,/, '');
  const isSameSize =
    one.canvas.width === other.canvas.width && one.canvas.height === other.canvas.height;
  return { share: isSameSize ? count / (data.length / 4) : 1, picture };
}
