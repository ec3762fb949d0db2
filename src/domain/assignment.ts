import type { AssignmentId, PersonId, RequestId, RoleId, ScopeId } from './ids.ts';

interface AssignmentBase {
  readonly id: AssignmentId;
  readonly version: number;
  readonly principalId: PersonId;
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
  /** The eligible assignment and the request that it came from; both `null` for a direct assignment. */
  readonly eligibilityId: AssignmentId | null;
  readonly requestId: RequestId | null;
  /** Of an activation: its clock starts when it takes effect. `null` for a direct assignment. */
  readonly durationMinutes: number | null;
  readonly state: /** Decided; not yet confirmed by the target system. */
    | { readonly status: 'Provisioning' }
    /** Confirmed by read-back. */
    | { readonly status: 'Active'; readonly confirmedAt: Date }
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
  active.state.status === 'Provisioning' || active.state.status === 'Active';

/** Whether the assignment still occupies its role: another activation has to wait until it is closed. */
export const isOpen = (assignment: Assignment): boolean =>
  assignment.state.status !== 'Ended' && assignment.state.status !== 'Failed';
