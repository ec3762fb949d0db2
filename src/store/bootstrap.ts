import { randomBytes } from 'node:crypto';
import type { Clock, Reads, Writes } from '../commands/ports.ts';
import { systemActor } from '../commands/who.ts';
import type { ActiveAssignment } from '../domain/assignment.ts';
import { accept, type Change } from '../domain/change.ts';
import type { AssignmentId, PersonId, RoleId, ScopeId } from '../domain/ids.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Person } from '../domain/person.ts';
import { type BuiltInRole, builtInRoles, type RoleDefinition } from '../domain/role.ts';
import { directoryScope } from '../domain/scope.ts';
import type { PrismaClient } from './generated/client.ts';

const descriptions: Readonly<Record<BuiltInRole, string>> = {
  globalAdministrator: 'Manages everything, Usher included.',
  privilegedRoleAdministrator: 'Manages assignments and settings of directory roles.',
  userAdministrator: 'Manages people, and invites guests.',
  groupsAdministrator: 'Manages groups.',
  identityGovernanceAdministrator: 'Manages groups and who is in them.',
  helpdeskAdministrator: 'Helps people into their accounts.',
  guestInviter: 'Invites guests.',
  securityAdministrator: 'Views assignments and the audit, and manages security.',
  globalReader: 'Reads everything.',
  securityReader: 'Reads assignments and the audit.',
  owner: 'Manages everything at a scope, who has access included.',
  userAccessAdministrator: 'Manages who has access at a scope.',
  groupMember: 'Is in the group, and has what the group has.',
  groupOwner: 'Manages who is in the group.',
};

const kinds: Readonly<Partial<Record<string, RoleDefinition['kind']>>> = {
  owner: 'resource',
  userAccessAdministrator: 'resource',
  groupMember: 'group',
  groupOwner: 'group',
} satisfies Partial<Record<BuiltInRole, RoleDefinition['kind']>>;

/** The roles that Usher itself obeys. */
export const builtInDefinitions: readonly RoleDefinition[] = Object.entries(builtInRoles).map(([id, name]) => ({
  id: id as RoleId,
  name,
  kind: kinds[id] ?? 'directory',
  description: descriptions[id as BuiltInRole],
}));

/**
 * Makes what every installation starts from, where it is not there yet: the secret, the organisation, the directory's
 * scope and the built-in roles. Any number of replicas may do it at the same time. Answers with the secret.
 */
export async function prepareInstallation(prisma: PrismaClient, organisation: Organisation): Promise<Uint8Array> {
  await prisma.$executeRaw`INSERT INTO "Secret" (id, value) VALUES (1, ${randomBytes(32)}) ON CONFLICT DO NOTHING`;
  await prisma.$executeRaw`
    INSERT INTO "Organisation" (id, name, domain, "whoMayInvite", domains, terms)
    VALUES (1, ${organisation.name}, ${organisation.domain}, ${organisation.whoMayInvite},
      ${JSON.stringify(organisation.domains)}::jsonb, ${organisation.terms && JSON.stringify(organisation.terms)}::jsonb)
    ON CONFLICT DO NOTHING`;
  await prisma.role.createMany({ data: [...builtInDefinitions], skipDuplicates: true });
  await prisma.scope.createMany({
    data: [{ id: directoryScope, name: 'Directory', kind: 'directory', parentId: null }],
    skipDuplicates: true,
  });
  return (await prisma.secret.findUniqueOrThrow({ where: { id: 1 } })).value;
}

/** A direct, permanent, active assignment, on its way to the target system. */
export const permanentAssignment = (
  id: AssignmentId,
  principalId: PersonId,
  role: BuiltInRole,
  scopeId: ScopeId,
  now: Date,
): ActiveAssignment => ({
  id,
  version: 1,
  kind: 'active',
  principalKind: 'person',
  principalId,
  roleId: role as string as RoleId,
  scopeId,
  eligibilityId: null,
  requestId: null,
  durationMinutes: null,
  startsAt: now,
  endsAt: null,
  state: { status: 'Provisioning' },
});

/** Somebody who was there before Usher: a member, never invited. */
export const member = (
  id: PersonId,
  { displayName, mail, objectId }: Pick<Person, 'displayName' | 'mail' | 'objectId'>,
  now: Date,
): Person => ({
  id,
  version: 1,
  displayName,
  mail: mail.toLowerCase(),
  userPrincipalName: mail.toLowerCase(),
  userType: 'Member',
  externalUserState: null,
  identities: [mail.slice(mail.lastIndexOf('@') + 1).toLowerCase()],
  objectId,
  company: null,
  sponsorId: null,
  accountEnabled: true,
  language: null,
  quiet: null,
  digest: true,
  createdAt: now,
});

/** What was set up without a command, on the record. */
export const setUp = (people: readonly Person[], assignments: readonly ActiveAssignment[]): Change =>
  accept(null, {
    put: [
      ...people.map((value) => ({ entity: 'Person' as const, value })),
      ...assignments.map((value) => ({ entity: 'Assignment' as const, value })),
    ],
    provision: assignments.map((assignment) => assignment.id),
    audit: people.map((person) => ({
      action: 'installation.set-up',
      actor: systemActor,
      subjectId: person.id,
      role: null,
      scope: null,
      requestId: null,
      result: 'success',
      reason: null,
      details: {
        roles: assignments
          .filter(({ principalId }) => principalId === person.id)
          .map(({ roleId, scopeId }) => `${roleId} ${scopeId}`)
          .join(', '),
      },
    })),
  }).change;

/**
 * Makes the first administrator, where the person is not there yet: Global Administrator, and User Access Administrator
 * at the root, so that resources can be administered too.
 */
export async function bootstrapAdministrator(
  { reads, writes, clock, newId }: { reads: Reads; writes: Writes; clock: Clock; newId: () => string },
  mail: string,
): Promise<void> {
  if (await reads.personByMail(mail)) return;
  const now = clock();
  const admin = member(newId() as PersonId, { displayName: mail, mail, objectId: null }, now);
  const roles: BuiltInRole[] = ['globalAdministrator', 'userAccessAdministrator'];
  const assignments = roles.map((role) =>
    permanentAssignment(newId() as AssignmentId, admin.id, role, directoryScope, now),
  );
  await writes
    .commit({ at: now, changes: [setUp([admin], assignments)], telling: { posts: [], refresh: [] } })
    .catch(async (error: unknown) => {
      // Another replica was faster.
      if (!(await reads.personByMail(mail))) throw error;
    });
}
