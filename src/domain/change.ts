import type { Assignment } from './assignment.ts';
import type { AuditFact } from './audit.ts';
import type { Challenge } from './challenge.ts';
import type { ChatAccount } from './chat-account.ts';
import type { DomainEvent } from './event.ts';
import type { AssignmentId } from './ids.ts';
import type { Invitation } from './invitation.ts';
import type { Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { ActivationRequest } from './request.ts';

/** What `decide` may write. A version of 1 is new; any other replaces exactly the version before it. */
export type Entity =
  | { readonly entity: 'Person'; readonly value: Person }
  | { readonly entity: 'ChatAccount'; readonly value: ChatAccount }
  | { readonly entity: 'Invitation'; readonly value: Invitation }
  | { readonly entity: 'Challenge'; readonly value: Challenge }
  | { readonly entity: 'Assignment'; readonly value: Assignment }
  | { readonly entity: 'Request'; readonly value: ActivationRequest };

/** Something that was only read, but whose change in the meantime would make the decision wrong. */
export interface Reliance {
  readonly entity: Entity['entity'];
  readonly id: string;
  readonly version: number;
}

export type DeadlineKind = 'end' | 'warn' | 'time-out';

export interface Deadline {
  readonly kind: DeadlineKind;
  /** An assignment for `end` and `warn`, a request for `time-out`. */
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

/** What a decision takes from outside: nothing else is read in the domain. */
export interface Context {
  readonly now: Date;
  readonly newId: () => string;
}
