import { type Approval, agreedMinutes, approvalsIn, panelAt, seatsOf, stageOf } from '../domain/approval.ts';
import { formatDuration } from '../domain/duration.ts';
import type { PersonId } from '../domain/ids.ts';
import type { AssignmentRequest, Vote } from '../domain/request.ts';
import { shortestActivationMinutes } from '../domain/role-settings.ts';
import type { ApprovalShown } from './cards.ts';
import type { Reading } from './sentence.ts';

const usualMinutes = [shortestActivationMinutes, 60, 120, 240, 480, 720];

/** How far the approval of a request is, whose word it has, and what the reader has to do with it. */
export async function approvalShown(
  request: AssignmentRequest,
  /** `null` once nothing waits. */
  approval: Approval | null,
  { personId, time, language }: Reading & { readonly personId: PersonId | null },
  nameOf: (id: PersonId) => Promise<string | null>,
): Promise<ApprovalShown> {
  const { votes, state, durationMinutes } = request;
  const minutes = agreedMinutes(request);
  const lasts = (given: number) => formatDuration(given, language);
  const stages = approval ? approval.panels.length : Math.max(1, ...votes.map(({ stage }) => stage));
  const shown = async ({ by, insteadOf, at, stage, justification, durationMinutes: shorter }: Vote) => ({
    by: (await nameOf(by)) ?? '',
    insteadOf: insteadOf && (await nameOf(insteadOf)),
    at: time(at),
    stage: stages > 1 ? String(stage) : null,
    justification,
    duration: shorter === null ? null : lasts(shorter),
  });
  const deciding = state.status === 'PendingApproval' ? null : votes.at(-1);
  const earlier = await Promise.all(votes.filter((vote) => vote !== deciding).map(shown));
  const base = {
    votes: earlier,
    decidedFor: deciding?.insteadOf ? await nameOf(deciding.insteadOf) : null,
    agreed: minutes < durationMinutes ? lasts(minutes) : null,
  };
  const nobody = {
    stage: null,
    stages: null,
    approvals: null,
    quorum: null,
    turn: null,
    askedAs: null,
    insteadOf: null,
  };
  if (!approval || state.status !== 'PendingApproval') return { ...base, ...nobody, shorter: [], asked: '' };
  const stage = stageOf(request, approval);
  const { quorum } = panelAt(approval, stage);
  const seat = seatsOf(request, approval).find(({ person }) => person.id === personId);
  const askedAs = seat?.as === 'approver' ? null : (seat?.as ?? null);
  const choices = [...usualMinutes.filter((choice) => choice < minutes), minutes];
  return {
    ...base,
    stage: stages > 1 ? String(stage) : null,
    stages: stages > 1 ? String(stages) : null,
    approvals: quorum > 1 ? String(approvalsIn(stage, votes)) : null,
    quorum: quorum > 1 ? String(quorum) : null,
    turn: seat ? 'now' : 'not',
    askedAs: askedAs && (state.backups ? `${askedAs}-${state.backups}` : `${askedAs}-needed`),
    insteadOf: seat?.insteadOf ? await nameOf(seat.insteadOf) : null,
    // What is extended or renewed lasts for days: that is shortened by typing.
    shorter:
      request.action === 'selfActivate' && choices.length > 1
        ? choices.map((value) => ({ title: lasts(value), value: String(value) }))
        : [],
    asked: String(minutes),
  };
}
