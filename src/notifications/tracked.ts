import type { Clock, Reads } from '../commands/ports.ts';
import type { Approval } from '../domain/approval.ts';
import { type ActiveAssignment, type Assignment, isOpen } from '../domain/assignment.ts';
import { challengeMinutes } from '../domain/challenge.ts';
import type { DerivedSecrets } from '../domain/derived-secrets.ts';
import { formatDuration } from '../domain/duration.ts';
import { isRoleMailbox, parseGuestAddress } from '../domain/email-address.ts';
import { askedEnd, type ExtensionSpans } from '../domain/extend.ts';
import {
  type AssignmentId,
  type ChallengeId,
  type CredentialId,
  type DelegationId,
  type GroupId,
  type InvitationId,
  type PersonId,
  type PrincipalId,
  type RequestId,
  reference,
  type SettingsChangeId,
} from '../domain/ids.ts';
import { type AssignmentRequest, decisionOf, isLengthening, topicOf } from '../domain/request.ts';
import { updatable } from '../domain/update-assignment.ts';
import { approvalShown } from './approval-shown.ts';
import { pageSizes } from './card-limits.ts';
import type { CardData, CardOf, DirectAssignment, RequestCard, RequestCardStatus, WaitingCard } from './cards.ts';
import { comesWith } from './comes-with.ts';
import { awaitedStepUp, type ConfirmLink, confirmCard } from './confirm-cards.ts';
import { credentialCard } from './credential-cards.ts';
import { delegationCard } from './delegation-cards.ts';
import { digestCard } from './digest-card.ts';
import { createExceptionalCards } from './exceptional-cards.ts';
import { createExtensionCards } from './extension-cards.ts';
import type { Reading } from './sentence.ts';
import { settingValue, settingWords } from './setting-words.ts';

/** Cards that are posted to somebody and kept up to date from then on; the subject is what they are about. */
export type TrackedCardName = Extract<
  keyof CardData,
  | 'approval'
  | 'request'
  | 'invitation'
  | 'eligible'
  | 'assignment'
  | 'managed'
  | 'activated'
  | 'digest'
  | 'settings-changed'
  | 'ending'
  | 'expired'
  | 'stuck'
  | 'undeliverable'
  | 'credential'
  | 'exceptional'
  | 'delegation'
  | 'break-glass-review'
  | 'mail-invitation'
  | 'mail-code'
>;

/** Who will read the card, and how. */
export interface Reader extends Reading {
  /** `null`: somebody outside, by mail. */
  readonly personId: PersonId | null;
  /** False for an older copy, which a newer one to the same reader has overtaken. */
  readonly latest: boolean;
}

export interface TrackedCards {
  /** The card as its subject stands now; `null` when there is nothing to show any more. */
  show(name: TrackedCardName, subjectId: string, reader: Reader): Promise<CardOf | null>;
  /** A request that waits for the reader, as a row of a list. */
  waitingCard(request: AssignmentRequest, approval: Approval, reader: Reader): Promise<WaitingCard>;
  /** A request as a row of a list. */
  requestCard(request: AssignmentRequest, reader: Reader): Promise<RequestCard & { assignmentId: string | null }>;
}

/** The state of a request with its activation, in the one word that a card shows. */
function statusOf(request: AssignmentRequest, assignment: Assignment | null): RequestCardStatus {
  const { state } = request;
  switch (state.status) {
    case 'PendingEvaluation':
      return 'confirming';
    case 'PendingApproval':
      return 'pending';
    case 'ScheduleCreated':
      return 'scheduled';
    case 'PendingProvisioning':
      return 'provisioning';
    case 'Denied':
      return 'denied';
    case 'Canceled':
      return 'canceled';
    case 'TimedOut':
      return state.why === 'unconfirmed' ? 'unconfirmed' : 'timed-out';
    case 'Failed':
      return 'failed';
    case 'Provisioned':
    case 'Revoked':
      if (isLengthening(request)) return state.status === 'Provisioned' ? 'granted' : 'ended';
      if (assignment?.state.status === 'Active') return 'active';
      return assignment?.state.status === 'Revoking' ? 'revoking' : 'ended';
    default:
      return state satisfies never;
  }
}

