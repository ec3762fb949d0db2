import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../fakes/card-reader.ts';
import { shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const guestsAddress = 'guest@partner.example';

// One story, told in order: Gia asks, Paul approves in Slack, it ends; then everybody reads what they may of it.
describe('the history', () => {
  let t: TestUsher;
  let ada: TeamsPerson;
  let gia: TeamsPerson;
  let requestId: string;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ({ admin: ada, guest: gia } = t);
    await ada.open();
    await ada.say(`invite ${guestsAddress} --role Contributor --scope rg-expenses --for 90d --name "Gia Guest"`);
    await redeem(t.mails, guestsAddress);
    await gia.open();
    await t.slack.approver.command('help');
    await t.slack.approver.see('Paul Approver');
    await gia.say('activate Contributor --for 2h --because "Quarter end"');
    const request = await eventually(() => t.usher.prisma.request.findFirst(), 'the request');
    requestId = request.id;
    await t.slack.approver.see('Quarter end');
    await t.slack.approver.command(`approve ${requestId} --because "Agreed with finance"`);
    await gia.see(/Active until[\s\S]*Quarter end/);
  });
  afterAll(() => t?.stop());

  const inTeams = async (person: TeamsPerson, text: string): Promise<string> => {
    const before = person.messages.length;
    await person.say(text);
    return textOf(person.messages[before]?.card ?? {});
  };

  it('tells the whole story of a request beside its card, which stays', async () => {
    const card = await gia.see(/Active until[\s\S]*Quarter end/);
    const result = await gia.click('History', {}, { message: card });
    expect(textOf(result.card ?? {})).toMatch(/Active until/);
    const story = textOf((await gia.see('The story of a request')).card ?? {});
    expect(story).toMatch(/Contributor\nWhere: rg-expenses\nAsked for by: Gia Guest\nDuration: 2 hours\nActive\n/);
    expect(story).toMatch(
      /Activation requested\nBy: Gia Guest\nReason: Quarter end[\s\S]*Activation approved\nBy: Paul Approver\nFor: Gia Guest\nReason: Agreed with finance[\s\S]*Access confirmed by the target system\nBy: Usher/,
    );
  });

  it('is found by the request’s number, in Slack too, and goes on to the end', async () => {
    t.passMinutes(121);
    await gia.see(/Ended – the access is gone/);
    await t.slack.approver.command(`history ${requestId.slice(-8)}`);
    const story = shownText(await t.slack.approver.see('The story of a request'));
    expect(story).toMatch(/Activation expired[\s\S]*Access confirmed to be gone/);
  });

  it('is one’s own: what one asked for, got and decided', async () => {
    expect(await inTeams(gia, 'history')).toMatch(
      /Of yourself[\s\S]*Access confirmed to be gone[\s\S]*Role: Contributor/,
    );
    await t.slack.approver.command('history --action approve');
    expect(shownText(await t.slack.approver.see('Of yourself.'))).toContain('Agreed with finance');
  });

  it('of somebody else is for those who may see it, with filters', async () => {
    expect(await inTeams(gia, 'history admin@contoso.example')).toContain('read the history of others');
    const all = await inTeams(ada, `history ${guestsAddress} --role contributor --scope rg-expenses --from 1d`);
    expect(all).toMatch(/Of: Gia Guest[\s\S]*Activation approved\nBy: Paul Approver/);
    expect(await inTeams(ada, `history ${guestsAddress} --result failure`)).toContain('No entries');
    expect(await inTeams(ada, 'history --action activation --to 2020-01-31')).toContain('No entries');
    expect(await inTeams(ada, 'history --result maybe')).toContain('has to be success or failure');
    expect(await inTeams(ada, 'history nobody@contoso.example')).toContain('Nobody here has the address');
  });

  it('puts the reading of others’ on the record', async () => {
    const reads = await t.usher.prisma.auditEntry.findMany({ where: { action: 'history.read' } });
    // Paul read the story of Gia’s request, and Ada everything that she was shown.
    expect(reads.length).toBeGreaterThanOrEqual(4);
    const gias = await t.usher.reads.personByMail(guestsAddress);
    expect(reads.every(({ personId }) => personId !== gias?.id)).toBe(true);
  });

  it('shows resource roles in the audit only to who manages them there', async () => {
    expect(await inTeams(ada, 'audit')).toContain('Role: Contributor');
    // Ada manages contoso no longer; she reads the audit as a Global Administrator.
    await t.usher.prisma.assignment.updateMany({
      where: { roleId: 'owner' },
      data: { status: 'Ended', closedAt: t.now() },
    });
    const shown = await inTeams(ada, 'audit');
    expect(shown).toContain('Audit record');
    expect(shown).not.toMatch(/Role: Contributor[\s\S]*For: Gia Guest|For: Gia Guest[\s\S]*Role: Contributor/);
    expect(await inTeams(ada, `history ${requestId.slice(-8)}`)).toMatch(/story of a request|no request like that/);
    const theirs = await inTeams(ada, `history ${guestsAddress} --role Contributor`);
    expect(theirs).not.toContain('Paul Approver');
  });
});
