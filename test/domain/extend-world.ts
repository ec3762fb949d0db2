import fc from 'fast-check';
import { confirmGranted, failProvisioning, timeOutActivation, warnOfEnd } from '../../src/domain/activation.ts';
import type { Activation } from '../../src/domain/activation-parts.ts';
import { adminAssign, startAssignment } from '../../src/domain/assign.ts';
import { type ActiveAssignment, type Assignment, isOpen } from '../../src/domain/assignment.ts';
import { accept, type Deadline, type Decision } from '../../src/domain/change.ts';
import { decideRequest } from '../../src/domain/decide-request.ts';
import { confirmGone, endEligibility, expireActivation } from '../../src/domain/ending.ts';
import {
  confirmMove,
  extendDirectly,
  failMove,
  type Lengthening,
  requestExtension,
  uponExtensionApproval,
  usualSpans,
} from '../../src/domain/extend.ts';
import { adminRemove } from '../../src/domain/remove-assignment.ts';
import { type AssignmentRequest, isFinal, topicOf } from '../../src/domain/request.ts';
import { adminUpdate, updatable } from '../../src/domain/update-assignment.ts';
import {
  buildActor,
  buildApproval,
  buildApprover,
  buildGuest,
  buildPerson,
  buildPlace,
  buildRole,
  buildScope,
  buildSettings,
  day,
  ids,
  systemActor,
} from '../support/build.ts';
import { all, createMemory, type Entities, type Memory, newestBut, onward } from './memory.ts';

const place = buildPlace();
const manager = buildPerson();
const people = [buildGuest(), buildApprover(), manager];
const approval = { ...buildApproval({ approvers: [buildApprover()] }), managers: [buildApprover(), manager] };
/** Short enough to come to every end within a sequence of moves. */
export const settings = buildSettings({ eligibleMaximumMinutes: 40 * day, activeMaximumMinutes: 30 * day });

/** Leap days, month ends, and the days on which Europe and America move their clocks. */
const moments = [
  '2028-02-28T23:30:00.000Z',
  '2027-02-28T12:00:00.000Z',
  '2027-03-28T00:59:00.000Z',
  '2027-10-31T00:30:00.000Z',
  '2027-03-14T06:59:00.000Z',
  '2027-12-31T23:59:00.000Z',
  '2027-01-31T00:00:00.000Z',
].map((text) => new Date(text));

type Kind = Assignment['kind'];
type Plain = 'approve' | 'deny' | 'granted' | 'gone' | 'failed' | 'remove' | 'warn';
/** `which` means the newest but so many. */
export type Move =
  | { readonly do: 'assign'; readonly kind: Kind; readonly minutes: number; readonly ahead: number }
  | {
      readonly do: 'ask' | 'grant';
      readonly what: Lengthening;
      readonly which: number;
      readonly minutes: number | null;
    }
  | { readonly do: 'update'; readonly which: number; readonly minutes: number }
  | { readonly do: Plain; readonly which: number }
  | { readonly do: 'wait'; readonly minutes: number }
  | { readonly do: 'run what is due' };

const which = fc.nat({ max: 3 });
const minutes = fc.constantFrom(60, day, 10 * day, 20 * day, 30 * day, 41 * day);
const what = fc.constantFrom<Lengthening>('extend', 'renew');
const move = fc.oneof<fc.WeightedArbitrary<Move>[]>(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('assign'),
      kind: fc.constantFrom<Kind>('eligible', 'active'),
      minutes,
      ahead: fc.constantFrom(0, 0, day, 25 * day),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('ask', 'ask', 'grant'),
      what,
      which,
      minutes: fc.constantFrom(null, null, 60, 10 * day, 20 * day, 30 * day, 41 * day),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('update'), which, minutes }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constantFrom('approve', 'approve', 'deny', 'granted', 'granted', 'granted', 'gone', 'gone'),
      which,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('failed', 'remove', 'warn'), which }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('wait'),
      minutes: fc.constantFrom(1, 60, day, 5 * day, 14 * day, 35 * day),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('run what is due') }) },
);

