import {
  type Activation,
  aboutAssignment,
  aboutRequest,
  canceled,
  changed,
  fact,
  moved,
  movedAssignment,
  type Place,
  putAssignment,
  putRequest,
  settled,
} from './activation-parts.ts';
import {
  type ActiveAssignment,
  type Assignment,
  decidedEnd,
  type EligibleAssignment,
  type EndReason,
  isDirect,
  isOpen,
} from './assignment.ts';
import type { Actor, AuditAction } from './audit.ts';
import { accept, type Change, type Context, type Decision, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import type { DomainEvent } from './event.ts';
import type { AssignmentId } from './ids.ts';
import { type AssignmentRequest, isExceptional, isFinal, isLengthening, topicOf } from './request.ts';

/** Minutes that an activation has to last before its holder may end it (Microsoft Entra PIM, "Deactivate a role"). */
export const minutesBeforeDeactivation = 5;

/** A request with the names of what it is about. */
export interface Asked {
  readonly request: AssignmentRequest;
  readonly place: Place;
}

/**
 * What ends together with an assignment: of an eligible one its activations and open requests; of a membership also what
 * its holder has activated, or asked to activate, through the group.
 */
export interface Dependents {
  readonly activations: readonly Activation[];
  readonly requests: readonly Asked[];
}

export const noDependents: Dependents = { activations: [], requests: [] };

/** Why access ends, by whoever or whatever ends it. */
type Why = Exclude<EndReason, 'provisioning-failed'>;

const endFacts = {
  expired: 'activation.expire',
  deactivated: 'activation.deactivate',
  'eligibility-ended': 'activation.expire',
  removed: 'assignment.remove',
} as const satisfies Record<Why, AuditAction>;

/** The request of an activation that ends: taken away by an administrator, or never in effect in its whole time. */
function requestAfter(request: AssignmentRequest | null, why: Why, now: Date): AssignmentRequest | null {
  if (request?.state.status === 'PendingProvisioning')
    return moved(request, { ...request.state, status: why === 'removed' ? 'Revoked' : 'Failed', closedAt: now });
  if (request?.state.status === 'Provisioned' && why === 'removed')
    return moved(request, { ...request.state, status: 'Revoked', closedAt: now });
  return null;
}

/** Of a direct assignment: whoever has a card about it sees its state; `tell` alerts the assignee as well. */
export const assignmentChanged = (
  { id, principalId, kind }: ActiveAssignment | EligibleAssignment,
  tell: string | null,
): DomainEvent => ({ type: 'assignment-changed', assignmentId: id, principalId, kind, tell });

/** The occasion on which a holder is told that an administrator has changed their assignment: each once. */
export const newsOf = ({ version }: Assignment): string => `updated-${version}`;

const ends = ({ state }: ActiveAssignment): boolean =>
  ['Active', 'Extending', 'Provisioning', 'Scheduled'].includes(state.status);

/** Starts to take access away; it counts as gone only when the target system confirms that. */
function take(
  { assignment, request, place }: Activation,
  { why, reason = null }: { readonly why: Why; readonly reason?: string | null },
  actor: Actor,
  { now }: Context,
): Change {
  const { state } = assignment;
  // Of what has not begun nothing is anywhere yet.
  const scheduled = state.status === 'Scheduled';
  const confirmedAt = 'confirmedAt' in state ? state.confirmedAt : null;
  const next = movedAssignment(
    assignment,
    scheduled ? { status: 'Ended', at: now, why, confirmedAt: null } : { status: 'Revoking', why, confirmedAt },
  );
  const after = requestAfter(request, why, now);
  // What was in effect is told when it is gone, the rest now.
  const tell = confirmedAt || !after ? null : after.state.status === 'Revoked' ? 'Revoked' : 'Failed';
  return accept(null, {
    put: [putAssignment(next), ...(after ? [putRequest(after)] : [])],
    audit: [
      fact(endFacts[why], actor, aboutAssignment(assignment, place), {
        reason,
        details: { assignment: assignment.id, why, before: state.status, after: next.state.status },
      }),
    ],
    withdrawDeadlinesOf: [assignment.id],
    provision: scheduled ? [] : [assignment.id],
    events: [request ? changed(after ?? request, tell) : assignmentChanged(assignment, !confirmedAt ? why : null)],
  }).change;
}

function cancel({ request, place }: Asked, why: Why, actor: Actor, now: Date): Change {
  const reason = why === 'removed' ? 'the assignment was removed' : 'the assignment that it came from ended';
  // A later end, or access, that is granted and not there yet fails.
  const failed = requestAfter(request, why, now);
  const closed = failed ?? canceled(request, now, 'eligibility-ended');
  return accept(null, {
    put: [putRequest(closed)],
    audit: [fact(`${topicOf(request)}.${failed ? 'fail' : 'cancel'}`, actor, aboutRequest(request, place), { reason })],
    withdrawDeadlinesOf: [request.id],
    events: [changed(closed, failed ? 'Failed' : 'Canceled')],
  }).change;
}

/** Everything that hangs on something that ends: requests that wait are canceled, access is taken away. */
function takeAlong(dependents: Dependents, why: Why, actor: Actor, context: Context): Change[] {
  return [
    ...dependents.requests
      // For access, one that is being provisioned ends with that access.
      .filter(
        ({ request }) =>
          !isFinal(request.state) && (request.state.status !== 'PendingProvisioning' || isLengthening(request)),
      )
      .map((asked) => cancel(asked, why, actor, context.now)),
    ...dependents.activations
      .filter(({ assignment }) => ends(assignment))
      .map((activation) => take(activation, { why }, actor, context)),
  ];
}

const together = (changes: readonly Change[]): Partial<Change> => ({
  put: changes.flatMap((change) => change.put),
  audit: changes.flatMap((change) => change.audit),
  withdrawDeadlinesOf: changes.flatMap((change) => change.withdrawDeadlinesOf),
  provision: changes.flatMap((change) => change.provision),
  events: changes.flatMap((change) => change.events),
});

/** Whoever loses a membership loses what they activated through the group as well, whoever ended it. */
const alongWith = (why: Why): Why => (why === 'removed' ? 'removed' : 'eligibility-ended');

/** Ends an active assignment with what hangs on it. */
export const endActive = (
  activation: Activation,
  dependents: Dependents,
  ending: Parameters<typeof take>[1],
  actor: Actor,
  context: Context,
): Partial<Change> =>
  together([take(activation, ending, actor, context), ...takeAlong(dependents, alongWith(ending.why), actor, context)]);

/** Ends an eligible assignment with what hangs on it. */
export function closeEligible(
  { eligible, dependents, place }: { eligible: EligibleAssignment; dependents: Dependents; place: Place },
  { why, reason = null }: { readonly why: 'expired' | 'removed'; readonly reason?: string | null },
  actor: Actor,
  context: Context,
): Partial<Change> {
  const ended: EligibleAssignment = {
    ...eligible,
    version: eligible.version + 1,
    state: { status: 'Ended', at: context.now, why },
  };
  const action = why === 'removed' ? 'eligibility.remove' : 'eligibility.end';
  return together([
    accept(null, {
      put: [putAssignment(ended)],
      audit: [
        fact(action, actor, aboutAssignment(eligible, place), { reason, details: { assignment: eligible.id, why } }),
      ],
      withdrawDeadlinesOf: [eligible.id],
      events: [{ type: 'assignment-ended', assignmentId: eligible.id, principalId: eligible.principalId }],
    }).change,
    ...takeAlong(dependents, alongWith(why), actor, context),
  ]);
}

/** Ends what is due. Does nothing before its time, or when it is ending already. */
export function expireActivation(
  activation: Activation,
  dependents: Dependents,
  actor: Actor,
  context: Context,
): Decision<null> {
  const { assignment } = activation;
  const end = decidedEnd(assignment);
  if (!ends(assignment) || !end || context.now < end) return settled;
  return accept(null, endActive(activation, dependents, { why: 'expired' }, actor, context));
}

/**
 * Gives up one's own activation, or exceptional access. Refuses `assignment-not-active` and `too-early-to-deactivate`.
 * Rule: Microsoft Entra PIM, "Deactivate a role": not within the first five minutes. Exceptional access ends at any time.
 */
export function deactivate(
  activation: Activation,
  dependents: Dependents,
  actor: Actor,
  context: Context,
): Decision<{ assignmentId: AssignmentId }> {
  const { state, id } = activation.assignment;
  if (state.status !== 'Active') return refuse({ code: 'assignment-not-active', status: state.status });
  const possibleAt = addMinutes(state.confirmedAt, minutesBeforeDeactivation);
  const exceptional = activation.request !== null && isExceptional(activation.request);
  if (context.now < possibleAt && !exceptional) return refuse({ code: 'too-early-to-deactivate', possibleAt });
  return accept({ assignmentId: id }, endActive(activation, dependents, { why: 'deactivated' }, actor, context));
}

/** Its holder is told what it was, with the way to have it renewed. */
const gone = (assignment: ActiveAssignment, wasThere: boolean): DomainEvent =>
  wasThere
    ? { type: 'assignment-ended', assignmentId: assignment.id, principalId: assignment.principalId }
    : assignmentChanged(assignment, null);

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
    events: [
      ...(request ? [changed(request, state.confirmedAt ? 'Ended' : null)] : []),
      ...(isDirect(assignment) ? [gone(assignment, state.confirmedAt !== null)] : []),
    ],
  });
}

/** Ends an eligible assignment whose time is over, with the activations and the requests that hang on it. */
export function endEligibility(
  ending: { readonly eligible: EligibleAssignment; readonly dependents: Dependents; readonly place: Place },
  actor: Actor,
  context: Context,
): Decision<null> {
  const { eligible } = ending;
  if (!isOpen(eligible) || !eligible.endsAt || context.now < eligible.endsAt) return settled;
  return accept(null, closeEligible(ending, { why: 'expired' }, actor, context));
}
