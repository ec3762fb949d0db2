import { timeOutActivation, warnOfEnd } from '../domain/activation.ts';
import type { Activation } from '../domain/activation-parts.ts';
import { startAssignment } from '../domain/assign.ts';
import type { ActiveAssignment, Assignment } from '../domain/assignment.ts';
import { accept, type DeadlineKind, type Decision } from '../domain/change.ts';
import { askBackups, askNewlyNamed, remindApprovers } from '../domain/decide-request.ts';
import { beginDelegation, expireDelegation } from '../domain/delegate.ts';
import { endEligibility, expireActivation } from '../domain/ending.ts';
import type { AssignmentId, DelegationId, RequestId } from '../domain/ids.ts';
import { remindReviewers } from '../domain/oversee-break-glass.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { approvalsOf } from './approvals.ts';
import { begin } from './begin.ts';
import { delegated } from './delegate.ts';
import { dependentsOf } from './dependents.ts';
import type { DecideMatters, Matter } from './execute.ts';
import { brokenAmong } from './overseers.ts';
import { placesOf } from './places.ts';
import type { Reads } from './ports.ts';
import { systemActor } from './who.ts';

export interface DueDeadline extends Matter {
  readonly deadlineId: string;
  readonly kind: DeadlineKind;
}

const nothing = accept(null, {});

const waits = ({ state }: AssignmentRequest): boolean => state.status === 'PendingApproval';

/** Decides what is due: starts, beginnings, ends, warnings, time-outs, backups, reminders, reviews and who stands in, as the state stands now. */
export const decideDeadlines =
  (reads: Reads): DecideMatters<DueDeadline> =>
  async (due, context) => {
    const of = (kinds: readonly DeadlineKind[]) => due.filter(({ kind }) => kinds.includes(kind)).map(({ id }) => id);
    const assignments = new Map(
      (await reads.assignments(of(['start', 'end', 'warn']) as AssignmentId[])).map((item) => [
        item.id as string,
        item,
      ]),
    );
    const requestIds = [
      ...of(['time-out', 'backup', 'remind', 'ask', 'begin']),
      ...[...assignments.values()].flatMap((item) =>
        item.kind === 'active' && item.requestId ? [item.requestId] : [],
      ),
    ] as RequestId[];
    const requests = new Map((await reads.requests(requestIds)).map((item) => [item.id as string, item]));
    const approvalOf = await approvalsOf(reads, [...requests.values()].filter(waits), context.now);
    const brokenOf = await brokenAmong(reads, await reads.requests(of(['review']) as RequestId[]), context.now);
    const placeOf = await placesOf(reads, [...assignments.values(), ...requests.values()]);

    const activationOf = (assignment: ActiveAssignment): Activation => ({
      assignment,
      request: assignment.requestId ? (requests.get(assignment.requestId) ?? null) : null,
      place: placeOf(assignment),
    });

    const end = async (assignment: Assignment): Promise<Decision<unknown>> => {
      const dependents = await dependentsOf(reads, assignment);
      return assignment.kind === 'active'
        ? expireActivation(activationOf(assignment), dependents, systemActor, context)
        : endEligibility({ eligible: assignment, dependents, place: placeOf(assignment) }, systemActor, context);
    };

    const start = (assignment: Assignment): Decision<unknown> =>
      assignment.kind === 'active' ? startAssignment(activationOf(assignment), systemActor, context) : nothing;

    const onWaiting = async (
      request: AssignmentRequest,
      kind: 'backup' | 'remind' | 'ask',
    ): Promise<Decision<unknown>> => {
      if (!waits(request)) return nothing;
      const approval = approvalOf(request);
      if (kind === 'remind') return remindApprovers({ request, approval }, context);
      if (kind === 'ask')
        return askNewlyNamed({ request, approval, asked: await reads.askedAbout(request.id) }, context);
      const unreached = await reads.unreachedAbout(request.id);
      return askBackups({ request, approval, unreached, place: placeOf(request) }, systemActor, context);
    };

    const onDelegation = async (
      id: string,
      kind: 'delegation-start' | 'delegation-end',
    ): Promise<Decision<unknown>> => {
      const delegation = await reads.delegation(id as DelegationId);
      if (!delegation) return nothing;
      const state = await delegated(reads, delegation, context.now);
      return kind === 'delegation-start'
        ? beginDelegation(state, systemActor, context)
        : expireDelegation(state, systemActor, context);
    };

    const review = (id: string): Decision<unknown> => {
      const broken = brokenOf.get(id);
      return broken ? remindReviewers(broken.breakGlass, broken.overseerIds) : nothing;
    };

    const decisions: Decision<unknown>[] = [];
    for (const { id, kind } of due) {
      if (kind === 'delegation-start' || kind === 'delegation-end') {
        decisions.push(await onDelegation(id, kind));
        continue;
      }
      const assignment = assignments.get(id);
      const request = requests.get(id);
      if (kind === 'review') decisions.push(review(id));
      else if (kind === 'time-out')
        decisions.push(
          request ? timeOutActivation({ request, place: placeOf(request) }, systemActor, context) : nothing,
        );
      else if (kind === 'backup' || kind === 'remind' || kind === 'ask')
        decisions.push(request ? await onWaiting(request, kind) : nothing);
      else if (kind === 'begin')
        decisions.push(request ? await begin(reads, request, placeOf(request), context) : nothing);
      else if (!assignment) decisions.push(nothing);
      else if (kind === 'start') decisions.push(start(assignment));
      else decisions.push(kind === 'end' ? await end(assignment) : warnOfEnd(assignment, context.now));
    }
    return decisions;
  };
