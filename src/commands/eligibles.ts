import { type ActiveAssignment, type EligibleAssignment, wantsAccess } from '../domain/assignment.ts';
import type { PersonId, RoleId, ScopeId } from '../domain/ids.ts';
import { reaches, type Scope, type ScopeChain } from '../domain/scope.ts';
import { isRefusal, pick, type Refused, scopeAmong } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

/** What somebody wants to activate: their eligible assignment, and the scope at or below its own. */
export interface Wanted {
  readonly eligible: EligibleAssignment;
  readonly scopeId: ScopeId;
}

interface Given {
  readonly assignmentId?: string | undefined;
  readonly role: string;
  readonly scope: string;
}

const sameName = (given: string, ...names: readonly string[]) =>
  names.some((name) => name.toLowerCase() === given.trim().toLowerCase());

/** The scope meant by what was typed of its name, among an eligible assignment's own and what lies below it. */
async function scopeOf(reads: Reads, eligible: EligibleAssignment, given: string): Promise<Wanted | Refused> {
  const at = (scopeId: ScopeId): Wanted => ({ eligible, scopeId });
  if (!given.trim() || given.trim() === eligible.scopeId) return at(eligible.scopeId);
  const [own] = await reads.scopesById([eligible.scopeId]);
  if (own && sameName(given, own.name)) return at(own.id);
  const scope = scopeAmong(await reads.scopesBelow(eligible.scopeId), given);
  return isRefusal(scope) ? scope : at(scope.id);
}

/** Of several to the same, one after another, the one whose window holds then; where none does, the next. */
function oneAtATime(eligibles: readonly EligibleAssignment[], at: Date): EligibleAssignment[] {
  const same = (a: EligibleAssignment, b: EligibleAssignment) =>
    a.principalId === b.principalId && a.roleId === b.roleId && a.scopeId === b.scopeId;
  const over = ({ endsAt }: EligibleAssignment) => endsAt !== null && endsAt <= at;
  const better = (a: EligibleAssignment, b: EligibleAssignment) =>
    over(a) === over(b) ? a.startsAt < b.startsAt : over(b);
  return eligibles.filter((item) => !eligibles.some((other) => same(other, item) && better(other, item)));
}

/**
 * The caller's own eligible assignment that is meant, as it can be used then, with the scope where. Refuses `eligibility-unknown`,
 * `eligibility-ambiguous`, `scope-unknown` and `scope-ambiguous`.
 */
export async function findEligible(
  reads: Reads,
  given: Given,
  { person }: PersonCaller,
  now: Date,
  at: Date = now,
): Promise<Wanted | Refused> {
  const every = await reads.eligiblesFor(person.id, now);
  if (given.assignmentId) {
    const named = await reads.assignment(given.assignmentId as EligibleAssignment['id']);
    // Somebody else's is answered like one that does not exist.
    if (named?.kind === 'eligible' && (named.principalId === person.id || every.some(({ id }) => id === named.id)))
      return scopeOf(reads, named, given.scope);
    return { refusal: { code: 'eligibility-unknown' } };
  }
  const own = oneAtATime(every, at);
  const [roles, scopes] = await Promise.all([reads.roles(), reads.scopesById(own.map(({ scopeId }) => scopeId))]);
  const nameOf = (list: readonly { id: string; name: string }[], id: string) =>
    list.find((item) => item.id === id)?.name ?? id;
  const ofRole = own.filter(
    ({ roleId, scopeId }) =>
      !given.role.trim() ||
      sameName(given.role, nameOf(roles, roleId), roleId) ||
      // A group is asked for by its own name.
      (roleId === ('groupMember' as RoleId) && sameName(given.role, nameOf(scopes, scopeId))),
  );
  const exactly = ofRole.filter(
    ({ scopeId }) => !given.scope.trim() || sameName(given.scope, nameOf(scopes, scopeId), scopeId),
  );
  if (exactly.length === 0 && ofRole.length > 0 && given.scope.trim()) return below(reads, ofRole, given.scope);
  const picked = pick('', exactly);
  if (!picked) return { refusal: { code: 'eligibility-unknown' } };
  if (!Array.isArray(picked)) return { eligible: picked, scopeId: picked.scopeId };
  const matches = picked.map((item) => `${nameOf(roles, item.roleId)} at ${nameOf(scopes, item.scopeId)}`);
  return { refusal: { code: 'eligibility-ambiguous', matches } };
}

/** No eligible scope has that name: one below has, of the nearest eligible assignment. */
async function below(reads: Reads, eligibles: readonly EligibleAssignment[], given: string): Promise<Wanted | Refused> {
  const found: { readonly eligible: EligibleAssignment; readonly scope: Scope; readonly chain: ScopeChain }[] = [];
  let no: Refused = { refusal: { code: 'eligibility-unknown' } };
  for (const eligible of eligibles) {
    const scope = scopeAmong(await reads.scopesBelow(eligible.scopeId), given);
    if (isRefusal(scope)) {
      no = scope;
      continue;
    }
    const chain = await reads.scopeChain(scope.id);
    if (chain) found.push({ eligible, scope, chain });
  }
  const distance = ({ eligible, chain }: (typeof found)[number]) =>
    chain.findIndex(({ id }) => id === eligible.scopeId);
  const [nearest, ...others] = found.sort((a, b) => distance(a) - distance(b));
  if (!nearest) return no;
  const rival = others.find(
    (other) => other.scope.id !== nearest.scope.id || other.eligible.roleId !== nearest.eligible.roleId,
  );
  if (!rival) return { eligible: nearest.eligible, scopeId: nearest.scope.id };
  const roles = await reads.roles();
  const matches = found.map(
    ({ eligible, scope }) =>
      `${roles.find(({ id }) => id === eligible.roleId)?.name ?? eligible.roleId} at ${scope.id}`,
  );
  return { refusal: { code: 'eligibility-ambiguous', matches } };
}

/** The person's active assignment to the role at the first scope of the chain or above it, if any. */
export async function activeThereOrAbove(
  reads: Reads,
  personId: PersonId,
  roleId: RoleId,
  chain: ScopeChain,
): Promise<ActiveAssignment | null> {
  const actives = await reads.openActivesOf(personId);
  return (
    actives.find((active) => wantsAccess(active) && active.roleId === roleId && reaches(active.scopeId, chain)) ?? null
  );
}
