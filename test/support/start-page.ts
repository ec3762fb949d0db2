import type { Browser, Page } from 'playwright-core';
import { visibleText } from './browser.ts';
import { eventually } from './eventually.ts';
import { codeIn } from './redeem.ts';

/** The demo's start page in a tab of its own, with the mails that it shows. */
export interface StartPage {
  /** Where the links to the chats lead, in their order. */
  chats(): Promise<string[]>;
  /** The text of the newest mail with this subject, once that has these words, and the address behind its first link. */
  readMail(subject: string, words?: string): Promise<{ readonly text: string; readonly link: string | null }>;
  /** Follows the newest invitation, up to and with Accept; tells what the page of the invitation said. */
  acceptInvitation(): Promise<string>;
}

export async function openStartPage(browser: Browser, url: string): Promise<StartPage> {
  const page: Page = await browser.newPage();
  await page.goto(url);

  const readMail: StartPage['readMail'] = (subject, words = '') =>
    eventually(
      async () => {
        await page.goto(url);
        const mail = page.getByRole('link', { name: subject }).first();
        if ((await mail.count()) === 0) return null;
        await mail.click();
        const text = await visibleText(page.locator('body'));
        const [link = null] = await page
          .getByRole('link')
          .evaluateAll((links) => links.map((one) => one.getAttribute('href')));
        return text.includes(words) && { text, link };
      },
      `the mail “${subject}”`,
      20_000,
    );

  return {
    readMail,
    chats: () =>
      page
        .getByRole('listitem')
        .getByRole('link')
        .evaluateAll((all) => all.flatMap((one) => one.getAttribute('href') ?? [])),
    acceptInvitation: async () => {
      await page.goto((await readMail('You have been invited')).link ?? '');
      const said = await visibleText(page.locator('main'));
      await page.getByRole('button', { name: 'Send me a code' }).click();
      const entry = page.url();
      const code = codeIn((await readMail('Your code')).text);
      await page.goto(entry);
      await page.getByLabel('Code').fill(code);
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Accept the invitation' }).click();
      await page.getByRole('heading', { name: 'Welcome to Contoso' }).waitFor();
      return said;
    },
  };
}
