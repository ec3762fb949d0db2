import {
  type Activation,
  aboutRequest,
  changed,
  fact,
  type Place,
  putBreakGlass,
  settled,
} from './activation-parts.ts';
import type { Actor } from './audit.ts';
import type { BreakGlass } from './break-glass.ts';
import { accept, type Change, type Context, type Decision, refuse, together } from './change.ts';
import { addMinutes } from './duration.ts';
import { confirmGone, type Dependents, endActive } from './ending.ts';
import type { PersonId, RequestId } from './ids.ts';
import type { AssignmentRequest } from './request.ts';
import { tooLong } from './text-limits.ts';

/** While nobody has answered, reviewers are reminded once, after so long (ours). */
const reviewReminderMinutes = 24 * 60;

/** Break-glass access with the request and the assignment that it is. */
export interface BrokenGlass extends Activation {
  readonly request: AssignmentRequest;
  readonly breakGlass: BreakGlass;
}

/**
 * One of those who were told ends it, at once and whoever holds it; it counts as gone when the target system confirms
 * that. Refuses `assignment-not-active` once it is ending, and `text-too-long`.
 */
export function endBreakGlass(
  { dependents, breakGlass, ...activation }: BrokenGlass & { readonly dependents: Dependents },
  justification: string,
  actor: Actor & { readonly personId: PersonId },
  context: Context,
): Decision<{ requestId: RequestId }> {
  const { assignment, request, place } = activation;
  const reason = justification.trim() || null;
  const long = tooLong('justification', reason ?? '');
  if (long) return refuse(long);
  const { status } = assignment.state;
  if (status !== 'Active' && status !== 'Provisioning') return refuse({ code: 'assignment-not-active', status });
  const ending = endActive(activation, dependents, { why: 'removed', reason }, actor, context);
  const by: BreakGlass = { ...breakGlass, version: breakGlass.version + 1, endedBy: actor.personId };
  return accept(
    { requestId: request.id },
    {
      ...ending,
      put: [...(ending.put ?? []), putBreakGlass(by)],
      audit: [fact('break-glass.end', actor, aboutRequest(request, place), { reason }), ...(ending.audit ?? [])],
    },
  );
}

/**
 * The target system has confirmed that it is gone: whoever was told is asked whether it was justified. What was never
 * confirmed to be there is not asked about. Does nothing when the assignment has moved on.
 */
export function confirmBreakGlassGone(
  { breakGlass, ...activation }: BrokenGlass,
  reviewerIds: readonly PersonId[],
  actor: Actor,
  context: Context,
): Decision<null> {
  const gone = confirmGone(activation, actor, context);
  const { state } = activation.assignment;
  const wasThere = state.status === 'Revoking' && state.confirmedAt !== null;
  if (!gone.accepted || !wasThere || breakGlass.review) return gone;
  const { request, place } = activation;
  return accept(null, together(gone.change, opened(breakGlass, reviewerIds, request, place, actor, context)));
}

function opened(
  breakGlass: BreakGlass,
  reviewerIds: readonly PersonId[],
  request: AssignmentRequest,
  place: Place,
  actor: Actor,
  { now }: Context,
): Change {
  const { id, version } = breakGlass;
  return accept(null, {
    put: [putBreakGlass({ ...breakGlass, version: version + 1, review: { status: 'open', since: now } })],
    audit: [
      fact('break-glass.review-open', actor, aboutRequest(request, place), { details: { asked: reviewerIds.length } }),
    ],
    deadlines: [{ kind: 'review', subjectId: id, dueAt: addMinutes(now, reviewReminderMinutes) }],
    events: [{ type: 'review-wanted', requestId: id, reviewerIds, occasion: 'over' }],
  }).change;
}

/** Asks once more, whoever has to say so by now. Does nothing once somebody has answered. */
export const remindReviewers = ({ id, review }: BreakGlass, reviewerIds: readonly PersonId[]): Decision<null> =>
  review?.status === 'open'
    ? accept(null, { events: [{ type: 'review-wanted', requestId: id, reviewerIds, occasion: 'reminded' }] })
    : settled;

export interface ReviewAnswer {
  readonly justified: boolean;
  readonly comment: string;
}

/**
 * Says whether it was justified; what was not, is said why. Refuses `review-own`, `review-too-early`, `review-answered`,
 * `justification-missing` and `text-too-long`.
 */
export function reviewBreakGlass(
  {
    request,
    breakGlass,
    place,
  }: { readonly request: AssignmentRequest; readonly breakGlass: BreakGlass; readonly place: Place },
  answer: ReviewAnswer,
  actor: Actor & { readonly personId: PersonId },
  { now }: Context,
): Decision<{ requestId: RequestId }> {
  const { review, id, version } = breakGlass;
  if (request.principalId === actor.personId) return refuse({ code: 'review-own' });
  if (!review) return refuse({ code: 'review-too-early' });
  if (review.status === 'answered') {
    const { by, at, justified } = review;
    return refuse({ code: 'review-answered', by, at, justified });
  }
  const comment = answer.comment.trim() || null;
  if (!answer.justified && !comment) return refuse({ code: 'justification-missing' });
  const long = tooLong('justification', comment ?? '');
  if (long) return refuse(long);
  const { justified } = answer;
  const answered = {
    status: 'answered',
    since: review.since,
    by: actor.personId,
    at: now,
    justified,
    comment,
  } as const;
  return accept(
    { requestId: id },
    {
      put: [putBreakGlass({ ...breakGlass, version: version + 1, review: answered })],
      audit: [
        fact('break-glass.review', actor, aboutRequest(request, place), { reason: comment, details: { justified } }),
      ],
      withdrawDeadlinesOf: [id],
      events: [changed(request, null)],
    },
  );
}
