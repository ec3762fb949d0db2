import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisation } from '../../dev/demo-organisation.ts';
import { createPipeline, type OpenCommand, type PersonCommand } from '../../src/commands/execute.ts';
import type { Reads } from '../../src/commands/ports.ts';
import type { ActiveAssignment, EligibleAssignment } from '../../src/domain/assignment.ts';
import type { Entity } from '../../src/domain/change.ts';
import type { ChatAccount } from '../../src/domain/chat-account.ts';
import { groupScope } from '../../src/domain/group.ts';
import type {
  AssignmentId,
  DelegationId,
  InvitationId,
  PersonId,
  RequestId,
  RoleId,
  ScopeId,
} from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/person.ts';
import type { AssignmentRequest } from '../../src/domain/request.ts';
import { type BuiltInRole, builtInRoles, type HeldRole } from '../../src/domain/role.ts';
import { approvalBy } from '../../src/domain/role-settings.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import { prepareInstallation } from '../../src/store/bootstrap.ts';
import { createReads } from '../../src/store/reads.ts';
import { createWrites } from '../../src/store/writes.ts';
import {
  aDelegation,
  aGroup,
  anAccount,
  anActive,
  anEligible,
  aPerson,
  aRequest,
  assignment,
  batch,
  person,
  request,
} from '../contracts/store-fixtures.ts';
import { rulesOf } from '../support/role-settings.ts';
import { openEmbeddedDatabase, type TestDatabase } from '../support/served-database.ts';

// Who may do what, as domain.md tells it under "Roles and scopes": every built-in role (and none), held at the directory,
// above the scope in question, there, and elsewhere, or in one of three groups, tries every command.

const now = new Date('2027-03-01T12:00:00.000Z');

const above = '/subscriptions/finance';
const here = '/subscriptions/finance/rg-expenses';
const elsewhere = '/subscriptions/sales';
const below = '/subscriptions/finance/rg-expenses/receipts';

const caller = aPerson({ displayName: 'The Caller' });
const guest = aPerson({ displayName: 'Gia Guest', userType: 'Guest', externalUserState: 'Accepted' });
const invited = aPerson({ displayName: 'Ivo Invited', userType: 'Guest', externalUserState: 'PendingAcceptance' });
/** Holds what it takes, so that nobody's request is without an approver. */
const rita = aPerson({ displayName: 'Rita Root' });
const assignable = aGroup({ name: 'Assignable', roleAssignable: true });
const plain = aGroup({ name: 'Plain', roleAssignable: false });
const another = aGroup({ name: 'Another', roleAssignable: false });

const places = {
  'the directory': directoryScope as string,
  above,
  here,
  elsewhere,
  'the role-assignable group': groupScope(assignable.id) as string,
  'the group': groupScope(plain.id) as string,
  'another group': groupScope(another.id) as string,
};
type PlaceName = keyof typeof places;

interface Holding {
  readonly name: string;
  readonly held: readonly HeldRole[];
}

const resourceRoles: readonly BuiltInRole[] = ['owner', 'userAccessAdministrator'];
const groupRoles: readonly BuiltInRole[] = ['groupMember', 'groupOwner'];
const directoryRoles = (Object.keys(builtInRoles) as BuiltInRole[]).filter(
  (role) => !resourceRoles.includes(role) && !groupRoles.includes(role),
);

const holding = (role: BuiltInRole, place: PlaceName): Holding => ({
  name: `${builtInRoles[role]} at ${place}`,
  held: [{ roleId: role as string as RoleId, scopeId: places[place] as ScopeId }],
});
const nothing: Holding = { name: 'nothing', held: [] };
const holdings: readonly Holding[] = [
  nothing,
  ...directoryRoles.map((role) => holding(role, 'the directory')),
  ...resourceRoles.flatMap((role) =>
    (['the directory', 'above', 'here', 'elsewhere'] as const).map((place) => holding(role, place)),
  ),
  ...groupRoles.flatMap((role) =>
    (['the role-assignable group', 'the group', 'another group'] as const).map((place) => holding(role, place)),
  ),
];