/** Up to 40 moves in any order, sensible or not, from a moment at which calendars are odd. */
export const stories = fc.record({
  from: fc.constantFrom(...moments),
  moves: fc.array(move, { minLength: 1, maxLength: 40, size: 'max' }),
});

export const assignmentsIn = (entities: Entities): Assignment[] => all(entities, 'Assignment');
export const requestsIn = (entities: Entities): AssignmentRequest[] => all(entities, 'Request');
const activesIn = (entities: Entities) =>
  assignmentsIn(entities).filter((item): item is ActiveAssignment => item.kind === 'active');

export function createWorld(from: Date): Memory {
  const world = createMemory(people.map((value) => ({ entity: 'Person' as const, value })));
  world.now = from;
  return world;
}

const nothing = accept(null, {});

/** What the store says of an assignment's others, its open request and what it is being brought about by. */
function readsOf({ entities }: Memory, of: Assignment) {
  const requests = requestsIn(entities);
  return {
    others: assignmentsIn(entities).filter(
      (item) => item.id !== of.id && item.kind === of.kind && isOpen(item) && item.state.status !== 'Revoking',
    ),
    openRequest: requests.find(({ eligibilityId, state }) => eligibilityId === of.id && !isFinal(state)) ?? null,
    underWay:
      requests.find(({ state }) => state.status === 'PendingProvisioning' && state.assignmentId === of.id) ?? null,
  };
}

const extendable = (memory: Memory, what: Lengthening, assignment: Assignment) => {
  const { others, openRequest } = readsOf(memory, assignment);
  return { what, assignment, place, settings, spans: usualSpans, others, openRequest };
};

function lengthen(memory: Memory, assignment: Assignment, given: Extract<Move, { do: 'ask' | 'grant' }>) {
  const of = extendable(memory, given.what, assignment);
  const wish = { durationMinutes: given.minutes, justification: 'Goes on' };
  return given.do === 'ask'
    ? requestExtension({ ...of, requester: buildGuest(), approval }, wish, buildActor(), memory.context())
    : extendDirectly({ ...of, manager, managers: approval.managers }, wish, buildActor(), memory.context());
}

function decide(memory: Memory, request: AssignmentRequest, approve: boolean): Decision<unknown> {
  const assignment = memory.entities.get(request.eligibilityId)?.value as Assignment;
  const what = topicOf(request) === 'extension' ? 'extend' : 'renew';
  const spans = { extendWithinMinutes: 1e8, renewWithinMinutes: 1e8 };
  return decideRequest(
    {
      request,
      decider: buildApprover(),
      approval,
      effect: uponExtensionApproval({
        ...extendable(memory, what, assignment),
        spans,
        request,
        requester: buildGuest(),
        managers: approval.managers,
      }),
      place,
    },
    { approve, justification: 'Fine', durationMinutes: null },
    buildActor({ personId: ids.approver }),
    memory.context(),
  );
}

const activationOf = (memory: Memory, assignment: ActiveAssignment): Activation => ({
  assignment,
  request: readsOf(memory, assignment).underWay,
  place,
});

/** The target system answers as it was asked to. */
function answered(memory: Memory, assignment: ActiveAssignment, act: 'granted' | 'gone' | 'failed'): Decision<unknown> {
  const activation = activationOf(memory, assignment);
  const context = memory.context();
  const { state } = assignment;
  if (act === 'gone') return confirmGone(activation, systemActor, context);
  if (act === 'failed') {
    const reason = { reason: 'no such role' };
    if (state.status === 'Extending') return failMove(activation, reason, systemActor, context);
    return failProvisioning(activation, reason, systemActor, context);
  }
  return state.status === 'Extending'
    ? confirmMove(activation, { endsAt: state.until }, systemActor, context)
    : confirmGranted(activation, { endsAt: assignment.endsAt }, systemActor, context);
}

