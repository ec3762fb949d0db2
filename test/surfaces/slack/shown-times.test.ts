import { describe, expect, it } from 'vitest';
import { shownTime, timesIn, withoutTimes } from '../../../src/surfaces/slack/shown-times.ts';

const at = { epochSeconds: 1_800_000_000, fallback: '15 Jan 2027, 09:00 (Europe/Berlin)' };

describe('an instant on a card', () => {
  it('is found again among its words', () => {
    expect(timesIn(`ends ${shownTime(at)}, later`)).toEqual(['ends ', at, ', later']);
  });

  it('is found alone, first, last and beside another', () => {
    const other = { epochSeconds: 0, fallback: '' };
    expect(timesIn(shownTime(at))).toEqual([at]);
    expect(timesIn(`${shownTime(at)}${shownTime(other)}`)).toEqual([at, other]);
    expect(timesIn(`${shownTime(at)} – ${shownTime(other)}.`)).toEqual([at, ' – ', other, '.']);
  });

  it('is read as its words where Slack can’t write it', () => {
    expect(withoutTimes(`ends ${shownTime(at)}.`)).toBe(`ends ${at.fallback}.`);
    expect(withoutTimes('no time')).toBe('no time');
    expect(withoutTimes('')).toBe('');
  });

  it.each(['<!date^1800000000^{date}|never>', '\uE000|1|x\uE001', `\uE000${'0'.repeat(36)}|1800000000|x\uE001`])(
    'is not what somebody typed: %j',
    (text) => {
      expect(timesIn(text)).toEqual([text]);
    },
  );

  it('stays one though its words look like another', () => {
    const odd = { epochSeconds: 5, fallback: 'a | b ^ <c>' };
    expect(timesIn(shownTime(odd))).toEqual([odd]);
  });
});
