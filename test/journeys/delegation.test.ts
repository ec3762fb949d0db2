import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { personas, secondApprover } from '../../dev/demo-organisation.ts';
import { reference } from '../../src/domain/ids.ts';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { stagesAre } from '../support/role-settings.ts';
import { guestsAddress } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

// Paul, who approves, is in Slack; Gia, Nora and Ada are in Teams. Told in order.
describe('somebody who decides while another is away', () => {
  let t: TestUsher;
  let gia: TeamsPerson;
  let ada: TeamsPerson;
  let nora: TeamsPerson;
  let paul: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
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
    const { id } = await t.usher.prisma.person.findFirstOrThrow({ where: { displayName: 'Paul Approver' } });
    await stagesAre(t.usher.prisma, 'contributor', { approvers: [id] });
  });
  afterAll(() => t?.stop());

  const ask = (reason: string) => gia.say(`activate Contributor --for 1h --because "${reason}"`);
  const requestOf = (reason: string) =>
    t.usher.prisma.request.findFirstOrThrow({ where: { justification: reason }, orderBy: { createdAt: 'desc' } });
  const refOf = async (reason: string) => reference((await requestOf(reason)).id);
  const sees = (person: TeamsPerson, words: string) =>
    person.messages.some(({ card }) => card && textOf(card).includes(words));
  const delegations = () => t.usher.prisma.delegation.findMany({ orderBy: { createdAt: 'asc' } });

  it('is asked for by a form in Slack, is told in Teams, and gets what waits already', async () => {
    await ask('Waits already');
    await paul.see(/Waiting for approval[\s\S]*Waits already/);
    expect(sees(nora, 'Waits already')).toBe(false);
    await paul.command('delegate');
    await eventually(async () => paul.modal()?.includes('Who decides for you'), 'the form');
    await paul.type('Who decides for you', secondApprover.email);
    await paul.type('Until', '3h');
    await paul.type('Note', 'Call *me* <if> urgent');
    expect(await paul.submit()).toMatchObject({ ok: true, closed: true });
    const told = await nora.see(/You are asked to stand in[\s\S]*In force[\s\S]*Who is away: Paul Approver/);
    expect(textOf(told.card ?? {})).toContain('Call *me* <if> urgent');
    await paul.see(/Your approvals while you are away[\s\S]*Who decides: Nora Nguyen/);
    await nora.see(/You are asked in place of: Paul Approver[\s\S]*Waits already/);
  });

  it('decides in their place, and every copy and the history say so', async () => {
    const asked = await nora.see(/You are asked in place of: Paul Approver[\s\S]*Waits already/);
    await nora.click('Send approval', { justification: 'For Paul' }, { message: asked });
    await gia.see(/Active until[\s\S]*In place of: Paul Approver/);
    await paul.see(/Nora Nguyen[\s\S]*For Paul/);
    await paul.command(`approve ${await refOf('Waits already')} --because "Too late"`);
    await paul.see(/approved already by Nora Nguyen/);
    await gia.say(`history ${await refOf('Waits already')}`);
    await gia.see(/Nora Nguyen for Paul Approver/);
    t.passMinutes(6);
    await gia.say('deactivate');
    await eventually(
      async () => (await t.usher.prisma.directoryGrant.count({ where: { roleId: 'contributor' } })) === 0,
      'the end of access',
    );
  });

  it('leaves the decision to the one who is away, too', async () => {
    await ask('Either of them');
    await nora.see(/You are asked in place of: Paul Approver[\s\S]*Either of them/);
    await nora.say('approvals');
    await nora.see(
      /Waiting for your approval[\s\S]*You are asked in place of: [\s\S]*Paul Approver[\s\S]*Either of them/,
    );
    await paul.command(`deny ${await refOf('Either of them')} --because "Decided myself"`);
    await nora.see(/Denied[\s\S]*Decided myself/);
  });

  it('is one at a time, for oneself, and a member', async () => {
    await paul.command(`delegate --to ${personas[2]?.email ?? ''} --until 2d`);
    await paul.see(/Somebody stands in for you already/);
    await ada.say(`delegate --to ${guestsAddress} --until 2d`);
    await ada.see(/is a guest; only members of the organisation decide for others/);
    await ada.say('delegate --to Ada --until 2d');
    await ada.see(/You can’t stand in for yourself/);
    await ada.say('delegate --to Nora --until 91d');
    await ada.see(/90 days at most/);
    expect(await delegations()).toHaveLength(1);
  });

  it('ends by itself: what waits is no longer the stand-in’s, and both are told', async () => {
    await ask('After the end');
    await nora.see(/You are asked in place of: Paul Approver[\s\S]*After the end/);
    t.passMinutes(3 * 60);
    await nora.see(/You are asked to stand in[\s\S]*Over[\s\S]*Its time is over/);
    await paul.see(/Your approvals while you are away[\s\S]*Its time is over/);
    await nora.see(/Others decide now; you have nothing to do[\s\S]*After the end/);
    await nora.forge('approve', { requestId: (await requestOf('After the end')).id, justification: 'Too late' });
    expect((await requestOf('After the end')).status).toBe('PendingApproval');
    await paul.command(`deny ${await refOf('After the end')} --because "Back again"`);
    await nora.see(/Denied[\s\S]*Back again/);
  });

  it('is asked for in Teams, to begin later, and declined there', async () => {
    await nora.say('delegate');
    await nora.see(/While you are away/);
    const wrong = await nora.click('Ask them', { to: 'Ada', until: 'soon' });
    expect(textOf(wrong.card ?? {})).toContain('“soon” is no time');
    await nora.click('Ask them', { to: personas[2]?.email ?? '', from: '1h', until: '2d', note: '' });
    await nora.see(/Your approvals while you are away[\s\S]*Begins later[\s\S]*Ada Administrator/);
    const asked = await ada.see(/You are asked to stand in[\s\S]*Begins later[\s\S]*Nora Nguyen/);
    await ada.say('delegate');
    await ada.see(/You stand in for others[\s\S]*Nora Nguyen/);
    const declined = await ada.click('Decline', {}, { message: asked, times: 2 });
    expect(textOf(declined.card ?? {})).toContain('You have declined');
    await nora.see(/Your stand-in has declined/);
    expect((await delegations()).at(-1)).toMatchObject({ status: 'Ended', why: 'declined' });
  });

  it('begins when its time has come, after a while, and is stopped by a button in Slack', async () => {
    await ask('Before it begins');
    await paul.see(/Waiting for approval[\s\S]*Before it begins/);
    await paul.command(`delegate --to ${secondApprover.email} --from 30m --until 5d --note Seminar all week`);
    await nora.see(/You are asked to stand in[\s\S]*Begins later[\s\S]*Seminar all week/);
    expect(sees(nora, 'Before it begins')).toBe(false);
    t.passMinutes(31);
    await nora.see(/You are asked in place of: Paul Approver[\s\S]*Before it begins/);
    await paul.command('delegate');
    await paul.see(/Your approvals while you are away[\s\S]*In force[\s\S]*Seminar all week/);
    await paul.press('Stop', { in: 'Seminar all week' });
    await nora.see(/They have stopped it/);
    expect(shownText(await paul.see('You have stopped it'))).toContain('Nora Nguyen');
    await nora.see(/Others decide now; you have nothing to do[\s\S]*Before it begins/);
    await paul.command('delegate off');
    await paul.see(/There is no standing in of yours that has not ended/);
    const facts = await t.usher.prisma.auditEntry.findMany({
      where: { action: { startsWith: 'delegation.' } },
      orderBy: { sequence: 'asc' },
    });
    expect(facts.map(({ action }) => action.replace('delegation.', ''))).toEqual(
      'set end set decline set begin stop'.split(' '),
    );
  });
});
