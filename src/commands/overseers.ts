import { overseersOf } from '../domain/authorisation.ts';
import type { BreakGlass } from '../domain/break-glass.ts';
import type { PersonId } from '../domain/ids.ts';
import { type Person, standing } from '../domain/person.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { type Governed, governing, holdersOf } from './lookups.ts';
import type { Reads } from './ports.ts';

/** Those of them with their accounts in order, but for one. */
export const inStanding = (people: readonly Person[], but: PersonId): PersonId[] =>
  people.filter((person) => !standing(person) && person.id !== but).map(({ id }) => id);

/** Who oversees break-glass access to the role there as things stand now, but for whoever takes it. */
export async function overseersOfPlace(
  reads: Reads,
  { role, group, chain }: Pick<Governed, 'role' | 'group' | 'chain'>,
  but: PersonId,
  now: Date,
): Promise<PersonId[]> {
  return inStanding(await holdersOf(reads, overseersOf(role, group), chain, now), but);
}

/** What is kept of each of these that is break-glass access, with who oversees it now, by its request's id. */
export async function brokenAmong(
  reads: Reads,
  requests: readonly AssignmentRequest[],
  now: Date,
): Promise<ReadonlyMap<string, { readonly breakGlass: BreakGlass; readonly overseerIds: readonly PersonId[] }>> {
  const broken = new Map<string, { readonly breakGlass: BreakGlass; readonly overseerIds: readonly PersonId[] }>();
  for (const request of requests) {
    const breakGlass = request.action === 'selfBreakGlass' ? await reads.breakGlass(request.id) : null;
    if (!breakGlass) continue;
    const governed = await governing(reads, request, 'everyone');
    const overseerIds = await overseersOfPlace(reads, governed, request.principalId, now);
    broken.set(request.id, { breakGlass, overseerIds });
  }
  return broken;
}
