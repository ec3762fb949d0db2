import type { AssignmentId, PersonId, RequestId, RoleId, ScopeId } from './ids.ts';

/** PIM's statuses, as far as an activation reaches them. */
export type RequestStatus =
  /** Judged, and kept until its requester has confirmed that it is them. */
  | 'PendingEvaluation'
  | 'PendingApproval'
  | 'ScheduleCreated'
  | 'PendingProvisioning'
  | 'Provisioned'
  | 'Denied'
  | 'Canceled'
  | 'TimedOut'
  | 'Failed'
  | 'Revoked';

export interface RequestDecision {
  readonly by: PersonId;
  readonly at: Date;
  readonly justification: string;
}

/** Why Usher itself took a request back. */
export type CancelReason =
  | 'eligibility-ended'
  | 'requester-unavailable'
  | 'already-active'
  /** What was scheduled without an approval needs one by now. */
  | 'needs-approval';

/** Why somebody may decide: named for the stage, asked after those, or because they manage the role. */
export type Capacity = 'approver' | 'backup' | 'manager';

/** What somebody said about a request, in one of its stages. */
export interface Vote {
  readonly by: PersonId;
  readonly as: Capacity;
  /** The approver in whose place they spoke while that one was away; `null` for themselves. */
  readonly insteadOf: PersonId | null;
  /** From 1. */
  readonly stage: number;
  readonly approves: boolean;
  readonly at: Date;
  readonly justification: string;
  /** Shorter than what was asked for; `null` for that. */
  readonly durationMinutes: number | null;
}

/** Why a stage's backups were asked: the approvers took too long, or no channel reached any of them. */
export type BackupReason = 'late' | 'unreached';

export type RequestState =
  | { readonly status: 'PendingEvaluation'; readonly timesOutAt: Date }
  | {
      readonly status: 'PendingApproval';
      readonly timesOutAt: Date;
      /** From 1, since when, and whether its backups were asked too. */
      readonly stage: number;
      readonly since: Date;
      readonly backups: BackupReason | null;
    }
  /** Approved, or no approval was asked for; begins at the request's `startsAt`. */
  | { readonly status: 'ScheduleCreated'; readonly decision: RequestDecision | null }
  /** Approved, or no approval was asked for (`decision` is `null`); the target system has not confirmed yet. */
  | {
      readonly status: 'PendingProvisioning';
      readonly decision: RequestDecision | null;
      readonly assignmentId: AssignmentId;
    }
  | { readonly status: 'Provisioned'; readonly decision: RequestDecision | null; readonly assignmentId: AssignmentId }
  | { readonly status: 'Denied'; readonly decision: RequestDecision; readonly closedAt: Date }
  /** By the requester, or by Usher, which says why. */
  | {
      readonly status: 'Canceled';
      readonly closedAt: Date;
      readonly why?: CancelReason;
      /** Of one that was scheduled. */
      readonly decision?: RequestDecision;
    }
  /** `unconfirmed`: its requester has not confirmed in time that it is them, and nobody was asked. */
  | { readonly status: 'TimedOut'; readonly closedAt: Date; readonly why?: 'unconfirmed' }
  /** `Revoked`: an administrator has taken the activation away. */
  | {
      readonly status: 'Failed' | 'Revoked';
      readonly decision: RequestDecision | null;
      readonly assignmentId: AssignmentId;
      readonly closedAt: Date;
    };

/** What is asked for, by the assignee or by an administrator; the names are PIM's, but for the last two. */
export type RequestAction =
  | 'adminAssign'
  | 'adminUpdate'
  | 'adminRemove'
  | 'adminExtend'
  | 'adminRenew'
  | 'selfActivate'
  | 'selfDeactivate'
  | 'selfExtend'
  | 'selfRenew'
  /** Ours: access that somebody takes by themselves. */
  | 'selfElevate'
  | 'selfBreakGlass';

/** Somebody's request about an assignment of theirs, such as to activate it (PIM: `selfActivate`). */
export interface AssignmentRequest {
  readonly id: RequestId;
  readonly version: number;
  readonly action: RequestAction;
  /** Who asks, and for whom. */
  readonly principalId: PersonId;
  /** The assignment that it is about: of an activation the eligible one; of exceptional access the one that it becomes. */
  readonly eligibilityId: AssignmentId;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  /** When it is to begin; `null` for at once. */
  readonly startsAt: Date | null;
  /** Of an activation; of an extension or renewal how long the assignment is to last from then on. */
  readonly durationMinutes: number;
  readonly justification: string;
  readonly ticket: string | null;
  /** Of the role settings that it was judged by. */
  readonly settingsVersion: number;
  readonly createdAt: Date;
  /** In the order in which they were given. */
  readonly votes: readonly Vote[];
  readonly state: RequestState;
}

/** What a request is about in one word, as the record names it. */
export type RequestTopic = 'activation' | 'extension' | 'renewal' | 'elevation' | 'break-glass';

export const topicOf = ({ action }: Pick<AssignmentRequest, 'action'>): RequestTopic => {
  if (action === 'selfElevate') return 'elevation';
  if (action === 'selfBreakGlass') return 'break-glass';
  if (action === 'selfExtend' || action === 'adminExtend') return 'extension';
  return action === 'selfRenew' || action === 'adminRenew' ? 'renewal' : 'activation';
};

/** Whether it asks for a later end of an assignment, or for one that has ended again; else for access for oneself. */
export const isLengthening = (request: Pick<AssignmentRequest, 'action'>): boolean =>
  topicOf(request) === 'extension' || topicOf(request) === 'renewal';

/** Whether somebody takes access by themselves, without being eligible and without anybody's approval (ours). */
export const isExceptional = ({ action }: Pick<AssignmentRequest, 'action'>): boolean =>
  action === 'selfElevate' || action === 'selfBreakGlass';

/** No command leads out of these. */
export const isFinal = (state: RequestState): boolean =>
  !['PendingEvaluation', 'PendingApproval', 'ScheduleCreated', 'PendingProvisioning'].includes(state.status);

/** Who decided and when, as far as somebody did. */
export const decisionOf = (state: RequestState): RequestDecision | null =>
  'decision' in state ? (state.decision ?? null) : null;
