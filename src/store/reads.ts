import type { Reads } from '../commands/ports.ts';
import type { ActiveAssignment, EligibleAssignment } from '../domain/assignment.ts';
import { isUuid, type PersonId, type RoleId, type ScopeId } from '../domain/ids.ts';
import type { HeldRole, RoleDefinition } from '../domain/role.ts';
import { defaultRoleSettings } from '../domain/role-settings.ts';
import type { Scope, ScopeChain } from '../domain/scope.ts';
import type { PrismaClient } from './generated/client.ts';
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

const maybe = <Row, Value>(row: Row | null, read: (row: Row) => Value): Value | null => (row ? read(row) : null);

/** An active assignment that the target system has confirmed and whose end has not come. */
const heldAt = (now: Date) => ({
  kind: 'active',
  status: 'Active',
  OR: [{ endsAt: null }, { endsAt: { gt: now } }],
});

/** {@link Reads} on the database. */
export const createReads = (prisma: PrismaClient): Reads => ({
  organisation: async () => organisationOf(await prisma.organisation.findUniqueOrThrow({ where: { id: 1 } })),

  person: async (id) => maybe(await prisma.person.findUnique({ where: { id } }), personOf),
  personByMail: async (mail) =>
    maybe(await prisma.person.findUnique({ where: { mail: mail.toLowerCase() } }), personOf),
  personByObjectId: async (objectId) => maybe(await prisma.person.findUnique({ where: { objectId } }), personOf),
  people: async (ids) =>
    ids.length === 0 ? [] : (await prisma.person.findMany({ where: { id: { in: [...ids] } } })).map(personOf),

  chatAccount: async ({ platform, tenantId, userId }) =>
    maybe(
      await prisma.chatAccount.findUnique({ where: { platform_tenantId_userId: { platform, tenantId, userId } } }),
      chatAccountOf,
    ),
  chatAccountById: async (id) => maybe(await prisma.chatAccount.findUnique({ where: { id } }), chatAccountOf),
  chatAccountsOf: async (personId) =>
    (await prisma.chatAccount.findMany({ where: { personId }, orderBy: { lastSeenAt: 'desc' } })).map(chatAccountOf),

  roles: async () => (await prisma.role.findMany({ orderBy: { name: 'asc' } })) as RoleDefinition[],
  role: async (id) => (await prisma.role.findUnique({ where: { id } })) as RoleDefinition | null,
  scopes: async () => (await prisma.scope.findMany({ orderBy: { id: 'asc' } })) as Scope[],
  scopesById: async (ids) =>
    ids.length === 0 ? [] : ((await prisma.scope.findMany({ where: { id: { in: [...ids] } } })) as Scope[]),
  scopeChain: async (id) => {
    const chain = await prisma.$queryRaw<Scope[]>`
      WITH RECURSIVE above AS (
        SELECT s.*, 0 AS distance FROM "Scope" s WHERE s.id = ${id}
        UNION ALL
        SELECT s.*, above.distance + 1 FROM "Scope" s JOIN above ON s.id = above."parentId"
      )
      SELECT id, name, kind, "parentId" FROM above ORDER BY distance`;
    return chain.length > 0 ? (chain as unknown as ScopeChain) : null;
  },
  roleSettings: async (role, chain) => {
    const rows = await prisma.roleSettings.findMany({
      where: { roleId: role.id, scopeId: { in: chain.map((scope) => scope.id) } },
    });
    const nearest = chain.map(({ id }) => rows.find((row) => row.scopeId === id)).find((row) => row !== undefined);
    return nearest ? roleSettingsOf(nearest) : defaultRoleSettings(role.kind);
  },
  heldRoles: async (principalId, now) =>
    (await prisma.assignment.findMany({
      where: { principalId, ...heldAt(now) },
      select: { roleId: true, scopeId: true },
    })) as HeldRole[],
  holders: async (roles, scopes, now) => {
    const held = await prisma.assignment.findMany({
      where: { roleId: { in: [...roles] }, scopeId: { in: [...scopes] }, ...heldAt(now) },
      select: { principalId: true },
    });
    const ids = [...new Set(held.map((row) => row.principalId))];
    return (await prisma.person.findMany({ where: { id: { in: ids } }, orderBy: { createdAt: 'asc' } })).map(personOf);
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
  challengesSince: async (since, subjectId, personId) =>
    (
      await prisma.challenge.findMany({
        where: { createdAt: { gt: since }, OR: [{ subjectId }, ...(personId ? [{ personId }] : [])] },
        orderBy: { createdAt: 'desc' },
      })
    ).map(challengeOf),

  assignment: async (id) => maybe(await prisma.assignment.findUnique({ where: { id } }), assignmentOf),
  assignments: async (ids) =>
    ids.length === 0 ? [] : (await prisma.assignment.findMany({ where: { id: { in: [...ids] } } })).map(assignmentOf),
  openEligible: async (principalId: PersonId, roleId: RoleId, scopeId: ScopeId) =>
    maybe(
      await prisma.assignment.findFirst({
        where: { principalId, roleId, scopeId, kind: 'eligible', status: 'InForce' },
      }),
      assignmentOf,
    ) as EligibleAssignment | null,
  openEligiblesOf: async (principalId) =>
    (
      await prisma.assignment.findMany({
        where: { principalId, kind: 'eligible', status: 'InForce' },
        orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
      })
    ).map(assignmentOf) as EligibleAssignment[],
  inForce: async (principalId, roleId, scopeId) =>
    maybe(
      await prisma.assignment.findFirst({
        where: { principalId, roleId, scopeId, kind: 'active', status: { in: ['Provisioning', 'Active'] } },
      }),
      assignmentOf,
    ) as ActiveAssignment | null,
  openActivesOf: async (principalId) =>
    (
      await prisma.assignment.findMany({
        where: { principalId, kind: 'active', status: { in: ['Provisioning', 'Active', 'Revoking'] } },
        orderBy: [{ startsAt: 'asc' }, { id: 'asc' }],
      })
    ).map(assignmentOf) as ActiveAssignment[],

  request: async (id) => maybe(await prisma.request.findUnique({ where: { id } }), requestOf),
  requests: async (ids) =>
    ids.length === 0 ? [] : (await prisma.request.findMany({ where: { id: { in: [...ids] } } })).map(requestOf),
  openRequestOf: async (eligibilityId) =>
    maybe(
      await prisma.request.findFirst({
        where: { eligibilityId, status: { in: ['PendingApproval', 'PendingProvisioning'] } },
      }),
      requestOf,
    ),
  requestsOf: async (principalId, take) =>
    (
      await prisma.request.findMany({ where: { principalId }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], take })
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
    const request = maybe(await prisma.request.findUnique({ where: { id } }), requestOf);
    if (!request || request.principalId === personId) return request;
    const sent = await prisma.card.count({ where: { subjectId: id, recipientId: personId } });
    return sent > 0 ? request : null;
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

  answered: async (key) => (await prisma.answered.findUnique({ where: { key } }))?.answer ?? null,
});
