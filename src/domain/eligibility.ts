import type { EligibleAssignment } from './assignment.ts';
import type { Actor } from './audit.ts';
import type { Change, Context, Deadline } from './change.ts';
import { addMinutes } from './duration.ts';
import type { AssignmentId } from './ids.ts';
import type { Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { RoleDefinition } from './role.ts';
import type { RoleSettings } from './role-settings.ts';
import type { Scope } from './scope.ts';

const day = 1440;
/**
 * When to warn of an end: 14 days and one day before (PIM), as far as that lies ahead; for what lives shorter than a
 * day, ten minutes before (ours).
 */
export function warningsBefore(end: Date, now: Date): Date[] {
  const ahead = (minutes: number) => addMinutes(end, -minutes);
  const long = [14 * day, day].map(ahead).filter((at) => at > now);
  return long.length > 0 ? long : [ahead(10)].filter((at) => at > now);
}

/** The end itself and the warnings before it. */
export const deadlinesUntil = (subjectId: AssignmentId, end: Date | null, now: Date): Deadline[] =>
  end
    ? [
        { kind: 'end', subjectId, dueAt: end },
        ...warningsBefore(end, now).map((dueAt) => ({ kind: 'warn' as const, subjectId, dueAt })),
      ]
    : [];

export interface EligibilityWish {
  readonly role: RoleDefinition;
  readonly scope: Scope;
  /** Minutes; `'permanent'`; `null` for the longest that the settings allow. */
  readonly duration: number | 'permanent' | null;
}

/**
 * Makes a person eligible for a role at a scope, from now on.
 * Refuses `role-not-at-scope`, `already-eligible`, `eligibility-too-long`, `permanent-not-allowed`.
 * Rules: Microsoft Entra PIM, "Assign roles", and the role's settings ("expire eligible assignments after").
 */
export function assignEligibility(
  {
    principal,
    wish,
    settings,
    existing,
  }: {
    readonly principal: Person;
    readonly wish: EligibilityWish;
    readonly settings: RoleSettings;
    /** The person's eligible assignment to the same role and scope that has not ended, if any. */
    readonly existing: EligibleAssignment | null;
  },
  actor: Actor,
  { now, newId }: Context,
):
  | { readonly eligible: EligibleAssignment; readonly change: Pick<Change, 'put' | 'audit' | 'deadlines' | 'events'> }
  | Refusal {
  const { role, scope, duration } = wish;
  if ((role.kind === 'directory') !== (scope.kind === 'directory'))
    return { code: 'role-not-at-scope', role: role.name, scope: scope.name };
  if (existing) return { code: 'already-eligible', role: role.name, scope: scope.name, until: existing.endsAt };
  const maximumMinutes = settings.eligibleMaximumMinutes;
  if (duration === 'permanent' && !settings.permanentEligibleAllowed)
    return { code: 'permanent-not-allowed', maximumMinutes };
  if (typeof duration === 'number' && !settings.permanentEligibleAllowed && duration > maximumMinutes)
    return { code: 'eligibility-too-long', maximumMinutes };
  const endsAt = duration === 'permanent' ? null : addMinutes(now, duration ?? maximumMinutes);
  const eligible: EligibleAssignment = {
    id: newId() as AssignmentId,
    version: 1,
    kind: 'eligible',
    principalId: principal.id,
    roleId: role.id,
    scopeId: scope.id,
    startsAt: now,
    endsAt,
    state: { status: 'InForce' },
  };
  return {
    eligible,
    change: {
      put: [{ entity: 'Assignment', value: eligible }],
      audit: [
        {
          action: 'eligibility.assign',
          actor,
          subjectId: principal.id,
          role: role.name,
          scope: scope.name,
          requestId: null,
          result: 'success',
          reason: null,
          details: { assignment: eligible.id, endsAt: endsAt?.toISOString() ?? null },
        },
      ],
      deadlines: deadlinesUntil(eligible.id, endsAt, now),
      events: [
        {
          type: 'eligibility-assigned',
          assignmentId: eligible.id,
          principalId: principal.id,
          usable: principal.externalUserState !== 'PendingAcceptance',
        },
      ],
    },
  };
}
