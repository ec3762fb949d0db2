import type { Pool } from 'pg';

/** Deletes all rows of BullMQ's tables, but not its record of their migrations. */
export async function emptyQueueTables(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT format('bullmq.%I', tablename) AS name FROM pg_tables
     WHERE schemaname = 'bullmq' AND tablename <> 'migration'`,
  );
  // One at a time: a statement that holds several of them could meet a worker's in a deadlock.
  for (const { name } of rows) await pool.query(`DELETE FROM ${name}`);
}
