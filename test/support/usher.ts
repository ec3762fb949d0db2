import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoOrganisation, personas, seedDemo } from '../../dev/demo-organisation.ts';
import { type Options, startUsher, type Usher } from '../../src/compose.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { createLogger } from '../../src/runtime/logger.ts';
import { createMailFolder, type KeptMail } from '../../src/surfaces/email/mailer.ts';
import { type FakeTeams, fakeAppId, fakeTenantId, startFakeTeams, type TeamsPerson } from '../fakes/teams.ts';
import { eventually } from './eventually.ts';

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

export const soon = { everyMs: 400, forgottenAfterMs: 2_000 };

export interface Mailbox {
  list(): Promise<KeptMail[]>;
  /** The newest mail to this address whose subject or text matches. @throws when none comes. */
  see(to: string, words: RegExp, withinMs?: number): Promise<KeptMail>;
}

export const createMailbox = (dir: string): Mailbox => {
  const folder = createMailFolder(join(dir, 'mail'), () => new Date());
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

export interface TestUsher {
  readonly usher: Usher;
  readonly teams: FakeTeams;
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

/** Usher with the demo organisation, in one process on the embedded database, with a fake Teams around it. */
export async function startTestUsher(
  options: Partial<Options> & { readonly env?: NodeJS.ProcessEnv; readonly teams?: never } = {},
): Promise<TestUsher> {
  const { env, ...more } = options;
  const dir = mkdtempSync(join(tmpdir(), 'usher-test-'));
  const teams = await startFakeTeams();
  let ahead = 0;
  const now = () => new Date(Date.now() + ahead);
  const config = testConfig(teams, dir, env);
  const usher = await startUsher({
    config,
    log: createLogger(config.logLevel),
    clock: now,
    organisation: demoOrganisation,
    seed: seedDemo,
    sweeping: soon,
    ...more,
    teams: { credentials: teams.credentials, timeoutMs: 1_500 },
  });
  teams.deliverTo(`${usher.url}/api/messages`);
  const [guest, approver, admin] = personas.map(({ displayName, aadObjectId }) =>
    teams.person({ name: displayName, aadObjectId }),
  ) as [TeamsPerson, TeamsPerson, TeamsPerson];
  return {
    usher,
    teams,
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
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
