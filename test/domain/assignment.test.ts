import { describe, expect, it } from 'vitest';
import { inWindow, isOpen, overlapping, wantsAccess } from '../../src/domain/assignment.ts';
import { reference } from '../../src/domain/ids.ts';
import { decisionOf, isFinal } from '../../src/domain/request.ts';
import { buildActive, buildEligible, buildRequest, ids, minutesIn, noon } from '../support/build.ts';

const decision = { by: ids.approver, at: noon, justification: 'Fine' };
const ended = { status: 'Ended', at: noon, why: 'expired' } as const;

describe('the window of an eligible assignment', () => {
  it.each([
    ['at its start', true, buildEligible({ startsAt: noon })],
    ['before its start', false, buildEligible({ startsAt: minutesIn(1) })],
    ['before its end', true, buildEligible({ endsAt: minutesIn(1) })],
    ['at its end', false, buildEligible({ endsAt: noon })],
    ['without an end', true, buildEligible({ endsAt: null })],
    ['once it was ended', false, buildEligible({ state: ended })],
  ])('%s is open: %s', (_when, open, eligible) => {
    expect(inWindow(eligible, noon)).toBe(open);
  });
});

describe('the times of two assignments', () => {
  const until = (minutes: number | null) => ({ startsAt: noon, endsAt: minutes === null ? null : minutesIn(minutes) });
  it.each([
    ['one ends as the other begins', false, until(5), buildEligible({ startsAt: minutesIn(5) })],
    ['one begins before the other ends', true, until(6), buildEligible({ startsAt: minutesIn(5) })],
    ['neither ends', true, until(null), buildEligible({ startsAt: minutesIn(5), endsAt: null })],
    ['one was over before', false, until(null), buildEligible({ endsAt: noon })],
    [
      'the end of one is being moved later',
      true,
      { startsAt: minutesIn(500), endsAt: null },
      buildActive({ state: { status: 'Extending', confirmedAt: noon, until: minutesIn(501) } }),
    ],
    [
      'the end of one is being moved sooner',
      true,
      { startsAt: minutesIn(479), endsAt: null },
      buildActive({ state: { status: 'Extending', confirmedAt: noon, until: minutesIn(5) } }),
    ],
    [
      'the end of one is being taken away',
      true,
      { startsAt: minutesIn(500), endsAt: null },
      buildActive({ state: { status: 'Extending', confirmedAt: noon, until: null } }),
    ],
  ])('where %s overlap: %s', (_when, expected, span, other) => {
    expect(overlapping([other], span) !== null).toBe(expected);
  });
});

describe('an active assignment', () => {
  it.each([
    [{ status: 'Provisioning' }, true, true],
    [{ status: 'Active', confirmedAt: noon }, true, true],
    [{ status: 'Revoking', why: 'expired', confirmedAt: noon }, false, true],
    [{ ...ended, confirmedAt: noon }, false, false],
    [{ status: 'Failed', at: noon }, false, false],
  ] as const)('%j wants access: %s; is open: %s', (state, wanted, open) => {
    const assignment = buildActive({ state });
    expect([wantsAccess(assignment), isOpen(assignment)]).toEqual([wanted, open]);
  });
});

describe('an eligible assignment', () => {
  it('is open while in force', () => {
    expect(isOpen(buildEligible())).toBe(true);
  });

  it('is not open once it has ended', () => {
    expect(isOpen(buildEligible({ state: ended }))).toBe(false);
  });
});

describe('a request', () => {
  it.each([
    [buildRequest().state, false, null],
    [{ status: 'PendingProvisioning', decision, assignmentId: ids.active }, false, decision],
    [{ status: 'Provisioned', decision: null, assignmentId: ids.active }, true, null],
    [{ status: 'Denied', decision, closedAt: noon }, true, decision],
    [{ status: 'Canceled', closedAt: noon }, true, null],
    [{ status: 'TimedOut', closedAt: noon }, true, null],
    [{ status: 'Failed', decision, assignmentId: ids.active, closedAt: noon }, true, decision],
  ] as const)('%j is final: %s, with its decision: %j', (state, final, decided) => {
    expect([isFinal(state), decisionOf(state)]).toEqual([final, decided]);
  });
});

describe('the short form of an id', () => {
  it('is its last eight digits', () => {
    expect(reference('00000000-0000-4000-8000-0000deadbeef')).toBe('deadbeef');
  });
});
