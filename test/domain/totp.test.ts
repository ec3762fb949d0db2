import { describe, expect, it } from 'vitest';
import { acceptedStep, base32, hotp, otpauthUri, stepAt } from '../../src/domain/totp.ts';

const secret = Buffer.from('12345678901234567890');
const at = (seconds: number) => new Date(seconds * 1000);
const never = 0;

describe('a time-based one-time password', () => {
  // RFC 6238, appendix B, the SHA-1 rows.
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('is the RFC’s at second %i', (seconds, code) => {
    expect(hotp(secret, stepAt(at(seconds)), 8)).toBe(code);
  });

  // RFC 4226, appendix D.
  it.each([
    [0, '755224'],
    [1, '287082'],
    [9, '520489'],
  ])('has six digits by itself (counter %i)', (counter, code) => {
    expect(hotp(secret, counter)).toBe(code);
  });

  const now = at(1_234_567_890);
  const codeOf = (steps: number) => hotp(secret, stepAt(now) + steps);

  it.each([-1, 0, 1])('is taken %i steps from now', (steps) => {
    expect(acceptedStep(secret, codeOf(steps), now, never)).toBe(stepAt(now) + steps);
  });

  it.each([-2, 2])('is not taken %i steps from now', (steps) => {
    expect(acceptedStep(secret, codeOf(steps), now, never)).toBeNull();
  });

  it('is taken with the space that apps show in it', () => {
    expect(acceptedStep(secret, `${codeOf(0).slice(0, 3)} ${codeOf(0).slice(3)}`, now, never)).toBe(stepAt(now));
  });

  it.each(['', '1', 'abcdef', '1234567', '９９９９９９'])('is not %j', (given) => {
    expect(acceptedStep(secret, given, now, never)).toBeNull();
  });

  it('is good once, and no older one is after it', () => {
    expect(acceptedStep(secret, codeOf(0), now, stepAt(now))).toBeNull();
    expect(acceptedStep(secret, codeOf(-1), now, stepAt(now))).toBeNull();
    expect(acceptedStep(secret, codeOf(1), now, stepAt(now))).toBe(stepAt(now) + 1);
  });
});

describe('what an authenticator app is given', () => {
  // RFC 4648, section 10.
  it.each([
    ['', ''],
    ['f', 'MY'],
    ['fo', 'MZXQ'],
    ['foo', 'MZXW6'],
    ['foob', 'MZXW6YQ'],
    ['fooba', 'MZXW6YTB'],
    ['foobar', 'MZXW6YTBOI'],
  ])('is base 32: %j', (text, encoded) => {
    expect(base32(Buffer.from(text))).toBe(encoded);
  });

  it('names who asks and whose it is, whatever they are called', () => {
    const uri = new URL(otpauthUri(secret, 'Usher A&B: c', 'ö@x.example'));
    expect(decodeURIComponent(uri.pathname)).toContain('Usher A&B: c:ö@x.example');
    expect(uri.searchParams.get('secret')).toBe(base32(secret));
    expect(uri.searchParams.get('issuer')).toBe('Usher A&B: c');
  });
});
