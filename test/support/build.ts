import type { Place } from '../../src/domain/activation-parts.ts';
import type { Approval, Panel } from '../../src/domain/approval.ts';
import type { ActiveAssignment, EligibleAssignment } from '../../src/domain/assignment.ts';
import type { Actor } from '../../src/domain/audit.ts';
import type { Challenge } from '../../src/domain/challenge.ts';
import type { Context } from '../../src/domain/change.ts';
import type { SettingsState } from '../../src/domain/change-settings.ts';
import type { ChatAccount } from '../../src/domain/chat-account.ts';
import { addMinutes } from '../../src/domain/duration.ts';
import type { Group } from '../../src/domain/group.ts';
import type {
  AssignmentId,
  ChallengeId,
  ChatAccountId,
  CredentialId,
  EnrolmentId,
  GroupId,
  InvitationId,
  PersonId,
  RequestId,
  RoleId,
  ScopeId,
  SettingsProposalId,
  StepUpId,
} from '../../src/domain/ids.ts';
import type { Invitation } from '../../src/domain/invitation.ts';
import type { Organisation } from '../../src/domain/organisation.ts';
import { guestPrincipalName, type Person } from '../../src/domain/person.ts';
import type { AssignmentRequest, RequestState, Vote } from '../../src/domain/request.ts';
import type { RoleDefinition } from '../../src/domain/role.ts';
import { type Audience, defaultRoleSettings, type RoleSettings } from '../../src/domain/role-settings.ts';
import { directoryScope, type Scope, type ScopeChain } from '../../src/domain/scope.ts';
import { type SettingsProposal, type StoredSettings, settingsInForce } from '../../src/domain/stored-settings.ts';

/** When every test begins: a Monday, 12:00 UTC. */
export const noon = new Date('2027-03-01T12:00:00.000Z');

/** So many minutes after {@link noon}; negative for before. */
export const minutesIn = (minutes: number): Date => addMinutes(noon, minutes);

export const day = 1440;

/** The same number gives the same UUID in every run. */
export const uuid = (number: number): string => `00000000-0000-4000-8000-${number.toString(16).padStart(12, '0')}`;

export const ids = {
  member: uuid(1) as PersonId,
  guest: uuid(2) as PersonId,
  approver: uuid(3) as PersonId,
  role: uuid(10) as RoleId,
  eligible: uuid(20) as AssignmentId,
  active: uuid(21) as AssignmentId,
  request: uuid(30) as RequestId,
  invitation: uuid(40) as InvitationId,
  challenge: uuid(41) as ChallengeId,
  account: uuid(42) as ChatAccountId,
  passkey: uuid(50) as CredentialId,
  app: uuid(51) as CredentialId,
  enrolment: uuid(52) as EnrolmentId,
  stepUp: uuid(53) as StepUpId,
  expenses: '/subscriptions/finance/resourceGroups/rg-expenses' as ScopeId,
  finance: '/subscriptions/finance' as ScopeId,
} as const;

/** Each context hands out the ids from 1000 on, in order. */
export function buildContext(now: Date = noon): Context {
  let last = 999;
  return {
    now,
    newId: () => {
      last += 1;
      return uuid(last);
    },
  };
}

export const buildActor = (parts: Partial<Actor> = {}): Actor => ({
  personId: ids.member,
  surface: 'teams',
  account: 'fabrikam:ines',
  ...parts,
});

export const systemActor: Actor = { personId: null, surface: 'system', account: null };

export const buildOrganisation = (parts: Partial<Organisation> = {}): Organisation => ({
  name: 'Fabrikam',
  domain: 'fabrikam.example',
  whoMayInvite: 'anyone',
  domains: { policy: 'any' },
  terms: null,
  ...parts,
});

