import { describe, expect, it } from 'vitest';
import { uponActivationApproval } from '../../src/domain/activation.ts';
import { type Approval, askForApproval, seatsOf } from '../../src/domain/approval.ts';
import { askBackups, decideRequest, remindApprovers } from '../../src/domain/decide-request.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/person.ts';
import type { AssignmentRequest } from '../../src/domain/request.ts';
import {
  buildActor,
  buildApproval,
  buildApprover,
  buildContext,
  buildEligible,
  buildGuest,
  buildPerson,
  buildPlace,
  buildRequest,
  buildVote,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
  uuid,
  waitingUntil,
} from '../support/build.ts';
import { actionsOf, nothing, refusalOf, written, writtenOne } from './outcome.ts';

const person = (number: number, parts: Partial<Person> = {}) => buildPerson({ id: uuid(number) as PersonId, ...parts });
const paul = buildApprover();
const [vera, bea, max, dora] = [5, 6, 7, 8].map((number) => person(number)) as [Person, Person, Person, Person];
const place = buildPlace();

const decide = (
  decider: Person,
  approval: Approval,
  request: AssignmentRequest = buildRequest(),
  { approve = true, durationMinutes = null as number | null, now = minutesIn(10) } = {},
) =>
  decideRequest(
    {
      request,
      decider,
      approval,
      effect: uponActivationApproval({ eligible: buildEligible(), requester: buildGuest(), inForce: null }),
      place,
    },
    { approve, justification: 'Fine', durationMinutes },
    buildActor({ personId: decider.id }),
    buildContext(now),
  );

const ask = (approval: Approval) => {
  const { votes: _votes, state: _state, ...asked } = buildRequest();
  return askForApproval(asked, approval, day, noon);
};
const seated = (approval: Approval, request = buildRequest()) =>
  seatsOf(request, approval).map(({ person: { id }, as, insteadOf }) => [id, as, insteadOf]);
const inStage = (stage: number, votes: AssignmentRequest['votes'] = []) =>
  buildRequest({ votes, state: waitingUntil(minutesIn(day), { stage }) });

describe('a quorum of two', () => {
  const two = buildApproval({ quorum: 2, approvers: [paul, vera, bea] });

  it('leaves the request waiting after the first approval, which stands on the record', () => {
    const first = decide(paul, two);
    expect(writtenOne(first, 'Request')).toMatchObject({
      version: 2,
      votes: [{ by: paul.id, stage: 1, approves: true, justification: 'Fine' }],
      state: { status: 'PendingApproval', stage: 1 },
    });
    expect(actionsOf(first)).toEqual(['approval.vote']);
    expect(written(first, 'Assignment')).toEqual([]);
  });

  it('grants with the second', () => {
    const second = decide(vera, two, buildRequest({ votes: [buildVote()] }));
    expect(writtenOne(second, 'Request')).toMatchObject({
      votes: [{ by: paul.id }, { by: vera.id }],
      state: { status: 'PendingProvisioning', decision: { by: vera.id } },
    });
    expect(written(second, 'Assignment')).toHaveLength(1);
  });

  it('is denied by one, whoever approved before', () => {
    const denied = decide(vera, two, buildRequest({ votes: [buildVote()] }), { approve: false });
    expect(writtenOne(denied, 'Request').state.status).toBe('Denied');
  });

  it('takes nobody’s word twice', () => {
    expect(refusalOf(decide(paul, two, buildRequest({ votes: [buildVote()] })))).toEqual({
      code: 'already-voted',
      at: noon,
    });
  });

  it('is refused at once where only one could approve', () => {
    const only = buildApproval({ quorum: 2, approvers: [paul, buildGuest(), person(9, { accountEnabled: false })] });
    expect(ask(only)).toEqual({ code: 'nobody-can-approve', stage: 1, of: 1 });
  });

  it('counts named backups among those who could approve', () => {
    expect(ask(buildApproval({ quorum: 2, backups: [bea], backupsNamed: true }))).toHaveProperty('request');
  });

  it('has its backups asked from the beginning where the approvers are too few', () => {
    const few = buildApproval({ quorum: 2, backups: [bea], backupsNamed: true });
    expect(seated(few)).toEqual([
      [paul.id, 'approver', null],
      [bea.id, 'backup', null],
    ]);
  });
});

