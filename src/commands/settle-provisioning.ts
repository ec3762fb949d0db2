import { confirmGranted, failProvisioning, reportStuck } from '../domain/activation.ts';
import type { Activation } from '../domain/activation-parts.ts';
import type { ActiveAssignment } from '../domain/assignment.ts';
import { accept, type Decision } from '../domain/change.ts';
import { confirmGone } from '../domain/ending.ts';
import { confirmMove, failMove } from '../domain/extend.ts';
import type { AssignmentId } from '../domain/ids.ts';
import { confirmBreakGlassGone } from '../domain/oversee-break-glass.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import type { DecideMatters, Matter } from './execute.ts';
import { brokenAmong } from './overseers.ts';
import { placesOf } from './places.ts';
import type { Reads } from './ports.ts';
import { systemActor } from './who.ts';

/** What came back from a target system about one assignment. */
export interface ProvisioningResult extends Matter {
  readonly id: AssignmentId;
  readonly result:
    | { readonly found: 'granted'; readonly endsAt: Date | null }
    | { readonly found: 'gone' }
    /** It refuses for good, or did not come round however often it was asked. */
    | { readonly found: 'failure'; readonly reason: string };
}

/** The request that each of these came from, or by which a direct one is being brought about. */
async function requestsFor(
  reads: Reads,
  actives: readonly ActiveAssignment[],
): Promise<(active: ActiveAssignment) => AssignmentRequest | null> {
  const [made, underWay] = await Promise.all([
    reads.requests(actives.flatMap(({ requestId }) => requestId ?? [])),
    reads.provisioningRequestsOf(actives.filter(({ requestId }) => requestId === null).map(({ id }) => id)),
  ]);
  const byId = new Map(made.map((request) => [request.id, request]));
  const byOutcome = new Map(
    underWay.map((request) => ['assignmentId' in request.state ? request.state.assignmentId : null, request]),
  );
  return ({ id, requestId }) => (requestId ? byId.get(requestId) : byOutcome.get(id)) ?? null;
}

/** Decides what the target system's answers mean: confirmed, gone, failed, or an end that does not take. */
export const decideProvisioning =
  (reads: Reads): DecideMatters<ProvisioningResult> =>
  async (results, context) => {
    const assignments = new Map((await reads.assignments(results.map(({ id }) => id))).map((item) => [item.id, item]));
    const actives = [...assignments.values()].filter((item): item is ActiveAssignment => item.kind === 'active');
    const requestOf = await requestsFor(reads, actives);
    const placeOf = await placesOf(reads, actives);
    const brokenOf = await brokenAmong(
      reads,
      results.flatMap(({ id, result }) => {
        const active = actives.find((item) => item.id === id);
        return result.found === 'gone' && active ? (requestOf(active) ?? []) : [];
      }),
      context.now,
    );

    const decisions: Decision<unknown>[] = [];
    for (const { id, result } of results) {
      const assignment = assignments.get(id);
      if (assignment?.kind !== 'active') {
        decisions.push(accept(null, {}));
        continue;
      }
      const place = placeOf(assignment);
      decisions.push(decide({ assignment, request: requestOf(assignment), place }, result));
    }
    return decisions;

    function gone(activation: Activation): Decision<unknown> {
      const { request } = activation;
      const broken = request && brokenOf.get(request.id);
      if (!broken) return confirmGone(activation, systemActor, context);
      const { breakGlass, overseerIds } = broken;
      return confirmBreakGlassGone({ ...activation, request, breakGlass }, overseerIds, systemActor, context);
    }

    function decide(activation: Activation, result: ProvisioningResult['result']): Decision<unknown> {
      switch (result.found) {
        case 'granted':
          if (activation.assignment.state.status === 'Extending')
            return confirmMove(activation, result, systemActor, context);
          return confirmGranted(activation, result, systemActor, context);
        case 'gone':
          return gone(activation);
        case 'failure':
          if (activation.assignment.state.status === 'Extending')
            return failMove(activation, result, systemActor, context);
          return activation.assignment.state.status === 'Revoking'
            ? reportStuck(activation, result, systemActor)
            : failProvisioning(activation, result, systemActor, context);
        default:
          return result satisfies never;
      }
    }
  };
