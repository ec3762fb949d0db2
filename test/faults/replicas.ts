import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { personas } from '../../dev/demo-organisation.ts';
import { type FakeTeams, startFakeTeams, type TeamsPerson } from '../fakes/teams.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { createServedDatabase, type ServedDatabase } from '../support/served-database.ts';
import { createMailbox, type Mailbox } from '../support/usher.ts';
import type { ReplicaSettings, Step, Told } from './replica.ts';

export interface Replica {
  readonly url: string;
  /** Kills itself, the way `kill -9` does, when it comes to this step. */
  dieAt(step: Step): void;
  readonly gone: Promise<void>;
  readonly alive: boolean;
  stop(): Promise<void>;
}

/** One installation on real PostgreSQL and Redis, with as many replicas as a test starts. */
export interface Installation {
  readonly teams: FakeTeams;
  readonly database: pg.Pool;
  readonly redis: Redis;
  readonly mails: Mailbox;
  readonly guest: TeamsPerson;
  readonly approver: TeamsPerson;
  readonly admin: TeamsPerson;
  start(): Promise<Replica>;
  passMinutes(minutes: number): void;
  rows<Row extends object>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  dispose(): Promise<void>;
}

const usualRedis = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

export async function createInstallation(
  redisDatabase: number,
  options: { readonly limits?: boolean; readonly databaseUrl?: string; readonly redisServer?: string } = {},
): Promise<Installation> {
  const dir = mkdtempSync(join(tmpdir(), 'usher-faults-'));
  const served: ServedDatabase = options.databaseUrl
    ? { url: options.databaseUrl, drop: async () => undefined }
    : await createServedDatabase();
  const redisUrl = `${options.redisServer ?? usualRedis}/${redisDatabase}`;
  const redis = new Redis(redisUrl);
  redis.on('error', () => undefined);
  await redis.flushdb();
  const teams = await startFakeTeams({ redeliver: true, limits: options.limits ?? true });
  const database = new pg.Pool({ connectionString: served.url, options: '-c TimeZone=UTC' });
  database.on('error', () => undefined);
  const running = new Map<ChildProcess, Replica>();
  let aheadMs = 0;
  const [guest, approver, admin] = personas.map(({ displayName, aadObjectId }) =>
    teams.person({ name: displayName, aadObjectId }),
  ) as [TeamsPerson, TeamsPerson, TeamsPerson];
  const aim = () => teams.deliverTo(...[...running.values()].map(({ url }) => `${url}/api/messages`));

  async function start(): Promise<Replica> {
    const settings: ReplicaSettings = {
      env: { DATABASE_URL: served.url, REDIS_URL: redisUrl },
      openIdMetadataUrl: teams.openIdMetadataUrl,
      dataDir: dir,
      aheadMs,
    };
    const child = fork(fileURLToPath(new URL('replica.ts', import.meta.url)), {
      execArgv: ['--import', 'tsx'],
      env: { ...process.env, REPLICA: JSON.stringify(settings) },
    });
    const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    const url = await new Promise<string>((resolve, reject) => {
      child.once('message', (message) => resolve((message as { url: string }).url));
      child.once('exit', (code) => reject(new Error(`the replica ended with ${code} before it was ready`)));
    });
    const tell = (told: Told) => child.connected && child.send(told);
    const replica: Replica = {
      url,
      gone,
      get alive() {
        return running.has(child);
      },
      dieAt: (step) => void tell({ dieAt: step }),
      stop: async () => {
        tell({ stop: true });
        await gone;
      },
    };
    running.set(child, replica);
    void gone.then(() => {
      running.delete(child);
      if (running.size > 0) aim();
    });
    aim();
    return replica;
  }

  return {
    teams,
    database,
    redis,
    mails: createMailbox(dir),
    guest,
    approver,
    admin,
    start,
    passMinutes: (minutes) => {
      aheadMs += minutes * 60_000;
      for (const child of running.keys()) child.send({ ahead: aheadMs } satisfies Told);
    },
    rows: async (sql, values = []) => (await database.query(sql, [...values])).rows,
    dispose: async () => {
      await Promise.all([...running.values()].map((replica) => replica.stop()));
      await teams.stop();
      await database.end();
      if (redis.status === 'ready') await redis.flushdb();
      redis.disconnect();
      await served.drop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** The demo's guest, invited and let in, and everybody's chat open. */
export async function letGuestIn({ admin, approver, guest, mails }: Installation): Promise<void> {
  await approver.open();
  await admin.say('invite guest@partner.example --role Contributor --scope rg-expenses --for 365d --name "Gia Guest"');
  await admin.see('guest@partner.example');
  await redeem(mails, 'guest@partner.example');
  await guest.open();
}

/** How many assignments the target system holds for the guest's role. */
export const grants = async ({ rows }: Installation): Promise<number> => {
  const [row] = await rows<{ count: string }>(`SELECT count(*) FROM "DirectoryGrant" WHERE "roleId" = 'contributor'`);
  return Number(row?.count);
};

export const untilGrants = (installation: Installation, count: number): Promise<unknown> =>
  eventually(async () => (await grants(installation)) === count, `${count} grants`, 60_000);
