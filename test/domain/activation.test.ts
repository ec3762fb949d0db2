import { describe, expect, it } from 'vitest';
import {
  cancelActivation,
  confirmGranted,
  failProvisioning,
  reportStuck,
  timeOutActivation,
  uponActivationApproval,
  warnOfEnd,
} from '../../src/domain/activation.ts';
import { type Activation, activationEnd } from '../../src/domain/activation-parts.ts';
import type { ActiveAssignment, EndReason } from '../../src/domain/assignment.ts';
import { decideRequest } from '../../src/domain/decide-request.ts';
import {
  confirmGone,
  type Dependents,
  deactivate,
  endEligibility,
  expireActivation,
  noDependents,
} from '../../src/domain/ending.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import { notifiedOf } from '../../src/domain/notified.ts';
import type { RequestState } from '../../src/domain/request.ts';
import { longestActivation, requestActivation } from '../../src/domain/request-activation.ts';
import {
  buildActive,
  buildActor,
  buildApproval,
  buildApprover,
  buildContext,
  buildEligible,
  buildGuest,
  buildInvitedGuest,
  buildPerson,
  buildPlace,
  buildRequest,
  buildScopeChain,
  buildSettings,
  buildVote,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
  uuid,
  waitingUntil,
} from '../support/build.ts';
import { actionsOf, answerOf, nothing, refusalOf, written, writtenOne } from './outcome.ts';

const place = buildPlace();
const guestActor = buildActor({ personId: ids.guest });
const approverActor = buildActor({ personId: ids.approver });
const decision = { by: ids.approver, at: noon, justification: 'Fine' };

const ask = (
  state: Partial<Parameters<typeof requestActivation>[0]> = {},
  wish: Partial<Parameters<typeof requestActivation>[1]> = {},
  now = noon,
) =>
  requestActivation(
    {
      requester: buildGuest(),
      eligible: buildEligible(),
      chain: buildScopeChain(),
      place,
      eligiblePlace: place,
      settings: buildSettings(),
      approval: null,
      openRequest: null,
      inForce: null,
      ...state,
    },
    { startsAt: null, durationMinutes: 120, justification: 'Quarterly close', ticket: null, ...wish },
    guestActor,
    buildContext(now),
  );

const decide = (
  approve: boolean,
  {
    requester = buildGuest(),
    eligible = buildEligible(),
    inForce = null,
    startsAt = null,
    ...state
  }: Partial<Parameters<typeof decideRequest>[0] & Parameters<typeof uponActivationApproval>[0]> = {},
  { justification = 'Fine', now = minutesIn(10) } = {},
) =>
  decideRequest(
    {
      request: buildRequest(),
      decider: buildApprover(),
      approval: buildApproval(),
      effect: uponActivationApproval({ eligible, requester, inForce, startsAt }),
      place,
      ...state,
    },
    { approve, justification, durationMinutes: null },
    approverActor,
    buildContext(now),
  );

const provisioning = (parts: Partial<ActiveAssignment> = {}): Activation => ({
  assignment: buildActive({ version: 1, state: { status: 'Provisioning' }, ...parts }),
  request: buildRequest({
    version: 2,
    state: { status: 'PendingProvisioning', decision, assignmentId: ids.active },
  }),
  place,
});

const active = (parts: Partial<ActiveAssignment> = {}): Activation => ({
  assignment: buildActive(parts),
  request: buildRequest({ version: 3, state: { status: 'Provisioned', decision, assignmentId: ids.active } }),
  place,
});

const revoking = (why: EndReason, confirmedAt: Date | null): Activation =>
  active({ version: 3, state: { status: 'Revoking', why, confirmedAt } });

const statesAfterPending: RequestState[] = [
  { status: 'PendingProvisioning', decision, assignmentId: ids.active },
  { status: 'Provisioned', decision, assignmentId: ids.active },
  { status: 'Denied', decision, closedAt: noon },
  { status: 'Canceled', closedAt: noon },
  { status: 'TimedOut', closedAt: noon },
  { status: 'Failed', decision, assignmentId: ids.active, closedAt: noon },
];

const activeStatesWithoutAccess: ActiveAssignment['state'][] = [
  { status: 'Revoking', why: 'expired', confirmedAt: noon },
  { status: 'Ended', at: noon, why: 'expired', confirmedAt: noon },
  { status: 'Failed', at: noon },
];

