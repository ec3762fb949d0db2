import { type AssignmentWish, assign } from './assign.ts';
import type { Assignment } from './assignment.ts';
import type { Actor, AuditAction, AuditFact } from './audit.ts';
import { acts, may, notAllowed } from './authorisation.ts';
import type { Challenge } from './challenge.ts';
import { accept, type Change, type Context, type Decision, type Entity, refuse } from './change.ts';
import type { ChatAccount } from './chat-account.ts';
import type { EmailAddress } from './email-address.ts';
import type { AssignmentId, ChallengeId, InvitationId, PersonId } from './ids.ts';
import type { Invitation } from './invitation.ts';
import { answerChallenge, issueChallenge } from './one-time-code.ts';
import { domainAllowed, type Organisation } from './organisation.ts';
import { guestPrincipalName, type Person } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { HeldRole } from './role.ts';
import type { RoleSettings } from './role-settings.ts';
import { tooLong } from './text-limits.ts';

const fact = (
  action: AuditAction,
  actor: Actor,
  subjectId: PersonId | null,
  more: Partial<Pick<AuditFact, 'result' | 'reason' | 'details'>> = {},
): AuditFact => ({
  action,
  actor,
  subjectId,
  role: null,
  scope: null,
  requestId: null,
  result: 'success',
  reason: null,
  details: {},
  ...more,
});

const putInvitation = (value: Invitation): Entity => ({ entity: 'Invitation', value });
const putPerson = (value: Person): Entity => ({ entity: 'Person', value });

/**
 * Whether this person may invite, by the organisation's external collaboration settings
 * (Microsoft Entra External ID, "Guest invite settings").
 */
export function mayInvite(organisation: Organisation, inviter: Person, held: readonly HeldRole[]): Refusal | null {
  const administers = may(held, acts.invite);
  switch (organisation.whoMayInvite) {
    case 'anyone':
      return null;
    case 'members-and-admins':
      return administers || inviter.userType === 'Member' ? null : notAllowed('invite', acts.invite);
    case 'admins':
      return administers ? null : notAllowed('invite', acts.invite);
    case 'no-one':
      return { code: 'invitations-off' };
    default:
      return organisation.whoMayInvite satisfies never;
  }
}

export interface Invited {
  /** `null` when the person was here already. */
  readonly invitationId: InvitationId | null;
  readonly personId: PersonId;
  readonly assignmentId: AssignmentId | null;
}

export interface InvitationWish {
  readonly address: EmailAddress;
  readonly displayName: string | null;
  readonly company: string | null;
  readonly message: string;
  readonly assignment: (AssignmentWish & { readonly settings: RoleSettings }) | null;
}

/**
 * Invites a guest, and assigns them a role where one is named. The assignment stands at once; nothing can be
 * activated until the invitation is redeemed. Somebody who is here already is found, and gets only the
 * assignment. Refuses `domain-blocked`, `text-too-long`, `already-invited`, `already-here` and what
 * {@link assign} refuses.
 * Rules: Microsoft Entra B2B, "Invitation redemption"; "Properties of a B2B collaboration user".
 */
