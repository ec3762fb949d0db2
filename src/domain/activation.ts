import { type ActiveAssignment, type EligibleAssignment, inWindow, isOpen } from './assignment.ts';
import type { Actor, AuditAction, AuditFact } from './audit.ts';
import { accept, type Context, type Decision, type Entity, type Reliance, refuse } from './change.ts';
import { addMinutes, earlier } from './duration.ts';
import { deadlinesUntil } from './eligibility.ts';
import type { DomainEvent } from './event.ts';
import type { AssignmentId, PersonId, RequestId } from './ids.ts';
import { type Person, standing } from './person.ts';
import type { Refusal } from './refusal.ts';
import { type ActivationRequest, decisionOf, type RequestDecision, type RequestState } from './request.ts';
import type { RoleDefinition } from './role.ts';
import { type RoleSettings, shortestActivationMinutes } from './role-settings.ts';
import type { Scope } from './scope.ts';
import { tooLong } from './text-limits.ts';

/** Minutes that an activation has to last before its holder may end it (Microsoft Entra PIM, "Deactivate a role"). */
export const minutesBeforeDeactivation = 5;

/** The names that the record keeps of a role at a scope. */
export interface Place {
  readonly role: Pick<RoleDefinition, 'name'>;
  readonly scope: Pick<Scope, 'name'>;
}

type Details = AuditFact['details'];

const fact = (
  action: AuditAction,
  actor: Actor,
  about: { subjectId: PersonId; place: Place; requestId: string | null },
  more: { reason?: string | null; details?: Details; result?: AuditFact['result'] } = {},
): AuditFact => ({
  action,
  actor,
  subjectId: about.subjectId,
  role: about.place.role.name,
  scope: about.place.scope.name,
  requestId: about.requestId,
  result: more.result ?? 'success',
  reason: more.reason ?? null,
  details: more.details ?? {},
});

const aboutRequest = (request: ActivationRequest, place: Place) => ({
  subjectId: request.principalId,
  place,
  requestId: request.id,
});

const aboutAssignment = (assignment: ActiveAssignment | EligibleAssignment, place: Place) => ({
  subjectId: assignment.principalId,
  place,
  requestId: assignment.kind === 'active' ? assignment.requestId : null,
});

const moved = (request: ActivationRequest, state: RequestState): ActivationRequest => ({
  ...request,
  version: request.version + 1,
  state,
});

const movedAssignment = (assignment: ActiveAssignment, state: ActiveAssignment['state']): ActiveAssignment => ({
  ...assignment,
  version: assignment.version + 1,
  state,
});

const putRequest = (value: ActivationRequest): Entity => ({ entity: 'Request', value });
const putAssignment = (value: ActiveAssignment | EligibleAssignment): Entity => ({ entity: 'Assignment', value });
const relyOnAssignment = ({ id, version }: EligibleAssignment): Reliance => ({ entity: 'Assignment', id, version });
const relyOnPerson = ({ id, version }: Person): Reliance => ({ entity: 'Person', id, version });

type Telling = Extract<DomainEvent, { type: 'request-changed' }>['tell'];

const changed = (request: ActivationRequest, tell: Telling): DomainEvent => ({
  type: 'request-changed',
  requestId: request.id,
  requesterId: request.principalId,
  assignmentId: 'assignmentId' in request.state ? request.state.assignmentId : null,
  tell,
});

/** Nothing to do: what was to happen has happened, or no longer can. */
const settled = accept(null, {});

/** When an activation that takes effect now would end: after its duration, and never past its eligibility's end. */
export const activationEnd = (durationMinutes: number, eligible: EligibleAssignment, now: Date): Date =>
  earlier(addMinutes(now, durationMinutes), eligible.endsAt) as Date;

const grant = (
  request: ActivationRequest,
  eligible: EligibleAssignment,
  id: AssignmentId,
  now: Date,
): ActiveAssignment => ({
  id,
  version: 1,
  kind: 'active',
  principalId: request.principalId,
  roleId: request.roleId,
  scopeId: request.scopeId,
  eligibilityId: request.eligibilityId,
  requestId: request.id,
  durationMinutes: request.durationMinutes,
  startsAt: now,
  endsAt: activationEnd(request.durationMinutes, eligible, now),
  state: { status: 'Provisioning' },
});

