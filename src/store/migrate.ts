import { createHash, randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Pool, PoolClient } from 'pg';

/** The lock that Prisma's own migration engine takes, so that the two never work at the same time. */
const prismaLock = 72_707_369;

interface Applied {
  readonly migration_name: string;
  readonly checksum: string;
  readonly finished_at: Date | null;
  readonly rolled_back_at: Date | null;
}

/**
 * Applies the migrations that the database lacks, each once, however many replicas start at the same time. The record
 * is kept in Prisma's own table and format, so that `prisma migrate deploy` can go on from it.
 * @throws when a migration was left unfinished or has been changed since, or the database is ahead of this build.
 */
export async function migrate(pool: Pool, directory: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [prismaLock]);
    try {
      await applyMissing(client, directory);
    } finally {
      await client.query('SELECT pg_advisory_unlock($1)', [prismaLock]);
    }
  } finally {
    client.release();
  }
}

async function applyMissing(client: PoolClient, directory: string): Promise<void> {
  await client.query(`CREATE TABLE IF NOT EXISTS _prisma_migrations (
    id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
    migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
    started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`);
  const { rows } = await client.query<Applied>(
    'SELECT migration_name, checksum, finished_at, rolled_back_at FROM _prisma_migrations ORDER BY started_at',
  );
  const applied = rows.filter((row) => !row.rolled_back_at);
  const unfinished = applied.find((row) => !row.finished_at);
  if (unfinished)
    throw new Error(
      `The migration ${unfinished.migration_name} was started and never finished (P3009). Repair the database, then mark it with "prisma migrate resolve".`,
    );
  const names = (await readdir(directory, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  const done = new Map(applied.map((row) => [row.migration_name, row.checksum]));
  const ahead = [...done.keys()].find((name) => !names.includes(name));
  if (ahead)
    throw new Error(
      `The database has the migration ${ahead}, which this build does not know. Start a newer Usher, or use another database.`,
    );
  for (const name of names) {
    const script = await readFile(join(directory, name, 'migration.sql'), 'utf8');
    const checksum = done.get(name);
    if (checksum === undefined) await apply(client, name, script);
    else if (checksum !== checksumOf(script))
      throw new Error(
        `The migration ${name} was changed after it was applied. Put its file back as it was, and make a new migration.`,
      );
  }
}

const checksumOf = (script: string): string => createHash('sha256').update(script).digest('hex');

async function apply(client: PoolClient, name: string, script: string): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [
    id,
    checksumOf(script),
    name,
  ]);
  // One multi-statement query is one transaction.
  await client.query(script);
  await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
}
