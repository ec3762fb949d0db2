import { describe, expect, it } from 'vitest';
import { backoffMs } from '../../src/jobs/queue.ts';
import { RetryLater } from '../../src/surfaces/surface.ts';

const none = () => 0;
const most = () => 1;

describe('the pause before the next try', () => {
  it('doubles from half a second to half a minute', () => {
    const pauses = Array.from({ length: 10 }, (_, index) => backoffMs(index + 1, new Error('down'), most));
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000, 30_000]);
  });

  it('is shortened by chance to a half at most, so that the failed don’t come back all at once', () => {
    expect(backoffMs(3, new Error('down'), none)).toBe(1000);
    expect(backoffMs(3, new Error('down'), () => 0.5)).toBe(1500);
  });

  it('is what the platform named and up to a quarter of a second more, never less', () => {
    expect(backoffMs(1, new RetryLater('busy', 42_000), none)).toBe(42_000);
    expect(backoffMs(9, new RetryLater('busy', 42_000), most)).toBe(42_250);
  });

  it('is of whole milliseconds, whatever the platform named', () => {
    expect(backoffMs(1, new RetryLater('busy', 1339.4326), none)).toBe(1340);
  });

  it('is the usual one where the platform named no time', () => {
    expect(backoffMs(2, new RetryLater('down', null), most)).toBe(1000);
  });
});