/** A member of the organisation. */
export const buildPerson = (parts: Partial<Person> = {}): Person => ({
  id: ids.member,
  version: 1,
  displayName: 'Ines Member',
  mail: 'ines@fabrikam.example',
  userPrincipalName: parts.mail ?? 'ines@fabrikam.example',
  userType: 'Member',
  externalUserState: null,
  identities: ['fabrikam.example'],
  objectId: null,
  company: null,
  sponsorId: null,
  accountEnabled: true,
  language: null,
  quiet: null,
  digest: true,
  createdAt: minutesIn(-100 * day),
  ...parts,
});

/** A guest who has redeemed the invitation. */
export const buildGuest = (parts: Partial<Person> = {}): Person =>
  buildPerson({
    id: ids.guest,
    displayName: 'John Guest',
    mail: 'john@contoso.com',
    userPrincipalName: guestPrincipalName(parts.mail ?? 'john@contoso.com', 'fabrikam.example'),
    userType: 'Guest',
    externalUserState: 'Accepted',
    identities: ['mail'],
    company: 'Contoso',
    sponsorId: ids.member,
    ...parts,
  });

/** A guest whose invitation waits. */
export const buildInvitedGuest = (parts: Partial<Person> = {}): Person =>
  buildGuest({ externalUserState: 'PendingAcceptance', identities: ['fabrikam.example'], ...parts });

export const buildApprover = (parts: Partial<Person> = {}): Person =>
  buildPerson({ id: ids.approver, displayName: 'Aron Approver', mail: 'aron@fabrikam.example', ...parts });

export const buildRole = (parts: Partial<RoleDefinition> = {}): RoleDefinition => ({
  id: ids.role,
  name: 'Reader',
  kind: 'resource',
  description: 'Reads everything, changes nothing.',
  ...parts,
});

/** From a resource group up to the directory. */
export const buildScopeChain = (): ScopeChain => [
  { id: ids.expenses, name: 'rg-expenses', kind: 'resource-group', parentId: ids.finance },
  { id: ids.finance, name: 'finance', kind: 'subscription', parentId: directoryScope },
  { id: directoryScope, name: 'Directory', kind: 'directory', parentId: null },
];

export const buildScope = (parts: Partial<Scope> = {}): Scope => ({ ...buildScopeChain()[0], ...parts });

export const buildPlace = (): Place => ({ role: buildRole(), scope: buildScope() });

/** PIM's defaults for a resource role, in their first version. */
export const buildSettings = (parts: Partial<RoleSettings> = {}): RoleSettings => ({
  ...defaultRoleSettings('resource'),
  version: 1,
  ...parts,
});

export const buildGroup = (parts: Partial<Group> = {}): Group => ({
  id: uuid(50) as GroupId,
  version: 1,
  name: 'Auditors',
  description: 'Who looks into the books.',
  roleAssignable: false,
  createdAt: noon,
  ...parts,
});

/** In force for 90 more days. */
export const buildEligible = (parts: Partial<EligibleAssignment> = {}): EligibleAssignment => ({
  id: ids.eligible,
  version: 1,
  kind: 'eligible',
  principalKind: 'person',
  principalId: ids.guest,
  roleId: ids.role,
  scopeId: ids.expenses,
  startsAt: minutesIn(-day),
  endsAt: minutesIn(90 * day),
  state: { status: 'InForce' },
  ...parts,
});

/** Activated and confirmed at noon, for eight hours. */
export const buildActive = (parts: Partial<ActiveAssignment> = {}): ActiveAssignment => ({
  id: ids.active,
  version: 2,
  kind: 'active',
  principalKind: 'person',
  principalId: ids.guest,
  roleId: ids.role,
  scopeId: ids.expenses,
  eligibilityId: ids.eligible,
  requestId: ids.request,
  durationMinutes: 480,
  startsAt: noon,
  endsAt: minutesIn(480),
  state: { status: 'Active', confirmedAt: noon },
  ...parts,
});

