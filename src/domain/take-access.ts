import {
  aboutRequest,
  fact,
  type Place,
  putAssignment,
  putBreakGlass,
  putRequest,
  relyOnPerson,
} from './activation-parts.ts';
import type { ActiveAssignment } from './assignment.ts';
import type { Actor } from './audit.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import { deadlinesUntil } from './eligibility.ts';
import type { AssignmentId, PersonId, RequestId, RoleId, ScopeId } from './ids.ts';
import type { Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest } from './request.ts';
import { shortestActivationMinutes } from './role-settings.ts';
import { tooLong } from './text-limits.ts';

/** How long an elevation lasts where nothing else is asked for, and at most (ours). */
export const elevationMinutes = { usual: 60, longest: 8 * 60 };

/** Access that somebody is about to take by themselves: whether they may is judged before. */
export interface Taking {
  readonly action: Extract<AssignmentRequest['action'], 'selfElevate' | 'selfBreakGlass'>;
  readonly person: Person;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  readonly place: Place;
  readonly minutes: { readonly usual: number; readonly longest: number };
  readonly settingsVersion: number;
  /** Theirs of the same kind, for the same role there, that waits to be confirmed. */
  readonly openRequest: AssignmentRequest | null;
  /** Their active assignment to the role there or above, if any. */
  readonly inForce: ActiveAssignment | null;
  /** Who is told at once. */
  readonly toldIds: readonly PersonId[];
}

export interface TakingWish {
  /** `null`: the usual. */
  readonly durationMinutes: number | null;
  readonly justification: string;
}

function faultIn({ minutes, openRequest, inForce }: Taking, wish: TakingWish): Refusal | null {
  if (inForce) return { code: 'already-active', until: inForce.endsAt };
  if (openRequest) return { code: 'already-requested' };
  const justification = wish.justification.trim();
  if (!justification) return { code: 'justification-missing' };
  const wanted = wish.durationMinutes ?? minutes.usual;
  if (wanted > minutes.longest)
    return { code: 'activation-too-long', maximumMinutes: minutes.longest, because: 'role' };
  if (wanted < shortestActivationMinutes)
    return { code: 'activation-too-short', minimumMinutes: shortestActivationMinutes };
  return tooLong('justification', justification);
}

/**
 * Gives somebody an active assignment at once, without an eligible one and without approval: on its way to the target
 * system, with an end, and with others told. Always with a justification.
 * Refuses `already-active`, `already-requested`, `justification-missing`, `activation-too-long`, `activation-too-short`
 * and `text-too-long`.
 */
export function takeAccess(
  taking: Taking,
  wish: TakingWish,
  actor: Actor,
  { now, newId }: Context,
): Decision<{ requestId: RequestId }> {
  const fault = faultIn(taking, wish);
  if (fault) return refuse(fault);
  const { action, person, roleId, scopeId, place, minutes, toldIds, settingsVersion } = taking;
  const id = newId() as RequestId;
  const assignmentId = newId() as AssignmentId;
  const durationMinutes = wish.durationMinutes ?? minutes.usual;
  const endsAt = addMinutes(now, durationMinutes);
  const request: AssignmentRequest = {
    id,
    version: 1,
    action,
    principalId: person.id,
    eligibilityId: assignmentId,
    roleId,
    scopeId,
    startsAt: null,
    durationMinutes,
    justification: wish.justification.trim(),
    ticket: null,
    settingsVersion,
    createdAt: now,
    votes: [],
    state: { status: 'PendingProvisioning', decision: null, assignmentId },
  };
  const assignment: ActiveAssignment = {
    id: assignmentId,
    version: 1,
    kind: 'active',
    principalKind: 'person',
    principalId: person.id,
    roleId,
    scopeId,
    eligibilityId: null,
    requestId: id,
    durationMinutes,
    startsAt: now,
    endsAt,
    state: { status: 'Provisioning' },
  };
  const topic = action === 'selfElevate' ? 'elevation' : 'break-glass';
  const about = aboutRequest(request, place);
  const reason = request.justification;
  return accept(
    { requestId: id },
    {
      put: [
        putRequest(request),
        putAssignment(assignment),
        ...(action === 'selfBreakGlass' ? [putBreakGlass({ id, version: 1, endedBy: null, review: null })] : []),
      ],
      relyOn: [relyOnPerson(person)],
      audit: [
        fact(`${topic}.request`, actor, about, { reason, details: { minutes: durationMinutes } }),
        fact(`${topic}.grant`, actor, about, {
          reason,
          details: { assignment: assignmentId, endsAt: endsAt.toISOString(), told: toldIds.length, settingsVersion },
        }),
      ],
      deadlines: deadlinesUntil(assignmentId, endsAt, now),
      provision: [assignmentId],
      events: [
        {
          type: 'activation-requested',
          requestId: id,
          requesterId: person.id,
          notified: { event: 'activated', roleId, scopeId },
          approverIds: [],
        },
        { type: 'exceptional-access', requestId: id, toldIds },
      ],
    },
  );
}
