import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { secondApprover } from '../../dev/demo-organisation.ts';
import { reference } from '../../src/domain/ids.ts';
import { RetryLater } from '../../src/surfaces/surface.ts';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { colleague } from '../support/colleague.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { rulesOf, stagesAre } from '../support/role-settings.ts';
import { guestsAddress } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';
import { expenses } from '../support/waiting-requests.ts';

const unreachable = 'mia@contoso.example';

// Gia, Ada and Nora are in Teams, Paul is in Slack. Told in order.
describe('an approval by several', () => {
  let t: TestUsher;
  let gia: TeamsPerson;
  let ada: TeamsPerson;
  let nora: TeamsPerson;
  let paul: SlackPerson;
  const idOf: Record<string, string> = {};
  beforeAll(async () => {
    t = await startTestUsher({
      slack: true,
      wrap: {
        mail: (mail) => ({
          ...mail,
          send: async (one) => {
            if (one.to === unreachable) throw new RetryLater('550 no such mailbox', 0);
            return mail.send(one);
          },
        }),
      },
    });
    gia = t.guest;
    ada = t.admin;
    nora = t.teams.person({ name: secondApprover.displayName, aadObjectId: secondApprover.aadObjectId });
    paul = t.slack.approver;
    await ada.open();
    await ada.say(`invite ${guestsAddress} --role Contributor --scope rg-expenses --for 90d --name "Gia Guest"`);
    await redeem(t.mails, guestsAddress);
    await gia.open();
    await nora.open();
    await paul.command('help');
    await paul.see('Paul Approver');
    for (const { id, displayName } of await t.usher.prisma.person.findMany()) idOf[displayName] = id;
  });
  afterAll(() => t?.stop());

  const [paulId, noraId, adaId] = ['Paul Approver', 'Nora Nguyen', 'Ada Administrator'].map(
    (name) => () => idOf[name] as string,
  ) as [() => string, () => string, () => string];
  const stages = (...of: Parameters<typeof stagesAre> extends [unknown, unknown, ...infer S] ? S : never) =>
    stagesAre(t.usher.prisma, 'contributor', ...of);
  const ask = (reason: string, hours = 2) => gia.say(`activate Contributor --for ${hours}h --because "${reason}"`);
  const requestOf = (reason: string) =>
    t.usher.prisma.request.findFirstOrThrow({ where: { justification: reason }, orderBy: { createdAt: 'desc' } });
  const refOf = async (reason: string) => reference((await requestOf(reason)).id);
  const grants = () => t.usher.prisma.directoryGrant.count({ where: { roleId: 'contributor' } });
  const give = async () => {
    t.passMinutes(6);
    await gia.say('deactivate');
    await eventually(async () => (await grants()) === 0, 'the end of access');
  };

  it('goes from stage to stage, and every copy in both chats tells how far it is', async () => {
    await stages({ approvers: [paulId()] }, { approvers: [noraId(), paulId()] });
    await ask('Two stages');
    await paul.see(/Waiting for approval[\s\S]*Stage: 1 of 2[\s\S]*Two stages/);
    await gia.see(/Waiting for approval[\s\S]*Stage: 1 of 2[\s\S]*Two stages/);
    expect(nora.messages.some(({ card }) => card && textOf(card).includes('Two stages'))).toBe(false);

    await paul.press('Approve', { in: 'Two stages' });
    await eventually(async () => paul.modal()?.includes('Send approval'), 'the form');
    await paul.choose('How long? You may shorten it.', '1 hour');
    await paul.type(/^Why do you/, 'First of two');
    expect(await paul.submit()).toMatchObject({ ok: true, closed: true });

    const told = /Stage: 2 of 2[\s\S]*Approved by: Paul Approver[\s\S]*stage 1, shortened to 1 hour: First of two/;
    const asked = await nora.see(told);
    await gia.see(told);
    expect(shownText(await paul.see(told))).toContain('Others decide now');
    expect(await grants()).toBe(0);

    await nora.click('Send approval', { justification: 'Second of two' }, { message: asked });
    await gia.see(/Active until[\s\S]*Approved by: Nora Nguyen[\s\S]*First of two[\s\S]*Shortened to: 1 hour/);
    await paul.see(/Active until[\s\S]*Second of two/);
    expect(await grants()).toBe(1);
    await give();
  });

  it('takes a quorum, each once, and says whose word it has', async () => {
    await stages({ approvers: [paulId(), noraId(), adaId()], quorum: 2 });
    await ask('Two of three');
    const asked = await nora.see(/Approvals so far: 0 of 2[\s\S]*Two of three/);
    await nora.click('Send approval', { justification: 'One of us' }, { message: asked });
    await ada.see(/Approvals so far: 1 of 2[\s\S]*Nora Nguyen[\s\S]*One of us/);
    await gia.see(/Approvals so far: 1 of 2[\s\S]*One of us/);
    await nora.say(`approve ${await refOf('Two of three')} --because "Again"`);
    await nora.see(/everybody decides once/);
    expect(await grants()).toBe(0);
    await paul.command(`approve ${await refOf('Two of three')} --for 3h --because "Longer"`);
    await paul.see(/An approver may shorten what was asked for, which is 2 hours, and not lengthen it/);
    await paul.command(`approve ${await refOf('Two of three')} --because "Both of us"`);
    await gia.see(/Active until[\s\S]*Both of us[\s\S]*One of us/);
    expect(await grants()).toBe(1);
    await give();
  });

  it('asks a guest for what guests are asked for above, also at a smaller scope with settings of its own', async () => {
    const at = (scopeId: string, audience: string, rules: Parameters<typeof rulesOf>[0]) =>
      t.usher.prisma.roleSettings.create({
        data: { roleId: 'contributor', scopeId, audience, version: 1, rules: rulesOf(rules) },
      });
    await at(expenses, 'guests', { ticketRequired: true, activationMaximumMinutes: 60 });
    await at(`${expenses}/storageAccounts/receipts`, 'everyone', {});
    await gia.say('activate Contributor --scope receipts --for 1h --because "Only receipts"');
    await gia.see(/This role asks for the number of a ticket/);
    await gia.say('activate Contributor --scope receipts --for 2h --because "Only receipts" --ticket INC-7');
    await gia.see(/active for 1 hour at the most/);
    await gia.say('activate Contributor --scope receipts --for 1h --because "Only receipts" --ticket INC-7');
    await gia.see(/Active until[\s\S]*Only receipts/);
    await give();
    await t.usher.prisma.roleSettings.deleteMany({
      where: { roleId: 'contributor', OR: [{ audience: 'guests' }, { scopeId: { endsWith: 'receipts' } }] },
    });
  });

  it('asks backups when the approvers take too long, and tells them why', async () => {
    await stages({ approvers: [paulId()], backups: [noraId()] });
    await ask('Nobody answers');
    await paul.see(/Waiting for approval[\s\S]*Nobody answers/);
    await nora.say(`approve ${await refOf('Nobody answers')} --because "Too early"`);
    await nora.see(/There is no request like that for you|You are not an approver/);
    t.passMinutes(31);
    const asked = await nora.see(
      /You are asked as a backup: the approvers have not decided in their time[\s\S]*Nobody answers/,
    );
    await nora.say('approvals');
    await nora.see(/Waiting for your approval[\s\S]*Nobody answers/);
    await nora.click('Send approval', { justification: 'For the team' }, { message: asked });
    await gia.see(/Active until[\s\S]*For the team/);
    await paul.see(/Active until[\s\S]*Nora Nguyen[\s\S]*For the team/);
    await give();
  });

  it('asks backups in both chats when no approver could be reached, and tells administrators so', async () => {
    const mia = await colleague(t, { displayName: 'Mia Manager', mail: unreachable });
    await stages({ approvers: [mia.id], backups: [noraId(), paulId()] });
    await ask('Nobody hears');
    const why = /You are asked as a backup: no approver could be reached[\s\S]*Nobody hears/;
    // Ten tries come before.
    await nora.see(why, 60_000);
    await paul.see(why);
    await ada.see(/Mia Manager[\s\S]*550 no such mailbox/);
    await paul.command(`approve ${await refOf('Nobody hears')} --because "In her place"`);
    await gia.see(/Active until[\s\S]*In her place/);
    expect(textOf((await nora.see(/Active until[\s\S]*In her place/)).card ?? {})).toContain('Paul Approver');
    await give();
  });

  it('reminds those who have not decided, and only those', async () => {
    await stages({ approvers: [paulId(), noraId()], quorum: 2 });
    await ask('Slow people');
    const asked = await nora.see(/Waiting for approval[\s\S]*Slow people/);
    await nora.click('Send approval', { justification: 'Quick' }, { message: asked });
    const copies = (recipientId: string) =>
      requestOf('Slow people').then(({ id }) =>
        t.usher.prisma.card.count({ where: { subjectId: id, recipientId, name: 'approval' } }),
      );
    expect([await copies(noraId()), await copies(paulId())]).toEqual([1, 1]);
    t.passMinutes(12 * 60 + 1);
    await eventually(async () => (await copies(paulId())) === 2, 'a reminder to Paul');
    expect(await copies(noraId())).toBe(1);
    await paul.command(`deny ${await refOf('Slow people')} --because "No longer needed"`);
    await gia.see(/Denied[\s\S]*No longer needed/);
  });

  it('is refused at once where too few could approve', async () => {
    await stages({ approvers: [paulId(), noraId()] }, { approvers: [noraId()], quorum: 2 });
    await ask('Hopeless');
    await gia.see(/approvals in 2 stages, and too few others than you could approve in stage 2/);
  });

  it('tells who types a decision too late whose it was, and takes no words for numbers', async () => {
    const ref = await refOf('Slow people');
    await nora.say(`approve ${ref} --because "Late"`);
    await nora.see(/This request was denied already by Paul Approver/);
    await nora.say('approve all fine');
    await nora.see(/“all fine” is not the number of a request; nothing was decided/);
    await paul.command('approve all fine');
    await paul.see(/“all fine” is not the number of a request; nothing was decided/);
  });
});
