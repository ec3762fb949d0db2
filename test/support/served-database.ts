import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { pino } from 'pino';
import { projectFile } from '../../src/runtime/project-file.ts';
import { type Database, openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';

/** Where served tests find their server: any database of it will do, the role must be allowed to create others. */
const serverUrl = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres';

export const silent = pino({ level: 'silent' });

export const migrationsFolder = projectFile('prisma/migrations');

async function onServer(...statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}

export interface ServedDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A fresh, empty database on the server. It lies in an odd time zone, because a server's zone must never matter, and
 * finds deadlocks at once, because a test that waits for one must not take long.
 */
export async function createServedDatabase(): Promise<ServedDatabase> {
  const name = `usher_test_${Date.now().toString(36)}_${randomBytes(4).toString('hex')}`;
  await onServer(
    `CREATE DATABASE ${name}`,
    `ALTER DATABASE ${name} SET TimeZone = 'America/St_Johns'`,
    `ALTER DATABASE ${name} SET deadlock_timeout = '50ms'`,
  );
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`) };
}

export interface TestDatabase {
  readonly database: Database;
  /** Another connection pool on the same database; the embedded one has but one session, and gives itself. */
  another(): Promise<Database>;
  /** Closes everything, and leaves nothing behind. */
  dispose(): Promise<void>;
}

/** A served database with every migration applied, or none. */
export async function openServedDatabase(migrations: string | null = migrationsFolder): Promise<TestDatabase> {
  const served = await createServedDatabase();
  const opened: Database[] = [];
  const another = async () => {
    const database = await openDatabase({ url: served.url, dataDir: '', log: silent });
    opened.push(database);
    return database;
  };
  const database = await another();
  if (migrations) await migrate(database.pool, migrations);
  return {
    database,
    another,
    dispose: async () => {
      // A test that failed may have left something at work; dropping the database ends that too.
      const closed = Promise.allSettled(opened.map((each) => each.close()));
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, 5000).unref())]);
      await served.drop();
    },
  };
}

/** An embedded database with every migration applied, or none, in memory: it is gone when it is closed. */
export async function openEmbeddedDatabase(migrations: string | null = migrationsFolder): Promise<TestDatabase> {
  const database = await openDatabase({ url: null, dataDir: 'memory://', log: silent });
  if (migrations) await migrate(database.pool, migrations);
  return { database, another: async () => database, dispose: () => database.close() };
}
