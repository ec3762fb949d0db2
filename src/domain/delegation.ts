import type { DelegationId, PersonId } from './ids.ts';
import { type Person, standing } from './person.ts';

/**
 * Somebody is away, and somebody else decides in their place meanwhile (ours). Each person has at most one that is open.
 * It gives a seat beside the one who is away, never more than theirs; see `seatsOf`.
 */
export interface Delegation {
  readonly id: DelegationId;
  readonly version: number;
  /** Who is away. */
  readonly approverId: PersonId;
  readonly standInId: PersonId;
  readonly startsAt: Date;
  readonly endsAt: Date;
  /** For the stand-in, in the approver's own words; empty for none. */
  readonly note: string;
  readonly createdAt: Date;
  readonly state: { readonly status: 'Scheduled' | 'InForce' } | DelegationOver;
}

interface DelegationOver {
  readonly status: 'Ended';
  readonly at: Date;
  readonly why: DelegationEnd;
}

/** Its time was over, the approver stopped it, or the stand-in declined. */
export type DelegationEnd = 'expired' | 'stopped' | 'declined';

export const isOver = ({ state }: Delegation): boolean => state.status === 'Ended';

/** Why somebody can't stand in: decisions about access are the organisation's own, so it takes a member in standing. */
export function unfitToStandIn(person: Person, approverId: PersonId): 'yourself' | 'guest' | 'unavailable' | null {
  if (person.id === approverId) return 'yourself';
  if (person.userType !== 'Member') return 'guest';
  return standing(person) === null ? null : 'unavailable';
}
