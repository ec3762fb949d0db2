import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addMinutes, earlier, formatDuration, parseDuration } from '../../src/domain/duration.ts';
import { minutesIn, noon } from '../support/build.ts';

describe('a written duration', () => {
  it.each([
    ['30m', 30],
    ['45 min', 45],
    ['1 minute', 1],
    ['8h', 480],
    ['8 Hours', 480],
    ['1.5h', 90],
    ['1,5 h', 90],
    ['1h30m', 90],
    ['1 h 30 min', 90],
    ['90d', 129_600],
    ['1 day', 1440],
    ['2w', 20_160],
    ['2 weeks 1 day', 21_600],
  ])('%s is %i minutes', (text, minutes) => {
    expect(parseDuration(text)).toBe(minutes);
  });

  it.each([
    '',
    ' ',
    '8',
    'h',
    'eight hours',
    '-8h',
    '8x',
    '1month',
    '1y',
    '8h or so',
    '1.255h',
    '1e3m',
    '8h30',
    'NaNh',
  ])('can’t be read from %j', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each(['0m', '0h', '0d0m'])('is more than nothing: %s is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it.each(['0.5m', '0.01h'])('is whole minutes: %s is none', (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it('leads to a date that there is, however long it is', () => {
    const end = addMinutes(noon, parseDuration('999999w'.repeat(90)) ?? 0);
    expect(end.getTime()).not.toBeNaN();
  });

  it('is exact for every decimal that gives whole minutes', () => {
    const exact = fc
      .record({ hundredths: fc.integer({ min: 1, max: 99_999 }), unit: fc.constantFrom(['h', 60], ['d', 1440]) })
      .filter(({ hundredths, unit: [, per] }) => (hundredths * Number(per)) % 100 === 0);
    fc.assert(
      fc.property(exact, ({ hundredths, unit: [unit, per] }) => {
        expect(parseDuration(`${(hundredths / 100).toFixed(2)}${unit}`)).toBe((hundredths * Number(per)) / 100);
      }),
      { examples: [[{ hundredths: 205, unit: ['h', 60] }]] },
    );
  });
});

describe('a formatted duration', () => {
  it.each([
    [0, '0 minutes'],
    [1, '1 minute'],
    [30, '30 minutes'],
    [60, '1 hour'],
    [90, '1 hour 30 minutes'],
    [480, '8 hours'],
    [1440, '1 day'],
    [1560, '1 day 2 hours'],
    [2941, '2 days 1 hour 1 minute'],
  ])('of %i minutes is %s', (minutes, text) => {
    expect(formatDuration(minutes, 'en')).toBe(text);
  });

  it('reads back as the same number of minutes', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), (minutes) => {
        expect(parseDuration(formatDuration(minutes, 'en'))).toBe(minutes);
      }),
    );
  });
});

describe('an instant', () => {
  it('moves by minutes, back as well', () => {
    expect(addMinutes(minutesIn(10), -10)).toEqual(noon);
  });
});

describe('the earlier of two ends', () => {
  it.each([
    ['the first', minutesIn(1), minutesIn(2), minutesIn(1)],
    ['the second', minutesIn(2), minutesIn(1), minutesIn(1)],
    ['the only one, where the first never ends', null, minutesIn(1), minutesIn(1)],
    ['the only one, where the second never ends', minutesIn(1), null, minutesIn(1)],
    ['no end, where neither ends', null, null, null],
  ])('is %s', (_which, a, b, expected) => {
    expect(earlier(a, b)).toEqual(expected);
  });
});
