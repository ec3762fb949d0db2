import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { objectIdOf } from '../../src/connectors/built-in-directory.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import { textOf } from '../fakes/card-reader.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { colleague } from '../support/colleague.ts';
import { eventually } from '../support/eventually.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

// One story, told in order: each step stands on the one before.
describe('an administrator in Teams', () => {
  let t: TestUsher;
  let cora: TeamsPerson;
  let coraId: PersonId;
  let coraMail: string;
  beforeAll(async () => {
    t = await startTestUsher();
    const person = await colleague(t);
    coraMail = person.mail;
    coraId = person.id as PersonId;
    const objectId = objectIdOf(coraMail);
    await t.usher.prisma.person.update({ where: { id: coraId }, data: { objectId } });
    cora = t.teams.person({ name: 'Cora Colleague', aadObjectId: objectId });
    await cora.open();
    await t.admin.open();
    await t.approver.open();
  });
  afterAll(() => t?.stop());

  const held = async () =>
    (await t.usher.reads.heldRoles(coraId, t.now())).map(({ roleId, scopeId }) => `${roleId} ${scopeId}`).sort();
  const holds = (expected: readonly string[]) =>
    eventually(async () => JSON.stringify(await held()) === JSON.stringify(expected), `Cora holds ${expected}`);
  const granted = () => t.usher.prisma.directoryGrant.count({ where: { principalId: coraId } });
  const expenses = '/subscriptions/finance/resourceGroups/rg-expenses';
  const payroll = '/subscriptions/finance/resourceGroups/rg-payroll';

  it('gives a role by one line, to a scope by a part of its name; both see it become real', async () => {
    await t.admin.say(`assign ${coraMail} --role reader --scope expens --active --for 30d --because "Audit"`);
    await t.admin.see(/Assignment[\s\S]*Active[\s\S]*Cora Colleague[\s\S]*rg-expenses/);
    await cora.see(/A role was given to you[\s\S]*Active[\s\S]*Reader/);
    await holds([`reader ${expenses}`]);
    expect(await granted()).toBe(1);
  });

  it('is told to update it instead of assigning it twice', async () => {
    await t.admin.say(`assign ${coraMail} --role reader --scope rg-expenses --active --because "Again"`);
    await t.admin.see(/They have Reader at rg-expenses already[\s\S]*Update it instead/);
  });

  it('is refused what the settings forbid, and asked for a reason by the form', async () => {
    await t.admin.say(`assign ${coraMail} --role reader --scope rg-web --active --permanent --because "For good"`);
    await t.admin.see('Active assignments to this role have to end');
    await t.admin.say(`assign ${coraMail} --role reader --scope rg-web --active`);
    await t.admin.see(/Assign a role[\s\S]*A justification is required/);
  });

  it('chooses among scopes where a part of a name is several’s', async () => {
    await t.admin.say(`assign ${coraMail} --role reader --scope rg-`);
    const form = await t.admin.see(/Several scopes have “rg-” in their name/);
    expect(form.card && textOf(form.card)).toContain('rg-payroll');
  });

  it('who manages nothing there learns nothing and changes nothing', async () => {
    await cora.say('assign nobody@nowhere.example --role reader --scope rg-web');
    await cora.see('To assign this role here you need one of these roles to be active');
    const { id } = await t.usher.prisma.assignment.findFirstOrThrow({ where: { roleId: 'globalAdministrator' } });
    await cora.forge('unassign', { assignmentId: id });
    await cora.forge('update', { assignmentId: id, duration: '15d' });
    expect(await t.usher.prisma.assignment.findUnique({ where: { id } })).toMatchObject({ status: 'Active' });
    await cora.say(`unassign ${id.slice(-8)}`);
    await cora.see('There is no assignment like that for you to manage.');
  });

  it('gives a role that begins later', async () => {
    await t.admin.say(
      `assign ${coraMail} --role reader --scope production --active --from 2d --for 10d --because Later`,
    );
    await cora.see(/Begins later – not active yet[\s\S]*production/);
    expect(await held()).toEqual([`reader ${expenses}`]);
    t.passMinutes(2 * 1440 + 1);
    await holds([`reader ${expenses}`, 'reader /subscriptions/production']);
    await cora.see(/Active[\s\S]*production/);
  });

  it('changes an assignment: its holder is told the new end, and the record keeps both', async () => {
    await t.admin.say(`assign ${coraMail} --role contributor --scope web-1 --for 90d`);
    await cora.see(/You are eligible for a role[\s\S]*web-1/);
    const before = await t.usher.prisma.assignment.findFirstOrThrow({
      where: { kind: 'eligible', principalId: coraId },
    });
    await t.admin.say(`update ${before.id.slice(-8)} --for 10d --because "Shorter"`);
    await t.admin.see('Every card about the assignment shows it.');
    const after = await t.usher.prisma.assignment.findUniqueOrThrow({ where: { id: before.id } });
    expect(after.endsAt?.getTime()).toBeLessThan(before.endsAt?.getTime() ?? 0);
    expect(await t.usher.prisma.auditEntry.findFirst({ where: { action: 'eligibility.update' } })).toMatchObject({
      reason: 'Shorter',
      details: { endsBefore: before.endsAt?.toISOString(), endsAfter: after.endsAt?.toISOString() },
    });
    expect(
      await t.usher.prisma.card.count({ where: { name: 'eligible', subjectId: before.id, recipientId: coraId } }),
    ).toBe(2);
  });

  it('makes somebody eligible again for a time after, and activation takes the one whose time it is', async () => {
    const before = await t.usher.prisma.assignment.findFirstOrThrow({
      where: { kind: 'eligible', principalId: coraId },
    });
    await t.admin.say(`assign ${coraMail} --role contributor --scope web-1 --from 5d --for 90d`);
    await t.admin.see(/They are eligible for Contributor[\s\S]*Update it instead/);
    await t.admin.say(`assign ${coraMail} --role contributor --scope web-1 --from 30d --for 90d`);
    await cora.see(/You are eligible for a role[\s\S]*web-1[\s\S]*From: /);
    await cora.say('activate contributor --for 1h --because "Now"');
    const asked = () => t.usher.prisma.request.findFirst({ where: { principalId: coraId, eligibilityId: before.id } });
    await eventually(async () => (await asked())?.status === 'PendingApproval', 'the request about the first');
    await t.admin.say(`update ${before.id.slice(-8)} --for 40d`);
    await t.admin.see('Another assignment like this lasts from');
    await cora.forge('cancel', { requestId: (await asked())?.id });
    expect(await asked()).toMatchObject({ status: 'Canceled' });
  });

  describe('an active assignment in force', () => {
    const rowOf = () =>
      t.usher.prisma.assignment.findFirstOrThrow({ where: { principalId: coraId, kind: 'active', scopeId: expenses } });
    const grantOf = async () =>
      t.usher.prisma.directoryGrant.findUniqueOrThrow({ where: { assignmentId: (await rowOf()).id } });
    const daysLeft = async () => Math.round((Number((await rowOf()).endsAt) - t.now().getTime()) / 86_400_000);
    const endsIn = (days: number) => eventually(async () => (await daysLeft()) === days, `an end in ${days} days`);

    it('ends sooner: the same assignment, in the target system too, and its holder is told', async () => {
      const { id } = await rowOf();
      await t.admin.say(`update ${id.slice(-8)} --for 7d --because "Audit is shorter"`);
      await t.admin.see('Every card about the assignment shows it.');
      await endsIn(7);
      const after = await rowOf();
      expect(after).toMatchObject({ id, status: 'Active' });
      expect((await grantOf()).endsAt).toEqual(after.endsAt);
      await eventually(
        () =>
          t.usher.prisma.card
            .count({ where: { name: 'assignment', subjectId: id, recipientId: coraId } })
            .then((count) => count === 2),
        'Cora is told',
      );
    });

    it('ends later by the form of its card', async () => {
      const shown = /Assignment[\s\S]*Active[\s\S]*Cora Colleague[\s\S]*rg-expenses/;
      await eventually(
        async () => JSON.stringify(t.admin.find(shown)?.card ?? {}).includes('"verb":"update"'),
        'the button, once the end before is confirmed',
      );
      const form = await t.admin.click('Change', {}, { message: await t.admin.see(shown) });
      expect(textOf(form.card ?? {})).toContain('Change an assignment');
      const { id } = await rowOf();
      await t.admin.forge('update', { assignmentId: id, duration: '90d', from: '', justification: 'Audit goes on' });
      await endsIn(90);
    });

    it('is refused what the settings forbid', async () => {
      const { id } = await rowOf();
      await t.admin.say(`update ${id.slice(-8)} --permanent --because "For good"`);
      await t.admin.see('Active assignments to this role have to end');
      await t.admin.say(`update ${id.slice(-8)} --from 2d --because "Later"`);
      await t.admin.see(/began/i);
      expect(await daysLeft()).toBe(90);
    });
  });

  it('invites somebody for active access by the form, which asks for a reason', async () => {
    const email = 'new@partner.example';
    const given = { email, role: 'reader', scope: expenses, kind: 'active', duration: '30d', from: '' };
    const again = await t.admin.forge('invite', { ...given, justification: '' });
    expect(textOf(again.card ?? {})).toMatch(/Invite a guest[\s\S]*A justification is required/);
    await t.admin.forge('invite', { ...given, justification: 'Audit' });
    const guest = await t.usher.reads.personByMail(email);
    expect(await t.usher.prisma.assignment.findFirst({ where: { principalId: guest?.id ?? '' } })).toMatchObject({
      kind: 'active',
      scopeId: expenses,
    });
  });

  describe('a group that may hold roles', () => {
    it('is created by who may, is owned by its creator, and holds roles', async () => {
      await cora.say('group create "Mine" --role-assignable');
      await cora.see('To create a group of this kind you need');
      await t.admin.say('group create "Finance auditors" --role-assignable --description "Year end"');
      await t.admin.see(/Finance auditors[\s\S]*It may hold roles/);
      await t.admin.say(
        'assign "Finance auditors" --role contributor --scope rg-payroll --active --because "Year end"',
      );
      await t.admin.see(/Assignment[\s\S]*Active[\s\S]*Finance auditors[\s\S]*Contributor/);
      await t.admin.say('assign "Finance auditors" --role reader --scope rg-payroll');
      await t.admin.see(/Eligible – can be activated[\s\S]*Finance auditors[\s\S]*Reader/);
    });

    it('that may not hold roles gets none, and no group is in a group', async () => {
      await t.admin.say('group create Readers');
      await t.admin.see(/Readers[\s\S]*It can’t hold roles/);
      await t.admin.say('assign Readers --role reader --scope rg-web');
      await t.admin.see('Readers was not created as role-assignable');
      await t.admin.say('assign "Finance auditors" --role member --scope Readers');
      await t.admin.see('only people can be members or owners');
    });

    it('is seen by who is in it, and by nobody else', async () => {
      await cora.say('group show "Finance auditors"');
      await cora.see('There is no group “Finance auditors” for you to see.');
      await t.admin.say(`assign ${coraMail} --role member --scope "Finance auditors" --for 90d`);
      await cora.see(/You are eligible for a role[\s\S]*Group member[\s\S]*Finance auditors/);
      await cora.say('group show "Finance auditors"');
      await cora.see(/Finance auditors[\s\S]*Cora Colleague[\s\S]*What it holds[\s\S]*Contributor/);
    });

    it('gives all its roles by one activation', async () => {
      await cora.say('activate "Group member" --scope "Finance auditors" --for 2h --because "Close"');
      await eventually(
        async () => (await held()).includes(`contributor ${payroll}`),
        'the group’s role, through the membership',
      );
      await cora.say('activate reader --scope rg-payroll --for 1h --because "Through the group"');
      await eventually(async () => (await held()).includes(`reader ${payroll}`), 'what the group is eligible for');
    });

    it('takes exactly those at the membership’s end, and what somebody holds otherwise stays', async () => {
      t.passMinutes(6);
      const { id } = await t.usher.prisma.assignment.findFirstOrThrow({
        where: { principalId: coraId, roleId: 'groupMember', kind: 'active' },
      });
      await cora.forge('deactivate', { assignmentId: id });
      await holds([`reader ${expenses}`, 'reader /subscriptions/production']);
      await eventually(async () => (await granted()) === 2, 'the grants of the others alone');
      const through = await eventually(
        () =>
          t.usher.prisma.assignment.findFirst({
            where: { principalId: coraId, roleId: 'reader', scopeId: payroll, kind: 'active', status: 'Ended' },
          }),
        'its end',
      );
      expect(through.why).toBe('eligibility-ended');
    });
  });

  it('removes an eligible assignment: its activation goes along, its request is revoked, and the holder reads why', async () => {
    await cora.say('activate "Group member" --scope "Finance auditors" --for 2h --because "Once more"');
    await eventually(async () => (await held()).includes(`contributor ${payroll}`), 'the membership');
    await t.admin.say(`unassign ${coraMail} --role member --scope "Finance auditors" --eligible --because "Done"`);
    await t.admin.see('Every card about the assignment shows when the access is gone.');
    await holds([`reader ${expenses}`, 'reader /subscriptions/production']);
    await cora.see(/Your eligibility has ended[\s\S]*An administrator removed it/);
    expect(
      await t.usher.prisma.request.findFirst({ where: { principalId: coraId }, orderBy: { createdAt: 'desc' } }),
    ).toMatchObject({ status: 'Revoked' });
  });

  it('removes an active assignment by its card', async () => {
    const card = await t.admin.see(/Assignment[\s\S]*Active[\s\S]*Cora Colleague[\s\S]*rg-expenses/);
    await t.admin.click('Remove now', { justification: 'Audit is over' }, { message: card });
    await holds(['reader /subscriptions/production']);
    await cora.see(/A role of yours has ended[\s\S]*An administrator removed it/);
    expect(
      await t.usher.prisma.auditEntry.findFirst({
        where: { action: 'assignment.remove' },
        orderBy: { sequence: 'desc' },
      }),
    ).toMatchObject({
      reason: 'Audit is over',
    });
  });
});
