import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  parseQuietHours,
  type QuietHours,
  quietHoursText,
  quietUntil,
  timeZoneOf,
} from '../../src/domain/quiet-hours.ts';

const quiet = (hours: string, weekends = false): QuietHours => {
  const parsed = parseQuietHours(hours);
  if (!parsed) throw new Error(`${hours} is not read`);
  return { ...parsed, weekends };
};
const until = (hours: QuietHours, now: string, timeZone = 'Europe/Berlin') =>
  quietUntil(hours, timeZone, new Date(now))?.toISOString().replace('.000Z', 'Z') ?? null;

describe('quiet hours', () => {
  it.each([
    ['22:00-07:00', '22:00-07:00'],
    ['22-7', '22:00-07:00'],
    ['10pm to 7am', '22:00-07:00'],
    ['22:00 – 7:30', '22:00-07:30'],
    ['22 bis 6', '22:00-06:00'],
    ['0:00-6:00', '00:00-06:00'],
  ])('reads %s', (given, text) => {
    expect(quietHoursText(parseQuietHours(given) as QuietHours)).toBe(text);
  });

  it.each(['', 'night', '22:00', '22:00-25:00', '7:00-7:00', '1-2-3'])('does not read “%s”', (given) => {
    expect(parseQuietHours(given)).toBeNull();
  });

  it.each([
    // 2026-03-10 is a Tuesday; Berlin is an hour ahead.
    ['an evening', '22:00-07:00', '2026-03-10T21:00:00Z', '2026-03-11T06:00:00Z'],
    ['the early morning', '22:00-07:00', '2026-03-10T05:59:59Z', '2026-03-10T06:00:00Z'],
    ['their very end', '22:00-07:00', '2026-03-10T06:00:00Z', null],
    ['just before they begin', '22:00-07:00', '2026-03-10T20:59:59Z', null],
    ['a break at noon', '12:00-13:00', '2026-03-10T11:30:00Z', '2026-03-10T12:00:00Z'],
    ['a Saturday’s noon', '22:00-07:00', '2026-03-14T11:00:00Z', null],
    ['the night in which the clock is set forward', '22:00-07:00', '2026-03-28T22:00:00Z', '2026-03-29T05:00:00Z'],
    ['the night in which the clock is set back', '22:00-07:00', '2026-10-24T22:00:00Z', '2026-10-25T06:00:00Z'],
    ['an end that the clock leaves out', '22:00-02:30', '2026-03-28T22:00:00Z', '2026-03-29T01:30:00Z'],
    ['an end that the clock shows twice', '22:00-02:30', '2026-10-24T22:00:00Z', '2026-10-25T00:30:00Z'],
    ['the second time that the clock shows it', '22:00-02:30', '2026-10-25T01:15:00Z', null],
    ['a beginning that the clock leaves out', '02:30-07:00', '2026-03-29T01:15:00Z', null],
  ])('in %s', (_, hours, now, end) => {
    expect(until(quiet(hours), now)).toBe(end);
  });

  it.each([
    [
      'Friday’s night runs into the weekend, and that into Monday’s morning',
      '2026-03-13T21:30:00Z',
      '2026-03-16T06:00:00Z',
    ],
    ['Saturday', '2026-03-14T11:00:00Z', '2026-03-16T06:00:00Z'],
    ['Sunday', '2026-03-15T11:00:00Z', '2026-03-16T06:00:00Z'],
    ['the weekend in which the clock is set forward', '2026-03-28T11:00:00Z', '2026-03-30T05:00:00Z'],
    ['Friday’s noon', '2026-03-13T11:00:00Z', null],
  ])('with weekends: %s', (_, now, end) => {
    expect(until(quiet('22:00-07:00', true), now)).toBe(end);
  });

  it('go by the clock of the reader', () => {
    expect(until(quiet('22:00-07:00'), '2026-03-10T21:00:00Z', 'America/New_York')).toBeNull();
    expect(until(quiet('22:00-07:00'), '2026-03-10T21:00:00Z', 'Asia/Kolkata')).toBe('2026-03-11T01:30:00Z');
  });

  it('end where they say, and the end is not quiet: in every zone, whatever the clock does', () => {
    const minutes = fc.integer({ min: 0, max: 1439 });
    const some = fc
      .record({ from: minutes, to: minutes, weekends: fc.boolean() })
      .filter(({ from, to }) => from !== to);
    const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const instants = fc.date({
      min: new Date('2026-01-01T00:00:00Z'),
      max: new Date('2027-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(some, zones, instants, fc.double({ min: 0, max: 1, noNaN: true }), (hours, zone, now, share) => {
        const end = quietUntil(hours, zone, now);
        if (!end) return;
        expect(end.getTime()).toBeGreaterThan(now.getTime());
        expect(quietUntil(hours, zone, end)).toBeNull();
        const between = new Date(now.getTime() + Math.floor(share * (end.getTime() - now.getTime() - 1)));
        expect(quietUntil(hours, zone, between)).toEqual(end);
      }),
      { numRuns: 300 },
    );
  });

  it('take the zone that a platform told last, and UTC where none does', () => {
    expect(timeZoneOf([{ timeZone: null }, { timeZone: 'Europe/Berlin' }, { timeZone: 'UTC' }])).toBe('Europe/Berlin');
    expect(timeZoneOf([])).toBe('UTC');
  });
});
