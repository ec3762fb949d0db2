import { describe, expect, it } from 'vitest';
import { assignEligibility, type EligibilityWish, warningsBefore } from '../../src/domain/eligibility.ts';
import type { AssignmentId } from '../../src/domain/ids.ts';
import {
  buildActor,
  buildContext,
  buildEligible,
  buildGuest,
  buildInvitedGuest,
  buildRole,
  buildScope,
  buildScopeChain,
  buildSettings,
  day,
  ids,
  minutesIn,
  noon,
  uuid,
} from '../support/build.ts';

const directory = buildScopeChain()[2];

const assign = (wish: Partial<EligibilityWish> = {}, state: Partial<Parameters<typeof assignEligibility>[0]> = {}) =>
  assignEligibility(
    {
      principal: buildGuest(),
      wish: { role: buildRole(), scope: buildScope(), duration: 90 * day, ...wish },
      settings: buildSettings(),
      existing: null,
      ...state,
    },
    buildActor(),
    buildContext(),
  );

function assigned(...given: Parameters<typeof assign>) {
  const outcome = assign(...given);
  if ('code' in outcome) throw new Error(`refused: ${outcome.code}`);
  return outcome;
}

describe('a person made eligible', () => {
  it('may activate from now until the end that was named', () => {
    expect(assigned().eligible).toEqual(
      buildEligible({ id: uuid(1000) as AssignmentId, startsAt: noon, endsAt: minutesIn(90 * day) }),
    );
  });

  it('may activate for the longest that the settings allow, where no end is named', () => {
    const settings = buildSettings({ eligibleMaximumMinutes: 30 * day });
    expect(assigned({ duration: null }, { settings }).eligible.endsAt).toEqual(minutesIn(30 * day));
  });

  it('may activate without end where the settings allow that', () => {
    const settings = buildSettings({ permanentEligibleAllowed: true });
    expect(assigned({ duration: 'permanent' }, { settings }).eligible.endsAt).toBeNull();
  });

  it('may be given longer than the maximum where permanent is allowed anyway', () => {
    const settings = buildSettings({ permanentEligibleAllowed: true, eligibleMaximumMinutes: day });
    expect(assigned({ duration: 2 * day }, { settings }).eligible.endsAt).toEqual(minutesIn(2 * day));
  });

  it('is put on the record with the end', () => {
    expect(assigned().change.audit).toMatchObject([
      {
        action: 'eligibility.assign',
        subjectId: ids.guest,
        role: 'Reader',
        scope: 'rg-expenses',
        details: { endsAt: minutesIn(90 * day).toISOString() },
      },
    ]);
  });

  it('is told that it can be used', () => {
    expect(assigned().change.events).toMatchObject([{ type: 'eligibility-assigned', usable: true }]);
  });

  it('is told later while the invitation waits', () => {
    expect(assigned({}, { principal: buildInvitedGuest() }).change.events).toMatchObject([{ usable: false }]);
  });

  it('has the end and the warnings scheduled', () => {
    expect(assigned().change.deadlines.map(({ kind, dueAt }) => [kind, dueAt])).toEqual([
      ['end', minutesIn(90 * day)],
      ['warn', minutesIn(76 * day)],
      ['warn', minutesIn(89 * day)],
    ]);
  });

  it('has nothing scheduled without an end', () => {
    const settings = buildSettings({ permanentEligibleAllowed: true });
    expect(assigned({ duration: 'permanent' }, { settings }).change.deadlines).toEqual([]);
  });
});

describe('making eligible', () => {
  it('is refused where permanent is not allowed', () => {
    expect(assign({ duration: 'permanent' })).toEqual({
      code: 'permanent-not-allowed',
      maximumMinutes: 365 * day,
    });
  });

  it('is refused past the maximum', () => {
    expect(assign({ duration: 365 * day + 1 })).toEqual({ code: 'eligibility-too-long', maximumMinutes: 365 * day });
  });

  it('is accepted at the maximum', () => {
    expect(assigned({ duration: 365 * day }).eligible.endsAt).toEqual(minutesIn(365 * day));
  });

  it('is refused for who is eligible already', () => {
    expect(assign({}, { existing: buildEligible() })).toEqual({
      code: 'already-eligible',
      role: 'Reader',
      scope: 'rg-expenses',
      until: minutesIn(90 * day),
    });
  });

  it.each([
    ['a resource role at the directory', buildRole(), directory],
    ['a directory role at a resource', buildRole({ kind: 'directory' }), buildScope()],
  ])('is refused for %s', (_what, role, scope = buildScope()) => {
    expect(assign({ role, scope })).toEqual({ code: 'role-not-at-scope', role: 'Reader', scope: scope.name });
  });

  it('is accepted for a directory role at the directory', () => {
    expect(
      assigned({ role: buildRole({ kind: 'directory' }), scope: directory ?? buildScope() }).eligible.scopeId,
    ).toBe('/');
  });
});

describe('the warnings before an end', () => {
  it.each([
    ['14 days and one day before', 90 * day, [76 * day, 89 * day]],
    ['one day before, where 14 days lie behind', 14 * day, [13 * day]],
    ['10 minutes before what lives no longer than a day', day, [day - 10]],
    ['10 minutes before a short activation', 480, [470]],
    ['none, where even that lies behind', 10, []],
  ])('are %s', (_which, minutes, expected) => {
    expect(warningsBefore(minutesIn(minutes), noon)).toEqual(expected.map(minutesIn));
  });
});
