import type { Language } from '../../domain/language.ts';
import { expandCard } from '../../notifications/expand.ts';
import type { Card } from '../surface.ts';
import { type Phrases, phrases, type Said } from './phrases.ts';

type InLanguage = Readonly<Record<Language, Card>>;

function says(phrase: (words: Phrases) => Said): InLanguage {
  const card = (language: Language) => expandCard({ card: 'answer', data: phrase(phrases[language]) }, language);
  return { en: card('en'), de: card('de') };
}

/** What surfaces say without the conversation: it is not asked, or has failed. */
export const strangerCard = says(({ stranger }) => stranger);
export const nobodyCard = says(({ nobody }) => nobody);
export const sorryCard = says(({ sorry }) => sorry);
export const doneCard = says(({ doneInPrivate }) => doneInPrivate);
export const workingCard = says(({ stillAtIt }) => stillAtIt);