describe('the longest activation', () => {
  it('is the maximum of the role', () => {
    expect(longestActivation(buildEligible(), buildSettings({ activationMaximumMinutes: 240 }), noon)).toBe(240);
  });

  it('is what is left of the eligibility, where that is less', () => {
    expect(longestActivation(buildEligible({ endsAt: minutesIn(90) }), buildSettings(), noon)).toBe(90);
  });

  it('is the maximum of the role for a permanent eligibility', () => {
    expect(longestActivation(buildEligible({ endsAt: null }), buildSettings(), noon)).toBe(480);
  });
});

describe('the end of an activation', () => {
  it('is its duration from the moment when it takes effect', () => {
    expect(activationEnd(120, buildEligible(), minutesIn(7))).toEqual(minutesIn(127));
  });

  it('is never past the end of the eligibility', () => {
    expect(activationEnd(120, buildEligible({ endsAt: minutesIn(60) }), noon)).toEqual(minutesIn(60));
  });
});

describe('an eligible person who asks to activate', () => {
  describe('a role without approval', () => {
    it('gets a request that goes straight to provisioning', () => {
      expect(writtenOne(ask(), 'Request').state).toEqual({
        status: 'PendingProvisioning',
        decision: null,
        assignmentId: uuid(1001),
      });
    });

    it('gets an assignment that waits for the target system', () => {
      expect(writtenOne(ask(), 'Assignment')).toEqual(
        buildActive({
          id: uuid(1001) as ActiveAssignment['id'],
          version: 1,
          requestId: uuid(1000) as ActiveAssignment['requestId'],
          durationMinutes: 120,
          endsAt: minutesIn(120),
          state: { status: 'Provisioning' },
        }),
      );
    });

    it('has the target system provisioned', () => {
      expect(ask().change.provision).toEqual([uuid(1001)]);
    });

    it('has the end of the assignment and the warning before it scheduled', () => {
      expect(ask().change.deadlines).toEqual([
        { kind: 'end', subjectId: uuid(1001), dueAt: minutesIn(120) },
        { kind: 'warn', subjectId: uuid(1001), dueAt: minutesIn(110) },
      ]);
    });

    it('leaves the request and the grant on the record', () => {
      expect(actionsOf(ask())).toEqual(['activation.request', 'activation.grant']);
    });

    it('asks no approver', () => {
      expect(ask().change.events).toMatchObject([{ approverIds: [] }]);
    });
  });

  describe('a role with approval', () => {
    const asked = ask({ approval: buildApproval() });

    it('gets a request that waits for its lifetime', () => {
      expect(writtenOne(asked, 'Request').state).toEqual(waitingUntil(minutesIn(day)));
    });

    it('gets no assignment yet', () => {
      expect(written(asked, 'Assignment')).toEqual([]);
    });

    it('has the request’s time-out, its reminders and its backups scheduled', () => {
      const due = asked.change.deadlines.map(({ kind, dueAt }) => [kind, dueAt]);
      expect(due).toEqual([
        ['time-out', minutesIn(day)],
        ['remind', minutesIn(day / 2)],
        ['remind', minutesIn(day - 60)],
        ['backup', minutesIn(30)],
      ]);
    });

    it('has the approvers asked, except the requester and whoever can’t act', () => {
      const approvers = [
        buildApprover(),
        buildGuest(),
        buildApprover({ id: uuid(5) as PersonId, accountEnabled: false }),
        buildInvitedGuest({ id: uuid(6) as PersonId }),
      ];
      const { change } = ask({ approval: buildApproval({ approvers }) });
      expect(change.events).toMatchObject([{ type: 'activation-requested', approverIds: [ids.approver] }]);
    });

    it.each([
      ['there is none', []],
      ['the only one is the requester', [buildGuest()]],
      ['the only one is blocked', [buildApprover({ accountEnabled: false })]],
      ['the only one has not redeemed the invitation', [buildInvitedGuest({ id: ids.approver })]],
    ])('is refused when nobody can approve: %s', (_why, approvers) => {
      expect(refusalOf(ask({ approval: buildApproval({ approvers }) }))).toEqual({
        code: 'nobody-can-approve',
        stage: 1,
        of: 1,
      });
    });
  });

  it('relies on the eligibility and the person being as they were read', () => {
    expect(ask().change.relyOn).toEqual([
      { entity: 'Assignment', id: ids.eligible, version: 1 },
      { entity: 'Person', id: ids.guest, version: 1 },
    ]);
  });

  it('is judged by the settings of that moment', () => {
    expect(writtenOne(ask({ settings: buildSettings({ version: 7 }) }), 'Request').settingsVersion).toBe(7);
  });

  it('learns the number of the request', () => {
    expect(answerOf(ask())).toEqual({ requestId: uuid(1000) });
  });

  it('gets the longest time where none is named', () => {
    expect(writtenOne(ask({}, { durationMinutes: null }), 'Request').durationMinutes).toBe(480);
  });

  it('gets what is left of an eligibility that ends before the shortest activation', () => {
    const nearlyOver = ask({ eligible: buildEligible({ endsAt: minutesIn(12) }) }, { durationMinutes: null });
    expect(writtenOne(nearlyOver, 'Assignment').endsAt).toEqual(minutesIn(12));
  });

  it('gets no instant past the end of the eligibility in its last seconds', () => {
    const endsAt = new Date(noon.getTime() + 20_000);
    const lastSeconds = ask({ eligible: buildEligible({ endsAt }) }, { durationMinutes: null });
    expect(writtenOne(lastSeconds, 'Assignment').endsAt).toEqual(endsAt);
  });

  it.each([
    [30, true],
    [29, false],
    [480, true],
    [481, false],
    [0, false],
    [-30, false],
  ])('for %i minutes: accepted is %s', (durationMinutes, accepted) => {
    expect(ask({}, { durationMinutes }).accepted).toBe(accepted);
  });

  it('is refused less than half an hour', () => {
    expect(refusalOf(ask({}, { durationMinutes: 29 }))).toEqual({ code: 'activation-too-short', minimumMinutes: 30 });
  });

  it('is refused more than the role allows', () => {
    expect(refusalOf(ask({}, { durationMinutes: 481 }))).toEqual({
      code: 'activation-too-long',
      maximumMinutes: 480,
      because: 'role',
    });
  });

  it('is refused more than the eligibility has left', () => {
    expect(refusalOf(ask({ eligible: buildEligible({ endsAt: minutesIn(60) }) }))).toEqual({
      code: 'activation-too-long',
      maximumMinutes: 60,
      because: 'eligibility',
    });
  });

  it('is refused before the eligibility starts', () => {
    expect(refusalOf(ask({ eligible: buildEligible({ startsAt: minutesIn(1) }) }))).toEqual({
      code: 'eligibility-not-started',
      startsAt: minutesIn(1),
    });
  });

  it('is refused from the instant at which the eligibility ends', () => {
    expect(refusalOf(ask({ eligible: buildEligible({ endsAt: noon }) }))).toEqual({
      code: 'eligibility-ended',
      endedAt: noon,
    });
  });

  it('is refused once the eligibility was ended, with the instant when it was', () => {
    const ended = buildEligible({ state: { status: 'Ended', at: minutesIn(-5), why: 'removed' } });
    expect(refusalOf(ask({ eligible: ended }))).toEqual({ code: 'eligibility-ended', endedAt: minutesIn(-5) });
  });

  it.each(['', '  \n'])('is refused without a justification: %j', (justification) => {
    expect(refusalOf(ask({}, { justification }))).toEqual({ code: 'justification-missing' });
  });

  it('needs no justification where the role asks for none', () => {
    expect(ask({ settings: buildSettings({ justificationRequired: false }) }, { justification: '' }).accepted).toBe(
      true,
    );
  });

  it.each([null, '', '  '])('is refused without a ticket where the role asks for one: %j', (ticket) => {
    expect(refusalOf(ask({ settings: buildSettings({ ticketRequired: true }) }, { ticket }))).toEqual({
      code: 'ticket-missing',
    });
  });

  it.each([
    ['justification', { justification: 'x'.repeat(501) }, 500, 501],
    ['ticket', { ticket: 'x'.repeat(81) }, 80, 81],
  ])('is refused a %s that is too long', (field, wish, maximum, given) => {
    expect(refusalOf(ask({}, wish))).toEqual({ code: 'text-too-long', field, maximum, given });
  });

  it('counts characters as people do', () => {
    expect(ask({}, { justification: '🔑'.repeat(500) }).accepted).toBe(true);
  });

  it('is refused while the role is active already', () => {
    expect(refusalOf(ask({ inForce: buildActive() }))).toEqual({ code: 'already-active', until: minutesIn(480) });
  });

  it('is refused while another request is open', () => {
    expect(refusalOf(ask({ openRequest: buildRequest() }))).toEqual({ code: 'already-requested' });
  });

  it('changes nothing when refused', () => {
    expect(ask({ inForce: buildActive() }).change).toEqual(nothing);
  });
});

