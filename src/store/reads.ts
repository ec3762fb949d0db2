import type { Reads } from '../commands/ports.ts';
import type { ActiveAssignment, EligibleAssignment } from '../domain/assignment.ts';
import { isUuid, type PersonId } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { HeldRole, RoleDefinition } from '../domain/role.ts';
import type { Scope } from '../domain/scope.ts';
import { settingsInForce } from '../domain/stored-settings.ts';
import { createBrowsing } from './browsing.ts';
import { createCredentialReads } from './credential-reads.ts';
import type { Connected } from './database.ts';
import { createDelegationReads } from './delegation-reads.ts';
import type * as Table from './generated/models.ts';
import { createGoverningReads } from './governing-reads.ts';
import { groupsOf, inForceAt } from './holding.ts';
import { createRecords } from './record.ts';
import {
  assignmentOf,
  auditEntryOf,
  breakGlassOf,
  challengeOf,
  chatAccountOf,
  groupOf,
  invitationOf,
  organisationOf,
  personOf,
  requestOf,
} from './rows.ts';
import { createSettingsReads } from './settings-reads.ts';
import { sqlOn } from './sql.ts';

const maybe = <Row, Value>(row: Row | null, read: (row: Row) => Value): Value | null => (row ? read(row) : null);

const eachOnce = (people: readonly Person[]): Person[] => [
  ...new Map(people.map((person) => [person.id, person])).values(),
];

