import type { Place } from '../domain/activation-parts.ts';
import type { Assignment } from '../domain/assignment.ts';
import type { Reads } from './ports.ts';

type Placed = Pick<Assignment, 'roleId' | 'scopeId'>;

/** The places of all of these, in two queries however many there are. */
export async function placesOf(reads: Reads, all: readonly Placed[]): Promise<(of: Placed) => Place> {
  if (all.length === 0) return (of) => fault(of);
  const [roles, scopes] = await Promise.all([
    reads.roles(),
    reads.scopesById([...new Set(all.map(({ scopeId }) => scopeId))]),
  ]);
  const roleOf = new Map(roles.map((role) => [role.id, role]));
  const scopeOf = new Map(scopes.map((scope) => [scope.id, scope]));
  return (of) => {
    const [role, scope] = [roleOf.get(of.roleId), scopeOf.get(of.scopeId)];
    return role && scope ? { role, scope } : fault(of);
  };
}

const fault = ({ roleId, scopeId }: Placed): never => {
  throw new Error(`no role ${roleId} at ${scopeId}`);
};
