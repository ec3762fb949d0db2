import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Assignment, decidedEnd, isOpen, overlapping, wantsAccess } from '../../src/domain/assignment.ts';
import { addMinutes } from '../../src/domain/duration.ts';
import { decisionOf, isFinal } from '../../src/domain/request.ts';
import { ids } from '../support/build.ts';
import {
  assignmentsIn,
  createWorld,
  type Move,
  perform,
  requestsIn,
  settings,
  settle,
  stories,
} from './extend-world.ts';
import { type Memory, onlyAlong, onward, type Rules, type Step, storeRules, uphold, write } from './memory.ts';
import { refusalOf, written } from './outcome.ts';

const find = (step: Step, id: string) => assignmentsIn(step.before).find((item) => item.id === id);
const isHeld = (item: Assignment) => isOpen(item) && item.state.status !== 'Revoking';
const maximumOf = ({ kind }: Assignment) =>
  kind === 'eligible' ? settings.eligibleMaximumMinutes : settings.activeMaximumMinutes;

const rules: Rules = {
  ...storeRules,
  'requests move along their edges, and end for good': onlyAlong('Request', {
    PendingApproval: ['PendingApproval', 'PendingProvisioning', 'Provisioned', 'Denied', 'Canceled', 'TimedOut'],
    PendingProvisioning: ['Provisioned', 'Failed', 'Revoked'],
  }),
  'assignments move along their edges, and end for good': onlyAlong('Assignment', {
    InForce: ['InForce', 'Ended'],
    Scheduled: ['Scheduled', 'Provisioning', 'Ended'],
    Provisioning: ['Active', 'Revoking'],
    Active: ['Extending', 'Revoking'],
    Extending: ['Active', 'Revoking'],
    Revoking: ['Ended', 'Failed'],
  }),
  'no two of a kind are held at the same time': ({ after }) => {
    const held = assignmentsIn(after).filter(isHeld);
    return held.every(
      (item) =>
        !overlapping(
          held.filter((other) => other.kind === item.kind && other.id !== item.id),
          item,
        ),
    );
  },
  'an end is moved in one step, and nothing else of it': (step) =>
    written(step.decision, 'Assignment').every((item) => {
      const earlier = find(step, item.id);
      return !earlier || (earlier.kind === item.kind && earlier.principalId === item.principalId);
    }),
  'the end of what is in force moves only when the target system has confirmed it': (step) =>
    written(step.decision, 'Assignment').every((item) => {
      const earlier = find(step, item.id);
      if (earlier?.kind !== 'active' || earlier.state.status === 'Scheduled') return true;
      if (item.endsAt?.getTime() === earlier.endsAt?.getTime()) return true;
      return earlier.state.status === 'Extending' && item.state.status === 'Active';
    }),
  'nothing lasts longer than the settings allow from the decision on': (step) =>
    written(step.decision, 'Assignment').every((item) => {
      const end = decidedEnd(item);
      const from = new Date(Math.max(item.startsAt.getTime(), step.now.getTime()));
      return !isHeld(item) || (end !== null && end <= addMinutes(from, maximumOf(item)));
    }),
  'only its holder’s request asks for approval, and nobody approves their own': ({ after }) =>
    requestsIn(after).every(
      ({ action, state, votes }) =>
        (action.startsWith('self') || state.status !== 'PendingApproval') &&
        votes.every(({ by }) => by === ids.approver),
    ),
  'what is granted to its holder was approved': ({ after }) =>
    requestsIn(after).every(
      ({ action, state, votes }) =>
        !action.startsWith('self') ||
        !['Provisioned', 'PendingProvisioning'].includes(state.status) ||
        (decisionOf(state) !== null && votes.length > 0),
    ),
  'about an assignment one request is open at a time': ({ after }) => {
    const open = requestsIn(after).filter(({ state }) => !isFinal(state));
    return new Set(open.map(({ eligibilityId }) => eligibilityId)).size === open.length;
  },
  'a renewal gives a new assignment, and leaves the ended one as it was': (step) =>
    written(step.decision, 'Assignment').every((item) => {
      const earlier = find(step, item.id);
      return !earlier || isOpen(earlier);
    }),
  'the target system is told whenever access begins, ends or is to end at another time': (step) =>
    written(step.decision, 'Assignment').every((item) => {
      if (item.kind !== 'active') return true;
      const earlier = find(step, item.id);
      const before = earlier?.kind === 'active' && wantsAccess(earlier);
      const moving = item.state.status === 'Extending' && earlier?.state.status !== 'Extending';
      return (wantsAccess(item) === before && !moving) || step.decision.change.provision.includes(item.id);
    }),
  'every end has its deadline, at the time that was decided': ({ after }, { deadlines }) =>
    assignmentsIn(after)
      .filter(isHeld)
      .every((item) => {
        const end = decidedEnd(item);
        const due = (at: Date) =>
          deadlines.some(
            ({ kind, subjectId, dueAt }) => kind === 'end' && subjectId === item.id && dueAt.getTime() === at.getTime(),
          );
        return !end || due(end);
      }),
  'what is over has no deadline': ({ after }, { deadlines }) => {
    const over = new Set<string>(assignmentsIn(after).flatMap((item) => (isHeld(item) ? [] : item.id)));
    return !deadlines.some(({ subjectId }) => over.has(subjectId));
  },
};

