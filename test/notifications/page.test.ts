import { describe, expect, it } from 'vitest';
import { pageAt, pageOf } from '../../src/notifications/page.ts';

const items = Array.from({ length: 12 }, (_, index) => index + 1);

describe('a list', () => {
  it('that fits has one page and says nothing of it', () => {
    expect(pageOf([1, 2], undefined, 5, 'en')).toEqual({
      items: [1, 2],
      page: { previousPage: null, nextPage: null, range: null },
    });
  });

  it('that is empty has one empty page', () => {
    expect(pageOf([], '3', 5, 'en')).toEqual({ items: [], page: { previousPage: null, nextPage: null, range: null } });
  });

  it('that just fits has one page', () => {
    expect(pageOf([1, 2, 3, 4, 5], '1', 5, 'en').page.nextPage).toBeNull();
  });

  it('shows everything once, over its pages', () => {
    expect(pageOf(items, '1', 5, 'en')).toEqual({
      items: [1, 2, 3, 4, 5],
      page: { previousPage: null, nextPage: '2', range: '1–5 of 12' },
    });
    expect(pageOf(items, '2', 5, 'en')).toMatchObject({
      items: [6, 7, 8, 9, 10],
      page: { previousPage: '1', nextPage: '3', range: '6–10 of 12' },
    });
    expect(pageOf(items, '3', 5, 'en')).toEqual({
      items: [11, 12],
      page: { previousPage: '2', nextPage: null, range: '11–12 of 12' },
    });
  });

  it.each([
    ['99', [11, 12]],
    ['0', [1, 2, 3, 4, 5]],
    ['-2', [1, 2, 3, 4, 5]],
    ['two', [1, 2, 3, 4, 5]],
    ['', [1, 2, 3, 4, 5]],
    ['1e9', [1, 2, 3, 4, 5]],
    ['NaN', [1, 2, 3, 4, 5]],
  ])('shows the nearest page for “%s”', (wanted, expected) => {
    expect(pageOf(items, wanted, 5, 'en').items).toEqual(expected);
  });

  it('is paged by its length alone, too', () => {
    expect(pageAt(12, '2', 5, 'en')).toMatchObject({ first: 5, page: { range: '6–10 of 12' } });
  });
});
