import { z } from 'zod';
import { decideActivation } from '../domain/activation.ts';
import type { RequestId } from '../domain/ids.ts';
import type { PersonCommand } from './execute.ts';
import { approversOf, findRequest, governing, isRefusal, waitingFor } from './lookups.ts';

const input = z.object({
  /** Whole, or its reference; empty where only one waits. */
  requestId: z.string().default(''),
  justification: z.string().default(''),
});

type State = Omit<Parameters<typeof decideActivation>[0], 'decider'>;

const deciding = (
  name: 'approve' | 'deny',
): PersonCommand<z.output<typeof input>, State, { requestId: RequestId }> => ({
  name,
  for: 'person',
  input,
  load: async (reads, { requestId }, { person }, now) => {
    const request = await findRequest(reads, requestId, () => waitingFor(reads, person.id, now));
    if (isRefusal(request)) return request;
    const governed = await governing(reads, request);
    const [eligible, requester, approvers, inForce] = await Promise.all([
      reads.assignment(request.eligibilityId),
      reads.person(request.principalId),
      approversOf(reads, governed, now),
      reads.inForce(request.principalId, request.roleId, request.scopeId),
    ]);
    if (eligible?.kind !== 'eligible' || !requester) return { refusal: { code: 'request-unknown' } };
    const approverIds = approvers.map((approver) => approver.id);
    return { request, eligible, requester, approverIds, inForce, place: governed.place };
  },
  decide: (state, { justification }, { person, actor }, context) =>
    decideActivation({ ...state, decider: person }, { approve: name === 'approve', justification }, actor, context),
});

/** Approves a request that waits for the caller. */
export const approve = deciding('approve');

/** Denies a request that waits for the caller. */
export const deny = deciding('deny');
