import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ApiCall } from '../../dev/slack-workspace/contract.ts';
import { type SlackPerson, shownText } from '../fakes/slack.ts';
import { eventually } from '../support/eventually.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import {
  createInstallation,
  grants,
  type Installation,
  letSlackGuestIn,
  openDecision,
  untilGrants,
} from './replicas.ts';

const patienceMs = 60_000;

const asked = (reason: string) => new RegExp(`^Access request\nWaiting[^]*Why: ${reason}\n`);
const active = (reason: string) => new RegExp(`^Your request\nActive until[^]*Why: ${reason}\n`);

const ask = async ({ slack }: Installation, reason: string): Promise<void> => {
  await slack.guest.command(`activate Contributor --for 30m --because "${reason}"`);
  await Promise.all([slack.approver.see(asked(reason), patienceMs), slack.admin.see(asked(reason), patienceMs)]);
};

const untilEnded = ({ slack: { guest, approver, admin } }: Installation, reason: string) =>
  Promise.all([
    guest.see(new RegExp(`^Your request\nEnded[^]*Why: ${reason}\n`), patienceMs),
    ...[approver, admin].map((person) =>
      person.see(new RegExp(`^Access request\nEnded – the access is gone[^]*Why: ${reason}\n`), patienceMs),
    ),
  ]);

const isAcknowledged = { ok: true, closed: true };

describe('an installation with Slack whose Redis is emptied and goes away', () => {
  let redis: RedisServer;
  let installation: Installation;
  beforeAll(async () => {
    redis = await startRedisServer();
    installation = await createInstallation(0, { redisServer: redis.url, slack: {} });
    await installation.start();
    await letSlackGuestIn(installation);
  });
  afterAll(async () => {
    await installation?.dispose();
    await redis?.dispose();
  });

  it('loses nothing, whenever it is emptied', async () => {
    const reason = 'flushed everywhere';
    const { approver } = installation.slack;
    await installation.redis.flushdb();
    await ask(installation, reason);
    await installation.redis.flushdb();
    await openDecision(approver, 'Approve', reason, 'Agreed');
    expect(await approver.submit()).toMatchObject(isAcknowledged);
    await installation.redis.flushdb();
    await installation.slack.guest.see(active(reason), patienceMs);
    expect(await grants(installation)).toBe(1);
    await installation.redis.flushdb();
    installation.passMinutes(31);
    await untilGrants(installation, 0);
    await untilEnded(installation, reason);
  }, 120_000);

  it('still answers, decides, grants and ends without it; the messages come when it is back', async () => {
    const reason = 'without a queue';
    const { approver, guest } = installation.slack;
    await ask(installation, reason);
    await redis.stop();
    await openDecision(approver, 'Approve', reason, 'Agreed');
    expect(await approver.submit()).toMatchObject(isAcknowledged);
    // Their own card needs no queue.
    await approver.see(new RegExp(`^Access request\n(Approved|Active)[^]*Why: ${reason}\n`), patienceMs);
    await untilGrants(installation, 1);
    await guest.command('status');
    await guest.see(/^Your access[\s\S]*Contributor/, patienceMs);
    installation.passMinutes(31);
    await untilGrants(installation, 0);
    await redis.start();
    await untilEnded(installation, reason);
  }, 120_000);
});

describe('an installation with Slack whose PostgreSQL restarts', () => {
  let server: PostgresServer;
  let redis: RedisServer;
  let installation: Installation;
  beforeAll(async () => {
    [server, redis] = await Promise.all([startPostgresServer(), startRedisServer()]);
    installation = await createInstallation(0, {
      databaseUrl: server.url,
      redisServer: redis.url,
      // Slack's own tries are fewer and further apart.
      slack: { retryDelaysMs: [0, ...Array<number>(12).fill(2_000)] },
    });
    await installation.start();
    await letSlackGuestIn(installation);
  });
  afterAll(async () => {
    await installation?.dispose();
    await Promise.all([server?.dispose(), redis?.dispose()]);
  });

  it.each(['fast', 'immediate'] as const)(
    'says what was not done, keeps what was typed, and goes on by itself (%s)',
    async (mode) => {
      const reason = `restarted ${mode}`;
      const { approver, admin, guest } = installation.slack;
      await ask(installation, reason);
      await openDecision(approver, 'Approve', reason, `Agreed, ${mode}`);
      await server.stop(mode);

      const refused = await approver.submit();
      expect(refused).toMatchObject({ ok: true, closed: false });
      expect(Object.values(refused.errors)).toEqual([expect.stringContaining('Something went wrong')]);
      expect(Object.values(approver.view().modals.at(-1)?.inputs ?? {})).toContain(`Agreed, ${mode}`);
      const sorry = (person: SlackPerson) =>
        person.messages().filter((message) => shownText(message).includes('Something went wrong')).length;
      const before = sorry(guest);
      expect(await guest.command('status')).toMatchObject({ ok: true });
      await eventually(async () => sorry(guest) === before + 1, 'the word that it failed');
      const said = admin.messages().length;
      await admin.say('status');

      await server.start();
      // Slack says it again.
      await eventually(async () => admin.messages().length >= said + 2, 'the answer', patienceMs);
      expect(
        admin
          .messages()
          .slice(said)
          .map(shownText)
          .filter((text) => text.startsWith('Your access')),
      ).toHaveLength(1);
      await eventually(async () => (await approver.submit()).closed, 'the decision', patienceMs);
      await guest.see(active(reason), patienceMs);
      expect(await grants(installation)).toBe(1);
      await server.restart(mode);
      installation.passMinutes(31);
      await untilGrants(installation, 0);
      await untilEnded(installation, reason);
    },
    120_000,
  );
});

