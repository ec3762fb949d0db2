import { describe, expect, it } from 'vitest';
import { type AssignmentWish, assign as assignTo, type Principal, startAssignment } from '../../src/domain/assign.ts';
import type { AssignmentId } from '../../src/domain/ids.ts';
import {
  buildActor,
  buildContext,
  buildEligible,
  buildGroup,
  buildGuest,
  buildInvitedGuest,
  buildPlace,
  buildRole,
  buildScope,
  buildScopeChain,
  buildSettings,
  day,
  ids,
  minutesIn,
  noon,
  systemActor,
  uuid,
} from '../support/build.ts';
import { nothing } from './outcome.ts';

const guest: Principal = { kind: 'person', person: buildGuest() };
const directory = buildScopeChain()[2];

const assign = (wish: Partial<AssignmentWish> = {}, state: Partial<Parameters<typeof assignTo>[0]> = {}) =>
  assignTo(
    {
      principal: guest,
      wish: {
        kind: 'eligible',
        role: buildRole(),
        scope: buildScope(),
        duration: 90 * day,
        startsAt: null,
        justification: '',
        ...wish,
      },
      settings: buildSettings(),
      existing: [],
      managerId: null,
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
    expect(assigned().assignment).toEqual(
      buildEligible({ id: uuid(1000) as AssignmentId, startsAt: noon, endsAt: minutesIn(90 * day) }),
    );
  });

  it('may activate for the longest that the settings allow, where no end is named', () => {
    const settings = buildSettings({ eligibleMaximumMinutes: 30 * day });
    expect(assigned({ duration: null }, { settings }).assignment.endsAt).toEqual(minutesIn(30 * day));
  });

  it('may activate without end where the settings allow that', () => {
    const settings = buildSettings({ permanentEligibleAllowed: true });
    expect(assigned({ duration: 'permanent' }, { settings }).assignment.endsAt).toBeNull();
  });

  it('may be given longer than the maximum where permanent is allowed anyway', () => {
    const settings = buildSettings({ permanentEligibleAllowed: true, eligibleMaximumMinutes: day });
    expect(assigned({ duration: 2 * day }, { settings }).assignment.endsAt).toEqual(minutesIn(2 * day));
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
    expect(assigned().change.events).toMatchObject([{ type: 'assigned', kind: 'eligible', usable: true }]);
  });

  it('is told later while the invitation waits', () => {
    expect(assigned({}, { principal: { kind: 'person', person: buildInvitedGuest() } }).change.events).toMatchObject([
      { usable: false },
    ]);
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
      kind: 'eligible',
      maximumMinutes: 365 * day,
    });
  });

  it('is refused past the maximum', () => {
    expect(assign({ duration: 365 * day + 1 })).toEqual({
      code: 'assignment-too-long',
      kind: 'eligible',
      maximumMinutes: 365 * day,
    });
  });

  it('is accepted at the maximum', () => {
    expect(assigned({ duration: 365 * day }).assignment.endsAt).toEqual(minutesIn(365 * day));
  });

  it('is refused for who is eligible already', () => {
    expect(assign({}, { existing: [buildEligible()] })).toEqual({
      code: 'already-assigned',
      kind: 'eligible',
      role: 'Reader',
      scope: 'rg-expenses',
      from: null,
      until: minutesIn(90 * day),
      reference: '00000014',
    });
  });

  it('is accepted after one that ends before, and refused where it would reach into the next', () => {
    const existing = [buildEligible(), buildEligible({ startsAt: minutesIn(200 * day), endsAt: null })];
    const between = (duration: number) => assign({ startsAt: minutesIn(90 * day), duration }, { existing });
    expect(between(110 * day)).toMatchObject({ assignment: { endsAt: minutesIn(200 * day) } });
    expect(between(111 * day)).toMatchObject({ code: 'already-assigned', from: minutesIn(200 * day), until: null });
  });

  it.each([
    ['a resource role at the directory', buildRole(), directory],
    ['a directory role at a resource', buildRole({ kind: 'directory' }), buildScope()],
  ])('is refused for %s', (_what, role, scope = buildScope()) => {
    expect(assign({ role, scope })).toEqual({ code: 'role-not-at-scope', role: 'Reader', scope: scope.name });
  });

  it('is accepted for a directory role at the directory', () => {
    expect(
      assigned({ role: buildRole({ kind: 'directory' }), scope: directory ?? buildScope() }).assignment.scopeId,
    ).toBe('/');
  });
});

