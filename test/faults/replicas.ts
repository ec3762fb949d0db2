import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { personas } from '../../dev/demo-organisation.ts';
import { type FakeSlack, type SlackPerson, startFakeSlack } from '../fakes/slack.ts';
import { type FakeTeams, startFakeTeams, type TeamsPerson } from '../fakes/teams.ts';
import { bundle } from '../support/bundle.ts';
import { eventually } from '../support/eventually.ts';
import { redeem } from '../support/redeem.ts';
import { createServedDatabase, type ServedDatabase } from '../support/served-database.ts';
import { guestsAddress, inviteGuest, linkInSlack } from '../support/slack-guest.ts';
import { createMailbox, type Mailbox, slackEnv } from '../support/usher.ts';
import type { ReplicaSettings, Step, Told } from './replica.ts';

export interface Replica {
  readonly url: string;
  /** Kills itself, the way `kill -9` does, when it comes to this step. */
  dieAt(step: Step): void;
  kill(): void;
  readonly gone: Promise<void>;
  readonly alive: boolean;
  stop(): Promise<void>;
}

/** One installation on real PostgreSQL and Redis, with as many replicas as a test starts. */
export interface Installation {
  readonly teams: FakeTeams;
  /** Where Slack is on. */
  readonly slack: FakeSlack;
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

/** Made for the first replica of this process. */
let program: ReturnType<typeof bundle> | null = null;

const usualRedis = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';

export async function createInstallation(
  redisDatabase: number,
  options: {
    readonly limits?: boolean;
    readonly databaseUrl?: string;
    readonly redisServer?: string;
    /** Slack is on, too. */
    readonly slack?: Parameters<typeof startFakeSlack>[0];
  } = {},
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
  const slack = options.slack ? await startFakeSlack(options.slack) : null;
  const database = new pg.Pool({ connectionString: served.url, options: '-c TimeZone=UTC', max: 2 });
  database.on('error', () => undefined);
  const running = new Map<ChildProcess, Replica>();
  let aheadMs = 0;
  const [guest, approver, admin] = personas.map(({ displayName, aadObjectId }) =>
    teams.person({ name: displayName, aadObjectId }),
  ) as [TeamsPerson, TeamsPerson, TeamsPerson];
  const aim = () => {
    const urls = [...running.values()].map(({ url }) => url);
    teams.deliverTo(...urls.map((url) => `${url}/api/messages`));
    slack?.deliverTo(...urls.map((url) => `${url}/slack/events`));
  };

  async function start(): Promise<Replica> {
    const settings: ReplicaSettings = {
      env: {
        DATABASE_URL: served.url,
        REDIS_URL: redisUrl,
        ...(slack ? (slackEnv(slack) as Record<string, string>) : {}),
      },
      openIdMetadataUrl: teams.openIdMetadataUrl,
      dataDir: dir,
      aheadMs,
    };
    program ??= bundle('test/faults/replica.ts');
    const [run, file] = await program;
    const child = fork(run, [file], {
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
      kill: () => void child.kill('SIGKILL'),
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
    get slack() {
      if (!slack) throw new Error('Slack is off in this test');
      return slack;
    },
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
      await slack?.stop();
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

/** The same in Slack, with everybody's Home opened. */
export async function letSlackGuestIn(installation: Installation): Promise<void> {
  const { guest, approver, admin } = installation.slack;
  for (const person of [approver, admin]) {
    await person.command('help');
    await person.see('[My roles]');
  }
  await inviteGuest(installation);
  await linkInSlack(installation, guest, guestsAddress);
  for (const person of [guest, approver, admin]) {
    await person.openHome();
    await person.see('Active now');
  }
}

/** Opens the modal in which a request is decided, and fills it in. @throws when it does not open. */
export async function openDecision(
  person: SlackPerson,
  decision: 'Approve' | 'Deny',
  about: string,
  justification: string,
): Promise<void> {
  const submit = decision === 'Approve' ? '[Send approval]' : '[Send denial]';
  await person.press(decision, { in: new RegExp(`^Access request[^]*Why: ${about}\n`) });
  await eventually(async () => person.modal()?.includes(submit), `${submit} in a modal`, 5_000);
  await person.type(decision === 'Approve' ? 'Why do you approve?' : 'Why do you deny?', justification);
}

/** How many assignments the target system holds for the guest's role. */
export const grants = async ({ rows }: Installation): Promise<number> => {
  const [row] = await rows<{ count: string }>(`SELECT count(*) FROM "DirectoryGrant" WHERE "roleId" = 'contributor'`);
  return Number(row?.count);
};

export const untilGrants = (installation: Installation, count: number): Promise<unknown> =>
  eventually(async () => (await grants(installation)) === count, `${count} grants`, 60_000);

/** What the audit tells of a request, from its making until its access is gone. */
export const stepsInAudit = ({ rows }: Installation, requestId: string, withinMs: number): Promise<string[]> =>
  eventually(
    async () => {
      const entries = await rows<{ action: string }>(
        `SELECT action FROM "AuditEntry" WHERE "requestId" = $1 ORDER BY sequence`,
        [requestId],
      );
      return entries.some(({ action }) => action === 'access.gone') && entries.map(({ action }) => action);
    },
    'the end of the story in the audit',
    withinMs,
  );
