import { type Activation, confirmGone, confirmGranted, failProvisioning, reportStuck } from '../domain/activation.ts';
import type { ActiveAssignment } from '../domain/assignment.ts';
import { accept, type Decision } from '../domain/change.ts';
import type { AssignmentId, RequestId } from '../domain/ids.ts';
import type { DecideMatters, Matter } from './execute.ts';
import type { Reads } from './ports.ts';
import { placesOf } from './settle-deadlines.ts';
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

/** Decides what the target system's answers mean: confirmed, gone, failed, or an end that does not take. */
export const decideProvisioning =
  (reads: Reads): DecideMatters<ProvisioningResult> =>
  async (results, context) => {
    const assignments = new Map((await reads.assignments(results.map(({ id }) => id))).map((item) => [item.id, item]));
    const actives = [...assignments.values()].filter((item): item is ActiveAssignment => item.kind === 'active');
    const requests = new Map(
      (await reads.requests(actives.flatMap(({ requestId }) => requestId ?? []))).map((item) => [item.id, item]),
    );
    const placeOf = await placesOf(reads, actives);
    const requestOf = (id: RequestId | null) => (id ? (requests.get(id) ?? null) : null);

    const decisions: Decision<unknown>[] = [];
    for (const { id, result } of results) {
      const assignment = assignments.get(id);
      if (assignment?.kind !== 'active') {
        decisions.push(accept(null, {}));
        continue;
      }
      const place = placeOf(assignment);
      decisions.push(decide({ assignment, request: requestOf(assignment.requestId), place }, result));
    }
    return decisions;

    function decide(activation: Activation, result: ProvisioningResult['result']): Decision<unknown> {
      switch (result.found) {
        case 'granted':
          return confirmGranted(activation, result, systemActor, context);
        case 'gone':
          return confirmGone(activation, systemActor, context);
        case 'failure':
          return activation.assignment.state.status === 'Revoking'
            ? reportStuck(activation, result, systemActor)
            : failProvisioning(activation, result, systemActor, context);
        default:
          return result satisfies never;
      }
    }
  };
