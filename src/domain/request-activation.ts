import {
  aboutRequest,
  canceled,
  changed,
  fact,
  grant,
  moved,
  type Place,
  putAssignment,
  putRequest,
  relyOnAssignment,
  relyOnPerson,
  settled,
} from './activation-parts.ts';
import { type Approval, askForApproval } from './approval.ts';
import { type ActiveAssignment, type EligibleAssignment, inWindow } from './assignment.ts';
import type { Actor } from './audit.ts';
import { accept, type Change, type Context, type Decision, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import { deadlinesUntil } from './eligibility.ts';
import type { DomainEvent } from './event.ts';
import type { AssignmentId, PersonId, RequestId } from './ids.ts';
import { type Person, standing } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest, CancelReason, RequestDecision, RequestState } from './request.ts';
import { type RoleSettings, shortestActivationMinutes } from './role-settings.ts';
import { reaches, type ScopeChain } from './scope.ts';
import { tooLong } from './text-limits.ts';

export interface ActivationWish {
  /** `null`: at once. */
  readonly startsAt: Date | null;
  /** `null`: the longest that the settings and the eligibility allow. */
  readonly durationMinutes: number | null;
  readonly justification: string;
  readonly ticket: string | null;
}

/** How far ahead an activation can be planned where the eligibility has no end before, in minutes (ours): a year. */
const horizonMinutes = 366 * 1440;

/** What keeps an activation from beginning when it is wished to, if anything. */
function faultInStart(startsAt: Date, eligible: EligibleAssignment, now: Date): Refusal | null {
  if (startsAt <= now) return { code: 'start-in-past', startsAt };
  const { endsAt } = eligible;
  if (endsAt && endsAt <= startsAt) return { code: 'start-too-late', latest: endsAt, because: 'eligibility' };
  const horizon = addMinutes(now, horizonMinutes);
  return startsAt > horizon ? { code: 'start-too-late', latest: horizon, because: 'horizon' } : null;
}

