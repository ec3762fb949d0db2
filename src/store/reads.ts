import type { Reads } from '../commands/ports.ts';
import type { ActiveAssignment, EligibleAssignment } from '../domain/assignment.ts';
import { isUuid, type PersonId, type RoleId, type ScopeId } from '../domain/ids.ts';
import type { HeldRole, RoleDefinition } from '../domain/role.ts';
import { defaultRoleSettings } from '../domain/role-settings.ts';
import type { Scope, ScopeChain } from '../domain/scope.ts';
import type { Connected } from './database.ts';
import type * as Table from './generated/models.ts';
import {
  assignmentOf,
  auditEntryOf,
  challengeOf,
  chatAccountOf,
  invitationOf,
  organisationOf,
  personOf,
  requestOf,
  roleSettingsOf,
} from './rows.ts';
import { sqlOn } from './sql.ts';

const maybe = <Row, Value>(row: Row | null, read: (row: Row) => Value): Value | null => (row ? read(row) : null);

/** An active assignment that the target system has confirmed and whose end has not come. */
const heldAt = (now: Date) => ({
  kind: 'active',
  status: 'Active',
  OR: [{ endsAt: null }, { endsAt: { gt: now } }],
});

/** {@link Reads} on the database. */
export const createReads = ({ prisma, pool }: Connected): Reads => {
  const sql = sqlOn(pool);
  const one = async <Row>(text: string, ...values: readonly unknown[]) =>
    (await sql.rows<Row>(text, ...values))[0] ?? null;
  return {
    organisation: async () => organisationOf(await prisma.organisation.findUniqueOrThrow({ where: { id: 1 } })),

    person: async (id) => maybe(await one<Table.PersonModel>('SELECT * FROM "Person" WHERE id = $1', id), personOf),
    personByMail: async (mail) =>
      maybe(await prisma.person.findUnique({ where: { mail: mail.toLowerCase() } }), personOf),
    personByObjectId: async (objectId) => maybe(await prisma.person.findUnique({ where: { objectId } }), personOf),
    people: async (ids) =>
      ids.length === 0
        ? []
        : (await sql.rows<Table.PersonModel>('SELECT * FROM "Person" WHERE id = ANY($1::uuid[])', ids)).map(personOf),

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

    roles: async () => (await prisma.role.findMany({ orderBy: { name: 'asc' } })) as RoleDefinition[],
    role: async (id) => one<RoleDefinition>('SELECT * FROM "Role" WHERE id = $1', id),
    scopes: async () => (await prisma.scope.findMany({ orderBy: { id: 'asc' } })) as Scope[],
    scopesById: async (ids) =>
      ids.length === 0 ? [] : sql.rows<Scope>('SELECT * FROM "Scope" WHERE id = ANY($1::text[])', ids),
    scopeChain: async (id) => {
      const chain = await sql.rows<Scope>(
        `WITH RECURSIVE above AS (
        SELECT s.*, 0 AS distance FROM "Scope" s WHERE s.id = $1
        UNION ALL
        SELECT s.*, above.distance + 1 FROM "Scope" s JOIN above ON s.id = above."parentId"
      )
      SELECT id, name, kind, "parentId" FROM above ORDER BY distance`,
        id,
      );
      return chain.length > 0 ? (chain as unknown as ScopeChain) : null;
    },
    roleSettings: async (role, chain) => {
      const rows = await sql.rows<Table.RoleSettingsModel>(
        'SELECT * FROM "RoleSettings" WHERE "roleId" = $1 AND "scopeId" = ANY($2::text[])',
        role.id,
        chain.map((scope) => scope.id),
      );
      const nearest = chain.map(({ id }) => rows.find((row) => row.scopeId === id)).find((row) => row !== undefined);
      return nearest ? roleSettingsOf(nearest) : defaultRoleSettings(role.kind);
    },
    heldRoles: async (principalId, now) =>
      sql.rows<HeldRole>(
        `SELECT "roleId", "scopeId" FROM "Assignment"
       WHERE "principalId" = $1 AND kind = 'active' AND status = 'Active' AND ("endsAt" IS NULL OR "endsAt" > $2)`,
        principalId,
        now,
      ),
    holders: async (roles, scopes, now) => {
      const held = await prisma.assignment.findMany({
        where: { roleId: { in: [...roles] }, scopeId: { in: [...scopes] }, ...heldAt(now) },
        select: { principalId: true },
      });
      const ids = [...new Set(held.map((row) => row.principalId))];
      return (await prisma.person.findMany({ where: { id: { in: ids } }, orderBy: { createdAt: 'asc' } })).map(
        personOf,
      );
    },

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
    openEligible: async (principalId: PersonId, roleId: RoleId, scopeId: ScopeId) =>
      maybe(
        await prisma.assignment.findFirst({
          where: { principalId, roleId, scopeId, kind: 'eligible', status: 'InForce' },
        }),
        assignmentOf,
      ) as EligibleAssignment | null,
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
         AND kind = 'active' AND status IN ('Provisioning', 'Active')`,
          principalId,
          roleId,
          scopeId,
        ),
        assignmentOf,
      ) as ActiveAssignment | null,
    openActivesOf: async (principalId) =>
      (
        await prisma.assignment.findMany({
          where: { principalId, kind: 'active', status: { in: ['Provisioning', 'Active', 'Revoking'] } },
          orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
        })
      ).map(assignmentOf) as ActiveAssignment[],

    request: async (id) => maybe(await one<Table.RequestModel>('SELECT * FROM "Request" WHERE id = $1', id), requestOf),
    requests: async (ids) =>
      ids.length === 0
        ? []
        : (await sql.rows<Table.RequestModel>('SELECT * FROM "Request" WHERE id = ANY($1::uuid[])', ids)).map(
            requestOf,
          ),
    openRequestOf: async (eligibilityId) =>
      maybe(
        await one<Table.RequestModel>(
          `SELECT * FROM "Request" WHERE "eligibilityId" = $1 AND status IN ('PendingApproval', 'PendingProvisioning')`,
          eligibilityId,
        ),
        requestOf,
      ),
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

    namedAsApprover: async (personId) =>
      (await prisma.roleSettings.count({ where: { approverIds: { has: personId } } })) > 0,

    auditPage: async ({ skip, take }) =>
      (await prisma.auditEntry.findMany({ orderBy: { sequence: 'desc' }, skip, take })).map(auditEntryOf),
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
