import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoOrganisation, personas, seedDemo } from '../../dev/demo-organisation.ts';
import { type Options, startUsher, type Usher } from '../../src/compose.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createMailFolder, type KeptMail } from '../../src/surfaces/email/mailer.ts';
import { type FakeSlack, fakeBotToken, fakeSigningSecret, startFakeSlack } from '../fakes/slack.ts';
import { type FakeTeams, fakeAppId, fakeTenantId, startFakeTeams, type TeamsPerson } from '../fakes/teams.ts';
import { eventually } from './eventually.ts';
import { startRedisServer } from './redis-server.ts';
import { createServedDatabase } from './served-database.ts';

/** The settings of a production installation, as far as a test has its parts. */
export const testConfig = (
  teams: Pick<FakeTeams, 'openIdMetadataUrl'>,
  dataDir: string,
  env: NodeJS.ProcessEnv = {},
): Config => ({
  ...readConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    MicrosoftAppId: fakeAppId,
    MicrosoftAppPassword: 'unused',
    MicrosoftAppTenantId: fakeTenantId,
    BOT_OPENID_METADATA_URL: teams.openIdMetadataUrl,
    PUBLIC_URL: 'http://unused.example',
    SMTP_URL: 'smtp://unused.example',
    MAIL_FROM: 'unused@contoso.example',
    BOOTSTRAP_ADMIN: 'unused@contoso.example',
    ...env,
  }),
  // The demo organisation has its administrator, and links lead to whatever port it gets.
  bootstrapAdmin: null,
  publicUrl: null,
  // Mails are kept, to be read.
  smtp: null,
});

/** The settings of Slack beside them. */
export const slackEnv = (slack: Pick<FakeSlack, 'apiUrl'>): NodeJS.ProcessEnv => ({
  SLACK_BOT_TOKEN: fakeBotToken,
  SLACK_SIGNING_SECRET: fakeSigningSecret,
  SLACK_API_URL: slack.apiUrl,
});

/** Each sweep asks the database five things, in dozens of processes at once. */
export const soon = { everyMs: 1_000, forgottenAfterMs: 2_000 };

export interface Mailbox {
  list(): Promise<KeptMail[]>;
  /** The newest mail to this address whose subject or text matches. @throws when none comes. */
  see(to: string, words: RegExp, withinMs?: number): Promise<KeptMail>;
}

const mailsIn = (dir: string) => join(dir, 'mail');

export const createMailbox = (dir: string): Mailbox => {
  const folder = createMailFolder(mailsIn(dir), () => new Date());
  return {
    list: folder.list,
    see: (to, words, withinMs) =>
      eventually(
        async () => (await folder.list()).find((mail) => mail.to === to && words.test(`${mail.subject}\n${mail.text}`)),
        `a mail to ${to} with ${words}`,
        withinMs,
      ),
  };
};

/**
 * Many tests at once make a machine slower than the platforms are patient. Slack's own three seconds are tested where
 * they are the point, in the faults.
 */
const patient = { ackWithinMs: 10_000, triggerLivesMs: 10_000 };

export interface TestUsher {
  readonly usher: Usher;
  readonly teams: FakeTeams;
  /** Where Slack is on. */
  readonly slack: SlackOfUsher;
  readonly url: string;
  readonly mails: Mailbox;
  readonly guest: TeamsPerson;
  readonly approver: TeamsPerson;
  readonly admin: TeamsPerson;
  now(): Date;
  /** Moves the clock on; whatever falls due by then happens soon. */
  passMinutes(minutes: number): void;
  stop(): Promise<void>;
}

/** Whoever holds a role from the start has it once it is confirmed. */
export const untilSeeded = ({ prisma }: Pick<Usher, 'prisma'>): Promise<unknown> =>
  eventually(
    async () => (await prisma.assignment.count({ where: { status: 'Provisioning' } })) === 0,
    'the access of those who were there first',
  );

interface SlackOfUsher extends FakeSlack {
  /** Resolves when what was acknowledged is done, too, and every card is what it should be. */
  idle(): Promise<void>;
  /** Resolves when nothing is on its way, whatever is left undone. */
  quiet(): Promise<void>;
}

