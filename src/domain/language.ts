/** What Usher speaks; the commands themselves are English in both. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];

/** Of a BCP 47 tag such as `de-AT`, as a platform or a browser tells it: English for whatever is not spoken here. */
export const languageOf = (tag: string | null | undefined): Language =>
  /^de(?:[-_]|$)/i.test(tag ?? '') ? 'de' : 'en';

/** What somebody reads: what they have chosen, else what the platform tells of them. */
export const languageFor = (
  person: { readonly language: Language | null } | null | undefined,
  locale: string | null | undefined,
): Language => person?.language ?? languageOf(locale);

const usual: Readonly<Record<Language, string>> = { en: 'en-GB', de: 'de-DE' };

/** How dates are written in a language: the reader's own way, where their locale is of that language. */
export const localeIn = (language: Language, locale: string | null): string =>
  locale?.toLowerCase().startsWith(language) ? locale : usual[language];

/** Languages in their own words, and as people name them. */
const names: Readonly<Record<Language, readonly string[]>> = {
  en: ['english', 'englisch', 'en'],
  de: ['german', 'deutsch', 'de'],
};

/** The language that somebody named; `auto` for whatever the platform tells; `null` for anything else. */
export function namedLanguage(given: string): Language | 'auto' | null {
  const name = given.trim().toLowerCase();
  if (name === 'auto' || name === 'automatic' || name === 'automatisch') return 'auto';
  return languages.find((language) => names[language].includes(name)) ?? null;
}
