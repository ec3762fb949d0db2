import type { StandIn } from '../domain/approval.ts';
import type { ActiveAssignment, Assignment, EligibleAssignment } from '../domain/assignment.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { BreakGlass } from '../domain/break-glass.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { Change } from '../domain/change.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { Credential } from '../domain/credential.ts';
import type { Delegation } from '../domain/delegation.ts';
import type { Enrolment } from '../domain/enrolment.ts';
import type { DomainEvent } from '../domain/event.ts';
import type { Group } from '../domain/group.ts';
import type {
  AssignmentId,
  ChallengeId,
  ChatAccountId,
  CredentialId,
  DelegationId,
  EnrolmentId,
  GroupId,
  InvitationId,
  PersonId,
  PrincipalId,
  RequestId,
  RoleId,
  ScopeId,
  SettingsChangeId,
  SettingsProposalId,
  StepUpId,
} from '../domain/ids.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Person } from '../domain/person.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import type { BuiltInRole, HeldRole, RoleDefinition } from '../domain/role.ts';
import type { Audience, RoleSettings } from '../domain/role-settings.ts';
import type { Scope, ScopeChain } from '../domain/scope.ts';
import type { StepUp } from '../domain/step-up.ts';
import type { SettingsChange, SettingsInForce, SettingsProposal, StoredSettings } from '../domain/stored-settings.ts';
import type { Browsing, Records } from './browsing.ts';

/** The people whom settings concern, each once. */
export interface Concerned {
  /** May activate. */
  readonly eligible: readonly PersonId[];
  /** Hold it, or are about to. */
  readonly active: readonly PersonId[];
}

/** How people confirm that it is them. */
export interface CredentialReads {
  credential(id: CredentialId): Promise<Credential | null>;
  /** All of theirs, the removed ones too, oldest first. */
  credentialsOf(personId: PersonId): Promise<Credential[]>;
  /** Whoever's it is, removed or not. */
  passkey(keyId: string): Promise<Credential | null>;
  enrolment(id: EnrolmentId): Promise<Enrolment | null>;
  stepUp(id: StepUpId): Promise<StepUp | null>;
  /** The newest one. */
  stepUpFor(purpose: StepUp['purpose'], subjectId: string): Promise<StepUp | null>;
  /** Newest first. */
  stepUpsSince(personId: PersonId, since: Date): Promise<StepUp[]>;
}

/** Somebody who holds a built-in role at this very scope. */
export interface Holder {
  readonly role: BuiltInRole;
  readonly scopeId: ScopeId;
  readonly person: Person;
}

/** Who decides in whose place. */
export interface DelegationReads {
  delegation(id: DelegationId): Promise<Delegation | null>;
  /** Their own that is in force or scheduled, if any. */
  openDelegationOf(approverId: PersonId): Promise<Delegation | null>;
  /** In force or scheduled, by their start. */
  openDelegationsTo(standInId: PersonId): Promise<Delegation[]>;
  /** All who stand in for somebody at this instant. */
  standIns(now: Date): Promise<StandIn[]>;
}

/** What governs roles at scopes, of any number of them in one query each. */
export interface GoverningReads {
  /** The scope and everything above it, of each of these that there is. */
  scopeChains(ids: readonly ScopeId[]): Promise<ReadonlyMap<ScopeId, ScopeChain>>;
  /** Rows of these roles at these scopes, also of what was taken back. */
  settingsAmong(roleIds: readonly RoleId[], scopeIds: readonly ScopeId[]): Promise<StoredSettings[]>;
  groupsById(ids: readonly GroupId[]): Promise<Group[]>;
  /** Who holds which of these at this instant, also through groups; those who came first, first. */
  holdersAt(held: readonly Pick<Holder, 'role' | 'scopeId'>[], now: Date): Promise<Holder[]>;
  /** Active members at this instant, of which group; those who came first, first. */
  memberships(ids: readonly GroupId[], now: Date): Promise<{ readonly groupId: GroupId; readonly person: Person }[]>;
}

/** What commands and cards read. Every answer is the committed state at the time of asking. */
export interface Reads extends CredentialReads, DelegationReads, GoverningReads, Browsing, Records {
  organisation(): Promise<Organisation>;

  person(id: PersonId): Promise<Person | null>;
  personByMail(mail: string): Promise<Person | null>;
  personByObjectId(objectId: string): Promise<Person | null>;
  people(ids: readonly PersonId[]): Promise<Person[]>;
  /** Whose name or address has this in it, by name. */
  peopleNamed(part: string, take: number): Promise<Person[]>;

  chatAccount(key: Pick<ChatAccount, 'platform' | 'tenantId' | 'userId'>): Promise<ChatAccount | null>;
  chatAccountById(id: ChatAccountId): Promise<ChatAccount | null>;
  /** Most recently used first. */
  chatAccountsOf(personId: PersonId): Promise<ChatAccount[]>;

