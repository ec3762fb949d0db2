import {
  type Activation,
  endEligibility,
  expireActivation,
  type Place,
  timeOutActivation,
  warnOfEnd,
} from '../domain/activation.ts';
import type { ActiveAssignment, Assignment } from '../domain/assignment.ts';
import { accept, type Context, type DeadlineKind, type Decision } from '../domain/change.ts';
import type { AssignmentId, RequestId } from '../domain/ids.ts';
import type { DecideMatters, Matter } from './execute.ts';
import type { Reads } from './ports.ts';
import { systemActor } from './who.ts';

export interface DueDeadline extends Matter {
  readonly deadlineId: string;
  readonly kind: DeadlineKind;
}

const nothing = accept(null, {});

type Placed = Pick<Assignment, 'roleId' | 'scopeId'>;

/** The places of all of these, in two queries however many there are. */
export async function placesOf(reads: Reads, all: readonly Placed[]): Promise<(of: Placed) => Place> {
  if (all.length === 0) return (of) => fault(of);
  const [roles, scopes] = await Promise.all([
    reads.roles(),
    reads.scopesById([...new Set(all.map(({ scopeId }) => scopeId))]),
  ]);
  const roleOf = new Map(roles.map((role) => [role.id, role]));
  const scopeOf = new Map(scopes.map((scope) => [scope.id, scope]));
  return (of) => {
    const [role, scope] = [roleOf.get(of.roleId), scopeOf.get(of.scopeId)];
    return role && scope ? { role, scope } : fault(of);
  };
}

const fault = ({ roleId, scopeId }: Placed): never => {
  throw new Error(`no role ${roleId} at ${scopeId}`);
};

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
    const placeOf = await placesOf(reads, [...assignments.values(), ...requests.values()]);

    const activationOf = (assignment: ActiveAssignment): Activation => ({
      assignment,
      request: assignment.requestId ? (requests.get(assignment.requestId) ?? null) : null,
      place: placeOf(assignment),
    });

    const end = async (assignment: Assignment): Promise<Decision<unknown>> =>
      assignment.kind === 'active'
        ? expireActivation(activationOf(assignment), systemActor, context)
        : endOf(reads, assignment, placeOf(assignment), context);

    const decisions: Decision<unknown>[] = [];
    for (const { id, kind } of due) {
      const assignment = assignments.get(id);
      const request = requests.get(id);
      if (kind === 'time-out')
        decisions.push(
          request ? timeOutActivation({ request, place: placeOf(request) }, systemActor, context) : nothing,
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
  place: Place,
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
