import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seatsOf } from '../../src/domain/approval.ts';
import {
  beginDelegation,
  declineDelegation,
  delegate,
  expireDelegation,
  stopDelegation,
} from '../../src/domain/delegate.ts';
import { type Delegation, isOver, unfitToStandIn } from '../../src/domain/delegation.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/person.ts';
import type { AssignmentRequest } from '../../src/domain/request.ts';
import {
  buildActor,
  buildApproval,
  buildApprover,
  buildContext,
  buildGuest,
  buildPerson,
  buildRequest,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
  uuid,
} from '../support/build.ts';
import { all, createMemory, write } from './memory.ts';
import { actionsOf, nothing, refusalOf, writtenOne } from './outcome.ts';

const bob = buildApprover({ displayName: 'Bob' });
const carla = buildPerson({ id: uuid(5) as PersonId, displayName: 'Carla' });
const byBob = buildActor({ personId: bob.id });
const byCarla = buildActor({ personId: carla.id });
const waiting = [buildRequest()];

const ask = (
  { standIn = carla, open = null as Delegation | null, at = noon } = {},
  wish: Partial<Parameters<typeof delegate>[1]> = {},
) =>
  delegate(
    { approver: bob, standIn, open, waiting },
    { startsAt: null, endsAt: minutesIn(7 * day), note: '', ...wish },
    byBob,
    buildContext(at),
  );
const made = (...given: Parameters<typeof ask>) => writtenOne(ask(...given), 'Delegation');
const ahead = () => made({}, { startsAt: minutesIn(day) });
/** As the store answers it: by its state, and up to its end. */
const standsIn = ({ state, endsAt }: Delegation, now: Date) => state.status === 'InForce' && now < endsAt;
const told = (decision: { change: { events: readonly object[] } }) =>
  decision.change.events.flatMap((event) => ('personIds' in event ? [event.personIds] : []));

describe('deciding in the place of somebody who is away', () => {
  it('begins at once, is told to both, and brings what waits already', () => {
    const decision = ask({}, { note: ' Call me ' });
    expect(writtenOne(decision, 'Delegation')).toMatchObject({
      approverId: bob.id,
      standInId: carla.id,
      startsAt: noon,
      endsAt: minutesIn(7 * day),
      note: 'Call me',
      state: { status: 'InForce' },
    });
    expect(decision.change.events).toMatchObject([
      { type: 'delegation-changed', personIds: [bob.id, carla.id], occasion: 'set' },
      { type: 'approvers-asked', requestId: ids.request, personIds: [carla.id] },
    ]);
    expect(decision.change.deadlines).toMatchObject([{ kind: 'delegation-end', dueAt: minutesIn(7 * day) }]);
    expect(decision.change.audit).toMatchObject([{ action: 'delegation.set', subjectId: carla.id, reason: 'Call me' }]);
  });

  it('begins later, and asks nobody before', () => {
    const decision = ask({}, { startsAt: minutesIn(day) });
    expect(writtenOne(decision, 'Delegation').state.status).toBe('Scheduled');
    expect(told(decision)).toEqual([[bob.id, carla.id]]);
    expect(decision.change.deadlines.map(({ kind }) => kind)).toEqual(['delegation-start', 'delegation-end']);
    const begun = beginDelegation({ delegation: ahead(), waiting }, systemActor, buildContext(minutesIn(day)));
    expect(writtenOne(begun, 'Delegation')).toMatchObject({ version: 2, state: { status: 'InForce' } });
    expect(told(begun)).toEqual([[bob.id, carla.id], [carla.id]]);
    expect(actionsOf(begun)).toEqual(['delegation.begin']);
  });

  it.each([
    ['before its start', minutesIn(day - 1), ahead],
    ['at its end', minutesIn(7 * day), ahead],
    ['once it has begun', minutesIn(day), made],
  ])('does not begin %s', (_when, now, delegation) => {
    expect(beginDelegation({ delegation: delegation(), waiting }, systemActor, buildContext(now)).change).toEqual(
      nothing,
    );
  });

  it.each([
    [{ standIn: bob }, { code: 'stand-in-unfit', why: 'yourself', name: 'Bob' }],
    [{ standIn: buildGuest({ displayName: 'Gia' }) }, { code: 'stand-in-unfit', why: 'guest', name: 'Gia' }],
    [{ standIn: { ...carla, accountEnabled: false } }, { code: 'stand-in-unfit', why: 'unavailable', name: 'Carla' }],
    [{ open: made() }, { code: 'delegation-exists', endsAt: minutesIn(7 * day) }],
  ])('is refused for %j', (given, refusal) => {
    expect(refusalOf(ask(given))).toEqual(refusal);
  });

  it.each([
    [{ endsAt: null }, { code: 'delegation-incomplete', missing: 'until' }],
    [{ startsAt: minutesIn(-1) }, { code: 'start-in-past', startsAt: minutesIn(-1) }],
    [{ endsAt: noon }, { code: 'delegation-empty', startsAt: noon, endsAt: noon }],
    [{ endsAt: minutesIn(90 * day + 1) }, { code: 'delegation-too-long', maximumDays: 90 }],
    [{ note: 'x'.repeat(301) }, { code: 'text-too-long', field: 'note', maximum: 300, given: 301 }],
  ])('is refused with %j', (wish, refusal) => {
    expect(refusalOf(ask({}, wish))).toEqual(refusal);
  });

  it('lasts up to ninety days', () => {
    expect(refusalOf(ask({}, { startsAt: minutesIn(day), endsAt: minutesIn(91 * day) }))).toBeNull();
  });
});