describe('an active assignment', () => {
  const active = (wish: Partial<AssignmentWish> = {}, state: Partial<Parameters<typeof assignTo>[0]> = {}) =>
    assign({ kind: 'active', justification: 'Audit', ...wish }, state);
  const made = (...given: Parameters<typeof active>) => {
    const outcome = active(...given);
    if ('code' in outcome) throw new Error(`refused: ${outcome.code}`);
    return outcome;
  };

  it('is on its way to the target system at once', () => {
    const { assignment, change } = made();
    expect(assignment).toMatchObject({ kind: 'active', eligibilityId: null, state: { status: 'Provisioning' } });
    expect(change.provision).toEqual([assignment.id]);
  });

  it('with a start ahead waits for it, and its time counts from there', () => {
    const { assignment, change } = made({ startsAt: minutesIn(2 * day) });
    expect(assignment).toMatchObject({
      startsAt: minutesIn(2 * day),
      endsAt: minutesIn(92 * day),
      state: { status: 'Scheduled' },
    });
    expect(change.provision).toEqual([]);
    expect(change.deadlines[0]).toEqual({ kind: 'start', subjectId: assignment.id, dueAt: minutesIn(2 * day) });
  });

  it('begins when its start has come, not before, and once', () => {
    const { assignment } = made({ startsAt: minutesIn(10) });
    if (assignment.kind !== 'active') throw new Error('no active assignment');
    const start = (now: Date, state = assignment.state) =>
      startAssignment(
        { assignment: { ...assignment, state }, request: null, place: buildPlace() },
        systemActor,
        buildContext(now),
      );
    expect(start(minutesIn(9)).change).toEqual(nothing);
    expect(start(minutesIn(10)).change).toMatchObject({ provision: [assignment.id] });
    expect(start(minutesIn(11), { status: 'Provisioning' }).change).toEqual(nothing);
  });

  it('asks the administrator for a reason where the settings do', () => {
    expect(active({ justification: ' ' })).toEqual({ code: 'justification-missing' });
    const settings = buildSettings({ activeJustificationRequired: false });
    expect(active({ justification: '' }, { settings })).toMatchObject({ assignment: { kind: 'active' } });
  });

  it('is judged by the settings of active assignments', () => {
    const settings = buildSettings({ activeMaximumMinutes: day, permanentEligibleAllowed: true });
    expect(active({ duration: 2 * day }, { settings })).toMatchObject({ code: 'assignment-too-long', kind: 'active' });
    expect(active({ duration: 'permanent' }, { settings })).toMatchObject({ code: 'permanent-not-allowed' });
  });
});

describe('a group', () => {
  const group = (roleAssignable: boolean): Principal => ({ kind: 'group', group: buildGroup({ roleAssignable }) });

  it('that was created for that holds roles', () => {
    expect(assign({}, { principal: group(true) })).toMatchObject({
      assignment: { principalKind: 'group', principalId: buildGroup().id },
    });
  });

  it('that was not holds none', () => {
    expect(assign({}, { principal: group(false) })).toEqual({ code: 'group-not-role-assignable', group: 'Auditors' });
  });

  it('is in no other group', () => {
    const place = { role: buildRole({ kind: 'group' }), scope: buildScope({ kind: 'group' }) };
    expect(assign(place, { principal: group(true) })).toEqual({ code: 'group-in-group', group: 'Auditors' });
    expect(assign(place)).toMatchObject({ assignment: { principalKind: 'person' } });
  });
});
