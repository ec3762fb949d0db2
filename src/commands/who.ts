import type { Actor } from '../domain/audit.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { PersonId } from '../domain/ids.ts';
import { type Person, standing } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { HeldRole } from '../domain/role.ts';
import type { Reads } from './ports.ts';

/** Who calls, as the surface's verified event tells it; rights are looked up anew for every command. */
export type Caller =
  /** Whoever operates Usher, on its command line; `account` is theirs on that machine. */
  | { readonly by: 'operator'; readonly account: string }
  | { readonly by: 'chat'; readonly account: ChatAccount }
  /** A page reached through a link that was sent to this person. */
  | { readonly by: 'link'; readonly personId: PersonId };

/** A caller whose identity is known and whose account is in order. */
export interface PersonCaller {
  readonly person: Person;
  readonly held: readonly HeldRole[];
  readonly actor: Actor;
}

export const systemActor: Actor = { personId: null, surface: 'system', account: null };

export const actorOf = (caller: Caller): Actor => {
  switch (caller.by) {
    case 'chat': {
      const { platform, tenantId, userId, personId } = caller.account;
      return { personId, surface: platform, account: `${tenantId}:${userId}` };
    }
    case 'link':
      return { personId: null, surface: 'web', account: null };
    case 'operator':
      return { personId: null, surface: 'cli', account: caller.account };
    default:
      return caller satisfies never;
  }
};

/** The person behind a chat account. Refuses `account-unlinked`, `account-disabled` and `invitation-not-redeemed`. */
export async function resolvePerson(reads: Reads, caller: Caller, now: Date): Promise<PersonCaller | Refusal> {
  const personId = caller.by === 'chat' ? caller.account.personId : null;
  if (!personId) return { code: 'account-unlinked' };
  const found = await inStanding(reads, personId, now);
  return 'code' in found ? found : { ...found, actor: actorOf(caller) };
}

async function inStanding(
  reads: Reads,
  personId: PersonId,
  now: Date,
): Promise<Pick<PersonCaller, 'person' | 'held'> | Refusal> {
  const [person, held] = await Promise.all([reads.person(personId), reads.heldRoles(personId, now)]);
  if (!person) return { code: 'account-unlinked' };
  const fault = standing(person);
  return fault ? { code: fault } : { person, held };
}

/** Somebody for whom Usher itself draws what they see. Refuses like {@link resolvePerson}. */
export async function personInStanding(reads: Reads, personId: PersonId, now: Date): Promise<PersonCaller | Refusal> {
  const found = await inStanding(reads, personId, now);
  return 'code' in found ? found : { ...found, actor: systemActor };
}
