import type { Clock, Reads, Writes } from '../src/commands/ports.ts';
import { objectIdOf } from '../src/connectors/built-in-directory.ts';
import type { EligibleAssignment } from '../src/domain/assignment.ts';
import { addMinutes } from '../src/domain/duration.ts';
import { deadlinesUntil } from '../src/domain/eligibility.ts';
import type { AssignmentId, PersonId, RoleId, ScopeId } from '../src/domain/ids.ts';
import type { Organisation } from '../src/domain/organisation.ts';
import { approvalBy, defaultRoleSettings, type RoleSettings } from '../src/domain/role-settings.ts';
import { directoryScope } from '../src/domain/scope.ts';
import { member, permanentAssignment, setUp } from '../src/store/bootstrap.ts';
import type { Prisma, PrismaClient } from '../src/store/generated/client.ts';

/** The organisation that a newcomer plays with; `npm start` makes it in an empty database. */
export const demoOrganisation: Organisation = {
  name: 'Contoso',
  domain: 'contoso.example',
  whoMayInvite: 'admins',
  domains: { policy: 'deny', list: ['blocked.example', '*.blocked.example'] },
  terms: { version: 1, text: 'Use the access for the work that it was given for, and for nothing else.' },
};

/** The tenant that the local chat clients belong to. */
export const demoTenantId = '11111111-2222-4333-8444-555555555555';

const persona = (name: string, displayName: string, email: string, preferredPort: number) => ({
  name,
  displayName,
  email,
  preferredPort,
  aadObjectId: objectIdOf(email),
});

/** Whose chats are opened. The guest is nobody yet: they have to be invited first. */
export const personas = [
  persona('guest', 'Gia Guest', 'guest@partner.example', 56150),
  persona('approver', 'Paul Approver', 'approver@contoso.example', 56151),
  persona('administrator', 'Ada Administrator', 'admin@contoso.example', 56152),
] as const;

/** Approves, too; nobody's Teams chat is opened for her. */
export const secondApprover = persona('second approver', 'Nora Nguyen', 'nora@contoso.example', 0);

const contoso = '/managementGroups/contoso';
const finance = '/subscriptions/finance';
const production = '/subscriptions/production';
const expenses = `${finance}/resourceGroups/rg-expenses`;
const web = `${production}/resourceGroups/rg-web`;

const scopes = [
  { id: contoso, name: 'contoso', kind: 'management-group', parentId: directoryScope as string },
  { id: finance, name: 'finance', kind: 'subscription', parentId: contoso },
  { id: expenses, name: 'rg-expenses', kind: 'resource-group', parentId: finance },
  { id: `${expenses}/storageAccounts/receipts`, name: 'receipts', kind: 'resource', parentId: expenses },
  { id: `${finance}/resourceGroups/rg-payroll`, name: 'rg-payroll', kind: 'resource-group', parentId: finance },
  { id: production, name: 'production', kind: 'subscription', parentId: contoso },
  { id: web, name: 'rg-web', kind: 'resource-group', parentId: production },
  { id: `${web}/virtualMachines/web-1`, name: 'web-1', kind: 'resource', parentId: web },
];

const roles = [
  {
    id: 'contributor',
    name: 'Contributor',
    kind: 'resource',
    description: 'Changes everything at a scope but who has access.',
  },
  { id: 'reader', name: 'Reader', kind: 'resource', description: 'Reads everything at a scope.' },
];

/** Makes the demo organisation, where it is not there yet. */
export async function seedDemo(parts: {
  readonly prisma: PrismaClient;
  readonly reads: Reads;
  readonly writes: Writes;
  readonly clock: Clock;
  readonly newId: () => string;
}): Promise<void> {
  const { prisma, reads, writes, clock, newId } = parts;
  const [, approverPersona, adminPersona] = personas;
  if (await reads.personByMail(adminPersona.email)) return;
  const now = clock();
  const personOf = ({ displayName, email, aadObjectId }: typeof secondApprover) =>
    member(newId() as PersonId, { displayName, mail: email, objectId: aadObjectId }, now);
  const approver = personOf(approverPersona);
  const admin = personOf(adminPersona);
  const second = personOf(secondApprover);

  await prisma.scope.createMany({ data: scopes, skipDuplicates: true });
  await prisma.role.createMany({ data: roles, skipDuplicates: true });
  const { version: _, ...usual } = defaultRoleSettings('resource');
  const rules = { ...usual, approval: approvalBy([approver.id, second.id, admin.id]) };
  const settings = (roleId: string, differs: Partial<RoleSettings>) => ({
    roleId,
    scopeId: contoso,
    version: 1,
    rules: { ...rules, ...differs } as unknown as Prisma.InputJsonValue,
  });
  await prisma.roleSettings.createMany({
    data: [
      settings('contributor', {}),
      settings('owner', { activationMaximumMinutes: 120, ticketRequired: true }),
      settings('reader', { approval: null }),
    ],
    skipDuplicates: true,
  });

  const hold = (role: Parameters<typeof permanentAssignment>[2], scope: string) =>
    permanentAssignment(newId() as AssignmentId, admin.id, role, scope as ScopeId, now);
  const reader: EligibleAssignment = {
    id: newId() as AssignmentId,
    version: 1,
    kind: 'eligible',
    principalKind: 'person',
    principalId: approver.id,
    roleId: 'reader' as RoleId,
    scopeId: web as ScopeId,
    startsAt: now,
    endsAt: addMinutes(now, 180 * 1440),
    state: { status: 'InForce' },
  };
  const made = setUp([approver, admin, second], [hold('globalAdministrator', directoryScope), hold('owner', contoso)]);
  await writes.commit({
    at: now,
    changes: [
      {
        ...made,
        put: [...made.put, { entity: 'Assignment', value: reader }],
        deadlines: deadlinesUntil(reader.id, reader.endsAt, now),
      },
    ],
    telling: { posts: [], refresh: [] },
  });
}
