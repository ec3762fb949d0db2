import type { Principal } from '../domain/assign.ts';
import type { Group } from '../domain/group.ts';
import type { PersonId, PrincipalId } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { Audience } from '../domain/role-settings.ts';
import { audienceOf, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';

const asPerson = (person: Person): Principal => ({ kind: 'person', person });
const asGroup = (group: Group): Principal => ({ kind: 'group', group });

/** Of many that may be meant, so many are named. */
const mostOffered = 6;

const titleOf = (principal: Principal): string =>
  principal.kind === 'person' ? `${principal.person.displayName} (${principal.person.mail})` : principal.group.name;

/**
 * A person by their address, a group by its name, or either by a part of the name that only one has. Refuses
 * `principal-missing`, `principal-unknown` and `principal-ambiguous`.
 */
export async function findPrincipal(reads: Reads, given: string): Promise<Principal | Refused> {
  const text = given.trim().toLowerCase();
  if (!text) return { refusal: { code: 'principal-missing' } };
  const addressed = await reads.personByMail(text);
  if (addressed) return asPerson(addressed);
  const [people, groups] = await Promise.all([reads.peopleNamed(text, mostOffered + 1), reads.groups()]);
  const exact = [
    ...people.filter(({ displayName }) => displayName.toLowerCase() === text).map(asPerson),
    ...groups.filter(({ id, name }) => id === text || name.toLowerCase() === text).map(asGroup),
  ];
  const part = [
    ...people.map(asPerson),
    ...groups.filter(({ name }) => name.toLowerCase().includes(text)).map(asGroup),
  ];
  const matching = exact.length > 0 ? exact : part;
  const [only, ...others] = matching;
  if (!only) return { refusal: { code: 'principal-unknown', principal: given } };
  if (others.length === 0) return only;
  const matches = matching.slice(0, mostOffered).map(titleOf);
  return { refusal: { code: 'principal-ambiguous', principal: given, matches } };
}

/** Whose settings count for a principal; a group's are everyone's. */
export async function principalsAudience(reads: Reads, id: PrincipalId): Promise<Audience> {
  return audienceOf(await reads.person(id as PersonId));
}