describe('standing in', () => {
  it('ends by itself, which both are told; every card of what waited shows it', () => {
    const over = expireDelegation({ delegation: made(), waiting }, systemActor, buildContext(minutesIn(7 * day)));
    expect(writtenOne(over, 'Delegation').state).toEqual({ status: 'Ended', at: minutesIn(7 * day), why: 'expired' });
    expect(over.change.events).toMatchObject([
      { type: 'delegation-changed', personIds: [bob.id, carla.id], occasion: 'ended' },
      { type: 'request-changed', requestId: ids.request, tell: null },
    ]);
    expect(actionsOf(over)).toEqual(['delegation.end']);
  });

  it('does not end before its time', () => {
    const early = expireDelegation({ delegation: made(), waiting }, systemActor, buildContext(minutesIn(7 * day - 1)));
    expect(early.change).toEqual(nothing);
  });

  it('is stopped by whoever is back, which the stand-in is told, and its deadlines go with it', () => {
    const delegation = made();
    const stopped = stopDelegation({ delegation, waiting }, bob.id, byBob, buildContext(minutesIn(5)));
    expect(writtenOne(stopped, 'Delegation').state).toMatchObject({ why: 'stopped' });
    expect(told(stopped)).toEqual([[carla.id]]);
    expect(stopped.change.withdrawDeadlinesOf).toEqual([delegation.id]);
  });

  it('is declined by the stand-in, which the approver is told', () => {
    const declined = declineDelegation({ delegation: ahead(), waiting: [] }, carla.id, byCarla, buildContext());
    expect(writtenOne(declined, 'Delegation').state).toMatchObject({ why: 'declined' });
    expect(told(declined)).toEqual([[bob.id]]);
    expect(declined.change.audit).toMatchObject([{ action: 'delegation.decline', subjectId: bob.id }]);
  });

  it('is ended by nobody else, and once', () => {
    const state = { delegation: made(), waiting };
    const over = { delegation: { ...made(), state: { status: 'Ended', at: noon, why: 'stopped' } as const }, waiting };
    const none = { code: 'delegation-none' };
    expect(refusalOf(stopDelegation(state, carla.id, byCarla, buildContext()))).toEqual(none);
    expect(refusalOf(declineDelegation(state, bob.id, byBob, buildContext()))).toEqual(none);
    expect(refusalOf(stopDelegation(over, bob.id, byBob, buildContext()))).toEqual(none);
    expect(refusalOf(declineDelegation(over, carla.id, byCarla, buildContext()))).toEqual(none);
    expect(refusalOf(stopDelegation(null, bob.id, byBob, buildContext()))).toEqual(none);
  });
});

