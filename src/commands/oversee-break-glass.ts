import { z } from 'zod';
import { may, notAllowed, overseersOf } from '../domain/authorisation.ts';
import type { Dependents } from '../domain/ending.ts';
import { isUuid, type PersonId, type RequestId } from '../domain/ids.ts';
import { type BrokenGlass, endBreakGlass as end, reviewBreakGlass as review } from '../domain/oversee-break-glass.ts';
import { dependentsOf } from './dependents.ts';
import type { PersonCommand } from './execute.ts';
import { governing, isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

type Answer = { readonly requestId: RequestId };

/** Break-glass access by its request, for who oversees it now. Refuses `request-unknown` and `not-allowed`. */
async function findBroken(reads: Reads, requestId: string, { held }: PersonCaller): Promise<BrokenGlass | Refused> {
  const unknown: Refused = { refusal: { code: 'request-unknown' } };
  if (!isUuid(requestId)) return unknown;
  const id = requestId as RequestId;
  const [request, breakGlass] = await Promise.all([reads.request(id), reads.breakGlass(id)]);
  if (!request || !breakGlass || !('assignmentId' in request.state)) return unknown;
  const [assignment, { role, chain, group, place }] = await Promise.all([
    reads.assignment(request.state.assignmentId),
    governing(reads, request, 'everyone'),
  ]);
  if (assignment?.kind !== 'active') return unknown;
  const overseers = overseersOf(role, group);
  if (!may(held, overseers, chain)) return { refusal: notAllowed('oversee-break-glass', overseers) };
  return { request, breakGlass, assignment, place };
}

const endInput = z.object({ requestId: z.string().default(''), justification: z.string().default('') });

/** Ends somebody's break-glass access at once. */
export const endBreakGlass: PersonCommand<
  z.output<typeof endInput>,
  BrokenGlass & { readonly dependents: Dependents },
  Answer
> = {
  name: 'end-break-glass',
  for: 'person',
  input: endInput,
  load: async (reads, { requestId }, caller) => {
    const broken = await findBroken(reads, requestId, caller);
    return isRefusal(broken) ? broken : { ...broken, dependents: await dependentsOf(reads, broken.assignment) };
  },
  decide: (state, { justification }, { actor, person }, context) =>
    end(state, justification, { ...actor, personId: person.id }, context),
};

const reviewInput = z.object({
  requestId: z.string().default(''),
  result: z.enum(['justified', 'not-justified']),
  justification: z.string().default(''),
});

/** Says whether somebody's break-glass access was justified. */
export const reviewBreakGlass: PersonCommand<z.output<typeof reviewInput>, BrokenGlass, Answer> = {
  name: 'review-break-glass',
  for: 'person',
  input: reviewInput,
  load: (reads, { requestId }, caller) => findBroken(reads, requestId, caller),
  decide: (state, { result, justification }, { actor, person }, context) =>
    review(
      state,
      { justified: result === 'justified', comment: justification },
      { ...actor, personId: person.id as PersonId },
      context,
    ),
};
