import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { demoOrganisation } from '../dev/demo-organisation.ts';
import type { Dispatch } from '../src/commands/ports.ts';
import { startUsher } from '../src/compose.ts';
import { readConfig } from '../src/config.ts';
import { createLogger } from '../src/runtime/logger.ts';
import { fakeAppId, fakeCredentials, fakeTenantId } from '../test/fakes/teams.ts';
import { drive, type Measured } from './load.ts';
import { answerParent, settingsOfProcess } from './processes.ts';
import type { SlackBareSettings } from './slack-bare-process.ts';

export interface UsherProcessSettings {
  readonly databaseUrl: string | null;
  readonly redisUrl: string | null;
  readonly dataDir: string;
  readonly openIdMetadataUrl: string;
  readonly slack: SlackBareSettings | null;
}

const settings = settingsOfProcess<UsherProcessSettings>();

// Every statement and every command goes through these two, whoever sends it.
const sent = new Map<string, number>();
const count = (what: string) => sent.set(what, (sent.get(what) ?? 0) + 1);
const { query } = pg.Client.prototype;
pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
  const [statement] = given as [string | { text?: string }];
  count((typeof statement === 'string' ? statement : (statement?.text ?? '?')).replace(/\s+/g, ' ').trim());
  return (query as (...all: unknown[]) => unknown).apply(this, given);
} as typeof query;
const { sendCommand } = Redis.prototype;
Redis.prototype.sendCommand = function (this: Redis, ...given: Parameters<typeof sendCommand>) {
  count(`redis ${given[0].name}`);
  return sendCommand.apply(this, given);
};

/** Usher's own pool, which is the first that is made. */
let pool: pg.Pool | null = null;
const { query: queryPool } = pg.Pool.prototype;
pg.Pool.prototype.query = function (this: pg.Pool, ...given: unknown[]) {
  pool ??= this;
  return (queryPool as (...all: unknown[]) => unknown).apply(this, given);
} as typeof queryPool;

/** While held, what is owed stays where it is, so that a command can be counted without what follows from it. */
let held: Parameters<Dispatch>[0][] | null = null;
let dispatch: Dispatch = async () => undefined;

const usher = await startUsher({
  config: readConfig({
    PORT: '0',
    DATA_DIR: settings.dataDir,
    DATABASE_URL: settings.databaseUrl ?? '',
    REDIS_URL: settings.redisUrl ?? '',
    LOG_LEVEL: process.env.BENCH_LOG_LEVEL ?? 'fatal',
    MicrosoftAppId: fakeAppId,
    MicrosoftAppPassword: 'unused',
    MicrosoftAppTenantId: fakeTenantId,
    BOT_OPENID_METADATA_URL: settings.openIdMetadataUrl,
    PUBLIC_URL: 'http://unused.example',
    // Everybody has a chat account: no mail is ever sent.
    SMTP_URL: 'smtp://127.0.0.1:9',
    MAIL_FROM: 'usher@bench.example',
    BOOTSTRAP_ADMIN: 'admin@contoso.example',
    ...(settings.slack
      ? {
          SLACK_API_URL: settings.slack.apiUrl,
          SLACK_BOT_TOKEN: settings.slack.botToken,
          SLACK_SIGNING_SECRET: settings.slack.signingSecret,
        }
      : {}),
  }),
  log: createLogger(process.env.BENCH_LOG_LEVEL ?? 'fatal'),
  organisation: demoOrganisation,
  teams: { credentials: fakeCredentials() },
  wrap: {
    dispatch: (inner) => {
      dispatch = inner;
      return async (owed) => {
        if (held) held.push(owed);
        else await inner(owed);
      };
    },
  },
});

/** JSON has no big integers. */
const plain = (rows: unknown): unknown =>
  JSON.parse(JSON.stringify(rows, (_key, value) => (typeof value === 'bigint' ? Number(value) : value)));

const questions = {
  /** What this process has used of the processor so far. */
  cpuMs: () => (process.cpuUsage().user + process.cpuUsage().system) / 1000,
  url: () => `http://127.0.0.1:${usher.port}`,
  /** For the benchmark's own reading and filling of the database. */
  rows: async (statement: string): Promise<Record<string, unknown>[]> =>
    plain(await usher.prisma.$queryRawUnsafe(statement)) as Record<string, unknown>[],
  run: (statement: string) => usher.prisma.$executeRawUnsafe(statement),
  /** The price of a transaction: one row is inserted and committed, on the pool that everything goes through. */
  inserts: async (seconds: number, atOnce: number): Promise<Measured> => {
    const own = pool as pg.Pool;
    await own.query('CREATE TABLE IF NOT EXISTS bench_insert (key text PRIMARY KEY, body jsonb)');
    const statement = 'INSERT INTO bench_insert VALUES (gen_random_uuid()::text, $1::jsonb)';
    const body = JSON.stringify({ text: 'x'.repeat(500) });
    return drive(
      { seconds, times: Number.POSITIVE_INFINITY },
      async () => {
        await own.query({ name: 'bench_insert', text: statement, values: [body] });
      },
      atOnce,
    );
  },
  /** Sets the alarm for an instant, as the commit of a deadline does. */
  alarm: (at: number) => dispatch({ cards: [], homes: [], assignments: [], deadlines: [new Date(at)] }),
  hold: () => {
    held = [];
  },
  release: async () => {
    const waiting = held ?? [];
    held = null;
    for (const owed of waiting) await dispatch(owed);
  },
  /** What was sent to the database and to Redis since the last time, statement by statement. */
  sent: (): [string, number][] => {
    const all = [...sent].sort(([, a], [, b]) => b - a);
    sent.clear();
    return all;
  },
  /** Forgets the messages that wait in the queue; on Redis only, elsewhere each is looked at and found done. */
  drain: async () => {
    if (!settings.redisUrl) return;
    const queue = new Queue('usher-deliver', { connection: { url: settings.redisUrl } });
    await queue.drain(true);
    await queue.close();
  },
};
export type UsherQuestions = typeof questions;

answerParent(questions, () => usher.stop());