/** Those of the table's left column. */
const at = (place: PlaceName, ...roles: readonly BuiltInRole[]) => roles.map((role) => holding(role, place).name);
const directory = (...roles: readonly BuiltInRole[]) => at('the directory', ...roles);
const everybody = holdings.map(({ name }) => name);
const nobody: readonly string[] = [];

const managersOfDirectoryRoles = directory('globalAdministrator', 'privilegedRoleAdministrator');
const managersOfAnything = [
  ...directory(
    'globalAdministrator',
    'privilegedRoleAdministrator',
    'userAdministrator',
    'groupsAdministrator',
    'identityGovernanceAdministrator',
  ),
  ...(['the directory', 'above', 'here', 'elsewhere'] as const).flatMap((place) =>
    at(place, 'owner', 'userAccessAdministrator'),
  ),
  ...(['the role-assignable group', 'the group', 'another group'] as const).flatMap((place) => at(place, 'groupOwner')),
];
const readers = directory('securityAdministrator', 'globalReader', 'securityReader');
const managersHere = [
  ...at('the directory', ...resourceRoles),
  ...at('above', ...resourceRoles),
  ...at('here', ...resourceRoles),
];
const managersAnywhere = [...managersHere, ...at('elsewhere', ...resourceRoles)];
const managersOfTheRoleAssignableGroup = [
  ...managersOfDirectoryRoles,
  ...at('the role-assignable group', 'groupOwner'),
];
const managersOfOtherGroups = directory(
  'globalAdministrator',
  'userAdministrator',
  'groupsAdministrator',
  'identityGovernanceAdministrator',
);
const managersOfTheGroup = [...managersOfOtherGroups, ...at('the group', 'groupOwner')];
const groupOwners = [
  ...at('the role-assignable group', 'groupOwner'),
  ...at('the group', 'groupOwner'),
  ...at('another group', 'groupOwner'),
];
/** Whoever may see something of others. */
const viewers = [
  ...new Set([...managersOfDirectoryRoles, ...readers, ...managersAnywhere, ...managersOfOtherGroups, ...groupOwners]),
];

const ids = {
  proposal: '00000000-0000-4000-8000-0000000000aa',
  resource: crypto.randomUUID() as RequestId,
  directory: crypto.randomUUID() as RequestId,
  assignable: crypto.randomUUID() as RequestId,
  plain: crypto.randomUUID() as RequestId,
  named: crypto.randomUUID() as RequestId,
  own: crypto.randomUUID() as RequestId,
  toCaller: crypto.randomUUID() as DelegationId,
  toRita: crypto.randomUUID() as DelegationId,
  broken: crypto.randomUUID() as RequestId,
};

const eligibilities = {
  resource: crypto.randomUUID(),
  directory: crypto.randomUUID(),
  assignable: crypto.randomUUID(),
  plain: crypto.randomUUID(),
};

interface Case {
  readonly about: string;
  readonly input: object;
  readonly may: readonly string[];
}

const deciding = (): Case[] => {
  const reason = { justification: 'Agreed' };
  return [
    { about: 'a resource role here', input: { requestId: ids.resource, ...reason }, may: managersHere },
    { about: 'a directory role', input: { requestId: ids.directory, ...reason }, may: managersOfDirectoryRoles },
    {
      about: 'membership of the role-assignable group',
      input: { requestId: ids.assignable, ...reason },
      may: managersOfTheRoleAssignableGroup,
    },
    { about: 'membership of the group', input: { requestId: ids.plain, ...reason }, may: managersOfTheGroup },
    { about: 'a role whose settings name them', input: { requestId: ids.named, ...reason }, may: everybody },
    { about: 'their own request', input: { requestId: ids.own, ...reason }, may: nobody },
  ];
};

