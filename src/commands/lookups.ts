import { distance } from 'fastest-levenshtein';
import type { Place } from '../domain/activation-parts.ts';
import type { Assignment } from '../domain/assignment.ts';
import { type Holding, heldAt } from '../domain/authorisation.ts';
import { type Group, groupOfScope } from '../domain/group.ts';
import { isUuid, type PersonId, type RequestId, reference, type ScopeId } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import type { RoleDefinition } from '../domain/role.ts';
import type { Audience, RoleSettings } from '../domain/role-settings.ts';
import type { Scope, ScopeChain } from '../domain/scope.ts';
import { type StoredSettings, settingsInForce } from '../domain/stored-settings.ts';
import type { Reads } from './ports.ts';

export type Refused = { readonly refusal: Refusal };

export const isRefusal = (value: object): value is Refused => 'refusal' in value;

/** Names that somebody may have meant, likeliest first. */
export function closest(given: string, names: readonly string[]): string[] {
  const text = given.toLowerCase();
  return names
    .map((name) => {
      const lower = name.toLowerCase();
      return { name, far: lower.includes(text) && text.length > 2 ? 0.5 : distance(text, lower) };
    })
    .filter(({ name, far }) => far <= Math.max(2, Math.floor(name.length / 3)))
    .sort((a, b) => a.far - b.far)
    .slice(0, 3)
    .map(({ name }) => name);
}

/** A role by its name or id, however it is capitalised. Refuses `role-unknown` with suggestions. */
export async function findRole(reads: Reads, given: string): Promise<RoleDefinition | Refused> {
  const roles = await reads.roles();
  const text = given.trim().toLowerCase();
  const found =
    roles.find((role) => role.name.toLowerCase() === text || role.id.toLowerCase() === text) ??
    // “member” is meant as people say it.
    roles.find(({ name, kind }) => kind === 'group' && name.toLowerCase() === `group ${text}`);
  if (found) return found;
  return {
    refusal: {
      code: 'role-unknown',
      role: given,
      suggestions: closest(
        given,
        roles.map((role) => role.name),
      ),
    },
  };
}

/**
 * A scope by its path, by its name, or by a part of its name that only one has. Groups are places too; a guest finds
 * none of them. Refuses `scope-unknown` with suggestions, and `scope-ambiguous` with those to choose from.
 */
export async function findScope(
  reads: Reads,
  given: string,
  { userType }: Pick<Person, 'userType'>,
): Promise<Scope | Refused> {
  const among = (scopes: readonly Scope[]) =>
    scopeAmong(
      scopes.filter(({ kind }) => kind !== 'group' || userType === 'Member'),
      given,
    );
  const found = among(await reads.scopesLike(given.trim()));
  // All are needed only to suggest what may have been meant.
  return isRefusal(found) && found.refusal.code === 'scope-unknown' ? among(await reads.scopes()) : found;
}

/** Of many that may be meant, so many are named. */
const mostOffered = 8;

/**
 * One of these scopes by its path, its name, or a part of its name that only one has. Refuses `scope-unknown` with
 * suggestions and `scope-ambiguous`.
 */
export function scopeAmong(scopes: readonly Scope[], given: string): Scope | Refused {
  const text = given.trim().toLowerCase();
  const byPath = scopes.find((scope) => scope.id.toLowerCase() === text);
  if (byPath) return byPath;
  const named = scopes.filter((scope) => scope.name.toLowerCase() === text);
  const matching = named.length > 0 ? named : scopes.filter((scope) => scope.name.toLowerCase().includes(text));
  const [only, ...others] = text ? matching : [];
  if (only && others.length === 0) return only;
  if (only) {
    const matches = matching.slice(0, mostOffered).map(({ id, name, kind }) => (kind === 'group' ? name : id));
    return { refusal: { code: 'scope-ambiguous', scope: given, matches, more: matching.length - matches.length } };
  }
  const suggestions = closest(
    given,
    scopes.map((scope) => scope.name),
  );
  return { refusal: { code: 'scope-unknown', scope: given, suggestions } };
}

/** What governs a role at a scope. */
export interface Governed {
  readonly role: RoleDefinition;
  readonly chain: ScopeChain;
  readonly place: Place;
  readonly settings: RoleSettings;
  /** Whose membership or ownership it is, if it is one. */
  readonly group: Group | null;
}

/** The group whose place this scope is, if it is one. */
export const groupAt = async (reads: Reads, scopeId: ScopeId): Promise<Group | null> => {
  const id = groupOfScope(scopeId);
  return id && reads.group(id);
};

