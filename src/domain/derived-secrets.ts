import { createHmac, timingSafeEqual } from 'node:crypto';
import { type ChallengeId, type InvitationId, isUuid } from './ids.ts';

/** One-time codes and links, derived from the installation's secret: nothing that opens a door is stored anywhere. */
export interface DerivedSecrets {
  /** The eight digits of a challenge. */
  codeOf(challengeId: ChallengeId): string;
  codeMatches(challengeId: ChallengeId, given: string): boolean;
  /** What the link of an invitation carries; every generation has its own. */
  redemptionToken(invitationId: InvitationId, generation: number): string;
  /** The invitation and generation of a token that this installation made, or `null`. */
  readRedemptionToken(token: string): { readonly invitationId: InvitationId; readonly generation: number } | null;
}

/** In a time that does not tell how much of it is right. */
export const equal = (a: string, b: string): boolean => {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** @param key at least 32 random bytes, the same on every replica. */
export function deriveSecrets(key: Uint8Array): DerivedSecrets {
  const mac = (purpose: string, text: string) => createHmac('sha256', key).update(`${purpose}:${text}`).digest();
  const codeOf = (challengeId: ChallengeId) =>
    (mac('code', challengeId).readBigUInt64BE() % 100_000_000n).toString().padStart(8, '0');
  const redemptionToken = (invitationId: InvitationId, generation: number) =>
    `${invitationId}.${generation}.${mac('redeem', `${invitationId}.${generation}`).toString('base64url')}`;
  return {
    codeOf,
    codeMatches: (challengeId, given) => equal(codeOf(challengeId), given.replace(/[\s-]/g, '')),
    redemptionToken,
    readRedemptionToken: (token) => {
      const [id = '', generation = ''] = token.split('.');
      if (!isUuid(id) || !/^\d{1,9}$/.test(generation)) return null;
      const read = { invitationId: id as InvitationId, generation: Number(generation) };
      return equal(token, redemptionToken(read.invitationId, read.generation)) ? read : null;
    },
  };
}
