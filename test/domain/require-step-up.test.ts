import { describe, expect, it } from 'vitest';
import { cancelActivation, decidedAlready, timeOutActivation } from '../../src/domain/activation.ts';
import type { Decision } from '../../src/domain/change.ts';
import { accept, refuse } from '../../src/domain/change.ts';
import type { RequestId } from '../../src/domain/ids.ts';
import { requestActivation } from '../../src/domain/request-activation.ts';
import {
  confirmedBeforeDeciding,
  confirmedBeforeGiving,
  confirmedFirst,
  goOnConfirmed,
  strengthOf,
} from '../../src/domain/require-step-up.ts';
import { approvalBy, type RoleSettings } from '../../src/domain/role-settings.ts';
import {
  buildActor,
  buildApproval,
  buildContext,
  buildEligible,
  buildGuest,
  buildPlace,
  buildRequest,
  buildScopeChain,
  buildSettings,
  ids,
  minutesIn,
  noon,
} from '../support/build.ts';
import { actionsOf, refusalOf, written, writtenOne } from './outcome.ts';

const actor = buildActor();
const mfa = { kind: 'mfa' } as const;
const passkey = { kind: 'context', strength: 'passkey' } as const;

const judge = (settings: Partial<RoleSettings>, context = buildContext()) =>
  requestActivation(
    {
      requester: buildGuest(),
      eligible: buildEligible(),
      place: buildPlace(),
      eligiblePlace: buildPlace(),
      chain: buildScopeChain(),
      settings: buildSettings(settings),
      approval: settings.approval ? buildApproval() : null,
      openRequest: null,
      inForce: null,
    },
    { startsAt: null, durationMinutes: 60, justification: 'Quarterly close', ticket: null },
    actor,
    context,
  );
const byApprover = { approval: approvalBy([ids.approver]) };
const keptOf = (decision: Decision<{ requestId: RequestId }>) => writtenOne(decision, 'Request');
const kept = () => keptOf(confirmedFirst(judge(byApprover), mfa, buildContext()));

describe('what a setting asks for', () => {
  it.each([
    [{ kind: 'none' } as const, null],
    [mfa, 'mfa'],
    [passkey, 'passkey'],
  ])('%j is the strength %s', (requirement, strength) => {
    expect(strengthOf(requirement)).toBe(strength);
  });
});

