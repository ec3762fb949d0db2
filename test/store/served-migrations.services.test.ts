import { readdir, rm } from 'node:fs/promises';
import { afterAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { migrationsContract, migrationsWith } from '../contracts/store-migrations.ts';
import { createServedDatabase, openServedDatabase, silent } from '../support/served-database.ts';

describe('a served database', () => {
  migrationsContract(() => openServedDatabase(null));

  describe('with eight replicas that start at once', () => {
    const folders: string[] = [];
    afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

    /** Runs the same on eight connection pools of one empty database. */
    async function eight<T>(run: (database: Awaited<ReturnType<typeof openDatabase>>) => Promise<T>) {
      const served = await createServedDatabase();
      const replicas = await Promise.all(
        Array.from({ length: 8 }, () => openDatabase({ url: served.url, dataDir: '', log: silent })),
      );
      const settled = await Promise.allSettled(replicas.map(run));
      return {
        faults: settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : [])),
        query: async (sql: string) => (await replicas[0]?.pool.query(sql))?.rows,
        dispose: async () => {
          await Promise.all(replicas.map((replica) => replica.close()));
          await served.drop();
        },
      };
    }

    it('applies each migration once, and all of them go on', async () => {
      const folder = await migrationsWith({
        // Slow enough for everybody to come while one is at it.
        '29990101000000_slow': 'CREATE TABLE applied (by int); SELECT pg_sleep(0.3); INSERT INTO applied VALUES (1);',
      });
      folders.push(folder);
      const { faults, query, dispose } = await eight((database) => migrate(database.pool, folder));
      expect(faults).toEqual([]);
      expect(await query('SELECT * FROM applied')).toEqual([{ by: 1 }]);
      const migrations = (await readdir(folder)).filter((name) => /^\d/.test(name));
      expect(await query('SELECT applied_steps_count AS steps FROM _prisma_migrations')).toEqual(
        migrations.map(() => ({ steps: 1 })),
      );
      expect(
        await query(`SELECT count(*)::int AS held FROM pg_locks WHERE locktype = 'advisory'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`),
      ).toEqual([{ held: 0 }]);
      await dispose();
    });

    it('makes the job queue’s tables once, and all of them go on', async () => {
      const { faults, query, dispose } = await eight((database) => database.openQueuePool());
      expect(faults).toEqual([]);
      expect(await query(`SELECT to_regclass('bullmq.job')::text AS job`)).toEqual([{ job: 'bullmq.job' }]);
      await dispose();
    });
  });
});
