import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMinutes } from '../../src/domain/duration.ts';
import type { AssignmentId } from '../../src/domain/ids.ts';
import { textOf } from '../fakes/card-reader.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';

const day = 1440;
const days = (count: number) => count * day;

// One story, told in order: each step stands on the one before.
describe('ends of assignments in Teams', () => {
  let t: TestUsher;
  beforeAll(async () => {
    t = await startTestUsher();
    await t.admin.open();
    await t.approver.open();
    await t.admin.say(
      'invite guest@partner.example --role Contributor --scope rg-expenses --for 20d --name "Gia Guest"',
    );
    await redeem(t.mails, 'guest@partner.example');
    await t.guest.open();
    await t.guest.see('Gia Guest');
  });
  afterAll(() => t?.stop());

  const eligible = async () => {
    const guest = await t.usher.reads.personByMail('guest@partner.example');
    const [only, ...others] = await t.usher.reads.openEligiblesOf(guest?.id as never);
    expect(others).toEqual([]);
    return only;
  };
  const daysLeft = async () => {
    const end = (await eligible())?.endsAt;
    return end ? Math.round((end.getTime() - t.now().getTime()) / 86_400_000) : null;
  };

  it('refuses a later end while the end is far', async () => {
    await t.guest.say('extend Contributor --for 90d --because "Audit goes on"');
    await t.guest.see('A later end can be asked for from');
    expect(await daysLeft()).toBe(20);
  });

  it('warns with a button, whose form says what it is about', async () => {
    t.passMinutes(days(6) + 5);
    await t.guest.see('Your eligibility ends soon');
    const form = await t.guest.click('Extend', {}, { where: { view: 'ending' } });
    expect(textOf(form.card ?? {})).toMatch(/Extend[\s\S]*Contributor[\s\S]*The role’s administrators have to agree/);
  });

  it('asks the role’s administrators, also where others approve activations', async () => {
    const { id } = (await eligible()) as { id: AssignmentId };
    const shown = await t.guest.forge('extend', {
      assignmentId: id,
      duration: String(days(90)),
      justification: 'Audit goes on',
      view: 'ending',
    });
    expect(textOf(shown.card ?? {})).toContain('A later end is asked for');
    const asked = await t.admin.see('Asks for a later end of an assignment');
    expect(textOf(asked.card ?? {})).toMatch(/Gia Guest[\s\S]*Until: [\s\S]*Audit goes on/);
    await t.guest.see('Waiting for approval');
    expect(t.approver.find('Audit goes on')).toBeUndefined();
    expect(await daysLeft()).toBe(14);
  });

  it('asks once', async () => {
    await t.guest.say('extend Contributor --because "And again"');
    await t.guest.see('A request for this role is open already');
  });

  it('lets the old end stand when it is denied, and tells so', async () => {
    await t.admin.click('Send denial', { justification: 'Not yet' });
    await t.guest.see('Not yet');
    expect(await daysLeft()).toBe(14);
    await eventually(
      async () => textOf(t.guest.find('Your eligibility ends soon')?.card ?? {}).includes('ask now'),
      'the offer on the warning',
    );
  });

  it('moves the end in one step when it is approved, and sets the warnings anew', async () => {
    await t.guest.say('extend Contributor --for 60d --because "Second quarter"');
    const asked = await t.admin.see('Second quarter');
    await t.admin.click('Send approval', { justification: 'Fine' }, { message: asked });
    await t.guest.see(/Granted until[\s\S]*Second quarter/);
    expect(await daysLeft()).toBe(60);
    await t.guest.see('It goes on');
    const deadlines = await t.usher.prisma.deadline.findMany({
      where: { subjectId: (await eligible())?.id as string },
    });
    expect(deadlines.map(({ kind }) => kind).sort()).toEqual(['end', 'warn', 'warn']);
  });

  it('lets an administrator move it at once, and tells the assignee', async () => {
    t.passMinutes(days(50));
    await t.approver.say('extend guest@partner.example Contributor --for 90d --because "By me"');
    await t.approver.see('no such assignment');
    await t.admin.say('extend guest@partner.example Contributor --for 30d --because "By me"');
    await t.admin.see('Its holder is told');
    await t.guest.see(/Granted until[\s\S]*By me/);
    expect(await daysLeft()).toBe(30);
  });

  it('keeps what has ended visible for a while, and renews it', async () => {
    t.passMinutes(days(31));
    await t.guest.see('Over – you can no longer activate this role');
    for (const list of ['roles', 'status', 'home']) {
      await t.guest.say(list);
      await t.guest.see('Ended – can be renewed');
    }
    // So many messages make the next ones wait for Teams' rates.
    await t.guest.see('ask to have it renewed', 40_000);
    const form = await t.guest.click('Renew', {}, { where: { view: 'expired' } });
    expect(textOf(form.card ?? {})).toContain('Renew');
    await t.guest.say('renew Contributor --for 15d --because "Back again"');
    const asked = await t.admin.see('Back again');
    expect(await eligible()).toBeUndefined();
    await t.admin.click('Send approval', { justification: 'Welcome back' }, { message: asked });
    await t.guest.see(/Granted until[\s\S]*Back again/);
    expect(await daysLeft()).toBe(15);
    await t.guest.see('It was given again');
  });

  it('renews nothing that is there again', async () => {
    await t.guest.say('renew Contributor --because "Twice"');
    await t.guest.see('There is no such assignment that ended');
  });

  it('moves the end of active access only when the target system has confirmed it', async () => {
    const guest = await t.usher.reads.personByMail('guest@partner.example');
    const id = 'aaaaaaaa-0000-4000-8000-000000000001';
    const now = t.now();
    const endsAt = addMinutes(now, days(5));
    await t.usher.prisma.assignment.create({
      data: {
        id,
        version: 1,
        kind: 'active',
        principalId: guest?.id as string,
        roleId: 'reader',
        scopeId: '/subscriptions/production/resourceGroups/rg-web',
        startsAt: now,
        endsAt,
        status: 'Active',
        confirmedAt: now,
      },
    });
    await t.usher.prisma.directoryGrant.create({
      data: {
        assignmentId: id,
        principalId: guest?.id as string,
        roleId: 'reader',
        scopeId: '/subscriptions/production/resourceGroups/rg-web',
        grantedAt: now,
        endsAt,
      },
    });
    await t.guest.say('extend Reader --for 40d --because "Reading on"');
    const asked = await t.admin.see('Reading on');
    await t.admin.click('Send approval', { justification: 'Yes' }, { message: asked });
    await t.guest.see(/Granted until[\s\S]*Reading on/);
    const assignment = await t.usher.reads.assignment(id as AssignmentId);
    expect(assignment).toMatchObject({ state: { status: 'Active' } });
    const grant = await t.usher.prisma.directoryGrant.findUniqueOrThrow({ where: { assignmentId: id } });
    expect(grant.endsAt).toEqual(assignment?.endsAt);
    expect((assignment?.endsAt as Date) > addMinutes(endsAt, days(34))).toBe(true);
  });
});
