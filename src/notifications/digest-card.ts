import type { Reads } from '../commands/ports.ts';
import { acts, managesSomething, may } from '../domain/authorisation.ts';
import { digestDays } from '../domain/digest.ts';
import { addMinutes } from '../domain/duration.ts';
import type { PersonId } from '../domain/ids.ts';
import { sightOf } from '../domain/sight.ts';
import type { CardData } from './cards.ts';
import type { Reading } from './sentence.ts';

/** What somebody manages, in numbers, of what they may see; `null` for who manages nothing. */
export async function digestCard(
  reads: Reads,
  personId: PersonId,
  { time }: Reading,
  now: Date,
): Promise<CardData['digest'] | null> {
  const [person, held] = await Promise.all([reads.person(personId), reads.heldRoles(personId, now)]);
  if (!person || !managesSomething(held)) return null;
  const since = addMinutes(now, -digestDays * 1440);
  const counts = await reads.digest({ personId, sight: sightOf(held), now }, since);
  const some = (count: number) => (count > 0 ? String(count) : null);
  // That somebody could not be told is told to those who look after Usher.
  const undeliverable = may(held, acts.oversee) ? some(counts.undeliverable) : null;
  return {
    since: time(since),
    eligible: String(counts.eligible),
    active: String(counts.active),
    activations: String(counts.activations),
    waiting: String(counts.waiting),
    stuck: some(counts.stuck),
    unanswered: some(counts.unanswered),
    undeliverable,
    weekly: person.digest,
  };
}
