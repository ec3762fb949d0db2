import type { Browser, Locator, Page } from 'playwright-core';
import { visibleText } from './browser.ts';

/** One person's chat in a Microsoft 365 Agents Playground, as that person uses it. */
export interface PlaygroundPage {
  readonly page: Page;
  say(text: string): Promise<void>;
  /** All that the newest card with this text says, as soon as there is one. A card is its newest state. */
  read(text: string): Promise<string>;
  /** Waits until the newest card with `text` says `expected` too, such as after an update, and tells all that it says. */
  readUntil(text: string, expected: string): Promise<string>;
  /** Fills inputs by their labels; choices are given by their titles. */
  fill(text: string, inputs: Readonly<Record<string, string>>): Promise<void>;
  /** Clicks a button by its title. */
  click(text: string, title: string): Promise<void>;
  /** The titles of the buttons on the newest card with this text. */
  buttons(text: string): Promise<string[]>;
}

/** Longer than any job takes on a busy machine. */
const patienceMs = 30_000;

async function fillInput(page: Page, input: Locator, value: string): Promise<void> {
  if ((await input.getAttribute('role')) === 'combobox') {
    await input.click();
    await page.getByRole('option', { name: value, exact: true }).click();
  } else if ((await input.evaluate(({ tagName }) => tagName)) === 'SELECT') await input.selectOption({ label: value });
  else await input.fill(value);
}

/** Opens a Playground in a tab of its own, and waits until Usher has greeted. */
export async function openPlayground(browser: Browser, url: string): Promise<PlaygroundPage> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
  page.setDefaultTimeout(patienceMs);
  await page.goto(url);
  const cards = page.locator('.ac-preview-panel');
  await cards.first().waitFor();
  const card = (text: string) => cards.filter({ hasText: text }).last();
  const composer = page.locator('[role=textbox][data-lexical-editor=true]');
  const read = (text: string) => visibleText(card(text));

  return {
    page,
    read,
    say: async (text) => {
      await composer.click();
      await page.keyboard.insertText(text);
      await page.keyboard.press('Enter');
    },
    readUntil: async (text, expected) => {
      await cards.filter({ hasText: text }).filter({ hasText: expected }).last().waitFor();
      return read(text);
    },
    fill: async (text, inputs) => {
      for (const [label, value] of Object.entries(inputs))
        await fillInput(page, card(text).getByLabel(label).locator('visible=true').first(), value);
    },
    click: async (text, title) => {
      await card(text).getByRole('button', { name: title, exact: true }).locator('visible=true').first().click();
    },
    buttons: async (text) =>
      (await card(text).getByRole('button').locator('visible=true').allInnerTexts()).map((title) => title.trim()),
  };
}