/** The state of an active assignment, in the one word that a card shows. */
function directStatus({ state }: ActiveAssignment): DirectAssignment['status'] {
  switch (state.status) {
    case 'Scheduled':
      return 'scheduled';
    case 'Provisioning':
      return 'provisioning';
    case 'Active':
    case 'Extending':
      return 'active';
    case 'Revoking':
      return state.why === 'provisioning-failed' ? 'failed' : 'revoking';
    case 'Ended':
      return 'ended';
    case 'Failed':
      return 'failed';
    default:
      return state satisfies never;
  }
}

const wasRemoved = ({ state }: Assignment) => 'why' in state && state.why === 'removed';

export function createTrackedCards(parts: {
  readonly reads: Reads;
  readonly secrets: DerivedSecrets;
  readonly publicUrl: string;
  readonly confirmLink: ConfirmLink;
  readonly clock: Clock;
  readonly spans: ExtensionSpans;
  /** Why a card could not be delivered, for the card that tells administrators so. */
  readonly failedCard: (
    cardId: string,
  ) => Promise<{ recipientId: PersonId | null; mailTo: string | null; name: string; failure: string } | null>;
  /** Who approves a request that waits, by the settings as they stand now. */
  readonly approvalOf: (request: AssignmentRequest) => Promise<Approval>;
}): TrackedCards {
  const { reads, secrets, publicUrl, confirmLink, clock, failedCard, approvalOf } = parts;

  /** Of a person, or of a group. */
  const nameOf = async (id: PrincipalId | null | undefined) =>
    id ? ((await reads.person(id as PersonId))?.displayName ?? (await reads.group(id as GroupId))?.name ?? null) : null;

  async function placeOf({ roleId, scopeId }: Pick<Assignment, 'roleId' | 'scopeId'>) {
    const [role, chain] = await Promise.all([reads.role(roleId), reads.scopeChain(scopeId)]);
    return { role: role?.name ?? roleId, scope: chain?.[0].name ?? scopeId };
  }

  async function requestCard(request: AssignmentRequest, { time, latest, language }: Reader) {
    const { state } = request;
    const decision = decisionOf(state);
    const assignmentId = 'assignmentId' in state ? state.assignmentId : null;
    const [requester, place, found, decidedBy] = await Promise.all([
      reads.person(request.principalId),
      placeOf(request),
      assignmentId ? reads.assignment(assignmentId) : null,
      nameOf(decision?.by),
    ]);
    const topic = topicOf(request);
    const lengthens = isLengthening(request);
    const assignment = found?.kind === 'active' || lengthens ? found : null;
    const over = !lengthens && assignment && 'why' in assignment.state ? assignment.state : null;
    const closedAt = 'closedAt' in state ? state.closedAt : over && 'at' in over ? over.at : null;
    const status = statusOf(request, assignment);
    // What was granted may have been moved on since; an end that passed says so by itself.
    const end = status === 'active' || status === 'granted' ? assignment?.endsAt : null;
    return {
      requestId: request.id,
      reference: reference(request.id),
      assignmentId,
      status,
      asks: topic,
      asksUntil: topic === 'extension' ? time(askedEnd(request)) : null,
      latest,
      requester: requester?.displayName ?? (await nameOf(request.principalId)) ?? '',
      guest: requester?.userType === 'Guest',
      company: requester?.company ?? null,
      sponsor: await nameOf(requester?.sponsorId),
      ...place,
      comesWith: (await comesWith(reads, request)).roles,
      startsAt: request.startsAt ? time(request.startsAt) : null,
      duration: formatDuration(request.durationMinutes, language),
      justification: request.justification,
      ticket: request.ticket,
      requestedAt: time(request.createdAt),
      waitsUntil: state.status === 'PendingApproval' ? time(state.timesOutAt) : null,
      decidedBy,
      decidedAt: decision ? time(decision.at) : null,
      decisionJustification: decision?.justification ?? null,
      until: end ? time(end) : null,
      closedAt: closedAt ? time(closedAt) : null,
      cancelReason: state.status === 'Canceled' ? (state.why ?? null) : null,
      endReason: over && over.why !== 'provisioning-failed' ? over.why : null,
    };
  }

  /** The same with how far its approval is. */
  async function approvalCard(request: AssignmentRequest, reader: Reader) {
    const approval = request.state.status === 'PendingApproval' ? await approvalOf(request) : null;
    const [card, shown] = await Promise.all([
      requestCard(request, reader),
      approvalShown(request, approval, reader, nameOf),
    ]);
    return { ...card, ...shown };
  }

  async function waitingCard(request: AssignmentRequest, approval: Approval, reader: Reader): Promise<WaitingCard> {
    const [card, { askedAs, insteadOf }] = await Promise.all([
      requestCard(request, reader),
      approvalShown(request, approval, reader, nameOf),
    ]);
    return { ...card, askedAs, insteadOf };
  }

  /** Before it is confirmed, a request is nothing but that. */
  async function toConfirm(id: RequestId, reader: Reader): Promise<CardOf | null> {
    const request = await reads.request(id);
    const stepUp = request && (await awaitedStepUp(reads, request));
    if (!stepUp) return null;
    const open = request.state.status === 'PendingEvaluation';
    const shown = await requestCard(request, reader);
    return { card: 'confirm', data: confirmCard(stepUp, shown, open, confirmLink, reader.time) };
  }

  const about = async (id: RequestId, reader: Reader) => {
    const request = await reads.request(id);
    return request ? approvalCard(request, reader) : null;
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
    const principal = await reads.person(assignment.principalId as PersonId);
    const { state, endsAt } = assignment;
    return {
      assignmentId: id,
      ...(await placeOf(assignment)),
      until: endsAt ? time(endsAt) : null,
      status: state.status === 'InForce' ? 'in-force' : 'ended',
      endedAt: state.status === 'Ended' ? time(state.at) : null,
      redeemed: principal?.externalUserState !== 'PendingAcceptance',
      group: await groupNameOf(assignment),
      from: aheadOf(assignment, time),
      removed: wasRemoved(assignment),
    };
  }

  /** The group that holds it, if one does. */
  const groupNameOf = async ({ principalKind, principalId }: Assignment) =>
    principalKind === 'group' ? nameOf(principalId) : null;

  /** Its start, while that lies ahead. */
  const aheadOf = ({ startsAt, state }: Assignment, time: Reader['time']) =>
    startsAt > clock() && (state.status === 'InForce' || state.status === 'Scheduled') ? time(startsAt) : null;

  /** What is only decided is not claimed: the end that it is to have, while the target system has not confirmed it. */
  const movingOf = ({ state }: Assignment, time: Reader['time']): DirectAssignment['moving'] =>
    state.status === 'Extending' ? { to: state.until && time(state.until) } : null;

  async function direct(assignment: Assignment, time: Reader['time']) {
    const { state, endsAt } = assignment;
    return {
      assignmentId: assignment.id,
      ...(await placeOf(assignment)),
      from: aheadOf(assignment, time),
      until: endsAt ? time(endsAt) : null,
      endedAt: 'at' in state ? time(state.at) : null,
      removed: wasRemoved(assignment),
      moving: movingOf(assignment, time),
    };
  }

  async function assignmentCard(id: AssignmentId, { time }: Reader): Promise<CardData['assignment'] | null> {
    const assignment = await reads.assignment(id);
    if (assignment?.kind !== 'active') return null;
    return {
      ...(await direct(assignment, time)),
      status: directStatus(assignment),
      group: await groupNameOf(assignment),
    };
  }

  async function activatedCard(id: RequestId, reader: Reader): Promise<CardData['activated'] | null> {
    const request = await reads.request(id);
    if (!request) return null;
    const { assignmentId, status, ...shown } = await requestCard(request, reader);
    return {
      ...shown,
      assignmentId: assignmentId ?? '',
      status: status === 'active' || status === 'revoking' ? status : 'ended',
      canRemove: status === 'active' && assignmentId !== null,
    };
  }

  async function settingsChangedCard(
    id: SettingsChangeId,
    { time, language }: Reader,
  ): Promise<CardData['settings-changed'] | null> {
    const change = await reads.settingsChange(id);
    if (!change) return null;
    const { roleId, scopeId, audience, inherit, lines } = change;
    const more = lines.length - pageSizes.settingLines;
    return {
      roleId,
      scopeId,
      audience,
      ...(await placeOf(change)),
      guests: audience === 'guests',
      by: await nameOf(change.personId),
      at: time(change.at),
      inherit,
      lines: lines.slice(0, pageSizes.settingLines).map(({ path, before, after }) => ({
        name: settingWords(path, language),
        before: settingValue(path, before, language),
        after: settingValue(path, after, language),
      })),
      more: more > 0 ? String(more) : null,
    };
  }

  async function managedCard(id: AssignmentId, { time }: Reader): Promise<CardData['managed'] | null> {
    const assignment = await reads.assignment(id);
    if (!assignment) return null;
    const [person, principal] = await Promise.all([
      reads.person(assignment.principalId as PersonId),
      nameOf(assignment.principalId),
    ]);
    const status = assignment.kind === 'active' ? directStatus(assignment) : isOpen(assignment) ? 'eligible' : 'ended';
    return {
      ...(await direct(assignment, time)),
      status,
      reference: reference(id),
      principal: principal ?? '',
      guest: person?.userType === 'Guest',
      ofGroup: assignment.principalKind === 'group',
      canChange: !('code' in updatable(assignment)),
    };
  }

  const ends = createExtensionCards({ ...parts, placeOf });

  async function stuckCard(id: AssignmentId): Promise<CardData['stuck'] | null> {
    const assignment = await reads.assignment(id);
    if (assignment?.kind !== 'active') return null;
    const { state } = assignment;
    const failed = state.status === 'Failed' || ('why' in state && state.why === 'provisioning-failed');
    const inForce = state.status === 'Active' || state.status === 'Extending';
    return {
      assignmentId: id,
      reference: assignment.requestId ? reference(assignment.requestId) : null,
      principal: (await nameOf(assignment.principalId)) ?? '',
      ...(await placeOf(assignment)),
      what: failed ? 'grant' : inForce ? 'extend' : 'revoke',
      resolved: state.status === 'Ended' || state.status === 'Failed',
    };
  }

  const exceptional = createExceptionalCards({ reads, nameOf, requestCard });

  async function undeliverableCard(id: string): Promise<CardData['undeliverable'] | null> {
    const failed = await failedCard(id);
    if (!failed) return null;
    const recipient = failed.mailTo ?? (await nameOf(failed.recipientId)) ?? '';
    return { recipient, about: failed.name, reason: failed.failure };
  }

  async function show(name: TrackedCardName, subjectId: string, reader: Reader): Promise<CardOf | null> {
    const card = async <N extends TrackedCardName>(cardName: N, data: Promise<CardData[N] | null>) => {
      const found = await data;
      return found && ({ card: cardName, data: found } as CardOf);
    };
    switch (name) {
      case 'request':
        return (await toConfirm(subjectId as RequestId, reader)) ?? card(name, about(subjectId as RequestId, reader));
      case 'approval':
        return card(name, about(subjectId as RequestId, reader));
      case 'invitation':
        return card(name, invitationCard(subjectId as InvitationId, reader));
      case 'eligible':
        return card(name, eligibleCard(subjectId as AssignmentId, reader));
      case 'assignment':
        return card(name, assignmentCard(subjectId as AssignmentId, reader));
      case 'managed':
        return card(name, managedCard(subjectId as AssignmentId, reader));
      case 'activated':
        return card(name, activatedCard(subjectId as RequestId, reader));
      case 'digest':
        return card(name, digestCard(reads, subjectId as PersonId, reader, clock()));
      case 'settings-changed':
        return card(name, settingsChangedCard(subjectId as SettingsChangeId, reader));
      case 'ending':
        return card(name, ends.ending(subjectId as AssignmentId, reader));
      case 'expired':
        return card(name, ends.expired(subjectId as AssignmentId, reader));
      case 'stuck':
        return card(name, stuckCard(subjectId as AssignmentId));
      case 'undeliverable':
        return card(name, undeliverableCard(subjectId));
      case 'credential':
        return card(name, credentialCard(reads, subjectId as CredentialId, reader));
      case 'exceptional':
        return card(name, exceptional.taken(subjectId as RequestId, reader));
      case 'break-glass-review':
        return card(name, exceptional.review(subjectId as RequestId, reader));
      case 'delegation':
        return card(name, delegationCard(reads, subjectId as DelegationId, reader));
      case 'mail-invitation':
        return card(name, invitationMail(subjectId as InvitationId));
      case 'mail-code':
        return card(name, codeMail(subjectId as ChallengeId));
      default:
        return name satisfies never;
    }
  }

  return { show, requestCard, waitingCard };
}
