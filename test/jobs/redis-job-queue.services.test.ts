import { Redis } from 'ioredis';
import { describe, expect, it } from 'vitest';
import { openJobQueue } from '../../src/jobs/queue.ts';
import { type Broker, jobQueueContract } from '../contracts/job-queue.ts';
import { outageContract } from '../contracts/job-queue-outage.ts';
import { silent } from '../support/served-database.ts';

const server = new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379');

/** These tests’ own: each broker takes the next and is emptied before and after. */
const databaseNumbers = [5, 6, 7, 8];

/** On Redis there is nothing to ask of the database. */
const noDatabase: Broker['database'] = {
  openQueuePool: () => Promise.reject(new Error('the database is not for queues here')),
  ping: () => Promise.reject(new Error('the database is not for queues here')),
};

async function openRedis(port?: number): Promise<Broker> {
  const number = databaseNumbers.shift();
  const direct = new URL(server);
  direct.pathname = `/${number}`;
  const url = new URL(direct);
  if (port) url.port = String(port);
  const flush = async () => {
    const redis = new Redis(direct.href);
    await redis.flushdb();
    redis.disconnect();
  };
  await flush();
  return { redisUrl: url.href, database: noDatabase, empty: flush, dispose: flush };
}

describe('the job queue on Redis', () => {
  jobQueueContract(openRedis);
  outageContract(openRedis, Number(server.port || 6379));

  it('is told within ten seconds that nobody listens, instead of waiting for ever', async () => {
    const opening = openJobQueue({
      name: 'nowhere',
      redisUrl: 'redis://127.0.0.1:1',
      database: noDatabase,
      log: silent,
      random: () => 0,
    });
    const waited = new Promise((resolve) => setTimeout(() => resolve('still waiting'), 10_000));
    await expect(Promise.race([opening, waited])).rejects.toBeDefined();
  });
});
