import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { visibleText } from './browser.ts';

/** Goes on with Tab until that is where the focus is, and it can be seen to be there. @throws when it is not reached. */
export async function tabTo(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 20; step += 1) {
    await page.keyboard.press('Tab');
    const focus = await page.evaluate(() => {
      const element = document.activeElement as HTMLInputElement | null;
      const { outlineStyle, outlineWidth } = getComputedStyle(element ?? document.body);
      return {
        name: element?.labels?.[0]?.textContent || element?.getAttribute('aria-label') || element?.textContent || '',
        outline: `${outlineStyle} ${outlineWidth}`,
      };
    });
    if (!focus.name.includes(name)) continue;
    expect(focus.outline).toBe('solid 3px');
    return;
  }
  throw new Error(`the keyboard does not reach “${name}” on ${await visibleText(page.locator('main'))}`);
}

/** Presses what leads to another page. */
export async function pressByKeyboard(page: Page, name: string): Promise<void> {
  await tabTo(page, name);
  await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
}
