import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseInstant } from '../../src/domain/instant.ts';
import { minutesIn, noon } from '../support/build.ts';

const read = (text: string, zone = 'UTC') => parseInstant(text, noon, zone)?.toISOString() ?? null;

describe('an instant that somebody wrote', () => {
  it.each([
    ['2026-12-01T09:00', 'UTC', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01 09:00', 'Europe/Berlin', '2026-12-01T08:00:00.000Z'],
    ['2026-07-01T09:00', 'Europe/Berlin', '2026-07-01T07:00:00.000Z'],
    ['2026-12-01', 'Asia/Kolkata', '2026-11-30T18:30:00.000Z'],
    ['2026-12-01T09:00Z', 'Europe/Berlin', '2026-12-01T09:00:00.000Z'],
    ['2026-12-01T09:00+0200', 'Asia/Kolkata', '2026-12-01T07:00:00.000Z'],
    ['2028-02-29T00:00', 'UTC', '2028-02-29T00:00:00.000Z'],
    ['2026-12-01T09:00', 'No/Where', '2026-12-01T09:00:00.000Z'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(read(text, zone)).toBe(expected);
  });

  it('that the clocks skip is the one after, and one that they show twice is one of the two', () => {
    // On 29 March 2026 Berlin goes from 02:00 to 03:00, on 25 October from 03:00 back to 02:00.
    expect(read('2026-03-29T02:30', 'Europe/Berlin')).toBe('2026-03-29T01:30:00.000Z');
    expect(['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z']).toContain(
      read('2026-10-25T02:30', 'Europe/Berlin'),
    );
  });

  it('may be how long from now', () => {
    expect(read('2d')).toBe(minutesIn(2 * 1440).toISOString());
    expect(read('in 90m')).toBe(minutesIn(90).toISOString());
  });

  it.each([
    ['2026-02-31T09:00'],
    ['2026-13-01'],
    ['2026-12-01T25:00'],
    ['soon'],
    [''],
    ['9 o’clock'],
    ['2026-12-01T09:00+99:00'],
  ])('%j is none', (text) => {
    expect(read(text)).toBeNull();
  });

  it('is shown by the clocks as it was written, wherever they do not skip it', () => {
    const zones = ['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe', 'Pacific/Apia'];
    const minutes = { min: Date.UTC(2020, 0, 1) / 60_000, max: Date.UTC(2040, 0, 1) / 60_000 };
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.integer(minutes), (zone, minute) => {
        const text = new Date(minute * 60_000).toISOString().slice(0, 16);
        const instant = parseInstant(text, noon, zone);
        if (!instant) throw new Error(`${text} was not read`);
        const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
          .format(instant)
          .replace(' ', 'T');
        const skipped = Math.abs(Date.parse(`${shown}Z`) - minute * 60_000) <= 3_600_000;
        expect(shown === text || skipped).toBe(true);
      }),
    );
  });
});
