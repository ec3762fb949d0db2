import { describe, expect, it } from 'vitest';
import { languageFor, languageOf, localeIn, namedLanguage } from '../../src/domain/language.ts';

describe('a language', () => {
  it.each(['de', 'de-AT', 'DE-de', 'de_CH'])('is German for %s', (tag) => expect(languageOf(tag)).toBe('de'));
  it.each(['en', 'fr-FR', 'den', 'deu', 'x-de', '', null])('is English for %j', (tag) =>
    expect(languageOf(tag)).toBe('en'),
  );

  it('is what the person has chosen, before what the platform tells', () => {
    expect(languageFor({ language: 'en' }, 'de-DE')).toBe('en');
    expect(languageFor({ language: null }, 'de-DE')).toBe('de');
    expect(languageFor(null, undefined)).toBe('en');
  });

  it('writes dates the reader’s own way, where their locale is of that language', () => {
    expect(localeIn('de', 'de-AT')).toBe('de-AT');
    expect(localeIn('en', 'en-US')).toBe('en-US');
    expect(localeIn('de', 'en-US')).toBe('de-DE');
    expect(localeIn('en', 'fr-FR')).toBe('en-GB');
    expect(localeIn('en', null)).toBe('en-GB');
  });

  it.each([
    ['german', 'de'],
    [' Deutsch ', 'de'],
    ['English', 'en'],
    ['englisch', 'en'],
    ['AUTO', 'auto'],
    ['klingon', null],
    ['', null],
  ])('is named by %j: %j', (given, language) => expect(namedLanguage(given)).toBe(language));
});