describe('a Slack in trouble', () => {
  let redis: RedisServer;
  let installation: Installation;
  beforeAll(async () => {
    redis = await startRedisServer();
    installation = await createInstallation(0, { redisServer: redis.url, slack: {} });
    await installation.start();
    await letSlackGuestIn(installation);
  });
  afterAll(async () => {
    await installation?.dispose();
    await redis?.dispose();
  });

  let reason = '';
  let count = 0;
  beforeEach(async () => {
    count += 1;
    reason = `trouble ${count}`;
  });

  const about = (call: ApiCall) => JSON.stringify(call.args).includes(reason);
  const to = (person: SlackPerson) => (call: ApiCall) => call.args.channel === person.id && about(call);
  const copies = (person: SlackPerson) =>
    person.messages().filter((message) => shownText(message).includes(`Why: ${reason}\n`)).length;
  const cancel = async () => {
    installation.slack.clearTrouble();
    await installation.slack.guest.command('cancel');
    await installation.slack.approver.see(new RegExp(`^Access request\nCanceled[^]*Why: ${reason}\n`), patienceMs);
  };

  it('is asked again when it said that there is too much, and not before the time that it named', async () => {
    const { slack } = installation;
    const limited = { api: 'chat.postMessage', status: 429, retryAfterSeconds: 3 } as const;
    const before = slack.calls.length;
    slack.trouble({ ...limited, when: to(slack.approver) });
    await ask(installation, reason);
    const calls = slack.calls.slice(before).filter(to(slack.approver));
    expect(calls.map(({ answered }) => answered?.status)).toEqual([429, 200]);
    const [first, second] = calls.map(({ at }) => at.getTime()) as [number, number];
    expect(second - first).toBeGreaterThanOrEqual(3_000);
    expect([copies(slack.approver), copies(slack.admin)]).toEqual([1, 1]);
    await cancel();
  }, 60_000);

  it('is asked again after its own faults, whatever it was asked for', async () => {
    const { slack } = installation;
    slack.trouble(
      { api: 'chat.postMessage', status: 500, when: to(slack.approver) },
      { api: 'chat.postMessage', status: 503, when: to(slack.approver) },
      { api: 'chat.postMessage', error: 'internal_error', when: to(slack.admin) },
      { api: 'views.publish', status: 502, times: 2 },
      { api: 'views.publish', error: 'fatal_error' },
    );
    await ask(installation, reason);
    expect([copies(slack.approver), copies(slack.admin)]).toEqual([1, 1]);
    await eventually(async () => slack.admin.home().includes(reason), 'the administrator’s page', patienceMs);
    slack.trouble({ api: 'chat.update', status: 500, times: 3, when: about });
    await cancel();
    await eventually(async () => !slack.admin.home().includes(reason), 'the administrator’s page', patienceMs);
  }, 60_000);

  it('is asked again when it did not answer: at the price of a copy where it had done it', async () => {
    const { slack } = installation;
    slack.trouble(
      { api: 'chat.postMessage', cutAfter: true, when: to(slack.approver) },
      { api: 'chat.postMessage', cutBefore: true, times: 2, when: to(slack.admin) },
    );
    await ask(installation, reason);
    await eventually(async () => copies(slack.approver) > 1, 'the copy');
    expect([copies(slack.approver), copies(slack.admin)]).toEqual([2, 1]);
    await cancel();
  }, 60_000);

  it('is waited for when it is slow', async () => {
    const { slack } = installation;
    slack.trouble(
      { api: 'chat.postMessage', delayMs: 2_500, times: 2, when: about },
      { api: 'views.publish', delayMs: 2_500 },
    );
    await ask(installation, reason);
    expect([copies(slack.approver), copies(slack.admin)]).toEqual([1, 1]);
    await cancel();
  }, 60_000);

  it('answers who typed in their personal chat when the response address fails', async () => {
    const { slack } = installation;
    const before = slack.calls.length;
    slack.trouble({ api: 'response_url', status: 500 });
    await slack.guest.command('status');
    await slack.guest.see(/^Your access/, patienceMs);
    // Of the cards before it, one or the other may still be drawn.
    const said = ['response_url', 'chat.postMessage'];
    const methods = slack.calls.slice(before).map(({ method }) => method);
    expect(methods.filter((method) => said.includes(method))).toEqual(said);
  }, 60_000);
});
