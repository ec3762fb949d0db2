import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { codeOf, meaningOf } from '../../../src/surfaces/slack/faults.ts';
import { createClients } from '../../../src/surfaces/slack/workspaces.ts';
import { RetryLater } from '../../../src/surfaces/surface.ts';
import { type FakeSlack, fakeBotToken, startFakeSlack } from '../../fakes/slack.ts';

const platform = (error: string) => new WebAPIPlatformError({ ok: false, error } as never);

describe('a fault of Slack', () => {
  it.each([
    ['a 429, by the time that it names', new WebAPIRateLimitedError(7), 7_000],
    ['a network that fails', new WebAPIRequestError(new Error('ECONNRESET')), null],
    ['a 500', new WebAPIHTTPError(500, 'Internal Server Error', {}), null],
    ['a 503', new WebAPIHTTPError(503, 'Service Unavailable', {}), null],
    ['ratelimited', platform('ratelimited'), null],
    ['internal_error', platform('internal_error'), null],
    ['service_unavailable', platform('service_unavailable'), null],
  ])('passes: %s', (_what, error, afterMs) => {
    const meaning = meaningOf(error);
    const later = 'later' in meaning ? meaning.later : null;
    expect(later).toBeInstanceOf(RetryLater);
    expect(later?.afterMs).toBe(afterMs);
    expect(later?.cause).toBe(error);
  });

  it.each([
    ['user_disabled', 'place'],
    ['channel_not_found', 'place'],
    ['message_not_found', 'place'],
    ['token_revoked', 'installation'],
    ['account_inactive', 'installation'],
    ['missing_scope', 'installation'],
  ])('is for good: %s, because of the %s', (error, because) => {
    expect(meaningOf(platform(error))).toEqual({ never: error, because });
    expect(codeOf(platform(error))).toBe(error);
  });

  it.each([
    ['a block that Slack does not take', platform('invalid_blocks')],
    ['a method that is not there', platform('unknown_method')],
    ['a 400', new WebAPIHTTPError(400, 'Bad Request', {})],
    ['a fault of ours', new TypeError('x is not a function')],
  ])('is thrown as it is: %s', (_what, error) => {
    expect(() => meaningOf(error)).toThrow(error);
  });
});

describe('a client', () => {
  let slack: FakeSlack;
  beforeAll(async () => {
    slack = await startFakeSlack();
  });
  afterAll(() => slack?.stop());

  const meaningFrom = async (trouble: object) => {
    slack.trouble({ api: 'auth.test', ...trouble });
    const before = slack.calls.length;
    const error = await createClients(slack.apiUrl)(fakeBotToken)
      .auth.test()
      .catch((fault: unknown) => fault);
    return { meaning: meaningOf(error), calls: slack.calls.length - before };
  };

  it.each([
    ['429', { status: 429, retryAfterSeconds: 3 }, 3_000],
    ['500', { status: 500 }, null],
    ['a cut connection', { cutBefore: true }, null],
    ['an answer that is lost', { cutAfter: true }, null],
  ])('leaves trying again to the queue: %s', async (_what, trouble, afterMs) => {
    expect(await meaningFrom(trouble)).toMatchObject({ meaning: { later: { afterMs } }, calls: 1 });
  });

  it('does not wait for ever', async () => {
    expect(await meaningFrom({ delayMs: 600_000 })).toMatchObject({ meaning: { later: { afterMs: null } } });
  });

  it('is one a token', () => {
    const clientFor = createClients(slack.apiUrl);
    expect(clientFor('a')).toBe(clientFor('a'));
    expect(clientFor('a')).not.toBe(clientFor('b'));
  });
});