  roles(): Promise<RoleDefinition[]>;
  role(id: RoleId): Promise<RoleDefinition | null>;
  scopes(): Promise<Scope[]>;
  /** Those with this path, or with this in their name, however it is capitalised. */
  scopesLike(text: string): Promise<Scope[]>;
  scopesById(ids: readonly ScopeId[]): Promise<Scope[]>;
  /** Everything below a scope, by path; without the scope itself. */
  scopesBelow(id: ScopeId): Promise<Scope[]>;
  /** The scope and everything above it; `null` for an unknown one. */
  scopeChain(id: ScopeId): Promise<ScopeChain | null>;
  /**
   * What applies to the role at the first scope of the chain: set there or at the nearest scope above, else the defaults.
   * For guests the nearest that is set for guests, if any is.
   */
  roleSettings(role: RoleDefinition, chain: ScopeChain, audience: Audience): Promise<RoleSettings>;
  /** The same, with where they come from. */
  settingsAt(role: RoleDefinition, chain: ScopeChain, audience: Audience): Promise<SettingsInForce>;
  /** Every row, also of what was taken back: by role, scope and audience. */
  storedSettings(): Promise<StoredSettings[]>;
  settingsProposal(id: SettingsProposalId): Promise<SettingsProposal | null>;
  settingsChange(id: SettingsChangeId): Promise<SettingsChange | null>;
  /** Who is governed by the settings of this role at the first scope of the chain, there and below, also through groups. */
  governedBy(roleId: RoleId, chain: ScopeChain, audience: Audience, now: Date): Promise<Concerned>;
  /** Roles in force for a person at this instant, confirmed by the target system, also through groups. */
  heldRoles(personId: PersonId, now: Date): Promise<HeldRole[]>;
  /** Who holds one of these roles where it says, at this instant, also through groups. */
  holders(
    holdings: readonly { readonly role: BuiltInRole; readonly scopeIds: readonly ScopeId[] }[],
    now: Date,
  ): Promise<Person[]>;

  /** Who holds one of these anywhere at this instant, also through groups. */
  holdersAnywhere(roles: readonly BuiltInRole[], now: Date): Promise<Person[]>;

  group(id: GroupId): Promise<Group | null>;
  /** By name. */
  groups(): Promise<Group[]>;
  /** Active members at this instant, confirmed by the target system. */
  membersOf(ids: readonly GroupId[], now: Date): Promise<Person[]>;

  invitation(id: InvitationId): Promise<Invitation | null>;
  invitationOf(guestId: PersonId): Promise<Invitation | null>;

  challenge(id: ChallengeId): Promise<Challenge | null>;
  newestChallenge(purpose: Challenge['purpose'], subjectId: string): Promise<Challenge | null>;
  /** For this purpose, and this subject or this person, newest first. */
  challengesSince(
    purpose: Challenge['purpose'],
    since: Date,
    subjectId: string,
    personId: PersonId | null,
  ): Promise<Challenge[]>;

  assignment(id: AssignmentId): Promise<Assignment | null>;
  assignments(ids: readonly AssignmentId[]): Promise<Assignment[]>;
  /** What this person may activate, by themselves or as an active member of a group. */
  eligiblesFor(personId: PersonId, now: Date): Promise<EligibleAssignment[]>;
  openEligiblesOf(principalId: PrincipalId): Promise<EligibleAssignment[]>;
  /** The one that wants access (Provisioning or Active), if any. */
  inForce(principalId: PrincipalId, roleId: RoleId, scopeId: ScopeId): Promise<ActiveAssignment | null>;
  /** Provisioning, Active or Revoking. */
  openActivesOf(principalId: PrincipalId): Promise<ActiveAssignment[]>;

  /** Everything of theirs that is not over, of every kind and state. */
  openAssignmentsOf(...principalIds: readonly PrincipalId[]): Promise<Assignment[]>;
  /** Of whoever holds something at exactly this scope, and is not over. */
  openAssignmentsAt(scopeId: ScopeId): Promise<Assignment[]>;
  /** Not over, whatever their kind, whose id ends in these eight digits. */
  openAssignmentsNumbered(reference: string): Promise<Assignment[]>;
  /** Of these eligible assignments: what is active, or on its way there. */
  activationsOf(eligibilityIds: readonly AssignmentId[]): Promise<ActiveAssignment[]>;
  /** About these assignments: what has been asked and is not closed. */
  openRequestsAbout(assignmentIds: readonly AssignmentId[]): Promise<AssignmentRequest[]>;
  /** Other direct ones of the same kind, of the same principal for the same role and scope, that are not over or ending. */
  othersLike(assignment: Assignment): Promise<Assignment[]>;
  /** Direct ones that expired since then, and for which nothing of the same kind came after. */
  expiredSince(principalId: PrincipalId, since: Date): Promise<Assignment[]>;

