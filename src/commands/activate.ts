import { z } from 'zod';
import { requestActivation } from '../domain/activation.ts';
import type { EligibleAssignment } from '../domain/assignment.ts';
import { parseDuration } from '../domain/duration.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { PersonCommand } from './execute.ts';
import { approversOf, governing, isRefusal, pick, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

const input = z.object({
  assignmentId: z.uuid().optional(),
  /** Instead of the id: the role's name, with the scope's where that leaves a choice. */
  role: z.string().default(''),
  scope: z.string().default(''),
  /** As people write it, or plain minutes from a form's list; empty for the longest possible. */
  duration: z.string().default(''),
  justification: z.string().default(''),
  ticket: z.string().default(''),
});

export type ActivateInput = z.output<typeof input>;

/** The caller's own eligible assignment that is meant. Refuses `eligibility-unknown` and `eligibility-ambiguous`. */
export async function findEligible(
  reads: Reads,
  given: Pick<ActivateInput, 'assignmentId' | 'role' | 'scope'>,
  { person }: PersonCaller,
): Promise<EligibleAssignment | Refused> {
  if (given.assignmentId) {
    const named = await reads.assignment(given.assignmentId as EligibleAssignment['id']);
    // Somebody else's is answered like one that does not exist.
    return named?.kind === 'eligible' && named.principalId === person.id
      ? named
      : { refusal: { code: 'eligibility-unknown' } };
  }
  const own = await reads.openEligiblesOf(person.id);
  const [roles, scopes] = await Promise.all([reads.roles(), reads.scopes()]);
  const nameOf = (list: readonly { id: string; name: string }[], id: string) =>
    list.find((item) => item.id === id)?.name ?? id;
  const same = (given: string, ...names: string[]) =>
    !given.trim() || names.some((name) => name.toLowerCase() === given.trim().toLowerCase());
  const meant = own.filter(
    (item) =>
      same(given.role, nameOf(roles, item.roleId), item.roleId) &&
      same(given.scope, nameOf(scopes, item.scopeId), item.scopeId),
  );
  const picked = pick('', meant);
  if (!picked) return { refusal: { code: 'eligibility-unknown' } };
  if (!Array.isArray(picked)) return picked;
  const matches = picked.map((item) => `${nameOf(roles, item.roleId)} at ${nameOf(scopes, item.scopeId)}`);
  return { refusal: { code: 'eligibility-ambiguous', matches } };
}

const minutesOf = (given: string): number | null | Refusal => {
  const text = given.trim();
  if (!text) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  return parseDuration(text) ?? { code: 'duration-invalid', given };
};

type State = Parameters<typeof requestActivation>[0] & { readonly durationMinutes: number | null };

/** Asks to activate one's own eligible assignment. */
export const activate: PersonCommand<ActivateInput, State, { requestId: RequestId }> = {
  name: 'activate',
  for: 'person',
  input,
  load: async (reads, given, caller, now) => {
    const eligible = await findEligible(reads, given, caller);
    if (isRefusal(eligible)) return eligible;
    const durationMinutes = minutesOf(given.duration);
    if (durationMinutes !== null && typeof durationMinutes === 'object') return { refusal: durationMinutes };
    const governed = await governing(reads, eligible);
    const [approvers, openRequest, inForce] = await Promise.all([
      approversOf(reads, governed, now),
      reads.openRequestOf(eligible.id),
      reads.inForce(eligible.principalId, eligible.roleId, eligible.scopeId),
    ]);
    const { place, settings } = governed;
    return { requester: caller.person, eligible, place, settings, approvers, openRequest, inForce, durationMinutes };
  },
  decide: (state, { justification, ticket }, { actor }, context) =>
    requestActivation(
      state,
      { durationMinutes: state.durationMinutes, justification, ticket: ticket || null },
      actor,
      context,
    ),
};
