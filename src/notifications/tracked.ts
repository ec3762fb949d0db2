import type { Reads } from '../commands/ports.ts';
import type { ActiveAssignment, Assignment } from '../domain/assignment.ts';
import { challengeMinutes } from '../domain/challenge.ts';
import type { DerivedSecrets } from '../domain/derived-secrets.ts';
import { formatDuration } from '../domain/duration.ts';
import { isRoleMailbox, parseGuestAddress } from '../domain/email-address.ts';
import {
  type AssignmentId,
  type ChallengeId,
  type InvitationId,
  type PersonId,
  type RequestId,
  reference,
} from '../domain/ids.ts';
import { type ActivationRequest, decisionOf } from '../domain/request.ts';
import type { CardData, CardOf, RequestCard, RequestCardStatus } from './cards.ts';

/** Cards that are posted to somebody and kept up to date from then on; the subject is what they are about. */
export type TrackedCardName = Extract<
  keyof CardData,
  | 'approval'
  | 'request'
  | 'invitation'
  | 'eligible'
  | 'ending'
  | 'stuck'
  | 'undeliverable'
  | 'mail-invitation'
  | 'mail-code'
>;

/** Who will read the card, and how instants are shown to them. */
export interface Reader {
  readonly personId: PersonId;
  readonly time: (instant: Date) => string;
  /** False for an older copy, which a newer one to the same reader has overtaken. */
  readonly latest: boolean;
}

export interface TrackedCards {
  /** The card as its subject stands now; `null` when there is nothing to show any more. */
  show(name: TrackedCardName, subjectId: string, reader: Reader): Promise<CardOf | null>;
  /** A request as a row of a list. */
  requestCard(request: ActivationRequest, reader: Reader): Promise<RequestCard & { assignmentId: string | null }>;
}

/** The state of a request with its activation, in the one word that a card shows. */
function statusOf(request: ActivationRequest, assignment: ActiveAssignment | null): RequestCardStatus {
  const { state } = request;
  switch (state.status) {
    case 'PendingApproval':
      return 'pending';
    case 'PendingProvisioning':
      return 'provisioning';
    case 'Denied':
      return 'denied';
    case 'Canceled':
      return 'canceled';
    case 'TimedOut':
      return 'timed-out';
    case 'Failed':
      return 'failed';
    case 'Provisioned':
      if (assignment?.state.status === 'Active') return 'active';
      return assignment?.state.status === 'Revoking' ? 'revoking' : 'ended';
    default:
      return state satisfies never;
  }
}