/** {@link Reads} on the database. */
export const createReads = ({ prisma, pool }: Connected): Reads => {
  const sql = sqlOn(pool);
  const one = async <Row>(text: string, ...values: readonly unknown[]) =>
    (await sql.rows<Row>(text, ...values))[0] ?? null;
  const governing = createGoverningReads(sql);
  const settingsAt: Reads['settingsAt'] = async (role, chain, audience) => {
    const scopeIds = chain.map((scope) => scope.id);
    return settingsInForce(role, chain, audience, await governing.settingsAmong([role.id], scopeIds));
  };
  return {
    ...governing,
    ...createBrowsing(sql),
    ...createSettingsReads(sql),
    ...createCredentialReads(prisma),
    ...createDelegationReads(sql),
    ...createRecords(sql),

    organisation: async () => organisationOf(await prisma.organisation.findUniqueOrThrow({ where: { id: 1 } })),

    person: async (id) => maybe(await one<Table.PersonModel>('SELECT * FROM "Person" WHERE id = $1', id), personOf),
    personByMail: async (mail) =>
      maybe(await prisma.person.findUnique({ where: { mail: mail.toLowerCase() } }), personOf),
    personByObjectId: async (objectId) => maybe(await prisma.person.findUnique({ where: { objectId } }), personOf),
    people: async (ids) =>
      ids.length === 0
        ? []
        : (await sql.rows<Table.PersonModel>('SELECT * FROM "Person" WHERE id = ANY($1::uuid[])', ids)).map(personOf),

    peopleNamed: async (part, take) =>
      (
        await sql.rows<Table.PersonModel>(
          `SELECT * FROM "Person" WHERE position(lower($1) IN lower("displayName")) > 0
         OR position(lower($1) IN mail) > 0 ORDER BY "displayName", id LIMIT $2`,
          part,
          take,
        )
      ).map(personOf),

    chatAccount: async ({ platform, tenantId, userId }) =>
      maybe(
        await one<Table.ChatAccountModel>(
          'SELECT * FROM "ChatAccount" WHERE platform = $1 AND "tenantId" = $2 AND "userId" = $3',
          platform,
          tenantId,
          userId,
        ),
        chatAccountOf,
      ),
    chatAccountById: async (id) => maybe(await prisma.chatAccount.findUnique({ where: { id } }), chatAccountOf),
    chatAccountsOf: async (personId) =>
      (
        await sql.rows<Table.ChatAccountModel>(
          'SELECT * FROM "ChatAccount" WHERE "personId" = $1 ORDER BY "lastSeenAt" DESC',
          personId,
        )
      ).map(chatAccountOf),

    roles: () => sql.rows<RoleDefinition>('SELECT * FROM "Role" ORDER BY name'),
    role: async (id) => one<RoleDefinition>('SELECT * FROM "Role" WHERE id = $1', id),
    scopes: async () => (await prisma.scope.findMany({ orderBy: { id: 'asc' } })) as Scope[],
    // Letters that the database does not lower as JavaScript does are not found: who asks looks among all then.
    scopesLike: async (text) =>
      sql.rows<Scope>(
        `SELECT * FROM "Scope" WHERE lower(id) = $1 OR strpos(lower(name), $1) > 0 ORDER BY id`,
        text.toLowerCase(),
      ),
    scopesById: async (ids) =>
      ids.length === 0 ? [] : sql.rows<Scope>('SELECT * FROM "Scope" WHERE id = ANY($1::text[])', ids),
    scopesBelow: async (id) =>
      sql.rows<Scope>(
        `WITH RECURSIVE below AS (
        SELECT s.* FROM "Scope" s WHERE s."parentId" = $1
        UNION ALL
        SELECT s.* FROM "Scope" s JOIN below ON s."parentId" = below.id
      )
      SELECT id, name, kind, "parentId" FROM below WHERE kind <> 'group' ORDER BY id`,
        id,
      ),
    scopeChain: async (id) => (await governing.scopeChains([id])).get(id) ?? null,
    roleSettings: async (role, chain, audience) => (await settingsAt(role, chain, audience)).settings,
    settingsAt,
    heldRoles: async (principalId, now) =>
      sql.rows<HeldRole>(
        `SELECT DISTINCT "roleId", "scopeId" FROM "Assignment" a
       WHERE ("principalId" = $1 OR ("principalKind" = 'group' AND "principalId"::text IN (${groupsOf('$1', '$2')})))
         AND ${inForceAt('$2')}`,
        principalId,
        now,
      ),
    holders: async (holdings, now) => {
      const held = holdings.flatMap(({ role, scopeIds }) => scopeIds.map((scopeId) => ({ role, scopeId })));
      return eachOnce((await governing.holdersAt(held, now)).map(({ person }) => person));
    },

    holdersAnywhere: async (roles, now) =>
      (
        await sql.rows<Table.PersonModel>(
          `WITH held AS (
           SELECT a."principalKind", a."principalId" FROM "Assignment" a
           WHERE a."roleId" = ANY($1::text[]) AND ${inForceAt('$2')}
         )
         SELECT * FROM "Person" WHERE id IN (SELECT "principalId" FROM held WHERE "principalKind" = 'person')
           OR id IN (
             SELECT "principalId" FROM "Assignment" a WHERE "roleId" = 'groupMember' AND ${inForceAt('$2')}
             AND "scopeId" IN (SELECT '/groups/' || "principalId" FROM held WHERE "principalKind" = 'group')
           )
         ORDER BY "createdAt", id`,
          roles,
          now,
        )
      ).map(personOf),

    group: async (id) => (isUuid(id) ? maybe(await prisma.group.findUnique({ where: { id } }), groupOf) : null),
    groups: async () => (await prisma.group.findMany({ orderBy: { name: 'asc' } })).map(groupOf),
    membersOf: async (ids, now) => eachOnce((await governing.memberships(ids, now)).map(({ person }) => person)),

    invitation: async (id) => maybe(await prisma.invitation.findUnique({ where: { id } }), invitationOf),
    invitationOf: async (guestId) => maybe(await prisma.invitation.findUnique({ where: { guestId } }), invitationOf),

    challenge: async (id) => maybe(await prisma.challenge.findUnique({ where: { id } }), challengeOf),
    newestChallenge: async (purpose, subjectId) =>
      maybe(
        await prisma.challenge.findFirst({
          where: { purpose, subjectId },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
        }),
        challengeOf,
      ),
    challengesSince: async (purpose, since, subjectId, personId) =>
      (
        await prisma.challenge.findMany({
          where: { purpose, createdAt: { gt: since }, OR: [{ subjectId }, ...(personId ? [{ personId }] : [])] },
          orderBy: { createdAt: 'desc' },
        })
      ).map(challengeOf),

    assignment: async (id) =>
      maybe(await one<Table.AssignmentModel>('SELECT * FROM "Assignment" WHERE id = $1', id), assignmentOf),
    assignments: async (ids) =>
      ids.length === 0
        ? []
        : (await sql.rows<Table.AssignmentModel>('SELECT * FROM "Assignment" WHERE id = ANY($1::uuid[])', ids)).map(
            assignmentOf,
          ),
    eligiblesFor: async (personId, now) =>
      (
        await sql.rows<Table.AssignmentModel>(
          `SELECT * FROM "Assignment" e WHERE kind = 'eligible' AND status = 'InForce'
         AND ("principalId" = $1 OR ("principalKind" = 'group' AND "principalId"::text IN (${groupsOf('$1', '$2')})))
         ORDER BY "startsAt", id`,
          personId,
          now,
        )
      ).map(assignmentOf) as EligibleAssignment[],
    openEligiblesOf: async (principalId) =>
      (
        await sql.rows<Table.AssignmentModel>(
          `SELECT * FROM "Assignment" WHERE "principalId" = $1 AND kind = 'eligible' AND status = 'InForce'
         ORDER BY "startsAt", id`,
          principalId,
        )
      ).map(assignmentOf) as EligibleAssignment[],
    inForce: async (principalId, roleId, scopeId) =>
      maybe(
        await one<Table.AssignmentModel>(
          `SELECT * FROM "Assignment" WHERE "principalId" = $1 AND "roleId" = $2 AND "scopeId" = $3
         AND kind = 'active' AND status IN ('Provisioning', 'Active', 'Extending')`,
          principalId,
          roleId,
          scopeId,
        ),
        assignmentOf,
      ) as ActiveAssignment | null,
    openActivesOf: async (principalId) =>
      (
        await prisma.assignment.findMany({
          where: { principalId, kind: 'active', status: { in: ['Provisioning', 'Active', 'Extending', 'Revoking'] } },
          orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
        })
      ).map(assignmentOf) as ActiveAssignment[],

    openAssignmentsOf: async (...principalIds) =>
      (
        await sql.rows<Table.AssignmentModel>(
          `SELECT * FROM "Assignment" WHERE "principalId" = ANY($1::uuid[]) AND status NOT IN ('Ended', 'Failed')
         ORDER BY "startsAt", id`,
          principalIds,
        )
      ).map(assignmentOf),
    openAssignmentsAt: async (scopeId) =>
      (
        await sql.rows<Table.AssignmentModel>(
          `SELECT * FROM "Assignment" WHERE "scopeId" = $1 AND status NOT IN ('Ended', 'Failed')
         ORDER BY "startsAt", id`,
          scopeId,
        )
      ).map(assignmentOf),
    openAssignmentsNumbered: async (number) =>
      (
        await sql.rows<Table.AssignmentModel>(
          `SELECT * FROM "Assignment" WHERE right(id::text, 8) = $1 AND status NOT IN ('Ended', 'Failed')`,
          number,
        )
      ).map(assignmentOf),
    activationsOf: async (ids) =>
      ids.length === 0
        ? []
        : ((
            await sql.rows<Table.AssignmentModel>(
              `SELECT * FROM "Assignment" WHERE "eligibilityId" = ANY($1::uuid[])
             AND status IN ('Scheduled', 'Provisioning', 'Active')`,
              ids,
            )
          ).map(assignmentOf) as ActiveAssignment[]),
    openRequestsAbout: async (ids) =>
      ids.length === 0
        ? []
        : (
            await sql.rows<Table.RequestModel>(
              `SELECT * FROM "Request" WHERE "eligibilityId" = ANY($1::uuid[])
             AND status NOT IN ('Provisioned', 'Denied', 'Canceled', 'TimedOut', 'Failed', 'Revoked')`,
              ids,
            )
          ).map(requestOf),
    othersLike: async (assignment) =>
      (
        await sql.rows<Table.AssignmentModel>(
          `SELECT * FROM "Assignment" WHERE "principalId" = $1 AND "roleId" = $2 AND "scopeId" = $3 AND kind = $4
           AND "eligibilityId" IS NULL AND status NOT IN ('Ended', 'Failed', 'Revoking') AND id <> $5 ORDER BY "startsAt", id`,
          assignment.principalId,
          assignment.roleId,
          assignment.scopeId,
          assignment.kind,
          assignment.id,
        )
      ).map(assignmentOf),
    expiredSince: async (principalId, since) =>
      (
        await sql.rows<Table.AssignmentModel>(
          `SELECT DISTINCT ON (e.kind, e."roleId", e."scopeId") * FROM "Assignment" e
           WHERE "principalId" = $1 AND status = 'Ended' AND why = 'expired' AND "eligibilityId" IS NULL
           AND "requestId" IS NULL AND "closedAt" > $2 AND NOT EXISTS (
             SELECT FROM "Assignment" o WHERE o."principalId" = e."principalId" AND o."roleId" = e."roleId"
             AND o."scopeId" = e."scopeId" AND o.kind = e.kind AND o."eligibilityId" IS NULL
             AND (o.status NOT IN ('Ended', 'Failed') OR o."closedAt" > e."closedAt")
           ) ORDER BY e.kind, e."roleId", e."scopeId", e."closedAt" DESC`,
          principalId,
          since,
        )
      ).map(assignmentOf),

    request: async (id) => maybe(await one<Table.RequestModel>('SELECT * FROM "Request" WHERE id = $1', id), requestOf),
    requests: async (ids) =>
      ids.length === 0
        ? []
        : (await sql.rows<Table.RequestModel>('SELECT * FROM "Request" WHERE id = ANY($1::uuid[])', ids)).map(
            requestOf,
          ),
    breakGlass: async (id) => maybe(await prisma.breakGlass.findUnique({ where: { id } }), breakGlassOf),
    openRequestOf: async (eligibilityId, principalId, scopeId) =>
      maybe(
        await one<Table.RequestModel>(
          `SELECT * FROM "Request" WHERE "eligibilityId" = $1 AND action = 'selfActivate'
           AND status IN ('PendingEvaluation', 'PendingApproval', 'ScheduleCreated', 'PendingProvisioning')
           AND ($2::uuid IS NULL OR "principalId" = $2) AND ($3::text IS NULL OR "scopeId" = $3)`,
          eligibilityId,
          principalId ?? null,
          scopeId ?? null,
        ),
        requestOf,
      ),
    openExtensionsOf: async (assignmentIds) =>
      assignmentIds.length === 0
        ? []
        : (
            await sql.rows<Table.RequestModel>(
              `SELECT * FROM "Request" WHERE "eligibilityId" = ANY($1::uuid[]) AND action IN ('selfExtend', 'selfRenew')
               AND status = 'PendingApproval'`,
              assignmentIds,
            )
          ).map(requestOf),
    provisioningRequestsOf: async (assignmentIds) =>
      assignmentIds.length === 0
        ? []
        : (
            await sql.rows<Table.RequestModel>(
              `SELECT * FROM "Request" WHERE "assignmentId" = ANY($1::uuid[]) AND status = 'PendingProvisioning'`,
              assignmentIds,
            )
          ).map(requestOf),
    requestsOf: async (principalId, take) =>
      (
        await prisma.request.findMany({
          where: { principalId },
          orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
          take,
        })
      ).map(requestOf),
    pendingRequests: async () =>
      (
        await prisma.request.findMany({
          where: { status: 'PendingApproval' },
          orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        })
      ).map(requestOf),

    readableRequest: async (id, personId) => {
      if (!isUuid(id)) return null;
      return maybe(
        await one<Table.RequestModel>(
          `SELECT * FROM "Request" r WHERE id = $1 AND ("principalId" = $2 OR EXISTS (
           SELECT FROM "Card" WHERE "subjectId" = r.id AND "recipientId" = $2))`,
          id,
          personId,
        ),
        requestOf,
      );
    },

    readableByReference: async (reference, personId) =>
      (
        await sql.rows<Table.RequestModel>(
          `SELECT * FROM "Request" r WHERE right(id::text, 8) = $1 AND ("principalId" = $2 OR id IN (
           SELECT "subjectId" FROM "Card" WHERE "recipientId" = $2 AND name IN ('approval', 'request', 'exceptional', 'break-glass-review')))
           ORDER BY "createdAt" DESC LIMIT 5`,
          reference,
          personId,
        )
      ).map(requestOf),
    askedAbout: async (requestId) =>
      (
        await sql.rows<{ recipientId: PersonId }>(
          `SELECT DISTINCT "recipientId" FROM "Card" WHERE "subjectId" = $1 AND name IN ('approval', 'exceptional')
           AND "recipientId" IS NOT NULL`,
          requestId,
        )
      ).map(({ recipientId }) => recipientId),
    unreachedAbout: async (requestId) =>
      (
        await sql.rows<{ recipientId: PersonId }>(
          `SELECT "recipientId" FROM "Card" WHERE "subjectId" = $1 AND name = 'approval' AND "recipientId" IS NOT NULL
           GROUP BY "recipientId" HAVING bool_and("failedAt" IS NOT NULL)`,
          requestId,
        )
      ).map(({ recipientId }) => recipientId),

    planned: async (keys) =>
      (await sql.rows<{ key: string }>('SELECT key FROM "Card" WHERE key = ANY($1::text[])', keys)).map(
        ({ key }) => key,
      ),

    counts: async () => {
      const [row] = await sql.rows<{ active: number; waiting: number; invited: number }>(
        `SELECT
           (SELECT count(*)::int FROM "Assignment" WHERE status = 'Active' AND "requestId" IS NOT NULL) AS active,
           (SELECT count(*)::int FROM "Request" WHERE status = 'PendingApproval') AS waiting,
           (SELECT count(*)::int FROM "Invitation" WHERE status = 'Pending') AS invited`,
      );
      return row ?? { active: 0, waiting: 0, invited: 0 };
    },
    namedAsApprover: async (personId) =>
      (await one(`SELECT 1 FROM "RoleSettings" WHERE position($1 IN rules->>'approval') > 0 LIMIT 1`, personId)) !==
      null,

    auditAfter: async (sequence, take) =>
      (
        await prisma.auditEntry.findMany({ where: { sequence: { gt: sequence } }, orderBy: { sequence: 'asc' }, take })
      ).map(auditEntryOf),
    auditHead: async () =>
      prisma.auditHead.findUniqueOrThrow({ where: { id: 1 }, select: { sequence: true, hash: true } }),

    answered: async (key) =>
      (await one<{ answer: unknown }>('SELECT answer FROM "Answered" WHERE key = $1', key))?.answer ?? null,
  };
};
