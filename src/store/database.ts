import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { createPgConfig } from '@electric-sql/pglite/node-postgres';
import { PrismaPg } from '@prisma/adapter-pg';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import type { Logger } from 'pino';
import { errorFields } from '../runtime/logger.ts';
import { within } from '../runtime/within.ts';
import { blankDatabase } from './blank-database.ts';
import { lockFolder } from './folder-lock.ts';
import { PrismaClient } from './generated/client.ts';

/** Connections as the job queue's PostgreSQL backend takes them: `search_path` holds its schema. */
export type QueuePool = pg.Pool;

/** Two ways to the same database: by its tables, and, where every millisecond counts, by prepared SQL. */
export interface Connected {
  readonly prisma: PrismaClient;
  readonly pool: pg.Pool;
}

export interface Database extends Connected {
  readonly kind: 'embedded' | 'served';
  /** Connections for what a platform waits for: they are not behind commands that are being worked on. */
  readonly prompt: pg.Pool;
  /** Makes the job queue's tables, and gives the connections that it works on. */
  openQueuePool(): Promise<QueuePool>;
  /** Embedded only: nobody else cleans up there. */
  vacuum(): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the database: PostgreSQL where `url` is given, else an embedded one in `dataDir` (`memory://` keeps none). */
export const openDatabase = (options: {
  readonly url: string | null;
  readonly dataDir: string;
  readonly log: Logger;
  readonly connections?: number;
}): Promise<Database> => (options.url ? openServed(options.url, options) : openEmbedded(options));

const tell = (pool: pg.Pool, log: Logger) =>
  // An idle connection that drops is replaced at its next use; unheard, the event would end the process.
  pool.on('error', (error) => log.warn(errorFields(error), 'a database connection was lost'));

async function openServed(
  url: string,
  { log, connections = 10 }: { readonly log: Logger; readonly connections?: number },
): Promise<Database> {
  // Without UTC both drivers drop the offset and read times hours off.
  const common = { connectionString: url, connectionTimeoutMillis: 10_000, keepAlive: true };
  const pool = tell(new pg.Pool({ ...common, options: '-c TimeZone=UTC', max: connections }), log);
  const prompt = tell(new pg.Pool({ ...common, options: '-c TimeZone=UTC', max: 2 }), log);
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  let queuePool: pg.Pool | null = null;
  const ping = async () => {
    await pool.query('SELECT 1');
  };
  await ping();
  return {
    kind: 'served',
    prisma,
    pool,
    prompt,
    openQueuePool: async () => {
      queuePool ??= tell(new pg.Pool({ ...common, options: '-c TimeZone=UTC -c search_path=bullmq', max: 8 }), log);
      const client = await queuePool.connect();
      try {
        await runMigrations(client);
      } finally {
        client.release();
      }
      return queuePool;
    },
    vacuum: async () => undefined,
    ping,
    close: async () => {
      await prisma.$disconnect();
      if (queuePool) await endPool(queuePool);
      await endPool(prompt);
      await endPool(pool);
    },
  };
}

async function openFolder(dataDir: string): Promise<PGlite> {
  const folder = join(dataDir, 'db');
  if (!existsSync(folder)) {
    // Made aside and moved: a folder that is there is whole, also after a crash.
    const part = join(dataDir, 'db.part');
    await rm(part, { recursive: true, force: true });
    await (await PGlite.create(part, await blankDatabase())).close();
    await rename(part, folder);
  }
  return PGlite.create(folder);
}

async function openEmbedded({ dataDir }: { readonly dataDir: string }): Promise<Database> {
  const inMemory = dataDir.startsWith('memory://');
  if (!inMemory) await mkdir(dataDir, { recursive: true });
  const lock = inMemory ? null : await lockFolder(dataDir);
  try {
    const db = inMemory ? await PGlite.create(dataDir, await blankDatabase()) : await openFolder(dataDir);
    const config = createPgConfig(db);
    const { connection } = config;
    const parse = connection.parse.bind(connection);
    // Named parameter types make every query of this bridge hang.
    connection.parse = (query: object) => parse({ ...query, types: undefined });
    const pool = new pg.Pool({ ...config, max: 1, idleTimeoutMillis: 0 } as pg.PoolConfig);
    await pool.query("SET TimeZone = 'UTC'");
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
    return {
      kind: 'embedded',
      prisma,
      pool,
      prompt: pool,
      openQueuePool: async () => {
        const client = await pool.connect();
        try {
          await runMigrations(client);
          await client.query('SET search_path TO public, bullmq');
        } finally {
          client.release();
        }
        return sharingPool(pool, db);
      },
      vacuum: async () => {
        await pool.query('VACUUM');
      },
      ping: async () => {
        await pool.query('SELECT 1');
      },
      close: async () => {
        await prisma.$disconnect();
        await pool.end();
        await db.close();
        await lock?.release();
      },
    };
  } catch (error) {
    await lock?.release();
    throw error;
  }
}

const closeWithinMs = 2_000;

/** Ends a pool; a job that hangs keeps its client, and the process goes all the same. */
const endPool = (pool: pg.Pool): Promise<void> =>
  within(pool.end(), closeWithinMs, () => new Error('a client is still out')).catch(() => undefined);

/**
 * The embedded database is one session, so a client that waits for notifications must not keep it: this gives out
 * clients that ask the one pool for each query, and hear notifications from the database itself.
 */
function sharingPool(pool: pg.Pool, db: PGlite): QueuePool {
  const query = (text: string, values?: unknown[]) => pool.query(text, values);
  const connect = async () => {
    const listeners: ((message: { channel: string; payload: string }) => void)[] = [];
    const unsubscribe = db.onNotification((channel, payload) => {
      for (const listener of listeners) listener({ channel, payload });
    });
    const client = {
      query,
      release: unsubscribe,
      on: (event: string, listener: (typeof listeners)[number]) => {
        if (event === 'notification') listeners.push(listener);
        return client;
      },
      once: () => client,
      removeListener: () => client,
      off: () => client,
      removeAllListeners: () => client,
    };
    return client;
  };
  return { query, connect, end: async () => undefined, on: () => undefined, options: {} } as unknown as QueuePool;
}
