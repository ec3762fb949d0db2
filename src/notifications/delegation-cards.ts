import type { Reads } from '../commands/ports.ts';
import type { DelegationId, PersonId } from '../domain/ids.ts';
import type { CardData } from './cards.ts';
import type { Reading } from './sentence.ts';

const statuses = { Scheduled: 'scheduled', InForce: 'in-force', Ended: 'ended' } as const;

/** Who decides in whose place, as it stands now; for these two alone. */
export async function delegationCard(
  reads: Reads,
  id: DelegationId,
  { personId, time }: Reading & { readonly personId: PersonId | null },
): Promise<CardData['delegation'] | null> {
  const delegation = await reads.delegation(id);
  if (!delegation) return null;
  const { approverId, standInId, state } = delegation;
  if (personId !== approverId && personId !== standInId) return null;
  const people = await reads.people([approverId, standInId]);
  const nameOf = (wanted: PersonId) => people.find((person) => person.id === wanted)?.displayName ?? '';
  const over = state.status === 'Ended' ? state : null;
  return {
    delegationId: id,
    status: statuses[state.status],
    yours: personId === approverId,
    approver: nameOf(approverId),
    standIn: nameOf(standInId),
    from: time(delegation.startsAt),
    until: time(delegation.endsAt),
    note: delegation.note || null,
    endedAt: over && time(over.at),
    endReason: over?.why ?? null,
  };
}
