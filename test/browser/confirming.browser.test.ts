import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { codeAt, linkOf } from '../support/confirming.ts';
import { expectSound } from '../support/expect-sound.ts';
import { pressByKeyboard, tabTo } from '../support/keyboard.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

describe('confirming that it is you, with a keyboard alone', () => {
  let usher: TestUsher;
  let browser: Browser;
  let page: Page;
  let authenticator: CDPSession;
  let complaints: string[];

  beforeAll(async () => {
    [usher, browser] = await Promise.all([startTestUsher(), launchBrowser()]);
    await Promise.all([usher.admin.open(), usher.approver.open()]);
  });
  afterAll(async () => {
    await browser?.close();
    await usher?.stop();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1024, height: 800 } });
    complaints = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`${request.url()} failed`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()) && !message.text().includes('with a status of 4'))
        complaints.push(message.text());
    });
    authenticator = await page.context().newCDPSession(page);
    await authenticator.send('WebAuthn.enable');
  });
  afterEach(async () => {
    await page.close();
    await usher.admin.forge('security', { act: 'reset', email: 'approver@contoso.example' });
  });

  /** A device with a finger on it, or with somebody who doesn't know its PIN. */
  const device = async (verifies = true): Promise<string> => {
    const { authenticatorId } = await authenticator.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: verifies,
        automaticPresenceSimulation: true,
      },
    });
    return authenticatorId;
  };

  const ask = async () => linkOf((await usher.approver.forge('security', {})).card, '/enrol/');

  const press = (name: string) => pressByKeyboard(page, name);

  /** What holds for every page, light and dark, wide and narrow. */
  const expectSoundPage = async (heading: string) => {
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(heading);
    await expectSound(page, { wide: 1024, narrow: 360 });
    expect(complaints).toEqual([]);
  };
  const mine = 'How you confirm that it is you';
  const listed = () => page.locator('main li strong').allTextContents();

  const openPage = async () => {
    await page.goto(await ask());
    await press('Yes, go on');
  };

  it('goes from the chat’s link to a passkey, which then lets an app be added and removed', async () => {
    await device();
    await page.goto(await ask());
    await expectSoundPage(mine);
    await press('Yes, go on');
    await expectSoundPage(mine);
    await press('Set up a passkey');
    expect(await listed()).toEqual(['Passkey']);
    await expectSoundPage(mine);

    const key = (await page.locator('#secret').textContent()) ?? '';
    const bits = [...key.replaceAll(' ', '')].map((letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    );
    const seed = Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
    await tabTo(page, 'Code of six digits');
    await page.keyboard.type(codeAt(seed, usher.now()));
    await press('Set up the app');
    expect(await listed()).toEqual(['Passkey', 'Authenticator app']);

    // Another day: the same device confirms.
    usher.passMinutes(30);
    await openPage();
    await expectSoundPage(mine);
    await press('Confirm that it is you');
    await expectSoundPage('Confirm that it is you');
    await press('Confirm with a passkey');
    await expectSoundPage(mine);
    await press('Remove the authenticator app');
    expect(await listed()).toEqual(['Passkey']);
  });

  it('asks again where a device did not check who uses it', async () => {
    const own = await device();
    await openPage();
    await press('Set up a passkey');
    usher.passMinutes(30);
    await openPage();
    await press('Confirm that it is you');
    await authenticator.send('WebAuthn.setUserVerified', { authenticatorId: own, isUserVerified: false });
    await tabTo(page, 'Confirm with a passkey');
    await page.keyboard.press('Enter');
    await page.getByText('That did not work, or was canceled').waitFor();
    // It can be tried again at once, where the focus is.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Confirm with a passkey');
    await authenticator.send('WebAuthn.setUserVerified', { authenticatorId: own, isUserVerified: true });
    await Promise.all([page.waitForNavigation(), page.keyboard.press('Enter')]);
    expect(await listed()).toEqual(['Passkey']);
  });

  it('says at the code that it is wrong, and goes on from there', async () => {
    await device();
    await openPage();
    await tabTo(page, 'Code of six digits');
    await page.keyboard.type('000000');
    await press('Set up the app');
    expect(await page.getByRole('alert').textContent()).toContain('Nothing was set up');
    await expectSoundPage(mine);
  });

  it('tells that a link was used', async () => {
    const link = await ask();
    await page.goto(link);
    await press('Yes, go on');
    await page.goto(link);
    await expectSoundPage('This link no longer works');
  });
});
