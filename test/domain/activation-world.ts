import fc from 'fast-check';
import {
  type Activation,
  activationEnd,
  cancelActivation,
  confirmGone,
  confirmGranted,
  deactivate,
  decideActivation,
  endEligibility,
  expireActivation,
  failProvisioning,
  requestActivation,
  timeOutActivation,
  warnOfEnd,
} from '../../src/domain/activation.ts';
import {
  type ActiveAssignment,
  type Assignment,
  type EligibleAssignment,
  isOpen,
  wantsAccess,
} from '../../src/domain/assignment.ts';
import { accept, type Deadline, type Decision } from '../../src/domain/change.ts';
import { assignEligibility, deadlinesUntil } from '../../src/domain/eligibility.ts';
import type { AssignmentId, PersonId, RoleId } from '../../src/domain/ids.ts';
import { type Person, standing } from '../../src/domain/person.ts';
import { type ActivationRequest, isFinal } from '../../src/domain/request.ts';
import {
  buildActive,
  buildActor,
  buildApprover,
  buildEligible,
  buildGuest,
  buildPerson,
  buildPlace,
  buildRole,
  buildScope,
  buildSettings,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
  uuid,
} from '../support/build.ts';
import { all, createMemory, type Entities, type Memory, newestBut } from './memory.ts';

const place = buildPlace();
/** The one role of this world that asks for no approval. */
export const openRole = uuid(11) as RoleId;
const outsider = uuid(4) as PersonId;
const people = [buildGuest(), buildPerson(), buildApprover(), buildPerson({ id: outsider })];
/** The requesters are named as well: their own requests are not theirs to decide. */
export const approverIds: readonly PersonId[] = [ids.approver, ids.guest, ids.member];
const eligibles = [
  buildEligible({ endsAt: minutesIn(2 * day) }),
  buildEligible({
    id: uuid(22) as AssignmentId,
    principalId: ids.member,
    startsAt: minutesIn(5),
    endsAt: minutesIn(200),
  }),
  buildEligible({ id: uuid(23) as AssignmentId, roleId: openRole, endsAt: null }),
  buildEligible({ id: uuid(24) as AssignmentId, roleId: openRole, principalId: ids.member, endsAt: minutesIn(day) }),
];

/** `which` means the newest thing of the command's kind but so many: mostly a sensible one, often not. */
type Command =
  | { readonly do: 'request'; readonly which: number; readonly minutes: number | null; readonly justification: string }
  | { readonly do: 'decide'; readonly which: number; readonly by: PersonId; readonly approve: boolean }
  | { readonly do: 'make eligible'; readonly which: number; readonly minutes: number }
  | { readonly do: Plain; readonly which: number };
type Plain =
  | 'cancel'
  | 'time out'
  | 'granted'
  | 'failed'
  | 'gone'
  | 'expire'
  | 'deactivate'
  | 'warn'
  | 'end'
  | 'block'
  | 'assign';
export type Move = Command | { readonly do: 'wait'; readonly minutes: number } | { readonly do: 'run what is due' };

const which = fc.nat({ max: 4 });
const plain = (...names: Plain[]) => fc.record({ do: fc.constantFrom(...names), which });
const move = fc.oneof<fc.WeightedArbitrary<Move>[]>(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('wait'), minutes: fc.constantFrom(0, 1, 4, 5, 30, 100, 480, day) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('run what is due') }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('request'),
      which,
      minutes: fc.constantFrom(null, 1, 30, 60, 480, 481),
      justification: fc.constantFrom('Close', 'Close', 'Close', ' '),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('decide'),
      which,
      by: fc.constantFrom(ids.approver, ids.approver, ids.guest, ids.member, outsider),
      approve: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: plain('granted') },
  { weight: 8, arbitrary: plain('cancel', 'time out', 'failed', 'gone', 'expire', 'deactivate', 'warn', 'end') },
  { weight: 3, arbitrary: plain('block', 'block', 'assign') },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('make eligible'), which, minutes: fc.constantFrom(20, 100, day) }),
  },
);

