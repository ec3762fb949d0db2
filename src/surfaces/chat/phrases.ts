import type { Language } from '../../domain/language.ts';
import { german } from './phrases-de.ts';
import { english, type Phrases } from './phrases-en.ts';

export type { Phrases, Said } from './phrases-en.ts';

/** What chats say beside cards and refusals, in each language. */
export const phrases: Readonly<Record<Language, Phrases>> = { en: english, de: german };
