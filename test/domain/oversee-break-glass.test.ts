import { describe, expect, it } from 'vitest';
import type { ActiveAssignment } from '../../src/domain/assignment.ts';
import type { BreakGlass } from '../../src/domain/break-glass.ts';
import { noDependents } from '../../src/domain/ending.ts';
import type { PersonId, RequestId, RoleId } from '../../src/domain/ids.ts';
import {
  type BrokenGlass,
  confirmBreakGlassGone,
  endBreakGlass,
  remindReviewers,
  reviewBreakGlass,
} from '../../src/domain/oversee-break-glass.ts';
import { type Taking, takeAccess } from '../../src/domain/take-access.ts';
import {
  buildActive,
  buildActor,
  buildContext,
  buildGuest,
  buildPlace,
  buildRequest,
  buildScope,
  ids,
  minutesIn,
  noon,
} from '../support/build.ts';
import { actionsOf, refusalOf, written, writtenOne } from './outcome.ts';

const id = buildRequest().id as RequestId;
const assignmentId = buildActive().id;
const by = (personId: PersonId) => ({ ...buildActor(), personId });
const overseer = by(ids.approver);
const open = { status: 'open', since: noon } as const;

const breakGlass = (parts: Partial<BreakGlass> = {}): BreakGlass => ({
  id,
  version: 1,
  endedBy: null,
  review: null,
  ...parts,
});
const broken = (
  state: ActiveAssignment['state'] = { status: 'Active', confirmedAt: noon },
  parts: Partial<BreakGlass> = {},
): BrokenGlass => ({
  request: buildRequest({
    id,
    action: 'selfBreakGlass',
    state: { status: 'Provisioned', decision: null, assignmentId },
  }),
  assignment: buildActive({ id: assignmentId, eligibilityId: null, requestId: id, state }),
  breakGlass: breakGlass(parts),
  place: buildPlace(),
});

describe('break-glass access that is taken', () => {
  const taking: Taking = {
    action: 'selfBreakGlass',
    person: buildGuest(),
    roleId: 'owner' as RoleId,
    scopeId: buildScope().id,
    place: buildPlace(),
    minutes: { usual: 240, longest: 240 },
    settingsVersion: 3,
    openRequest: null,
    inForce: null,
    toldIds: [ids.approver, ids.member],
  };
  const taken = (durationMinutes: number | null) =>
    takeAccess(taking, { durationMinutes, justification: 'Web is down' }, buildActor(), buildContext());

  it('lasts as long as the role allows, or shorter; everybody who oversees it is told', () => {
    expect(writtenOne(taken(null), 'Assignment').endsAt).toEqual(minutesIn(240));
    expect(writtenOne(taken(30), 'Assignment').endsAt).toEqual(minutesIn(30));
    expect(refusalOf(taken(241))).toMatchObject({ code: 'activation-too-long', maximumMinutes: 240 });
    expect(actionsOf(taken(null))).toEqual(['break-glass.request', 'break-glass.grant']);
    expect(taken(null).change.events).toContainEqual(
      expect.objectContaining({ type: 'exceptional-access', toldIds: [ids.approver, ids.member] }),
    );
  });

  it('is kept with its request, to be reviewed once it is over', () => {
    const request = writtenOne(taken(null), 'Request');
    expect(writtenOne(taken(null), 'BreakGlass')).toEqual({ id: request.id, version: 1, endedBy: null, review: null });
  });
});

describe('whoever oversees it', () => {
  const end = (of: BrokenGlass, reason = 'No emergency') =>
    endBreakGlass({ ...of, dependents: noDependents }, reason, overseer, buildContext());

  it('ends it at once, within its first minutes and before it has arrived, and the record says who', () => {
    for (const state of [{ status: 'Active', confirmedAt: noon }, { status: 'Provisioning' }] as const) {
      const decision = end(broken(state));
      expect(writtenOne(decision, 'Assignment').state).toMatchObject({ status: 'Revoking', why: 'removed' });
      expect(writtenOne(decision, 'BreakGlass')).toMatchObject({ version: 2, endedBy: ids.approver });
      expect(decision.change.provision).toEqual([assignmentId]);
      expect(actionsOf(decision)).toEqual(['break-glass.end', 'assignment.remove']);
      expect(decision.change.audit[0]).toMatchObject({ actor: overseer, reason: 'No emergency', requestId: id });
    }
  });

  it('ends it once', () => {
    const ending = broken({ status: 'Revoking', why: 'removed', confirmedAt: noon });
    expect(refusalOf(end(ending))).toEqual({ code: 'assignment-not-active', status: 'Revoking' });
    expect(refusalOf(end(broken(), 'x'.repeat(501)))?.code).toBe('text-too-long');
  });
});

