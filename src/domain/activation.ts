import {
  type Activation,
  aboutAssignment,
  aboutProvisioning,
  aboutRequest,
  canceled,
  changed,
  fact,
  moved,
  movedAssignment,
  type Place,
  putAssignment,
  putRequest,
  relyOnAssignment,
  relyOnPerson,
  settled,
} from './activation-parts.ts';
import type { ApprovalEffect } from './approval.ts';
import { type ActiveAssignment, type Assignment, decidedEnd, type EligibleAssignment, inWindow } from './assignment.ts';
import type { Actor } from './audit.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import { deadlinesUntil } from './eligibility.ts';
import type { DomainEvent } from './event.ts';
import type { RequestId } from './ids.ts';
import { type Notified, notifiedOf } from './notified.ts';
import { type Person, standing } from './person.ts';
import type { Refusal } from './refusal.ts';
import { type AssignmentRequest, decisionOf, topicOf } from './request.ts';
import { takeEffect } from './request-activation.ts';

/** Why a request can't be decided any more, with whose decision it was. */
export const decidedAlready = (request: AssignmentRequest, now: Date): Refusal | null => {
  const { state } = request;
  if (state.status === 'PendingApproval')
    return now < state.timesOutAt
      ? null
      : { code: 'request-decided', status: 'TimedOut', by: null, at: state.timesOutAt };
  const decision = decisionOf(state);
  return {
    code: 'request-decided',
    status: state.status,
    by: decision?.by ?? null,
    at: decision?.at ?? ('closedAt' in state ? state.closedAt : null),
  };
};

/** What approving a request to activate brings about. */
export const uponActivationApproval = ({
  eligible,
  requester,
  inForce,
  startsAt = null,
}: {
  readonly eligible: EligibleAssignment;
  readonly requester: Person;
  readonly inForce: ActiveAssignment | null;
  /** When it is to begin; what is active now may be over then. */
  readonly startsAt?: Date | null;
}): ApprovalEffect => ({
  approved: 'activation.approve',
  denied: 'activation.deny',
  fault: (now) => {
    if (standing(requester)) return { code: 'requester-unavailable' };
    const ahead = startsAt && now < startsAt ? startsAt : null;
    if (!inWindow(eligible, ahead ?? now))
      return {
        code: 'eligibility-ended',
        endedAt: eligible.state.status === 'Ended' ? eligible.state.at : (eligible.endsAt ?? now),
      };
    // What should have ended by now counts until it has.
    const overByThen = ahead && inForce?.endsAt && inForce.endsAt <= ahead;
    return inForce && !overByThen ? { code: 'already-active', until: inForce.endsAt } : null;
  },
  enact: (request, decision, context) => {
    const { state, ...change } = takeEffect(request, eligible, decision, context);
    return {
      state,
      tell: state.status === 'ScheduleCreated' ? 'ScheduleCreated' : null,
      details: 'assignmentId' in state ? { assignment: state.assignmentId } : {},
      change: { ...change, relyOn: [relyOnAssignment(eligible), relyOnPerson(requester)] },
    };
  },
});

/** Takes back one's own request while it waits, or is scheduled. Refuses `request-decided`. */
export function cancelActivation(
  { request, place }: { readonly request: AssignmentRequest; readonly place: Place },
  actor: Actor,
  { now }: Context,
): Decision<{ requestId: RequestId }> {
  const open = request.state.status === 'PendingEvaluation' || request.state.status === 'ScheduleCreated';
  const decided = open ? null : decidedAlready(request, now);
  if (decided) return refuse(decided);
  const takenBack = canceled(request, now);
  return accept(
    { requestId: request.id },
    {
      put: [putRequest(takenBack)],
      audit: [fact(`${topicOf(request)}.cancel`, actor, aboutRequest(request, place))],
      withdrawDeadlinesOf: [request.id],
      events: [changed(takenBack, null)],
    },
  );
}

/** Closes a request that nobody decided, or confirmed, in its lifetime. Does nothing before that, or once it is decided. */
export function timeOutActivation(
  { request, place }: { readonly request: AssignmentRequest; readonly place: Place },
  actor: Actor,
  { now }: Context,
): Decision<null> {
  const { state } = request;
  const waits = state.status === 'PendingApproval' || state.status === 'PendingEvaluation';
  if (!waits || now < state.timesOutAt) return settled;
  const timedOut = moved(request, {
    status: 'TimedOut',
    closedAt: now,
    ...(state.status === 'PendingEvaluation' ? { why: 'unconfirmed' as const } : {}),
  });
  return accept(null, {
    put: [putRequest(timedOut)],
    audit: [fact(`${topicOf(request)}.time-out`, actor, aboutRequest(request, place))],
    withdrawDeadlinesOf: [request.id],
    events: [changed(timedOut, 'TimedOut')],
  });
}