/** In the first stage since noon. */
export const waitingUntil = (
  timesOutAt: Date,
  parts: Partial<Extract<RequestState, { status: 'PendingApproval' }>> = {},
): Extract<RequestState, { status: 'PendingApproval' }> => ({
  status: 'PendingApproval',
  timesOutAt,
  stage: 1,
  since: noon,
  backups: null,
  ...parts,
});

/** The approver's yes, given at noon in the first stage. */
export const buildVote = (parts: Partial<Vote> = {}): Vote => ({
  by: ids.approver,
  as: 'approver',
  insteadOf: null,
  stage: 1,
  approves: true,
  at: noon,
  justification: 'Fine',
  durationMinutes: null,
  ...parts,
});

/** One of these decides; there are no backups. */
const buildPanel = (parts: Partial<Panel> = {}): Panel => ({
  quorum: 1,
  backupAfterMinutes: 30,
  approvers: [buildApprover()],
  backups: [],
  backupsNamed: false,
  ...parts,
});

/** In these stages, and nobody manages the role. */
export const buildApproval = (...panels: readonly Partial<Panel>[]): Approval => {
  const [first = {}, ...rest] = panels;
  return { panels: [buildPanel(first), ...rest.map(buildPanel)], managers: [], standIns: [] };
};

/** Asked for at noon, and waiting for its approver. */
export const buildRequest = (parts: Partial<AssignmentRequest> = {}): AssignmentRequest => ({
  id: ids.request,
  version: 1,
  action: 'selfActivate',
  principalId: ids.guest,
  eligibilityId: ids.eligible,
  roleId: ids.role,
  scopeId: ids.expenses,
  startsAt: null,
  durationMinutes: 480,
  justification: 'Quarterly close',
  ticket: null,
  settingsVersion: 1,
  createdAt: noon,
  votes: [],
  state: waitingUntil(minutesIn(day)),
  ...parts,
});

export const buildInvitation = (parts: Partial<Invitation> = {}): Invitation => ({
  id: ids.invitation,
  version: 1,
  guestId: ids.guest,
  inviterId: ids.member,
  message: 'Welcome',
  generation: 1,
  createdAt: noon,
  sentAt: noon,
  state: { status: 'Pending' },
  ...parts,
});

/** A code for the guest's invitation, sent at noon. */
export const buildChallenge = (parts: Partial<Challenge> = {}): Challenge => ({
  id: ids.challenge,
  version: 1,
  purpose: 'redeem',
  subjectId: ids.invitation,
  personId: ids.guest,
  createdAt: noon,
  failures: 0,
  usedAt: null,
  ...parts,
});

/** A chat account that nobody has claimed. */
export const buildChatAccount = (parts: Partial<ChatAccount> = {}): ChatAccount => ({
  id: ids.account,
  version: 1,
  platform: 'teams',
  tenantId: 'fabrikam',
  userId: '29:john',
  personId: null,
  provenBy: null,
  address: null,
  unreachable: null,
  timeZone: null,
  locale: null,
  lastSeenAt: noon,
  ...parts,
});

/** Nothing is set anywhere: the defaults apply. */
export const buildSettingsState = (
  stored: readonly StoredSettings[] = [],
  audience: Audience = 'everyone',
): SettingsState => ({
  place: { role: buildRole(), scope: buildScope(), audience },
  inForce: settingsInForce(buildRole(), buildScopeChain(), audience, stored),
  names: { people: [buildPerson(), buildGuest(), buildApprover()], groups: [buildGroup()] },
});

/** Asks for tickets; made at noon from {@link buildSettingsState}. */
export const buildSettingsProposal = (parts: Partial<SettingsProposal> = {}): SettingsProposal => {
  const { version: _, ...rules } = buildSettings({ ticketRequired: true });
  return {
    id: uuid(60) as SettingsProposalId,
    version: 1,
    personId: ids.member,
    roleId: ids.role,
    scopeId: ids.expenses,
    audience: 'everyone',
    basis: 'defaults',
    rules,
    createdAt: noon,
    ...parts,
  };
};
