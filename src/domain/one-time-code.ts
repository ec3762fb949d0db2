import {
  type Challenge,
  challengeMinutes,
  challengePauseSeconds,
  challengesAnHour,
  challengeTries,
} from './challenge.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import type { ChallengeId } from './ids.ts';
import type { Refusal } from './refusal.ts';

/** The instant from which another code may be sent, or `null` for now. `recent` is newest first, one hour back. */
export function throttledUntil(recent: readonly Challenge[], now: Date): Date | null {
  const [newest] = recent;
  const oldest = recent[challengesAnHour - 1];
  const pause = newest ? newest.createdAt.getTime() + challengePauseSeconds * 1000 : 0;
  const hour = oldest ? addMinutes(oldest.createdAt, 60).getTime() : 0;
  const until = Math.max(pause, hour);
  return until > now.getTime() ? new Date(until) : null;
}

/** A new challenge, unless there were too many. Refuses `code-throttled`. */
export function issueChallenge(
  {
    purpose,
    subjectId,
    personId,
    recent,
  }: Pick<Challenge, 'purpose' | 'subjectId' | 'personId'> & { recent: readonly Challenge[] },
  { now, newId }: Context,
): Challenge | Extract<Refusal, { code: 'code-throttled' }> {
  const retryAt = throttledUntil(recent, now);
  if (retryAt) return { code: 'code-throttled', retryAt };
  return {
    id: newId() as ChallengeId,
    version: 1,
    purpose,
    subjectId,
    personId,
    createdAt: now,
    failures: 0,
    usedAt: null,
  };
}

/**
 * Spends a challenge. Only the newest of a subject counts. Refuses `code-spent` (expired, used, or tried too often) and
 * `code-wrong`, which counts the try.
 */
export function answerChallenge(challenge: Challenge | null, right: boolean, { now }: Context): Decision<Challenge> {
  const spent =
    !challenge ||
    challenge.usedAt ||
    challenge.failures >= challengeTries ||
    now >= addMinutes(challenge.createdAt, challengeMinutes);
  if (spent) return refuse({ code: 'code-spent' });
  if (right) {
    const used = { ...challenge, version: challenge.version + 1, usedAt: now };
    return accept(used, { put: [{ entity: 'Challenge', value: used }] });
  }
  const failures = challenge.failures + 1;
  return refuse(
    failures < challengeTries ? { code: 'code-wrong', triesLeft: challengeTries - failures } : { code: 'code-spent' },
    { put: [{ entity: 'Challenge', value: { ...challenge, version: challenge.version + 1, failures } }] },
  );
}
