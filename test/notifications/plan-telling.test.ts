import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisation, personas, seedDemo } from '../../dev/demo-organisation.ts';
import type { Reads } from '../../src/commands/ports.ts';
import type { DomainEvent } from '../../src/domain/event.ts';
import type { AssignmentId, ChallengeId, InvitationId, PersonId, RequestId } from '../../src/domain/ids.ts';
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

  const gia = 'gia' as PersonId;
  const invitationId = 'invitation' as InvitationId;
  const requestId = 'request' as RequestId;
  const assignmentId = 'assignment' as AssignmentId;

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
    const assigned = { type: 'eligibility-assigned', assignmentId, principalId: gia } as const;
    expect(await told({ ...assigned, usable: true })).toEqual([['eligible', gia, 'chat']]);
    expect(await told({ ...assigned, usable: false })).toEqual([]);
  });

  it('a request: the requester and every approver', async () => {
    const asked = {
      type: 'activation-requested',
      requestId,
      requesterId: gia,
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
    const ending = { type: 'assignment-ending', assignmentId, principalId: gia, endsAt: days(14) } as const;
    expect(await told(ending)).toEqual([['ending', gia, 'chat']]);
    const key = async (endsAt: Date, at = now) =>
      (await createPlanTelling(reads)([{ ...ending, endsAt }], at)).posts[0]?.key;
    expect(await key(days(14))).toBe(await key(days(14)));
    expect(await key(days(14))).not.toBe(await key(days(14), days(13)));
    expect(await key(days(14))).not.toBe(await key(days(28)));
  });

  it('an end: the holder, and every copy of its cards', async () => {
    const ended = { type: 'assignment-ended', assignmentId, principalId: gia } as const;
    expect(await told(ended)).toEqual([['eligible', gia, 'chat']]);
    expect((await plan(ended)).refresh).toEqual([assignmentId]);
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
