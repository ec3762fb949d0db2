import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrate } from '../../src/store/migrate.ts';
import { migrationsFolder, type TestDatabase } from '../support/served-database.ts';

/** A copy of the project's migrations, with more of them, to be changed at will. */
export async function migrationsWith(more: Readonly<Record<string, string>> = {}): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'usher-migrations-'));
  await cp(migrationsFolder, folder, { recursive: true });
  for (const [name, sql] of Object.entries(more)) {
    await mkdir(join(folder, name));
    await writeFile(join(folder, name, 'migration.sql'), sql);
  }
  return folder;
}

/** What `migrate` promises, on whatever database. */
export function migrationsContract(openEmpty: () => Promise<TestDatabase>): void {
  let test: TestDatabase;
  let folder: string;

  beforeAll(async () => {
    test = await openEmpty();
  });

  beforeEach(async () => {
    await test.database.pool.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public;');
    folder = await migrationsWith({
      '29990101000000_one': 'CREATE TABLE one (id int); INSERT INTO one VALUES (1);',
      '29990102000000_two': 'ALTER TABLE one ADD COLUMN two text;',
    });
  });

  afterEach(() => rm(folder, { recursive: true }));
  afterAll(() => test?.dispose());

  const query = async (sql: string) => (await test.database.pool.query(sql)).rows as Record<string, unknown>[];
  const rows = () => query('SELECT * FROM _prisma_migrations ORDER BY migration_name');

  describe('migrating', () => {
    it('records each migration as Prisma does, in order, and only once', async () => {
      await migrate(test.database.pool, folder);
      const recorded = await rows();
      const ours = (await readdir(migrationsFolder)).filter((name) => /^\d/.test(name)).sort();
      expect(recorded.map((row) => row.migration_name)).toEqual([...ours, '29990101000000_one', '29990102000000_two']);
      for (const row of recorded) {
        const script = await readFile(join(folder, String(row.migration_name), 'migration.sql'));
        expect(row).toEqual({
          id: expect.stringMatching(/^[0-9a-f-]{36}$/),
          checksum: createHash('sha256').update(script).digest('hex'),
          migration_name: row.migration_name,
          started_at: expect.any(Date),
          finished_at: expect.any(Date),
          applied_steps_count: 1,
          logs: null,
          rolled_back_at: null,
        });
      }
      await migrate(test.database.pool, folder);
      expect(await rows()).toEqual(recorded);
      expect(await query('SELECT * FROM one')).toEqual([{ id: 1, two: null }]);
    });

    it('keeps its record in columns of Prisma’s own types', async () => {
      await migrate(test.database.pool, folder);
      const columns = await query(`
        SELECT column_name, data_type, character_maximum_length AS length, is_nullable, column_default
        FROM information_schema.columns WHERE table_name = '_prisma_migrations' ORDER BY ordinal_position`);
      const types = columns.map((column) => Object.values(column).join(' ').trimEnd());
      expect(types).toEqual([
        'id character varying 36 NO',
        'checksum character varying 64 NO',
        'finished_at timestamp with time zone  YES',
        'migration_name character varying 255 NO',
        'logs text  YES',
        'rolled_back_at timestamp with time zone  YES',
        'started_at timestamp with time zone  NO now()',
        'applied_steps_count integer  NO 0',
      ]);
    });

    it('goes on after a migration that broke only when somebody has looked at it', async () => {
      const script = join(folder, '29990102000000_two', 'migration.sql');
      await writeFile(script, 'CREATE TABLE half (id int); SELECT 1 / 0;');
      await expect(migrate(test.database.pool, folder)).rejects.toThrow('division by zero');
      expect(await query(`SELECT to_regclass('half') AS half`)).toEqual([{ half: null }]);

      await writeFile(script, 'CREATE TABLE whole (id int);');
      await expect(migrate(test.database.pool, folder)).rejects.toThrow(
        /29990102000000_two was started and never finished.*prisma migrate resolve/,
      );
      // What `prisma migrate resolve --rolled-back` does.
      await query(`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE finished_at IS NULL`);
      await migrate(test.database.pool, folder);
      expect(await query(`SELECT to_regclass('whole')::text AS whole`)).toEqual([{ whole: 'whole' }]);
    });

    it('is refused on a database that is ahead of the build, which it leaves alone', async () => {
      await migrate(test.database.pool, folder);
      await rm(join(folder, '29990102000000_two'), { recursive: true });
      await mkdir(join(folder, '29990103000000_other'));
      await writeFile(join(folder, '29990103000000_other', 'migration.sql'), 'DROP TABLE one;');
      await expect(migrate(test.database.pool, folder)).rejects.toThrow(
        /29990102000000_two, which this build does not know.*newer Usher/,
      );
      expect(await query('SELECT id FROM one')).toEqual([{ id: 1 }]);
    });

    it('is refused when a migration that was applied has been changed since', async () => {
      await migrate(test.database.pool, folder);
      await writeFile(join(folder, '29990101000000_one', 'migration.sql'), 'CREATE TABLE one (id bigint);');
      await expect(migrate(test.database.pool, folder)).rejects.toThrow(/29990101000000_one.*changed/);
    });
  });
}
