import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisation, personas, seedDemo } from '../../dev/demo-organisation.ts';
import type { Reads } from '../../src/commands/ports.ts';
import type { DomainEvent } from '../../src/domain/event.ts';
import type {
  AssignmentId,
  ChallengeId,
  InvitationId,
  PersonId,
  RequestId,
  RoleId,
  ScopeId,
  SettingsChangeId,
} from '../../src/domain/ids.ts';
import { defaultRoleSettings, type RoleSettings } from '../../src/domain/role-settings.ts';
import { createPlanTelling } from '../../src/notifications/plan-telling.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { newId } from '../../src/runtime/new-id.ts';
import { projectFile } from '../../src/runtime/project-file.ts';
import { prepareInstallation } from '../../src/store/bootstrap.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createReads } from '../../src/store/reads.ts';
import { createWrites } from '../../src/store/writes.ts';

const now = new Date('2026-03-01T12:00:00Z');
const clock = () => now;

/** In the demo organisation, where Ada is the only administrator. */
describe('who is told what', () => {
  let database: Database;
  let reads: Reads;
  let ada: PersonId;
  let paul: PersonId;
  let eligibility: AssignmentId;

  beforeAll(async () => {
    database = await openDatabase({ url: null, dataDir: 'memory://', log: createLogger('silent') });
    await migrate(database.pool, projectFile('prisma/migrations'));
    const { prisma } = database;
    await prepareInstallation(prisma, demoOrganisation);
    reads = createReads(database);
    await seedDemo({ prisma, reads, writes: createWrites(database), clock, newId });
    await prisma.assignment.updateMany({
      where: { status: 'Provisioning' },
      data: { status: 'Active', confirmedAt: now },
    });
    [paul, ada] = (await Promise.all(
      personas.slice(1).map(async ({ email }) => (await reads.personByMail(email))?.id),
    )) as [PersonId, PersonId];
    eligibility = (await reads.openEligiblesOf(paul))[0]?.id as AssignmentId;
  });
  afterAll(() => database?.close());

  const gia = newId() as PersonId;
  const invitationId = newId() as InvitationId;
  const requestId = newId() as RequestId;
  const assignmentId = newId() as AssignmentId;
  const finance = { roleId: 'contributor' as RoleId, scopeId: '/subscriptions/finance' as ScopeId };
  const notified = { event: 'assignedEligible', ...finance } as const;
  const activated = { ...notified, event: 'activated' } as const;

  const plan = (...events: DomainEvent[]) => createPlanTelling(reads)(events, now);
  const told = async (...events: DomainEvent[]) =>
    (await plan(...events)).posts.map(({ name, recipientId, channel }) => [name, recipientId, channel]);

  it('an invitation: the guest by mail, the inviter by a card', async () => {
    const sent = { type: 'invitation-sent', invitationId, guestId: gia, inviterId: ada, generation: 1 } as const;
    expect(await told(sent)).toEqual([
      ['mail-invitation', gia, 'mail'],
      ['invitation', ada, 'chat'],
    ]);
  });

  it('an invitation sent again: a new mail, and the inviter’s same card', async () => {
    const sent = { type: 'invitation-sent', invitationId, guestId: gia, inviterId: ada, generation: 1 } as const;
    const [[mail, card], [again, same]] = (await Promise.all([plan(sent), plan({ ...sent, generation: 2 })])).map(
      ({ posts }) => posts.map(({ key }) => key),
    ) as [string[], string[]];
    expect(again).not.toBe(mail);
    expect(same).toBe(card);
  });

  it('an invitation accepted: the new guest of what they can use now, and the inviter’s card is refreshed', async () => {
    const accepted = { type: 'invitation-changed', invitationId, guestId: paul, accepted: true } as const;
    expect(await told(accepted)).toEqual([['eligible', paul, 'chat']]);
    expect(await plan(accepted)).toMatchObject({ posts: [{ subjectId: eligibility }], refresh: [invitationId] });
    expect(await plan({ ...accepted, accepted: false })).toEqual({ posts: [], refresh: [invitationId] });
  });

  it('a code: by mail only', async () => {
    const issued = { type: 'code-issued', challengeId: 'code' as ChallengeId, personId: gia } as const;
    expect(await told(issued)).toEqual([['mail-code', gia, 'mail']]);
  });

  it('an eligible assignment: its holder, as soon as they can use it', async () => {
    const assigned = {
      type: 'assigned',
      assignmentId,
      principalId: gia,
      kind: 'eligible',
      notified,
      by: ada,
      managerId: null,
    } as const;
    expect(await told({ ...assigned, usable: true })).toEqual([['eligible', gia, 'chat']]);
    expect(await told({ ...assigned, usable: false })).toEqual([]);
  });

  it('an assignment: the role’s other managers too, and not who made it', async () => {
    const assigned = { type: 'assigned', assignmentId, principalId: gia, kind: 'eligible', notified } as const;
    expect(await told({ ...assigned, by: paul, managerId: paul, usable: true })).toEqual([
      ['eligible', gia, 'chat'],
      ['managed', ada, 'chat'],
      ['managed', paul, 'chat'],
    ]);
    expect(await told({ ...assigned, by: ada, managerId: ada, usable: true })).toEqual([
      ['eligible', gia, 'chat'],
      ['managed', ada, 'chat'],
    ]);
  });

  it('an activation: the requester, and the role’s managers but for who was asked to approve it', async () => {
    const took = { type: 'activated', requestId, requesterId: gia, notified: activated } as const;
    expect(await told(took)).toEqual([
      ['request', gia, 'chat'],
      ['activated', ada, 'chat'],
    ]);
    expect(await told({ ...took, requesterId: ada })).toEqual([['request', ada, 'chat']]);
    const key = `approval:${requestId}:asked:${ada}`;
    const copy = { key, name: 'approval', subjectId: requestId, recipientId: ada, channel: 'chat' };
    await database.prisma.card.create({ data: copy });
    expect(await told(took)).toEqual([['request', gia, 'chat']]);
    await database.prisma.card.delete({ where: { key } });
  });

  it('a change of settings: the role’s managers, but for who made it', async () => {
    const changed = { type: 'settings-changed', changeId: newId() as SettingsChangeId, ...finance } as const;
    expect(await told({ ...changed, by: null })).toEqual([['settings-changed', ada, 'chat']]);
    expect(await told({ ...changed, by: ada })).toEqual([]);
  });

  it('news may wait for the end of quiet hours; what somebody waits for, or what is near, may not', async () => {
    const waits = async (event: DomainEvent) => (await plan(event)).posts.map(({ name, canWait }) => [name, canWait]);
    expect(await waits({ type: 'activated', requestId, requesterId: gia, notified: activated })).toEqual([
      ['request', false],
      ['activated', true],
    ]);
    const asked = { type: 'activation-requested', requestId, requesterId: gia, notified: activated } as const;
    expect((await waits({ ...asked, approverIds: [ada] })).flat()).not.toContain(true);
    expect(await waits({ type: 'provisioning-stuck', assignmentId, principalId: gia })).toEqual([['stuck', false]]);
    const ending = { type: 'assignment-ending', assignmentId, principalId: gia, notified } as const;
    expect(await waits({ ...ending, endsAt: new Date(now.getTime() + 86_400_000) })).toEqual([['ending', true]]);
    expect(await waits({ ...ending, endsAt: new Date(now.getTime() + 600_000) })).toEqual([['ending', false]]);
  });

  it('other quiet hours: nobody, and what was held back is looked at anew', async () => {
    expect(await plan({ type: 'quiet-changed', personId: ada })).toEqual({ posts: [], refresh: [], wake: [ada] });
  });

  describe('where settings name others', () => {
    const auditors = 'auditors@contoso.example';
    const place = { ...finance, audience: 'everyone' };
    const keep = (recipients: Partial<RoleSettings['notifications']>) => {
      const { version: _, ...usual } = defaultRoleSettings('resource');
      const rules = { ...usual, notifications: { ...usual.notifications, ...recipients } };
      return database.prisma.roleSettings.create({ data: { ...place, version: 1, rules: rules as object } });
    };
    const side = (more: object) => ({ toDefault: true, extra: [], criticalOnly: false, ...more });
    afterEach(() => database.prisma.roleSettings.deleteMany({ where: place }));
    const mails = async (event: DomainEvent) =>
      (await plan(event)).posts.map(({ name, recipientId, mailTo }) => [name, recipientId ?? mailTo]);

    it('tells them by mail, as somebody outside', async () => {
      const some = side({ extra: [auditors] });
      await keep({ activated: { admin: side({ toDefault: false }), assignee: some, approver: some } });
      const took = { type: 'activated', requestId, requesterId: paul, notified: activated } as const;
      expect(await mails(took)).toEqual([
        ['request', paul],
        ['activated', auditors],
      ]);
      const asked = {
        type: 'activation-requested',
        requestId,
        requesterId: paul,
        notified: activated,
        approverIds: [ada],
      } as const;
      expect(await mails(asked)).toEqual([
        ['request', paul],
        ['approval', ada],
        ['approval', auditors],
      ]);
    });

    it('tells only what is critical to those who want that: requests, and no news', async () => {
      const critical = side({ criticalOnly: true });
      await keep({ activated: { admin: critical, assignee: critical, approver: critical } });
      expect(await told({ type: 'activated', requestId, requesterId: paul, notified: activated })).toEqual([]);
      const asked = { type: 'activation-requested', requestId, requesterId: paul, notified: activated } as const;
      expect(await told({ ...asked, approverIds: [ada] })).toEqual([
        ['request', paul, 'chat'],
        ['approval', ada, 'chat'],
      ]);
    });

    it('warns nobody of an end whom settings leave out', async () => {
      await keep({ assignedEligible: { admin: side({}), assignee: side({ toDefault: false }), approver: side({}) } });
      const ending = { type: 'assignment-ending', assignmentId, principalId: paul, notified, endsAt: now } as const;
      expect(await told(ending)).toEqual([]);
    });
  });

  it('a request: the requester and every approver', async () => {
    const asked = {
      type: 'activation-requested',
      requestId,
      requesterId: gia,
      notified: activated,
      approverIds: [paul, ada],
    } as const;
    expect(await told(asked)).toEqual([
      ['request', gia, 'chat'],
      ['approval', paul, 'chat'],
      ['approval', ada, 'chat'],
    ]);
    expect(await told({ ...asked, approverIds: [] })).toEqual([['request', gia, 'chat']]);
  });

  it('a request that changed: every copy is refreshed; the requester is told anew where it matters', async () => {
    const changed = { type: 'request-changed', requestId, requesterId: gia, assignmentId, tell: null } as const;
    expect(await plan(changed)).toEqual({ posts: [], refresh: [requestId, assignmentId] });
    expect(await told({ ...changed, tell: 'Denied' })).toEqual([['request', gia, 'chat']]);
    expect((await plan({ ...changed, assignmentId: null })).refresh).toEqual([requestId]);
  });

  it('each news of one request once', async () => {
    const changed = { type: 'request-changed', requestId, requesterId: gia, assignmentId } as const;
    const keys = (
      await plan(
        { ...changed, tell: 'Provisioned' },
        { ...changed, tell: 'Provisioned' },
        { ...changed, tell: 'Ended' },
      )
    ).posts.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
  });

  it('an end that is near: the holder, once for each warning', async () => {
    const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
    const ending = { type: 'assignment-ending', assignmentId, principalId: gia, notified, endsAt: days(14) } as const;
    expect(await told(ending)).toEqual([['ending', gia, 'chat']]);
    const key = async (endsAt: Date, at = now) =>
      (await createPlanTelling(reads)([{ ...ending, endsAt }], at)).posts[0]?.key;
    expect(await key(days(14))).toBe(await key(days(14)));
    expect(await key(days(14))).not.toBe(await key(days(14), days(13)));
    expect(await key(days(14))).not.toBe(await key(days(28)));
  });

  it('an end: the holder, and every copy of its cards', async () => {
    const ended = { type: 'assignment-ended', assignmentId, principalId: gia } as const;
    expect(await told(ended)).toEqual([['expired', gia, 'chat']]);
    expect((await plan(ended)).refresh).toEqual([assignmentId]);
  });

  it('a later end that is asked for: whoever decides, and the copies about the assignment', async () => {
    const asked = {
      type: 'extension-requested',
      requestId,
      requesterId: gia,
      assignmentId,
      notified,
      deciderIds: [ada],
    } as const;
    expect(await told(asked)).toEqual([
      ['request', gia, 'chat'],
      ['approval', ada, 'chat'],
    ]);
    expect((await plan(asked)).refresh).toEqual([assignmentId]);
  });

  it('an extension that is resolved: the other managers, who have the copy that they were asked with or get it now', async () => {
    const asked = {
      type: 'extension-requested',
      requestId,
      requesterId: gia,
      assignmentId,
      notified,
      deciderIds: [ada],
    } as const;
    const resolved = { type: 'extension-resolved', requestId, assignmentId, otherManagerIds: [ada, paul] } as const;
    expect(await told(resolved)).toEqual([
      ['approval', ada, 'chat'],
      ['approval', paul, 'chat'],
    ]);
    const [before, after] = [await plan(asked), await plan(resolved)];
    expect(after.posts[0]?.key).toBe(before.posts[1]?.key);
  });

  it('access that somebody takes by themselves: whoever it says, each once; of a review and its reminder, too', async () => {
    const taken = { type: 'exceptional-access', requestId, toldIds: [ada, gia] } as const;
    expect(await told(taken)).toEqual([
      ['exceptional', ada, 'chat'],
      ['exceptional', gia, 'chat'],
    ]);
    const wanted = { type: 'review-wanted', requestId, reviewerIds: [ada] } as const;
    const [over, reminded] = await Promise.all(
      (['over', 'reminded'] as const).map((occasion) => plan({ ...wanted, occasion })),
    );
    expect(over?.posts).toMatchObject([{ name: 'break-glass-review', subjectId: requestId, recipientId: ada }]);
    expect(over?.refresh).toEqual([requestId]);
    expect(reminded?.posts[0]?.key).not.toBe(over?.posts[0]?.key);
  });

  it('access that could not be set up, and people who could not be told: the administrators', async () => {
    const stuck = { type: 'provisioning-stuck', assignmentId, principalId: gia } as const;
    expect(await told(stuck)).toEqual([['stuck', ada, 'chat']]);
    expect(await told({ type: 'delivery-failed', cardId: 'card', about: 'approval' })).toEqual([
      ['undeliverable', ada, 'chat'],
    ]);
  });

  it('nobody that an administrator could not be told: that would go round in circles', async () => {
    expect(await told({ type: 'delivery-failed', cardId: 'card', about: 'undeliverable' })).toEqual([]);
  });

  it('no administrator whose account is blocked', async () => {
    await database.prisma.person.update({ where: { id: ada }, data: { accountEnabled: false } });
    expect(await told({ type: 'provisioning-stuck', assignmentId, principalId: gia })).toEqual([]);
    await database.prisma.person.update({ where: { id: ada }, data: { accountEnabled: true } });
  });
});