  request(id: RequestId): Promise<AssignmentRequest | null>;
  requests(ids: readonly RequestId[]): Promise<AssignmentRequest[]>;
  /** To activate it: one of this person, at this scope, that waits, is scheduled or being provisioned; without them, anybody's anywhere. */
  openRequestOf(
    eligibilityId: AssignmentId,
    principalId?: PersonId,
    scopeId?: ScopeId,
  ): Promise<AssignmentRequest | null>;
  /** The assignees' requests to extend or renew these, that wait. */
  openExtensionsOf(assignmentIds: readonly AssignmentId[]): Promise<AssignmentRequest[]>;
  /** Those whose outcome these assignments are, that the target system has not confirmed yet. */
  provisioningRequestsOf(assignmentIds: readonly AssignmentId[]): Promise<AssignmentRequest[]>;
  /** What is kept beside the request of break-glass access. */
  breakGlass(id: RequestId): Promise<BreakGlass | null>;
  /** Newest first. */
  requestsOf(principalId: PersonId, take: number): Promise<AssignmentRequest[]>;
  /** Every request that waits for approval, oldest first. */
  pendingRequests(): Promise<AssignmentRequest[]>;

  /** The request, if this person made it or was sent its card. */
  readableRequest(id: string, personId: PersonId): Promise<AssignmentRequest | null>;
  /** The same by the reference that people type, newest first. */
  readableByReference(reference: string, personId: PersonId): Promise<AssignmentRequest[]>;
  /** Whom no channel could tell that this request waits for them. */
  unreachedAbout(requestId: RequestId): Promise<PersonId[]>;

  /** Who was asked to decide it, or alerted of it. */
  askedAbout(requestId: RequestId): Promise<PersonId[]>;

  /** Which of these messages have been planned already. */
  planned(keys: readonly string[]): Promise<string[]>;

  /** Of the whole organisation: activations in force, requests that wait, invitations that were not answered. */
  counts(): Promise<{ readonly active: number; readonly waiting: number; readonly invited: number }>;

  /** Whether any role's settings name this person as an approver. */
  namedAsApprover(personId: PersonId): Promise<boolean>;

  /** The settings that name this person for break-glass access, by themselves or as an active member of a group. */
  breakGlassNaming(personId: PersonId, now: Date): Promise<StoredSettings[]>;

  /** Ascending, after a sequence number. */
  auditAfter(sequence: number, take: number): Promise<AuditEntry[]>;
  auditHead(): Promise<{ sequence: number; hash: string }>;

  /** The answer given to this key before, if any. */
  answered(key: string): Promise<unknown>;
}

/** A message to post to one person; `key` names it for ever, so that it is posted once however often it is planned. */
export interface Post {
  readonly key: string;
  readonly name: string;
  readonly subjectId: string;
  /** `null`: of no person here, but of this mail address. */
  readonly recipientId: PersonId | null;
  readonly mailTo?: string;
  readonly channel: 'chat' | 'mail';
  /** News that is held back while its reader has quiet hours. */
  readonly canWait: boolean;
}

/** Names a message for ever; `suffix` tells those about the same subject apart. */
export const postKey = (name: string, subjectId: string, suffix: string | number, recipient: string): string =>
  `${name}:${subjectId}:${suffix}:${recipient}`;

/** What has to be told because of what happened. */
export interface Telling {
  readonly posts: readonly Post[];
  /** Subjects of which every posted card has to show the new state. */
  readonly refresh: readonly string[];
  /** Whose quiet hours have changed: what was held back is looked at anew. */
  readonly wake?: readonly PersonId[];
}

/** The subject of an administrator's standing page, which is about the organisation: any news changes it. */
export const organisationSubject = '00000000-0000-4000-8000-000000000001';

export type PlanTelling = (events: readonly DomainEvent[], now: Date) => Promise<Telling>;

/** What is owed after a commit, to be put into the queue. */
export interface Owed {
  readonly cards: readonly string[];
  /** Standing pages, which may wait for what is news. */
  readonly homes: readonly string[];
  readonly assignments: readonly AssignmentId[];
  /** New deadlines: a prompt alarm is set for those that are near. */
  readonly deadlines: readonly Date[];
}

export interface Writes {
  /**
   * Writes all of it in one transaction.
   * @throws {Conflict} when something that was decided on has changed in the meantime: load and decide again.
   * @throws {AlreadyAnswered} when the key has its answer.
   */
  commit(batch: {
    readonly at: Date;
    readonly changes: readonly Change[];
    readonly telling: Telling;
    readonly answer?: { readonly key: string; readonly answer: unknown };
    /** Deadlines that this settles. */
    readonly settledDeadlines?: readonly string[];
  }): Promise<Owed>;
}

export class Conflict extends Error {
  constructor(what: string, options?: ErrorOptions) {
    super(what, options);
    this.name = 'Conflict';
  }
}

export class AlreadyAnswered extends Error {
  constructor(key: string) {
    super(`${key} has its answer`);
    this.name = 'AlreadyAnswered';
  }
}

/** Puts what is owed into the queue. Never fails: what does not get there is found by the sweep. */
export type Dispatch = (owed: Owed) => Promise<void>;

export type Clock = () => Date;