describe('two stages', () => {
  const stages = buildApproval({ approvers: [paul, vera] }, { approvers: [bea, paul], backupAfterMinutes: 45 });

  it('ask the second’s approvers when the first has its quorum, with deadlines of its own', () => {
    const first = decide(vera, stages);
    expect(writtenOne(first, 'Request').state).toMatchObject({ stage: 2, since: minutesIn(10), backups: null });
    expect(first.change.events).toContainEqual(
      expect.objectContaining({ type: 'approvers-asked', personIds: [bea.id, paul.id] }),
    );
    expect(first.change.withdrawDeadlinesOf).toEqual([ids.request]);
    expect(first.change.deadlines).toContainEqual({ kind: 'backup', subjectId: ids.request, dueAt: minutesIn(55) });
    expect(first.change.deadlines).toContainEqual({ kind: 'time-out', subjectId: ids.request, dueAt: minutesIn(day) });
  });

  it('grant when the last has its quorum', () => {
    const last = decide(bea, stages, inStage(2, [buildVote({ by: vera.id })]));
    expect(writtenOne(last, 'Request').state.status).toBe('PendingProvisioning');
  });

  it('let nobody decide in both', () => {
    expect(refusalOf(decide(paul, stages, inStage(2, [buildVote()])))?.code).toBe('already-voted');
    expect(seated(stages, inStage(2, [buildVote()]))).toEqual([[bea.id, 'approver', null]]);
  });

  it('tell who comes too early or too late which stage is theirs', () => {
    expect(refusalOf(decide(bea, stages))).toEqual({ code: 'other-stage', now: 1, yours: 2, of: 2 });
    expect(refusalOf(decide(vera, stages, inStage(2)))).toEqual({ code: 'other-stage', now: 2, yours: 1, of: 2 });
  });

  it('are refused at once where one person would have to decide in both', () => {
    expect(ask(buildApproval({}, {}))).toEqual({ code: 'nobody-can-approve', stage: 2, of: 2 });
    expect(ask(buildApproval({ approvers: [paul, vera] }, {}))).toHaveProperty('request');
  });

  it('go on with the last one where the settings have fewer by now', () => {
    const fewer = buildApproval({ approvers: [bea] });
    expect(writtenOne(decide(bea, fewer, inStage(2, [buildVote()])), 'Request').state.status).toBe(
      'PendingProvisioning',
    );
  });
});

describe('nobody’s own request', () => {
  it.each([
    ['as an approver', buildApproval({ approvers: [buildGuest(), paul] })],
    ['as a backup', buildApproval({ backups: [buildGuest()], backupsNamed: true })],
    ['in place of an approver', { ...buildApproval(), standIns: [{ approverId: paul.id, person: buildGuest() }] }],
  ])('is theirs to decide: %s', (_how, approval) => {
    const request = buildRequest({ state: waitingUntil(minutesIn(day), { backups: 'late' }) });
    expect(refusalOf(decide(buildGuest(), approval, request))).toEqual({ code: 'self-approval' });
    expect(seated(approval, request).map(([id]) => id)).not.toContain(ids.guest);
  });

  it('is decided by somebody who stands in for them', () => {
    const approval = {
      ...buildApproval({ approvers: [buildGuest(), paul] }),
      standIns: [{ approverId: ids.guest as PersonId, person: dora }],
    };
    expect(refusalOf(decide(dora, approval))).toEqual({ code: 'not-an-approver' });
  });
});

describe('somebody who stands in for an approver', () => {
  const away = (approval: Approval) => ({ ...approval, standIns: [{ approverId: paul.id, person: dora }] });

  it('decides, and the record says for whom', () => {
    const decided = decide(dora, away(buildApproval()));
    expect(writtenOne(decided, 'Request').votes).toMatchObject([{ by: dora.id, insteadOf: paul.id, as: 'approver' }]);
    expect(decided.change.audit[0]?.details).toMatchObject({ insteadOf: paul.id });
  });

  it('has used up the approver’s word, and the approver theirs', () => {
    const two = away(buildApproval({ quorum: 2, approvers: [paul, vera] }));
    const forPaul = buildRequest({ votes: [buildVote({ by: dora.id, insteadOf: paul.id })] });
    expect(refusalOf(decide(paul, two, forPaul))?.code).toBe('already-voted');
    expect(refusalOf(decide(dora, two, buildRequest({ votes: [buildVote()] })))?.code).not.toBeNull();
    expect(seated(two, buildRequest({ votes: [buildVote()] }))).toEqual([[vera.id, 'approver', null]]);
  });

  it('decides for themselves where they are an approver too', () => {
    const both = away(buildApproval({ approvers: [paul, dora] }));
    expect(writtenOne(decide(dora, both), 'Request').votes).toMatchObject([{ by: dora.id, insteadOf: null }]);
  });

  it('is nobody’s stand-in in turn', () => {
    const chain = {
      ...away(buildApproval()),
      standIns: [...away(buildApproval()).standIns, { approverId: dora.id, person: max }],
    };
    expect(seated(chain).map(([id]) => id)).toEqual([paul.id, dora.id]);
  });
});