export function inviteGuest(
  {
    organisation,
    inviter,
    known,
    existing,
    objectId,
  }: {
    readonly organisation: Organisation;
    readonly inviter: Person;
    readonly known: Person | null;
    /** Of who is here already: their assignment of that kind, to that role and scope, that is not over. */
    readonly existing: readonly Assignment[];
    /** What the organisation's directory will know the guest by. */
    readonly objectId: string | null;
  },
  wish: InvitationWish,
  actor: Actor,
  context: Context,
): Decision<Invited> {
  const { address } = wish;
  if (!known && !domainAllowed(organisation, address.domain))
    return refuse({ code: 'domain-blocked', domain: address.domain });
  const long =
    tooLong('message', wish.message) ??
    tooLong('displayName', wish.displayName ?? '') ??
    tooLong('company', wish.company ?? '');
  if (long) return refuse(long);
  if (known && (!wish.assignment || !known.accountEnabled))
    return refuse({
      code: known.externalUserState === 'PendingAcceptance' ? 'already-invited' : 'already-here',
      email: address.address,
    });

  const guest: Person = known ?? {
    id: context.newId() as PersonId,
    version: 1,
    displayName: wish.displayName?.trim() || address.address,
    mail: address.address,
    userPrincipalName: guestPrincipalName(address.address, organisation.domain),
    userType: 'Guest',
    externalUserState: 'PendingAcceptance',
    identities: [organisation.domain],
    objectId,
    company: wish.company?.trim() || null,
    sponsorId: inviter.id,
    accountEnabled: true,
    language: null,
    quiet: null,
    digest: true,
    createdAt: context.now,
  };
  const invitation: Invitation | null = known
    ? null
    : {
        id: context.newId() as InvitationId,
        version: 1,
        guestId: guest.id,
        inviterId: inviter.id,
        message: wish.message.trim(),
        generation: 1,
        createdAt: context.now,
        sentAt: context.now,
        state: { status: 'Pending' },
      };
  const assigned = wish.assignment
    ? assign(
        {
          principal: { kind: 'person', person: guest },
          wish: wish.assignment,
          settings: wish.assignment.settings,
          existing,
          managerId: known && inviter.id,
        },
        actor,
        context,
      )
    : null;
  if (assigned && 'code' in assigned) return refuse(assigned);

  return accept(
    { invitationId: invitation?.id ?? null, personId: guest.id, assignmentId: assigned?.assignment.id ?? null },
    {
      put: [...(invitation ? [putPerson(guest), putInvitation(invitation)] : []), ...(assigned?.change.put ?? [])],
      relyOn: known ? [{ entity: 'Person', id: known.id, version: known.version }] : [],
      audit: [
        ...(invitation
          ? [
              fact('invitation.send', actor, guest.id, {
                reason: invitation.message || null,
                details: { userPrincipalName: guest.userPrincipalName },
              }),
            ]
          : []),
        ...(assigned?.change.audit ?? []),
      ],
      deadlines: assigned?.change.deadlines ?? [],
      provision: assigned?.change.provision ?? [],
      events: [...(invitation ? [sent(invitation)] : []), ...(assigned?.change.events ?? [])],
    },
  );
}

const sent = (invitation: Invitation) =>
  ({
    type: 'invitation-sent',
    invitationId: invitation.id,
    guestId: invitation.guestId,
    inviterId: invitation.inviterId,
    generation: invitation.generation,
  }) as const;

const changed = (invitation: Invitation) =>
  ({
    type: 'invitation-changed',
    invitationId: invitation.id,
    guestId: invitation.guestId,
    accepted: invitation.state.status === 'Accepted',
  }) as const;

const closedAlready = ({ state }: Invitation): Refusal | null =>
  state.status === 'Pending' ? null : { code: 'invitation-closed', outcome: state.status };

/** Sends the mail again with a new link; the old one stops working. A declined invitation opens again. */
export function resendInvitation(
  { invitation, guest }: { readonly invitation: Invitation; readonly guest: Person },
  actor: Actor,
  { now }: Context,
): Decision<{ invitationId: InvitationId }> {
  const { status } = invitation.state;
  if (status === 'Accepted') return refuse({ code: 'invitation-closed', outcome: status });
  const again: Invitation = {
    ...invitation,
    version: invitation.version + 1,
    generation: invitation.generation + 1,
    sentAt: now,
    state: { status: 'Pending' },
  };
  return accept(
    { invitationId: invitation.id },
    {
      // Revoking blocked the account; an open invitation needs one that can be redeemed.
      put: [
        putInvitation(again),
        ...(status === 'Revoked' ? [putPerson({ ...guest, version: guest.version + 1, accountEnabled: true })] : []),
      ],
      audit: [fact('invitation.resend', actor, invitation.guestId, { details: { generation: again.generation } })],
      events: [sent(again), changed(again)],
    },
  );
}

