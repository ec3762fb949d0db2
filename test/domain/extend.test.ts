import { describe, expect, it } from 'vitest';
import type { ActiveAssignment } from '../../src/domain/assignment.ts';
import { expireActivation, noDependents } from '../../src/domain/ending.ts';
import { confirmMove, extensionFault, failMove, usualSpans } from '../../src/domain/extend.ts';
import {
  buildActive,
  buildContext,
  buildEligible,
  buildPlace,
  buildRequest,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
} from '../support/build.ts';
import { actionsOf, nothing, written, writtenOne } from './outcome.ts';

const direct = { eligibilityId: null, requestId: null, durationMinutes: null };
const decision = { by: ids.approver, at: noon, justification: 'Fine' };
/** In force for one more day, and to end in thirty. */
const moving = (parts: Partial<ActiveAssignment> = {}) =>
  buildActive({
    ...direct,
    endsAt: minutesIn(day),
    state: { status: 'Extending', confirmedAt: noon, until: minutesIn(30 * day) },
    ...parts,
  });
const asked = buildRequest({
  action: 'selfExtend',
  eligibilityId: ids.active,
  state: { status: 'PendingProvisioning', decision, assignmentId: ids.active },
});
const activation = (assignment = moving(), request: typeof asked | null = asked) => ({
  assignment,
  request,
  place: buildPlace(),
});
const reason = { reason: 'no such role' };

describe('an end that is being moved', () => {
  it('is the new one when the target system says so, as it says it', () => {
    const endsAt = new Date(minutesIn(30 * day).getTime() + 900);
    const moved = confirmMove(activation(), { endsAt }, systemActor, buildContext());
    expect(writtenOne(moved, 'Assignment')).toMatchObject({ endsAt, state: { status: 'Active', confirmedAt: noon } });
    expect(writtenOne(moved, 'Request').state).toMatchObject({ status: 'Provisioned', decision });
    expect(moved.change.deadlines).toContainEqual({ kind: 'end', subjectId: ids.active, dueAt: endsAt });
    expect(moved.change.events).toMatchObject([{ type: 'request-changed', tell: 'Provisioned' }]);
    expect(actionsOf(moved)).toEqual(['extension.confirm']);
  });

  it.each([
    ['the old end', minutesIn(day)],
    ['no end', null],
    ['the end of a wish before', minutesIn(20 * day)],
  ])('is not confirmed by %s', (_which, endsAt) => {
    expect(confirmMove(activation(), { endsAt }, systemActor, buildContext()).change).toEqual(nothing);
  });

  it('stays the old one where the target system refuses, which is told to who asked and to administrators', () => {
    const failed = failMove(activation(), reason, systemActor, buildContext());
    expect(writtenOne(failed, 'Assignment')).toMatchObject({ endsAt: minutesIn(day), state: { status: 'Active' } });
    expect(writtenOne(failed, 'Request').state).toMatchObject({ status: 'Failed', decision });
    expect(failed.change.deadlines).toContainEqual({ kind: 'end', subjectId: ids.active, dueAt: minutesIn(day) });
    expect(failed.change.events).toMatchObject([
      { type: 'request-changed', tell: 'Failed' },
      { type: 'provisioning-stuck' },
    ]);
    expect(failed.change.audit).toMatchObject([{ action: 'extension.fail', result: 'failure', ...reason }]);
  });

  it('stays the old one, which is due at once where it has passed meanwhile', () => {
    const failed = failMove(activation(), reason, systemActor, buildContext(minutesIn(2 * day)));
    expect(failed.change.deadlines).toEqual([{ kind: 'end', subjectId: ids.active, dueAt: minutesIn(day) }]);
  });

  it('by an administrator alone is shown as it is to whoever has a card of it', () => {
    const failed = failMove(activation(moving(), null), reason, systemActor, buildContext());
    expect(failed.change.events).toMatchObject([
      { type: 'assignment-changed', tell: null },
      { type: 'provisioning-stuck' },
    ]);
  });

  it('does nothing to an assignment that is not being moved', () => {
    const active = activation(buildActive(direct));
    expect(confirmMove(active, { endsAt: minutesIn(480) }, systemActor, buildContext()).change).toEqual(nothing);
    expect(failMove(active, reason, systemActor, buildContext()).change).toEqual(nothing);
  });

  it('does not let access end at the old one while it is on its way', () => {
    const expire = (now: Date) => expireActivation(activation(), noDependents, systemActor, buildContext(now));
    expect(expire(minutesIn(2 * day)).change).toEqual(nothing);
    expect(writtenOne(expire(minutesIn(30 * day)), 'Assignment').state).toMatchObject({
      status: 'Revoking',
      why: 'expired',
    });
  });

  it('ends access at the new one where that is sooner, whether or not the target system has it by then', () => {
    const sooner = moving({ state: { status: 'Extending', confirmedAt: noon, until: minutesIn(60) } });
    const ended = expireActivation(activation(sooner, null), noDependents, systemActor, buildContext(minutesIn(60)));
    expect(writtenOne(ended, 'Assignment').state).toMatchObject({ status: 'Revoking', why: 'expired' });
    expect(ended.change.provision).toEqual([ids.active]);
    expect(written(ended, 'Request')).toEqual([]);
  });
});

describe('a later end', () => {
  const at = (endsAt: string, now: string) =>
    extensionFault(
      {
        what: 'extend',
        assignment: buildEligible({ startsAt: new Date('2027-01-01T00:00:00Z'), endsAt: new Date(endsAt) }),
        spans: usualSpans,
        others: [],
      },
      new Date(now),
    )?.code ?? null;

  // Fourteen times 24 hours, whatever clocks and calendars do in between.
  it.each([
    ['over a leap day', '2028-03-07T12:00:00Z', '2028-02-22T12:00:00Z'],
    ['over the end of a February', '2027-03-07T12:00:00Z', '2027-02-21T12:00:00Z'],
    ['over the change to summer time', '2027-04-04T12:00:00Z', '2027-03-21T12:00:00Z'],
    ['over the change to winter time', '2027-11-07T12:00:00Z', '2027-10-24T12:00:00Z'],
    ['over the end of a year', '2028-01-05T00:00:00Z', '2027-12-22T00:00:00Z'],
  ])('can be asked for from fourteen days before, %s', (_over, endsAt, first) => {
    expect(at(endsAt, first)).toBeNull();
    expect(at(endsAt, new Date(new Date(first).getTime() - 1).toISOString())).toBe('too-early-to-extend');
  });
});
