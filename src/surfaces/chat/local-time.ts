/** Making one takes longer than everything else about a card; there are as many as zones and languages of people. */
const formatters = new Map<string, Intl.DateTimeFormat>();
function formatter(timeZone: string, language: string): Intl.DateTimeFormat {
  const key = `${timeZone} ${language}`;
  const known = formatters.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short', timeZone });
  if (formatters.size < 1_000) formatters.set(key, made);
  return made;
}

/** An instant in the reader's own zone and language, with the zone's name; in UTC where the system knows neither. */
export function localTime(
  instant: Date,
  { timeZone, locale }: { readonly timeZone: string | null; readonly locale: string | null },
): string {
  const write = (zone: string, language: string) => `${formatter(zone, language).format(instant)} (${zone})`;
  try {
    return write(timeZone ?? 'UTC', locale ?? 'en-GB');
  } catch {
    return write('UTC', 'en-GB');
  }
}