const slackOf = (slack: FakeSlack, { prisma }: Usher): SlackOfUsher => ({
  ...slack,
  quiet: slack.idle,
  idle: async () => {
    const undone = async () => [
      ...(await prisma.$queryRaw<object[]>`SELECT key, "leasedUntil" FROM "Taken" WHERE body IS NOT NULL`),
      ...(await prisma.$queryRaw<object[]>`
        SELECT name, channel, platform, wanted, shown, "queuedAt", "leasedUntil", "notBefore"
        FROM "Card" WHERE shown < wanted AND "failedAt" IS NULL`),
    ];
    await eventually(async () => {
      await slack.idle();
      return (await undone()).length === 0;
    }, 'the end of what was begun').catch(async (error: Error) => {
      throw new Error(`${error.message}: ${JSON.stringify(await undone())}`);
    });
    await slack.idle();
  },
});

export interface Services {
  readonly env: Readonly<Record<string, string>>;
  dispose(): Promise<void>;
}

/**
 * PostgreSQL and Redis where tests are told of them, which take a fraction of the embedded database's processor time. A
 * machine without them runs the same on the embedded one.
 */
export async function servicesAtHand(): Promise<Services> {
  const { TEST_DATABASE_URL, TEST_REDIS_URL } = process.env;
  if (!TEST_DATABASE_URL || !TEST_REDIS_URL) return { env: {}, dispose: async () => undefined };
  const [database, redis] = await Promise.all([createServedDatabase(), startRedisServer()]);
  return {
    env: { DATABASE_URL: database.url, REDIS_URL: redis.url },
    dispose: async () => {
      await Promise.all([database.drop(), redis.dispose()]);
    },
  };
}

/** Usher with the demo organisation, in one process, with a fake Teams around it. */
export async function startTestUsher(
  options: Omit<Partial<Options>, 'teams' | 'slack'> & {
    readonly env?: NodeJS.ProcessEnv;
    /** Slack is on, too. */
    readonly slack?: boolean | Parameters<typeof startFakeSlack>[0];
    /** On the embedded database, whatever is at hand. */
    readonly embedded?: boolean;
  } = {},
): Promise<TestUsher> {
  const { env, slack: wanted, embedded, ...more } = options;
  const dir = mkdtempSync(join(tmpdir(), 'usher-test-'));
  const teams = await startFakeTeams();
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const slack = wanted ? await startFakeSlack({ ...patient, ...(wanted === true ? {} : wanted) }) : null;
  const services = embedded ? null : await servicesAtHand();
  // A database in files costs each test seconds; test/store and the start tests have theirs.
  const config = testConfig(teams, 'memory://', { ...(slack ? slackEnv(slack) : {}), ...services?.env, ...env });
  const usher = await startUsher({
    config,
    log: createLogger(config.logLevel),
    clock: now,
    organisation: demoOrganisation,
    seed: seedDemo,
    sweeping: soon,
    mailDir: mailsIn(dir),
    connections: 5,
    ...more,
    teams: { credentials: teams.credentials, timeoutMs: 15_000 },
    slack: { ackWithinMs: patient.ackWithinMs, callWithinMs: 15_000 },
  });
  await untilSeeded(usher);
  teams.deliverTo(`${usher.url}/api/messages`);
  slack?.deliverTo(`${usher.url}/slack/events`);
  const settling = slack && slackOf(slack, usher);
  const [guest, approver, admin] = personas.map(({ displayName, aadObjectId }) =>
    teams.person({ name: displayName, aadObjectId }),
  ) as [TeamsPerson, TeamsPerson, TeamsPerson];
  return {
    usher,
    teams,
    get slack() {
      if (!settling) throw new Error('Slack is off in this test');
      return settling;
    },
    url: usher.url as string,
    mails: createMailbox(dir),
    guest,
    approver,
    admin,
    now,
    passMinutes: (minutes) => {
      ahead += minutes * 60_000;
    },
    stop: async () => {
      await usher.stop();
      await teams.stop();
      await slack?.stop();
      await services?.dispose();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