const lengthening = (): Case[] => {
  const of = (assignmentId: string) => ({ assignmentId, justification: 'Still at it' });
  return [
    { about: 'a resource role here', input: of(eligibilities.resource), may: managersHere },
    { about: 'a directory role', input: of(eligibilities.directory), may: managersOfDirectoryRoles },
    {
      about: 'membership of the role-assignable group',
      input: of(eligibilities.assignable),
      may: managersOfTheRoleAssignableGroup,
    },
    { about: 'membership of the group', input: of(eligibilities.plain), may: managersOfTheGroup },
  ];
};

const overseeing = (input: object): Case[] => [
  {
    about: 'to a resource role here',
    input: { requestId: ids.broken, ...input },
    may: [...managersOfDirectoryRoles, ...managersHere],
  },
];

/** Commands for callers who need not be known: what they ask for is proven by links and codes. */
const forAnyone = [
  'apply-policy',
  'code',
  'credential-remove',
  'enrol-app',
  'enrol-confirm',
  'enrol-open',
  'enrol-passkey',
  'enrol-redeemed',
  'enrol-step-up',
  'link',
  'redemption-accept',
  'redemption-code',
  'redemption-decline',
  'step-up',
];

const inviters = directory('globalAdministrator', 'userAdministrator', 'guestInviter');
const reading = [...managersOfDirectoryRoles, ...readers];

