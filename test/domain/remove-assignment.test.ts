import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Activation } from '../../src/domain/activation-parts.ts';
import type { ActiveAssignment } from '../../src/domain/assignment.ts';
import { confirmGone, type Dependents, noDependents } from '../../src/domain/ending.ts';
import type { AssignmentId, RequestId } from '../../src/domain/ids.ts';
import { adminRemove } from '../../src/domain/remove-assignment.ts';
import type { RequestState } from '../../src/domain/request.ts';
import {
  buildActive,
  buildActor,
  buildContext,
  buildEligible,
  buildPlace,
  buildRequest,
  minutesIn,
  noon,
  systemActor,
  uuid,
} from '../support/build.ts';
import { refusalOf, written, writtenOne } from './outcome.ts';

const place = buildPlace();
const assignmentId = buildActive().id;
const provisioned: RequestState = { status: 'Provisioned', decision: null, assignmentId };
const underWay: RequestState = { status: 'PendingProvisioning', decision: null, assignmentId };

const activation = (state: ActiveAssignment['state'], asked: RequestState | null): Activation => ({
  assignment: buildActive({ state, ...(asked ? {} : { requestId: null, eligibilityId: null }) }),
  request: asked && buildRequest({ state: asked }),
  place,
});

const remove = (given: Activation, dependents: Dependents = noDependents) =>
  adminRemove(
    { kind: 'active', activation: given, dependents },
    'Left the team',
    buildActor(),
    buildContext(minutesIn(1)),
  );

describe('an activation that an administrator takes away', () => {
  it('is on its way out of the target system, and its request is revoked', () => {
    const removed = remove(activation({ status: 'Active', confirmedAt: noon }, provisioned));
    expect(writtenOne(removed, 'Assignment').state).toEqual({ status: 'Revoking', why: 'removed', confirmedAt: noon });
    expect(writtenOne(removed, 'Request').state).toMatchObject({ status: 'Revoked', closedAt: minutesIn(1) });
    expect(removed.change).toMatchObject({
      provision: [assignmentId],
      withdrawDeadlinesOf: [assignmentId],
      audit: [{ action: 'assignment.remove', reason: 'Left the team', details: { before: 'Active' } }],
    });
  });

  it('while it is being provisioned is taken back all the same, and told at once', () => {
    const removed = remove(activation({ status: 'Provisioning' }, underWay));
    expect(writtenOne(removed, 'Assignment').state).toEqual({ status: 'Revoking', why: 'removed', confirmedAt: null });
    expect(writtenOne(removed, 'Request').state).toMatchObject({ status: 'Revoked' });
    expect(removed.change).toMatchObject({ provision: [assignmentId], events: [{ tell: 'Revoked' }] });
  });

  it('counts as gone when the target system says so', () => {
    const [assignment] = written(
      remove(activation({ status: 'Active', confirmedAt: noon }, provisioned)),
      'Assignment',
    );
    const gone = confirmGone(
      { assignment: assignment as ActiveAssignment, request: buildRequest({ state: provisioned }), place },
      systemActor,
      buildContext(minutesIn(2)),
    );
    expect(writtenOne(gone, 'Assignment').state).toMatchObject({ status: 'Ended', why: 'removed' });
    expect(gone.change.events).toMatchObject([{ tell: 'Ended' }]);
  });

  it('that is ending already is tried again, and stays as it is', () => {
    const state = { status: 'Revoking', why: 'expired', confirmedAt: noon } as const;
    const removed = remove(activation(state, provisioned));
    expect(removed.change).toMatchObject({ put: [], provision: [assignmentId], audit: [{ reason: 'Left the team' }] });
  });
});

describe('a direct assignment that an administrator takes away', () => {
  it('before its start ends at once: nothing of it is anywhere', () => {
    const removed = remove(activation({ status: 'Scheduled' }, null));
    expect(writtenOne(removed, 'Assignment').state).toMatchObject({ status: 'Ended', why: 'removed' });
    expect(removed.change).toMatchObject({ provision: [], withdrawDeadlinesOf: [assignmentId] });
  });

  it('tells its holder when it is gone', () => {
    const removed = remove(activation({ status: 'Active', confirmedAt: noon }, null));
    expect(removed.change.events).toMatchObject([{ type: 'assignment-changed', tell: null }]);
    const [assignment] = written(removed, 'Assignment');
    const gone = confirmGone(
      { assignment: assignment as ActiveAssignment, request: null, place },
      systemActor,
      buildContext(),
    );
    expect(gone.change.events).toMatchObject([{ type: 'assignment-ended' }]);
  });

  it.each([
    { status: 'Ended', at: noon, why: 'expired', confirmedAt: noon } as const,
    { status: 'Failed', at: noon } as const,
  ])('is left alone when it is $status', (state) => {
    expect(refusalOf(remove(activation(state, null)))).toEqual({ code: 'managed-over', status: state.status });
  });
});

describe('an eligible assignment that an administrator takes away', () => {
  const states: readonly ActiveAssignment['state'][] = [
    { status: 'Scheduled' },
    { status: 'Provisioning' },
    { status: 'Active', confirmedAt: noon },
    { status: 'Revoking', why: 'expired', confirmedAt: noon },
    { status: 'Ended', at: noon, why: 'expired', confirmedAt: noon },
  ];
  const asked: readonly RequestState['status'][] = ['PendingApproval', 'PendingProvisioning', 'Provisioned', 'Denied'];

  it('leaves nothing behind that wants access or waits, whatever hangs on it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...states), { maxLength: 5 }),
        fc.array(fc.constantFrom(...asked), { maxLength: 5 }),
        (actives, requests) => {
          const activations = actives.map((state, index) => ({
            assignment: buildActive({
              id: uuid(200 + index) as AssignmentId,
              requestId: uuid(300 + index) as RequestId,
              state,
            }),
            request: buildRequest({
              id: uuid(300 + index) as RequestId,
              state: state.status === 'Provisioning' ? underWay : provisioned,
            }),
            place,
          }));
          const waiting = requests.map((status, index) => ({
            request: buildRequest({
              id: uuid(400 + index) as RequestId,
              state: { ...buildRequest().state, ...underWay, closedAt: noon, status } as RequestState,
            }),
            place,
          }));
          const removed = adminRemove(
            { kind: 'eligible', eligible: buildEligible(), place, dependents: { activations, requests: waiting } },
            '',
            buildActor(),
            buildContext(),
          );
          const after = new Map(written(removed, 'Assignment').map((item) => [item.id as string, item.state.status]));
          for (const { assignment } of activations)
            expect(['Revoking', 'Ended']).toContain(after.get(assignment.id) ?? assignment.state.status);
          const outcomes = new Map(written(removed, 'Request').map((item) => [item.id as string, item.state.status]));
          for (const { request } of waiting)
            expect(outcomes.get(request.id)).toBe(request.state.status === 'PendingApproval' ? 'Canceled' : undefined);
          for (const { assignment, request } of activations)
            if (['Provisioning', 'Active', 'Scheduled'].includes(assignment.state.status))
              expect(outcomes.get(request.id)).toBe('Revoked');
          // Each thing is written once, so that the store takes it.
          const ids = removed.change.put.map(({ value }) => ('id' in value ? value.id : ''));
          expect(new Set(ids).size).toBe(ids.length);
        },
      ),
    );
  });
});
