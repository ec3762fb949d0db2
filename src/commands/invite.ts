import { z } from 'zod';
import type { EligibleAssignment } from '../domain/assignment.ts';
import { parseDuration } from '../domain/duration.ts';
import type { EligibilityWish } from '../domain/eligibility.ts';
import { type EmailAddress, parseGuestAddress } from '../domain/email-address.ts';
import { type Invited, inviteGuest, mayInvite } from '../domain/guest.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Person } from '../domain/person.ts';
import { administratorsOf, builtInRoles, holds } from '../domain/role.ts';
import type { RoleSettings } from '../domain/role-settings.ts';
import type { PersonCommand } from './execute.ts';
import { findRole, findScope, isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

const input = z.object({
  email: z.string(),
  name: z.string().default(''),
  company: z.string().default(''),
  message: z.string().default(''),
  role: z.string().default(''),
  scope: z.string().default(''),
  /** As people write it; empty for the longest that the role's settings allow; `permanent`. */
  duration: z.string().default(''),
});

type Input = z.output<typeof input>;

interface State {
  readonly address: EmailAddress;
  readonly organisation: Organisation;
  readonly known: Person | null;
  readonly knownEligibility: EligibleAssignment | null;
  readonly eligibility: (EligibilityWish & { readonly settings: RoleSettings }) | null;
}

const durationOf = (given: string): number | 'permanent' | null | Refused => {
  const text = given.trim().toLowerCase();
  if (!text) return null;
  if (text === 'permanent') return text;
  return parseDuration(text) ?? { refusal: { code: 'duration-invalid', given } };
};

/** The role, scope and time that the guest is invited for, if any; only who administers the role there may give it. */
async function eligibilityOf(
  reads: Reads,
  given: Input,
  { held }: PersonCaller,
): Promise<State['eligibility'] | Refused> {
  if (!given.role.trim())
    return given.scope.trim() ? { refusal: { code: 'scope-needs-role', scope: given.scope } } : null;
  const role = await findRole(reads, given.role);
  if (isRefusal(role)) return role;
  if (!given.scope.trim() && role.kind === 'resource') {
    const scopes = (await reads.scopes()).filter((scope) => scope.kind !== 'directory');
    return { refusal: { code: 'role-needs-scope', role: role.name, scopes: scopes.map((scope) => scope.name) } };
  }
  const scope = await findScope(reads, given.scope.trim() || '/');
  if (isRefusal(scope)) return scope;
  const duration = durationOf(given.duration);
  if (duration !== null && typeof duration === 'object') return duration;
  const chain = await reads.scopeChain(scope.id);
  if (!chain) return { refusal: { code: 'scope-unknown', scope: given.scope, suggestions: [] } };
  const administrators = administratorsOf(role);
  if (!holds(held, administrators, role.kind === 'directory' ? undefined : chain))
    return {
      refusal: { code: 'not-allowed', what: 'assign-role', needs: administrators.map((name) => builtInRoles[name]) },
    };
  return { role, scope, duration, settings: await reads.roleSettings(role, chain) };
}

/**
 * Invites a guest by e-mail, and makes them eligible for a role where one is named.
 * @param objectIdOf what the organisation's directory will know the guest by, where that is known beforehand.
 */
export const createInvite = (objectIdOf: (mail: string) => string | null): PersonCommand<Input, State, Invited> => ({
  name: 'invite',
  for: 'person',
  input,
  load: async (reads, given, caller) => {
    const organisation = await reads.organisation();
    const forbidden = mayInvite(organisation, caller.person, caller.held);
    if (forbidden) return { refusal: forbidden };
    const address = parseGuestAddress(given.email);
    if ('code' in address) return { refusal: address };
    const eligibility = await eligibilityOf(reads, given, caller);
    if (eligibility && isRefusal(eligibility)) return eligibility;
    const known = await reads.personByMail(address.address);
    const knownEligibility =
      known && eligibility ? await reads.openEligible(known.id, eligibility.role.id, eligibility.scope.id) : null;
    return { address, organisation, known, knownEligibility, eligibility };
  },
  decide: ({ address, organisation, known, knownEligibility, eligibility }, given, { person, actor }, context) =>
    inviteGuest(
      { organisation, inviter: person, known, knownEligibility, objectId: objectIdOf(address.address) },
      { address, displayName: given.name, company: given.company, message: given.message, eligibility },
      actor,
      context,
    ),
});
