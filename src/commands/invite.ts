import { z } from 'zod';
import type { AssignmentWish } from '../domain/assign.ts';
import type { Assignment } from '../domain/assignment.ts';
import { type EmailAddress, parseGuestAddress } from '../domain/email-address.ts';
import { type Invited, inviteGuest, mayInvite } from '../domain/guest.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Person } from '../domain/person.ts';
import type { RoleSettings } from '../domain/role-settings.ts';
import { assignmentInput, findGoverned, openLike, wishOf } from './assignment-wish.ts';
import type { PersonCommand } from './execute.ts';
import { askingFirst } from './give-confirmed.ts';
import { audienceOf, isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

const input = z.object({
  email: z.string(),
  name: z.string().default(''),
  company: z.string().default(''),
  message: z.string().default(''),
  ...assignmentInput,
});

type Input = z.output<typeof input>;

interface State {
  readonly address: EmailAddress;
  readonly organisation: Organisation;
  readonly known: Person | null;
  readonly existing: readonly Assignment[];
  readonly assignment: (AssignmentWish & { readonly settings: RoleSettings }) | null;
}

/** What the guest is invited for, if anything; only who manages the role there may give it. */
async function assignmentOf(
  reads: Reads,
  given: Input,
  caller: PersonCaller,
  known: Person | null,
  now: Date,
): Promise<State['assignment'] | Refused> {
  if (!given.role.trim())
    return given.scope.trim() ? { refusal: { code: 'scope-needs-role', scope: given.scope } } : null;
  const governed = await findGoverned(reads, given, caller, known ? audienceOf(known) : 'guests');
  if (isRefusal(governed)) return governed;
  const wish = wishOf(governed, given, now);
  return isRefusal(wish) ? wish : { ...wish, settings: governed.settings };
}

/**
 * The command of {@link createInvite}, whether or not who gives it has confirmed that it is them.
 * @param objectIdOf what the organisation's directory will know the guest by, where that is known beforehand.
 */
export const createConfirmedInvite = (
  objectIdOf: (mail: string) => string | null,
): PersonCommand<Input, State, Invited> => ({
  name: 'invite',
  for: 'person',
  input,
  load: async (reads, given, caller, now) => {
    const organisation = await reads.organisation();
    const forbidden = mayInvite(organisation, caller.person, caller.held);
    if (forbidden) return { refusal: forbidden };
    const address = parseGuestAddress(given.email);
    if ('code' in address) return { refusal: address };
    const known = await reads.personByMail(address.address);
    const assignment = await assignmentOf(reads, given, caller, known, now);
    if (assignment && isRefusal(assignment)) return assignment;
    const existing = known && assignment ? await openLike(reads, known.id, assignment) : [];
    return { address, organisation, known, existing, assignment };
  },
  decide: ({ address, organisation, known, existing, assignment }, given, { person, actor }, context) =>
    inviteGuest(
      { organisation, inviter: person, known, existing, objectId: objectIdOf(address.address) },
      { address, displayName: given.name, company: given.company, message: given.message, assignment },
      actor,
      context,
    ),
});

/** Invites a guest by e-mail, and assigns them a role where one is named. */
export const createInvite = (confirmed: ReturnType<typeof createConfirmedInvite>) =>
  askingFirst(confirmed, ({ address, known, assignment }, _given, inviterId) =>
    assignment?.kind === 'active'
      ? {
          requires: assignment.settings.activeAssignmentRequires,
          subjectId: known?.id ?? inviterId,
          role: assignment.role.id,
          scope: assignment.scope.id,
          whom: address.address,
        }
      : null,
  );
