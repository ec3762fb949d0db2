import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addMinutes } from '../../src/domain/duration.ts';
import { reference } from '../../src/domain/ids.ts';
import { textOf } from '../fakes/card-reader.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import type { TeamsPerson } from '../fakes/teams.ts';
import { day } from '../support/build.ts';
import { eventually } from '../support/eventually.ts';
import { startTestUsher, type TestUsher } from '../support/usher.ts';
import { expenses } from '../support/waiting-requests.ts';

const receipts = `${expenses}/storageAccounts/receipts`;
const finance = '/subscriptions/finance';
const web1 = '/subscriptions/production/resourceGroups/rg-web/virtualMachines/web-1';

/** Paul is eligible to be a Reader of rg-web without approval, and to be a Contributor of finance with one. */
describe('activating', () => {
  let t: TestUsher;
  let paul: SlackPerson;
  let inTeams: TeamsPerson;
  let paulsId: string;
  beforeAll(async () => {
    t = await startTestUsher({ slack: true });
    paul = t.slack.approver;
    inTeams = t.teams.person({ name: 'Paul Approver', aadObjectId: t.approver.aadObjectId });
    await inTeams.open();
    await t.admin.open();
    paulsId = (await prisma().person.findUniqueOrThrow({ where: { mail: 'approver@contoso.example' } })).id;
    await eligible(paulsId, 'contributor', finance);
  });
  afterAll(() => t?.stop());

  const prisma = () => t.usher.prisma;
  const eligible = (principalId: string, roleId: string, scopeId: string, more: object = {}) =>
    prisma().assignment.create({
      data: {
        id: randomUUID(),
        version: 1,
        kind: 'eligible',
        principalId,
        roleId,
        scopeId,
        startsAt: t.now(),
        endsAt: addMinutes(t.now(), 300 * day),
        status: 'InForce',
        ...more,
      },
    });
  const grants = (roleId: string, scopeId: string, principalId = paulsId) =>
    prisma().directoryGrant.findMany({ where: { roleId, scopeId, principalId } });
  const granted = (roleId: string, scopeId: string, principalId = paulsId) =>
    eventually(
      async () => (await grants(roleId, scopeId, principalId)).length === 1,
      `a grant of ${roleId} at ${scopeId}`,
    );
  const newest = () =>
    prisma().request.findFirstOrThrow({
      where: { principalId: paulsId },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    });
  const isNow = (id: string, status: string) =>
    eventually(
      async () => (await prisma().request.findUniqueOrThrow({ where: { id } })).status === status,
      `the request to be ${status}`,
    );
  const teamsSays = async (text: string, words: string | RegExp) => {
    await inTeams.say(text);
    return textOf((await inTeams.see(words)).card ?? {});
  };

  describe('below the eligible scope', () => {
    it('gives the role there alone, named by a part of its name', async () => {
      await inTeams.say('activate Reader --scope web-1 --for 30m --because "Only that machine"');
      await granted('reader', web1);
      expect(await grants('reader', '/subscriptions/production/resourceGroups/rg-web')).toEqual([]);
      expect(textOf((await inTeams.see(/Active until/)).card ?? {})).toContain('web-1');
      const entry = await prisma().auditEntry.findFirstOrThrow({
        where: { action: 'activation.request', personId: paulsId },
        orderBy: { sequence: 'desc' },
      });
      expect(entry.details).toMatchObject({ eligibleAt: '/subscriptions/production/resourceGroups/rg-web' });
    });

    it('is refused where it is active there already, and where that is not below', async () => {
      await paul.command('activate Reader --scope web-1 --for 30m --because Again');
      await paul.see(/This role is active already/);
      await paul.command('activate Reader --scope rg-expenses --for 30m --because Elsewhere');
      await paul.see(/There is no scope “rg-expenses”/);
    });

    it('is asked of those who approve there, by the settings there', async () => {
      await prisma().roleSettings.create({
        data: {
          roleId: 'contributor',
          scopeId: receipts,
          version: 1,
          rules: { ticketRequired: true, activationMaximumMinutes: 60 },
        },
      });
      await paul.command('activate Contributor --scope receipts --for 1h --because "Clean up"');
      await paul.see(/This role asks for the number of a ticket/);
      await paul.command('activate Contributor --scope receipts --for 2h --because "Clean up" --ticket INC-7');
      await paul.see(/active for 1 hour at the most/);
      await paul.command('activate Contributor --scope receipts --for 1h --because "Clean up" --ticket INC-7');
      await granted('contributor', receipts);
      expect(await grants('contributor', finance)).toEqual([]);
    });

    it('offers the places below in the form, and takes what is chosen', async () => {
      await inTeams.say('activate Contributor');
      const form = textOf((await inTeams.see(/smallest place that serves/)).card ?? {});
      expect(form).toContain('rg-payroll (resource group)');
      const payroll = `${finance}/resourceGroups/rg-payroll`;
      await inTeams.click('Ask for approval', { scope: payroll, duration: '60', justification: 'Salaries' });
      await t.admin.see(/rg-payroll/);
      expect(await newest()).toMatchObject({ status: 'PendingApproval', scopeId: payroll });
      await inTeams.say('cancel');
      await isNow((await newest()).id, 'Canceled');
    });
  });

  describe('from a later time', () => {
    it('is scheduled, tells so, and begins by itself: the clock starts then', async () => {
      await paul.command('activate Reader --from 2h --for 1h --because "Later on"');
      const card = shownText(await paul.see(/Scheduled – begins/));
      expect(card).toContain('Later on');
      const request = await newest();
      expect(request).toMatchObject({ status: 'ScheduleCreated', assignmentId: null });
      expect(await grants('reader', request.scopeId)).toEqual([]);
      t.passMinutes(121);
      await granted('reader', request.scopeId);
      await isNow(request.id, 'Provisioned');
      const [grant] = await grants('reader', request.scopeId);
      const lasts = (grant?.endsAt?.getTime() ?? 0) - (grant?.grantedAt.getTime() ?? 0);
      expect(lasts / 60_000).toBeCloseTo(60, 0);
      await paul.see(/Active until/);
      t.passMinutes(61);
      await eventually(async () => (await grants('reader', request.scopeId)).length === 0, 'the end');
    });

    it('waits for its approval first, and is approved for then', async () => {
      await inTeams.say('activate Contributor --scope rg-expenses --from 3h --for 1h --because "Tonight"');
      const asked = textOf((await t.admin.see(/Tonight/)).card ?? {});
      expect(asked).toContain(', from ');
      await t.admin.click('Send approval', { justification: 'Fine' });
      const request = await newest();
      await isNow(request.id, 'ScheduleCreated');
      expect(textOf((await inTeams.see(/Scheduled – begins/)).card ?? {})).toContain('Approved by: Ada Administrator');
      t.passMinutes(181);
      await granted('contributor', expenses);
      t.passMinutes(61);
      await eventually(async () => (await grants('contributor', expenses)).length === 0, 'the end');
    });

    it('begins after one that ends before it, also where both came due while nobody looked', async () => {
      const rgWeb = '/subscriptions/production/resourceGroups/rg-web';
      await inTeams.say('activate Reader --for 30m --because "First"');
      await granted('reader', rgWeb);
      const [first] = await grants('reader', rgWeb);
      await inTeams.see(/Active until[\s\S]*First/);
      await inTeams.say('activate Reader --from 31m --for 1h --because "Second"');
      await inTeams.see(/Scheduled – begins[\s\S]*Second/);
      t.passMinutes(35);
      await eventually(
        async () => (await grants('reader', rgWeb)).some(({ assignmentId }) => assignmentId !== first?.assignmentId),
        'access by the second',
      );
      t.passMinutes(61);
      await eventually(async () => (await grants('reader', rgWeb)).length === 0, 'no access');
    });

    it('can be taken back until then, by the button of its card', async () => {
      await inTeams.say('activate Reader --from 5h --for 1h --because "Perhaps"');
      await inTeams.see(/Perhaps/);
      const request = await newest();
      await inTeams.forge('cancel', { requestId: request.id });
      await isNow(request.id, 'Canceled');
      t.passMinutes(301);
      expect(await prisma().deadline.count({ where: { subjectId: request.id } })).toBe(0);
    });

    it('is judged anew when its time comes: an eligibility that has ended cancels it, in words', async () => {
      await paul.command('activate Reader --from 5h --for 1h --because "Never mind"');
      await paul.see(/Never mind/);
      const request = await newest();
      await prisma().assignment.update({
        where: { id: request.eligibilityId },
        data: { status: 'Ended', why: 'expired', closedAt: t.now(), version: { increment: 1 } },
      });
      t.passMinutes(301);
      await isNow(request.id, 'Canceled');
      await paul.see(/The eligibility behind it ended\./);
      expect(await grants('reader', request.scopeId)).toEqual([]);
      await prisma().assignment.update({
        where: { id: request.eligibilityId },
        data: { status: 'InForce', why: null, closedAt: null, version: { increment: 1 } },
      });
    });

    it.each([
      ['someday', /“someday” is no time/],
      ['2020-01-01', /Nothing can begin in the past/],
      ['190d', /You are eligible until/],
    ])('says what is wrong with “%s”', async (start, words) => {
      await teamsSays(`activate Reader --from ${start} --for 8h --because "When?"`, words);
    });
  });

  describe('several at once', () => {
    it('takes names with commas between them, and tells what came of each', async () => {
      await paul.command('activate Reader, Contributor, Owner --for 1h --because "All of it"');
      const list = shownText(await paul.see('What came of each'));
      expect(list).toMatch(/Reader \(rg-web\): Requested\. 1 hour/);
      expect(list).toMatch(/Contributor \(finance\): Requested\. 1 hour/);
      expect(list).toMatch(/Owner: You are not eligible for that role there\./);
      await granted('reader', '/subscriptions/production/resourceGroups/rg-web');
      t.passMinutes(61);
      await paul.command('cancel');
      await isNow(
        (await prisma().request.findFirstOrThrow({ where: { justification: 'All of it', roleId: 'contributor' } })).id,
        'Canceled',
      );
      await eventually(
        async () => (await grants('reader', '/subscriptions/production/resourceGroups/rg-web')).length === 0,
        'the end',
      );
    });

    it('are given up in one line, and what came of each is told', async () => {
      const rgWeb = '/subscriptions/production/resourceGroups/rg-web';
      const payroll = `${finance}/resourceGroups/rg-payroll`;
      const other = await eligible(paulsId, 'reader', payroll);
      for (const scope of ['rg-web', 'rg-payroll'])
        await paul.command(`activate Reader --scope ${scope} --for 1h --because "Both"`);
      await Promise.all([granted('reader', rgWeb), granted('reader', payroll)]);
      const both = await prisma().request.findMany({ where: { justification: 'Both' } });
      await Promise.all(both.map(({ id }) => isNow(id, 'Provisioned')));
      const numbers = both.map(({ id }) => reference(id)).join(' ');
      await paul.command(`deactivate ${numbers}`);
      await paul.see(/five minutes/);
      t.passMinutes(6);
      await paul.command(`deactivate ${numbers} ffffffff`);
      const told = shownText(await paul.see(/ffffffff: /));
      for (const { id } of both) expect(told).toContain(`${reference(id)}: `);
      await eventually(
        async () => (await grants('reader', rgWeb)).length + (await grants('reader', payroll)).length === 0,
        'the end of both',
      );
      await prisma().assignment.delete({ where: { id: other.id } });
    });

    it('takes those that are ticked on the card, and asks for the reason at its field', async () => {
      await inTeams.say('roles');
      await inTeams.see(/Activate several/);
      const own = await prisma().assignment.findMany({ where: { principalId: paulsId, kind: 'eligible' } });
      const assignmentIds = own.map(({ id }) => id).join(',');
      const without = await inTeams.forge('activate-several', { 'assignmentIds:several': assignmentIds });
      expect(textOf(without.card ?? {})).toContain('A justification is required');
      const result = await inTeams.forge('activate-several', {
        'assignmentIds:several': assignmentIds,
        'justification:several': 'Ticked',
        'duration:several': '30m',
      });
      expect(textOf(result.card ?? {})).toMatch(/Requested\. 30 minutes/);
      expect(await prisma().request.count({ where: { justification: 'Ticked' } })).toBe(own.length);
    });
  });

  describe('a group’s membership', () => {
    const groupId = randomUUID();
    const place = `/groups/${groupId}`;

    it('gives all the roles of the group, and says so before and after', async () => {
      await prisma().group.create({
        data: { id: groupId, version: 1, name: 'Auditors', description: '', roleAssignable: true, createdAt: t.now() },
      });
      await prisma().scope.create({ data: { id: place, name: 'Auditors', kind: 'group', parentId: '/' } });
      const group = { principalKind: 'group', principalId: groupId };
      for (const roleId of ['securityReader', 'globalReader'])
        await prisma().assignment.create({
          data: {
            ...group,
            id: randomUUID(),
            version: 2,
            kind: 'active',
            roleId,
            scopeId: '/',
            startsAt: t.now(),
            status: 'Active',
            confirmedAt: t.now(),
          },
        });
      await eligible(groupId, 'contributor', web1, { principalKind: 'group' });
      await eligible(paulsId, 'groupMember', place);

      const form = await teamsSays('activate Auditors', /Comes with it/);
      expect(form).toMatch(/Security Reader \(Directory\)/);
      expect(form).toMatch(/Global Reader \(Directory\)/);
      expect(form).toMatch(/Lets you activate: Contributor \(web-1\)/);
      expect((await t.usher.reads.heldRoles(paulsId as never, t.now())).map(({ roleId }) => roleId)).not.toContain(
        'securityReader',
      );
      await inTeams.say('activate Auditors --for 2h --because "The yearly audit"');
      await granted('groupMember', place);
      expect(textOf((await inTeams.see(/The yearly audit/)).card ?? {})).toContain('Security Reader (Directory)');
      await eventually(
        async () =>
          (await t.usher.reads.heldRoles(paulsId as never, t.now())).filter(({ roleId }) =>
            ['securityReader', 'globalReader'].includes(roleId),
          ).length === 2,
        'the roles of the group',
      );
    });

    it('lets its active members activate what the group is eligible for, as themselves', async () => {
      await paul.command('activate Contributor --scope web-1 --for 30m --because "As a member"');
      await t.admin.see(/As a member/);
      const request = await newest();
      expect(request).toMatchObject({
        principalId: paulsId,
        roleId: 'contributor',
        scopeId: web1,
        status: 'PendingApproval',
      });
      await t.admin.forge('approve', { requestId: request.id, justification: 'Fine' });
      await granted('contributor', web1);
    });

    it('takes exactly those roles along when it ends', async () => {
      t.passMinutes(121);
      await eventually(async () => (await grants('groupMember', place)).length === 0, 'the end of the membership');
      const held = await t.usher.reads.heldRoles(paulsId as never, t.now());
      expect(held.map(({ roleId }) => roleId)).not.toContain('securityReader');
      await paul.command('activate Contributor --scope web-1 --for 30m --because "No longer a member"');
      await paul.see(/There is no scope “web-1”|You are not eligible/);
    });
  });
});