describe('the duration', () => {
  const two = buildApproval({ quorum: 2, approvers: [paul, vera] });

  it('is the shortest that any approver chose', () => {
    const shortened = buildRequest({ votes: [buildVote({ durationMinutes: 60 })] });
    const granted = decide(vera, two, shortened, { durationMinutes: 120 });
    expect(writtenOne(granted, 'Assignment')).toMatchObject({ durationMinutes: 60, endsAt: minutesIn(70) });
    expect(writtenOne(granted, 'Request').durationMinutes).toBe(480);
  });

  it('is never lengthened', () => {
    expect(refusalOf(decide(paul, two, buildRequest(), { durationMinutes: 481 }))).toEqual({
      code: 'duration-lengthened',
      askedMinutes: 480,
    });
  });

  it('is half an hour at least, or what was asked for', () => {
    expect(refusalOf(decide(paul, two, buildRequest(), { durationMinutes: 29 }))).toEqual({
      code: 'activation-too-short',
      minimumMinutes: 30,
    });
    expect(decide(paul, two, buildRequest({ durationMinutes: 20 }), { durationMinutes: 20 }).accepted).toBe(true);
  });

  it('is as asked for where an approver names just that', () => {
    expect(writtenOne(decide(paul, two, buildRequest(), { durationMinutes: 480 }), 'Request').votes).toMatchObject([
      { durationMinutes: null },
    ]);
  });
});

describe('backups', () => {
  const backed = buildApproval({ approvers: [paul], backups: [bea], backupsNamed: true });
  const escalate = (now: Date, { request = buildRequest(), approval = backed, unreached = [] as PersonId[] } = {}) =>
    askBackups({ request, approval, unreached, place }, systemActor, buildContext(now));

  it('have nothing to decide before they are asked', () => {
    expect(refusalOf(decide(bea, backed))).toEqual({ code: 'not-an-approver' });
  });

  it('are asked once the approvers have taken their time', () => {
    const asked = escalate(minutesIn(30));
    expect(writtenOne(asked, 'Request').state).toMatchObject({ backups: 'late' });
    expect(actionsOf(asked)).toEqual(['approval.escalate']);
    expect(asked.change.events).toContainEqual(
      expect.objectContaining({ type: 'approvers-asked', personIds: [bea.id] }),
    );
    expect(decide(bea, backed, writtenOne(asked, 'Request')).accepted).toBe(true);
  });

  it('are asked at once when no channel has reached any approver', () => {
    const asked = escalate(minutesIn(1), { unreached: [paul.id] });
    expect(writtenOne(asked, 'Request').state).toMatchObject({ backups: 'unreached' });
  });

  it.each([
    ['before their time', minutesIn(29), {}],
    [
      'while one approver was reached',
      minutesIn(1),
      { approval: buildApproval({ approvers: [paul, vera] }), unreached: [vera.id] },
    ],
    ['twice', minutesIn(60), { request: buildRequest({ state: waitingUntil(minutesIn(day), { backups: 'late' }) }) }],
    ['once it is decided', minutesIn(60), { request: buildRequest({ state: { status: 'Canceled', closedAt: noon } }) }],
  ])('are not asked %s', (_when, now, state) => {
    expect(escalate(now, state).change).toEqual(nothing);
  });

  it('decide at once when the last approver is blocked, and the managers where there are none', () => {
    const blocked = { approvers: [buildApprover({ accountEnabled: false })] };
    expect(seated(buildApproval({ ...blocked, backups: [bea], backupsNamed: true }))).toEqual([
      [bea.id, 'backup', null],
    ]);
    expect(seated({ ...buildApproval(blocked), managers: [max] })).toEqual([[max.id, 'manager', null]]);
  });
});

describe('a reminder', () => {
  const remind = (request: AssignmentRequest) =>
    remindApprovers(
      { request, approval: buildApproval({ quorum: 2, approvers: [paul, vera] }) },
      buildContext(minutesIn(720)),
    );

  it('goes to those who have not decided', () => {
    expect(remind(buildRequest({ votes: [buildVote()] })).change.events).toContainEqual(
      expect.objectContaining({ type: 'approvers-asked', personIds: [vera.id] }),
    );
  });

  it('goes to nobody once it is decided', () => {
    expect(remind(buildRequest({ state: { status: 'Canceled', closedAt: noon } })).change).toEqual(nothing);
  });
});