/** The table. A new command is a new line here. */
const table: Readonly<Record<string, readonly Case[]>> = {
  invite: [{ about: 'somebody new', input: { email: 'new@partner.example' }, may: inviters }],
  resend: [
    {
      about: 'somebody else’s invitation',
      input: { email: invited.mail },
      may: directory('globalAdministrator', 'userAdministrator'),
    },
  ],
  revoke: [
    {
      about: 'somebody else’s invitation',
      input: { email: invited.mail },
      may: directory('globalAdministrator', 'userAdministrator'),
    },
  ],
  approve: deciding(),
  deny: deciding(),

  resources: [{ about: 'what they manage or hold', input: {}, may: everybody }],
  resource: [
    { about: 'here', input: { scope: here }, may: managersHere },
    { about: 'below', input: { scope: below }, may: managersHere },
    {
      about: 'elsewhere',
      input: { scope: elsewhere },
      may: [...at('the directory', ...resourceRoles), ...at('elsewhere', ...resourceRoles)],
    },
    { about: 'the directory', input: { scope: '/' }, may: [...reading, ...at('the directory', ...resourceRoles)] },
  ],
  ...Object.fromEntries(
    ['role', 'members'].map((command) => [
      command,
      [
        { about: 'a directory role', input: { role: 'Guest Inviter' }, may: reading },
        { about: 'a resource role here', input: { role: 'Contributor', scope: here }, may: managersHere },
        {
          about: 'membership of the role-assignable group',
          input: { role: 'Group member', scope: 'Assignable' },
          may: [...managersOfTheRoleAssignableGroup, ...readers],
        },
        {
          about: 'ownership of the group',
          input: { role: 'Group owner', scope: 'Plain' },
          may: [...managersOfTheGroup, ...readers],
        },
      ],
    ]),
  ),

  ...Object.fromEntries(
    ['assign', 'update', 'unassign'].map((command) => [
      command,
      (
        [
          ['a directory role', { role: 'Guest Inviter' }, managersOfDirectoryRoles],
          ['a resource role here', { role: 'Contributor', scope: here }, managersHere],
          [
            'membership of the role-assignable group',
            { role: 'Group member', scope: 'Assignable' },
            managersOfTheRoleAssignableGroup,
          ],
          ['membership of the group', { role: 'Group member', scope: 'Plain' }, managersOfTheGroup],
        ] as const
      ).map(([about, place, may]) => ({
        about,
        input: { principal: guest.mail, kind: 'eligible', duration: '10d', ...place },
        may,
      })),
    ]),
  ),
  'group-create': [
    {
      about: 'one that holds no roles',
      input: { name: 'New' },
      may: directory(
        'globalAdministrator',
        'userAdministrator',
        'groupsAdministrator',
        'identityGovernanceAdministrator',
      ),
    },
    { about: 'one that may hold roles', input: { name: 'New', roleAssignable: 'yes' }, may: managersOfDirectoryRoles },
  ],

  'propose-settings': (
    [
      ['of a directory role', { roleId: 'guestInviter', scopeId: '/' }, managersOfDirectoryRoles],
      ['of a resource role here', { roleId: 'contributor', scopeId: here }, managersHere],
      [
        'of the membership of the role-assignable group',
        { roleId: 'groupMember', scopeId: places['the role-assignable group'] },
        managersOfTheRoleAssignableGroup,
      ],
      ['of the membership of the group', { roleId: 'groupMember', scopeId: places['the group'] }, managersOfTheGroup],
    ] as const
  ).map(([about, place, may]) => ({ about, input: { ...place, set: 'maximum=2h' }, may })),
  'save-settings': [{ about: 'of a resource role here', input: { proposalId: ids.proposal }, may: managersHere }],
  'break-glass': [
    {
      about: 'a role that names them',
      input: { role: 'Operator', scope: here, justification: 'Fire' },
      may: everybody,
    },
    { about: 'one that does not', input: { role: 'Contributor', scope: here, justification: 'Fire' }, may: nobody },
    { about: 'what a card could claim', input: { place: `contributor ${here}`, justification: 'Fire' }, may: nobody },
  ],
  'end-break-glass': overseeing({}),
  'review-break-glass': overseeing({ result: 'justified' }),
  elevate: [
    {
      about: 'themselves',
      input: { justification: 'Nobody else is there' },
      may: directory('globalAdministrator'),
    },
  ],
  audit: [{ about: 'the record', input: {}, may: reading }],
  'audit-verify': [{ about: 'the record', input: {}, may: reading }],
  history: [
    { about: 'their own', input: {}, may: everybody },
    { about: 'somebody else’s', input: { email: guest.mail }, may: viewers },
  ],
  story: [
    { about: 'their own', input: { requestId: ids.own }, may: everybody },
    { about: 'of a resource role here', input: { requestId: ids.resource }, may: managersHere },
    { about: 'of a directory role', input: { requestId: ids.directory }, may: reading },
    {
      about: 'of membership of the role-assignable group',
      input: { requestId: ids.assignable },
      may: [...managersOfTheRoleAssignableGroup, ...readers],
    },
    {
      about: 'of membership of the group',
      input: { requestId: ids.plain },
      may: [...managersOfTheGroup, ...readers],
    },
  ],

  activate: [
    { about: 'their own', input: { role: 'Reader', scope: here, justification: 'Work' }, may: everybody },
    { about: 'somebody else’s', input: { role: 'Contributor', scope: here, justification: 'Work' }, may: nobody },
  ],
  extend: [
    ...lengthening(),
    { about: 'their own', input: { role: 'Reader', scope: here, justification: 'Still at it' }, may: everybody },
  ],
  renew: lengthening(),
  cancel: [
    { about: 'their own', input: { requestId: ids.own }, may: everybody },
    { about: 'somebody else’s', input: { requestId: ids.resource }, may: nobody },
  ],
  deactivate: [{ about: 'somebody else’s', input: { assignmentId: '' }, may: nobody }],
  delegate: [{ about: 'their own decisions', input: { to: rita.mail, until: '7d' }, may: everybody }],
  'delegate-off': [{ about: 'their own', input: {}, may: everybody }],
  'delegate-decline': [
    { about: 'asked of them', input: { delegationId: ids.toCaller }, may: everybody },
    { about: 'asked of somebody else', input: { delegationId: ids.toRita }, may: nobody },
  ],
  language: [{ about: 'their own', input: { language: 'german' }, may: everybody }],
  digest: [{ about: 'their own', input: { wanted: 'off' }, may: managersOfAnything }],
  quiet: [{ about: 'their own', input: { hours: '22:00-07:00' }, may: everybody }],
  security: [{ about: 'their own', input: {}, may: everybody }],
  'security-reset': [
    {
      about: 'a guest’s',
      input: { email: invited.mail },
      may: at('the directory', 'globalAdministrator', 'userAdministrator'),
    },
    {
      about: 'a guest’s who can administer',
      input: { email: guest.mail },
      may: at('the directory', 'globalAdministrator'),
    },
    { about: 'a member’s', input: { email: rita.mail }, may: at('the directory', 'globalAdministrator') },
  ],
};

