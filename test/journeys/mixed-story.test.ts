import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { guestsAddress } from '../support/slack-guest.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

// One story, told in order: the guest and Ada are in Teams, Paul is in Slack, and later in both.
describe('the story in Teams and Slack at once', () => {
  let t: TestUsher;
  let guest: TeamsPerson;
  let ada: TeamsPerson;
  let paul: SlackPerson;
  let paulInTeams: TeamsPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ({ guest, admin: ada, approver: paulInTeams } = t);
    paul = t.slack.approver;
    await ada.open();
    await ada.say(`invite ${guestsAddress} --role Contributor --scope rg-expenses --for 90d --name "Gia Guest"`);
    await redeem(t.mails, guestsAddress);
    await guest.open();
    await paul.command('help');
    await paul.see('Paul Approver');
  });
  afterAll(() => t?.stop());

  const grants = () => t.usher.prisma.directoryGrant.count({ where: { roleId: 'contributor' } });
  /** Each has one card about this, and it says so. */
  const everywhere = async (reason: string, words: RegExp, { slack = true }: { slack?: boolean } = {}) => {
    const about = new RegExp(`${words.source}[\\s\\S]*${reason}`);
    await guest.see(about);
    await ada.see(about);
    if (slack) await paul.see(about);
  };
  const ask = (reason: string, hours = 2) => guest.say(`activate Contributor --for ${hours}h --because "${reason}"`);
  const decideInSlack = async (button: 'Approve' | 'Deny', about: string, because: string) => {
    await paul.press(button, { in: about });
    const label = button === 'Approve' ? 'Send approval' : 'Send denial';
    await eventually(async () => paul.modal()?.includes(label), 'the form');
    await paul.type(/^Why do you/, because);
    return paul.submit();
  };

  it('asks each approver where they are', async () => {
    await ask('Mixed one');
    expect(shownText(await paul.see(/Access request\nWaiting for approval[\s\S]*Mixed one/))).toContain('Gia Guest');
    expect(textOf((await ada.see('Mixed one')).card ?? {})).toContain('Gia Guest');
    expect(paulInTeams.messages).toEqual([]);
  });

  it('shows an approval from Slack on every copy', async () => {
    expect(await decideInSlack('Approve', 'Mixed one', 'Agreed <in> *Slack*')).toMatchObject({
      ok: true,
      closed: true,
    });
    await everywhere('Mixed one', /Active until[\s\S]*Paul Approver[\s\S]*Agreed <in> \*Slack\*/);
    expect(JSON.stringify((await ada.see('Mixed one')).card)).not.toContain('"approve"');
    expect(await grants()).toBe(1);
  });

  it('tells the late approver in Teams whose decision it was', async () => {
    const result = await ada.forge('deny', {
      requestId: (await t.usher.prisma.request.findFirstOrThrow({ where: { justification: 'Mixed one' } })).id,
      justification: 'Too late',
    });
    expect(textOf(result.card ?? {})).toMatch(/Active until[\s\S]*Paul Approver/);
    expect(await grants()).toBe(1);
  });

  it('shows the end of access on every copy', async () => {
    t.passMinutes(121);
    await eventually(async () => (await grants()) === 0, 'the end of access');
    await everywhere('Mixed one', /Ended – the access is gone/);
  });

  it('shows an approval from Teams on every copy', async () => {
    await ask('Mixed two');
    const asked = await ada.see('Mixed two');
    await paul.see(/Waiting for approval[\s\S]*Mixed two/);
    await ada.click('Send approval', { justification: 'Agreed in Teams' }, { message: asked });
    await everywhere('Mixed two', /Active until[\s\S]*Ada Administrator[\s\S]*Agreed in Teams/);
    expect(shownText(await paul.see('Mixed two'))).not.toMatch(/\[Approve\]|\[Deny\]/);
    expect(await grants()).toBe(1);
  });

  it('tells the late approver in Slack whose decision it was', async () => {
    const { id } = await t.usher.prisma.request.findFirstOrThrow({ where: { justification: 'Mixed two' } });
    await paul.command(`deny ${id} --because "Too late"`);
    await paul.see(/was approved already by Ada Administrator/);
    expect(await grants()).toBe(1);
  });

  it('shows an early end on every copy', async () => {
    t.passMinutes(6);
    await guest.say('deactivate');
    await eventually(async () => (await grants()) === 0, 'the end of access');
    await everywhere('Mixed two', /Ended – the access is gone\nThe holder ended it early/);
  });

  describe('with an approver in both', () => {
    const copiesOf = async (reason: string) => {
      const { id } = await t.usher.prisma.request.findFirstOrThrow({ where: { justification: reason } });
      const person = await t.usher.reads.personByMail('approver@contoso.example');
      const copies = () =>
        t.usher.prisma.card.findMany({
          where: { subjectId: id, recipientId: person?.id as string, messageId: { not: null } },
        });
      await eventually(async () => (await copies()).length > 0, 'the copy');
      return (await copies()).map(({ platform }) => platform);
    };

    it('sends the card to where they were last', async () => {
      t.passMinutes(61);
      await paulInTeams.open();
      await ask('In Teams now');
      await paulInTeams.see('In Teams now');
      expect(await copiesOf('In Teams now')).toEqual(['teams']);
    });

    it('takes their decision on either', async () => {
      const { id } = await t.usher.prisma.request.findFirstOrThrow({ where: { justification: 'In Teams now' } });
      await paul.command(`deny ${id} --because "Typed in Slack"`);
      await paul.see('Denied');
      await everywhere('In Teams now', /Denied[\s\S]*Paul Approver[\s\S]*Typed in Slack/, { slack: false });
      await paulInTeams.see(/Denied[\s\S]*Typed in Slack[\s\S]*In Teams now/);
    });

    it('follows them back to Slack', async () => {
      t.passMinutes(61);
      await paul.command('status');
      await paul.see('Your access');
      await ask('Back in Slack');
      await paul.see(/Waiting for approval[\s\S]*Back in Slack/);
      expect(await copiesOf('Back in Slack')).toEqual(['slack']);
      const listed = await paulInTeams.forge('approvals', {});
      expect(textOf(listed.card ?? {})).toContain('Back in Slack');
      const { id } = await t.usher.prisma.request.findFirstOrThrow({ where: { justification: 'Back in Slack' } });
      await paulInTeams.forge('approve', { requestId: id, justification: 'Clicked in Teams' });
      await everywhere('Back in Slack', /Active until[\s\S]*Paul Approver[\s\S]*Clicked in Teams/);
    });

    it('records which chat each decision came by', async () => {
      const decisions = await t.usher.prisma.auditEntry.findMany({
        where: { action: { in: ['activation.approve', 'activation.deny'] }, result: 'success' },
        orderBy: { sequence: 'asc' },
      });
      expect(decisions.map(({ reason, surface }) => [reason, surface])).toEqual([
        ['Agreed <in> *Slack*', 'slack'],
        ['Agreed in Teams', 'teams'],
        ['Typed in Slack', 'slack'],
        ['Clicked in Teams', 'teams'],
      ]);
    });

    it('tells everybody of the end, wherever their copy is', async () => {
      t.passMinutes(121);
      await eventually(async () => (await grants()) === 0, 'the end of access');
      await everywhere('Back in Slack', /Ended – the access is gone/);
    });
  });
});
