import { describe, expect, it } from 'vitest';
import { confirmGranted } from '../../src/domain/activation.ts';
import { type ActiveAssignment, isDirect } from '../../src/domain/assignment.ts';
import { confirmGone, deactivate, noDependents } from '../../src/domain/ending.ts';
import { extensionFault, usualSpans } from '../../src/domain/extend.ts';
import type { RoleId } from '../../src/domain/ids.ts';
import type { AssignmentRequest } from '../../src/domain/request.ts';
import { confirmedFirst, goOnConfirmed } from '../../src/domain/require-step-up.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import { elevationMinutes, type Taking, type TakingWish, takeAccess } from '../../src/domain/take-access.ts';
import {
  buildActive,
  buildActor,
  buildContext,
  buildPerson,
  buildPlace,
  buildRequest,
  ids,
  minutesIn,
} from '../support/build.ts';
import { actionsOf, answerOf, refusalOf, written, writtenOne } from './outcome.ts';

const actor = buildActor();
const mfa = { kind: 'mfa' } as const;

const taking = (parts: Partial<Taking> = {}): Taking => ({
  action: 'selfElevate',
  person: buildPerson(),
  roleId: 'userAccessAdministrator' as RoleId,
  scopeId: directoryScope,
  place: buildPlace(),
  minutes: elevationMinutes,
  settingsVersion: 0,
  openRequest: null,
  inForce: null,
  toldIds: [ids.approver],
  ...parts,
});
const wish: TakingWish = { durationMinutes: null, justification: ' Nobody else is there ' };
const taken = (parts: Partial<TakingWish> = {}, state: Partial<Taking> = {}, context = buildContext()) =>
  takeAccess(taking(state), { ...wish, ...parts }, actor, context);

/** As it is once the target system has confirmed it. */
function inForce(): { assignment: ActiveAssignment; request: AssignmentRequest } {
  const made = taken();
  const confirmed = confirmGranted(
    {
      assignment: writtenOne(made, 'Assignment') as ActiveAssignment,
      request: writtenOne(made, 'Request'),
      place: buildPlace(),
    },
    { endsAt: minutesIn(60) },
    actor,
    buildContext(),
  );
  return {
    assignment: writtenOne(confirmed, 'Assignment') as ActiveAssignment,
    request: writtenOne(confirmed, 'Request'),
  };
}

describe('access that somebody takes by themselves', () => {
  it('is on its way at once, has an end and a reason, and others are told', () => {
    const decision = taken();
    expect(writtenOne(decision, 'Assignment')).toMatchObject({
      kind: 'active',
      principalId: taking().person.id,
      endsAt: minutesIn(60),
      state: { status: 'Provisioning' },
    });
    expect(writtenOne(decision, 'Request')).toMatchObject({
      action: 'selfElevate',
      justification: 'Nobody else is there',
      durationMinutes: 60,
      state: { status: 'PendingProvisioning', decision: null },
    });
    expect(decision.change.provision).toEqual([writtenOne(decision, 'Assignment').id]);
    expect(decision.change.deadlines.map(({ kind }) => kind)).toContain('end');
    expect(actionsOf(decision)).toEqual(['elevation.request', 'elevation.grant']);
    expect(decision.change.events).toContainEqual({
      type: 'exceptional-access',
      requestId: answerOf(decision).requestId,
      toldIds: [ids.approver],
    });
  });

  it.each([
    [30, null],
    [480, null],
    [29, 'activation-too-short'],
    [481, 'activation-too-long'],
  ])('lasts half an hour to eight hours: %i minutes', (durationMinutes, code) => {
    expect(refusalOf(taken({ durationMinutes }))?.code ?? null).toBe(code);
  });

  it('needs a reason', () => {
    expect(refusalOf(taken({ justification: '  ' }))).toEqual({ code: 'justification-missing' });
    expect(refusalOf(taken({ justification: 'x'.repeat(501) }))?.code).toBe('text-too-long');
  });

  it('is refused while it is there, which says until when, and while it waits to be confirmed', () => {
    const there = buildActive({ endsAt: minutesIn(30) });
    expect(refusalOf(taken({}, { inForce: there }))).toEqual({ code: 'already-active', until: minutesIn(30) });
    expect(refusalOf(taken({}, { openRequest: buildRequest() }))).toEqual({ code: 'already-requested' });
  });

  it('takes no effect, and is told to nobody, before they have confirmed that it is them', () => {
    const kept = confirmedFirst(taken(), mfa, buildContext());
    expect(writtenOne(kept, 'Request').state).toEqual({ status: 'PendingEvaluation', timesOutAt: minutesIn(5) });
    expect(written(kept, 'Assignment')).toEqual([]);
    expect(kept.change.provision).toEqual([]);
    expect(kept.change.events).toMatchObject([{ type: 'activation-requested', approverIds: [] }]);
    expect(actionsOf(kept)).toEqual(['elevation.request']);

    const request = writtenOne(kept, 'Request');
    const later = buildContext(minutesIn(3));
    const gone = goOnConfirmed(request, (same) => taken({}, {}, same), later);
    expect(writtenOne(gone, 'Request')).toMatchObject({ id: request.id, version: 2 });
    expect(writtenOne(gone, 'Assignment')).toMatchObject({ requestId: request.id, endsAt: minutesIn(63) });
    expect(actionsOf(gone)).toEqual(['elevation.grant']);
    expect(gone.change.withdrawDeadlinesOf).toContain(request.id);
  });

  it('can be given up at any time', () => {
    const given = deactivate({ ...inForce(), place: buildPlace() }, noDependents, actor, buildContext(minutesIn(1)));
    expect(writtenOne(given, 'Assignment').state).toMatchObject({ status: 'Revoking', why: 'deactivated' });
  });

  it('is neither extended nor renewed', () => {
    const { assignment } = inForce();
    expect(isDirect(assignment)).toBe(false);
    const fault = (of: ActiveAssignment, what: 'extend' | 'renew') =>
      extensionFault({ what, assignment: of, spans: usualSpans, others: [] }, minutesIn(50));
    expect(fault(assignment, 'extend')).toEqual({ code: 'not-extendable', because: 'activation' });
    const over = { status: 'Ended', at: minutesIn(60), why: 'expired', confirmedAt: minutesIn(0) } as const;
    expect(fault({ ...assignment, state: over }, 'renew')).toEqual({ code: 'not-renewable', because: 'activation' });
  });

  it('is over when the target system says so, without a card that offers to renew it', () => {
    const { assignment, request } = inForce();
    const ending = deactivate({ assignment, request, place: buildPlace() }, noDependents, actor, buildContext());
    const revoking = writtenOne(ending, 'Assignment') as ActiveAssignment;
    const over = confirmGone({ assignment: revoking, request, place: buildPlace() }, actor, buildContext());
    expect(over.change.events).toMatchObject([{ type: 'request-changed', tell: 'Ended' }]);
  });
});
