import { decidedAlready } from './activation.ts';
import { aboutRequest, changed, fact, moved, type Place, putRequest, relyOnPerson } from './activation-parts.ts';
import {
  type Approval,
  type ApprovalEffect,
  agreedMinutes,
  approvalDeadlines,
  approvalsIn,
  panelAt,
  type Seat,
  seatsOf,
  stageOf,
  stagesOf,
} from './approval.ts';
import type { Actor } from './audit.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import type { PersonId, RequestId } from './ids.ts';
import type { Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest, BackupReason, Vote } from './request.ts';
import { shortestActivationMinutes } from './role-settings.ts';
import { tooLong } from './text-limits.ts';

export interface Verdict {
  readonly approve: boolean;
  readonly justification: string;
  /** Shorter than what was asked for; `null` for that. Of a denial it means nothing. */
  readonly durationMinutes: number | null;
}

/** The seat that somebody decides from, or why they have none. */
function seatFor(request: AssignmentRequest, decider: Person, approval: Approval, now: Date): Seat | Refusal {
  if (decider.id === request.principalId) return { code: 'self-approval' };
  const vote = request.votes.find(({ by, insteadOf }) => by === decider.id || insteadOf === decider.id);
  const theirs = stagesOf(decider.id, approval);
  const seat = seatsOf(request, approval).find(({ person }) => person.id === decider.id);
  if (!seat && !vote && theirs.length === 0) return { code: 'not-an-approver' };
  const decided = decidedAlready(request, now);
  if (decided) return decided;
  if (vote) return { code: 'already-voted', at: vote.at };
  if (seat) return seat;
  const stage = stageOf(request, approval);
  const yours = theirs.find((other) => other !== stage);
  // A backup whose turn has not come is no approver yet.
  return yours ? { code: 'other-stage', now: stage, yours, of: approval.panels.length } : { code: 'not-an-approver' };
}

function faultIn({ justification, durationMinutes, approve }: Verdict, request: AssignmentRequest): Refusal | null {
  if (!justification.trim()) return { code: 'justification-missing' };
  const long = tooLong('justification', justification.trim());
  if (long || !approve || durationMinutes === null) return long;
  const asked = request.durationMinutes;
  if (durationMinutes > asked) return { code: 'duration-lengthened', askedMinutes: asked };
  const minimumMinutes = Math.min(shortestActivationMinutes, asked);
  return durationMinutes < minimumMinutes ? { code: 'activation-too-short', minimumMinutes } : null;
}

/**
 * Approves or denies, in the stage that the request is in. A stage ends with its quorum of approvals, the last one with
 * what was asked for; one denial denies. An approver may shorten the duration, never lengthen it: the shortest holds.
 * Refuses `self-approval`, `not-an-approver`, `request-decided`, `already-voted`, `other-stage`,
 * `justification-missing`, `text-too-long`, `duration-lengthened`, `activation-too-short`, and when approving whatever
 * the {@link ApprovalEffect} finds.
 * Rules: Microsoft Entra PIM, "Approve or deny requests"; quorum and stages are ours.
 */
export function decideRequest(
  {
    request,
    decider,
    approval,
    effect,
    place,
  }: {
    readonly request: AssignmentRequest;
    readonly decider: Person;
    readonly approval: Approval;
    readonly effect: ApprovalEffect;
    readonly place: Place;
  },
  verdict: Verdict,
  actor: Actor,
  context: Context,
): Decision<{ requestId: RequestId }> {
  const { now } = context;
  const seat = seatFor(request, decider, approval, now);
  if ('code' in seat) return refuse(seat);
  const minutes = Math.min(agreedMinutes(request), verdict.durationMinutes ?? request.durationMinutes);
  const fault = faultIn(verdict, request) ?? (verdict.approve ? effect.fault(now, minutes) : null);
  if (fault) return refuse(fault);

  const stage = stageOf(request, approval);
  const justification = verdict.justification.trim();
  const vote: Vote = {
    by: decider.id,
    as: seat.as,
    insteadOf: seat.insteadOf,
    stage,
    approves: verdict.approve,
    at: now,
    justification,
    durationMinutes:
      verdict.approve && verdict.durationMinutes !== request.durationMinutes ? verdict.durationMinutes : null,
  };
  const voted: AssignmentRequest = { ...request, votes: [...request.votes, vote] };
  const decision = { by: decider.id, at: now, justification };
  const answer = { requestId: request.id };
  const about = aboutRequest(request, place);
  const said = {
    stage,
    of: approval.panels.length,
    as: vote.as,
    insteadOf: vote.insteadOf,
    minutes: agreedMinutes(voted),
  };
  const relyOn = [relyOnPerson(decider)];

  if (!verdict.approve) {
    const denied = moved(voted, { status: 'Denied', decision, closedAt: now });
    return accept(answer, {
      put: [putRequest(denied)],
      relyOn,
      audit: [fact(effect.denied, actor, about, { reason: justification, details: said })],
      withdrawDeadlinesOf: [request.id],
      events: [changed(denied, 'Denied'), ...(effect.resolved?.(decider.id) ?? [])],
    });
  }

  const complete = approvalsIn(stage, voted.votes) >= panelAt(approval, stage).quorum;
  if (complete && stage === approval.panels.length) {
    const { state, tell, details, change } = effect.enact(voted, decision, context);
    const approved = moved(voted, state);
    return accept(answer, {
      ...change,
      put: [putRequest(approved), ...(change.put ?? [])],
      relyOn: [...(change.relyOn ?? []), ...relyOn],
      audit: [fact(effect.approved, actor, about, { reason: justification, details: { ...said, ...details } })],
      withdrawDeadlinesOf: [request.id, ...(change.withdrawDeadlinesOf ?? [])],
      events: [changed(approved, tell), ...(change.events ?? []), ...(effect.resolved?.(decider.id) ?? [])],
    });
  }

  const next = complete ? beginStage(voted, stage + 1, now) : moved(voted, request.state);
  return accept(answer, {
    put: [putRequest(next)],
    relyOn,
    audit: [fact('approval.vote', actor, about, { reason: justification, details: said })],
    ...(complete
      ? {
          withdrawDeadlinesOf: [request.id],
          deadlines: approvalDeadlines(next, panelAt(approval, stage + 1), now),
        }
      : {}),
    events: [changed(next, null), ...newlyAsked(request, next, approval)],
  });
}