describe('a pending request', () => {
  describe('approved', () => {
    const approved = decide(true);

    it('goes to provisioning with the decision', () => {
      expect(writtenOne(approved, 'Request')).toEqual(
        buildRequest({
          version: 2,
          votes: [buildVote({ at: minutesIn(10) })],
          state: {
            status: 'PendingProvisioning',
            decision: { by: ids.approver, at: minutesIn(10), justification: 'Fine' },
            assignmentId: uuid(1000) as ActiveAssignment['id'],
          },
        }),
      );
    });

    it('grants from now, not from when it was asked', () => {
      expect(writtenOne(approved, 'Assignment')).toMatchObject({
        startsAt: minutesIn(10),
        endsAt: minutesIn(490),
        state: { status: 'Provisioning' },
      });
    });

    it('grants no longer than the eligibility', () => {
      const late = decide(true, { eligible: buildEligible({ endsAt: minutesIn(60) }) });
      expect(writtenOne(late, 'Assignment').endsAt).toEqual(minutesIn(60));
    });

    it('no longer times out', () => {
      expect(approved.change.withdrawDeadlinesOf).toEqual([ids.request]);
    });

    it('relies on the eligibility, the requester and the approver being as they were read', () => {
      expect(approved.change.relyOn.map(({ id }) => id)).toEqual([ids.eligible, ids.guest, ids.approver]);
    });

    it('leaves the approver and the reason on the record', () => {
      expect(approved.change.audit).toMatchObject([
        { action: 'activation.approve', actor: { personId: ids.approver }, subjectId: ids.guest, reason: 'Fine' },
      ]);
    });

    it('brings the target system to it', () => {
      expect(approved.change.provision).toEqual([uuid(1000)]);
    });

    it.each([
      ['blocked', buildGuest({ accountEnabled: false })],
      ['not redeemed', buildInvitedGuest()],
    ])('is refused when its requester is %s by now', (_why, requester) => {
      expect(refusalOf(decide(true, { requester }))).toEqual({ code: 'requester-unavailable' });
    });

    it('is refused once the eligibility is over', () => {
      const eligible = buildEligible({ endsAt: minutesIn(10) });
      expect(refusalOf(decide(true, { eligible }))).toEqual({ code: 'eligibility-ended', endedAt: minutesIn(10) });
    });

    it('is refused once the eligibility was removed', () => {
      const eligible = buildEligible({ state: { status: 'Ended', at: minutesIn(5), why: 'removed' } });
      expect(refusalOf(decide(true, { eligible }))).toEqual({ code: 'eligibility-ended', endedAt: minutesIn(5) });
    });

    it('is refused when the role has become active by another way', () => {
      expect(refusalOf(decide(true, { inForce: buildActive() }))).toEqual({
        code: 'already-active',
        until: minutesIn(480),
      });
    });

    it('may begin when what is active now is over, and not before that is', () => {
      const request = buildRequest({ startsAt: minutesIn(60) });
      const asked = { request, startsAt: minutesIn(60), inForce: buildActive({ endsAt: minutesIn(60) }) };
      expect(writtenOne(decide(true, asked), 'Request').state.status).toBe('ScheduleCreated');
      expect(refusalOf(decide(true, asked, { now: minutesIn(61) }))).toMatchObject({ code: 'already-active' });
    });
  });

  describe('denied', () => {
    const denied = decide(false);

    it('is closed with the decision', () => {
      expect(writtenOne(denied, 'Request').state).toEqual({
        status: 'Denied',
        decision: { by: ids.approver, at: minutesIn(10), justification: 'Fine' },
        closedAt: minutesIn(10),
      });
    });

    it('grants nothing', () => {
      expect(written(denied, 'Assignment')).toEqual([]);
    });

    it('tells the requester', () => {
      expect(denied.change.events).toMatchObject([{ type: 'request-changed', tell: 'Denied' }]);
    });

    it('no longer times out', () => {
      expect(denied.change.withdrawDeadlinesOf).toEqual([ids.request]);
    });

    it('leaves the denial on the record', () => {
      expect(actionsOf(denied)).toEqual(['activation.deny']);
    });

    it('is possible when the requester is blocked by now', () => {
      expect(decide(false, { requester: buildGuest({ accountEnabled: false }) }).accepted).toBe(true);
    });
  });

  describe.each([
    ['approval', true],
    ['denial', false],
  ])('%s', (_name, approve) => {
    it('by the requester is refused, though named as an approver', () => {
      expect(
        refusalOf(decide(approve, { decider: buildGuest(), approval: buildApproval({ approvers: [buildGuest()] }) })),
      ).toEqual({
        code: 'self-approval',
      });
    });

    it('by somebody who is no approver now is refused', () => {
      expect(refusalOf(decide(approve, { approval: buildApproval({ approvers: [buildPerson()] }) }))).toEqual({
        code: 'not-an-approver',
      });
    });

    it('without a justification is refused', () => {
      expect(refusalOf(decide(approve, {}, { justification: ' ' }))).toEqual({ code: 'justification-missing' });
    });

    it('with a justification that is too long is refused', () => {
      expect(refusalOf(decide(approve, {}, { justification: 'x'.repeat(501) }))).toMatchObject({
        code: 'text-too-long',
        field: 'justification',
      });
    });

    it('in the last instant of the request’s life is accepted', () => {
      expect(decide(approve, {}, { now: new Date(minutesIn(day).getTime() - 1) }).accepted).toBe(true);
    });

    it('after the request’s life is refused, though nothing has closed it yet', () => {
      expect(refusalOf(decide(approve, {}, { now: minutesIn(day) }))).toEqual({
        code: 'request-decided',
        status: 'TimedOut',
        by: null,
        at: minutesIn(day),
      });
    });

    it.each(statesAfterPending)('of a request that is $status already is refused', (state) => {
      expect(refusalOf(decide(approve, { request: buildRequest({ state }) }))).toMatchObject({
        code: 'request-decided',
        status: state.status,
      });
    });

    it('that comes second learns whose decision was first', () => {
      const request = buildRequest({ state: { status: 'Denied', decision, closedAt: noon } });
      expect(refusalOf(decide(approve, { request }))).toMatchObject({ by: ids.approver, at: noon });
    });

    it('that is refused changes nothing', () => {
      expect(decide(approve, { approval: buildApproval({ approvers: [] }) }).change).toEqual(nothing);
    });
  });

  describe('canceled', () => {
    const cancel = (state: RequestState = buildRequest().state, now = minutesIn(5)) =>
      cancelActivation({ request: buildRequest({ state }), place }, guestActor, buildContext(now));

    it('is closed', () => {
      expect(writtenOne(cancel(), 'Request').state).toEqual({ status: 'Canceled', closedAt: minutesIn(5) });
    });

    it('no longer times out', () => {
      expect(cancel().change.withdrawDeadlinesOf).toEqual([ids.request]);
    });

    it('leaves the cancelation on the record', () => {
      expect(actionsOf(cancel())).toEqual(['activation.cancel']);
    });

    it.each(statesAfterPending)('is refused once it is $status', (state) => {
      expect(refusalOf(cancel(state))).toMatchObject({ code: 'request-decided', status: state.status });
    });

    it('is refused after its lifetime, though nothing has closed it yet', () => {
      expect(refusalOf(cancel(undefined, minutesIn(day)))).toMatchObject({
        code: 'request-decided',
        status: 'TimedOut',
      });
    });
  });

  describe('that nobody decides', () => {
    const timeOut = (state: RequestState = buildRequest().state, now = minutesIn(day)) =>
      timeOutActivation({ request: buildRequest({ state }), place }, systemActor, buildContext(now));

    it('times out at the end of its lifetime', () => {
      expect(writtenOne(timeOut(), 'Request').state).toEqual({ status: 'TimedOut', closedAt: minutesIn(day) });
    });

    it('tells the requester', () => {
      expect(timeOut().change.events).toMatchObject([{ requesterId: ids.guest, tell: 'TimedOut' }]);
    });

    it('leaves the time-out on the record', () => {
      expect(actionsOf(timeOut())).toEqual(['activation.time-out']);
    });

    it('stays as it is until then', () => {
      expect(timeOut(undefined, new Date(minutesIn(day).getTime() - 1)).change).toEqual(nothing);
    });

    it.each(statesAfterPending)('stays as it is once it is $status', (state) => {
      expect(timeOut(state).change).toEqual(nothing);
    });
  });
});