describe('the review', () => {
  const reviewers = [ids.approver, ids.member];
  const over = (why: 'expired' | 'deactivated' | 'removed', confirmedAt: Date | null = noon) =>
    confirmBreakGlassGone(
      broken({ status: 'Revoking', why, confirmedAt }),
      reviewers,
      buildActor(),
      buildContext(minutesIn(60)),
    );

  it('begins when the access is gone, however it ended', () => {
    for (const why of ['expired', 'deactivated', 'removed'] as const) {
      const decision = over(why);
      expect(writtenOne(decision, 'Assignment').state).toMatchObject({ status: 'Ended', why });
      expect(writtenOne(decision, 'BreakGlass').review).toEqual({ status: 'open', since: minutesIn(60) });
      expect(decision.change.events).toContainEqual({
        type: 'review-wanted',
        requestId: id,
        reviewerIds: reviewers,
        occasion: 'over',
      });
      expect(decision.change.deadlines).toEqual([{ kind: 'review', subjectId: id, dueAt: minutesIn(60 + 24 * 60) }]);
      expect(actionsOf(decision)).toEqual(['access.gone', 'break-glass.review-open']);
    }
  });

  it('is not wanted of what never arrived, nor twice', () => {
    expect(written(over('removed', null), 'BreakGlass')).toEqual([]);
    const again = confirmBreakGlassGone(
      broken({ status: 'Ended', at: noon, why: 'expired', confirmedAt: noon }, { review: open }),
      reviewers,
      buildActor(),
      buildContext(),
    );
    expect(again.change.put).toEqual([]);
  });

  it('is asked for once more while nobody has answered', () => {
    expect(remindReviewers(breakGlass({ review: open }), reviewers).change.events).toMatchObject([
      { type: 'review-wanted', occasion: 'reminded', reviewerIds: reviewers },
    ]);
    const answered = { ...open, status: 'answered', by: ids.member, at: noon, justified: true, comment: null } as const;
    expect(remindReviewers(breakGlass({ review: answered }), reviewers).change.events).toEqual([]);
  });

  const review = (justified: boolean, comment: string, state: Partial<BreakGlass> = { review: open }, who = overseer) =>
    reviewBreakGlass(broken(undefined, state), { justified, comment }, who, buildContext(minutesIn(90)));

  it('keeps the first answer, with who gave it and why, and reminds nobody any more', () => {
    const decision = review(false, ' It was no emergency ');
    expect(writtenOne(decision, 'BreakGlass').review).toEqual({
      status: 'answered',
      since: noon,
      by: ids.approver,
      at: minutesIn(90),
      justified: false,
      comment: 'It was no emergency',
    });
    expect(decision.change.audit).toMatchObject([
      { action: 'break-glass.review', reason: 'It was no emergency', details: { justified: false }, requestId: id },
    ]);
    expect(decision.change.withdrawDeadlinesOf).toEqual([id]);
    const second = review(true, '', { review: writtenOne(decision, 'BreakGlass').review }, by(ids.member));
    expect(refusalOf(second)).toEqual({
      code: 'review-answered',
      by: ids.approver,
      at: minutesIn(90),
      justified: false,
    });
  });

  it('needs a comment only where it was not justified', () => {
    expect(refusalOf(review(false, ' '))).toEqual({ code: 'justification-missing' });
    expect(refusalOf(review(true, ''))).toBeNull();
  });

  it('is not answered by whoever took it, nor before it is over', () => {
    expect(refusalOf(review(true, '', { review: open }, by(ids.guest)))).toEqual({ code: 'review-own' });
    expect(refusalOf(review(true, '', {}))).toEqual({ code: 'review-too-early' });
  });
});
