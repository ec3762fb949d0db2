import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Activation } from '../../src/domain/activation-parts.ts';
import type { ActiveAssignment, Assignment } from '../../src/domain/assignment.ts';
import { confirmMove } from '../../src/domain/extend.ts';
import type { AssignmentRequest } from '../../src/domain/request.ts';
import { adminUpdate, type Updatable, type UpdateWish, updatable } from '../../src/domain/update-assignment.ts';
import {
  buildActive,
  buildActor,
  buildContext,
  buildEligible,
  buildPlace,
  buildRequest,
  buildSettings,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
} from '../support/build.ts';
import { actionsOf, refusalOf, written, writtenOne } from './outcome.ts';

const settings = buildSettings();
const update = (
  wish: Partial<UpdateWish>,
  assignment: Updatable = buildEligible(),
  given = settings,
  openRequest: AssignmentRequest | null = null,
  others: readonly Assignment[] = [],
  activations: readonly Activation[] = [],
) =>
  adminUpdate(
    { assignment, place: buildPlace(), settings: given, openRequest, others, activations },
    { duration: null, startsAt: null, justification: 'As agreed', ...wish },
    buildActor(),
    buildContext(),
  );
/** Assigned as it is, confirmed at noon, for ten days. */
const direct = (parts: Partial<ActiveAssignment> = {}) =>
  buildActive({
    eligibilityId: null,
    requestId: null,
    durationMinutes: null,
    endsAt: minutesIn(10 * day),
    ...parts,
  }) as Updatable;
const ahead = buildEligible({ startsAt: minutesIn(day), endsAt: minutesIn(10 * day) });

