import {
  type Activation,
  aboutAssignment,
  fact,
  movedAssignment,
  type Place,
  putAssignment,
} from './activation-parts.ts';
import { type AssignmentWish, deadlinesOf, endOf, faultInReason } from './assign.ts';
import {
  type ActiveAssignment,
  type Assignment,
  decidedEnd,
  type EligibleAssignment,
  isDirect,
  overlapping,
} from './assignment.ts';
import type { Actor } from './audit.ts';
import { accept, type Change, type Context, type Decision, refuse, together } from './change.ts';
import { deadlinesUntil } from './eligibility.ts';
import { assignmentChanged, newsOf } from './ending.ts';
import { overtake } from './extend.ts';
import type { AssignmentId } from './ids.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest } from './request.ts';
import type { RoleSettings } from './role-settings.ts';

type InForce = Extract<ActiveAssignment['state'], { status: 'Active' }>;
type Scheduled = Extract<ActiveAssignment['state'], { status: 'Scheduled' }>;

/** Eligible, or direct and active: one that has not begun, or one that is in force, of which only the end is to change. */
export type Updatable = EligibleAssignment | (ActiveAssignment & { readonly state: InForce | Scheduled });

/** The assignment, if it can be changed as it stands. Refuses `managed-over` and `active-not-updatable`. */
export function updatable(assignment: Assignment): Updatable | Refusal {
  const { state } = assignment;
  switch (state.status) {
    case 'Ended':
    case 'Failed':
      return { code: 'managed-over', status: state.status };
    case 'Provisioning':
      return { code: 'active-not-updatable', because: 'not-there-yet' };
    case 'Extending':
      return { code: 'active-not-updatable', because: 'under-way' };
    case 'Revoking':
      return { code: 'active-not-updatable', because: 'ending' };
    case 'InForce':
    case 'Scheduled':
    case 'Active':
      // Its end follows from how long it was asked for, and from its eligibility.
      return isDirect(assignment) ? (assignment as Updatable) : { code: 'active-not-updatable', because: 'activation' };
    default:
      return state satisfies never;
  }
}

/** What is to be otherwise; `null` stays as it is. A duration counts from now, or from a start that lies ahead. */
export type UpdateWish = Pick<AssignmentWish, 'duration' | 'startsAt' | 'justification'>;

const sameInstant = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();

/** What is in force keeps its old end until the target system has confirmed the new one. */
function changedTo(assignment: Updatable, startsAt: Date, endsAt: Date | null): Assignment {
  const { state } = assignment;
  return state.status === 'Active'
    ? movedAssignment(assignment as ActiveAssignment, {
        status: 'Extending',
        confirmedAt: state.confirmedAt,
        until: endsAt,
      })
    : { ...assignment, version: assignment.version + 1, startsAt, endsAt };
}

/** An activation does not outlast what it came from: its end moves with it, in the target system too. */
function shortened({ assignment, place }: Activation, endsAt: Date, actor: Actor, now: Date): Change {
  const { state } = assignment;
  const planned = decidedEnd(assignment);
  // What is not there yet gets its end when it is granted.
  if ((state.status !== 'Active' && state.status !== 'Extending') || (planned && planned <= endsAt))
    return accept(null, {}).change;
  const moving = movedAssignment(assignment, { status: 'Extending', confirmedAt: state.confirmedAt, until: endsAt });
  return accept(null, {
    put: [putAssignment(moving)],
    audit: [
      fact('assignment.update', actor, aboutAssignment(assignment, place), {
        reason: 'its eligible assignment ends sooner',
        details: {
          assignment: assignment.id,
          endsBefore: planned?.toISOString() ?? null,
          endsAfter: endsAt.toISOString(),
        },
      }),
    ],
    withdrawDeadlinesOf: [assignment.id],
    deadlines: deadlinesUntil(assignment.id, endsAt, now),
    provision: [assignment.id],
    events: [assignmentChanged(moving, null)],
  }).change;
}

/**
 * An administrator moves the end of an assignment, sooner or later, or its start while that lies ahead (PIM:
 * `adminUpdate`). What the assignee had asked for is taken back, and no activation outlasts it. Refuses
 * `nothing-to-change`, `started-already`, `start-in-past`, `end-before-start`, `overlaps-another` and what the settings
 * forbid.
 */
export function adminUpdate(
  {
    assignment,
    place,
    settings,
    openRequest,
    others,
    activations,
  }: {
    readonly assignment: Updatable;
    readonly place: Place;
    readonly settings: RoleSettings;
    /** The assignee's, for a later end. */
    readonly openRequest: AssignmentRequest | null;
    /** Its principal's others of the same kind, to the same role and scope, that are not over. */
    readonly others: readonly Assignment[];
    /** What was activated from it and is not over. */
    readonly activations: readonly Activation[];
  },
  wish: UpdateWish,
  actor: Actor,
  { now }: Context,
): Decision<{ assignmentId: AssignmentId }> {
  const { kind } = assignment;
  if (wish.duration === null && wish.startsAt === null) return refuse({ code: 'nothing-to-change' });
  if (wish.startsAt && assignment.startsAt <= now)
    return refuse({ code: 'started-already', startsAt: assignment.startsAt });
  if (wish.startsAt && wish.startsAt < now) return refuse({ code: 'start-in-past', startsAt: wish.startsAt });
  const startsAt = wish.startsAt ?? assignment.startsAt;
  const from = startsAt > now ? startsAt : now;
  const end = wish.duration === null ? { endsAt: assignment.endsAt } : endOf(kind, wish.duration, from, settings);
  if ('code' in end) return refuse(end);
  const { endsAt } = end;
  if (endsAt && endsAt <= startsAt) return refuse({ code: 'end-before-start', startsAt, endsAt });
  if (sameInstant(startsAt, assignment.startsAt) && sameInstant(endsAt, assignment.endsAt))
    return refuse({ code: 'nothing-to-change' });
  const there = overlapping(others, { startsAt, endsAt });
  if (there) return refuse({ code: 'overlaps-another', from: there.startsAt, until: there.endsAt });
  const unreasoned = faultInReason(kind, wish.justification, settings);
  if (unreasoned) return refuse(unreasoned);

  const updated = changedTo(assignment, startsAt, endsAt);
  const moving = updated.state.status === 'Extending';
  const change = accept(null, {
    put: [putAssignment(updated)],
    audit: [
      fact(
        kind === 'eligible' ? 'eligibility.update' : 'assignment.update',
        actor,
        aboutAssignment(assignment, place),
        {
          reason: wish.justification.trim() || null,
          details: {
            assignment: assignment.id,
            startsBefore: assignment.startsAt.toISOString(),
            startsAfter: startsAt.toISOString(),
            endsBefore: assignment.endsAt?.toISOString() ?? null,
            endsAfter: endsAt?.toISOString() ?? null,
            settingsVersion: settings.version,
          },
        },
      ),
    ],
    withdrawDeadlinesOf: [assignment.id],
    deadlines: moving ? deadlinesUntil(assignment.id, endsAt, now) : deadlinesOf(updated, now),
    provision: moving ? [assignment.id] : [],
    // Its holder is told what is so, not what is under way.
    events: [assignmentChanged(updated, moving ? null : newsOf(updated))],
  }).change;
  const shorter = endsAt ? activations.map((activation) => shortened(activation, endsAt, actor, now)) : [];
  return accept(
    { assignmentId: assignment.id },
    together(change, overtake(openRequest, place, actor, now), ...shorter),
  );
}
