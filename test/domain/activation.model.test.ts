import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOpen, wantsAccess } from '../../src/domain/assignment.ts';
import { addMinutes } from '../../src/domain/duration.ts';
import { minutesBeforeDeactivation } from '../../src/domain/ending.ts';
import { decisionOf, isFinal, type RequestState } from '../../src/domain/request.ts';
import {
  activesIn,
  approvalNow,
  createWorld,
  deciderIds,
  eligiblesIn,
  type Move,
  moves,
  openRole,
  perform,
  requestsIn,
  settle,
} from './activation-world.ts';
import {
  type Entities,
  type Memory,
  onlyAlong,
  onward,
  type Rules,
  type Step,
  storeRules,
  uphold,
  write,
} from './memory.ts';
import { refusalOf, written } from './outcome.ts';

const eligibleOf = (entities: Entities, id: string | null) => eligiblesIn(entities).find((item) => item.id === id);
const requestOf = (entities: Entities, id: string | null) => requestsIn(entities).find((item) => item.id === id);
const activeOf = (entities: Entities, id: string) => activesIn(entities).find((item) => item.id === id);
const putActives = ({ decision }: Step) => written(decision, 'Assignment').filter((item) => item.kind === 'active');
const isWaiting = ({ status }: RequestState) => status === 'PendingApproval' || status === 'ScheduleCreated';
const unique = (keys: readonly string[]) => new Set(keys).size === keys.length;

const edges = {
  requests: {
    PendingApproval: ['PendingApproval', 'ScheduleCreated', 'PendingProvisioning', 'Denied', 'Canceled', 'TimedOut'],
    ScheduleCreated: ['PendingProvisioning', 'Canceled'],
    PendingProvisioning: ['Provisioned', 'Failed'],
  },
  assignments: {
    InForce: ['Ended'],
    Provisioning: ['Active', 'Revoking'],
    Active: ['Revoking'],
    Revoking: ['Ended', 'Failed'],
  },
};

