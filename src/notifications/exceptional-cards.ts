import type { Reads } from '../commands/ports.ts';
import type { PersonId, RequestId } from '../domain/ids.ts';
import { type AssignmentRequest, isExceptional } from '../domain/request.ts';
import type { CardData, ExceptionalStatus, RequestCard } from './cards.ts';
import type { Reading } from './sentence.ts';

const statuses: readonly RequestCard['status'][] = [
  'provisioning',
  'active',
  'revoking',
  'ended',
  'failed',
] satisfies readonly ExceptionalStatus[];
const isStatus = (status: RequestCard['status']): status is ExceptionalStatus => statuses.includes(status);

/** The cards of those who are told that somebody has taken access by themselves. */
export function createExceptionalCards<Reader extends Reading>({
  reads,
  nameOf,
  requestCard,
}: {
  readonly reads: Reads;
  readonly nameOf: (id: PersonId | null) => Promise<string | null>;
  readonly requestCard: (request: AssignmentRequest, reader: Reader) => Promise<RequestCard>;
}) {
  /** What both cards show; `null` before it has taken effect. */
  async function access(id: RequestId, reader: Reader) {
    const request = await reads.request(id);
    if (!request || !isExceptional(request) || !('assignmentId' in request.state)) return null;
    const [shown, assignment, breakGlass] = await Promise.all([
      requestCard(request, reader),
      reads.assignment(request.state.assignmentId),
      reads.breakGlass(id),
    ]);
    const { status, requestId, reference, requester, guest, role, scope, justification, closedAt } = shown;
    if (!assignment || !isStatus(status)) return null;
    const endedBy = breakGlass ? await nameOf(breakGlass.endedBy) : null;
    const about = { requestId, reference, who: requester, guest, role, scope, justification, endedBy };
    return {
      shown,
      status,
      breakGlass,
      about: { ...about, since: reader.time(assignment.startsAt), endedAt: closedAt },
    };
  }

  return {
    taken: async (id: RequestId, reader: Reader): Promise<CardData['exceptional'] | null> => {
      const found = await access(id, reader);
      if (!found) return null;
      const { shown, status, breakGlass, about } = found;
      return {
        ...about,
        kind: breakGlass ? 'break-glass' : 'elevation',
        status,
        until: shown.until,
        endReason: shown.endReason,
        mayEnd: breakGlass !== null && (status === 'active' || status === 'provisioning'),
      };
    },

    review: async (id: RequestId, reader: Reader): Promise<CardData['break-glass-review'] | null> => {
      const found = await access(id, reader);
      const review = found?.breakGlass?.review;
      if (!found || !review) return null;
      const answer = review.status === 'answered' ? review : null;
      return {
        ...found.about,
        status: review.status,
        justified: answer?.justified ?? false,
        answeredBy: (answer && (await nameOf(answer.by))) ?? '',
        answeredAt: answer ? reader.time(answer.at) : '',
        comment: answer?.comment ?? null,
      };
    },
  };
}
