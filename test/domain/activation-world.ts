import fc from 'fast-check';
import {
  cancelActivation,
  confirmGranted,
  failProvisioning,
  timeOutActivation,
  uponActivationApproval,
  warnOfEnd,
} from '../../src/domain/activation.ts';
import { type Activation, activationEnd } from '../../src/domain/activation-parts.ts';
import type { Approval } from '../../src/domain/approval.ts';
import { adminAssign } from '../../src/domain/assign.ts';
import {
  type ActiveAssignment,
  type Assignment,
  type EligibleAssignment,
  isOpen,
  wantsAccess,
} from '../../src/domain/assignment.ts';
import { accept, type Deadline, type Decision } from '../../src/domain/change.ts';
import { askBackups, decideRequest, remindApprovers } from '../../src/domain/decide-request.ts';
import { deadlinesUntil } from '../../src/domain/eligibility.ts';
import { confirmGone, deactivate, endEligibility, expireActivation, noDependents } from '../../src/domain/ending.ts';
import type { AssignmentId, PersonId, RoleId } from '../../src/domain/ids.ts';
import { type Person, standing } from '../../src/domain/person.ts';
import { type AssignmentRequest, isFinal } from '../../src/domain/request.ts';

import { beginActivation, requestActivation } from '../../src/domain/request-activation.ts';
import { approvalBy } from '../../src/domain/role-settings.ts';

import {
  buildActive,
  buildActor,
  buildApproval,
  buildApprover,
  buildEligible,
  buildGuest,
  buildPerson,
  buildPlace,
  buildRole,
  buildScope,
  buildScopeChain,
  buildSettings,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
  uuid,
} from '../support/build.ts';
import { all, createMemory, type Entities, type Memory, newestBut, onward } from './memory.ts';

const place = buildPlace();
/** The one role of this world that asks for no approval. */
export const openRole = uuid(11) as RoleId;
const outsider = uuid(4) as PersonId;
const second = uuid(5) as PersonId;
const standIn = uuid(6) as PersonId;
const manager = uuid(7) as PersonId;
const people = [
  ...[standIn, manager, outsider, second].map((id) => buildPerson({ id })),
  buildApprover(),
  buildGuest(),
  buildPerson(),
];
/** What the settings may say, one after another; the requesters are named as well, for what is not theirs to decide. */
const policies: readonly (readonly {
  readonly approvers: readonly PersonId[];
  readonly backups?: readonly PersonId[];
  readonly quorum: number;
}[])[] = [
  [{ approvers: [ids.approver, ids.guest, ids.member], quorum: 1 }],
  [{ approvers: [ids.approver, second, ids.guest], quorum: 2 }],
  [
    { approvers: [ids.approver, ids.member], quorum: 1, backups: [second] },
    { approvers: [ids.approver, second, ids.guest], quorum: 1 },
  ],
  [{ approvers: [ids.approver], quorum: 1, backups: [outsider, ids.guest] }],
  [{ approvers: [ids.approver], quorum: 2 }],
];
/** Everybody whom any of them names, their stand-in, and who manages the role. */
export const deciderIds: readonly PersonId[] = [
  ids.approver,
  ids.guest,
  ids.member,
  outsider,
  second,
  standIn,
  manager,
];
const policyOf = new WeakMap<Memory, number>();

/** Who approves now: somebody stands in for the first approver. */
export function approvalNow(memory: Memory): Approval {
  const person = (id: PersonId) => memory.entities.get(id)?.value as Person;
  const stages = policies[(policyOf.get(memory) ?? 0) % policies.length] ?? [];
  const approval = buildApproval(
    ...stages.map(({ approvers, backups, quorum }) => ({
      quorum,
      approvers: approvers.map(person),
      backups: (backups ?? [manager]).map(person),
      backupsNamed: backups !== undefined,
    })),
  );
  return {
    ...approval,
    managers: [person(manager)],
    standIns: [
      { approverId: ids.approver, person: person(standIn) },
      { approverId: ids.guest, person: person(standIn) },
    ],
  };
}
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
  | {
      readonly do: 'request';
      readonly which: number;
      readonly minutes: number | null;
      readonly ahead: number | null;
      readonly justification: string;
    }
  | {
      readonly do: 'decide';
      readonly which: number;
      readonly by: PersonId;
      readonly approve: boolean;
      readonly minutes: number | null;
    }
  | { readonly do: 'make eligible'; readonly which: number; readonly minutes: number }
  | { readonly do: Plain; readonly which: number };
type Plain =
  | 'cancel'
  | 'begin'
  | 'time out'
  | 'granted'
  | 'failed'
  | 'gone'
  | 'expire'
  | 'deactivate'
  | 'warn'
  | 'end'
  | 'block'
  | 'assign'
  | 'change settings'
  | 'ask backups'
  | 'remind';
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
      ahead: fc.constantFrom(null, null, null, 0, 30, 300, 2 * day),
      justification: fc.constantFrom('Close', 'Close', 'Close', ' '),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('decide'),
      which,
      by: fc.constantFrom(
        ids.approver,
        ids.approver,
        ids.guest,
        ids.member,
        outsider,
        second,
        second,
        standIn,
        manager,
      ),
      approve: fc.constantFrom(true, true, false),
      minutes: fc.constantFrom(null, null, 30, 480, 10),
    }),
  },
  { weight: 4, arbitrary: plain('granted') },
  {
    weight: 8,
    arbitrary: plain('cancel', 'begin', 'time out', 'failed', 'gone', 'expire', 'deactivate', 'warn', 'end'),
  },
  { weight: 3, arbitrary: plain('block', 'block', 'assign', 'ask backups', 'remind') },
  { weight: 3, arbitrary: plain('change settings') },
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
    openEligibles: (of: Assignment) => eligiblesIn(entities).filter((item) => isOpen(item) && sameHold(item, of)),
    openRequest: ({ id }: EligibleAssignment) =>
      requestsIn(entities).find((item) => item.eligibilityId === id && !isFinal(item.state)) ?? null,
    activation: (assignment: ActiveAssignment): Activation => ({
      assignment,
      request: find<AssignmentRequest>(assignment.requestId),
      place,
    }),
  };
}

