import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// Sides are those of the panel, which has the direction of its phone, and not those of the page.

const theme = readFileSync('templates/theme.css', 'utf8');
const selectors = [...theme.matchAll(/^:where\((\[.*dir='rtl'\].*)\) \{$/gm)].map(
  ([, selector = '']) => selector,
);

/** What these rules mean in a panel with all that they are about. */
function meant(page: string, panel: string): number {
  document.documentElement.dir = page;
  document.body.innerHTML = `<div data-cordboard="callControl" dir="${panel}">
    <bdi class="cb-account"></bdi><i part="avatar"><svg></svg></i><b part="transfer"><svg></svg></b>
  </div>`;
  return selectors.filter((selector) => document.querySelector(selector)).length;
}

it.each(['ltr', 'rtl'])(
  'the theme mirrors the panels of a phone by its language on a page that is %s',
  (page) => {
    expect(selectors.length).toBeGreaterThan(2);
    expect(meant(page, 'rtl')).toBe(selectors.length);
    expect(meant(page, 'ltr')).toBe(0);
  },
);