/** Refusals that say: you may not, or there is nothing there for you. */
const closed = new Set([
  'not-allowed',
  'not-an-approver',
  'self-approval',
  'request-unknown',
  'scope-unknown',
  'eligibility-unknown',
  'break-glass-unknown',
  'nothing-to-extend',
  'assignment-unknown',
  'invitation-unknown',
  'delegation-none',
]);

type Command = PersonCommand<unknown, unknown, unknown> | OpenCommand<unknown, unknown, unknown>;
const isCommand = (value: unknown): value is Command =>
  typeof value === 'object' && value !== null && 'name' in value && 'for' in value && 'decide' in value;

/** Everything that `src/commands` exports, and what its factories make. */
async function everyCommand(): Promise<Map<string, Command>> {
  const found = new Map<string, Command>();
  const anything: object = new Proxy(() => 'made up', { get: () => () => 'made up' });
  const take = (value: unknown): void => {
    if (isCommand(value)) found.set(value.name, value);
    else if (typeof value === 'object' && value !== null)
      for (const inner of Object.values(value)) if (isCommand(inner)) found.set(inner.name, inner);
  };
  const folder = new URL('../../src/commands/', import.meta.url);
  for (const file of readdirSync(folder)) {
    const exports = (await import(new URL(file, folder).href)) as Record<string, unknown>;
    for (const [name, value] of Object.entries(exports)) {
      if (typeof value !== 'function' || !name.startsWith('create')) take(value);
      else {
        try {
          take((value as (...parts: unknown[]) => unknown)(anything, anything, anything));
        } catch {
          // Makes no commands.
        }
      }
    }
  }
  return found;
}

