import type { Language } from '../domain/language.ts';
import type { ListPage } from './cards.ts';

const of: Readonly<Record<Language, string>> = { en: 'of', de: 'von' };

/** One page of a list: what does not fit is on the next, never cut off. A page that is not there is the nearest one. */
export function pageOf<T>(
  items: readonly T[],
  wanted: string | undefined,
  size: number,
  language: Language,
): { items: T[]; page: ListPage } {
  const { first, page } = pageAt(items.length, wanted, size, language);
  return { items: items.slice(first, first + size), page };
}

/** Where a page begins in a list of `total`. */
export function pageAt(
  total: number,
  wanted: string | undefined,
  size: number,
  language: Language,
): { first: number; page: ListPage } {
  const pages = Math.max(1, Math.ceil(total / size));
  const number = Math.min(pages, Math.max(1, Number.parseInt(wanted ?? '1', 10) || 1));
  const first = (number - 1) * size;
  return {
    first,
    page: {
      previousPage: number > 1 ? String(number - 1) : null,
      nextPage: number < pages ? String(number + 1) : null,
      range: pages > 1 ? `${first + 1}–${Math.min(total, first + size)} ${of[language]} ${total}` : null,
    },
  };
}
