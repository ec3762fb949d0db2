import { z } from 'zod';
import { acts, may as mayDo, notAllowed } from '../domain/authorisation.ts';
import { resendInvitation, revokeInvitation } from '../domain/guest.ts';
import type { InvitationId } from '../domain/ids.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Person } from '../domain/person.ts';
import type { PersonCommand } from './execute.ts';
import { isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

/** The invitation by its id (from a card) or by the address that it went to. */
const input = z.object({ invitationId: z.uuid().optional(), email: z.string().default('') });

type Input = z.output<typeof input>;

interface State {
  readonly invitation: Invitation;
  readonly guest: Person;
}

/** Its inviter and the administrators of users may handle an invitation. */
async function load(reads: Reads, given: Input, { person, held }: PersonCaller): Promise<State | Refused> {
  const unknown: Refused = { refusal: { code: 'invitation-unknown', email: given.email } };
  const named = given.email.trim() ? await reads.personByMail(given.email.trim()) : null;
  const invitation = given.invitationId
    ? await reads.invitation(given.invitationId as InvitationId)
    : named && (await reads.invitationOf(named.id));
  const guest = invitation && (await reads.person(invitation.guestId));
  const manages = mayDo(held, acts['manage-invitation']);
  // Who was invited is nobody's business who has not invited them.
  const may = manages || invitation?.inviterId === person.id;
  if (may) return invitation && guest ? { invitation, guest } : unknown;
  return { refusal: notAllowed('manage-invitation', acts['manage-invitation']) };
}

type InvitationCommand = PersonCommand<Input, State, { invitationId: InvitationId }>;

/** Sends the invitation's mail again, with a new link. */
export const resend: InvitationCommand = {
  name: 'resend',
  for: 'person',
  input,
  load: async (reads, given, caller) => {
    const found = await load(reads, given, caller);
    if (isRefusal(found) || found.guest.accountEnabled || found.invitation.state.status === 'Revoked') return found;
    // Blocked by somebody for another reason: that is not taken back by a mail.
    return { refusal: { code: 'invitation-closed', outcome: 'Revoked' } };
  },
  decide: (state, _input, { actor }, context) => resendInvitation(state, actor, context),
};

/** Takes an invitation back. */
export const revoke: InvitationCommand = {
  name: 'revoke',
  for: 'person',
  input,
  load,
  decide: (state, _input, { actor }, context) => revokeInvitation(state, actor, context),
};
