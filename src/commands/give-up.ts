import { z } from 'zod';
import {
  type Activation,
  cancelActivation,
  deactivate as deactivateActivation,
  type Place,
} from '../domain/activation.ts';
import type { AssignmentId, RequestId } from '../domain/ids.ts';
import { reference } from '../domain/ids.ts';
import type { ActivationRequest } from '../domain/request.ts';
import type { PersonCommand } from './execute.ts';
import { findRequest, governing, isRefusal, pick } from './lookups.ts';

const recent = 50;

const cancelInput = z.object({ requestId: z.string().default('') });

/** Takes back one's own request while it waits. */
export const cancel: PersonCommand<
  z.output<typeof cancelInput>,
  { request: ActivationRequest; place: Place },
  { requestId: RequestId }
> = {
  name: 'cancel',
  for: 'person',
  input: cancelInput,
  load: async (reads, { requestId }, { person }) => {
    const request = await findRequest(reads, requestId, async () =>
      (await reads.requestsOf(person.id, recent)).filter((own) => own.state.status === 'PendingApproval'),
    );
    if (isRefusal(request)) return request;
    // Somebody else's is answered like one that does not exist.
    if (request.principalId !== person.id) return { refusal: { code: 'request-unknown' } };
    return { request, place: (await governing(reads, request)).place };
  },
  decide: (state, _input, { actor }, context) => cancelActivation(state, actor, context),
};

const deactivateInput = z.object({ assignmentId: z.string().default('') });

/** Gives up one's own activation before its end. */
export const deactivate: PersonCommand<z.output<typeof deactivateInput>, Activation, { assignmentId: AssignmentId }> = {
  name: 'deactivate',
  for: 'person',
  input: deactivateInput,
  load: async (reads, { assignmentId }, { person }) => {
    const own = (await reads.openActivesOf(person.id)).filter((active) => active.requestId !== null);
    // Cards show the reference of the request, so that is what people type.
    const byRequest = own.find(
      ({ requestId }) => requestId && reference(requestId) === assignmentId.trim().toLowerCase(),
    );
    const picked = byRequest ?? pick(assignmentId, own);
    if (Array.isArray(picked))
      return {
        refusal: { code: 'request-ambiguous', matches: picked.map(({ requestId }) => reference(requestId ?? '')) },
      };
    if (!picked) return { refusal: { code: 'assignment-unknown' } };
    const [{ place }, request] = await Promise.all([
      governing(reads, picked),
      picked.requestId ? reads.request(picked.requestId) : null,
    ]);
    return { assignment: picked, request, place };
  },
  decide: (activation, _input, { actor }, context) => deactivateActivation(activation, actor, context),
};