/** Takes an invitation back: its link stops working and the account is blocked. Refuses `invitation-closed`. */
export function revokeInvitation(
  { invitation, guest }: { readonly invitation: Invitation; readonly guest: Person },
  actor: Actor,
  { now }: Context,
): Decision<{ invitationId: InvitationId }> {
  const closed = invitation.state.status === 'Declined' ? null : closedAlready(invitation);
  if (closed) return refuse(closed);
  const revoked = close(invitation, 'Revoked', now);
  return accept(
    { invitationId: invitation.id },
    {
      put: [putInvitation(revoked), putPerson({ ...guest, version: guest.version + 1, accountEnabled: false })],
      audit: [fact('invitation.revoke', actor, guest.id)],
      events: [changed(revoked)],
    },
  );
}

const close = (invitation: Invitation, status: 'Accepted' | 'Declined' | 'Revoked', now: Date): Invitation => ({
  ...invitation,
  version: invitation.version + 1,
  state: { status, closedAt: now },
});

/** An invitation as its link leads to it: `null` where the link never was good, or no longer is. */
export interface Redemption {
  readonly invitation: Invitation;
  readonly guest: Person;
  readonly organisation: Organisation;
}

const faultInRedemption = ({ invitation, guest, organisation }: Redemption): Refusal | null => {
  const domain = guest.mail.slice(guest.mail.lastIndexOf('@') + 1);
  if (!guest.accountEnabled) return { code: 'account-disabled' };
  return closedAlready(invitation) ?? (domainAllowed(organisation, domain) ? null : { code: 'domain-blocked', domain });
};

/**
 * Sends a one-time passcode to the invited address.
 * Refuses `invitation-closed`, `domain-blocked`, `account-disabled` and `code-throttled`.
 */
export function requestRedemptionCode(
  redemption: Redemption,
  recent: readonly Challenge[],
  actor: Actor,
  context: Context,
): Decision<{ challengeId: ChallengeId }> {
  const fault = faultInRedemption(redemption);
  if (fault) return refuse(fault);
  const { invitation, guest } = redemption;
  return issue({ purpose: 'redeem', subjectId: invitation.id, personId: guest.id, recent }, actor, context);
}

function issue(
  wish: Parameters<typeof issueChallenge>[0],
  actor: Actor,
  context: Context,
): Decision<{ challengeId: ChallengeId }> {
  const challenge = issueChallenge(wish, context);
  if ('code' in challenge) return refuse(challenge);
  return accept(
    { challengeId: challenge.id },
    {
      put: [{ entity: 'Challenge', value: challenge }],
      audit: [fact('code.issue', actor, wish.personId, { details: { purpose: wish.purpose } })],
      events: [{ type: 'code-issued', challengeId: challenge.id, personId: wish.personId }],
    },
  );
}

const rejected = (
  refused: Extract<Decision<never>, { accepted: false }>,
  actor: Actor,
  personId: PersonId,
): Decision<never> =>
  // A code that is dead already changes nothing, and whoever goes on trying fills no record.
  refused.change.put.length === 0
    ? refused
    : refuse(refused.refusal, {
        ...refused.change,
        audit: [fact('code.reject', actor, personId, { result: 'failure', details: { code: refused.refusal.code } })],
      });

/**
 * Accepts the invitation with the passcode that was sent to the invited address, which proves control of it: the account
 * goes from PendingAcceptance to Accepted with the identity `mail`.
 * Refuses what {@link requestRedemptionCode} does, `terms-not-accepted`, `code-wrong` and `code-spent`.
 */
export function acceptInvitation(
  redemption: Redemption,
  {
    challenge,
    codeRight,
    termsAccepted,
  }: {
    readonly challenge: Challenge | null;
    readonly codeRight: boolean;
    readonly termsAccepted: boolean;
  },
  actor: Actor,
  context: Context,
): Decision<{ personId: PersonId }> {
  const { invitation, guest, organisation } = redemption;
  const fault = faultInRedemption(redemption);
  if (fault) return refuse(fault);
  if (organisation.terms && !termsAccepted) return refuse({ code: 'terms-not-accepted' });
  const answered = answerChallenge(challenge, codeRight, context);
  if (!answered.accepted) return rejected(answered, actor, guest.id);

  const accepted = close(invitation, 'Accepted', context.now);
  const redeemed: Person = {
    ...guest,
    version: guest.version + 1,
    externalUserState: 'Accepted',
    identities: ['mail'],
  };
  return accept(
    { personId: guest.id },
    {
      put: [...answered.change.put, putInvitation(accepted), putPerson(redeemed)],
      audit: [
        fact('invitation.accept', { ...actor, personId: guest.id }, guest.id, {
          details: {
            before: guest.externalUserState,
            after: redeemed.externalUserState,
            identity: 'mail',
            termsVersion: organisation.terms?.version ?? null,
          },
        }),
      ],
      events: [changed(accepted)],
    },
  );
}

