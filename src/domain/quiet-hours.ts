import type { ChatAccount } from './chat-account.ts';
import { instantAt, timeOfDay, wallTime } from './instant.ts';

/** When somebody wants no news that can wait, by the clock of their own time zone (ours). */
export interface QuietHours {
  /** Minutes after midnight; where the end is not later, it is on the next day. */
  readonly from: number;
  readonly to: number;
  /** All of Saturday and Sunday as well. */
  readonly weekends: boolean;
}

/** What `22:00-07:00`, `10pm to 7am` or `22-7` say; `null` for anything else, and where nothing lies between. */
export function parseQuietHours(given: string): Pick<QuietHours, 'from' | 'to'> | null {
  const [first, second, ...rest] = given
    .toLowerCase()
    .split(/\s*(?:-|–|\bto\b|\bbis\b)\s*/)
    .map((part) => timeOfDay(part.trim()));
  if (!first || !second || rest.length > 0) return null;
  const [from, to] = [first.hour * 60 + first.minute, second.hour * 60 + second.minute];
  return from === to ? null : { from, to };
}

const clockTime = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

/** As it is typed: `22:00-07:00`. */
export const quietHoursText = ({ from, to }: Pick<QuietHours, 'from' | 'to'>): string =>
  `${clockTime(from)}-${clockTime(to)}`;

/** The clock that somebody lives by: that of the account which they used last, as far as a platform tells. */
export const timeZoneOf = (accounts: readonly Pick<ChatAccount, 'timeZone'>[]): string =>
  accounts.find(({ timeZone }) => timeZone !== null)?.timeZone ?? 'UTC';

/**
 * When the quiet hours around this instant are over; `null` where there are none. A night lasts from the instant at which
 * the clock on the wall shows its beginning to that at which it shows its end, however the clock is set in between.
 */
export function quietUntil(quiet: QuietHours, timeZone: string, now: Date): Date | null {
  const { from, to, weekends } = quiet;
  const endAround = (instant: Date): Date | null => {
    const today = wallTime(instant, timeZone);
    const at = (days: number, minutes: number) =>
      instantAt({ ...today, day: today.day + days, hour: Math.floor(minutes / 60), minute: minutes % 60 }, timeZone);
    const weekday = new Date(Date.UTC(today.year, today.month - 1, today.day)).getUTCDay();
    const nights = [-1, 0].map((day) => [at(day, from), at(day + (to <= from ? 1 : 0), to)] as const);
    const weekend = weekday === 6 ? 2 : weekday === 0 ? 1 : null;
    const ends = nights.filter(([start, end]) => start <= instant && instant < end).map(([, end]) => end);
    const all = weekends && weekend !== null ? [...ends, at(weekend, 0)] : ends;
    return all.length > 0 ? new Date(Math.max(...all.map(Number))) : null;
  };
  let end: Date | null = null;
  // A night may run into a weekend, and that into the next night.
  for (let next = endAround(now); next; next = endAround(next)) end = next;
  return end;
}