/** What is asked about it, and what it is being brought about by. */
function dependentsOf(memory: Memory, assignment: Assignment) {
  const { openRequest, underWay } = readsOf(memory, assignment);
  const asked = [openRequest, underWay].filter((request, index, list) => request && list.indexOf(request) === index);
  return { activations: [], requests: asked.map((request) => ({ request: request as AssignmentRequest, place })) };
}

function end(memory: Memory, assignment: Assignment): Decision<unknown> {
  const dependents = dependentsOf(memory, assignment);
  return assignment.kind === 'active'
    ? expireActivation(
        { ...activationOf(memory, assignment), request: null },
        dependents,
        systemActor,
        memory.context(),
      )
    : endEligibility({ eligible: assignment, dependents, place }, systemActor, memory.context());
}

function remove(memory: Memory, assignment: Assignment): Decision<unknown> {
  const dependents = dependentsOf(memory, assignment);
  return adminRemove(
    assignment.kind === 'active'
      ? { kind: 'active', activation: { assignment, request: null, place }, dependents }
      : { kind: 'eligible', eligible: assignment, place, dependents },
    'Enough',
    buildActor(),
    memory.context(),
  );
}

function assign(memory: Memory, { kind, minutes: duration, ahead }: Extract<Move, { do: 'assign' }>) {
  const existing = assignmentsIn(memory.entities).filter(
    (item) => item.kind === kind && isOpen(item) && item.state.status !== 'Revoking',
  );
  const wish = { kind, role: buildRole(), scope: buildScope(), duration, justification: 'Audit' };
  return adminAssign(
    {
      principal: { kind: 'person', person: buildGuest() },
      wish: { ...wish, startsAt: ahead > 0 ? onward(memory.now, ahead) : null },
      settings,
      existing,
      managerId: null,
    },
    buildActor(),
    memory.context(),
  );
}

function update(memory: Memory, assignment: Assignment, duration: number): Decision<unknown> {
  const changeable = updatable(assignment);
  if ('code' in changeable) return nothing;
  const { others, openRequest } = readsOf(memory, assignment);
  return adminUpdate(
    { assignment: changeable, place, settings, openRequest, others, activations: [] },
    { duration, startsAt: null, justification: 'As agreed' },
    buildActor(),
    memory.context(),
  );
}

/** What the command decides, as things stand. */
export function perform(memory: Memory, given: Exclude<Move, { do: 'wait' | 'run what is due' }>): Decision<unknown> {
  if (given.do === 'assign') return assign(memory, given);
  const assignment = newestBut(assignmentsIn(memory.entities), given.which);
  const active = newestBut(activesIn(memory.entities), given.which);
  const request = newestBut(requestsIn(memory.entities), given.which);
  switch (given.do) {
    case 'ask':
    case 'grant':
      return assignment ? lengthen(memory, assignment, given) : nothing;
    case 'update':
      return assignment ? update(memory, assignment, given.minutes) : nothing;
    case 'approve':
    case 'deny':
      return request ? decide(memory, request, given.do === 'approve') : nothing;
    case 'granted':
    case 'gone':
    case 'failed':
      return active ? answered(memory, active, given.do) : nothing;
    case 'remove':
      return assignment ? remove(memory, assignment) : nothing;
    case 'warn':
      return assignment ? warnOfEnd(assignment, memory.now) : nothing;
    default:
      return given satisfies never;
  }
}

/** What Usher decides by itself when a deadline has come. */
export function settle(memory: Memory, { kind, subjectId }: Deadline): Decision<unknown> {
  const subject = memory.entities.get(subjectId)?.value;
  if (kind === 'time-out')
    return timeOutActivation({ request: subject as AssignmentRequest, place }, systemActor, memory.context());
  if (kind === 'backup' || kind === 'remind' || kind === 'begin') return nothing;
  const due = subject as Assignment;
  if (kind === 'warn') return warnOfEnd(due, memory.now);
  if (kind === 'end') return end(memory, due);
  return due.kind === 'active' ? startAssignment(activationOf(memory, due), systemActor, memory.context()) : nothing;
}
