import { describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { type Broker, jobQueueContract, startWorking, until } from '../contracts/job-queue.ts';
import { outageContract } from '../contracts/job-queue-outage.ts';
import { emptyQueueTables } from '../contracts/job-queue-tables.ts';
import { createServedDatabase, openServedDatabase, silent } from '../support/served-database.ts';

async function openPostgresql(): Promise<Broker> {
  const { database, dispose } = await openServedDatabase();
  return { redisUrl: null, database, empty: () => emptyQueueTables(database.pool), dispose };
}

const serverPort = Number(new URL(process.env.TEST_DATABASE_URL ?? 'postgres://127.0.0.1:5432').port || 5432);

async function openThrough(port: number): Promise<Broker> {
  const served = await createServedDatabase();
  const url = new URL(served.url);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  const database = await openDatabase({ url: url.href, dataDir: '', log: silent });
  return {
    redisUrl: null,
    database,
    empty: () => emptyQueueTables(database.pool),
    dispose: async () => {
      await database.close();
      await served.drop();
    },
  };
}

describe('the job queue on PostgreSQL', () => {
  jobQueueContract(openPostgresql);
  outageContract(openThrough, serverPort);

  it('is not to be had where nobody listens', async () => {
    const url = 'postgres://postgres@127.0.0.1:1/postgres';
    await expect(openDatabase({ url, dataDir: '', log: silent })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('lets its database close even when a job hangs', async () => {
    const { database, dispose } = await openServedDatabase();
    let finish: () => void = () => undefined;
    const hanging = new Promise<void>((resolve) => {
      finish = resolve;
    });
    const broker: Broker = { redisUrl: null, database, empty: async () => undefined, dispose };
    const { queue, runs } = await startWorking(broker, () => hanging);
    await queue.add([{ name: 'one', data: {} }]);
    await until('it hangs', () => runs.length === 1);
    await queue.close(300);
    const waited = new Promise((resolve) => setTimeout(() => resolve('still open'), 5000));
    const outcome = await Promise.race([database.close().then(() => 'closed'), waited]);
    finish();
    await dispose();
    expect(outcome).toBe('closed');
  });
});
