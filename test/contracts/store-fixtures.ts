import { randomUUID } from 'node:crypto';
import type { Post, Telling } from '../../src/commands/ports.ts';
import { systemActor } from '../../src/commands/who.ts';
import type { ActiveAssignment, EligibleAssignment } from '../../src/domain/assignment.ts';
import type { AuditFact } from '../../src/domain/audit.ts';
import { accept, type Change, type Entity } from '../../src/domain/change.ts';
import type { ChatAccount } from '../../src/domain/chat-account.ts';
import type { Delegation } from '../../src/domain/delegation.ts';
import type { Group } from '../../src/domain/group.ts';
import type {
  AssignmentId,
  ChatAccountId,
  DelegationId,
  GroupId,
  PersonId,
  RequestId,
  RoleId,
  ScopeId,
} from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/person.ts';
import type { AssignmentRequest } from '../../src/domain/request.ts';
import { buildVote, ids, waitingUntil } from '../support/build.ts';

/** An instant with odd milliseconds, within an hour that many zones have twice. */
export const oddInstant = new Date('2026-10-25T01:30:00.007Z');

export const aPerson = (more: Partial<Person> = {}): Person => {
  const id = (more.id ?? randomUUID()) as PersonId;
  return {
    id,
    version: 1,
    displayName: 'Dana O’Neil',
    mail: `${id}@contoso.example`,
    userPrincipalName: `${id}@contoso.example`,
    userType: 'Member',
    externalUserState: null,
    identities: ['contoso.example'],
    objectId: null,
    company: null,
    sponsorId: null,
    accountEnabled: true,
    language: null,
    quiet: null,
    digest: true,
    createdAt: oddInstant,
    ...more,
  };
};

export const anAccount = (more: Partial<ChatAccount> = {}): ChatAccount => ({
  id: randomUUID() as ChatAccountId,
  version: 1,
  platform: 'slack',
  tenantId: 'T0CONTOSO',
  userId: `U${randomUUID()}`,
  personId: null,
  provenBy: null,
  address: { channel: 'D0123' },
  unreachable: null,
  timeZone: 'Europe/Berlin',
  locale: 'de-DE',
  lastSeenAt: oddInstant,
  ...more,
});

const place = () => ({
  principalId: randomUUID() as PersonId,
  roleId: 'owner' as RoleId,
  scopeId: '/subscriptions/finance' as ScopeId,
});

export const aDelegation = (more: Partial<Delegation> = {}): Delegation => ({
  id: randomUUID() as DelegationId,
  version: 1,
  approverId: randomUUID() as PersonId,
  standInId: randomUUID() as PersonId,
  startsAt: oddInstant,
  endsAt: new Date(oddInstant.getTime() + 86_400_000),
  note: 'Call me',
  createdAt: oddInstant,
  state: { status: 'Scheduled' },
  ...more,
});

export const aGroup = (more: Partial<Group> = {}): Group => ({
  id: randomUUID() as GroupId,
  version: 1,
  name: `Group ${randomUUID()}`,
  description: '',
  roleAssignable: true,
  createdAt: oddInstant,
  ...more,
});

export const anEligible = (more: Partial<EligibleAssignment> = {}): EligibleAssignment => ({
  id: randomUUID() as AssignmentId,
  version: 1,
  kind: 'eligible',
  principalKind: 'person',
  ...place(),
  startsAt: oddInstant,
  endsAt: null,
  state: { status: 'InForce' },
  ...more,
});

export const anActive = (more: Partial<ActiveAssignment> = {}): ActiveAssignment => ({
  id: randomUUID() as AssignmentId,
  version: 1,
  kind: 'active',
  principalKind: 'person',
  ...place(),
  eligibilityId: null,
  requestId: null,
  durationMinutes: null,
  startsAt: oddInstant,
  endsAt: null,
  state: { status: 'Provisioning' },
  ...more,
});

export const aRequest = (more: Partial<AssignmentRequest> = {}): AssignmentRequest => ({
  id: randomUUID() as RequestId,
  version: 1,
  action: 'selfActivate',
  ...place(),
  eligibilityId: randomUUID() as AssignmentId,
  startsAt: null,
  durationMinutes: 60,
  justification: 'month-end close',
  ticket: null,
  settingsVersion: 0,
  createdAt: oddInstant,
  votes: [buildVote({ at: oddInstant, insteadOf: ids.member, durationMinutes: 45 })],
  state: waitingUntil(new Date(oddInstant.getTime() + 86_400_000)),
  ...more,
});

export const aFact = (more: Partial<AuditFact> = {}): AuditFact => ({
  action: 'activation.request',
  actor: systemActor,
  subjectId: null,
  role: 'Owner',
  scope: 'Finance',
  requestId: null,
  result: 'success',
  reason: null,
  details: { minutes: 60, ticket: null, urgent: false, words: 'month-end close' },
  ...more,
});

export const aPost = (more: Partial<Post> = {}): Post => ({
  key: randomUUID(),
  name: 'approval',
  subjectId: randomUUID(),
  recipientId: randomUUID() as PersonId,
  channel: 'chat',
  canWait: false,
  ...more,
});

export const person = (value: Person): Entity => ({ entity: 'Person', value });
export const account = (value: ChatAccount): Entity => ({ entity: 'ChatAccount', value });
export const assignment = (value: EligibleAssignment | ActiveAssignment): Entity => ({ entity: 'Assignment', value });
export const request = (value: AssignmentRequest): Entity => ({ entity: 'Request', value });

export const silence: Telling = { posts: [], refresh: [] };

/** One decision's change, to be committed with nothing to tell. */
export const batch = (change: Partial<Change>, at: Date = oddInstant) => ({
  at,
  changes: [accept(null, change).change],
  telling: silence,
});
