import { changed, relyOnPerson } from './activation-parts.ts';
import type { Actor, AuditAction, AuditFact } from './audit.ts';
import { accept, type Change, type Context, type Decision, refuse } from './change.ts';
import { type Delegation, type DelegationEnd, isOver, unfitToStandIn } from './delegation.ts';
import { addMinutes } from './duration.ts';
import type { DomainEvent } from './event.ts';
import type { DelegationId, PersonId } from './ids.ts';
import type { Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest } from './request.ts';
import { tooLong } from './text-limits.ts';

/** So long somebody can be away at a time (ours). */
const longestDelegationDays = 90;

export interface DelegationWish {
  /** `null` for at once. */
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly note: string;
}

function faultIn(
  { startsAt, endsAt, note }: DelegationWish,
  now: Date,
): Refusal | { readonly startsAt: Date; readonly endsAt: Date } {
  if (!endsAt) return { code: 'delegation-incomplete', missing: 'until' };
  const begins = startsAt ?? now;
  if (begins < now) return { code: 'start-in-past', startsAt: begins };
  if (endsAt <= begins) return { code: 'delegation-empty', startsAt: begins, endsAt };
  if (endsAt > addMinutes(begins, longestDelegationDays * 1440))
    return { code: 'delegation-too-long', maximumDays: longestDelegationDays };
  return tooLong('note', note) ?? { startsAt: begins, endsAt };
}

const fact = (
  action: AuditAction,
  actor: Actor,
  { id, approverId, standInId, startsAt, endsAt }: Delegation,
  reason: string | null = null,
): AuditFact => ({
  action,
  actor,
  // The other one of the two; of what Usher does by itself, the approver.
  subjectId: actor.personId === approverId ? standInId : approverId,
  role: null,
  scope: null,
  requestId: null,
  result: 'success',
  reason,
  details: {
    delegation: id,
    approver: approverId,
    standIn: standInId,
    from: startsAt.toISOString(),
    until: endsAt.toISOString(),
  },
});

const told = (
  { id }: Delegation,
  personIds: readonly PersonId[],
  occasion: 'set' | 'begun' | 'ended',
): DomainEvent => ({
  type: 'delegation-changed',
  delegationId: id,
  personIds,
  occasion,
});

/** The stand-in gets the card of each request that already waits for whom they stand in for. */
const asked = ({ id, standInId }: Delegation, waiting: readonly AssignmentRequest[]): readonly DomainEvent[] =>
  waiting.map((request) => ({
    type: 'approvers-asked',
    requestId: request.id,
    personIds: [standInId],
    occasion: `delegation-${id}`,
  }));

const deadlinesOf = ({ id, startsAt, endsAt, state }: Delegation): Change['deadlines'] => [
  ...(state.status === 'Scheduled' ? [{ kind: 'delegation-start' as const, subjectId: id, dueAt: startsAt }] : []),
  { kind: 'delegation-end', subjectId: id, dueAt: endsAt },
];

/**
 * Has somebody decide in one's own place, from now on or from a start ahead, until an end. Refuses `stand-in-unfit`,
 * `delegation-exists`, `delegation-incomplete`, `start-in-past`, `delegation-empty`, `delegation-too-long` and
 * `text-too-long`.
 * @param open the approver's own that is not over, if there is one.
 * @param waiting what waits for the stand-in as soon as it is in force.
 */
