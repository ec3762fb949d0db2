import type { ChallengeId, PersonId } from './ids.ts';

/**
 * A one-time passcode sent to a person's address: eight digits, good for 30 minutes (Microsoft Entra, "Email one-time
 * passcode authentication"), dead after five wrong tries (ours). The code itself is stored nowhere: it is derived from
 * the id with the installation's secret.
 */
export interface Challenge {
  readonly id: ChallengeId;
  readonly version: number;
  /** An invitation (`redeem`) or a chat account (`link`): the code is good for that one thing only. */
  readonly purpose: 'redeem' | 'link';
  readonly subjectId: string;
  readonly personId: PersonId;
  readonly createdAt: Date;
  readonly failures: number;
  readonly usedAt: Date | null;
}

export const challengeMinutes = 30;
export const challengeTries = 5;
/** At most so many codes for one subject or to one person in an hour, and one in half a minute (ours). */
export const challengesAnHour = 5;
export const challengePauseSeconds = 30;
