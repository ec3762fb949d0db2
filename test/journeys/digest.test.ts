import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tellDigests } from '../../src/commands/digest.ts';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { guestsAddress } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

// One story, told in order: Ada is in Teams, Paul in Slack, and Nora in no chat; all three manage resources.
describe('the weekly digest', () => {
  let t: TestUsher;
  let guest: TeamsPerson;
  let ada: TeamsPerson;
  let paul: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ({ guest, admin: ada } = t);
    paul = t.slack.approver;
    await ada.open();
    await paul.command('help');
    await paul.see('Paul Approver');
    await ada.say('assign approver@contoso.example --role Owner --scope contoso --active --for 90d --because "Helps"');
    await ada.say('assign nora@contoso.example --role Owner --scope production --active --for 90d --because "Helps"');
    await ada.say(`invite ${guestsAddress} --role Contributor --scope rg-expenses --for 90d --name "Gia Guest"`);
    await redeem(t.mails, guestsAddress);
    await guest.open();
    await paul.see(/A role was given to you\nActive[\s\S]*Owner/);
  });
  afterAll(() => t?.stop());

  const digests = () => t.usher.prisma.card.count({ where: { name: 'digest' } });
  const atMonday = (minutes: number) => {
    const now = t.now();
    const day = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate() + 1));
    while (day.getUTCDay() !== 1) day.setUTCDate(day.getUTCDate() + 1);
    // At five in the afternoon, UTC, it is Monday’s morning or later for everybody here.
    t.passMinutes((day.getTime() - now.getTime()) / 60_000 + 17 * 60 + minutes);
  };
  /** As two workers do it, at the same time. */
  const twice = async () => {
    const now = t.now();
    await Promise.all([1, 2].map(() => tellDigests(t.usher.reads, t.usher.pipeline, now)));
  };

  it('is shown when somebody asks, with what they may see', async () => {
    await ada.say('digest');
    const all = textOf((await ada.see('Weekly digest')).card ?? {});
    expect(all).toMatch(/Eligible assignments: 2[\s\S]*Requests that wait for approval: 0[\s\S]*Nothing\./);
    await paul.command('digest');
    expect(shownText(await paul.see('Weekly digest'))).toMatch(/Eligible assignments: 2/);
    await guest.say('digest');
    await guest.see('To read the weekly digest of administrators you need one of these roles');
    expect(await digests()).toBe(0);
  });

  it('comes on Monday to everybody who manages something, in chat, else by mail, and once though two workers tell it', async () => {
    await guest.say('activate Contributor --for 2h --because "Month end"');
    await guest.see('Waiting for approval');
    atMonday(0);
    await twice();
    await eventually(async () => (await digests()) === 3, 'three digests');
    await ada.see(/Weekly digest[\s\S]*Requests that wait for approval: [01]/);
    await paul.see(/Weekly digest[\s\S]*Requests that wait for approval: [01]/);
    const mail = await t.mails.see('nora@contoso.example', /Weekly digest/);
    expect(mail.text).toContain('Eligible assignments: 1');
    t.passMinutes(60);
    await twice();
    expect(await digests()).toBe(3);
  });

  it('comes no more to whoever has turned it off, until they turn it on', async () => {
    await paul.command('digest off');
    await paul.see('You have turned it off');
    atMonday(0);
    await twice();
    await eventually(async () => (await digests()) === 5, 'two digests more');
    await paul.command('digest on');
    // The list that he asked for before says so, too.
    await eventually(
      async () => (await t.usher.reads.personByMail('approver@contoso.example'))?.digest === true,
      'what he has turned on',
    );
    await paul.see('It comes every Monday morning.');
    await twice();
    await eventually(async () => (await digests()) === 6, 'one more');
  });
});