export interface ActivationWish {
  /** `null`: the longest that the settings and the eligibility allow. */
  readonly durationMinutes: number | null;
  readonly justification: string;
  readonly ticket: string | null;
}

/** What keeps this wish from being granted even if everybody approved, if anything. */
function faultIn(
  wish: ActivationWish,
  longest: number,
  eligible: EligibleAssignment,
  settings: RoleSettings,
  now: Date,
): Refusal | null {
  if (eligible.startsAt > now) return { code: 'eligibility-not-started', startsAt: eligible.startsAt };
  if (!inWindow(eligible, now)) {
    const { state } = eligible;
    return { code: 'eligibility-ended', endedAt: state.status === 'Ended' ? state.at : (eligible.endsAt ?? now) };
  }
  const minutes = wish.durationMinutes ?? longest;
  if (minutes > longest)
    return {
      code: 'activation-too-long',
      maximumMinutes: longest,
      because: longest < settings.activationMaximumMinutes ? 'eligibility' : 'role',
    };
  if (minutes < Math.min(shortestActivationMinutes, longest))
    return { code: 'activation-too-short', minimumMinutes: Math.min(shortestActivationMinutes, longest) };
  if (settings.justificationRequired && !wish.justification.trim()) return { code: 'justification-missing' };
  if (settings.ticketRequired && !wish.ticket?.trim()) return { code: 'ticket-missing' };
  return tooLong('justification', wish.justification.trim()) ?? tooLong('ticket', wish.ticket?.trim() ?? '');
}

/** The longest activation possible now, in minutes: the role's maximum, or what is left of the eligibility. */
export function longestActivation(eligible: EligibleAssignment, settings: RoleSettings, now: Date): number {
  const left = eligible.endsAt
    ? Math.floor((eligible.endsAt.getTime() - now.getTime()) / 60_000)
    : Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(settings.activationMaximumMinutes, left));
}

/**
 * Asks to activate one's own eligible assignment. Without approval in the settings it goes straight to provisioning.
 * Refuses what {@link faultIn} names, `already-active`, `already-requested` and `nobody-can-approve`.
 * Rules: Microsoft Entra PIM, "Activate my roles".
 */
export function requestActivation(
  {
    eligible,
    place,
    settings,
    approvers,
    openRequest,
    inForce,
    requester,
  }: {
    readonly requester: Person;
    readonly eligible: EligibleAssignment;
    readonly place: Place;
    readonly settings: RoleSettings;
    /** Who could decide by the settings as they stand now; the requester may be among them and does not count. */
    readonly approvers: readonly Person[];
    readonly openRequest: ActivationRequest | null;
    /** The person's active assignment to the same role and scope, if any. */
    readonly inForce: ActiveAssignment | null;
  },
  wish: ActivationWish,
  actor: Actor,
  { now, newId }: Context,
): Decision<{ requestId: RequestId }> {
  if (inForce) return refuse({ code: 'already-active', until: inForce.endsAt });
  if (openRequest) return refuse({ code: 'already-requested' });
  const longest = longestActivation(eligible, settings, now);
  const fault = faultIn(wish, longest, eligible, settings, now);
  if (fault) return refuse(fault);
  const deciders = approvers.filter((person) => person.id !== eligible.principalId && standing(person) === null);
  if (settings.approval && deciders.length === 0) return refuse({ code: 'nobody-can-approve' });

  const asked: ActivationRequest = {
    id: newId() as RequestId,
    version: 1,
    principalId: eligible.principalId,
    eligibilityId: eligible.id,
    roleId: eligible.roleId,
    scopeId: eligible.scopeId,
    durationMinutes: wish.durationMinutes ?? longest,
    justification: wish.justification.trim(),
    ticket: wish.ticket?.trim() || null,
    settingsVersion: settings.version,
    createdAt: now,
    state: { status: 'PendingApproval', timesOutAt: addMinutes(now, settings.requestLifetimeMinutes) },
  };
  const about = aboutRequest(asked, place);
  const requested = fact('activation.request', actor, about, {
    reason: asked.justification,
    details: { minutes: asked.durationMinutes, ticket: asked.ticket, settingsVersion: asked.settingsVersion },
  });
  const relyOn = [relyOnAssignment(eligible), relyOnPerson(requester)];
  const event: DomainEvent = {
    type: 'activation-requested',
    requestId: asked.id,
    requesterId: asked.principalId,
    approverIds: settings.approval ? deciders.map((person) => person.id) : [],
  };
  const answer = { requestId: asked.id };

  if (asked.state.status === 'PendingApproval' && settings.approval)
    return accept(answer, {
      put: [putRequest(asked)],
      relyOn,
      audit: [requested],
      deadlines: [{ kind: 'time-out', subjectId: asked.id, dueAt: asked.state.timesOutAt }],
      events: [event],
    });

  const granted = grant(asked, eligible, newId() as AssignmentId, now);
  const request: ActivationRequest = {
    ...asked,
    state: { status: 'PendingProvisioning', decision: null, assignmentId: granted.id },
  };
  return accept(answer, {
    put: [putRequest(request), putAssignment(granted)],
    relyOn,
    audit: [requested, fact('activation.grant', actor, about, { details: { assignment: granted.id } })],
    deadlines: deadlinesUntil(granted.id, granted.endsAt, now),
    provision: [granted.id],
    events: [event],
  });
}

