import type { Place } from '../domain/activation-parts.ts';
import { accept, type Context, type Decision } from '../domain/change.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { beginActivation } from '../domain/request-activation.ts';
import { activeThereOrAbove } from './eligibles.ts';
import { audienceOf, governing } from './lookups.ts';
import { Conflict, type Reads } from './ports.ts';
import { systemActor } from './who.ts';

/** Begins a scheduled activation whose time has come, as everything stands now. */
export async function begin(
  reads: Reads,
  request: AssignmentRequest,
  place: Place,
  context: Context,
): Promise<Decision<unknown>> {
  const [eligible, requester] = await Promise.all([
    reads.assignment(request.eligibilityId),
    reads.person(request.principalId),
  ]);
  if (eligible?.kind !== 'eligible' || !requester) return accept(null, {});
  const [{ settings, chain }, own] = await Promise.all([
    governing(reads, request, audienceOf(requester)),
    reads.eligiblesFor(requester.id, context.now),
  ]);
  const inForce = await activeThereOrAbove(reads, requester.id, request.roleId, chain);
  // Both are due, after a time in which nobody looked: what was active until now has to end first.
  if (inForce?.endsAt && inForce.endsAt <= context.now) throw new Conflict('what should be over is not over yet');
  const theirs = own.some(({ id }) => id === eligible.id);
  return beginActivation({ request, eligible, theirs, requester, settings, inForce, place }, systemActor, context);
}
