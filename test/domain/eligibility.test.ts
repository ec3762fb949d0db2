import { describe, expect, it } from 'vitest';
import { warningsBefore } from '../../src/domain/eligibility.ts';
import { day, minutesIn, noon } from '../support/build.ts';

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