/** What keeps this wish from being granted even if everybody approved, if anything. */
function faultIn(
  wish: ActivationWish,
  longest: number,
  eligible: EligibleAssignment,
  settings: RoleSettings,
  now: Date,
): Refusal | null {
  const from = wish.startsAt ?? now;
  const { state } = eligible;
  if (state.status === 'Ended' || (eligible.endsAt && eligible.endsAt <= now))
    return { code: 'eligibility-ended', endedAt: state.status === 'Ended' ? state.at : (eligible.endsAt ?? now) };
  const early = wish.startsAt && faultInStart(wish.startsAt, eligible, now);
  if (early) return early;
  if (eligible.startsAt > from) return { code: 'eligibility-not-started', startsAt: eligible.startsAt };
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

/** The longest activation possible from then on, in minutes: the role's maximum, or what is left of the eligibility. */
export function longestActivation(eligible: EligibleAssignment, settings: RoleSettings, from: Date): number {
  const left = eligible.endsAt
    ? Math.floor((eligible.endsAt.getTime() - from.getTime()) / 60_000)
    : Number.POSITIVE_INFINITY;
  return Math.max(1, Math.min(settings.activationMaximumMinutes, left));
}

/** What is put into force with a request, or set to begin later. */
interface TakingEffect extends Pick<Change, 'put' | 'deadlines' | 'provision'> {
  readonly state: Extract<RequestState, { status: 'ScheduleCreated' | 'PendingProvisioning' }>;
}

/**
 * What becomes of a request that nothing stands against any more: its activation is on its way to the target system, or
 * scheduled where it is to begin later.
 */
export function takeEffect(
  request: Omit<AssignmentRequest, 'state'>,
  eligible: EligibleAssignment,
  decision: RequestDecision | null,
  { now, newId }: Context,
): TakingEffect {
  if (request.startsAt && now < request.startsAt)
    return {
      state: { status: 'ScheduleCreated', decision },
      put: [],
      deadlines: [{ kind: 'begin', subjectId: request.id, dueAt: request.startsAt }],
      provision: [],
    };
  const granted = grant(request, eligible, newId() as AssignmentId, now);
  return {
    state: { status: 'PendingProvisioning', decision, assignmentId: granted.id },
    put: [putAssignment(granted)],
    deadlines: deadlinesUntil(granted.id, granted.endsAt, now),
    provision: [granted.id],
  };
}

/**
 * Asks to activate one's own eligible assignment, at its scope or below it, at once or from a time that lies ahead.
 * Without approval in the settings it goes straight to provisioning, or waits for its time.
 * Refuses what {@link faultIn} names, `scope-not-below`, `already-active`, `already-requested` and `nobody-can-approve`.
 * Rules: Microsoft Entra PIM, "Activate my roles".
 */
export function requestActivation(
  {
    eligible,
    chain,
    place,
    eligiblePlace,
    settings,
    approval,
    openRequest,
    inForce,
    requester,
  }: {
    readonly requester: Person;
    readonly eligible: EligibleAssignment;
    /** From the scope that is wished for upwards. */
    readonly chain: ScopeChain;
    readonly place: Place;
    readonly eligiblePlace: Place;
    /** In force for the role at that scope. */
    readonly settings: RoleSettings;
    /** Who decides by the settings as they stand now; `null` where they ask for no approval. */
    readonly approval: Approval | null;
    /** For the same assignment and scope. */
    readonly openRequest: AssignmentRequest | null;
    /** The person's active assignment to the same role at that scope or above it, if any. */
    readonly inForce: ActiveAssignment | null;
  },
  wish: ActivationWish,
  actor: Actor,
  context: Context,
): Decision<{ requestId: RequestId }> {
  const { now, newId } = context;
  if (!reaches(eligible.scopeId, chain))
    return refuse({ code: 'scope-not-below', scope: place.scope.name, eligibleAt: eligiblePlace.scope.name });
  // What is active now may be over when a later one begins.
  const over = wish.startsAt && inForce?.endsAt && inForce.endsAt <= wish.startsAt;
  if (inForce && !over) return refuse({ code: 'already-active', until: inForce.endsAt });
  if (openRequest) return refuse({ code: 'already-requested' });
  const longest = longestActivation(eligible, settings, wish.startsAt ?? now);
  const fault = faultIn(wish, longest, eligible, settings, now);
  if (fault) return refuse(fault);
  const asked = {
    id: newId() as RequestId,
    version: 1,
    action: 'selfActivate' as const,
    principalId: requester.id,
    eligibilityId: eligible.id,
    roleId: eligible.roleId,
    scopeId: chain[0].id,
    startsAt: wish.startsAt,
    durationMinutes: wish.durationMinutes ?? longest,
    justification: wish.justification.trim(),
    ticket: wish.ticket?.trim() || null,
    settingsVersion: settings.version,
    createdAt: now,
  };
  const about = aboutRequest(asked, place);
  const requested = fact('activation.request', actor, about, {
    reason: asked.justification,
    details: {
      minutes: asked.durationMinutes,
      ticket: asked.ticket,
      settingsVersion: asked.settingsVersion,
      ...(asked.startsAt ? { startsAt: asked.startsAt.toISOString() } : {}),
      ...(asked.scopeId === eligible.scopeId ? {} : { eligibleAt: eligible.scopeId }),
    },
  });
  const relyOn = [relyOnAssignment(eligible), relyOnPerson(requester)];
  const event = (approverIds: readonly PersonId[]): DomainEvent => ({
    type: 'activation-requested',
    requestId: asked.id,
    requesterId: asked.principalId,
    notified: { event: 'activated', roleId: asked.roleId, scopeId: asked.scopeId },
    approverIds,
  });
  const answer = { requestId: asked.id };

  if (approval) {
    const waiting = askForApproval(asked, approval, settings.requestLifetimeMinutes, now);
    if ('code' in waiting) return refuse(waiting);
    const { request, deadlines, askedIds } = waiting;
    const put = [putRequest(request)];
    return accept(answer, { put, relyOn, audit: [requested], deadlines, events: [event(askedIds)] });
  }

  const request = { ...asked, votes: [] };
  const effect = takeEffect(request, eligible, null, context);
  return accept(answer, {
    put: [putRequest({ ...request, state: effect.state }), ...effect.put],
    relyOn,
    audit: [requested, effectFact(effect, actor, about)],
    deadlines: effect.deadlines,
    provision: effect.provision,
    events: [event([])],
  });
}

const effectFact = ({ state }: TakingEffect, actor: Actor, about: ReturnType<typeof aboutRequest>) =>
  state.status === 'ScheduleCreated'
    ? fact('activation.schedule', actor, about)
    : fact('activation.grant', actor, about, { details: { assignment: state.assignmentId } });

/** What a scheduled activation is judged by when its time has come. */
export interface Beginning {
  readonly request: AssignmentRequest;
  readonly eligible: EligibleAssignment;
  /** Whether the eligible assignment is still theirs: a group's is its active members'. */
  readonly theirs: boolean;
  readonly requester: Person;
  /** In force for the role at the request's scope. */
  readonly settings: RoleSettings;
  /** The person's active assignment to the same role at that scope or above it, if any. */
  readonly inForce: ActiveAssignment | null;
  readonly place: Place;
}

function whyNot(
  { request, eligible, theirs, requester, settings, inForce }: Beginning,
  now: Date,
): CancelReason | null {
  if (standing(requester)) return 'requester-unavailable';
  if (!theirs || !inWindow(eligible, now)) return 'eligibility-ended';
  if (inForce) return 'already-active';
  const approved = 'decision' in request.state && request.state.decision !== null;
  return settings.approval && !approved ? 'needs-approval' : null;
}

/**
 * Begins a scheduled activation whose time has come, as things stand then: for no longer than the settings allow by now;
 * what stands against it cancels it. Does nothing before its time, or once the request has moved on.
 */
export function beginActivation(beginning: Beginning, actor: Actor, context: Context): Decision<null> {
  const { request, eligible, requester, settings, place } = beginning;
  const { now } = context;
  if (request.state.status !== 'ScheduleCreated' || (request.startsAt && now < request.startsAt)) return settled;
  const about = aboutRequest(request, place);
  const why = whyNot(beginning, now);
  if (why) {
    const stopped = canceled(request, now, why);
    return accept(null, {
      put: [putRequest(stopped)],
      audit: [fact('activation.cancel', actor, about, { details: { why } })],
      withdrawDeadlinesOf: [request.id],
      events: [changed(stopped, 'Canceled')],
    });
  }
  const durationMinutes = Math.min(request.durationMinutes, settings.activationMaximumMinutes);
  const effect = takeEffect({ ...request, durationMinutes }, eligible, request.state.decision, context);
  const begun = { ...moved(request, effect.state), durationMinutes };
  return accept(null, {
    put: [putRequest(begun), ...effect.put],
    relyOn: [relyOnAssignment(eligible), relyOnPerson(requester)],
    audit: [effectFact(effect, actor, about)],
    withdrawDeadlinesOf: [request.id],
    deadlines: effect.deadlines,
    provision: effect.provision,
    events: [changed(begun, null)],
  });
}