describe('an assignment that an administrator changes', () => {
  it('ends so long from now, and keeps its start', () => {
    expect(writtenOne(update({ duration: 5 * day }), 'Assignment')).toMatchObject({
      version: 2,
      startsAt: minutesIn(-day),
      endsAt: minutesIn(5 * day),
    });
  });

  it('whose start lies ahead lasts so long from there', () => {
    expect(writtenOne(update({ startsAt: minutesIn(2 * day), duration: day }, ahead), 'Assignment')).toMatchObject({
      startsAt: minutesIn(2 * day),
      endsAt: minutesIn(3 * day),
    });
  });

  it('has its deadlines set anew', () => {
    const { change } = update({ duration: 5 * day });
    expect(change.withdrawDeadlinesOf).toEqual([buildEligible().id]);
    expect(change.deadlines.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ['end', minutesIn(5 * day)],
      ['warn', minutesIn(4 * day)],
    ]);
  });

  it('that is direct and has not begun begins at its new start', () => {
    const scheduled = direct({ startsAt: minutesIn(day), state: { status: 'Scheduled' } });
    const { change } = update({ startsAt: minutesIn(2 * day) }, scheduled);
    expect(change.deadlines).toContainEqual({ kind: 'start', subjectId: scheduled.id, dueAt: minutesIn(2 * day) });
  });

  it('is on the record as it was and as it is, and its holder is told of each change', () => {
    const { change } = update({ duration: 5 * day });
    expect(change.audit).toMatchObject([
      {
        action: 'eligibility.update',
        reason: 'As agreed',
        details: { endsBefore: minutesIn(90 * day).toISOString(), endsAfter: minutesIn(5 * day).toISOString() },
      },
    ]);
    expect(change.events).toMatchObject([{ type: 'assignment-changed', tell: 'updated-2' }]);
  });

  it.each([
    ['nothing is to change', {}, buildEligible(), 'nothing-to-change'],
    ['its end is that already', { duration: 90 * day }, buildEligible(), 'nothing-to-change'],
    ['its start is over', { startsAt: minutesIn(1) }, buildEligible(), 'started-already'],
    ['the new start is over', { startsAt: minutesIn(-1) }, ahead, 'start-in-past'],
    ['it would end before it starts', { startsAt: minutesIn(10 * day) }, ahead, 'end-before-start'],
    ['it would last too long', { duration: 366 * day }, buildEligible(), 'assignment-too-long'],
    ['it has to end', { duration: 'permanent' as const }, buildEligible(), 'permanent-not-allowed'],
  ])('stays as it is where %s', (_why, wish, assignment, code) => {
    expect(refusalOf(update(wish, assignment))).toMatchObject({ code });
  });

  it('moves up to another one of the same kind, and not into it', () => {
    const later = buildEligible({ startsAt: minutesIn(100 * day), endsAt: null });
    const move = (duration: number) => refusalOf(update({ duration }, buildEligible(), settings, null, [later]));
    expect(move(100 * day)).toBeNull();
    expect(move(101 * day)).toEqual({ code: 'overlaps-another', from: minutesIn(100 * day), until: null });
  });

  it('takes back what its holder had asked for', () => {
    const asked = buildRequest({ action: 'selfExtend' });
    const { change } = update({ duration: 5 * day }, buildEligible(), settings, asked);
    expect(written({ change }, 'Request')).toMatchObject([{ id: asked.id, state: { status: 'Canceled' } }]);
    expect(change.withdrawDeadlinesOf).toContain(asked.id);
    expect(actionsOf({ change })).toEqual(['eligibility.update', 'extension.cancel']);
  });

  describe('and what was activated from it', () => {
    const activation = (parts: Partial<ActiveAssignment> = {}): Activation => ({
      assignment: buildActive({ endsAt: minutesIn(480), ...parts }),
      request: buildRequest(),
      place: buildPlace(),
    });
    const shorten = (duration: number, of: Activation) =>
      update({ duration }, buildEligible(), settings, null, [], [of]).change;

    it('ends no later than it', () => {
      const change = shorten(60, activation());
      expect(written({ change }, 'Assignment')).toMatchObject([
        { kind: 'eligible', endsAt: minutesIn(60) },
        { kind: 'active', endsAt: minutesIn(480), state: { status: 'Extending', until: minutesIn(60) } },
      ]);
      expect(change.provision).toEqual([ids.active]);
      expect(change.deadlines).toContainEqual({ kind: 'end', subjectId: ids.active, dueAt: minutesIn(60) });
      expect(actionsOf({ change })).toEqual(['eligibility.update', 'assignment.update']);
    });

    it('does so while its end is being moved already', () => {
      const state = { status: 'Extending' as const, confirmedAt: noon, until: minutesIn(240) };
      expect(written({ change: shorten(60, activation({ state })) }, 'Assignment')).toMatchObject([
        {},
        { state: { status: 'Extending', until: minutesIn(60) } },
      ]);
    });

    it.each([
      ['ends before it anyway', { endsAt: minutesIn(30) }],
      ['is not there yet', { state: { status: 'Provisioning' as const } }],
      ['is being taken away', { state: { status: 'Revoking' as const, why: 'expired' as const, confirmedAt: noon } }],
    ])('stays as it is where it %s', (_why, parts) => {
      expect(written({ change: shorten(60, activation(parts)) }, 'Assignment')).toHaveLength(1);
    });
  });

  it('never lasts longer than the settings allow, and never ends before it starts', () => {
    const minutes = fc.integer({ min: -2 * day, max: 800 * day });
    fc.assert(
      fc.property(fc.option(minutes), fc.option(fc.integer({ min: 1, max: 800 * day })), (start, duration) => {
        const outcome = update({ startsAt: start === null ? null : minutesIn(start), duration }, ahead);
        if (!outcome.accepted) return;
        const { startsAt, endsAt } = writtenOne(outcome, 'Assignment');
        expect(Number(endsAt)).toBeGreaterThan(startsAt.getTime());
        expect(startsAt.getTime()).toBeGreaterThanOrEqual(noon.getTime());
        if (duration !== null)
          expect(Number(endsAt) - startsAt.getTime()).toBeLessThanOrEqual(settings.eligibleMaximumMinutes * 60_000);
      }),
    );
  });
});