/** Why a request can't be decided any more, with whose decision it was. */
const decidedAlready = (request: ActivationRequest, now: Date): Refusal | null => {
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

/**
 * Approves or denies. The first decision wins; the requester never decides; a justification is required.
 * Refuses `request-decided`, `self-approval`, `not-an-approver`, `justification-missing`, `text-too-long`, and when
 * approving also `requester-unavailable`, `eligibility-ended` and `already-active`.
 * Rules: Microsoft Entra PIM, "Approve or deny requests".
 */
export function decideActivation(
  {
    request,
    eligible,
    requester,
    decider,
    approverIds,
    inForce,
    place,
  }: {
    readonly request: ActivationRequest;
    readonly eligible: EligibleAssignment;
    readonly requester: Person;
    readonly decider: Person;
    /** Who may decide by the settings as they stand now. */
    readonly approverIds: readonly PersonId[];
    readonly inForce: ActiveAssignment | null;
    readonly place: Place;
  },
  verdict: { readonly approve: boolean; readonly justification: string },
  actor: Actor,
  { now, newId }: Context,
): Decision<{ requestId: RequestId }> {
  if (decider.id === request.principalId) return refuse({ code: 'self-approval' });
  if (!approverIds.includes(decider.id)) return refuse({ code: 'not-an-approver' });
  const decided = decidedAlready(request, now);
  if (decided) return refuse(decided);
  const justification = verdict.justification.trim();
  if (!justification) return refuse({ code: 'justification-missing' });
  const long = tooLong('justification', justification);
  if (long) return refuse(long);

  const decision: RequestDecision = { by: decider.id, at: now, justification };
  const about = aboutRequest(request, place);
  const answer = { requestId: request.id };
  if (!verdict.approve) {
    const denied = moved(request, { status: 'Denied', decision, closedAt: now });
    return accept(answer, {
      put: [putRequest(denied)],
      relyOn: [relyOnPerson(decider)],
      audit: [fact('activation.deny', actor, about, { reason: justification })],
      withdrawDeadlinesOf: [request.id],
      events: [changed(denied, 'Denied')],
    });
  }
  if (standing(requester)) return refuse({ code: 'requester-unavailable' });
  if (!inWindow(eligible, now))
    return refuse({
      code: 'eligibility-ended',
      endedAt: eligible.state.status === 'Ended' ? eligible.state.at : (eligible.endsAt ?? now),
    });
  if (inForce) return refuse({ code: 'already-active', until: inForce.endsAt });
  const granted = grant(request, eligible, newId() as AssignmentId, now);
  const approved = moved(request, { status: 'PendingProvisioning', decision, assignmentId: granted.id });
  return accept(answer, {
    put: [putRequest(approved), putAssignment(granted)],
    relyOn: [relyOnAssignment(eligible), relyOnPerson(requester), relyOnPerson(decider)],
    audit: [
      fact('activation.approve', actor, about, {
        reason: justification,
        details: { minutes: request.durationMinutes, assignment: granted.id },
      }),
    ],
    withdrawDeadlinesOf: [request.id],
    deadlines: deadlinesUntil(granted.id, granted.endsAt, now),
    provision: [granted.id],
    events: [changed(approved, null)],
  });
}

/** Takes back one's own request while it waits. Refuses `request-decided`. */
export function cancelActivation(
  { request, place }: { readonly request: ActivationRequest; readonly place: Place },
  actor: Actor,
  { now }: Context,
): Decision<{ requestId: RequestId }> {
  const decided = decidedAlready(request, now);
  if (decided) return refuse(decided);
  const canceled = moved(request, { status: 'Canceled', closedAt: now });
  return accept(
    { requestId: request.id },
    {
      put: [putRequest(canceled)],
      audit: [fact('activation.cancel', actor, aboutRequest(request, place))],
      withdrawDeadlinesOf: [request.id],
      events: [changed(canceled, null)],
    },
  );
}

/** Closes a request that nobody decided in its lifetime. Does nothing before that, or once it is decided. */
export function timeOutActivation(
  { request, place }: { readonly request: ActivationRequest; readonly place: Place },
  actor: Actor,
  { now }: Context,
): Decision<null> {
  if (request.state.status !== 'PendingApproval' || now < request.state.timesOutAt) return settled;
  const timedOut = moved(request, { status: 'TimedOut', closedAt: now });
  return accept(null, {
    put: [putRequest(timedOut)],
    audit: [fact('activation.time-out', actor, aboutRequest(request, place))],
    withdrawDeadlinesOf: [request.id],
    events: [changed(timedOut, 'TimedOut')],
  });
}

/** An active assignment with the request it came from: they move together. */
export interface Activation {
  readonly assignment: ActiveAssignment;
  /** `null` for a direct assignment. */
  readonly request: ActivationRequest | null;
  readonly place: Place;
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
      fact('activation.confirm', actor, aboutAssignment(assignment, place), {
        details: { assignment: assignment.id, endsAt: endsAt?.toISOString() ?? null },
      }),
    ],
    withdrawDeadlinesOf: [assignment.id],
    deadlines: deadlinesUntil(assignment.id, endsAt, now),
    events: provisioned ? [changed(provisioned, 'Provisioned')] : [],
  });
}

