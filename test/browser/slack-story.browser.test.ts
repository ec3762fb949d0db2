import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { axeFindings, expectSound } from '../support/expect-sound.ts';
import { codeIn } from '../support/redeem.ts';
import { openSlack, type SlackPage } from '../support/slack-page.ts';
import { type Demo, startCompiledDemo } from '../support/start-demo.ts';
import { openStartPage, type StartPage } from '../support/start-page.ts';

/** What would be bold, a mention, a link, an emoji or an instant, were it not shown as it is. */
const hostile = '*x* _y_ <!channel> <@U_ADMIN> <http://x|a> :tada: &lt; ${z} {{DATE(2026-01-01T00:00:00Z)}}';
const guestsAddress = 'guest@partner.example';
const phone: BrowserContextOptions = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };

describe('a newcomer who clicks through the demo, in Slack', () => {
  let demo: Demo;
  let browser: Browser;
  let startPage: StartPage;
  let admin: SlackPage;
  /** At their telephone. */
  let approver: SlackPage;
  let secondApprover: SlackPage;
  let guest: SlackPage;
  let outsider: SlackPage;
  const complaints: string[] = [];

  const open = async (userId: string, options?: BrowserContextOptions) => {
    const opened = await openSlack(browser, new URL(demo.slack).origin, userId, options);
    opened.page.on('pageerror', (error) => complaints.push(error.message));
    opened.page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
    });
    return opened;
  };

  beforeAll(async () => {
    [demo, browser] = await Promise.all([startCompiledDemo(), launchBrowser()]);
    [startPage, admin, approver, secondApprover, guest, outsider] = await Promise.all([
      openStartPage(browser, demo.url),
      open('U_ADMIN'),
      open('U_APPROVER', phone),
      open('U_APPROVER2'),
      open('U_GUEST'),
      open('U_OUTSIDER'),
    ]);
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('shows everybody their Home, and the guest only the way to connect', async () => {
    await Promise.all([admin, approver, secondApprover, guest].map((one) => one.home()));
    expect(await admin.see('Ada Administrator')).toContain('Invite a guest');
    expect(await approver.see('Paul Approver')).toContain('Nothing waits for you.');
    expect(await secondApprover.see('Nora Nguyen')).toContain('Nothing waits for you.');
    expect(await guest.see('Connect your account')).not.toContain('Active now');
  });

  it('invites in a modal with a keyboard alone, past a fault at its field', async () => {
    const { keyboard } = admin.page;
    const focusedLabel = () =>
      admin.page.evaluate(() => {
        const focused = document.activeElement as HTMLInputElement | null;
        return focused?.labels?.[0]?.textContent ?? focused?.getAttribute('aria-label') ?? '';
      });
    await admin.messages();
    for (let step = 0; step < 20 && (await focusedLabel()) !== 'Message to Usher'; step += 1)
      await keyboard.press('Tab');
    await keyboard.type('/usher invite');
    await keyboard.press('Enter');
    await admin.see('Send invitation');
    expect(await focusedLabel()).toBe('E-mail address');
    await keyboard.type('eve@blocked.example');
    await keyboard.press('Enter');
    await admin.see('does not allow guests from blocked.example');
    expect(Object.keys(await admin.errors())).toEqual(['E-mail address']);
    expect(await focusedLabel()).toBe('E-mail address');
    await expectSound(admin.page);
    await keyboard.press('Control+A');
    await keyboard.type('other@partner.example');
    await keyboard.press('Enter');
    expect(await admin.see('The invitation to other@partner.example is on its way.')).toContain('Only visible to you');
    expect(await admin.modal()).toBeNull();
    expect(await focusedLabel()).toBe('Message to Usher');
  });

  it('invites by a command, and sees that it waits for the guest', async () => {
    await admin.say(
      `/usher invite ${guestsAddress} --role Contributor --scope rg-expenses --eligible --for 90d --message "Welcome"`,
    );
    const card = await admin.see(/Sent – waiting for the guest[\s\S]*guest@partner\.example/);
    expect(card).toContain('Contributor');
    expect(card).toContain('rg-expenses');
  });

  it('accepts as the guest, by the link and the code in the mails', async () => {
    expect((await startPage.readMail('You have been invited')).text).toContain('Welcome');
    await startPage.acceptInvitation();
    await admin.see(/Accepted[\s\S]*guest@partner\.example/);
  });

  it('connects the guest’s account in a modal, past a wrong code', async () => {
    await guest.say('/usher roles');
    await guest.see('Connect your account');
    await guest.fill('E-mail address', guestsAddress);
    await guest.submit('Send me a code');
    await guest.see('Enter your code');
    const { text } = await startPage.readMail('Your code', 'connect your chat account');
    await guest.fill('Code', codeIn(text) === '00000000' ? '11111111' : '00000000');
    await guest.submit('Connect');
    expect(await guest.errors()).toEqual({ Code: expect.stringContaining('That code is wrong') });
    await guest.fill('Code', codeIn(text));
    await guest.submit('Connect');
    await guest.see('I know you now.');
    expect(await guest.modal()).toBeNull();
  });

  it('asks to activate the role, in a modal that Home opens', async () => {
    await guest.home();
    await guest.see('Contributor');
    await guest.press('Activate');
    await guest.choose('How long?', '1 hour');
    await guest.fill('Why do you need it?', hostile);
    await guest.submit('Ask for approval');
    expect(await guest.see(hostile)).toContain('Waiting for approval');
    await expectSound(guest.page);
  });

  it('shows on Home, without being opened again, what is asked and why, to the letter', async () => {
    for (const one of [approver, secondApprover]) {
      const home = await one.see(hostile);
      expect(home).toContain(guestsAddress);
      expect(home).toContain('1 hour');
      expect(await one.buttons()).toEqual(expect.arrayContaining(['Approve', 'Deny']));
    }
    await admin.messages();
    expect(await admin.see(/Access request[\s\S]*Waiting for approval/)).toContain(hostile);
    expect(await admin.page.locator('article a[href="http://x"]').count()).toBe(0);
  });

  it('approves from Home on a telephone', async () => {
    const width = () => approver.page.evaluate(() => document.documentElement.scrollWidth);
    expect(await width()).toBe(390);
    await approver.press('Approve');
    await approver.fill('Why do you approve?', 'Agreed with finance');
    expect(await width()).toBe(390);
    expect(await axeFindings(approver.page)).toEqual([]);
    await approver.submit('Send approval');
    const home = await approver.see('Nothing waits for you.');
    expect(home).not.toContain(hostile);
    expect(await approver.modal()).toBeNull();
  });

  it('changes every copy of the card, and takes its buttons away', async () => {
    for (const one of [approver, secondApprover, admin]) {
      await one.messages();
      const card = await one.see(/Access request[\s\S]*Active until/);
      expect(card).toContain('Approved by: Paul Approver');
      expect(card).toContain('Agreed with finance');
      expect(await one.buttons('Access request')).toEqual(['History']);
    }
    await guest.see(/Active until[\s\S]*Time left/);
    await guest.messages();
    expect(await guest.see(/Your request[\s\S]*Active until/)).toContain('Approved by: Paul Approver');
  });

  it('tells the guest what is active, and refuses to give it up in its first minutes', async () => {
    await guest.say('/usher status');
    expect(await guest.see('Your access')).toContain('Active until');
    await guest.press('Deactivate now', 'Your request');
    expect(await guest.see('first five minutes')).toContain('You can do it from');
    await guest.close();
    await guest.see(/Your request[\s\S]*Active until/);
  });

  it('decides several at once, with one reason', async () => {
    for (const scope of ['rg-web', 'rg-payroll']) {
      await admin.say(`/usher invite ${guestsAddress} --role Contributor --scope ${scope} --eligible --for 30d`);
      await guest.see(new RegExp(`Contributor[\\s\\S]*${scope}`));
      await guest.say(`/usher activate Contributor --scope ${scope} --for 1h --because "For ${scope}"`);
    }
    await secondApprover.home();
    await secondApprover.see(/For rg-[\s\S]*For rg-/);
    await secondApprover.press('Decide several');
    const choices =
      (await secondApprover.modal())?.match(/[0-9a-f]{8} guest@partner\.example: Contributor, 1 hour/g) ?? [];
    expect(choices).toHaveLength(2);
    await secondApprover.choose('Which ones?', ...choices);
    await secondApprover.choose('Your decision', 'Approve');
    await secondApprover.submit('Send decisions');
    expect(Object.keys(await secondApprover.errors())).toEqual(['Why?']);
    await secondApprover.fill('Why?', 'Both agreed');
    await secondApprover.submit('Send decisions');
    expect(await secondApprover.see('Nothing waits for you.')).not.toContain('For rg-');
    for (const scope of ['rg-web', 'rg-payroll'])
      expect(await guest.see(new RegExp(`Your request[\\s\\S]*Active until[\\s\\S]*For ${scope}`))).toContain(
        'Both agreed',
      );
  });

  it('refuses somebody of another organisation, where only they see it', async () => {
    await outsider.open('with-elsewhere');
    await outsider.say('@Usher roles');
    expect(await outsider.see('Not from this organisation')).toContain('Only visible to you');
    await admin.open('with-elsewhere');
    await admin.see('@Usher roles');
    await admin.seeNoMore('Not from this organisation', 1_000);
  });

  it('counts on the administrator’s Home what is active', async () => {
    await admin.home();
    expect(await admin.see('Activated now: 3')).toContain('Ada Administrator');
  });

  it('shows the administrator who did what, and that the record is intact', async () => {
    await admin.say('/usher audit');
    const record = await admin.see('Audit record');
    expect(record).toContain('Nora Nguyen');
    expect(record).toContain('Both agreed');
    await admin.say('/usher audit verify');
    expect(await admin.see('Audit record checked')).toContain('Intact – nothing was changed or removed');
  });

  it('leaves nothing for the browser to complain of', () => {
    expect(complaints).toEqual([]);
  });
});