const rules: Rules = {
  ...storeRules,
  'requests move along their edges, and end for good': onlyAlong('Request', edges.requests),
  'assignments move along their edges, and end for good': onlyAlong('Assignment', edges.assignments),

  'a role is activated once at a time': ({ after }) =>
    unique(
      activesIn(after)
        .filter(wantsAccess)
        .map(({ principalId, roleId, scopeId }) => `${principalId} ${roleId} ${scopeId}`),
    ),
  'an eligible assignment has one open request': ({ after }) =>
    unique(
      requestsIn(after)
        .filter(({ state }) => !isFinal(state))
        .map(({ eligibilityId }) => eligibilityId),
    ),

  'an activation begins in the window of its eligibility': (step) =>
    putActives(step)
      .filter(({ version }) => version === 1)
      .every(({ eligibilityId }) => {
        const { state, startsAt, endsAt } = eligibleOf(step.before, eligibilityId) ?? {};
        return state?.status === 'InForce' && startsAt && startsAt <= step.now && (!endsAt || step.now < endsAt);
      }),
  'an activation never begins before it was asked to, and its clock starts when it begins': (step) =>
    putActives(step)
      .filter(({ version }) => version === 1)
      .every(({ requestId, startsAt }) => {
        const wanted = requestOf(step.after, requestId)?.startsAt;
        return startsAt.getTime() === step.now.getTime() && (!wanted || wanted <= step.now);
      }),
  'what was scheduled waits for its time': (step) =>
    written(step.decision, 'Request').every(
      ({ state, startsAt }) => state.status !== 'ScheduleCreated' || (startsAt !== null && step.now < startsAt),
    ),
  'an activation ends no later than its eligibility': ({ after }) =>
    activesIn(after).every(({ eligibilityId, endsAt }) => {
      const latest = eligibleOf(after, eligibilityId)?.endsAt;
      return !latest || (endsAt !== null && endsAt <= latest);
    }),
  'an activation lasts no longer than asked for': (step) =>
    putActives(step)
      .filter((item) => wantsAccess(item) && item.requestId !== null)
      .every(({ endsAt, durationMinutes }) => endsAt && endsAt <= addMinutes(step.now, durationMinutes ?? 0)),
  'an eligibility that has ended leaves nothing open': ({ after }) =>
    eligiblesIn(after)
      .filter((item) => !isOpen(item))
      .every(
        ({ id }) =>
          !requestsIn(after).some(({ eligibilityId, state }) => eligibilityId === id && !isFinal(state)) &&
          !activesIn(after).some((item) => item.eligibilityId === id && wantsAccess(item)),
      ),

  'nobody decides but an approver, and never their own, nor somebody for them': ({ after }) =>
    requestsIn(after).every(({ votes, principalId }) =>
      votes.every(({ by, insteadOf }) => by !== principalId && insteadOf !== principalId && deciderIds.includes(by)),
    ),
  'nobody decides twice, by themselves or through another': ({ after }) =>
    requestsIn(after).every(({ votes }) =>
      unique(votes.flatMap(({ by, insteadOf }) => [by, ...(insteadOf ? [insteadOf] : [])])),
    ),
  'votes are only added, and stages only go on': ({ before, decision }) =>
    written(decision, 'Request').every(({ id, votes, state }) => {
      const earlier = requestOf(before, id);
      if (!earlier) return votes.length === 0;
      const stageOf = (of: typeof state) => (of.status === 'PendingApproval' ? of.stage : Number.POSITIVE_INFINITY);
      return (
        earlier.votes.every((vote, index) => votes[index] === vote) &&
        votes.length <= earlier.votes.length + 1 &&
        stageOf(state) >= stageOf(earlier.state)
      );
    }),
  'what is granted has every stage’s quorum of approvals, and no denial': (step, memory) =>
    written(step.decision, 'Request').every(({ id, roleId, votes, state }) => {
      const earlier = requestOf(step.before, id)?.state;
      if (state.status !== 'PendingProvisioning' || earlier?.status !== 'PendingApproval') return true;
      if (roleId === openRole) return true;
      const last = approvalNow(memory).panels.length;
      const quorum = approvalNow(memory).panels[last - 1]?.quorum ?? 0;
      return votes.every(({ approves }) => approves) && votes.filter(({ stage }) => stage === last).length >= quorum;
    }),
  'one denial denies': ({ after }) =>
    requestsIn(after).every(({ votes, state }) => votes.every(({ approves }) => approves) || state.status === 'Denied'),
  'an approver shortens, and never lengthens': ({ after }) =>
    activesIn(after).every(({ requestId, durationMinutes }) => {
      const request = requestOf(after, requestId);
      if (!request) return true;
      const shortest = Math.min(
        request.durationMinutes,
        ...request.votes.flatMap((vote) => vote.durationMinutes ?? []),
      );
      return durationMinutes === shortest;
    }),
  'a decision stands': ({ before, decision }) =>
    written(decision, 'Request').every(({ id, state }) => {
      const earlier = requestOf(before, id);
      const decided = earlier && decisionOf(earlier.state);
      return !decided || decisionOf(state) === decided;
    }),
  'a request is decided once on the record': ({ after }, { audit }) =>
    requestsIn(after).every(({ id, state }) => {
      const decisions = audit.filter(
        ({ action, requestId }) =>
          requestId === id && (action === 'activation.approve' || action === 'activation.deny'),
      );
      return decisions.length === (decisionOf(state) ? 1 : 0);
    }),
  'a role that asks for approval is activated only with one': ({ after }) =>
    activesIn(after).every(({ roleId, requestId }) => {
      const request = requestOf(after, requestId);
      return requestId === null || roleId === openRole || (request !== undefined && decisionOf(request.state) !== null);
    }),
  'a decision comes within the life of its request': ({ before, decision, now }) =>
    written(decision, 'Request').every(({ id, state }) => {
      const earlier = requestOf(before, id)?.state;
      const decides = earlier?.status === 'PendingApproval' && decisionOf(state) !== null;
      return !decides || now < earlier.timesOutAt;
    }),

  'a request and its assignment move together': ({ after }) =>
    requestsIn(after).every(({ state }) => {
      const status = 'assignmentId' in state ? activeOf(after, state.assignmentId)?.state.status : undefined;
      if (state.status === 'PendingProvisioning') return status === 'Provisioning';
      if (state.status === 'Provisioned') return status !== undefined && status !== 'Provisioning';
      if (state.status === 'Failed') return status !== 'Provisioning' && status !== 'Active';
      return status === undefined;
    }),
  'the target system is told whenever access begins or ends': (step) =>
    putActives(step).every((item) => {
      const earlier = activeOf(step.before, item.id);
      const wanted = earlier !== undefined && wantsAccess(earlier);
      return wantsAccess(item) === wanted || step.decision.change.provision.includes(item.id);
    }),
  'nothing is ended before its time': (step) => {
    const reached = (end: Date | null | undefined) => !!end && end <= step.now;
    return (
      putActives(step).every(({ state, endsAt, eligibilityId }) => {
        if (state.status !== 'Revoking') return true;
        if (state.why === 'expired') return reached(endsAt);
        return state.why !== 'eligibility-ended' || reached(eligibleOf(step.after, eligibilityId)?.endsAt);
      }) &&
      written(step.decision, 'Assignment').every(
        (item) => item.kind === 'active' || isOpen(item) || reached(item.endsAt),
      ) &&
      written(step.decision, 'Request').every(({ id, state }) => {
        const earlier = requestOf(step.before, id)?.state;
        return state.status !== 'TimedOut' || (earlier?.status === 'PendingApproval' && reached(earlier.timesOutAt));
      })
    );
  },
  'nothing is given up in its first five minutes': (step) =>
    putActives(step).every(
      ({ state }) =>
        state.status !== 'Revoking' ||
        state.why !== 'deactivated' ||
        (state.confirmedAt !== null && addMinutes(state.confirmedAt, minutesBeforeDeactivation) <= step.now),
    ),

  'every end has its deadline': ({ after }, { deadlines }) => {
    const due = (kind: string, id: string, at: Date | null) =>
      !at ||
      deadlines.some((item) => item.kind === kind && item.subjectId === id && item.dueAt.getTime() === at.getTime());
    return (
      activesIn(after).every((item) => !wantsAccess(item) || due('end', item.id, item.endsAt)) &&
      eligiblesIn(after).every((item) => !isOpen(item) || due('end', item.id, item.endsAt)) &&
      requestsIn(after).every(
        ({ id, state, startsAt }) =>
          (state.status !== 'PendingApproval' || due('time-out', id, state.timesOutAt)) &&
          (state.status !== 'ScheduleCreated' || due('begin', id, startsAt)),
      )
    );
  },
  'what is over has no deadline': ({ after }, { deadlines }) => {
    const over = new Set<string>([
      ...activesIn(after).flatMap((item) => (wantsAccess(item) ? [] : item.id)),
      ...eligiblesIn(after).flatMap((item) => (isOpen(item) ? [] : item.id)),
      ...requestsIn(after).flatMap(({ id, state }) => (isWaiting(state) ? [] : id)),
    ]);
    return !deadlines.some(({ subjectId }) => over.has(subjectId));
  },
};