describe('an assignment on its way to the target system', () => {
  describe('that the target system confirms', () => {
    const confirmed = confirmGranted(
      provisioning(),
      { endsAt: minutesIn(483) },
      systemActor,
      buildContext(minutesIn(3)),
    );

    it('is active from then on, until the end that the target system gives it', () => {
      expect(writtenOne(confirmed, 'Assignment')).toMatchObject({
        version: 2,
        endsAt: minutesIn(483),
        state: { status: 'Active', confirmedAt: minutesIn(3) },
      });
    });

    it('makes its request provisioned, which keeps its decision', () => {
      expect(writtenOne(confirmed, 'Request')).toMatchObject({
        version: 3,
        state: { status: 'Provisioned', decision, assignmentId: ids.active },
      });
    });

    it('has its end and warning moved to the confirmed end', () => {
      expect(confirmed.change.withdrawDeadlinesOf).toEqual([ids.active]);
      expect(confirmed.change.deadlines.map(({ dueAt }) => dueAt)).toEqual([minutesIn(483), minutesIn(473)]);
    });

    it('shows on every card, and tells whom the settings say', () => {
      expect(confirmed.change.events).toMatchObject([
        { type: 'request-changed', tell: null },
        { type: 'activated', requesterId: ids.guest, notified: { event: 'activated' } },
      ]);
    });

    it('leaves the confirmation on the record', () => {
      expect(actionsOf(confirmed)).toEqual(['activation.confirm']);
    });

    it('has no deadline when the target system gives it no end', () => {
      const direct = { ...provisioning({ eligibilityId: null, requestId: null }), request: null };
      expect(confirmGranted(direct, { endsAt: null }, systemActor, buildContext()).change.deadlines).toEqual([]);
    });
  });

  it.each([buildActive().state, ...activeStatesWithoutAccess])(
    'ignores a confirmation that comes when it is $status',
    (state) => {
      const late = confirmGranted(active({ state }), { endsAt: minutesIn(900) }, systemActor, buildContext());
      expect(late.change).toEqual(nothing);
    },
  );

  describe('that can’t be provisioned', () => {
    const failed = failProvisioning(
      provisioning(),
      { reason: 'no such role' },
      systemActor,
      buildContext(minutesIn(3)),
    );

    it('is taken back, in case it arrived after all', () => {
      expect(writtenOne(failed, 'Assignment').state).toEqual({
        status: 'Revoking',
        why: 'provisioning-failed',
        confirmedAt: null,
      });
      expect(failed.change.provision).toEqual([ids.active]);
    });

    it('makes its request fail', () => {
      expect(writtenOne(failed, 'Request').state).toEqual({
        status: 'Failed',
        decision,
        assignmentId: ids.active,
        closedAt: minutesIn(3),
      });
    });

    it('tells the requester and the administrators', () => {
      expect(failed.change.events).toMatchObject([{ tell: 'Failed' }, { type: 'provisioning-stuck' }]);
    });

    it('leaves the failure and its reason on the record', () => {
      expect(failed.change.audit).toMatchObject([
        { action: 'activation.fail', result: 'failure', reason: 'no such role' },
      ]);
    });

    it('no longer ends by itself', () => {
      expect(failed.change.withdrawDeadlinesOf).toEqual([ids.active]);
    });

    it('is failed once the target system confirms that nothing is left', () => {
      const gone = confirmGone(revoking('provisioning-failed', null), systemActor, buildContext(minutesIn(4)));
      expect(writtenOne(gone, 'Assignment').state).toEqual({ status: 'Failed', at: minutesIn(4) });
    });
  });

  it.each([buildActive().state, ...activeStatesWithoutAccess])(
    'ignores a failure that is reported when it is $status',
    (state) => {
      const late = failProvisioning(active({ state }), { reason: 'late' }, systemActor, buildContext());
      expect(late.change).toEqual(nothing);
    },
  );

  describe('until its whole time is over', () => {
    const expired = expireActivation(provisioning(), noDependents, systemActor, buildContext(minutesIn(480)));

    it('is taken back', () => {
      expect(writtenOne(expired, 'Assignment').state).toEqual({
        status: 'Revoking',
        why: 'expired',
        confirmedAt: null,
      });
    });

    it('makes its request fail', () => {
      expect(writtenOne(expired, 'Request').state.status).toBe('Failed');
      expect(expired.change.events).toMatchObject([{ tell: 'Failed' }]);
    });
  });

  it('can’t be deactivated yet', () => {
    expect(refusalOf(deactivate(provisioning(), noDependents, guestActor, buildContext(minutesIn(10))))).toEqual({
      code: 'assignment-not-active',
      status: 'Provisioning',
    });
  });
});

