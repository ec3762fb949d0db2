import { addMinutes, parseDuration } from './duration.ts';

/** A moment as a clock on the wall shows it. The month counts from 1. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
}

const formatters = new Map<string, Intl.DateTimeFormat>();

/** The clock of a time zone; UTC's, where the system does not know the zone. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known) return known;
  const make = (zone: string) =>
    new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
  let made: Intl.DateTimeFormat;
  try {
    made = make(timeZone);
  } catch {
    made = make('UTC');
  }
  if (formatters.size < 1_000) formatters.set(timeZone, made);
  return made;
}

/** What the clock on the wall shows at this instant. */
export function wallTime(instant: Date, timeZone: string): WallTime {
  const shown = new Map(
    clockOf(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => shown.get(type) ?? 0;
  return { year: part('year'), month: part('month'), day: part('day'), hour: part('hour'), minute: part('minute') };
}

/** The wall time as if it were UTC's, in milliseconds; days and months that there are not run over into the next. */
const asUtc = ({ year, month, day, hour, minute }: WallTime) => Date.UTC(year, month - 1, day, hour, minute);

/** How far the clock is ahead of UTC at this instant, in milliseconds. */
const ahead = (at: number, timeZone: string): number =>
  asUtc(wallTime(new Date(at), timeZone)) - Math.floor(at / 60_000) * 60_000;

const dayMs = 86_400_000;

/**
 * The instant at which the clock on the wall shows this. Where it shows it twice, because it is set back, the first; where
 * it never does, because it is set forward, as much later as the clock jumps.
 */
export function instantAt(wall: WallTime, timeZone: string): Date {
  const utc = asUtc(wall);
  const before = ahead(utc - dayMs, timeZone);
  const after = ahead(utc + dayMs, timeZone);
  const shown = [utc - before, utc - after].filter((at) => asUtc(wallTime(new Date(at), timeZone)) === utc);
  return new Date(Math.min(...(shown.length > 0 ? shown : [utc - before])));
}

/** `22:00`, `7`, `5pm`; `null` for anything else. */
export const timeOfDay = (text: string): Pick<WallTime, 'hour' | 'minute'> | null => {
  const [, hours, minutes = '0', half] = /^(\d{1,2})(?:[:.h](\d\d))?\s*(am|pm)?$/.exec(text) ?? [];
  if (hours === undefined) return null;
  const [hour, minute] = [Number(hours), Number(minutes)];
  if (minute > 59 || hour > (half ? 12 : 23) || (half && hour === 0)) return null;
  return { hour: half ? (hour % 12) + (half === 'pm' ? 12 : 0) : hour, minute };
};

const midnight = { hour: 0, minute: 0 };

/** Whether there is such a day. */
const exists = ({ year, month, day }: Pick<WallTime, 'year' | 'month' | 'day'>) => {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day && year >= 2000;
};

/**
 * The instant that somebody means by `2026-12-01T09:00`, `2026-12-01 9:00`, `tomorrow 9:00`, `today 5pm`, `17:30` (the
 * next one) or `2d` (so long from now), by the clock of their own time zone. `null` where it can't be read.
 */
export function parseInstant(given: string, now: Date, timeZone: string): Date | null {
  const text = given.trim().toLowerCase().replace(/\s+/g, ' ');
  const exact = /^\d{4}-\d\d-\d\dt\d\d:\d\d(:\d\d(\.\d+)?)?(z|[+-]\d\d:?\d\d)$/.test(text)
    ? new Date(given.trim().replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
    : null;
  if (exact) return Number.isNaN(exact.getTime()) ? null : exact;
  const minutes = parseDuration(text.replace(/^in /, ''));
  if (minutes !== null) return addMinutes(now, minutes);

  const [, year, month, day, clock] = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:t| at | )(.+))?$/.exec(text) ?? [];
  if (year !== undefined) {
    const date = { year: Number(year), month: Number(month), day: Number(day) };
    const time = clock === undefined ? midnight : timeOfDay(clock.replace(/^(\d\d:\d\d):00$/, '$1'));
    return time && exists(date) ? instantAt({ ...date, ...time }, timeZone) : null;
  }
  const today = wallTime(now, timeZone);
  const [, word, rest] = /^(today|tomorrow)(?:(?: at)? (.+))?$/.exec(text) ?? [];
  const time = rest === undefined ? (word ? midnight : timeOfDay(text)) : timeOfDay(rest);
  if (!time) return null;
  const onDay = (days: number) => instantAt({ ...today, day: today.day + days, ...time }, timeZone);
  if (word) return onDay(word === 'tomorrow' ? 1 : 0);
  // A number alone could be anything.
  if (/^\d+$/.test(text)) return null;
  const next = onDay(0);
  return next > now ? next : onDay(1);
}
