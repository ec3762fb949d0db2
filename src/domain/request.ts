import type { AssignmentId, PersonId, RequestId, RoleId, ScopeId } from './ids.ts';

/** PIM's statuses, as far as an activation reaches them. */
export type RequestStatus =
  | 'PendingApproval'
  | 'PendingProvisioning'
  | 'Provisioned'
  | 'Denied'
  | 'Canceled'
  | 'TimedOut'
  | 'Failed';

export interface RequestDecision {
  readonly by: PersonId;
  readonly at: Date;
  readonly justification: string;
}

export type RequestState =
  | { readonly status: 'PendingApproval'; readonly timesOutAt: Date }
  /** Approved, or no approval was asked for (`decision` is `null`); the target system has not confirmed yet. */
  | {
      readonly status: 'PendingProvisioning';
      readonly decision: RequestDecision | null;
      readonly assignmentId: AssignmentId;
    }
  | { readonly status: 'Provisioned'; readonly decision: RequestDecision | null; readonly assignmentId: AssignmentId }
  | { readonly status: 'Denied'; readonly decision: RequestDecision; readonly closedAt: Date }
  /** By the requester, or by Usher when the eligibility ended first. */
  | { readonly status: 'Canceled'; readonly closedAt: Date }
  | { readonly status: 'TimedOut'; readonly closedAt: Date }
  | {
      readonly status: 'Failed';
      readonly decision: RequestDecision | null;
      readonly assignmentId: AssignmentId;
      readonly closedAt: Date;
    };

/** Somebody's request to activate an eligible assignment (PIM: `selfActivate`). */
export interface ActivationRequest {
  readonly id: RequestId;
  readonly version: number;
  readonly principalId: PersonId;
  readonly eligibilityId: AssignmentId;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  readonly durationMinutes: number;
  readonly justification: string;
  readonly ticket: string | null;
  /** Of the role settings that it was judged by. */
  readonly settingsVersion: number;
  readonly createdAt: Date;
  readonly state: RequestState;
}

/** No command leads out of these. */
export const isFinal = (state: RequestState): boolean =>
  state.status !== 'PendingApproval' && state.status !== 'PendingProvisioning';

/** Who decided and when, as far as somebody did. */
export const decisionOf = (state: RequestState): RequestDecision | null =>
  'decision' in state ? state.decision : null;