describe('an active assignment', () => {
  describe('at its end', () => {
    const expired = expireActivation(active(), noDependents, systemActor, buildContext(minutesIn(480)));

    it('is being taken away', () => {
      expect(writtenOne(expired, 'Assignment')).toMatchObject({
        version: 3,
        state: { status: 'Revoking', why: 'expired', confirmedAt: noon },
      });
      expect(expired.change.provision).toEqual([ids.active]);
    });

    it('leaves its provisioned request alone', () => {
      expect(written(expired, 'Request')).toEqual([]);
    });

    it('leaves the expiry on the record', () => {
      expect(actionsOf(expired)).toEqual(['activation.expire']);
    });
  });

  it('stays until its end', () => {
    const early = expireActivation(
      active(),
      noDependents,
      systemActor,
      buildContext(new Date(minutesIn(480).getTime() - 1)),
    );
    expect(early.change).toEqual(nothing);
  });

  it('without an end stays', () => {
    expect(
      expireActivation(active({ endsAt: null }), noDependents, systemActor, buildContext(minutesIn(9999))).change,
    ).toEqual(nothing);
  });

  it.each(activeStatesWithoutAccess)('does not expire again once it is $status', (state) => {
    expect(expireActivation(active({ state }), noDependents, systemActor, buildContext(minutesIn(480))).change).toEqual(
      nothing,
    );
  });

  describe('given up by its holder', () => {
    const early = new Date(minutesIn(5).getTime() - 1);

    it('is being taken away', () => {
      const given = deactivate(active(), noDependents, guestActor, buildContext(minutesIn(5)));
      expect(writtenOne(given, 'Assignment').state).toEqual({
        status: 'Revoking',
        why: 'deactivated',
        confirmedAt: noon,
      });
    });

    it('has the target system provisioned and its deadlines withdrawn', () => {
      const { change } = deactivate(active(), noDependents, guestActor, buildContext(minutesIn(5)));
      expect([change.provision, change.withdrawDeadlinesOf]).toEqual([[ids.active], [ids.active]]);
    });

    it('leaves the deactivation on the record', () => {
      expect(actionsOf(deactivate(active(), noDependents, guestActor, buildContext(minutesIn(5))))).toEqual([
        'activation.deactivate',
      ]);
    });

    it('is refused within the first five minutes', () => {
      expect(refusalOf(deactivate(active(), noDependents, guestActor, buildContext(early)))).toEqual({
        code: 'too-early-to-deactivate',
        possibleAt: minutesIn(5),
      });
    });

    it('counts the five minutes from the confirmation, not from the request', () => {
      const confirmedLate = active({ state: { status: 'Active', confirmedAt: minutesIn(20) } });
      expect(refusalOf(deactivate(confirmedLate, noDependents, guestActor, buildContext(minutesIn(24))))).toEqual({
        code: 'too-early-to-deactivate',
        possibleAt: minutesIn(25),
      });
    });

    it.each(activeStatesWithoutAccess)('is refused once it is $status', (state) => {
      expect(refusalOf(deactivate(active({ state }), noDependents, guestActor, buildContext(minutesIn(10))))).toEqual({
        code: 'assignment-not-active',
        status: state.status,
      });
    });
  });

  it('that could not be taken away is reported to the administrators and on the record', () => {
    const stuck = reportStuck(revoking('expired', noon), { reason: 'timeout' }, systemActor);
    expect(stuck.change).toMatchObject({
      put: [],
      audit: [{ action: 'access.stuck', result: 'failure', reason: 'timeout' }],
      events: [{ type: 'provisioning-stuck', assignmentId: ids.active }],
    });
  });
});

