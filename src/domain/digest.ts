import { wallTime } from './instant.ts';

/** On Mondays from this hour on, by the reader's own clock (ours). */
const digestHour = 8;

/** Days that a digest looks back on. */
export const digestDays = 7;

/**
 * The week whose digest is due now, by the date of its Monday; `null` on other days and before its hour. Whoever was not
 * told on time is told later that day.
 */
export function digestWeek(timeZone: string, now: Date): string | null {
  const { year, month, day, hour } = wallTime(now, timeZone);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCDay() === 1 && hour >= digestHour ? date.toISOString().slice(0, 10) : null;
}
