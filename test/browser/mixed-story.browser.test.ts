import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchBrowser } from '../support/browser.ts';
import { openPlayground, type PlaygroundPage } from '../support/playground-page.ts';
import { openSlack, type SlackPage } from '../support/slack-page.ts';
import { type Demo, startCompiledDemo } from '../support/start-demo.ts';
import { openStartPage, type StartPage } from '../support/start-page.ts';

const why = 'Closing the quarter';
const whyAgain = 'The web server is slow';

describe('a request with one approver in Slack and one in Teams', () => {
  let demo: Demo;
  let browser: Browser;
  let startPage: StartPage;
  let admin: SlackPage;
  let nora: SlackPage;
  let paul: PlaygroundPage;
  let guest: PlaygroundPage;

  beforeAll(async () => {
    [demo, browser] = await Promise.all([startCompiledDemo(), launchBrowser()]);
    const { origin } = new URL(demo.slack);
    [startPage, admin, nora, paul, guest] = await Promise.all([
      openStartPage(browser, demo.url),
      openSlack(browser, origin, 'U_ADMIN'),
      openSlack(browser, origin, 'U_APPROVER2'),
      openPlayground(browser, demo.chats.approver),
      openPlayground(browser, demo.chats.guest),
    ]);
    // From now on she can be written to.
    await nora.home();
    await nora.see('Nothing waits for you.');
    for (const scope of ['rg-expenses', 'rg-web'])
      await admin.say(`/usher invite guest@partner.example --role Contributor --scope ${scope} --eligible --for 30d`);
    await startPage.acceptInvitation();
  });
  afterAll(async () => {
    await browser?.close();
    await demo?.stop();
  });

  it('is asked in Teams, and reaches both', async () => {
    await guest.say(`activate Contributor --scope rg-expenses --for 1h --because "${why}"`);
    await guest.readUntil('Your request', why);
    expect(await paul.readUntil('Access request', why)).toContain('Waiting for approval');
    expect(await paul.buttons('Access request')).toEqual(['Approve', 'Deny', 'History']);
    await nora.messages();
    expect(await nora.see(why)).toContain('Waiting for approval');
    expect(await nora.buttons(why)).toEqual(['Approve', 'Deny', 'History']);
  });

  it('is approved in Slack, and both copies say by whom, without buttons', async () => {
    await nora.press('Approve', why);
    await nora.fill('Why do you approve?', 'Agreed with finance');
    await nora.submit('Send approval');
    const inSlack = await nora.see(/Active until[\s\S]*Closing the quarter/);
    const inTeams = await paul.readUntil(why, 'Active until');
    for (const copy of [inSlack, inTeams]) {
      expect(copy).toContain('Approved by: Nora Nguyen');
      expect(copy).toContain('Agreed with finance');
    }
    expect(await nora.buttons(why)).toEqual(['History']);
    expect(await paul.buttons(why)).toEqual(['History']);
    expect(await guest.readUntil(why, 'Active until')).toContain('Approved by: Nora Nguyen');
  });

  it('is denied in Teams the next time, and both copies say by whom and why', async () => {
    await guest.say(`activate Contributor --scope rg-web --for 1h --because "${whyAgain}"`);
    await nora.see(whyAgain);
    await paul.readUntil('Access request', whyAgain);
    await paul.click(whyAgain, 'Deny');
    await paul.fill(whyAgain, { 'Why do you deny?': 'Ask the web team' });
    await paul.click(whyAgain, 'Send denial');
    const inTeams = await paul.readUntil(whyAgain, 'Denied – no access was given');
    const inSlack = await nora.see(/Denied – no access was given[\s\S]*The web server is slow/);
    for (const copy of [inSlack, inTeams]) {
      expect(copy).toContain('Denied by: Paul Approver');
      expect(copy).toContain('Ask the web team');
    }
    expect(await nora.buttons(whyAgain)).toEqual(['History']);
    expect(await paul.buttons(whyAgain)).toEqual(['History']);
    expect(await guest.readUntil(whyAgain, 'Denied')).toContain('Ask the web team');
  });

  it('leaves both on one record, each with where it was decided', async () => {
    await admin.say('/usher audit');
    const record = await admin.see('Audit record');
    expect(record).toMatch(/Activation approved\nBy: Nora Nguyen[\s\S]*?· slack/);
    expect(record).toMatch(/Activation denied\nBy: Paul Approver[\s\S]*?· teams/);
  });
});
