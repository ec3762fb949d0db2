import type { Assignment } from './assignment.ts';
import type { AuditFact } from './audit.ts';
import type { BreakGlass } from './break-glass.ts';
import type { Challenge } from './challenge.ts';
import type { ChatAccount } from './chat-account.ts';
import type { Credential } from './credential.ts';
import type { Delegation } from './delegation.ts';
import type { Enrolment } from './enrolment.ts';
import type { DomainEvent } from './event.ts';
import type { Group } from './group.ts';
import type { AssignmentId } from './ids.ts';
import type { Invitation } from './invitation.ts';
import type { Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest } from './request.ts';
import type { StepUp } from './step-up.ts';
import type { SettingsChange, SettingsProposal, StoredSettings } from './stored-settings.ts';

/** What `decide` may write. A version of 1 is new; any other replaces exactly the version before it. */
export type Entity =
  | { readonly entity: 'Person'; readonly value: Person }
  | { readonly entity: 'ChatAccount'; readonly value: ChatAccount }
  | { readonly entity: 'Invitation'; readonly value: Invitation }
  | { readonly entity: 'Challenge'; readonly value: Challenge }
  | { readonly entity: 'Group'; readonly value: Group }
  | { readonly entity: 'Assignment'; readonly value: Assignment }
  | { readonly entity: 'BreakGlass'; readonly value: BreakGlass }
  | { readonly entity: 'Request'; readonly value: AssignmentRequest }
  | { readonly entity: 'RoleSettings'; readonly value: StoredSettings }
  | { readonly entity: 'SettingsProposal'; readonly value: SettingsProposal }
  | { readonly entity: 'SettingsChange'; readonly value: SettingsChange }
  | { readonly entity: 'Credential'; readonly value: Credential }
  | { readonly entity: 'Enrolment'; readonly value: Enrolment }
  | { readonly entity: 'StepUp'; readonly value: StepUp }
  | { readonly entity: 'Delegation'; readonly value: Delegation };

/** Something that was only read, but whose change in the meantime would make the decision wrong. */
export interface Reliance {
  readonly entity: Entity['entity'];
  readonly id: string;
  readonly version: number;
}

export type DeadlineKind =
  | 'start'
  | 'end'
  | 'warn'
  | 'time-out'
  | 'backup'
  | 'remind'
  | 'ask'
  | 'begin'
  | 'review'
  | 'delegation-start'
  | 'delegation-end';

export interface Deadline {
  readonly kind: DeadlineKind;
  /** An assignment for `start`, `end` and `warn`; a request for `time-out`, `backup`, `remind`, `ask`, `begin` and `review`; else a delegation. */
  readonly subjectId: string;
  readonly dueAt: Date;
}

/** Everything that one decision changes; it is written in one transaction, or not at all. */
export interface Change {
  readonly put: readonly Entity[];
  readonly relyOn: readonly Reliance[];
  readonly audit: readonly AuditFact[];
  readonly deadlines: readonly Deadline[];
  /** Subjects whose deadlines are all withdrawn before the new ones are written. */
  readonly withdrawDeadlinesOf: readonly string[];
  /** Assignments whose state the target system has to be brought to. */
  readonly provision: readonly AssignmentId[];
  readonly events: readonly DomainEvent[];
}

export type Decision<Answer> =
  | { readonly accepted: true; readonly change: Change; readonly answer: Answer }
  /** A refusal may still change something, such as the count of wrong codes. */
  | { readonly accepted: false; readonly refusal: Refusal; readonly change: Change };

const nothing: Change = {
  put: [],
  relyOn: [],
  audit: [],
  deadlines: [],
  withdrawDeadlinesOf: [],
  provision: [],
  events: [],
};

export const accept = <Answer>(answer: Answer, change: Partial<Change>): Decision<Answer> => ({
  accepted: true,
  answer,
  change: { ...nothing, ...change },
});

export const refuse = (refusal: Refusal, change: Partial<Change> = {}): Decision<never> => ({
  accepted: false,
  refusal,
  change: { ...nothing, ...change },
});

/** Several changes as one: all of it is written, or nothing. */
export const together = (...changes: readonly Change[]): Change => ({
  put: changes.flatMap((change) => change.put),
  relyOn: changes.flatMap((change) => change.relyOn),
  audit: changes.flatMap((change) => change.audit),
  deadlines: changes.flatMap((change) => change.deadlines),
  withdrawDeadlinesOf: changes.flatMap((change) => change.withdrawDeadlinesOf),
  provision: changes.flatMap((change) => change.provision),
  events: changes.flatMap((change) => change.events),
});

/** What a decision takes from outside: nothing else is read in the domain. */
export interface Context {
  readonly now: Date;
  readonly newId: () => string;
}