/** Says no to an invitation; it can be sent again. Refuses `invitation-closed`. */
export function declineInvitation(
  { invitation, guest }: Redemption,
  actor: Actor,
  { now }: Context,
): Decision<{ personId: PersonId }> {
  const closed = closedAlready(invitation);
  if (closed) return refuse(closed);
  const declined = close(invitation, 'Declined', now);
  return accept(
    { personId: guest.id },
    {
      put: [putInvitation(declined)],
      audit: [fact('invitation.decline', actor, guest.id)],
      events: [changed(declined)],
    },
  );
}

/**
 * Sends a one-time code to the address of the person who says that this chat account is theirs. Whoever asks learns
 * nothing: an address that nobody has, or that was sent a code a moment ago, gets the same answer and no mail.
 * Refuses `already-linked`.
 */
export function requestLinkCode(
  {
    account,
    person,
    recent,
  }: {
    readonly account: ChatAccount;
    readonly person: Person | null;
    readonly recent: readonly Challenge[];
  },
  actor: Actor,
  context: Context,
): Decision<{ challengeId: ChallengeId | null }> {
  if (account.personId) return refuse({ code: 'already-linked' });
  const silence = accept({ challengeId: null }, {});
  if (!person?.accountEnabled) return silence;
  const issued = issue({ purpose: 'link', subjectId: account.id, personId: person.id, recent }, actor, context);
  return issued.accepted ? issued : silence;
}

/** Binds a chat account to the person whose address the code was sent to. Refuses `already-linked`, `code-wrong`, `code-spent`. */
export function linkAccount(
  {
    account,
    challenge,
    codeRight,
  }: {
    readonly account: ChatAccount;
    readonly challenge: Challenge | null;
    readonly codeRight: boolean;
  },
  actor: Actor,
  context: Context,
): Decision<{ personId: PersonId }> {
  if (account.personId) return refuse({ code: 'already-linked' });
  const answered = answerChallenge(challenge, codeRight, context);
  if (!answered.accepted) return challenge ? rejected(answered, actor, challenge.personId) : answered;
  const { personId } = answered.answer;
  return accept(
    { personId },
    {
      ...bound(account, personId, 'code', actor),
      put: [...answered.change.put, putAccount(account, personId, 'code')],
    },
  );
}

/** Binds a chat account for whose user the platform vouches: by their id in the directory, or by their address. */
export const recogniseAccount = (
  account: ChatAccount,
  person: Person,
  by: 'directory' | 'mail',
  actor: Actor,
): Decision<{ personId: PersonId }> =>
  accept(
    { personId: person.id },
    { ...bound(account, person.id, by, actor), put: [putAccount(account, person.id, 'platform')] },
  );

/** Unbinds a chat account: it was deactivated, or the platform no longer vouches for what it was bound by. */
export const releaseAccount = (
  account: ChatAccount,
  why: 'deactivated' | 'no-longer-vouched-for',
  actor: Actor,
): Decision<null> =>
  accept(null, {
    audit: [fact('account.unlink', actor, account.personId, { reason: why, details: accountDetails(account) })],
    put: [putAccount(account, null, null)],
  });

const putAccount = (account: ChatAccount, personId: PersonId | null, provenBy: ChatAccount['provenBy']): Entity => ({
  entity: 'ChatAccount',
  value: { ...account, version: account.version + 1, personId, provenBy },
});

const accountDetails = ({ platform, tenantId, userId }: ChatAccount) => ({
  platform,
  tenant: tenantId,
  user: userId,
});

const bound = (account: ChatAccount, personId: PersonId, by: string, actor: Actor): Partial<Change> => ({
  audit: [
    fact('account.link', { ...actor, personId }, personId, {
      details: { ...accountDetails(account), by },
    }),
  ],
});
