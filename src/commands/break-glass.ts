import { z } from 'zod';
import type { RoleId, ScopeId } from '../domain/ids.ts';
import type { Scope } from '../domain/scope.ts';
import type { StoredSettings } from '../domain/stored-settings.ts';
import { peopleAmong } from './approvals.ts';
import { audienceOf, type Governed, governing, isRefusal, type Refused, scopeAmong } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

/** How people say which role they need, and where; forms say it as `place`. */
export const breakGlassPlace = {
  place: z.string().default(''),
  role: z.string().default(''),
  scope: z.string().default(''),
};
const shape = z.object(breakGlassPlace);
type Given = z.output<typeof shape>;

type At = Pick<StoredSettings, 'roleId' | 'scopeId'>;

/** A role at a scope as one text: role ids have no spaces. */
export const placeText = ({ roleId, scopeId }: At): string => `${roleId} ${scopeId}`;
const placeIn = (text: string): At => {
  const [roleId = '', ...scope] = text.split(' ');
  return { roleId: roleId as RoleId, scopeId: scope.join(' ') as ScopeId };
};

/** A role that somebody is named for, at the scope where that is set. */
export interface NamedPlace extends At {
  readonly role: string;
  readonly scope: string;
  readonly longestMinutes: number;
}

/** Where this person is named for break-glass access, each place once; below it they may be named, too. */
export async function namedPlaces(reads: Reads, caller: PersonCaller, now: Date): Promise<NamedPlace[]> {
  const rows = await reads.breakGlassNaming(caller.person.id, now);
  const places = new Map(rows.map((row) => [placeText(row), row]));
  const named = await Promise.all([...places.values()].map((row) => namedAt(reads, row, caller, now)));
  return named.flatMap((governed) =>
    governed
      ? [
          {
            roleId: governed.role.id,
            scopeId: governed.chain[0].id,
            role: governed.place.role.name,
            scope: governed.place.scope.name,
            longestMinutes: governed.settings.activationMaximumMinutes,
          },
        ]
      : [],
  );
}

/** What governs the role there, if the settings in force name this person; `null` if they don't. */
async function namedAt(reads: Reads, at: At, { person }: PersonCaller, now: Date): Promise<Governed | null> {
  const [role, chain] = await Promise.all([reads.role(at.roleId), reads.scopeChain(at.scopeId)]);
  if (!role || !chain) return null;
  const governed = await governing(reads, at, audienceOf(person));
  const { breakGlass } = governed.settings;
  const people = await peopleAmong(reads, [breakGlass], now);
  return people(breakGlass).some(({ id }) => id === person.id) ? governed : null;
}

const unknown: Refused = { refusal: { code: 'break-glass-unknown' } };

const sameName = (given: string, ...names: readonly string[]) =>
  names.some((name) => name.toLowerCase() === given.trim().toLowerCase());

/**
 * The role and scope that are meant, with what governs them, for whoever its settings name. Nobody learns of a place
 * that they are not named for. Refuses `break-glass-unknown` and `break-glass-ambiguous`.
 */
export async function findBreakGlass(
  reads: Reads,
  given: Given,
  caller: PersonCaller,
  now: Date,
): Promise<Governed | Refused> {
  if (given.place) return (await namedAt(reads, placeIn(given.place), caller, now)) ?? unknown;
  const places = (await namedPlaces(reads, caller, now)).filter(
    ({ role, roleId }) => !given.role.trim() || sameName(given.role, role, roleId),
  );
  const candidates: At[] = given.scope.trim()
    ? await scopesMeant(reads, places, given.scope)
    : places.map(({ roleId, scopeId }) => ({ roleId, scopeId }));
  const governed: Governed[] = [];
  for (const at of candidates) {
    const found = await namedAt(reads, at, caller, now);
    if (found) governed.push(found);
  }
  const [only, ...others] = governed;
  if (!only) return unknown;
  if (others.length === 0) return only;
  const matches = governed.map(({ place }) => `${place.role.name} at ${place.scope.name}`);
  return { refusal: { code: 'break-glass-ambiguous', matches } };
}

/** The scopes of these names, at or below where somebody is named, each role's once. */
async function scopesMeant(reads: Reads, places: readonly NamedPlace[], given: string): Promise<At[]> {
  const found = new Map<string, At>();
  for (const { roleId, scopeId } of places) {
    const [own, below] = await Promise.all([reads.scopesById([scopeId]), reads.scopesBelow(scopeId)]);
    const scope: Scope | Refused = scopeAmong([...own, ...below], given);
    if (isRefusal(scope)) continue;
    const at = { roleId, scopeId: scope.id };
    found.set(placeText(at), at);
  }
  return [...found.values()];
}