describe('access that the target system confirms to be gone', () => {
  it.each(['expired', 'deactivated', 'eligibility-ended', 'removed'] as const)('has ended: %s', (why) => {
    const gone = confirmGone(revoking(why, noon), systemActor, buildContext(minutesIn(481)));
    expect(writtenOne(gone, 'Assignment').state).toEqual({
      status: 'Ended',
      at: minutesIn(481),
      why,
      confirmedAt: noon,
    });
  });

  it('tells its holder where it had been there', () => {
    const gone = confirmGone(revoking('expired', noon), systemActor, buildContext());
    expect(gone.change.events).toMatchObject([{ tell: 'Ended' }]);
  });

  it('tells nobody where it never was there', () => {
    const gone = confirmGone(revoking('expired', null), systemActor, buildContext());
    expect(gone.change.events).toMatchObject([{ tell: null }]);
  });

  it('leaves that on the record', () => {
    expect(actionsOf(confirmGone(revoking('expired', noon), systemActor, buildContext()))).toEqual(['access.gone']);
  });

  it.each<ActiveAssignment['state']>([
    { status: 'Provisioning' },
    { status: 'Active', confirmedAt: noon },
    { status: 'Ended', at: noon, why: 'expired', confirmedAt: noon },
    { status: 'Failed', at: noon },
  ])('is not heeded for an assignment that is $status', (state) => {
    expect(confirmGone(active({ state }), systemActor, buildContext()).change).toEqual(nothing);
  });
});

