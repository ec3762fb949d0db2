import type { Language } from '../domain/language.ts';
import type { Refusal, RefusalCode } from '../domain/refusal.ts';
import type { CardData } from './cards.ts';

/** What is needed to write for somebody: how instants are shown to them, and what they read. */
export interface Reading {
  readonly time: (instant: Date) => string;
  readonly language: Language;
}

export type Sentence = {
  readonly title: string;
  readonly text: string;
  readonly next?: string;
  readonly command?: CardData['refusal']['command'];
  /** The input that has to be put right, by its name on the forms. */
  readonly at?: string;
};

/** The words of every refusal in one language. */
export type Sentences = {
  readonly [Code in RefusalCode]: (refusal: Extract<Refusal, { code: Code }>, time: Reading['time']) => Sentence;
};

/** `a, b or c`. */
export const alternatives = (names: readonly string[], or: string): string =>
  names.length < 2 ? (names[0] ?? '') : `${names.slice(0, -1).join(', ')} ${or} ${names.at(-1)}`;