/** Up to 40 moves in any order, sensible or not. */
export const moves = fc.array(move, { minLength: 1, maxLength: 40, size: 'max' });

const isActive = (item: Assignment): item is ActiveAssignment => item.kind === 'active';
const isEligible = (item: Assignment): item is EligibleAssignment => item.kind === 'eligible';
export const activesIn = (entities: Entities) => all(entities, 'Assignment').filter(isActive);
export const eligiblesIn = (entities: Entities) => all(entities, 'Assignment').filter(isEligible);
export const requestsIn = (entities: Entities) => all(entities, 'Request');

export const createWorld = (): Memory =>
  createMemory(
    [
      ...people.map((value) => ({ entity: 'Person' as const, value })),
      ...eligibles.map((value) => ({ entity: 'Assignment' as const, value })),
    ],
    eligibles.flatMap(({ id, endsAt }) => deadlinesUntil(id, endsAt, noon)),
  );

/** What the commands read from the store. */
function readsOf({ entities }: Memory) {
  const find = <T>(id: string | null) => (id ? (entities.get(id)?.value as T | undefined) : undefined) ?? null;
  const sameHold = (a: Assignment, b: Assignment) =>
    a.principalId === b.principalId && a.roleId === b.roleId && a.scopeId === b.scopeId;
  return {
    find,
    person: (id: PersonId) => find<Person>(id) as Person,
    eligible: (id: AssignmentId | null) => find<EligibleAssignment>(id) as EligibleAssignment,
    inForce: (of: Assignment) => activesIn(entities).find((item) => wantsAccess(item) && sameHold(item, of)) ?? null,
    openEligible: (of: Assignment) => eligiblesIn(entities).find((item) => isOpen(item) && sameHold(item, of)) ?? null,
    openRequest: ({ id }: EligibleAssignment) =>
      requestsIn(entities).find((item) => item.eligibilityId === id && !isFinal(item.state)) ?? null,
    activation: (assignment: ActiveAssignment): Activation => ({
      assignment,
      request: find<ActivationRequest>(assignment.requestId),
      place,
    }),
  };
}

const nothing = accept(null, {});

function request(memory: Memory, eligible: EligibleAssignment, given: Extract<Command, { do: 'request' }>) {
  const reads = readsOf(memory);
  const requester = reads.person(eligible.principalId);
  // A person who is blocked gets no further than this in any command.
  if (standing(requester)) return nothing;
  return requestActivation(
    {
      requester,
      eligible,
      place,
      settings: buildSettings({ approval: eligible.roleId === openRole ? null : { approverIds } }),
      approvers: approverIds.map(reads.person),
      openRequest: reads.openRequest(eligible),
      inForce: reads.inForce(eligible),
    },
    { durationMinutes: given.minutes, justification: given.justification, ticket: null },
    buildActor({ personId: requester.id }),
    memory.context(),
  );
}

function decide(memory: Memory, asked: ActivationRequest, { by, approve }: Extract<Command, { do: 'decide' }>) {
  const reads = readsOf(memory);
  const eligible = reads.eligible(asked.eligibilityId);
  return decideActivation(
    {
      request: asked,
      eligible,
      requester: reads.person(asked.principalId),
      decider: reads.person(by),
      approverIds,
      inForce: reads.inForce(eligible),
      place,
    },
    { approve, justification: 'Fine' },
    buildActor({ personId: by }),
    memory.context(),
  );
}

/** The holder of one of the eligible assignments is made eligible again, where that one has ended. */
function makeEligible(memory: Memory, like: EligibleAssignment, duration: number): Decision<unknown> {
  const reads = readsOf(memory);
  const outcome = assignEligibility(
    {
      principal: reads.person(like.principalId),
      wish: { role: buildRole({ id: like.roleId }), scope: buildScope(), duration },
      settings: buildSettings(),
      existing: reads.openEligible(like),
    },
    buildActor(),
    memory.context(),
  );
  return 'code' in outcome ? nothing : accept(null, outcome.change);
}

