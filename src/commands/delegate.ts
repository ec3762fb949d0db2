import { z } from 'zod';
import { seatsOf } from '../domain/approval.ts';
import {
  type Delegated,
  declineDelegation as decideDeclining,
  delegate as decideDelegating,
  stopDelegation as decideStopping,
} from '../domain/delegate.ts';
import { type Delegation, unfitToStandIn } from '../domain/delegation.ts';
import type { DelegationId } from '../domain/ids.ts';
import { parseInstant } from '../domain/instant.ts';
import type { Person } from '../domain/person.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { approvalsOf } from './approvals.ts';
import type { PersonCommand } from './execute.ts';
import { isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import { findPrincipal } from './principals.ts';

/** What waits for a stand-in only because somebody is away, were it so now. */
async function waitingThrough(
  reads: Reads,
  approverId: Person['id'],
  standIn: Person,
  now: Date,
): Promise<AssignmentRequest[]> {
  if (unfitToStandIn(standIn, approverId)) return [];
  const pending = await reads.pendingRequests();
  const of = await approvalsOf(reads, pending, now);
  return pending.filter((request) => {
    const approval = of(request);
    const standIns = [{ approverId, person: standIn }, ...approval.standIns];
    return seatsOf(request, { ...approval, standIns }).some(
      ({ person, insteadOf }) => person.id === standIn.id && insteadOf === approverId,
    );
  });
}

/** A delegation with what waits because of it. */
export async function delegated(reads: Reads, delegation: Delegation, now: Date): Promise<Delegated> {
  const standIn = await reads.person(delegation.standInId);
  const waiting = standIn ? await waitingThrough(reads, delegation.approverId, standIn, now) : [];
  return { delegation, waiting };
}

/** Who is meant: a person, by their address or a part of their name. */
async function findStandIn(reads: Reads, given: string): Promise<Person | Refused> {
  if (!given.trim()) return { refusal: { code: 'delegation-incomplete', missing: 'to' } };
  const found = await findPrincipal(reads, given);
  if (isRefusal(found)) return found;
  if (found.kind === 'person') return found.person;
  return { refusal: { code: 'stand-in-unfit', why: 'group', name: found.group.name } };
}

const input = z.object({
  to: z.string().default(''),
  /** Instants, or as people write them; empty for at once. */
  from: z.string().default(''),
  until: z.string().default(''),
  note: z.string().default(''),
});

/** An instant, if one was given; what can't be read is refused. */
const instantIn = (given: string, now: Date): Date | null | undefined =>
  given.trim() ? (parseInstant(given, now, 'UTC') ?? undefined) : null;

type Delegating = Parameters<typeof decideDelegating>[0] & {
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
};

/** Has somebody decide in the caller's own place while they are away; nobody can do that for another. */
export const delegate: PersonCommand<z.output<typeof input>, Delegating, { delegationId: DelegationId }> = {
  name: 'delegate',
  for: 'person',
  input,
  load: async (reads, { to, from, until }, { person }, now) => {
    const standIn = await findStandIn(reads, to);
    if (isRefusal(standIn)) return standIn;
    const [startsAt, endsAt] = [instantIn(from, now), instantIn(until, now)];
    if (startsAt === undefined) return { refusal: { code: 'instant-invalid', given: from } };
    if (endsAt === undefined) return { refusal: { code: 'instant-invalid', given: until, field: 'until' } };
    const [open, waiting] = await Promise.all([
      reads.openDelegationOf(person.id),
      waitingThrough(reads, person.id, standIn, now),
    ]);
    return { approver: person, standIn, open, waiting, startsAt, endsAt };
  },
  decide: ({ startsAt, endsAt, ...state }, { note }, { actor }, context) =>
    decideDelegating(state, { startsAt, endsAt, note }, actor, context),
};

/** The caller is back: nobody decides in their place any more. */
export const stopDelegating: PersonCommand<
  { delegationId: string },
  Delegated | { none: true },
  { delegationId: DelegationId }
> = {
  name: 'delegate-off',
  for: 'person',
  // Empty for the one that there is; of an old card it is another one, which stays.
  input: z.object({ delegationId: z.string().default('') }),
  load: async (reads, { delegationId }, { person }, now) => {
    const open = await reads.openDelegationOf(person.id);
    return open && (!delegationId || open.id === delegationId) ? delegated(reads, open, now) : { none: true };
  },
  decide: (state, _input, { person, actor }, context) =>
    decideStopping('none' in state ? null : state, person.id, actor, context),
};

/** The caller does not want to stand in. */
export const declineDelegation: PersonCommand<
  { delegationId: string },
  Delegated | { none: true },
  { delegationId: DelegationId }
> = {
  name: 'delegate-decline',
  for: 'person',
  input: z.object({ delegationId: z.string().default('') }),
  load: async (reads, { delegationId }, { person }, now) => {
    const named = await reads.delegation(delegationId as DelegationId);
    // Somebody else's is answered like one that does not exist.
    return named?.standInId === person.id ? delegated(reads, named, now) : { none: true };
  },
  decide: (state, _input, { person, actor }, context) =>
    decideDeclining('none' in state ? null : state, person.id, actor, context),
};
