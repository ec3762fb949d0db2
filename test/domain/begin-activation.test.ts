import { describe, expect, it } from 'vitest';
import { type Beginning, beginActivation } from '../../src/domain/request-activation.ts';
import { approvalBy } from '../../src/domain/role-settings.ts';
import {
  buildActive,
  buildContext,
  buildEligible,
  buildGuest,
  buildPlace,
  buildRequest,
  buildSettings,
  ids,
  minutesIn,
  noon,
  systemActor,
} from '../support/build.ts';
import { actionsOf, nothing, written, writtenOne } from './outcome.ts';

const startsAt = minutesIn(60);
const decision = { by: ids.approver, at: noon, justification: 'Fine' };
const scheduled = (given: typeof decision | null = null) =>
  buildRequest({ startsAt, durationMinutes: 240, state: { status: 'ScheduleCreated', decision: given } });
const begin = (parts: Partial<Beginning> = {}, now = startsAt) =>
  beginActivation(
    {
      request: scheduled(),
      eligible: buildEligible(),
      theirs: true,
      requester: buildGuest(),
      settings: buildSettings(),
      inForce: null,
      place: buildPlace(),
      ...parts,
    },
    systemActor,
    buildContext(now),
  );

describe('a scheduled activation', () => {
  it('begins at its time, and its clock starts then', () => {
    const decided = begin();
    const active = writtenOne(decided, 'Assignment');
    expect(active).toMatchObject({ startsAt, endsAt: minutesIn(300), state: { status: 'Provisioning' } });
    expect(writtenOne(decided, 'Request')).toMatchObject({
      id: ids.request,
      state: { status: 'PendingProvisioning', assignmentId: active.id },
    });
    expect(decided.change.provision).toEqual([active.id]);
    expect(decided.change.deadlines).toContainEqual({ kind: 'end', subjectId: active.id, dueAt: minutesIn(300) });
    expect(actionsOf(decided)).toEqual(['activation.grant']);
  });

  it('that begins late lasts its whole time, from then on', () => {
    expect(writtenOne(begin({}, minutesIn(90)), 'Assignment').endsAt).toEqual(minutesIn(330));
  });

  it('lasts no longer than the settings allow by now, and never past its eligibility', () => {
    const shorter = begin({ settings: buildSettings({ activationMaximumMinutes: 120 }) });
    expect(writtenOne(shorter, 'Assignment').endsAt).toEqual(minutesIn(180));
    expect(writtenOne(shorter, 'Request').durationMinutes).toBe(120);
    const ending = begin({ eligible: buildEligible({ endsAt: minutesIn(100) }) });
    expect(writtenOne(ending, 'Assignment').endsAt).toEqual(minutesIn(100));
  });

  it('that was approved begins where the settings ask for approval by now', () => {
    const settings = buildSettings({ approval: approvalBy([ids.approver]) });
    expect(written(begin({ settings, request: scheduled(decision) }), 'Assignment')).toHaveLength(1);
  });

  it.each<[string, Partial<Beginning>, string]>([
    ['its requester is blocked', { requester: buildGuest({ accountEnabled: false }) }, 'requester-unavailable'],
    ['its eligibility has ended', { eligible: buildEligible({ endsAt: startsAt }) }, 'eligibility-ended'],
    ['they are no longer in the group', { theirs: false }, 'eligibility-ended'],
    ['the role is active there already', { inForce: buildActive() }, 'already-active'],
    [
      'approval is asked for by now, and nobody gave it',
      { settings: buildSettings({ approval: approvalBy([ids.approver]) }) },
      'needs-approval',
    ],
  ])('is canceled where %s, and its requester is told why', (_when, parts, why) => {
    const decided = begin(parts);
    expect(writtenOne(decided, 'Request').state).toMatchObject({ status: 'Canceled', why });
    expect(written(decided, 'Assignment')).toEqual([]);
    expect(decided.change).toMatchObject({
      audit: [{ action: 'activation.cancel', details: { why } }],
      withdrawDeadlinesOf: [ids.request],
      events: [{ type: 'request-changed', tell: 'Canceled' }],
    });
  });

  it('does nothing before its time, or once it has moved on', () => {
    expect(begin({}, minutesIn(59)).change).toEqual(nothing);
    const canceled = buildRequest({ startsAt, state: { status: 'Canceled', closedAt: noon } });
    expect(begin({ request: canceled }).change).toEqual(nothing);
  });
});
