import { describe } from 'vitest';
import { type Broker, jobQueueContract } from '../contracts/job-queue.ts';
import { emptyQueueTables } from '../contracts/job-queue-tables.ts';
import { openEmbeddedDatabase } from '../support/served-database.ts';

/** BullMQ on the embedded database, in the one session that everything shares. */
async function openEmbedded(): Promise<Broker> {
  const { database, dispose } = await openEmbeddedDatabase();
  return { redisUrl: null, database, empty: () => emptyQueueTables(database.pool), dispose };
}

// It promises times, and shares its process and its processor with the database and other tests.
describe('the job queue on the embedded database', { retry: 2 }, () => jobQueueContract(openEmbedded));
