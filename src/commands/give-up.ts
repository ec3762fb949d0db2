import { z } from 'zod';
import { cancelActivation } from '../domain/activation.ts';
import type { Activation, Place } from '../domain/activation-parts.ts';
import { type Dependents, deactivate as deactivateActivation } from '../domain/ending.ts';
import type { AssignmentId, RequestId } from '../domain/ids.ts';
import { reference } from '../domain/ids.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { dependentsOf } from './dependents.ts';
import type { PersonCommand } from './execute.ts';
import { findRequest, isRefusal, pick, placeOf } from './lookups.ts';

const recent = 50;

const cancelInput = z.object({ requestId: z.string().default('') });

/** Takes back one's own request while it waits. */
export const cancel: PersonCommand<
  z.output<typeof cancelInput>,
  { request: AssignmentRequest; place: Place },
  { requestId: RequestId }
> = {
  name: 'cancel',
  for: 'person',
  input: cancelInput,
  load: async (reads, { requestId }, { person }) => {
    const request = await findRequest(reads, requestId, async () =>
      (await reads.requestsOf(person.id, recent)).filter(({ state }) =>
        ['PendingEvaluation', 'PendingApproval', 'ScheduleCreated'].includes(state.status),
      ),
    );
    if (isRefusal(request)) return request;
    // Somebody else's is answered like one that does not exist.
    if (request.principalId !== person.id) return { refusal: { code: 'request-unknown' } };
    return { request, place: await placeOf(reads, request) };
  },
  decide: (state, _input, { actor }, context) => cancelActivation(state, actor, context),
};

const deactivateInput = z.object({ assignmentId: z.string().default('') });

/** Gives up one's own activation before its end. */
export const deactivate: PersonCommand<
  z.output<typeof deactivateInput>,
  Activation & { readonly dependents: Dependents },
  { assignmentId: AssignmentId }
> = {
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
    const [place, request, dependents] = await Promise.all([
      placeOf(reads, picked),
      picked.requestId ? reads.request(picked.requestId) : null,
      dependentsOf(reads, picked),
    ]);
    return { assignment: picked, request, place, dependents };
  },
  decide: (activation, _input, { actor }, context) =>
    deactivateActivation(activation, activation.dependents, actor, context),
};
