import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults, RunOptions } from 'axe-core';
import type { Frame, Page } from 'playwright-core';

declare global {
  // What axe-core puts into the page.
  var axe: { readonly run: (root: Document, options: RunOptions) => Promise<AxeResults> };
}

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe-core finds in a page as it is, shadow trees included: the rule, where, and what it says. */
export async function foundByAxe(place: Page | Frame): Promise<readonly string[]> {
  if (!(await place.evaluate(() => 'axe' in globalThis))) await place.evaluate(source);
  return place.evaluate(async () => {
    const values = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations } = await axe.run(document, {
      runOnly: { type: 'tag', values },
      // The page around the phones is the test's.
      rules: {
        // The theme with more contrast is there for this.
        'color-contrast-enhanced': { enabled: document.body.dataset['theme'] === 'contrast' },
        'target-size': { enabled: true },
        region: { enabled: false },
        'page-has-heading-one': { enabled: false },
        'landmark-one-main': { enabled: false },
      },
      resultTypes: ['violations'],
    });
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target.join()}: ${failureSummary ?? ''}`),
    );
  });
}
