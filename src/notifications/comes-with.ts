import type { Reads } from '../commands/ports.ts';
import type { Assignment } from '../domain/assignment.ts';
import { groupOfScope } from '../domain/group.ts';
import type { GroupId, RoleId } from '../domain/ids.ts';

/** What a group's membership brings, in words; both `null` for anything else, or where it brings nothing. */
export interface ComesWith {
  /** The roles that the group holds, and so its members do. */
  readonly roles: string | null;
  /** The roles that its members can activate. */
  readonly eligible: string | null;
}

const nothing: ComesWith = { roles: null, eligible: null };

type Placed = Pick<Assignment, 'roleId' | 'scopeId'>;

/** The group that this is the membership of, if it is one. */
const groupOf = ({ roleId, scopeId }: Placed): GroupId | null =>
  roleId === ('groupMember' as RoleId) ? groupOfScope(scopeId) : null;

/** What comes with each of these, where it is membership in a group; read at once for all of them. */
export async function comingWith(reads: Reads, all: readonly Placed[]): Promise<(of: Placed) => ComesWith> {
  const groupIds = [...new Set(all.flatMap((of) => groupOf(of) ?? []))];
  if (groupIds.length === 0) return () => nothing;
  const held = await reads.openAssignmentsOf(...groupIds);
  const [roles, scopes] = await Promise.all([
    reads.roles(),
    reads.scopesById([...new Set(held.map(({ scopeId }) => scopeId))]),
  ]);
  const names = new Map<string, string>([...roles, ...scopes].map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? id;
  /** `Contributor (rg-expenses), Reader (rg-web)`. */
  const inWords = (assignments: readonly Assignment[]): string | null =>
    assignments.map(({ roleId, scopeId }) => `${nameOf(roleId)} (${nameOf(scopeId)})`).join(', ') || null;
  return (of) => {
    const theirs = held.filter(({ principalId }) => principalId === groupOf(of));
    return {
      roles: inWords(theirs.filter(({ kind, state }) => kind === 'active' && state.status === 'Active')),
      eligible: inWords(theirs.filter(({ kind }) => kind === 'eligible')),
    };
  };
}

/** What comes with a role at a scope, where that is membership in a group. */
export const comesWith = async (reads: Reads, of: Placed): Promise<ComesWith> => (await comingWith(reads, [of]))(of);
