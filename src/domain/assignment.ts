import type { AssignmentId, PrincipalId, RequestId, RoleId, ScopeId } from './ids.ts';

interface AssignmentBase {
  readonly id: AssignmentId;
  readonly version: number;
  readonly principalKind: 'person' | 'group';
  readonly principalId: PrincipalId;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  readonly startsAt: Date;
  /** `null` is permanent. */
  readonly endsAt: Date | null;
}

/** May be activated from start to end. Nothing of it exists in the target system. */
export interface EligibleAssignment extends AssignmentBase {
  readonly kind: 'eligible';
  readonly state: { readonly status: 'InForce' } | Ended;
}

/** Is in force in the target system, on its way there, or on its way out. */
export interface ActiveAssignment extends AssignmentBase {
  readonly kind: 'active';
  /** The eligible assignment and the request that it came from; both `null` for a direct assignment. Of exceptional access only the request is there. */
  readonly eligibilityId: AssignmentId | null;
  readonly requestId: RequestId | null;
  /** Of an activation, or of exceptional access: its clock starts when it takes effect. `null` for a direct assignment. */
  readonly durationMinutes: number | null;
  readonly state: /** Direct; begins at `startsAt`. */
    | { readonly status: 'Scheduled' }
    /** Decided; not yet confirmed by the target system. */
    | { readonly status: 'Provisioning' }
    /** Confirmed by read-back. */
    | { readonly status: 'Active'; readonly confirmedAt: Date }
    /** In force, and its end is to be `until` (`null`: none). `endsAt` stays what the target system last confirmed. */
    | { readonly status: 'Extending'; readonly confirmedAt: Date; readonly until: Date | null }
    /** Over; not yet confirmed to be gone. */
    | { readonly status: 'Revoking'; readonly why: EndReason; readonly confirmedAt: Date | null }
    | (Ended & { readonly confirmedAt: Date | null })
    | { readonly status: 'Failed'; readonly at: Date };
}

export type EndReason = 'expired' | 'deactivated' | 'eligibility-ended' | 'removed' | 'provisioning-failed';

interface Ended {
  readonly status: 'Ended';
  readonly at: Date;
  readonly why: EndReason;
}

export type Assignment = EligibleAssignment | ActiveAssignment;

/** Whether an eligible assignment can be used at this instant. */
export const inWindow = (eligible: EligibleAssignment, now: Date): boolean =>
  eligible.state.status === 'InForce' && eligible.startsAt <= now && (!eligible.endsAt || now < eligible.endsAt);

/** Whether the target system should be granting this. */
export const wantsAccess = (active: ActiveAssignment): boolean =>
  ['Provisioning', 'Active', 'Extending'].includes(active.state.status);

/**
 * Whether it was assigned to its principal as it is, and came neither from activating an eligible one nor from its
 * principal's taking it by themselves: only its end can be moved, and only it can be renewed.
 */
export const isDirect = (assignment: Assignment): boolean =>
  assignment.kind === 'eligible' || (assignment.eligibilityId === null && assignment.requestId === null);

/** When it ends by what has been decided, confirmed or not; `null` for never. */
export const decidedEnd = (assignment: Assignment): Date | null =>
  assignment.state.status === 'Extending' ? assignment.state.until : assignment.endsAt;

/** Whether the assignment still occupies its role: another activation has to wait until it is closed. */
export const isOpen = (assignment: Assignment): boolean =>
  assignment.state.status !== 'Ended' && assignment.state.status !== 'Failed';

const later = (a: Date, b: Date): Date => new Date(Math.max(a.getTime(), b.getTime()));

/** From when to when an assignment holds its place; `endsAt` is `null` for ever. */
export type Span = Pick<Assignment, 'startsAt' | 'endsAt'>;

/** While an end is being moved, the later one counts: until the target system has the other, the old one is in force. */
const spanOf = (assignment: Assignment): Span => {
  const { startsAt, endsAt } = assignment;
  const decided = decidedEnd(assignment);
  return { startsAt, endsAt: endsAt && decided && later(endsAt, decided) };
};

/** The first of these that is in force at some time of the span; what ends when another begins does not overlap it. */
export const overlapping = (others: readonly Assignment[], { startsAt, endsAt }: Span): Assignment | null =>
  others.find((other) => {
    const held = spanOf(other);
    return (!endsAt || held.startsAt < endsAt) && (!held.endsAt || startsAt < held.endsAt);
  }) ?? null;
