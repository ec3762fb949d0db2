import {
  type Activation,
  endEligibility,
  expireActivation,
  timeOutActivation,
  warnOfEnd,
} from '../domain/activation.ts';
import type { ActiveAssignment, Assignment } from '../domain/assignment.ts';
import { accept, type Context, type DeadlineKind, type Decision } from '../domain/change.ts';
import type { AssignmentId, RequestId } from '../domain/ids.ts';
import type { DecideMatters, Matter } from './execute.ts';
import { type Governed, governing } from './lookups.ts';
import type { Reads } from './ports.ts';
import { systemActor } from './who.ts';

export interface DueDeadline extends Matter {
  readonly deadlineId: string;
  readonly kind: DeadlineKind;
}

const nothing = accept(null, {});

/** The governing of each (role, scope), asked once. */
export function rememberedGoverning(reads: Reads): (of: Pick<Assignment, 'roleId' | 'scopeId'>) => Promise<Governed> {
  const known = new Map<string, Promise<Governed>>();
  return (of) => {
    const key = `${of.roleId} ${of.scopeId}`;
    const governed = known.get(key) ?? governing(reads, of);
    known.set(key, governed);
    return governed;
  };
}

/** Decides what is due: ends, warnings and time-outs, as the state stands now. */
export const decideDeadlines =
  (reads: Reads): DecideMatters<DueDeadline> =>
  async (due, context) => {
    const of = (kinds: readonly DeadlineKind[]) => due.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
    const assignments = new Map(
      (await reads.assignments(of(['end', 'warn']) as AssignmentId[])).map((item) => [item.id as string, item]),
    );
    const requestIds = [
      ...of(['time-out']),
      ...[...assignments.values()].flatMap((item) =>
        item.kind === 'active' && item.requestId ? [item.requestId] : [],
      ),
    ] as RequestId[];
    const requests = new Map((await reads.requests(requestIds)).map((item) => [item.id as string, item]));
    const governed = rememberedGoverning(reads);

    const activationOf = async (assignment: ActiveAssignment): Promise<Activation> => ({
      assignment,
      request: assignment.requestId ? (requests.get(assignment.requestId) ?? null) : null,
      place: (await governed(assignment)).place,
    });

    const end = async (assignment: Assignment): Promise<Decision<unknown>> =>
      assignment.kind === 'active'
        ? expireActivation(await activationOf(assignment), systemActor, context)
        : endOf(reads, assignment, (await governed(assignment)).place, context);

    const decisions: Decision<unknown>[] = [];
    for (const { id, kind } of due) {
      const assignment = assignments.get(id);
      const request = requests.get(id);
      if (kind === 'time-out')
        decisions.push(
          request
            ? timeOutActivation({ request, place: (await governed(request)).place }, systemActor, context)
            : nothing,
        );
      else if (!assignment) decisions.push(nothing);
      else decisions.push(kind === 'end' ? await end(assignment) : warnOfEnd(assignment, context.now));
    }
    return decisions;
  };

/** The end of an eligible assignment takes along the request and the activation that hang on it. */
async function endOf(
  reads: Reads,
  eligible: Extract<Assignment, { kind: 'eligible' }>,
  place: Governed['place'],
  context: Context,
): Promise<Decision<unknown>> {
  const [openRequest, inForce] = await Promise.all([
    reads.openRequestOf(eligible.id),
    reads.inForce(eligible.principalId, eligible.roleId, eligible.scopeId),
  ]);
  const own = inForce?.eligibilityId === eligible.id ? inForce : null;
  const activation = own && {
    assignment: own,
    request: own.requestId ? await reads.request(own.requestId) : null,
    place,
  };
  return endEligibility({ eligible, openRequest, activation, place }, systemActor, context);
}