/**
 * The target system has confirmed by read-back that the access is there, until `endsAt`. From here on, and not before,
 * cards say "active". Does nothing when the assignment has moved on.
 */
export function confirmGranted(
  { assignment, request, place }: Activation,
  { endsAt }: { readonly endsAt: Date | null },
  actor: Actor,
  { now }: Context,
): Decision<null> {
  if (assignment.state.status !== 'Provisioning') return settled;
  const active: ActiveAssignment = { ...movedAssignment(assignment, { status: 'Active', confirmedAt: now }), endsAt };
  const provisioned =
    request?.state.status === 'PendingProvisioning'
      ? moved(request, { status: 'Provisioned', decision: request.state.decision, assignmentId: assignment.id })
      : null;
  return accept(null, {
    put: [putAssignment(active), ...(provisioned ? [putRequest(provisioned)] : [])],
    audit: [
      fact(
        `${request ? topicOf(request) : 'activation'}.confirm`,
        actor,
        aboutProvisioning({ assignment, request, place }),
        {
          details: { assignment: assignment.id, endsAt: endsAt?.toISOString() ?? null },
        },
      ),
    ],
    withdrawDeadlinesOf: [assignment.id],
    deadlines: deadlinesUntil(assignment.id, endsAt, now),
    events: provisioned ? tookEffect(provisioned) : [{ type: 'assignment-changed', ...told(assignment), tell: null }],
  });
}

/** An activation is news for others too. */
const tookEffect = (request: AssignmentRequest): DomainEvent[] => {
  const { id, principalId, roleId, scopeId } = request;
  if (topicOf(request) !== 'activation') return [changed(request, 'Provisioned')];
  const notified: Notified = { event: 'activated', roleId, scopeId };
  return [changed(request, null), { type: 'activated', requestId: id, requesterId: principalId, notified }];
};

/** Whom news of a direct assignment is for. */
const told = ({ id, principalId, kind }: ActiveAssignment) => ({ assignmentId: id, principalId, kind });

const failed = (request: AssignmentRequest | null, now: Date): AssignmentRequest | null =>
  request?.state.status === 'PendingProvisioning'
    ? moved(request, {
        status: 'Failed',
        decision: request.state.decision,
        assignmentId: request.state.assignmentId,
        closedAt: now,
      })
    : null;

/**
 * The target system could not be brought to grant it. The access is taken back in case it arrived after all, and the
 * request fails: the requester and the administrators are told.
 */
export function failProvisioning(
  { assignment, request, place }: Activation,
  { reason }: { readonly reason: string },
  actor: Actor,
  { now }: Context,
): Decision<null> {
  if (assignment.state.status !== 'Provisioning') return settled;
  const failedRequest = failed(request, now);
  const revoking = movedAssignment(assignment, { status: 'Revoking', why: 'provisioning-failed', confirmedAt: null });
  return accept(null, {
    put: [putAssignment(revoking), ...(failedRequest ? [putRequest(failedRequest)] : [])],
    audit: [
      fact(
        `${request ? topicOf(request) : 'activation'}.fail`,
        actor,
        aboutProvisioning({ assignment, request, place }),
        {
          reason,
          result: 'failure',
        },
      ),
    ],
    withdrawDeadlinesOf: [assignment.id],
    provision: [assignment.id],
    events: [
      ...(failedRequest ? [changed(failedRequest, 'Failed')] : []),
      ...(request ? [] : [{ type: 'assignment-changed' as const, ...told(assignment), tell: 'failed' }]),
      { type: 'provisioning-stuck', assignmentId: assignment.id, principalId: assignment.principalId },
    ],
  });
}

/** Access that should be gone could not be taken away: administrators are told, and Usher goes on trying. */
export const reportStuck = (
  { assignment, place }: Activation,
  { reason }: { readonly reason: string },
  actor: Actor,
): Decision<null> =>
  accept(null, {
    audit: [fact('access.stuck', actor, aboutAssignment(assignment, place), { reason, result: 'failure' })],
    events: [{ type: 'provisioning-stuck', assignmentId: assignment.id, principalId: assignment.principalId }],
  });

/** Warns the holder that an assignment is about to end, if it still is. */
export function warnOfEnd(assignment: Assignment, now: Date): Decision<null> {
  const { state } = assignment;
  const endsAt = decidedEnd(assignment);
  const lives = state.status === 'Active' || state.status === 'InForce' || state.status === 'Extending';
  if (!lives || !endsAt || endsAt <= now) return settled;
  return accept(null, {
    events: [
      {
        type: 'assignment-ending',
        assignmentId: assignment.id,
        principalId: assignment.principalId,
        notified: notifiedOf(assignment),
        endsAt,
      },
    ],
  });
}
