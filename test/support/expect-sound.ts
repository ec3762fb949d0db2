import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong with the page as it is. */
export async function axeFindings(page: Page): Promise<string[]> {
  // As an expression of the debugger's, which a page's policy does not concern.
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(
    (runOnly) => (globalThis as unknown as { axe: typeof axe }).axe.run(document, { runOnly }),
    rules,
  );
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Holds the page to axe's rules, and to its width: light and dark, wide and narrow. It is left wide and light. */
export async function expectSound(page: Page, { wide = 1200, narrow = 390 } = {}): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [wide, narrow]) {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 800 });
      expect(await axeFindings(page), `${colorScheme}, ${width} px`).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth), `${width} px`).toBeLessThanOrEqual(width);
    }
  await page.setViewportSize({ width: wide, height: 900 });
  await page.emulateMedia({ colorScheme: 'light' });
}