describe('who may do what', () => {
  let database: TestDatabase;
  let reads: Reads;
  let commands: Map<string, Command>;

  beforeAll(async () => {
    commands = await everyCommand();
    database = await openEmbeddedDatabase();
    const { prisma } = database.database;
    await prepareInstallation(prisma, { ...demoOrganisation, whoMayInvite: 'admins' });
    await prisma.scope.createMany({
      data: [
        { id: above, name: 'finance', kind: 'subscription', parentId: '/' },
        { id: here, name: 'rg-expenses', kind: 'resource-group', parentId: above },
        { id: below, name: 'receipts', kind: 'resource', parentId: here },
        { id: elsewhere, name: 'sales', kind: 'subscription', parentId: '/' },
      ],
    });
    await prisma.role.createMany({
      data: ['Contributor', 'Reader', 'Operator'].map((name) => ({
        id: name.toLowerCase(),
        name,
        kind: 'resource',
        description: '',
      })),
    });
    await prisma.settingsProposal.create({
      data: {
        id: ids.proposal,
        version: 1,
        personId: caller.id,
        roleId: 'contributor',
        scopeId: here,
        audience: 'everyone',
        basis: '',
        rules: rulesOf({ activationMaximumMinutes: 60 }),
        createdAt: now,
      },
    });
    const byManagers = rulesOf({ approval: approvalBy([]) });
    const settings = (roleId: string, scopeId: string, rules = byManagers) => ({ roleId, scopeId, version: 1, rules });
    await prisma.roleSettings.createMany({
      data: [
        settings('contributor', above),
        settings('reader', above),
        settings(
          'operator',
          above,
          rulesOf({ approval: approvalBy([caller.id]), breakGlass: { personIds: [caller.id], groupIds: [] } }),
        ),
        settings('guestInviter', '/'),
        settings('groupMember', places['the role-assignable group']),
        settings('groupMember', places['the group']),
      ],
    });
    const place = (roleId: string, scopeId: string) => ({ roleId: roleId as RoleId, scopeId: scopeId as ScopeId });
    const eligible = (
      of: Person,
      roleId: string,
      scopeId: string,
      id: string = crypto.randomUUID(),
    ): EligibleAssignment =>
      anEligible({
        id: id as AssignmentId,
        principalId: of.id,
        ...place(roleId, scopeId),
        startsAt: new Date(now.getTime() - 1),
      });
    const asked = (id: RequestId, of: EligibleAssignment): AssignmentRequest =>
      aRequest({
        id,
        principalId: of.principalId as PersonId,
        eligibilityId: of.id,
        ...place(of.roleId, of.scopeId),
        createdAt: now,
        state: {
          status: 'PendingApproval',
          timesOutAt: new Date(now.getTime() + 86_400_000),
          stage: 1,
          since: now,
          backups: null,
        },
      });
    const brokenGlass = (): Entity[] => {
      const at = place('reader', here);
      const active = anActive({
        id: crypto.randomUUID() as AssignmentId,
        principalId: guest.id,
        requestId: ids.broken,
        ...at,
        state: { status: 'Active', confirmedAt: now },
      });
      const state = { status: 'Provisioned', decision: null, assignmentId: active.id } as const;
      const taken = aRequest({ id: ids.broken, action: 'selfBreakGlass', principalId: guest.id, ...at, state });
      const review = { status: 'open', since: now } as const;
      return [
        assignment(active),
        request({ ...taken, eligibilityId: active.id, createdAt: now }),
        { entity: 'BreakGlass', value: { id: ids.broken, version: 1, endedBy: null, review } },
      ];
    };
    const eligibles = {
      resource: eligible(guest, 'contributor', here, eligibilities.resource),
      named: eligible(guest, 'operator', here),
      directory: eligible(guest, 'guestInviter', '/', eligibilities.directory),
      assignable: eligible(guest, 'groupMember', places['the role-assignable group'], eligibilities.assignable),
      plain: eligible(guest, 'groupMember', places['the group'], eligibilities.plain),
      own: eligible(caller, 'contributor', elsewhere),
    };
    const roots = (['globalAdministrator', 'owner'] as const).map(
      (role): ActiveAssignment =>
        anActive({
          id: crypto.randomUUID() as AssignmentId,
          principalId: rita.id,
          ...place(role, '/'),
          state: { status: 'Active', confirmedAt: now },
        }),
    );
    await createWrites(database.database).commit(
      batch({
        put: [
          ...[caller, guest, invited, rita].map(person),
          ...[assignable, plain, another].map((value) => ({ entity: 'Group' as const, value })),
          {
            entity: 'Invitation',
            value: {
              id: crypto.randomUUID() as InvitationId,
              version: 1,
              guestId: invited.id,
              inviterId: rita.id,
              message: '',
              generation: 1,
              createdAt: now,
              sentAt: now,
              state: { status: 'Pending' },
            },
          },
          ...[
            aDelegation({ id: ids.toCaller, approverId: rita.id, standInId: caller.id }),
            aDelegation({ id: ids.toRita, approverId: guest.id, standInId: rita.id }),
            aDelegation({ approverId: caller.id, standInId: rita.id }),
          ].map((value) => ({ entity: 'Delegation' as const, value })),
          ...[...Object.values(eligibles), eligible(caller, 'reader', here), ...roots].map(assignment),
          ...brokenGlass(),
          ...(Object.keys(eligibles) as (keyof typeof eligibles)[]).map((key) =>
            request(asked(ids[key], eligibles[key])),
          ),
        ],
      }),
    );
    reads = remembered(createReads(database.database));
  });
  afterAll(() => database?.dispose());

  /** Nothing is written, so what was read once is known. */
  function remembered(from: Reads): Reads {
    const known = new Map<string, Promise<unknown>>();
    return new Proxy(from, {
      get: (target, name: keyof Reads & string) => {
        const read = target[name] as (...args: unknown[]) => Promise<unknown>;
        return (...args: unknown[]) => {
          const key = `${name} ${JSON.stringify(args)}`;
          const answer = known.get(key) ?? read(...args);
          known.set(key, answer);
          return answer;
        };
      },
    });
  }

  /** The caller holds this, and nothing else. */
  const holdingReads = (held: readonly HeldRole[]): Reads => ({
    ...(Object.fromEntries(
      Object.keys(createReads(database.database)).map((name) => [name, reads[name as keyof Reads]]),
    ) as unknown as Reads),
    heldRoles: async (id) => (id === caller.id ? [...held] : []),
    holders: async (wanted, at) => {
      const others = (await reads.holders(wanted, at)).filter(({ id }) => id !== caller.id);
      const holds = wanted.some(({ role, scopeIds }) =>
        held.some(({ roleId, scopeId }) => (role as string) === roleId && scopeIds.includes(scopeId)),
      );
      return holds ? [...others, caller] : others;
    },
    holdersAt: async (wanted, at) => [
      ...(await reads.holdersAt(wanted, at)).filter(({ person: { id } }) => id !== caller.id),
      ...wanted
        .filter((place) => held.some(({ roleId, scopeId }) => place.role === roleId && place.scopeId === scopeId))
        .map((place) => ({ ...place, person: caller })),
    ],
    answered: async () => null,
  });

  let calls = 0;
  async function tries(
    platform: ChatAccount['platform'],
    name: string,
    input: object,
    { held }: Holding,
  ): Promise<boolean> {
    const command = commands.get(name);
    if (!command) throw new Error(`there is no command ${name}`);
    const { execute } = createPipeline({
      reads: holdingReads(held),
      writes: { commit: async () => ({ cards: [], homes: [], assignments: [], deadlines: [] }) },
      plan: async () => ({ posts: [], refresh: [] }),
      dispatch: async () => undefined,
      clock: () => now,
      newId: () => crypto.randomUUID(),
      random: () => 0,
    });
    calls += 1;
    const account = anAccount({ personId: caller.id, platform });
    const outcome = await execute(command, { caller: { by: 'chat', account }, input, key: String(calls) });
    return outcome.accepted || !closed.has(outcome.refusal.code);
  }

  it('is said in this table for every command', () => {
    const missing = [...commands.keys()].filter((name) => !(name in table) && !forAnyone.includes(name));
    expect(missing, 'commands that the table does not have').toEqual([]);
    expect(
      Object.keys(table).filter((name) => !commands.has(name)),
      'lines for commands that are not there',
    ).toEqual([]);
    expect(forAnyone.filter((name) => commands.get(name)?.for !== 'anyone')).toEqual([]);
  });

  it('is asked of each built-in role', () => {
    expect(holdings.length).toBe(1 + directoryRoles.length + 2 * 4 + 2 * 3);
    expect(viewers.length).toBeGreaterThan(0);
  });

  describe.each(Object.entries(table))('%s', (name, cases) => {
    it.each(
      cases.flatMap((each) => (['teams', 'slack'] as const).map((platform) => [each.about, platform, each] as const)),
    )('%s, from %s', async (_about, platform, { input, may }) => {
      const allowed: string[] = [];
      for (const each of holdings) if (await tries(platform, name, input, each)) allowed.push(each.name);
      expect(allowed).toEqual(everybody.filter((each) => may.includes(each)));
    });
  });
});