function beginStage(request: AssignmentRequest, stage: number, now: Date): AssignmentRequest {
  if (request.state.status !== 'PendingApproval') throw new Error('only what waits has stages');
  return moved(request, { ...request.state, stage, since: now, backups: null });
}

/** Asks whoever has to decide from here on, and had not to before. */
function newlyAsked(before: AssignmentRequest, after: AssignmentRequest, approval: Approval) {
  const earlier = new Set<PersonId>(
    stageOf(before, approval) === stageOf(after, approval)
      ? seatsOf(before, approval).map(({ person }) => person.id)
      : [],
  );
  const personIds = seatsOf(after, approval)
    .map(({ person }) => person.id)
    .filter((id) => !earlier.has(id));
  if (personIds.length === 0) return [];
  const occasion = `stage-${stageOf(after, approval)}-${after.version}`;
  return [{ type: 'approvers-asked' as const, requestId: after.id, personIds, occasion }];
}

/**
 * Asks a stage's backups too, when its approvers have not decided in their time, or when no channel has reached any of
 * them. Does nothing before that, or once they were asked.
 * @param unreached whom no channel could tell.
 */
export function askBackups(
  {
    request,
    approval,
    unreached,
    place,
  }: {
    readonly request: AssignmentRequest;
    readonly approval: Approval;
    readonly unreached: readonly PersonId[];
    readonly place: Place;
  },
  actor: Actor,
  { now }: Context,
): Decision<null> {
  const { state } = request;
  if (state.status !== 'PendingApproval' || state.backups || now >= state.timesOutAt) return accept(null, {});
  const seats = seatsOf(request, approval);
  const stage = stageOf(request, approval);
  const panel = panelAt(approval, stage);
  const late = now >= addMinutes(state.since, panel.backupAfterMinutes);
  const lost = seats.length > 0 && seats.every(({ person }) => unreached.includes(person.id));
  if (!late && !lost) return accept(null, {});
  const why: BackupReason = lost ? 'unreached' : 'late';
  const asked = moved(request, { ...state, backups: why });
  return accept(null, {
    put: [putRequest(asked)],
    audit: [
      fact('approval.escalate', actor, aboutRequest(request, place), {
        details: { stage, of: approval.panels.length, why },
      }),
    ],
    events: [changed(asked, null), ...newlyAsked(request, asked, approval)],
  });
}

/**
 * Asks whoever settings, as they stand now, name for a request that waits, and who was not asked before. Does nothing
 * where settings have nobody sent the requests.
 */
export function askNewlyNamed(
  {
    request,
    approval,
    asked,
  }: { readonly request: AssignmentRequest; readonly approval: Approval; readonly asked: readonly PersonId[] },
  { now }: Context,
): Decision<null> {
  const { state } = request;
  if (state.status !== 'PendingApproval' || now >= state.timesOutAt || asked.length === 0) return accept(null, {});
  const personIds = seatsOf(request, approval)
    .map(({ person }) => person.id)
    .filter((id) => !asked.includes(id));
  return accept(null, {
    events: [
      // Who is left out now has nothing to decide any more: every copy shows that.
      changed(request, null),
      ...(personIds.length > 0
        ? [{ type: 'approvers-asked' as const, requestId: request.id, personIds, occasion: 'named' }]
        : []),
    ],
  });
}

/** Reminds those who could decide and have not. Does nothing once it is decided. */
export function remindApprovers(
  { request, approval }: { readonly request: AssignmentRequest; readonly approval: Approval },
  { now }: Context,
): Decision<null> {
  const { state } = request;
  if (state.status !== 'PendingApproval' || now >= state.timesOutAt) return accept(null, {});
  const personIds = seatsOf(request, approval).map(({ person }) => person.id);
  return accept(null, {
    events: [
      changed(request, null),
      ...(personIds.length > 0
        ? [
            {
              type: 'approvers-asked' as const,
              requestId: request.id,
              personIds,
              occasion: `reminder-${now.getTime()}`,
            },
          ]
        : []),
    ],
  });
}
