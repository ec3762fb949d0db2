import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { type PostgresServer, startPostgresServer } from '../support/postgres-server.ts';
import { type RedisServer, startRedisServer } from '../support/redis-server.ts';
import { createInstallation, grants, type Installation, letGuestIn, untilGrants } from './replicas.ts';

const patienceMs = 60_000;

const ask = async ({ guest, approver }: Installation, reason: string) => {
  await guest.say(`activate Contributor --for 30m --because "${reason}"`);
  return approver.see(reason, patienceMs);
};

const untilActive = ({ guest }: Installation, reason: string) =>
  guest.see(new RegExp(`Your request\\nActive until[^]*${reason}`), patienceMs);

const untilEnded = ({ guest, approver }: Installation, reason: string) =>
  Promise.all([
    guest.see(new RegExp(`Your request\\nEnded[^]*${reason}`), patienceMs),
    approver.see(new RegExp(`Ended – the access is gone[^]*${reason}`), patienceMs),
  ]);

describe('an installation whose Redis is emptied', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation(14);
    await installation.start();
    await letGuestIn(installation);
  });
  afterAll(() => installation?.dispose());

  it('loses nothing, whenever it happens', async () => {
    const reason = 'flushed everywhere';
    await installation.redis.flushdb();
    const asked = await ask(installation, reason);
    await installation.redis.flushdb();
    await installation.approver.click('Send approval', { justification: 'Agreed' }, { message: asked });
    await installation.redis.flushdb();
    await untilActive(installation, reason);
    expect(await grants(installation)).toBe(1);
    await installation.redis.flushdb();
    installation.passMinutes(31);
    await untilGrants(installation, 0);
    await untilEnded(installation, reason);
  }, 240_000);
});

describe('an installation whose Redis goes away', () => {
  let redis: RedisServer;
  let installation: Installation;
  beforeAll(async () => {
    redis = await startRedisServer();
    installation = await createInstallation(0, { redisServer: redis.url });
    await installation.start();
    await letGuestIn(installation);
  });
  afterAll(async () => {
    await installation?.dispose();
    await redis?.dispose();
  });

  it('still answers, decides, grants and ends; the messages come when it is back', async () => {
    const reason = 'without a queue';
    const asked = await ask(installation, reason);
    await redis.stop();
    const result = await installation.approver.click('Send approval', { justification: 'Agreed' }, { message: asked });
    expect(result.statusCode).toBe(200);
    await untilGrants(installation, 1);
    installation.passMinutes(31);
    await untilGrants(installation, 0);
    await redis.start();
    await untilEnded(installation, reason);
  }, 240_000);
});

describe('an installation whose PostgreSQL restarts', () => {
  let server: PostgresServer;
  let installation: Installation;
  beforeAll(async () => {
    server = await startPostgresServer();
    installation = await createInstallation(15, { databaseUrl: server.url });
    await installation.start();
    await letGuestIn(installation);
  });
  afterAll(async () => {
    await installation?.dispose();
    await server?.dispose();
  });

  it.each(['fast', 'immediate'] as const)(
    'goes on by itself where it was (%s)',
    async (mode) => {
      const reason = `restarted ${mode}`;
      const asked = await ask(installation, reason);
      const restart = server.restart(mode);
      // While it is down, a click is answered with a sentence that says so; people click again.
      await eventually(
        async () => {
          const result = await installation.approver.click(
            'Send approval',
            { justification: 'Agreed' },
            { message: asked },
          );
          if (result.statusCode !== 200) expect(result.text).toContain('nothing was lost');
          return result.statusCode === 200;
        },
        'an answer to the click',
        patienceMs,
      );
      await restart;
      await untilActive(installation, reason);
      expect(await grants(installation)).toBe(1);
      await server.restart(mode);
      installation.passMinutes(31);
      await untilGrants(installation, 0);
      await untilEnded(installation, reason);
    },
    240_000,
  );
});

describe('a Bot Connector in trouble', () => {
  let installation: Installation;
  beforeAll(async () => {
    installation = await createInstallation(0);
    await installation.start();
    await letGuestIn(installation);
  });
  afterAll(() => installation?.dispose());

  let reason = '';
  let count = 0;
  beforeEach(() => {
    count += 1;
    reason = `trouble ${count}`;
  });
  afterEach(async () => {
    installation.teams.clearTrouble();
    await installation.guest.say('cancel');
  });

  const copies = ({ approver }: Installation) =>
    approver.messages.filter(({ versions }) => versions.some((version) => JSON.stringify(version).includes(reason)))
      .length;
  const approval = ({ text }: { readonly text: string }) => text.includes(reason) && text.startsWith('Access request');

  it('is asked again when it said that there is too much, and not before the time that it named', async () => {
    const before = Date.now();
    installation.teams.trouble(
      { status: 429, retryAfterSeconds: 3, when: approval },
      { status: 429, retryAfterSeconds: 3, when: approval },
    );
    await ask(installation, reason);
    expect(Date.now() - before).toBeGreaterThanOrEqual(3_000);
    expect(copies(installation)).toBe(1);
  }, 60_000);

  it('is asked again after its own faults', async () => {
    installation.teams.trouble(
      { status: 500, when: approval },
      { status: 502, when: approval },
      { status: 503, when: approval },
    );
    await ask(installation, reason);
    expect(copies(installation)).toBe(1);
  }, 60_000);

  it('is asked again when it did not answer, at the price of one copy', async () => {
    installation.teams.trouble({ delayMs: 3_000, when: approval }, { cutAfter: true, when: approval });
    await ask(installation, reason);
    await new Promise((resolve) => setTimeout(resolve, 8_000));
    // Two people are asked; each of the two calls without an answer may have left a copy.
    expect(copies(installation)).toBeLessThanOrEqual(3);
  }, 60_000);
});