/** True once everything due at this instant has been run. */
const nothingIsOverdue = ({ entities, now }: Memory): boolean =>
  activesIn(entities).every((item) => !wantsAccess(item) || !item.endsAt || now < item.endsAt) &&
  eligiblesIn(entities).every((item) => !isOpen(item) || !item.endsAt || now < item.endsAt) &&
  requestsIn(entities).every(
    ({ state, startsAt }) =>
      (state.status !== 'PendingApproval' || now < state.timesOutAt) &&
      (state.status !== 'ScheduleCreated' || !startsAt || now < startsAt),
  );

type Watch = (step: Step) => void;

function runWhatIsDue(world: Memory, watch: Watch): void {
  for (const deadline of world.deadlines.filter(({ dueAt }) => dueAt <= world.now)) {
    const decision = settle(world, deadline);
    world.deadlines = world.deadlines.filter((other) => other !== deadline);
    watch(write(world, decision));
  }
  if (!nothingIsOverdue(world)) throw new Error('broken: what is due has been run');
}

function play(sequence: readonly Move[], seen: Watch = () => {}): void {
  const world = createWorld();
  const watch: Watch = (step) => {
    uphold(rules, step, world);
    seen(step);
  };
  for (const move of sequence) {
    if (move.do === 'wait') world.now = onward(world.now, move.minutes);
    else if (move.do === 'run what is due') runWhatIsDue(world, watch);
    else watch(write(world, perform(world, move)));
  }
}

describe('activations, whatever is done in whatever order', () => {
  it('keep every rule after every step', () => {
    fc.assert(
      fc.property(moves, (sequence) => play(sequence)),
      { numRuns: 4000 },
    );
  });

  it('come to every state and every refusal that there is here', () => {
    const reached = new Set<string>();
    for (const sequence of fc.sample(moves, { numRuns: 2500, seed: 1 }))
      play(sequence, ({ decision }) => {
        for (const { state } of [...written(decision, 'Request'), ...written(decision, 'Assignment')])
          reached.add('why' in state ? `${state.status}: ${state.why}` : state.status);
        const refusal = refusalOf(decision);
        if (refusal) reached.add(refusal.code);
      });
    expect([...reached].sort()).toMatchInlineSnapshot(`
      [
        "Active",
        "Canceled",
        "Canceled: already-active",
        "Canceled: eligibility-ended",
        "Canceled: requester-unavailable",
        "Denied",
        "Ended: deactivated",
        "Ended: eligibility-ended",
        "Ended: expired",
        "Failed",
        "InForce",
        "PendingApproval",
        "PendingProvisioning",
        "Provisioned",
        "Provisioning",
        "Revoking: deactivated",
        "Revoking: eligibility-ended",
        "Revoking: expired",
        "Revoking: provisioning-failed",
        "ScheduleCreated",
        "TimedOut",
        "activation-too-long",
        "activation-too-short",
        "already-active",
        "already-assigned",
        "already-requested",
        "already-voted",
        "assignment-not-active",
        "duration-lengthened",
        "eligibility-ended",
        "eligibility-not-started",
        "justification-missing",
        "nobody-can-approve",
        "not-an-approver",
        "other-stage",
        "principal-blocked",
        "request-decided",
        "requester-unavailable",
        "self-approval",
        "start-in-past",
        "start-too-late",
        "too-early-to-deactivate",
      ]
    `);
  });
});
