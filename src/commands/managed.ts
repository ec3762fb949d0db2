import { z } from 'zod';
import { principalId } from '../domain/assign.ts';
import type { Assignment } from '../domain/assignment.ts';
import { managersOf, may, notAllowed, viewersOf } from '../domain/authorisation.ts';
import { type AssignmentId, isUuid, reference } from '../domain/ids.ts';
import { findPlace } from './assignment-wish.ts';
import { type Governed, governing, isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import { findPrincipal, principalsAudience } from './principals.ts';
import type { PersonCaller } from './who.ts';

/** How people name an assignment: by its number, or by who holds which role where, and as what. */
export const managedInput = {
  assignmentId: z.string().default(''),
  principal: z.string().default(''),
  role: z.string().default(''),
  scope: z.string().default(''),
  kind: z.enum(['', 'eligible', 'active']).default(''),
};

const shape = z.object(managedInput);
export type ManagedInput = z.output<typeof shape>;

export interface Managed {
  readonly assignment: Assignment;
  readonly governed: Governed;
}

const unknown: Refused = { refusal: { code: 'managed-unknown' } };

const numberIn = (given: string): string => given.trim().toLowerCase().replace(/^#/, '');

/** Whether this can be the number of an assignment, or its whole id. */
export const isNumber = (given: string): boolean => /^[0-9a-f]{8}$/.test(numberIn(given)) || isUuid(numberIn(given));

async function named(reads: Reads, given: ManagedInput, caller: PersonCaller): Promise<Assignment[] | Refused> {
  const number = numberIn(given.assignmentId) || (isNumber(given.principal) ? numberIn(given.principal) : '');
  if (isUuid(number)) {
    const found = await reads.assignment(number as AssignmentId);
    return found ? [found] : [];
  }
  if (number) return reads.openAssignmentsNumbered(number);
  if (!given.principal.trim()) return { refusal: { code: 'assignment-missing' } };
  // Rights first: who manages nothing there learns nobody's name.
  const place = await findPlace(reads, given, caller);
  if (isRefusal(place)) return place;
  const principal = await findPrincipal(reads, given.principal);
  if (isRefusal(principal)) return principal;
  const open = await reads.openAssignmentsOf(principalId(principal));
  return open.filter(
    (item) =>
      item.roleId === place.role.id && item.scopeId === place.chain[0].id && (!given.kind || item.kind === given.kind),
  );
}

/**
 * The assignment that is meant, for who manages its role there. One that they can't see is answered like one that does
 * not exist. Refuses `assignment-missing`, `managed-unknown`, `managed-ambiguous` and `not-allowed`.
 */
export async function findManaged(reads: Reads, given: ManagedInput, caller: PersonCaller): Promise<Managed | Refused> {
  const found = await named(reads, given, caller);
  if (isRefusal(found)) return found;
  const managed: Managed[] = [];
  let seen: Refused = unknown;
  for (const assignment of found) {
    const governed = await governing(reads, assignment, await principalsAudience(reads, assignment.principalId));
    const { role, chain, group } = governed;
    const managers = managersOf(role, group);
    if (may(caller.held, managers, chain)) managed.push({ assignment, governed });
    else if (assignment.principalId === caller.person.id || may(caller.held, viewersOf(role, group), chain))
      seen = { refusal: notAllowed('assign-role', managers) };
  }
  const [only, ...others] = managed;
  if (!only) return seen;
  if (others.length === 0) return only;
  const matches = managed.map(({ assignment: { id, kind } }) => `${reference(id)} (${kind})`);
  return { refusal: { code: 'managed-ambiguous', matches } };
}