const failed = (request: ActivationRequest | null, now: Date): ActivationRequest | null =>
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
    audit: [fact('activation.fail', actor, aboutAssignment(assignment, place), { reason, result: 'failure' })],
    withdrawDeadlinesOf: [assignment.id],
    provision: [assignment.id],
    events: [
      ...(failedRequest ? [changed(failedRequest, 'Failed')] : []),
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

const endFacts = {
  expired: 'activation.expire',
  deactivated: 'activation.deactivate',
  'eligibility-ended': 'activation.expire',
  removed: 'activation.expire',
  'provisioning-failed': 'activation.fail',
} as const satisfies Record<string, AuditAction>;

/** Starts to take access away; it counts as gone only when the target system confirms that. */
function revoke(
  { assignment, request, place }: Activation,
  why: 'expired' | 'deactivated' | 'eligibility-ended',
  actor: Actor,
  { now }: Context,
): Decision<null> {
  const confirmedAt = assignment.state.status === 'Active' ? assignment.state.confirmedAt : null;
  const revoking = movedAssignment(assignment, { status: 'Revoking', why, confirmedAt });
  // What never took effect in its whole time has failed.
  const failedRequest = failed(request, now);
  return accept(null, {
    put: [putAssignment(revoking), ...(failedRequest ? [putRequest(failedRequest)] : [])],
    audit: [
      fact(endFacts[why], actor, aboutAssignment(assignment, place), { details: { assignment: assignment.id, why } }),
    ],
    withdrawDeadlinesOf: [assignment.id],
    provision: [assignment.id],
    events: request ? [changed(failedRequest ?? request, failedRequest ? 'Failed' : null)] : [],
  });
}

/** Ends what is due. Does nothing before its time, or when it is ending already. */
export function expireActivation(activation: Activation, actor: Actor, context: Context): Decision<null> {
  const { state, endsAt } = activation.assignment;
  if (state.status !== 'Active' && state.status !== 'Provisioning') return settled;
  if (!endsAt || context.now < endsAt) return settled;
  return revoke(activation, 'expired', actor, context);
}

/**
 * Gives up one's own activation. Refuses `assignment-not-active` and `too-early-to-deactivate`.
 * Rule: Microsoft Entra PIM, "Deactivate a role": not within the first five minutes.
 */
export function deactivate(
  activation: Activation,
  actor: Actor,
  context: Context,
): Decision<{ assignmentId: AssignmentId }> {
  const { state, id } = activation.assignment;
  if (state.status !== 'Active') return refuse({ code: 'assignment-not-active', status: state.status });
  const possibleAt = addMinutes(state.confirmedAt, minutesBeforeDeactivation);
  if (context.now < possibleAt) return refuse({ code: 'too-early-to-deactivate', possibleAt });
  const decision = revoke(activation, 'deactivated', actor, context);
  return { ...decision, accepted: true, answer: { assignmentId: id } };
}

/** The target system has confirmed by read-back that nothing of the assignment is left. */
export function confirmGone(
  { assignment, request, place }: Activation,
  actor: Actor,
  { now }: Context,
): Decision<null> {
  const { state } = assignment;
  if (state.status !== 'Revoking') return settled;
  const ended = movedAssignment(
    assignment,
    state.why === 'provisioning-failed'
      ? { status: 'Failed', at: now }
      : { status: 'Ended', at: now, why: state.why, confirmedAt: state.confirmedAt },
  );
  return accept(null, {
    put: [putAssignment(ended)],
    audit: [fact('access.gone', actor, aboutAssignment(assignment, place), { details: { assignment: assignment.id } })],
    events: request ? [changed(request, state.confirmedAt ? 'Ended' : null)] : [],
  });
}

/** Ends an eligible assignment, with the activation and the request that hang on it. */
export function endEligibility(
  {
    eligible,
    openRequest,
    activation,
    place,
  }: {
    readonly eligible: EligibleAssignment;
    readonly openRequest: ActivationRequest | null;
    readonly activation: Activation | null;
    readonly place: Place;
  },
  actor: Actor,
  context: Context,
): Decision<null> {
  const { now } = context;
  if (!isOpen(eligible) || !eligible.endsAt || now < eligible.endsAt) return settled;
  const ended: EligibleAssignment = {
    ...eligible,
    version: eligible.version + 1,
    state: { status: 'Ended', at: now, why: 'expired' },
  };
  const dependents: Decision<unknown>[] = [
    ...(openRequest?.state.status === 'PendingApproval' ? [cancelByEnd(openRequest, place, actor, now)] : []),
    ...(activation && ['Active', 'Provisioning'].includes(activation.assignment.state.status)
      ? [revoke(activation, 'eligibility-ended', actor, context)]
      : []),
  ];
  const changes = dependents.map((decision) => decision.change);
  return accept(null, {
    put: [putAssignment(ended), ...changes.flatMap((change) => change.put)],
    audit: [
      fact('eligibility.end', actor, aboutAssignment(eligible, place), { details: { assignment: eligible.id } }),
      ...changes.flatMap((change) => change.audit),
    ],
    withdrawDeadlinesOf: [eligible.id, ...changes.flatMap((change) => change.withdrawDeadlinesOf)],
    provision: changes.flatMap((change) => change.provision),
    events: [
      { type: 'assignment-ended', assignmentId: eligible.id, principalId: eligible.principalId },
      ...changes.flatMap((change) => change.events),
    ],
  });
}

function cancelByEnd(request: ActivationRequest, place: Place, actor: Actor, now: Date): Decision<null> {
  const canceled = moved(request, { status: 'Canceled', closedAt: now });
  return accept(null, {
    put: [putRequest(canceled)],
    audit: [
      fact('activation.cancel', actor, aboutRequest(request, place), { reason: 'the eligible assignment ended' }),
    ],
    withdrawDeadlinesOf: [request.id],
    events: [changed(canceled, 'Canceled')],
  });
}

/** Warns the holder that an assignment is about to end, if it still is. */
export function warnOfEnd(assignment: ActiveAssignment | EligibleAssignment, now: Date): Decision<null> {
  const { state, endsAt } = assignment;
  const lives = state.status === 'Active' || state.status === 'InForce';
  if (!lives || !endsAt || endsAt <= now) return settled;
  return accept(null, {
    events: [{ type: 'assignment-ending', assignmentId: assignment.id, principalId: assignment.principalId, endsAt }],
  });
}