describe('any delegations, whoever gives them to whom', () => {
  const people: readonly Person[] = [
    ...[3, 5, 6, 7].map((number) => buildPerson({ id: uuid(number) as PersonId })),
    buildGuest(),
    buildPerson({ id: uuid(8) as PersonId, accountEnabled: false }),
  ];
  const who = fc.nat(people.length - 1).map((index) => people[index] as Person);
  const step = fc.oneof(
    fc.record({
      do: fc.constant('set' as const),
      by: who,
      to: who,
      after: fc.nat(60),
      lasts: fc.integer({ min: -5, max: 200 }),
    }),
    fc.record({ do: fc.constantFrom('stop' as const, 'decline' as const), by: who, which: fc.nat(20) }),
    fc.record({ do: fc.constant('wait' as const), minutes: fc.nat(120) }),
  );
  const votes = fc.subarray(people.map(({ id }) => id)).map((voters) =>
    voters.map((by): AssignmentRequest['votes'][number] => ({
      by,
      as: 'approver',
      insteadOf: null,
      stage: 1,
      approves: true,
      at: noon,
      justification: 'Fine',
      durationMinutes: null,
    })),
  );

  it('give each person one at a time, no one a seat who asked or has spoken, and none beyond their time', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 30 }),
        who,
        votes,
        fc.subarray([...people]),
        (steps, requester, spoken, approvers) => {
          const memory = createMemory([]);
          const known = () => all(memory.entities, 'Delegation');
          const openOf = (id: PersonId) => known().find((one) => one.approverId === id && !isOver(one)) ?? null;
          for (const one of steps) {
            const state = (delegation: Delegation | null) => delegation && { delegation, waiting: [] };
            if (one.do === 'set') {
              const startsAt = one.after ? new Date(memory.now.getTime() + one.after * 60_000) : null;
              const endsAt = new Date(memory.now.getTime() + one.lasts * 60_000);
              write(
                memory,
                delegate(
                  { approver: one.by, standIn: one.to, open: openOf(one.by.id), waiting: [] },
                  { startsAt, endsAt, note: '' },
                  buildActor({ personId: one.by.id }),
                  memory.context(),
                ),
              );
            } else if (one.do === 'wait') {
              memory.now = new Date(memory.now.getTime() + one.minutes * 60_000);
              for (const { kind, subjectId } of memory.deadlines.filter(({ dueAt }) => dueAt <= memory.now)) {
                const delegation = known().find(({ id }) => id === subjectId);
                if (!delegation) continue;
                const settle = kind === 'delegation-start' ? beginDelegation : expireDelegation;
                write(memory, settle({ delegation, waiting: [] }, systemActor, memory.context()));
              }
            } else {
              const list = known();
              const chosen = list[one.which % Math.max(1, list.length)] ?? null;
              const end = one.do === 'stop' ? stopDelegation : declineDelegation;
              write(memory, end(state(chosen), one.by.id, buildActor({ personId: one.by.id }), memory.context()));
            }
            for (const person of people)
              expect(known().filter((each) => each.approverId === person.id && !isOver(each)).length).toBeLessThan(2);
            for (const each of known()) {
              expect(each.standInId).not.toBe(each.approverId);
              if (each.endsAt <= memory.now) expect(standsIn(each, memory.now)).toBe(false);
              if (each.startsAt > memory.now) expect(standsIn(each, memory.now)).toBe(false);
            }
            const standIns = known()
              .filter((each) => standsIn(each, memory.now))
              .map((each) => ({
                approverId: each.approverId,
                person: people.find(({ id }) => id === each.standInId) as Person,
              }))
              .filter(({ person, approverId }) => unfitToStandIn(person, approverId) === null);
            const request = buildRequest({ principalId: requester.id, votes: spoken });
            const approval = buildApproval({ approvers, backups: [], quorum: 2 });
            const seats = seatsOf(request, { ...approval, managers: [], standIns });
            const silent = new Set([requester.id, ...spoken.map(({ by }) => by)]);
            expect(new Set(seats.map(({ person }) => person.id)).size).toBe(seats.length);
            for (const { person, insteadOf } of seats) {
              expect(silent.has(person.id)).toBe(false);
              if (!insteadOf) continue;
              expect(person.userType).toBe('Member');
              expect(person.accountEnabled).toBe(true);
              expect(silent.has(insteadOf)).toBe(false);
              // Of the one who is away, and not of somebody who only stands in for another.
              expect(approvers.some(({ id }) => id === insteadOf)).toBe(true);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});