describe('an active assignment that an administrator changes', () => {
  it.each([
    ['sooner', 5 * day],
    ['later', 60 * day],
  ])('ends %s, once the target system has it, and as before until then', (_which, duration) => {
    const decision = update({ duration }, direct());
    expect(writtenOne(decision, 'Assignment')).toMatchObject({
      version: 3,
      endsAt: minutesIn(10 * day),
      state: { status: 'Extending', confirmedAt: noon, until: minutesIn(duration) },
    });
    expect(decision.change.provision).toEqual([ids.active]);
    expect(decision.change.deadlines).toContainEqual({
      kind: 'end',
      subjectId: ids.active,
      dueAt: minutesIn(duration),
    });
  });

  it('becomes permanent where the settings allow it, and has no deadline then', () => {
    const { change } = update({ duration: 'permanent' }, direct(), buildSettings({ permanentActiveAllowed: true }));
    expect(change.put).toMatchObject([{ value: { state: { status: 'Extending', until: null } } }]);
    expect(change.deadlines).toEqual([]);
    expect(change.withdrawDeadlinesOf).toEqual([ids.active]);
  });

  it('that is permanent gets an end', () => {
    expect(writtenOne(update({ duration: 5 * day }, direct({ endsAt: null })), 'Assignment').state).toMatchObject({
      until: minutesIn(5 * day),
    });
  });

  it('is told to its holder when it is so, and not before', () => {
    const moving = update({ duration: 5 * day }, direct());
    expect(moving.change.events).toMatchObject([{ type: 'assignment-changed', tell: null }]);
    const assignment = writtenOne(moving, 'Assignment') as ActiveAssignment;
    const activation = { assignment, request: null, place: buildPlace() };
    const moved = confirmMove(activation, { endsAt: minutesIn(5 * day) }, systemActor, buildContext());
    expect(writtenOne(moved, 'Assignment')).toMatchObject({
      endsAt: minutesIn(5 * day),
      state: { status: 'Active', confirmedAt: noon },
    });
    expect(moved.change.events).toMatchObject([{ type: 'assignment-changed', tell: 'updated-4' }]);
  });

  it('that came from activating shows its new end on its request’s cards', () => {
    const state = { status: 'Extending' as const, confirmedAt: noon, until: minutesIn(60) };
    const activation = { assignment: buildActive({ state }), request: buildRequest(), place: buildPlace() };
    const moved = confirmMove(activation, { endsAt: minutesIn(60) }, systemActor, buildContext());
    expect(moved.change.events).toMatchObject([
      { type: 'assignment-changed', tell: null },
      { type: 'request-changed', tell: null },
    ]);
  });

  it('is on the record as it was and as it is to be', () => {
    expect(update({ duration: 5 * day }, direct()).change.audit).toMatchObject([
      {
        action: 'assignment.update',
        details: { endsBefore: minutesIn(10 * day).toISOString(), endsAfter: minutesIn(5 * day).toISOString() },
      },
    ]);
  });

  it.each([
    ['its start is over', { startsAt: minutesIn(1) }, 'started-already'],
    ['it would last too long', { duration: 181 * day }, 'assignment-too-long'],
    ['it has to end', { duration: 'permanent' as const }, 'permanent-not-allowed'],
    ['no reason is given', { duration: day, justification: ' ' }, 'justification-missing'],
  ])('stays as it is where %s', (_why, wish, code) => {
    expect(refusalOf(update(wish, direct()))).toMatchObject({ code });
  });

  it.each<[string, Partial<ActiveAssignment>, string]>([
    ['it came from an activation', { eligibilityId: ids.eligible }, 'activation'],
    ['it is being set up', { state: { status: 'Provisioning' } }, 'not-there-yet'],
    ['its end is being moved', { state: { status: 'Extending', confirmedAt: noon, until: null } }, 'under-way'],
    ['it is ending', { state: { status: 'Revoking', why: 'expired', confirmedAt: noon } }, 'ending'],
  ])('can’t be changed while %s', (_why, parts, because) => {
    expect(updatable(direct(parts))).toEqual({ code: 'active-not-updatable', because });
  });

  it('is over for good', () => {
    const state = { status: 'Failed', at: noon } as const;
    expect(updatable(direct({ state }))).toEqual({ code: 'managed-over', status: 'Failed' });
  });
});
