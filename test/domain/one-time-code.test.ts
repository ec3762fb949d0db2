import { describe, expect, it } from 'vitest';
import type { Challenge } from '../../src/domain/challenge.ts';
import { answerChallenge, issueChallenge, throttledUntil } from '../../src/domain/one-time-code.ts';
import { buildChallenge, buildContext, ids, minutesIn, noon, uuid } from '../support/build.ts';
import { nothing, refusalOf, writtenOne } from './outcome.ts';

const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

/** Sent so many minutes before noon, newest first. */
const sentBefore = (...minutes: number[]): Challenge[] =>
  minutes.map((before) => buildChallenge({ createdAt: minutesIn(-before) }));

describe('a one-time passcode', () => {
  const issue = (recent: readonly Challenge[] = []) =>
    issueChallenge({ purpose: 'redeem', subjectId: ids.invitation, personId: ids.guest, recent }, buildContext(noon));

  it('is issued unused', () => {
    expect(issue()).toEqual(buildChallenge({ id: uuid(1000) as Challenge['id'] }));
  });

  it('is refused within half a minute after another', () => {
    expect(issue([buildChallenge({ createdAt: later(-29) })])).toEqual({ code: 'code-throttled', retryAt: later(1) });
  });

  it('is issued half a minute after another', () => {
    expect(issue([buildChallenge({ createdAt: later(-30) })])).toMatchObject({ version: 1 });
  });

  it('is issued as the fifth within an hour', () => {
    expect(throttledUntil(sentBefore(1, 10, 20, 30), noon)).toBeNull();
  });

  it('is refused as the sixth, until the oldest is an hour old', () => {
    expect(throttledUntil(sentBefore(1, 10, 20, 30, 40), noon)).toEqual(minutesIn(20));
  });

  it('is refused for the longer of the two reasons', () => {
    const recent = [buildChallenge({ createdAt: noon }), ...sentBefore(10, 20, 30, 60)];
    expect(throttledUntil(recent, noon)).toEqual(later(30));
  });
});

describe('an answer to a passcode', () => {
  const answer = (challenge: Challenge | null, right: boolean, now = minutesIn(1)) =>
    answerChallenge(challenge, right, buildContext(now));

  it('that is right uses it up', () => {
    expect(writtenOne(answer(buildChallenge(), true), 'Challenge')).toEqual(
      buildChallenge({ version: 2, usedAt: minutesIn(1) }),
    );
  });

  it('that is wrong counts, and says how many tries are left', () => {
    const wrong = answer(buildChallenge({ failures: 1 }), false);
    expect(refusalOf(wrong)).toEqual({ code: 'code-wrong', triesLeft: 3 });
    expect(writtenOne(wrong, 'Challenge')).toMatchObject({ version: 2, failures: 2, usedAt: null });
  });

  it('that is wrong for the fifth time ends it', () => {
    const fifth = answer(buildChallenge({ failures: 4 }), false);
    expect(refusalOf(fifth)).toEqual({ code: 'code-spent' });
    expect(writtenOne(fifth, 'Challenge').failures).toBe(5);
  });

  it('that is right after four wrong ones is accepted', () => {
    expect(answer(buildChallenge({ failures: 4 }), true).accepted).toBe(true);
  });

  it('that is right in the last instant is accepted', () => {
    expect(answer(buildChallenge(), true, new Date(minutesIn(30).getTime() - 1)).accepted).toBe(true);
  });

  it.each([
    ['after five wrong ones', buildChallenge({ failures: 5 }), minutesIn(1)],
    ['after 30 minutes', buildChallenge(), minutesIn(30)],
    ['for the second time', buildChallenge({ usedAt: noon }), minutesIn(1)],
    ['without a challenge', null, minutesIn(1)],
  ])('that is right %s is refused, and changes nothing', (_when, challenge, now) => {
    const decision = answer(challenge, true, now);
    expect(refusalOf(decision)).toEqual({ code: 'code-spent' });
    expect(decision.change).toEqual(nothing);
  });
});
