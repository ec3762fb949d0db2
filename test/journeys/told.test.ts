import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { wallTime } from '../../src/domain/instant.ts';
import { quietHoursText, timeZoneOf } from '../../src/domain/quiet-hours.ts';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { guestsAddress } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const watch = 'watch@auditors.example';

// One story, told in order: Ada and the guest are in Teams, Paul is in Slack; both manage the resources.
describe('who manages a role', () => {
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
    await ada.say('assign approver@contoso.example --role Owner --scope contoso --active --for 30d --because "Helps"');
    await paul.see(/A role was given to you\nActive[\s\S]*Owner/);
  });
  afterAll(() => t?.stop());

  /** Saves what a command proposes. */
  const settings = async (words: string) => {
    await ada.say(`settings ${words}`);
    const confirm = await ada.see('Save these settings?');
    const { card } = await ada.click('Save', {}, { message: confirm });
    expect(textOf(card ?? {})).toContain('Saved.');
  };
  /** Hours of Paul’s own clock around now. */
  const hoursAround = async (before: number, after: number) => {
    const person = await t.usher.reads.personByMail('approver@contoso.example');
    const zone = timeZoneOf(await t.usher.reads.chatAccountsOf(person?.id as never));
    const { hour } = wallTime(t.now(), zone);
    return quietHoursText({ from: ((hour + 24 - before) % 24) * 60, to: ((hour + after) % 24) * 60 });
  };

  it('is told of an assignment that another makes', async () => {
    await ada.say(`invite ${guestsAddress} --role Reader --scope rg-expenses --for 90d --name "Gia Guest"`);
    await paul.see(/Assignment[\s\S]*Eligible[\s\S]*Gia Guest[\s\S]*Reader/);
    await redeem(t.mails, guestsAddress);
    await guest.open();
    await guest.see('Gia Guest');
    const managed = {
      name: 'managed',
      recipientId: (await t.usher.reads.personByMail('admin@contoso.example'))?.id ?? null,
    };
    // Of Paul’s, which she made.
    expect(await t.usher.prisma.card.count({ where: managed })).toBe(1);
  });

  it('is told of a change of settings, before and after', async () => {
    await settings(
      `reader --scope contoso --set approval=off --set ticket=on --set notifications.activated.admin.extra=${watch}`,
    );
    const told = shownText(await paul.see(/Settings of a role changed[\s\S]*Reader/));
    expect(told).toMatch(/Changed by: Ada Administrator[\s\S]*off → on/);
    expect(ada.find('Settings of a role changed')).toBeUndefined();
  });

  it('is told of an activation once it has taken effect, as are addresses that settings name, by mail', async () => {
    await guest.say('activate Reader --for 2h --ticket INC-7 --because "Month end"');
    const card = shownText(await paul.see(/Role activated[\s\S]*Month end/));
    expect(card).toMatch(/Active[\s\S]*Gia Guest[\s\S]*INC-7[\s\S]*No approval was needed/);
    await ada.see(/Role activated[\s\S]*Month end/);
    const mail = await t.mails.see(watch, /Role activated/);
    expect(mail.text).toContain('Month end');
    expect(mail.text).not.toContain('Remove');
  });

  it('sees on that message that it has ended', async () => {
    t.passMinutes(121);
    await paul.see(/Role activated[\s\S]*the access is gone[\s\S]*Month end/);
    await ada.see(/Role activated[\s\S]*the access is gone[\s\S]*Month end/);
  });

  it('is asked at once when settings name them for a request that waits', async () => {
    await settings('reader --scope contoso --set ticket=off --set approvers=nora@contoso.example');
    await guest.say('activate Reader --for 2h --because "Waits for Nora"');
    await guest.see('Waiting for approval');
    expect(paul.find('Waits for Nora')).toBeUndefined();
    await settings('reader --scope contoso --set approvers=nora@contoso.example,approver@contoso.example');
    await paul.see(/Access request[\s\S]*Waits for Nora/);
    expect(ada.find('Waits for Nora')).toBeUndefined();
  });

  it('has quiet hours, which news waits for and requests do not', async () => {
    await paul.command('quiet 99-100');
    await paul.see('has to be like 22:00-07:00, or off');
    const hours = await hoursAround(1, 3);
    await paul.command(`quiet ${hours}`);
    expect(shownText(await paul.see(/Quiet hours[\s\S]*Every day/))).toContain(hours);

    await settings('reader --scope contoso --set ticket=on');
    const change = await eventually(
      () => t.usher.prisma.card.findFirst({ where: { name: 'settings-changed', notBefore: { not: null } } }),
      'the news that is held back',
    );
    expect(change).toMatchObject({ messageId: null });
    await settings('contributor --scope contoso --set approvers=approver@contoso.example');
    await ada.say(`assign ${guestsAddress} --role Contributor --scope rg-expenses --for 30d`);
    await guest.see('Contributor');
    await guest.say('activate Contributor --for 2h --because "At night"');
    await paul.see(/Access request[\s\S]*At night/);
    expect(paul.find(/Settings of a role changed[\s\S]*Contributor/)).toBeUndefined();
  });

  it('gets it when they are over', async () => {
    t.passMinutes(180);
    await paul.see(/Settings of a role changed[\s\S]*Contributor/);
    await eventually(
      async () => (await t.usher.prisma.card.count({ where: { name: 'settings-changed', messageId: null } })) === 0,
      'all of the news',
    );
  });

  it('gets it at once when they turn them off', async () => {
    await paul.command(`quiet ${await hoursAround(1, 3)} --weekends`);
    await paul.see(/Quiet hours[\s\S]*All of Saturday and Sunday/);
    await settings('owner --scope contoso --set maximum=1h');
    await eventually(
      () =>
        t.usher.prisma.card.findFirst({
          where: { name: 'settings-changed', notBefore: { not: null }, messageId: null },
        }),
      'the news that is held back',
    );
    await paul.command('quiet off');
    await paul.see('You have none');
    await paul.see(/Settings of a role changed[\s\S]*Owner[\s\S]*1 hour/);
  });

  it('sees them in Teams as well', async () => {
    await ada.say('quiet');
    await ada.see('You have none');
    await ada.say('quiet 22:00-07:00 --weekends');
    expect(textOf((await ada.see('Every day: 22:00-07:00')).card ?? {})).toContain('All of Saturday and Sunday, too.');
    await ada.say('quiet off');
    await ada.see('You have none');
  });
});
