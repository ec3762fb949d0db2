import { describe, expect, it } from 'vitest';
import { RetryLater } from '../../../src/surfaces/surface.ts';
import { meaningOf, retryAfterMs } from '../../../src/surfaces/teams/faults.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

const fault = (statusCode: number | undefined, headers: Record<string, string> = {}, bodyAsText = '') =>
  Object.assign(new Error('as arranged'), {
    ...(statusCode === undefined ? { code: 'ECONNRESET' } : { statusCode }),
    response: { headers: { get: (name: string) => headers[name] ?? null }, bodyAsText },
  });

const laterOf = (error: unknown): RetryLater => {
  const meaning = meaningOf(error, now);
  if (!('later' in meaning)) throw new Error(`for good: ${meaning.never}`);
  return meaning.later;
};

describe('Retry-After', () => {
  it.each([
    ['in seconds', '7', 7_000],
    ['with spaces around', ' 3 ', 3_000],
    ['as a date', 'Sun, 01 Mar 2026 12:00:09 GMT', 9_000],
    ['as a date gone by', 'Sun, 01 Mar 2026 11:00:00 GMT', 0],
    ['as nonsense', 'soon', null],
    ['when it is empty', '', null],
    ['when there is none', null, null],
  ])('is read %s', (_how, header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
});

describe('a fault of the Bot Connector', () => {
  it.each([401, 412, 429, 500, 502, 503, 504])('with status %i passes', (status) => {
    const later = laterOf(fault(status));
    expect(later).toBeInstanceOf(RetryLater);
    expect(later.afterMs).toBeNull();
  });

  it('passes when nothing was answered', () => {
    expect(laterOf(fault(undefined)).message).toContain('ECONNRESET');
  });

  it('names the time that the platform named', () => {
    expect(laterOf(fault(429, { 'retry-after': '4' })).afterMs).toBe(4_000);
  });

  it('keeps what caused it', () => {
    const error = fault(503);
    expect(laterOf(error).cause).toBe(error);
  });

  it('is for good when the person blocked the bot', () => {
    expect(meaningOf(fault(403, {}, '{"error":{"subCode":"MessageWritesBlocked"}}'), now)).toEqual({
      never: 'MessageWritesBlocked',
    });
  });

  it.each([403, 404])('with status %i is for good', (status) => {
    expect(meaningOf(fault(status), now)).toEqual({ never: `status ${status}` });
  });

  it.each([400, 413])('with status %i is a bug of ours, and thrown', (status) => {
    const error = fault(status);
    expect(() => meaningOf(error, now)).toThrow(error);
  });
});