describe('an eligible assignment at its end', () => {
  const end = (
    dependents: Partial<Dependents> = {},
    eligible = buildEligible({ endsAt: minutesIn(60) }),
    now = minutesIn(60),
  ) =>
    endEligibility({ eligible, dependents: { ...noDependents, ...dependents }, place }, systemActor, buildContext(now));

  it('has ended', () => {
    expect(writtenOne(end(), 'Assignment')).toMatchObject({
      version: 2,
      state: { status: 'Ended', at: minutesIn(60), why: 'expired' },
    });
  });

  it('tells its holder', () => {
    expect(end().change.events).toEqual([
      { type: 'assignment-ended', assignmentId: ids.eligible, principalId: ids.guest },
    ]);
  });

  it('leaves the end on the record', () => {
    expect(actionsOf(end())).toEqual(['eligibility.end']);
  });

  it('cancels the request that waits for approval', () => {
    const ended = end({ requests: [{ request: buildRequest(), place }] });
    expect(writtenOne(ended, 'Request').state).toEqual({
      status: 'Canceled',
      closedAt: minutesIn(60),
      why: 'eligibility-ended',
    });
    expect(ended.change.withdrawDeadlinesOf).toEqual([ids.eligible, ids.request]);
  });

  it('takes the activation along', () => {
    const ended = end({ activations: [active()] });
    expect(written(ended, 'Assignment')[1]).toMatchObject({
      id: ids.active,
      state: { status: 'Revoking', why: 'eligibility-ended' },
    });
    expect(ended.change.provision).toEqual([ids.active]);
  });

  it('makes the request fail whose activation is still on its way', () => {
    const activation = provisioning();
    const ended = end({ activations: [activation] });
    expect(written(ended, 'Request').map(({ state }) => state.status)).toEqual(['Failed']);
  });

  it('leaves an activation alone that is being taken away already', () => {
    expect(written(end({ activations: [revoking('deactivated', noon)] }), 'Assignment')).toHaveLength(1);
  });

  it.each([
    ['its end lies ahead', buildEligible({ endsAt: minutesIn(61) })],
    ['it is permanent', buildEligible({ endsAt: null })],
    ['it has ended', buildEligible({ endsAt: noon, state: { status: 'Ended', at: noon, why: 'expired' } })],
  ])('stays as it is while %s', (_why, eligible) => {
    expect(end({}, eligible).change).toEqual(nothing);
  });
});

describe('the warning before an end', () => {
  it.each([
    ['eligible', buildEligible()],
    ['active', buildActive()],
  ])('reaches the holder of an %s assignment', (_kind, assignment) => {
    expect(warnOfEnd(assignment, noon).change.events).toEqual([
      {
        type: 'assignment-ending',
        assignmentId: assignment.id,
        principalId: ids.guest,
        notified: notifiedOf(assignment),
        endsAt: assignment.endsAt,
      },
    ]);
  });

  it.each([
    ['has no end', buildActive({ endsAt: null })],
    ['is at its end', buildActive({ endsAt: noon })],
    ['is not there yet', buildActive({ state: { status: 'Provisioning' } })],
    ['is being taken away', revoking('deactivated', noon).assignment],
    ['has ended', buildEligible({ state: { status: 'Ended', at: noon, why: 'removed' } })],
  ])('is not sent for an assignment that %s', (_why, assignment) => {
    expect(warnOfEnd(assignment, noon).change).toEqual(nothing);
  });
});