function end(memory: Memory, eligible: EligibleAssignment): Decision<unknown> {
  const reads = readsOf(memory);
  const active = reads.inForce(eligible);
  return endEligibility(
    {
      eligible,
      openRequest: reads.openRequest(eligible),
      activation: active?.eligibilityId === eligible.id ? reads.activation(active) : null,
      place,
    },
    systemActor,
    memory.context(),
  );
}

/** An administrator's act outside this state machine. */
function block(memory: Memory, person: Person): Decision<unknown> {
  const value = { ...person, version: person.version + 1, accountEnabled: !person.accountEnabled };
  memory.entities = new Map([...memory.entities, [person.id, { entity: 'Person', value }]]);
  return nothing;
}

/** Another act of theirs: the holder of an eligible assignment gets the role directly, where it is not in force. */
function assign(memory: Memory, like: EligibleAssignment): Decision<unknown> {
  if (readsOf(memory).inForce(like)) return nothing;
  const value = buildActive({
    ...like,
    id: memory.context().newId() as AssignmentId,
    version: 1,
    kind: 'active',
    eligibilityId: null,
    requestId: null,
    durationMinutes: null,
    endsAt: null,
    state: { status: 'Provisioning' },
  });
  memory.entities = new Map([...memory.entities, [value.id, { entity: 'Assignment', value }]]);
  return nothing;
}

function onActive(memory: Memory, active: ActiveAssignment, act: Plain): Decision<unknown> {
  const reads = readsOf(memory);
  const activation = reads.activation(active);
  const context = memory.context();
  switch (act) {
    case 'granted': {
      const { durationMinutes, eligibilityId } = active;
      const endsAt = durationMinutes && activationEnd(durationMinutes, reads.eligible(eligibilityId), memory.now);
      return confirmGranted(activation, { endsAt: endsAt || null }, systemActor, context);
    }
    case 'failed':
      return failProvisioning(activation, { reason: 'no such role' }, systemActor, context);
    case 'gone':
      return confirmGone(activation, systemActor, context);
    case 'expire':
      return expireActivation(activation, systemActor, context);
    case 'deactivate':
      return deactivate(activation, buildActor({ personId: active.principalId }), context);
    case 'warn':
      return warnOfEnd(active, memory.now);
    default:
      throw new Error(`${act} is not done to an active assignment`);
  }
}

/** What the command decides, as things stand. */
export function perform(memory: Memory, given: Command): Decision<unknown> {
  const { entities } = memory;
  const eligible = newestBut(eligiblesIn(entities), given.which);
  const active = newestBut(activesIn(entities), given.which);
  const asked = newestBut(requestsIn(entities), given.which);
  const person = newestBut(all(entities, 'Person'), given.which);
  if (!eligible || !person) return nothing;
  switch (given.do) {
    case 'request':
      return request(memory, eligible, given);
    case 'make eligible':
      return makeEligible(memory, eligible, given.minutes);
    case 'end':
      return end(memory, eligible);
    case 'decide':
      return asked ? decide(memory, asked, given) : nothing;
    case 'cancel':
      return asked ? cancelActivation({ request: asked, place }, buildActor(), memory.context()) : nothing;
    case 'time out':
      return asked ? timeOutActivation({ request: asked, place }, systemActor, memory.context()) : nothing;
    case 'assign':
      return assign(memory, eligible);
    case 'block':
      return block(memory, person);
    default:
      return active ? onActive(memory, active, given.do) : nothing;
  }
}

/** What Usher decides by itself when a deadline has come. */
export function settle(memory: Memory, { kind, subjectId }: Deadline): Decision<unknown> {
  const reads = readsOf(memory);
  if (kind === 'time-out') {
    const asked = reads.find<ActivationRequest>(subjectId);
    return asked ? timeOutActivation({ request: asked, place }, systemActor, memory.context()) : nothing;
  }
  const due = reads.find<Assignment>(subjectId);
  if (!due) return nothing;
  if (kind === 'warn') return warnOfEnd(due, memory.now);
  return isActive(due) ? expireActivation(reads.activation(due), systemActor, memory.context()) : end(memory, due);
}