/** Whose settings count for somebody: guests may have their own. */
export const audienceOf = (person: Pick<Person, 'userType'> | null): Audience =>
  person?.userType === 'Guest' ? 'guests' : 'everyone';

/** A role at a scope, for somebody. */
export interface Governable extends Pick<Assignment, 'roleId' | 'scopeId'> {
  readonly audience: Audience;
}

/**
 * The role, scope and settings of each of these, in as many queries for one as for thousands; their absence is a fault
 * of the data, not of a person.
 */
export async function governingAll(reads: Reads, all: readonly Governable[]): Promise<(of: Governable) => Governed> {
  const scopeIds = [...new Set(all.map(({ scopeId }) => scopeId))];
  const [roles, chains, groups] = await Promise.all([
    reads.roles(),
    reads.scopeChains(scopeIds),
    reads.groupsById(scopeIds.flatMap((id) => groupOfScope(id) ?? [])),
  ]);
  const above = [...chains.values()].flatMap((chain) => chain.map(({ id }) => id));
  const stored = await reads.settingsAmong([...new Set(all.map(({ roleId }) => roleId))], [...new Set(above)]);
  const byPlace = new Map<string, StoredSettings[]>();
  for (const row of stored) {
    const key = `${row.roleId} ${row.scopeId}`;
    byPlace.set(key, [...(byPlace.get(key) ?? []), row]);
  }
  return ({ roleId, scopeId, audience }) => {
    const role = roles.find(({ id }) => id === roleId);
    const chain = chains.get(scopeId);
    if (!role || !chain) throw new Error(`no role ${roleId} at ${scopeId}`);
    const rows = chain.flatMap(({ id }) => byPlace.get(`${roleId} ${id}`) ?? []);
    const group = role.kind === 'group' ? groups.find(({ id }) => id === groupOfScope(scopeId)) : null;
    return {
      role,
      chain,
      place: { role, scope: chain[0] },
      settings: settingsInForce(role, chain, audience, rows).settings,
      group: group ?? null,
    };
  };
}

/** The same, of one. */
export async function governing(
  reads: Reads,
  { roleId, scopeId }: Pick<Assignment, 'roleId' | 'scopeId'>,
  audience: Audience,
): Promise<Governed> {
  const one = { roleId, scopeId, audience };
  return (await governingAll(reads, [one]))(one);
}

/** A role at a scope, by their names; their absence is a fault of the data. */
export async function placeOf(reads: Reads, of: Pick<Assignment, 'roleId' | 'scopeId'>): Promise<Place> {
  const [role, [scope]] = await Promise.all([reads.role(of.roleId), reads.scopesById([of.scopeId])]);
  if (!role || !scope) throw new Error(`no role ${of.roleId} at ${of.scopeId}`);
  return { role, scope };
}

/** Who holds one of these, where each has to be held. */
export function holdersOf(reads: Reads, holdings: readonly Holding[], chain: ScopeChain, now: Date): Promise<Person[]> {
  return reads.holders(heldAt(holdings, chain), now);
}

/** What somebody typed, as references are written. */
const referenceIn = (given: string): string => given.trim().toLowerCase().replace(/^#/, '');

/**
 * The one that a person means among `candidates`: by its whole id or its reference, or without either, the only one.
 * `null` when none matches; a list when several do.
 */
export function pick<T extends { readonly id: string }>(given: string, candidates: readonly T[]): T | T[] | null {
  const text = referenceIn(given);
  const matching = candidates.filter(({ id }) => !text || id === text || reference(id) === text);
  const [only, ...others] = matching;
  return others.length > 0 ? matching : (only ?? null);
}

/**
 * A request by its id, or by the reference of one of `candidates`, or of one that `readerId` may read: what was decided
 * meanwhile is found too. Refuses `request-unknown` and `request-ambiguous`.
 */
export async function findRequest(
  reads: Reads,
  given: string,
  candidates: () => Promise<readonly AssignmentRequest[]>,
  readerId: PersonId | null = null,
): Promise<AssignmentRequest | Refused> {
  const unknown: Refused = { refusal: { code: 'request-unknown' } };
  if (isUuid(given)) return (await reads.request(given as RequestId)) ?? unknown;
  const picked = pick(given, await candidates());
  if (Array.isArray(picked))
    return { refusal: { code: 'request-ambiguous', matches: picked.map(({ id }) => reference(id)) } };
  if (picked) return picked;
  const known = given && readerId ? await reads.readableByReference(referenceIn(given), readerId) : [];
  return known[0] ?? unknown;
}
