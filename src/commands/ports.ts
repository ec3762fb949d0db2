import type { ActiveAssignment, Assignment, EligibleAssignment } from '../domain/assignment.ts';
import type { AuditEntry } from '../domain/audit.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { Change } from '../domain/change.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { DomainEvent } from '../domain/event.ts';
import type {
  AssignmentId,
  ChallengeId,
  ChatAccountId,
  InvitationId,
  PersonId,
  RequestId,
  RoleId,
  ScopeId,
} from '../domain/ids.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Person } from '../domain/person.ts';
import type { ActivationRequest } from '../domain/request.ts';
import type { BuiltInRole, HeldRole, RoleDefinition } from '../domain/role.ts';
import type { RoleSettings } from '../domain/role-settings.ts';
import type { Scope, ScopeChain } from '../domain/scope.ts';

/** What commands and cards read. Every answer is the committed state at the time of asking. */
export interface Reads {
  organisation(): Promise<Organisation>;

  person(id: PersonId): Promise<Person | null>;
  personByMail(mail: string): Promise<Person | null>;
  personByObjectId(objectId: string): Promise<Person | null>;
  people(ids: readonly PersonId[]): Promise<Person[]>;

  chatAccount(key: Pick<ChatAccount, 'platform' | 'tenantId' | 'userId'>): Promise<ChatAccount | null>;
  chatAccountById(id: ChatAccountId): Promise<ChatAccount | null>;
  /** Most recently used first. */
  chatAccountsOf(personId: PersonId): Promise<ChatAccount[]>;

  roles(): Promise<RoleDefinition[]>;
  role(id: RoleId): Promise<RoleDefinition | null>;
  scopes(): Promise<Scope[]>;
  scopesById(ids: readonly ScopeId[]): Promise<Scope[]>;
  /** The scope and everything above it; `null` for an unknown one. */
  scopeChain(id: ScopeId): Promise<ScopeChain | null>;
  /** What applies to the role at the first scope of the chain: set there or at the nearest scope above, else the defaults. */
  roleSettings(role: RoleDefinition, chain: ScopeChain): Promise<RoleSettings>;
  /** Roles in force for a person at this instant, confirmed by the target system. */
  heldRoles(personId: PersonId, now: Date): Promise<HeldRole[]>;
  /** Who holds one of these roles at one of these scopes at this instant. */
  holders(roles: readonly BuiltInRole[], scopes: readonly ScopeId[], now: Date): Promise<Person[]>;

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
  /** The one that has not ended, if any. */
  openEligible(principalId: PersonId, roleId: RoleId, scopeId: ScopeId): Promise<EligibleAssignment | null>;
  openEligiblesOf(principalId: PersonId): Promise<EligibleAssignment[]>;
  /** The one that wants access (Provisioning or Active), if any. */
  inForce(principalId: PersonId, roleId: RoleId, scopeId: ScopeId): Promise<ActiveAssignment | null>;
  /** Provisioning, Active or Revoking. */
  openActivesOf(principalId: PersonId): Promise<ActiveAssignment[]>;

  request(id: RequestId): Promise<ActivationRequest | null>;
  requests(ids: readonly RequestId[]): Promise<ActivationRequest[]>;
  /** The one that waits or is being provisioned, if any. */
  openRequestOf(eligibilityId: AssignmentId): Promise<ActivationRequest | null>;
  /** Newest first. */
  requestsOf(principalId: PersonId, take: number): Promise<ActivationRequest[]>;
  /** Every request that waits for approval, oldest first. */
  pendingRequests(): Promise<ActivationRequest[]>;

  /** The request, if this person made it or was sent its card. */
  readableRequest(id: string, personId: PersonId): Promise<ActivationRequest | null>;

  /** Whether any role's settings name this person as an approver. */
  namedAsApprover(personId: PersonId): Promise<boolean>;

  /** Newest first. */
  auditPage(page: { readonly skip: number; readonly take: number }): Promise<AuditEntry[]>;
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
  readonly recipientId: PersonId;
  readonly channel: 'chat' | 'mail';
}

/** What has to be told because of what happened. */
export interface Telling {
  readonly posts: readonly Post[];
  /** Subjects of which every posted card has to show the new state. */
  readonly refresh: readonly string[];
}

export type PlanTelling = (events: readonly DomainEvent[], now: Date) => Promise<Telling>;

/** What is owed after a commit, to be put into the queue. */
export interface Owed {
  readonly cards: readonly string[];
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
