import { createHmac, timingSafeEqual } from 'node:crypto';

/** Time-based one-time passwords (RFC 6238): SHA-1, steps of 30 seconds, six digits, which every authenticator app does. */
const stepSeconds = 30;
const usualDigits = 6;
/** Steps that clocks may differ, either way (RFC 6238, 5.2). */
const drift = 1;

/** An HMAC-based one-time password (RFC 4226, 5.3). */
export function hotp(secret: Uint8Array, counter: number, digits: number = usualDigits): string {
  const moving = Buffer.alloc(8);
  moving.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', secret).update(moving).digest();
  const offset = (mac.at(-1) as number) & 0xf;
  const truncated = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(truncated % 10 ** digits).padStart(digits, '0');
}

export const stepAt = (instant: Date): number => Math.floor(instant.getTime() / 1000 / stepSeconds);

/**
 * The time step of a code that is right at `now`, or one step before or after it; `null` for a wrong one, and for any of
 * a step up to `lastStep`, which was accepted before: no code is good twice.
 */
export function acceptedStep(secret: Uint8Array, given: string, now: Date, lastStep: number): number | null {
  const code = Buffer.from(given.replace(/[\s-]/g, ''));
  let accepted: number | null = null;
  for (let step = stepAt(now) - drift; step <= stepAt(now) + drift; step += 1) {
    const right = Buffer.from(hotp(secret, step));
    // Every step is compared, so that the time tells nothing.
    const same = code.length === right.length && timingSafeEqual(code, right);
    if (same && step > lastStep && accepted === null) accepted = step;
  }
  return accepted;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648 without padding, as authenticator apps read it. */
export function base32(bytes: Uint8Array): string {
  let bits = '';
  for (const byte of bytes) bits += byte.toString(2).padStart(8, '0');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => alphabet[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** What a QR code hands to an authenticator app. */
export function otpauthUri(secret: Uint8Array, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = `secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${usualDigits}&period=${stepSeconds}`;
  return `otpauth://totp/${label}?${query}`;
}