export function createTrackedCards(parts: {
  readonly reads: Reads;
  readonly secrets: DerivedSecrets;
  readonly publicUrl: string;
  /** Why a card could not be delivered, for the card that tells administrators so. */
  readonly failedCard: (cardId: string) => Promise<{ recipientId: PersonId; name: string; failure: string } | null>;
}): TrackedCards {
  const { reads, secrets, publicUrl, failedCard } = parts;

  const nameOf = async (id: PersonId | null | undefined) =>
    id ? ((await reads.person(id))?.displayName ?? null) : null;

  async function placeOf({ roleId, scopeId }: Pick<Assignment, 'roleId' | 'scopeId'>) {
    const [role, chain] = await Promise.all([reads.role(roleId), reads.scopeChain(scopeId)]);
    return { role: role?.name ?? roleId, scope: chain?.[0].name ?? scopeId };
  }

  async function requestCard(request: ActivationRequest, { time, latest }: Reader) {
    const { state } = request;
    const decision = decisionOf(state);
    const assignmentId = 'assignmentId' in state ? state.assignmentId : null;
    const [requester, place, found, decidedBy] = await Promise.all([
      reads.person(request.principalId),
      placeOf(request),
      assignmentId ? reads.assignment(assignmentId) : null,
      nameOf(decision?.by),
    ]);
    const assignment = found?.kind === 'active' ? found : null;
    const over = assignment && 'why' in assignment.state ? assignment.state : null;
    const closedAt = 'closedAt' in state ? state.closedAt : over && 'at' in over ? over.at : null;
    const status = statusOf(request, assignment);
    return {
      requestId: request.id,
      reference: reference(request.id),
      assignmentId,
      status,
      latest,
      requester: requester?.displayName ?? '',
      guest: requester?.userType === 'Guest',
      company: requester?.company ?? null,
      sponsor: await nameOf(requester?.sponsorId),
      ...place,
      duration: formatDuration(request.durationMinutes),
      justification: request.justification,
      ticket: request.ticket,
      requestedAt: time(request.createdAt),
      waitsUntil: state.status === 'PendingApproval' ? time(state.timesOutAt) : null,
      decidedBy,
      decidedAt: decision ? time(decision.at) : null,
      decisionJustification: decision?.justification ?? null,
      until: status === 'active' && assignment?.endsAt ? time(assignment.endsAt) : null,
      closedAt: closedAt ? time(closedAt) : null,
      endReason: over && over.why !== 'provisioning-failed' ? over.why : null,
    };
  }

  const about = async (id: RequestId, reader: Reader) => {
    const request = await reads.request(id);
    return request ? requestCard(request, reader) : null;
  };

  async function invitationCard(id: InvitationId, { time }: Reader): Promise<CardData['invitation'] | null> {
    const found = await invited(id);
    if (!found) return null;
    const { invitation, guest, first, place } = found;
    const { state } = invitation;
    const address = parseGuestAddress(guest.mail);
    return {
      invitationId: invitation.id,
      status: state.status.toLowerCase() as CardData['invitation']['status'],
      guest: guest.displayName,
      email: guest.mail,
      company: guest.company,
      role: place?.role ?? null,
      scope: place?.scope ?? null,
      until: first?.endsAt ? time(first.endsAt) : null,
      sentAt: time(invitation.sentAt),
      closedAt: 'closedAt' in state ? time(state.closedAt) : null,
      roleMailbox: !('code' in address) && isRoleMailbox(address),
    };
  }

  /** The invitation with its guest and what they were invited for. */
  async function invited(id: InvitationId) {
    const invitation = await reads.invitation(id);
    if (!invitation) return null;
    const guest = await reads.person(invitation.guestId);
    if (!guest) return null;
    const [first] = await reads.openEligiblesOf(guest.id);
    return { invitation, guest, first: first ?? null, place: first ? await placeOf(first) : null };
  }

  async function invitationMail(id: InvitationId): Promise<CardData['mail-invitation'] | null> {
    const found = await invited(id);
    if (found?.invitation.state.status !== 'Pending') return null;
    const { invitation, guest, place } = found;
    return {
      organisation: (await reads.organisation()).name,
      inviter: (await nameOf(invitation.inviterId)) ?? '',
      guest: guest.displayName,
      message: invitation.message || null,
      role: place?.role ?? null,
      scope: place?.scope ?? null,
      link: `${publicUrl}/redeem/${secrets.redemptionToken(invitation.id, invitation.generation)}`,
    };
  }

  async function codeMail(id: ChallengeId): Promise<CardData['mail-code'] | null> {
    const challenge = await reads.challenge(id);
    if (!challenge || challenge.usedAt) return null;
    return {
      organisation: (await reads.organisation()).name,
      code: secrets.codeOf(challenge.id),
      minutes: String(challengeMinutes),
      purpose: challenge.purpose,
    };
  }

  async function eligibleCard(id: AssignmentId, { time }: Reader): Promise<CardData['eligible'] | null> {
    const assignment = await reads.assignment(id);
    if (assignment?.kind !== 'eligible') return null;
    const principal = await reads.person(assignment.principalId);
    const { state, endsAt } = assignment;
    return {
      assignmentId: id,
      ...(await placeOf(assignment)),
      until: endsAt ? time(endsAt) : null,
      status: state.status === 'InForce' ? 'in-force' : 'ended',
      endedAt: state.status === 'Ended' ? time(state.at) : null,
      redeemed: principal?.externalUserState !== 'PendingAcceptance',
    };
  }

  async function endingCard(id: AssignmentId, { time }: Reader): Promise<CardData['ending'] | null> {
    const assignment = await reads.assignment(id);
    if (!assignment) return null;
    const { status } = assignment.state;
    return {
      assignmentId: id,
      kind: assignment.kind,
      ...(await placeOf(assignment)),
      until: assignment.endsAt ? time(assignment.endsAt) : null,
      ended: status !== 'InForce' && status !== 'Active',
    };
  }

  async function stuckCard(id: AssignmentId): Promise<CardData['stuck'] | null> {
    const assignment = await reads.assignment(id);
    if (assignment?.kind !== 'active') return null;
    const { state } = assignment;
    const failed = state.status === 'Failed' || ('why' in state && state.why === 'provisioning-failed');
    return {
      assignmentId: id,
      reference: assignment.requestId ? reference(assignment.requestId) : null,
      principal: (await nameOf(assignment.principalId)) ?? '',
      ...(await placeOf(assignment)),
      what: failed ? 'grant' : 'revoke',
      resolved: state.status === 'Ended' || state.status === 'Failed',
    };
  }

  async function undeliverableCard(id: string): Promise<CardData['undeliverable'] | null> {
    const failed = await failedCard(id);
    return (
      failed && { recipient: (await nameOf(failed.recipientId)) ?? '', about: failed.name, reason: failed.failure }
    );
  }

  async function show(name: TrackedCardName, subjectId: string, reader: Reader): Promise<CardOf | null> {
    const card = async <N extends TrackedCardName>(cardName: N, data: Promise<CardData[N] | null>) => {
      const found = await data;
      return found && ({ card: cardName, data: found } as CardOf);
    };
    switch (name) {
      case 'approval':
      case 'request':
        return card(name, about(subjectId as RequestId, reader));
      case 'invitation':
        return card(name, invitationCard(subjectId as InvitationId, reader));
      case 'eligible':
        return card(name, eligibleCard(subjectId as AssignmentId, reader));
      case 'ending':
        return card(name, endingCard(subjectId as AssignmentId, reader));
      case 'stuck':
        return card(name, stuckCard(subjectId as AssignmentId));
      case 'undeliverable':
        return card(name, undeliverableCard(subjectId));
      case 'mail-invitation':
        return card(name, invitationMail(subjectId as InvitationId));
      case 'mail-code':
        return card(name, codeMail(subjectId as ChallengeId));
      default:
        return name satisfies never;
    }
  }

  return { show, requestCard };
}
