import { distance } from 'fastest-levenshtein';
import type { Place } from '../domain/activation.ts';
import type { Assignment } from '../domain/assignment.ts';
import { isUuid, type PersonId, type RequestId, reference } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { ActivationRequest } from '../domain/request.ts';
import { administratorsOf, type RoleDefinition } from '../domain/role.ts';
import type { RoleSettings } from '../domain/role-settings.ts';
import type { Scope, ScopeChain } from '../domain/scope.ts';
import type { Reads } from './ports.ts';

export type Refused = { readonly refusal: Refusal };

export const isRefusal = (value: object): value is Refused => 'refusal' in value;

/** Names that somebody may have meant, likeliest first. */
function closest(given: string, names: readonly string[]): string[] {
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
  const found = roles.find((role) => role.name.toLowerCase() === text || role.id.toLowerCase() === text);
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

/** A scope by its path, or by a name that only one has. Refuses `scope-unknown` with suggestions and `scope-ambiguous`. */
export async function findScope(reads: Reads, given: string): Promise<Scope | Refused> {
  const scopes = await reads.scopes();
  const text = given.trim().toLowerCase();
  const byPath = scopes.find((scope) => scope.id.toLowerCase() === text);
  if (byPath) return byPath;
  const named = scopes.filter((scope) => scope.name.toLowerCase() === text);
  const [only, ...others] = named;
  if (only && others.length === 0) return only;
  if (only) return { refusal: { code: 'scope-ambiguous', scope: given, matches: named.map((scope) => scope.id) } };
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
}

/** The role, scope and settings of an assignment or request; their absence is a fault of the data, not of a person. */
export async function governing(reads: Reads, of: Pick<Assignment, 'roleId' | 'scopeId'>): Promise<Governed> {
  const [role, chain] = await Promise.all([reads.role(of.roleId), reads.scopeChain(of.scopeId)]);
  if (!role || !chain) throw new Error(`no role ${of.roleId} at ${of.scopeId}`);
  return { role, chain, place: { role, scope: chain[0] }, settings: await reads.roleSettings(role, chain) };
}

/** Who decides: the approvers named in the settings, or when none is, the role's administrators at the scope or above. */
export async function approversOf(reads: Reads, { role, chain, settings }: Governed, now: Date): Promise<Person[]> {
  if (!settings.approval) return [];
  const { approverIds } = settings.approval;
  if (approverIds.length > 0) return reads.people(approverIds);
  const scopes = chain.map((scope) => scope.id);
  return reads.holders(administratorsOf(role), scopes, now);
}

/** The requests that wait for this person's decision, oldest first. */
export async function waitingFor(reads: Reads, personId: PersonId, now: Date): Promise<ActivationRequest[]> {
  const pending = await reads.pendingRequests();
  const deciders = new Map<string, boolean>();
  const waiting: ActivationRequest[] = [];
  for (const request of pending) {
    if (request.principalId === personId) continue;
    const key = `${request.roleId} ${request.scopeId}`;
    const decides =
      deciders.get(key) ??
      (await approversOf(reads, await governing(reads, request), now)).some((person) => person.id === personId);
    deciders.set(key, decides);
    if (decides) waiting.push(request);
  }
  return waiting;
}

/**
 * The one that a person means among `candidates`: by its whole id or its reference, or without either, the only one.
 * `null` when none matches; a list when several do.
 */
export function pick<T extends { readonly id: string }>(given: string, candidates: readonly T[]): T | T[] | null {
  const text = given.trim().toLowerCase().replace(/^#/, '');
  const matching = candidates.filter(({ id }) => !text || id === text || reference(id) === text);
  const [only, ...others] = matching;
  return others.length > 0 ? matching : (only ?? null);
}

/** A request by its id, or by the reference of one of `candidates`. Refuses `request-unknown` and `request-ambiguous`. */
export async function findRequest(
  reads: Reads,
  given: string,
  candidates: () => Promise<readonly ActivationRequest[]>,
): Promise<ActivationRequest | Refused> {
  if (isUuid(given)) return (await reads.request(given as RequestId)) ?? { refusal: { code: 'request-unknown' } };
  const picked = pick(given, await candidates());
  if (!picked) return { refusal: { code: 'request-unknown' } };
  if (Array.isArray(picked))
    return { refusal: { code: 'request-ambiguous', matches: picked.map(({ id }) => reference(id)) } };
  return picked;
}
