import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { expectSound } from '../support/expect-sound.ts';
import { pressByKeyboard, tabTo } from '../support/keyboard.ts';
import { codeIn, linkIn } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

/** Long enough to break a narrow page that does not wrap it. */
const longName = 'a-guest-whose-name-is-longer-than-a-phone-is-wide';

describe('the redemption pages, with a keyboard alone', () => {
  let usher: TestUsher;
  let browser: Browser;
  let page: Page;
  let complaints: string[];
  let guests = 0;

  beforeAll(async () => {
    [usher, browser] = await Promise.all([startTestUsher(), launchBrowser()]);
    await usher.admin.open();
  });
  afterAll(async () => {
    await browser?.close();
    await usher?.stop();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1024, height: 800 } });
    complaints = [];
    const pages = new Set<string>();
    page.on('request', (request) => request.isNavigationRequest() && pages.add(request.url()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    page.on('console', (message) => {
      // A page that says no is no fault of the page: chromium tells its status as an error.
      const { url } = message.location();
      const ownStatus = pages.has(url) && message.text().includes('with a status of 4');
      if (['error', 'warning'].includes(message.type()) && !ownStatus) complaints.push(message.text());
    });
  });
  afterEach(async () => {
    await page.close();
  });

  const invite = async () => {
    guests += 1;
    const mail = `${longName}-${guests}@partner.example`;
    await usher.admin.say(`invite ${mail} --message "Welcome ${'o'.repeat(120)} aboard"`);
    const link = linkIn((await usher.mails.see(mail, /You have been invited/)).text);
    return { mail, link };
  };

  const press = (name: string) => pressByKeyboard(page, name);

  const enterCode = async (code: string, options: { readonly terms: boolean }) => {
    await tabTo(page, 'Code');
    await page.keyboard.type(code);
    if (options.terms) {
      await tabTo(page, 'I accept the terms of use');
      await page.keyboard.press('Space');
    }
    await press('Accept the invitation');
  };

  /** What holds for every page, light and dark, wide and narrow. */
  const expectSoundPage = async (heading: string) => {
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(heading);
    await expectSound(page, { wide: 1024, narrow: 360 });
    expect(complaints).toEqual([]);
  };

  it('lead from the mail to a welcome, past a wrong code and terms that were not accepted', async () => {
    const { mail, link } = await invite();
    await page.goto(link);
    await expectSoundPage('Contoso invites you');

    await press('Send me a code');
    await expectSoundPage('Enter the code from your mail');
    const code = codeIn((await usher.mails.see(mail, /Your code/)).text);

    await enterCode(code === '00000000' ? '11111111' : '00000000', { terms: true });
    expect(await page.getByRole('alert').textContent()).toContain('That is not the code');
    await expectSoundPage('Enter the code from your mail');

    await enterCode(code, { terms: false });
    expect(await page.getByRole('alert').textContent()).toContain('Terms of use');
    await expectSoundPage('Enter the code from your mail');

    await enterCode(code, { terms: true });
    await expectSoundPage('Welcome to Contoso');

    // The link again, when it has been used.
    await page.goto(link);
    await expectSoundPage('Welcome to Contoso');
  });

  it('send no second code at once, and say when they will', async () => {
    const { link } = await invite();
    await page.goto(link);
    await press('Send me a code');
    await press('Send another code');
    expect(await page.getByRole('alert').textContent()).toContain('One moment');
    await expectSoundPage('Enter the code from your mail');
  });

  it('let a guest decline, and then lead nowhere', async () => {
    const { link } = await invite();
    await page.goto(link);
    await press('Decline');
    await expectSoundPage('You have declined');
    await page.goto(link);
    await expectSoundPage('Invitation declined');
  });

  it('say that an old link was replaced', async () => {
    const { mail, link } = await invite();
    await usher.admin.say(`resend ${mail}`);
    await page.waitForTimeout(500);
    await page.goto(link);
    await expectSoundPage('This link no longer works');
  });

  it('say that an address leads to no page', async () => {
    await page.goto(`${usher.url}/nothing-here`);
    await expectSoundPage('There is no such page');
  });
});