describe('an activation that has to be confirmed', () => {
  it('is kept for five minutes, with nobody asked and nothing granted', () => {
    for (const settings of [{}, byApprover]) {
      const decision = confirmedFirst(judge(settings), passkey, buildContext());
      expect(keptOf(decision).state).toEqual({ status: 'PendingEvaluation', timesOutAt: minutesIn(5) });
      expect(writtenOne(decision, 'StepUp')).toMatchObject({
        purpose: 'activate',
        personId: ids.guest,
        subjectId: keptOf(decision).id,
        strength: 'passkey',
      });
      expect(written(decision, 'Assignment')).toEqual([]);
      expect(decision.change.provision).toEqual([]);
      expect(decision.change.events).toMatchObject([{ type: 'activation-requested', approverIds: [] }]);
      expect(decision.change.deadlines).toMatchObject([{ kind: 'time-out', dueAt: minutesIn(5) }]);
      expect(actionsOf(decision)).toEqual(['activation.request']);
    }
  });

  it('is judged first, and as it ever was where nothing is asked for', () => {
    const refused = refuse({ code: 'justification-missing' });
    expect(confirmedFirst(refused, mfa, buildContext())).toBe(refused);
    const judged = judge({});
    expect(confirmedFirst(judged, { kind: 'none' }, buildContext())).toBe(judged);
  });

  const goOn = (settings: Partial<RoleSettings>, now = minutesIn(2), request = kept()) =>
    goOnConfirmed(request, (context) => judge(settings, context), buildContext(now));

  it('goes on to the approvers as the same request', () => {
    const request = kept();
    const decision = goOn(byApprover, minutesIn(2), request);
    expect(keptOf(decision)).toMatchObject({
      id: request.id,
      version: request.version + 1,
      createdAt: noon,
      state: { status: 'PendingApproval' },
    });
    expect(decision.change.events).toMatchObject([
      { type: 'activation-requested', requestId: request.id, approverIds: [ids.approver] },
      { type: 'request-changed', requestId: request.id },
    ]);
    expect(decision.change.withdrawDeadlinesOf).toContain(request.id);
    expect(actionsOf(decision)).toEqual([]);
  });

  it('goes straight to the target system where no approval is asked for any more', () => {
    const request = kept();
    const decision = goOn({}, minutesIn(2), request);
    expect(keptOf(decision)).toMatchObject({ id: request.id, state: { status: 'PendingProvisioning' } });
    const granted = writtenOne(decision, 'Assignment');
    expect(granted).toMatchObject({ requestId: request.id, endsAt: minutesIn(62) });
    expect(decision.change.provision).toEqual([granted.id]);
    expect(actionsOf(decision)).toEqual(['activation.grant']);
  });

  it('is judged anew: what stands against it by now refuses it', () => {
    const refused = goOnConfirmed(
      kept(),
      () => refuse({ code: 'nobody-can-approve', stage: 1, of: 1 }),
      buildContext(minutesIn(2)),
    );
    expect(refusalOf(refused)).toEqual({ code: 'nobody-can-approve', stage: 1, of: 1 });
  });

  it('does not go on after its five minutes, or twice', () => {
    expect(refusalOf(goOn(byApprover, minutesIn(5)))).toEqual({ code: 'step-up-spent', why: 'late' });
    expect(
      refusalOf(goOn(byApprover, minutesIn(2), buildRequest({ state: { status: 'Canceled', closedAt: noon } }))),
    ).toEqual({
      code: 'step-up-spent',
      why: 'used',
    });
  });

  it('can be canceled, lapses by itself, and nobody can decide it', () => {
    const request = kept();
    const place = buildPlace();
    expect(keptOf(cancelActivation({ request, place }, actor, buildContext(minutesIn(1)))).state.status).toBe(
      'Canceled',
    );
    const lapsed = timeOutActivation({ request, place }, actor, buildContext(minutesIn(5)));
    expect(writtenOne(lapsed, 'Request').state).toMatchObject({ status: 'TimedOut', why: 'unconfirmed' });
    expect(written(timeOutActivation({ request, place }, actor, buildContext(minutesIn(4))), 'Request')).toEqual([]);
    expect(decidedAlready(request, minutesIn(1))).toMatchObject({
      code: 'request-decided',
      status: 'PendingEvaluation',
    });
  });
});

describe('an approval that has to be confirmed', () => {
  const judged = accept({ requestId: ids.request }, {});
  const wish = { requestId: ids.request, justification: 'Fine' };

  it('is kept with the step-up, and does not count yet', () => {
    const decision = confirmedBeforeDeciding(judged, mfa, ids.approver, wish, buildContext());
    const stepUp = writtenOne(decision, 'StepUp');
    expect(stepUp).toMatchObject({ purpose: 'decide', personId: ids.approver, subjectId: ids.request, wish });
    expect(refusalOf(decision)).toEqual({ code: 'step-up-needed', stepUpId: stepUp.id, requestId: ids.request });
    expect(decision.change.put).toHaveLength(1);
  });

  it('is told what is wrong with it before that', () => {
    const refused = refuse({ code: 'justification-missing' });
    expect(confirmedBeforeDeciding(refused, mfa, ids.approver, wish, buildContext())).toBe(refused);
    expect(confirmedBeforeDeciding(judged, { kind: 'none' }, ids.approver, wish, buildContext())).toBe(judged);
  });
});

describe('active access that has to be confirmed by who gives it', () => {
  const judged = accept({ assignmentId: ids.active }, {});
  const asked = { personId: ids.member, subjectId: ids.guest, wish: { command: 'assign', principal: 'john' } };

  it('is kept with the step-up, and not given yet', () => {
    const decision = confirmedBeforeGiving(judged, mfa, asked, buildContext());
    const stepUp = writtenOne(decision, 'StepUp');
    expect(stepUp).toMatchObject({ ...asked, purpose: 'administer', strength: 'mfa' });
    expect(refusalOf(decision)).toEqual({ code: 'step-up-needed', stepUpId: stepUp.id, requestId: null });
    expect(decision.change.put).toHaveLength(1);
  });

  it('is told what is wrong with it before that, and asks for nothing where the setting does not', () => {
    const refused = refuse({ code: 'justification-missing' });
    expect(confirmedBeforeGiving(refused, mfa, asked, buildContext())).toBe(refused);
    expect(confirmedBeforeGiving(judged, { kind: 'none' }, asked, buildContext())).toBe(judged);
  });
});