type Watch = (step: Step) => void;

function runWhatIsDue(world: Memory, watch: Watch): void {
  for (const deadline of world.deadlines.filter(({ dueAt }) => dueAt <= world.now)) {
    const decision = settle(world, deadline);
    world.deadlines = world.deadlines.filter((other) => other !== deadline);
    watch(write(world, decision));
  }
  const overdue = assignmentsIn(world.entities).filter((item) => {
    const end = decidedEnd(item);
    return isHeld(item) && end && end <= world.now;
  });
  if (overdue.length > 0) throw new Error('broken: what is due has been run');
}

function play({ from, moves }: { from: Date; moves: readonly Move[] }, seen: Watch = () => {}): void {
  const world = createWorld(from);
  const watch: Watch = (step) => {
    uphold(rules, step, world);
    seen(step);
  };
  for (const move of moves) {
    if (move.do === 'wait') world.now = onward(world.now, move.minutes);
    else if (move.do === 'run what is due') runWhatIsDue(world, watch);
    else watch(write(world, perform(world, move)));
  }
}

describe('ends of assignments, whatever is done in whatever order', () => {
  it('keep every rule after every step', () => {
    fc.assert(
      fc.property(stories, (story) => play(story)),
      { numRuns: 3000 },
    );
  });

  it('come to every action, state and refusal that there is here', () => {
    const reached = new Set<string>();
    for (const story of fc.sample(stories, { numRuns: 2500, seed: 1 }))
      play(story, ({ decision }) => {
        for (const { action, state } of written(decision, 'Request')) reached.add(`${action}: ${state.status}`);
        for (const { kind, state } of written(decision, 'Assignment'))
          reached.add(`${kind}: ${state.status}${'why' in state ? ` (${state.why})` : ''}`);
        const refusal = refusalOf(decision);
        if (refusal) reached.add('because' in refusal ? `${refusal.code}: ${refusal.because}` : refusal.code);
      });
    expect([...reached].sort()).toMatchInlineSnapshot(`
      [
        "active: Active",
        "active: Ended (expired)",
        "active: Ended (removed)",
        "active: Extending",
        "active: Failed",
        "active: Provisioning",
        "active: Revoking (expired)",
        "active: Revoking (provisioning-failed)",
        "active: Revoking (removed)",
        "active: Scheduled",
        "adminExtend: Failed",
        "adminExtend: PendingProvisioning",
        "adminExtend: Provisioned",
        "adminExtend: Revoked",
        "adminRenew: Failed",
        "adminRenew: PendingProvisioning",
        "adminRenew: Provisioned",
        "adminRenew: Revoked",
        "already-assigned",
        "already-requested",
        "assignment-too-long",
        "eligible: Ended (expired)",
        "eligible: Ended (removed)",
        "eligible: InForce",
        "end-not-later",
        "end-too-late",
        "managed-over",
        "not-extendable: ended",
        "not-extendable: not-in-force",
        "not-extendable: under-way",
        "not-renewable: not-ended",
        "not-renewable: removed",
        "not-renewable: too-long-ago",
        "nothing-to-change",
        "overlaps-another",
        "renewed-already",
        "request-decided",
        "selfExtend: Canceled",
        "selfExtend: Denied",
        "selfExtend: PendingApproval",
        "selfExtend: PendingProvisioning",
        "selfExtend: Provisioned",
        "selfExtend: TimedOut",
        "selfRenew: Canceled",
        "selfRenew: Denied",
        "selfRenew: Failed",
        "selfRenew: PendingApproval",
        "selfRenew: PendingProvisioning",
        "selfRenew: Provisioned",
        "selfRenew: TimedOut",
        "too-early-to-extend",
      ]
    `);
  });
});
