import { type Activation, aboutAssignment, fact, movedAssignment, putAssignment, settled } from './activation-parts.ts';
import { type ActiveAssignment, type Assignment, type EligibleAssignment, overlapping } from './assignment.ts';
import type { Actor } from './audit.ts';
import { accept, type Change, type Context, type Deadline, type Decision, type Reliance, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import { deadlinesUntil } from './eligibility.ts';
import { assignmentChanged } from './ending.ts';
import type { Group } from './group.ts';
import { type AssignmentId, type PrincipalId, reference } from './ids.ts';
import { notifiedOf } from './notified.ts';
import type { Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { RoleDefinition } from './role.ts';
import type { RoleSettings } from './role-settings.ts';
import type { Scope } from './scope.ts';
import { tooLong } from './text-limits.ts';

/** Who is assigned. */
export type Principal =
  | { readonly kind: 'person'; readonly person: Person }
  | { readonly kind: 'group'; readonly group: Group };

export const principalId = (principal: Principal): PrincipalId =>
  principal.kind === 'person' ? principal.person.id : principal.group.id;

const nameOf = (principal: Principal): string =>
  principal.kind === 'person' ? principal.person.displayName : principal.group.name;

export interface AssignmentWish {
  readonly kind: Assignment['kind'];
  readonly role: RoleDefinition;
  readonly scope: Scope;
  /** Minutes; `'permanent'`; `null` for the longest that the settings allow. */
  readonly duration: number | 'permanent' | null;
  /** `null` for at once. */
  readonly startsAt: Date | null;
  readonly justification: string;
}

/** Where a role can be held, and by whom (Microsoft Entra, "Use Microsoft Entra groups to manage role assignments"). */
function faultInPlace({ role, scope }: AssignmentWish, principal: Principal): Refusal | null {
  const kindHere = scope.kind === 'directory' || scope.kind === 'group' ? scope.kind : 'resource';
  if (role.kind !== kindHere) return { code: 'role-not-at-scope', role: role.name, scope: scope.name };
  if (principal.kind === 'person')
    return principal.person.accountEnabled ? null : { code: 'principal-blocked', principal: nameOf(principal) };
  if (role.kind === 'group') return { code: 'group-in-group', group: nameOf(principal) };
  return principal.group.roleAssignable ? null : { code: 'group-not-role-assignable', group: nameOf(principal) };
}

/** What the settings say of assignments of one kind. */
const limitsOf = (kind: Assignment['kind'], settings: RoleSettings) =>
  kind === 'eligible'
    ? { permanentAllowed: settings.permanentEligibleAllowed, maximumMinutes: settings.eligibleMaximumMinutes }
    : { permanentAllowed: settings.permanentActiveAllowed, maximumMinutes: settings.activeMaximumMinutes };

/**
 * The end of an assignment that starts at `from`. Refuses `permanent-not-allowed` and `assignment-too-long`.
 * Rule: Microsoft Entra PIM, "Configure role settings", assignment duration.
 */
export function endOf(
  kind: Assignment['kind'],
  duration: AssignmentWish['duration'],
  from: Date,
  settings: RoleSettings,
): { readonly endsAt: Date | null } | Refusal {
  const { permanentAllowed, maximumMinutes } = limitsOf(kind, settings);
  if (duration === 'permanent' && !permanentAllowed) return { code: 'permanent-not-allowed', kind, maximumMinutes };
  if (typeof duration === 'number' && !permanentAllowed && duration > maximumMinutes)
    return { code: 'assignment-too-long', kind, maximumMinutes };
  return { endsAt: duration === 'permanent' ? null : addMinutes(from, duration ?? maximumMinutes) };
}

/** What an administrator has to say for an assignment of this kind. Refuses `justification-missing` and `text-too-long`. */
export function faultInReason(kind: Assignment['kind'], justification: string, settings: RoleSettings): Refusal | null {
  const text = justification.trim();
  if (kind === 'active' && settings.activeJustificationRequired && !text) return { code: 'justification-missing' };
  return tooLong('justification', text);
}

/** Its start, where that lies ahead, its end, and the warnings, which come while it is in force. */
export const deadlinesOf = ({ id, kind, startsAt, endsAt }: Assignment, now: Date): Deadline[] => [
  ...(kind === 'active' && startsAt > now ? [{ kind: 'start' as const, subjectId: id, dueAt: startsAt }] : []),
  ...deadlinesUntil(id, endsAt, startsAt > now ? startsAt : now),
];

/**
 * Makes somebody eligible for a role at a scope, or gives it to them directly, from now on or from a start ahead.
 * Refuses `role-not-at-scope`, `principal-blocked`, `group-in-group`, `group-not-role-assignable`, `already-assigned`,
 * `start-in-past` and what {@link endOf} and {@link faultInReason} refuse.
 * Rules: Microsoft Entra PIM, "Assign roles", and the role's settings.
 */
export function assign(
  {
    principal,
    wish,
    settings,
    existing,
    managerId,
  }: {
    readonly principal: Principal;
    readonly wish: AssignmentWish;
    /** Of the principal's audience. */
    readonly settings: RoleSettings;
    /** Their assignments of the same kind, to the same role and scope, that are not over; of active ones the direct ones. */
    readonly existing: readonly Assignment[];
    /** Who gets the card by which it is managed, if anybody. */
    readonly managerId: Actor['personId'];
  },
  actor: Actor,
  { now, newId }: Context,
): { readonly assignment: Assignment; readonly change: Change } | Refusal {
  const { kind, role, scope } = wish;
  const misplaced = faultInPlace(wish, principal);
  if (misplaced) return misplaced;
  if (wish.startsAt && wish.startsAt < now) return { code: 'start-in-past', startsAt: wish.startsAt };
  const startsAt = wish.startsAt ?? now;
  const end = endOf(kind, wish.duration, startsAt, settings);
  if ('code' in end) return end;
  const there = overlapping(existing, { startsAt, endsAt: end.endsAt });
  if (there)
    return {
      code: 'already-assigned',
      kind,
      role: role.name,
      scope: scope.name,
      from: there.startsAt > now ? there.startsAt : null,
      until: there.endsAt,
      reference: reference(there.id),
    };
  const unreasoned = faultInReason(kind, wish.justification, settings);
  if (unreasoned) return unreasoned;

  const base = {
    id: newId() as AssignmentId,
    version: 1,
    principalKind: principal.kind,
    principalId: principalId(principal),
    roleId: role.id,
    scopeId: scope.id,
    startsAt,
    endsAt: end.endsAt,
  };
  const assignment: Assignment =
    kind === 'eligible'
      ? ({ ...base, kind, state: { status: 'InForce' } } satisfies EligibleAssignment)
      : ({
          ...base,
          kind,
          eligibilityId: null,
          requestId: null,
          durationMinutes: null,
          state: { status: startsAt > now ? 'Scheduled' : 'Provisioning' },
        } satisfies ActiveAssignment);
  return {
    assignment,
    change: accept(null, {
      put: [{ entity: 'Assignment', value: assignment }],
      audit: [
        {
          action: kind === 'eligible' ? 'eligibility.assign' : 'assignment.assign',
          actor,
          subjectId: assignment.principalId,
          role: role.name,
          scope: scope.name,
          requestId: null,
          result: 'success',
          reason: wish.justification.trim() || null,
          details: {
            assignment: assignment.id,
            startsAt: startsAt.toISOString(),
            endsAt: end.endsAt?.toISOString() ?? null,
            settingsVersion: settings.version,
          },
        },
      ],
      deadlines: deadlinesOf(assignment, now),
      provision: assignment.state.status === 'Provisioning' ? [assignment.id] : [],
      events: [
        {
          type: 'assigned',
          assignmentId: assignment.id,
          principalId: assignment.principalId,
          kind,
          notified: notifiedOf(assignment),
          by: actor.personId,
          managerId,
          usable: principal.kind === 'group' || principal.person.externalUserState !== 'PendingAcceptance',
        },
      ],
    }).change,
  };
}

const relyOn = (principal: Principal): Reliance =>
  principal.kind === 'person'
    ? { entity: 'Person', id: principal.person.id, version: principal.person.version }
    : { entity: 'Group', id: principal.group.id, version: principal.group.version };

/** An administrator assigns (PIM: `adminAssign`); it counts at once. Refuses what {@link assign} does. */
export function adminAssign(
  state: Parameters<typeof assign>[0],
  actor: Actor,
  context: Context,
): Decision<{ assignmentId: AssignmentId }> {
  const assigned = assign(state, actor, context);
  if ('code' in assigned) return refuse(assigned);
  return accept({ assignmentId: assigned.assignment.id }, { ...assigned.change, relyOn: [relyOn(state.principal)] });
}

/** A direct assignment whose start has come goes on its way to the target system. Does nothing before that. */
export function startAssignment({ assignment, place }: Activation, actor: Actor, { now }: Context): Decision<null> {
  if (assignment.state.status !== 'Scheduled' || now < assignment.startsAt) return settled;
  if (assignment.endsAt && assignment.endsAt <= now) return settled;
  return accept(null, {
    put: [putAssignment(movedAssignment(assignment, { status: 'Provisioning' }))],
    audit: [
      fact('assignment.start', actor, aboutAssignment(assignment, place), { details: { assignment: assignment.id } }),
    ],
    provision: [assignment.id],
    events: [assignmentChanged(assignment, 'started')],
  });
}
