import type { Refusal } from './refusal.ts';

/** Characters. Generous for people, small enough for a card on every platform; nothing is ever cut silently. */
export const textLimits = {
  justification: 500,
  ticket: 80,
  message: 500,
  displayName: 100,
  company: 100,
  note: 300,
} as const;

/** Refuses text over its limit, so that the person can shorten it. */
export function tooLong(field: keyof typeof textLimits, text: string): Refusal | null {
  const given = [...text].length;
  const maximum = textLimits[field];
  return given > maximum ? { code: 'text-too-long', field, maximum, given } : null;
}