export function delegate(
  {
    approver,
    standIn,
    open,
    waiting,
  }: {
    readonly approver: Person;
    readonly standIn: Person;
    readonly open: Delegation | null;
    readonly waiting: readonly AssignmentRequest[];
  },
  wish: DelegationWish,
  actor: Actor,
  { now, newId }: Context,
): Decision<{ delegationId: DelegationId }> {
  const unfit = unfitToStandIn(standIn, approver.id);
  if (unfit) return refuse({ code: 'stand-in-unfit', why: unfit, name: standIn.displayName });
  if (open) return refuse({ code: 'delegation-exists', endsAt: open.endsAt });
  const note = wish.note.trim();
  const span = faultIn({ ...wish, note }, now);
  if ('code' in span) return refuse(span);
  const delegation: Delegation = {
    id: newId() as DelegationId,
    version: 1,
    approverId: approver.id,
    standInId: standIn.id,
    ...span,
    note,
    createdAt: now,
    state: { status: span.startsAt > now ? 'Scheduled' : 'InForce' },
  };
  return accept(
    { delegationId: delegation.id },
    {
      put: [{ entity: 'Delegation', value: delegation }],
      relyOn: [relyOnPerson(approver), relyOnPerson(standIn)],
      audit: [fact('delegation.set', actor, delegation, note || null)],
      deadlines: deadlinesOf(delegation),
      events: [
        told(delegation, [approver.id, standIn.id], 'set'),
        ...(delegation.state.status === 'InForce' ? asked(delegation, waiting) : []),
      ],
    },
  );
}

/** A delegation with what waits for its stand-in because of it. */
export interface Delegated {
  readonly delegation: Delegation;
  readonly waiting: readonly AssignmentRequest[];
}

/** Puts a delegation in force whose time has come. Does nothing before, or once it is over. */
export function beginDelegation({ delegation, waiting }: Delegated, actor: Actor, { now }: Context): Decision<null> {
  const { state, startsAt, endsAt, version, approverId, standInId } = delegation;
  if (state.status !== 'Scheduled' || now < startsAt || now >= endsAt) return accept(null, {});
  const begun: Delegation = { ...delegation, version: version + 1, state: { status: 'InForce' } };
  return accept(null, {
    put: [{ entity: 'Delegation', value: begun }],
    audit: [fact('delegation.begin', actor, begun)],
    events: [told(begun, [approverId, standInId], 'begun'), ...asked(begun, waiting)],
  });
}

/** Over; cards of what waited for the stand-in show that it no longer does. */
function ended(
  { delegation, waiting }: Delegated,
  why: DelegationEnd,
  tell: readonly PersonId[],
  actor: Actor,
  now: Date,
): Decision<{ delegationId: DelegationId }> {
  const over: Delegation = {
    ...delegation,
    version: delegation.version + 1,
    state: { status: 'Ended', at: now, why },
  };
  const actions = { expired: 'delegation.end', stopped: 'delegation.stop', declined: 'delegation.decline' } as const;
  return accept(
    { delegationId: over.id },
    {
      put: [{ entity: 'Delegation', value: over }],
      audit: [fact(actions[why], actor, over)],
      withdrawDeadlinesOf: [over.id],
      events: [told(over, tell, 'ended'), ...waiting.map((request) => changed(request, null))],
    },
  );
}

/** Ends a delegation whose time is over. Does nothing before, or where it has ended already. */
export function expireDelegation(delegated: Delegated, actor: Actor, { now }: Context): Decision<unknown> {
  const { delegation } = delegated;
  if (isOver(delegation) || now < delegation.endsAt) return accept(null, {});
  return ended(delegated, 'expired', [delegation.approverId, delegation.standInId], actor, now);
}

/** The approver is back sooner, or never leaves; the stand-in is told. Refuses `delegation-none`. */
export function stopDelegation(
  delegated: Delegated | null,
  approverId: PersonId,
  actor: Actor,
  { now }: Context,
): Decision<{ delegationId: DelegationId }> {
  if (!delegated || delegated.delegation.approverId !== approverId || isOver(delegated.delegation))
    return refuse({ code: 'delegation-none' });
  return ended(delegated, 'stopped', [delegated.delegation.standInId], actor, now);
}

/** The stand-in does not want to; the approver is told. Refuses `delegation-none`, also for anybody else's. */
export function declineDelegation(
  delegated: Delegated | null,
  standInId: PersonId,
  actor: Actor,
  { now }: Context,
): Decision<{ delegationId: DelegationId }> {
  if (!delegated || delegated.delegation.standInId !== standInId || isOver(delegated.delegation))
    return refuse({ code: 'delegation-none' });
  return ended(delegated, 'declined', [delegated.delegation.approverId], actor, now);
}
