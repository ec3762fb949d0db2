import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { visibleText } from './browser.ts';

/** One person's client in the local Slack, as that person uses it. */
export interface SlackPage {
  readonly page: Page;
  /** Opens a channel, or the app's messages, by name. */
  open(conversation: string): Promise<void>;
  /** Sends a message, or a slash command, from where they are; from the home tab in the app's messages. */
  say(text: string): Promise<void>;
  /** Opens the app's home tab. */
  home(): Promise<void>;
  /** Opens the app's messages. */
  messages(): Promise<void>;
  /** Starts a global shortcut by its title. */
  shortcut(title: string): Promise<void>;
  /**
   * Presses a button or an item of an overflow menu by its title: of the top dialog if one is open, else of the home tab,
   * else of the newest message that has it, and `words` if they are given.
   */
  press(title: string, words?: string): Promise<void>;
  /** The titles of what {@link press} could press there. */
  buttons(words?: string): Promise<string[]>;
  /** Types into an input, by its label. Dates are `YYYY-MM-DD`, times `HH:mm`. */
  fill(label: string, value: string): Promise<void>;
  /** Makes these the chosen ones, and no others, by their titles. */
  choose(label: string, ...options: readonly string[]): Promise<void>;
  /** Submits the top modal, with the button that has this title if it is given. */
  submit(title?: string): Promise<void>;
  /** Leaves the top modal by its close button. */
  close(): Promise<void>;
  /** All that the top modal says, or null when none is open. */
  modal(): Promise<string | null>;
  /** What is wrong in the top modal, by the inputs' labels. */
  errors(): Promise<Record<string, string>>;
  /** Waits for the newest message, home tab, modal or notice with these words, and tells all that it says. */
  see(words: string | RegExp, withinMs?: number): Promise<string>;
  /** Waits until nothing on the screen says so. */
  seeNoMore(words: string, withinMs?: number): Promise<void>;
  /** The notices on the screen. */
  notices(): Promise<string[]>;
}

/** Longer than any job takes on a busy machine. */
const patienceMs = 30_000;

const places = 'article, #home:not([hidden]), dialog[open], .notice';
const pressable = 'button, a.button, .menu a';

const exactly = (label: string) => new RegExp(`^${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}( \\(optional\\))?$`);

/** Opens somebody's client in a tab of its own, and waits until it shows something. */
export async function openSlack(
  browser: Browser,
  origin: string,
  userId: string,
  options: BrowserContextOptions = {},
): Promise<SlackPage> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  page.setDefaultTimeout(patienceMs);
  await page.goto(`${origin}/?user=${userId}`);

  const settled = () => page.locator('main[aria-busy=false]').waitFor({ state: 'attached' });
  await settled();

  const dialog = page.locator('dialog[open]').last();
  const front = async (words?: string, has?: Locator): Promise<Locator> => {
    if ((await dialog.count()) > 0) return dialog;
    const home = page.locator('#home');
    if (await home.isVisible()) return home;
    const articles = page.locator('article').filter({ ...(words ? { hasText: words } : {}), ...(has ? { has } : {}) });
    return articles.last();
  };

  /** What is sought in front, once it is there: a dialog may only be on its way. */
  const inFront = async (seek: () => Promise<Locator>): Promise<Locator> => {
    for (const until = Date.now() + patienceMs; ; await page.waitForTimeout(50)) {
      const found = await seek();
      if ((await found.count()) > 0 || Date.now() > until) return found;
    }
  };

  const field = (label: string): Promise<Locator> => {
    const held = page.getByLabel(exactly(label)).and(page.locator('[data-holds]'));
    return inFront(async () =>
      (await front(undefined, held)).getByLabel(exactly(label)).and(page.locator('[data-holds]')).first(),
    );
  };

  /** A link only changes the address; the place that it leads to is drawn after that. */
  const follow = async (link: Locator) => {
    await link.click();
    await link.and(page.locator('[aria-current]')).waitFor();
    await settled();
  };
  const appName = () => page.getByRole('list', { name: 'Apps' }).getByRole('link').first().click();
  const tab = async (name: string) => {
    if ((await page.locator('#about').getByRole('link', { name, exact: true }).count()) === 0) await appName();
    await follow(page.locator('#about').getByRole('link', { name, exact: true }));
  };

  return {
    page,
    open: (name) => follow(page.getByRole('navigation').getByRole('link', { name }).first()),
    home: () => tab('Home'),
    messages: () => tab('Messages'),
    say: async (text) => {
      if (await page.locator('#home').isVisible()) await tab('Messages');
      const composer = page.locator('#composer').getByRole('textbox');
      await composer.fill(text);
      await composer.press('Enter');
      await settled();
    },
    shortcut: async (title) => {
      await page.getByRole('button', { name: 'Shortcuts' }).click();
      await page.getByRole('button', { name: title, exact: true }).click();
      await settled();
    },
    press: async (title, words) => {
      const named = page.locator(pressable).filter({ hasText: exactly(title) });
      let place = page.locator('main');
      const found = await inFront(async () => {
        place = await front(words, named);
        return place.locator(named).first();
      });
      // An item of a menu that is closed.
      const menu = found.locator('xpath=ancestor::*[@popover][1]');
      if ((await menu.count()) > 0 && !(await found.isVisible()))
        await place.locator(`[popovertarget="${await menu.getAttribute('id')}"]`).click();
      await found.click();
      await settled();
    },
    buttons: async (words) => {
      const place = await front(words, page.locator('[data-press]'));
      return (await place.locator('[data-press], [type=submit]').allTextContents()).map((title) => title.trim());
    },
    fill: async (label, value) => {
      await (await field(label)).fill(value);
    },
    choose: async (label, ...options) => {
      const found = await field(label);
      if ((await found.evaluate(({ tagName }) => tagName)) === 'SELECT')
        await found.selectOption(options.map((option) => ({ label: option })));
      else
        for (const box of await found.locator('.box').all()) {
          const wanted = options.includes(((await box.locator('label').textContent()) ?? '').trim());
          const input = box.locator('input');
          // A radio button is let go of by choosing another.
          if (wanted || (await input.getAttribute('type')) === 'checkbox') await input.setChecked(wanted);
        }
      await settled();
    },
    submit: async (title) => {
      const button = dialog.locator('[type=submit]');
      await (title ? button.filter({ hasText: exactly(title) }) : button).click();
      await settled();
    },
    close: async () => {
      await dialog.locator('[data-close=top]').click();
      await settled();
    },
    modal: async () => ((await dialog.count()) > 0 ? visibleText(dialog) : null),
    errors: async () =>
      Object.fromEntries(
        await dialog
          .locator('.input:has(.error)')
          .evaluateAll((inputs) =>
            inputs.map((input) => [
              (input.querySelector('.label')?.firstChild?.textContent ?? '').trim(),
              input.querySelector('.error')?.textContent ?? '',
            ]),
          ),
      ),
    see: async (words, withinMs = patienceMs) => {
      const found = page.locator(places).filter({ hasText: words }).locator('visible=true').last();
      await found.waitFor({ timeout: withinMs });
      return visibleText(found);
    },
    seeNoMore: async (words, withinMs = patienceMs) => {
      const found = page.locator(places).filter({ hasText: words }).locator('visible=true');
      await found.first().waitFor({ state: 'detached', timeout: withinMs });
    },
    notices: () => page.locator('.notice p').allTextContents(),
  };
}
