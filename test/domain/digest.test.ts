import { describe, expect, it } from 'vitest';
import { digestWeek } from '../../src/domain/digest.ts';

describe('the weekly digest', () => {
  // 2026-03-09 and 2026-03-30 are Mondays; Berlin’s clock is set forward on 29 March.
  it.each([
    ['Europe/Berlin', '2026-03-09T06:59:59Z', null],
    ['Europe/Berlin', '2026-03-09T07:00:00Z', '2026-03-09'],
    ['Europe/Berlin', '2026-03-09T22:59:59Z', '2026-03-09'],
    ['Europe/Berlin', '2026-03-09T23:00:00Z', null],
    ['Europe/Berlin', '2026-03-30T05:59:59Z', null],
    ['Europe/Berlin', '2026-03-30T06:00:00Z', '2026-03-30'],
    ['Pacific/Kiritimati', '2026-03-08T18:00:00Z', '2026-03-09'],
    ['Pacific/Pago_Pago', '2026-03-10T10:59:59Z', '2026-03-09'],
    ['Asia/Kathmandu', '2026-03-09T02:15:00Z', '2026-03-09'],
    ['Europe/Berlin', '2026-03-10T09:00:00Z', null],
  ])('in %s at %s is due for the week of %s', (zone, now, week) => {
    expect(digestWeek(zone, new Date(now))).toBe(week);
  });
});
