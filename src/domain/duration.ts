import type { Language } from './language.ts';

/** Durations are whole minutes in Usher; people write them as `8h`, `1h30m`, `90d`, `2w`, or in words. */
const minutesPer = { m: 1, h: 60, s: 60, d: 1440, t: 1440, w: 10_080 } as const;

/** A hundred years: what is longer is a slip of the keyboard, and no date that a database takes. */
const longestMinutes = 100 * 365 * 1440;

/** Minutes of a duration that a person wrote, or `null` when it can't be read. Half units such as `1.5h` are fine; a hundred years is the most. */
export function parseDuration(text: string): number | null {
  const compact = text.toLowerCase().replace(/\s+/g, '');
  if (
    !/^(\d{1,6}([.,]\d{1,2})?(m|min|mins|minutes?|minuten|h|hrs?|hours?|std|stunden?|d|days?|tag(?:en?)?|w|weeks?|wochen?))+$/.test(
      compact,
    )
  )
    return null;
  // In hundredths, where decimals are exact.
  let hundredths = 0;
  for (const [, number = '', unit = ''] of compact.matchAll(/([\d.,]+)([a-z]+)/g))
    hundredths += Math.round(Number(number.replace(',', '.')) * 100) * minutesPer[unit[0] as keyof typeof minutesPer];
  const minutes = hundredths / 100;
  return Number.isInteger(minutes) && minutes > 0 && minutes <= longestMinutes ? minutes : null;
}

const units = {
  en: { day: ['day', 'days'], hour: ['hour', 'hours'], minute: ['minute', 'minutes'] },
  de: { day: ['Tag', 'Tage'], hour: ['Stunde', 'Stunden'], minute: ['Minute', 'Minuten'] },
} as const satisfies Record<Language, unknown>;

/** `1 day 2 hours`, `8 hours`, `30 minutes`; `1 Tag 2 Stunden`. */
export function formatDuration(minutes: number, language: Language): string {
  const { day, hour, minute } = units[language];
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  const part = (count: number, [one, more]: readonly [string, string]) =>
    count ? [`${count} ${count === 1 ? one : more}`] : [];
  return [...part(days, day), ...part(hours, hour), ...part(rest, minute)].join(' ') || `0 ${minute[1]}`;
}

export const addMinutes = (instant: Date, minutes: number): Date => new Date(instant.getTime() + minutes * 60_000);

/** The earlier of two ends; `null` never ends. */
export const earlier = (a: Date | null, b: Date | null): Date | null => (a && b ? (a < b ? a : b) : (a ?? b));
