import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { colleague } from '../support/colleague.ts';
import { eventually } from '../support/eventually.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

describe('who holds what', () => {
  let t: TestUsher;
  let ada: TeamsPerson;
  let paul: SlackPerson;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    ada = t.admin;
    paul = t.slack.approver;
    const { prisma } = t.usher;
    // Ten guests who are eligible, so that there is more than one page; the first is active through a group.
    for (let number = 1; number <= 10; number += 1) {
      const { id } = await colleague(t, { displayName: `Guest ${String(number).padStart(2, '0')}`, userType: 'Guest' });
      await prisma.assignment.create({
        data: {
          id: crypto.randomUUID(),
          version: 1,
          kind: 'eligible',
          principalId: id,
          roleId: 'contributor',
          scopeId: '/subscriptions/finance',
          startsAt: t.now(),
          status: 'InForce',
        },
      });
    }
    await ada.open();
  });
  afterAll(() => t?.stop());

  const inTeams = async (person: TeamsPerson, text: string): Promise<string> => {
    const before = person.messages.length;
    await person.say(text);
    return textOf(person.messages[before]?.card ?? {});
  };
  const inSlack = async (text: string, words: RegExp) => {
    const before = paul.messages().length;
    await paul.command(text);
    const answer = await eventually(async () => paul.messages()[before], `the answer to ${text}`);
    expect(shownText(answer)).toMatch(words);
    return shownText(answer);
  };
  const readings = () => t.usher.prisma.auditEntry.count({ where: { action: 'assignments.read' } });

  it('shows the tree to who manages it, and finds a part of it', async () => {
    const all = await inTeams(ada, 'resources');
    expect(all).toMatch(/Directory\nDirectory · eligible: 0 · active: 1/);
    expect(all).toContain('\u2003\u2003finance\nSubscription · eligible: 10 · active: 0\nIn: Directory › contoso');
    expect(all).toContain('Showing: 1–8 of 9');
    const next = await ada.click('Next page');
    expect(textOf(next.card ?? {})).toContain('Showing: 9–9 of 9');
    const part = await inTeams(ada, 'resources rg-');
    expect(part).toMatch(/Name contains: rg-[\s\S]*rg-expenses[\s\S]*rg-payroll[\s\S]*rg-web/);
    expect(part).not.toContain('production\nSubscription');
  });

  it('shows one place: where it is, who manages it, and the roles there', async () => {
    const shown = await inTeams(ada, 'resource show expenses');
    expect(shown).toMatch(/rg-expenses\nResource group\nIn: Directory › contoso › finance/);
    expect(shown).toContain('Managed by: Ada Administrator');
    expect(shown).toMatch(/Contributor\nEligible: 10 · active: 0\nOf them from above: 10/);
    expect(shown).toMatch(/Active for at most 8 hours, after approval\nSettings from: contoso/);
  });

  it('goes on to a role, and from there to its members', async () => {
    const role = await ada.click('Role', {}, { where: { role: 'contributor' } });
    const shown = textOf(role.card ?? {});
    expect(shown).toMatch(/Resource role\nWhere: rg-expenses/);
    expect(shown).toMatch(/Set at: contoso[\s\S]*Active for at most: 8 hours/);
    expect(shown).toMatch(/Decided by: (.*Paul Approver.*)/);
    const opened = { id: '', postedAt: t.now(), card: role.card, versions: [] };
    const members = await ada.click('Members', {}, { message: opened });
    expect(textOf(members.card ?? {})).toContain('Showing: 1–8 of 10');
    const last = await ada.click('Next page', {}, { message: { ...opened, card: members.card } });
    expect(textOf(last.card ?? {})).toMatch(/Guest 09 – guest\nEligible, directly\nAt: finance[\s\S]*Guest 10/);
  });

  it('filters the members by kind and by name, of directory roles too', async () => {
    expect(await inTeams(ada, 'members Contributor --active')).toMatch(/Active only.[\s\S]*Nobody/);
    const found = await inTeams(ada, 'members Contributor --scope finance --guests --filter "guest 1"');
    expect(found).toMatch(/Guest 10 – guest/);
    expect(found).not.toContain('Guest 01');
    expect(await inTeams(ada, 'members Global Administrator')).toMatch(
      /Ada Administrator\nActive, directly\nAt: Directory/,
    );
    expect(await inTeams(ada, 'role show Global Administrator')).toMatch(
      /Directory role[\s\S]*Eligible: 0 · active: 1/,
    );
  });

  it('asks which, where there are several, and where, where none was given', async () => {
    expect(await inTeams(ada, 'resource show rg')).toMatch(/Several scopes have “rg”[\s\S]*rg-expenses/);
    expect(await inTeams(ada, 'resource show nowhere')).toContain('There is no scope “nowhere”.');
    expect(await inTeams(ada, 'role show Contributor')).toContain('Contributor is held at a scope; none was given.');
    expect(await inTeams(ada, 'role show Contributer')).toContain('Did you mean Contributor?');
  });

  it('shows to who manages nothing only where they hold something themselves', async () => {
    const before = await readings();
    const own = await inSlack('resources', /Resources/);
    expect(own).toMatch(/rg-web[\s\S]*eligible: 1 · active: 0/);
    expect(own).not.toContain('rg-expenses');
    expect(await readings()).toBe(before);
    for (const text of ['resource show rg-web', 'role show Reader --scope rg-web', 'members Contributor'])
      expect(await inSlack(text, /see who holds this/)).toContain('Owner or User Access Administrator');
    expect(await readings()).toBe(before);
  });

  it('shows what is shown in Teams in Slack too, to who may see it', async () => {
    const { prisma } = t.usher;
    const person = await t.usher.reads.personByMail('approver@contoso.example');
    await prisma.assignment.create({
      data: {
        id: crypto.randomUUID(),
        version: 1,
        kind: 'active',
        principalId: person?.id as string,
        roleId: 'owner',
        scopeId: '/subscriptions/finance',
        startsAt: t.now(),
        status: 'Active',
        confirmedAt: t.now(),
      },
    });
    expect(await inSlack('members Contributor', /Who holds it/)).toContain('1–8 of 10');
    await paul.press('Next page', { in: 'Who holds it' });
    await paul.see('9–10 of 10');
    await paul.command('resource show finance');
    await paul.see('Managed by');
    await paul.press('Role', { in: 'Managed by' });
    expect(shownText(await paul.see('Settings in force'))).toContain('Decided by');
    await paul.command('resource show rg-web');
    await paul.see('There is no scope “rg-web”.');
  });

  it('puts each reading on the record, with what was read', async () => {
    const entries = await t.usher.prisma.auditEntry.findMany({
      where: { action: 'assignments.read' },
      orderBy: { sequence: 'asc' },
    });
    const read = entries.map(({ role, scope, details }) => [(details as { what: string }).what, role, scope]);
    expect(read).toContainEqual(['resource', null, 'rg-expenses']);
    expect(read).toContainEqual(['members', 'Contributor', 'finance']);
    expect(read).toContainEqual(['role', 'Global Administrator', 'Directory']);
  });
});
