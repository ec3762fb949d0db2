import { z } from 'zod';
import type { AssignmentWish } from '../domain/assign.ts';
import { type Assignment, isDirect } from '../domain/assignment.ts';
import { managersOf, may, notAllowed } from '../domain/authorisation.ts';
import { parseDuration } from '../domain/duration.ts';
import type { PrincipalId } from '../domain/ids.ts';
import { parseInstant } from '../domain/instant.ts';
import type { Audience } from '../domain/role-settings.ts';
import { findRole, findScope, type Governed, groupAt, isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

/** What an assignment is to be, as people write it. */
export const assignmentInput = {
  role: z.string().default(''),
  scope: z.string().default(''),
  kind: z.enum(['eligible', 'active']).default('eligible'),
  /** As people write it; empty for the longest that the role's settings allow; `permanent`. */
  duration: z.string().default(''),
  /** When it is to begin; empty for at once. */
  from: z.string().default(''),
  justification: z.string().default(''),
};

const shape = z.object(assignmentInput);
type Given = z.output<typeof shape>;

/** The role at the scope that is meant, for who manages it there. */
export async function findPlace(
  reads: Reads,
  given: Pick<Given, 'role' | 'scope'>,
  { person, held }: PersonCaller,
): Promise<Omit<Governed, 'settings'> | Refused> {
  const role = await findRole(reads, given.role);
  if (isRefusal(role)) return role;
  const everywhere = given.scope.trim() || (role.kind === 'directory' ? '/' : '');
  if (!everywhere) {
    const scopes = (await reads.scopes()).filter(({ kind }) =>
      role.kind === 'group'
        ? kind === 'group' && person.userType === 'Member'
        : kind !== 'directory' && kind !== 'group',
    );
    return { refusal: { code: 'role-needs-scope', role: role.name, scopes: scopes.map((scope) => scope.name) } };
  }
  const scope = await findScope(reads, everywhere, person);
  if (isRefusal(scope)) return scope;
  const [chain, group] = await Promise.all([reads.scopeChain(scope.id), groupAt(reads, scope.id)]);
  if (!chain) return { refusal: { code: 'scope-unknown', scope: given.scope, suggestions: [] } };
  // “owner” of a group is meant as people say it.
  const meant = group && role.kind === 'resource' && role.id === 'owner' ? await reads.role(groupOwner) : role;
  if (!meant) throw new Error('there is no role Group owner');
  const managers = managersOf(meant, group);
  if (!may(held, managers, chain)) return { refusal: notAllowed('assign-role', managers) };
  return { role: meant, chain, place: { role: meant, scope: chain[0] }, group };
}

const groupOwner = 'groupOwner' as Governed['role']['id'];

/** The same with the settings that count for an audience. */
export async function findGoverned(
  reads: Reads,
  given: Pick<Given, 'role' | 'scope'>,
  caller: PersonCaller,
  audience: Audience,
): Promise<Governed | Refused> {
  const found = await findPlace(reads, given, caller);
  if (isRefusal(found)) return found;
  return { ...found, settings: await reads.roleSettings(found.role, found.chain, audience) };
}

export const durationOf = (given: string): number | 'permanent' | null | Refused => {
  const text = given.trim().toLowerCase();
  if (!text) return null;
  if (text === 'permanent') return text;
  return parseDuration(text) ?? { refusal: { code: 'duration-invalid', given } };
};

/** An instant that the chat has read in the writer's time zone already, or that says itself when it is. */
export const instantOf = (given: string, now: Date): Date | null | Refused => {
  if (!given.trim()) return null;
  return parseInstant(given, now, 'UTC') ?? { refusal: { code: 'instant-invalid', given } };
};

/** What is wished for there. Refuses `duration-invalid` and `instant-invalid`. */
export function wishOf(
  { role, chain }: Pick<Governed, 'role' | 'chain'>,
  given: Given,
  now: Date,
): AssignmentWish | Refused {
  const duration = durationOf(given.duration);
  if (duration !== null && typeof duration === 'object') return duration;
  const startsAt = instantOf(given.from, now);
  if (startsAt && 'refusal' in startsAt) return startsAt;
  return { kind: given.kind, role, scope: chain[0], duration, startsAt, justification: given.justification };
}

/** The principal's assignments of the same kind, to the same role and scope, that are not over; activations are another kind. */
export async function openLike(
  reads: Reads,
  principalId: PrincipalId,
  { kind, role, scope }: Pick<AssignmentWish, 'kind' | 'role' | 'scope'>,
): Promise<Assignment[]> {
  const open = await reads.openAssignmentsOf(principalId);
  return open.filter(
    (item) =>
      item.kind === kind &&
      item.roleId === role.id &&
      item.scopeId === scope.id &&
      isDirect(item) &&
      item.state.status !== 'Revoking',
  );
}