const nothing = accept(null, {});

function request(memory: Memory, eligible: EligibleAssignment, given: Extract<Command, { do: 'request' }>) {
  const reads = readsOf(memory);
  const requester = reads.person(eligible.principalId as PersonId);
  // A person who is blocked gets no further than this in any command.
  if (standing(requester)) return nothing;
  return requestActivation(
    {
      requester,
      eligible,
      chain: buildScopeChain(),
      place,
      eligiblePlace: place,
      settings: buildSettings(),
      approval: eligible.roleId === openRole ? null : approvalNow(memory),
      openRequest: reads.openRequest(eligible),
      inForce: reads.inForce(eligible),
    },
    {
      startsAt: given.ahead === null ? null : onward(memory.now, given.ahead),
      durationMinutes: given.minutes,
      justification: given.justification,
      ticket: null,
    },
    buildActor({ personId: requester.id }),
    memory.context(),
  );
}

function decide(
  memory: Memory,
  asked: AssignmentRequest,
  { by, approve, minutes }: Extract<Command, { do: 'decide' }>,
) {
  const reads = readsOf(memory);
  const eligible = reads.eligible(asked.eligibilityId);
  return decideRequest(
    {
      request: asked,
      decider: reads.person(by),
      approval: approvalNow(memory),
      effect: uponActivationApproval({
        eligible,
        requester: reads.person(asked.principalId),
        inForce: reads.inForce(eligible),
        startsAt: asked.startsAt,
      }),
      place,
    },
    { approve, justification: 'Fine', durationMinutes: minutes },
    buildActor({ personId: by }),
    memory.context(),
  );
}

/** The holder of one of the eligible assignments is made eligible again, where that one has ended. */
function makeEligible(memory: Memory, like: EligibleAssignment, duration: number): Decision<unknown> {
  const reads = readsOf(memory);
  return adminAssign(
    {
      principal: { kind: 'person', person: reads.person(like.principalId as PersonId) },
      wish: {
        kind: 'eligible',
        role: buildRole({ id: like.roleId }),
        scope: buildScope(),
        duration,
        startsAt: null,
        justification: '',
      },
      settings: buildSettings(),
      existing: reads.openEligibles(like),
      managerId: null,
    },
    buildActor(),
    memory.context(),
  );
}

function end(memory: Memory, eligible: EligibleAssignment): Decision<unknown> {
  const reads = readsOf(memory);
  const active = activesIn(memory.entities).find((item) => wantsAccess(item) && item.eligibilityId === eligible.id);
  const asked = reads.openRequest(eligible);
  return endEligibility(
    {
      eligible,
      dependents: {
        activations: active ? [reads.activation(active)] : [],
        requests: asked ? [{ request: asked, place }] : [],
      },
      place,
    },
    systemActor,
    memory.context(),
  );
}

function begin(memory: Memory, asked: AssignmentRequest): Decision<unknown> {
  const reads = readsOf(memory);
  const eligible = reads.eligible(asked.eligibilityId);
  return beginActivation(
    {
      request: asked,
      eligible,
      theirs: true,
      requester: reads.person(asked.principalId),
      settings: buildSettings({ approval: eligible.roleId === openRole ? null : approvalBy([ids.approver]) }),
      inForce: reads.inForce(eligible),
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
      return expireActivation(activation, noDependents, systemActor, context);
    case 'deactivate':
      return deactivate(activation, noDependents, buildActor({ personId: active.principalId as PersonId }), context);
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
    case 'ask backups':
    case 'remind':
      return asked ? onWaiting(memory, asked, given.do) : nothing;
    case 'change settings':
      policyOf.set(memory, (policyOf.get(memory) ?? 0) + 1 + given.which);
      return nothing;
    case 'begin':
      return asked ? begin(memory, asked) : nothing;
    case 'assign':
      return assign(memory, eligible);
    case 'block':
      return block(memory, person);
    default:
      return active ? onActive(memory, active, given.do) : nothing;
  }
}

function onWaiting(memory: Memory, request: AssignmentRequest, act: 'ask backups' | 'remind'): Decision<unknown> {
  const state = { request, approval: approvalNow(memory), unreached: [], place };
  if (act === 'remind') return remindApprovers(state, memory.context());
  return askBackups(state, systemActor, memory.context());
}

/** What Usher decides by itself when a deadline has come. */
export function settle(memory: Memory, { kind, subjectId }: Deadline): Decision<unknown> {
  const reads = readsOf(memory);
  if (kind === 'time-out') {
    const asked = reads.find<AssignmentRequest>(subjectId);
    return asked ? timeOutActivation({ request: asked, place }, systemActor, memory.context()) : nothing;
  }
  if (kind === 'backup' || kind === 'remind') {
    const asked = reads.find<AssignmentRequest>(subjectId);
    return asked ? onWaiting(memory, asked, kind === 'backup' ? 'ask backups' : 'remind') : nothing;
  }
  if (kind === 'begin') {
    const asked = reads.find<AssignmentRequest>(subjectId);
    return asked ? begin(memory, asked) : nothing;
  }
  const due = reads.find<Assignment>(subjectId);
  if (!due) return nothing;
  if (kind === 'warn') return warnOfEnd(due, memory.now);
  return isActive(due)
    ? expireActivation(reads.activation(due), noDependents, systemActor, memory.context())
    : end(memory, due);
}
