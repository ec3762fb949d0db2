import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instantAt, parseInstant, wallTime } from '../../src/domain/instant.ts';

const berlin = 'Europe/Berlin';
/** A Monday at 13:00 in Berlin. */
const noon = new Date('2027-03-01T12:00:00.000Z');
const from = (given: string, zone = berlin, now = noon) => parseInstant(given, now, zone)?.toISOString() ?? null;

/** Zones with daylight saving on both halves of the earth, half an hour's too, and without; and one with quarters. */
const zones = [berlin, 'America/New_York', 'Australia/Lord_Howe', 'Pacific/Auckland', 'Asia/Kathmandu', 'UTC'];
const zone = fc.constantFrom(...zones);
const instant = fc
  .date({ min: new Date('2026-01-01T00:00:00Z'), max: new Date('2036-12-31T00:00:00Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 60_000) * 60_000));
const two = (number: number) => String(number).padStart(2, '0');

describe('a start that somebody types', () => {
  it.each([
    ['2027-03-05T09:00', '2027-03-05T08:00:00.000Z'],
    ['2027-03-05 9:00', '2027-03-05T08:00:00.000Z'],
    ['2027-03-05 at 9am', '2027-03-05T08:00:00.000Z'],
    ['2027-03-05 9:30pm', '2027-03-05T20:30:00.000Z'],
    ['2027-3-5 12am', '2027-03-04T23:00:00.000Z'],
    ['2027-03-05 12pm', '2027-03-05T11:00:00.000Z'],
    ['2027-03-05', '2027-03-04T23:00:00.000Z'],
    ['2027-03-05T09:00Z', '2027-03-05T09:00:00.000Z'],
    ['2027-03-05T09:00:30-05:00', '2027-03-05T14:00:30.000Z'],
    ['today 17:30', '2027-03-01T16:30:00.000Z'],
    ['Tomorrow 9:00', '2027-03-02T08:00:00.000Z'],
    ['tomorrow at 9', '2027-03-02T08:00:00.000Z'],
    ['tomorrow', '2027-03-01T23:00:00.000Z'],
    ['17:30', '2027-03-01T16:30:00.000Z'],
    ['9:00', '2027-03-02T08:00:00.000Z'],
    ['2d', '2027-03-03T12:00:00.000Z'],
    ['in 1h30m', '2027-03-01T13:30:00.000Z'],
  ])('%s is %s', (given, meant) => {
    expect(from(given)).toBe(meant);
  });

  it.each([
    '',
    'soon',
    '9',
    '25:00',
    '9:60',
    '13pm',
    '0am',
    '2027-02-29',
    '2027-13-01',
    '2027-04-31 9:00',
    '0027-03-05',
    'tomorrow someday',
    '2027-03-05T09:00+99:00',
    '-2d',
  ])('%s is not understood', (given) => {
    expect(from(given)).toBeNull();
  });

  it.each([
    ['2028-02-29 9:00', '2028-02-29T08:00:00.000Z'],
    ['2027-12-31 23:59', '2027-12-31T22:59:00.000Z'],
  ])('knows leap days and the ends of years: %s', (given, meant) => {
    expect(from(given)).toBe(meant);
  });

  it.each([
    ['2028-02-28T20:00:00Z', '2028-02-29T08:00:00.000Z'],
    ['2027-02-28T20:00:00Z', '2027-03-01T08:00:00.000Z'],
    ['2027-04-30T20:00:00Z', '2027-05-01T07:00:00.000Z'],
    ['2027-12-31T20:00:00Z', '2028-01-01T08:00:00.000Z'],
    // The clocks are set forward in the night between; at 23:30 UTC it is tomorrow already.
    ['2027-03-27T20:00:00Z', '2027-03-28T07:00:00.000Z'],
    ['2027-10-30T20:00:00Z', '2027-10-31T08:00:00.000Z'],
    ['2027-06-30T23:30:00Z', '2027-07-02T07:00:00.000Z'],
  ])('“tomorrow 9:00” is the next day’s by the clock on the wall, said at %s', (now, meant) => {
    expect(from('tomorrow 9:00', berlin, new Date(now))).toBe(meant);
  });

  it('is later where the clock skips it, and the first where the clock shows it twice', () => {
    expect(from('2027-03-28 02:30')).toBe('2027-03-28T01:30:00.000Z');
    expect(from('2027-10-31 02:30')).toBe('2027-10-31T00:30:00.000Z');
  });

  it('is by UTC in a zone that the system does not know', () => {
    expect(from('2027-03-05 9:00', 'Nowhere/Land')).toBe('2027-03-05T09:00:00.000Z');
  });

  it('comes back to the same instant, however it is shown, but for the hour that the clock shows twice', () => {
    fc.assert(
      fc.property(instant, zone, (at, where) => {
        const wall = wallTime(at, where);
        const again = instantAt(wall, where);
        expect(wallTime(again, where)).toEqual(wall);
        expect(at.getTime() - again.getTime()).toBeGreaterThanOrEqual(0);
        expect(at.getTime() - again.getTime()).toBeLessThanOrEqual(3_600_000);
        const { year, month, day, hour, minute } = wall;
        const typed = `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
        expect(parseInstant(typed, noon, where)).toEqual(again);
      }),
      { numRuns: 2000 },
    );
  });

  it('a time of day is the next one that the clock shows', () => {
    fc.assert(
      fc.property(instant, zone, fc.nat({ max: 23 }), fc.nat({ max: 59 }), (now, where, hour, minute) => {
        const at = parseInstant(`${hour}:${two(minute)}`, now, where);
        if (!at) throw new Error('not understood');
        expect(at.getTime()).toBeGreaterThan(now.getTime());
        expect(at.getTime() - now.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
      }),
      { numRuns: 2000 },
    );
  });
});
