import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { approvalsOf } from './commands/approvals.ts';
import { createCredentials } from './commands/credentials.ts';
import { createPipeline, type Pipeline } from './commands/execute.ts';
import { createExtending } from './commands/extend.ts';
import { createConfirmedInvite, createInvite } from './commands/invite.ts';
import { createLinking } from './commands/linking.ts';
import type { Clock, Dispatch, Reads, Writes } from './commands/ports.ts';
import { createRecognise } from './commands/recognise.ts';
import { createRedemption } from './commands/redemption.ts';
import { createStepUp } from './commands/step-up.ts';
import { personInStanding } from './commands/who.ts';
import type { Config } from './config.ts';
import { createBuiltInDirectory, objectIdOf } from './connectors/built-in-directory.ts';
import type { Connector } from './connectors/connector.ts';
import { deriveCredentialSecrets } from './domain/credential-secrets.ts';
import { deriveSecrets } from './domain/derived-secrets.ts';
import { languageFor } from './domain/language.ts';
import type { Organisation } from './domain/organisation.ts';
import { createJobs, type DeliverJob, type SweepTiming, type WorkJob } from './jobs/jobs.ts';
import { createPrecedence } from './jobs/precedence.ts';
import { openJobQueue } from './jobs/queue.ts';
import type { ConfirmLink } from './notifications/confirm-cards.ts';
import { createDeliverCard, type MailSurface } from './notifications/deliver-card.ts';
import { expandCard } from './notifications/expand.ts';
import { createPlanTelling } from './notifications/plan-telling.ts';
import { refusalCard } from './notifications/sentences.ts';
import { createTrackedCards } from './notifications/tracked.ts';
import { createLogger, errorFields } from './runtime/logger.ts';
import { newId } from './runtime/new-id.ts';
import { projectFile } from './runtime/project-file.ts';
import { within } from './runtime/within.ts';
import { bootstrapAdministrator, prepareInstallation } from './store/bootstrap.ts';
import { createCardCopies } from './store/card-copies.ts';
import { openDatabase } from './store/database.ts';
import type { PrismaClient } from './store/generated/client.ts';
import { migrate } from './store/migrate.ts';
import { createReads } from './store/reads.ts';
import { createReceived } from './store/received.ts';
import { createSealedInstallations } from './store/sealed-installations.ts';
import { createTaken } from './store/taken.ts';
import { createWorkList } from './store/work-list.ts';
import { createWrites } from './store/writes.ts';
import { createAnswers, noNews } from './surfaces/chat/answers.ts';
import { createConversation } from './surfaces/chat/conversation.ts';
import { createSecurity } from './surfaces/chat/security.ts';
import { createSettingsAnswers } from './surfaces/chat/settings-answers.ts';
import { runPolicy } from './surfaces/cli/policy.ts';
import { createMailFolder, createSmtpMailer } from './surfaces/email/mailer.ts';
import { createSlackSurface } from './surfaces/slack/slack-surface.ts';
import type { Taken } from './surfaces/slack/taken.ts';
import type { Receive, Surface } from './surfaces/surface.ts';
import { createTeamsSurface } from './surfaces/teams/teams-surface.ts';
import { createEnrolPages } from './surfaces/web/enrol-pages.ts';
import { createFrontPage } from './surfaces/web/front-page.ts';
import { createPasskeyScripts } from './surfaces/web/passkey-forms.ts';
import { createPasskeys } from './surfaces/web/passkeys.ts';
import { createRedemptionPages } from './surfaces/web/redemption-pages.ts';
import { type ChatLink, createStartPage } from './surfaces/web/start-page.ts';
import { createStepUpPages } from './surfaces/web/step-up-pages.ts';
import { createWebApp } from './surfaces/web/web-app.ts';

/** The parts that a test or a tool may put something around, each made by this file otherwise. */
export interface Wrap {
  readonly writes?: (writes: Writes) => Writes;
  readonly dispatch?: (dispatch: Dispatch) => Dispatch;
  readonly connector?: (connector: Connector) => Connector;
  readonly surface?: (surface: Surface) => Surface;
  readonly mail?: (mail: MailSurface) => MailSurface;
  readonly taken?: (taken: Taken) => Taken;
}

export interface Options {
  readonly config: Config;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Of the installation, when there is none yet. */
  readonly organisation?: Organisation;
  /** Fills a new installation, such as with the demo. */
  readonly seed?: (parts: {
    prisma: PrismaClient;
    reads: Reads;
    writes: Writes;
    clock: Clock;
    newId: () => string;
  }) => Promise<void>;
  /** For the start page. */
  readonly chatLinks?: () => readonly ChatLink[];
  readonly teams?: Partial<Parameters<typeof createTeamsSurface>[0]>;
  readonly slack?: Partial<Parameters<typeof createSlackSurface>[0]>;
  readonly wrap?: Wrap;
  /** How often the sweep looks, and what it takes for forgotten. */
  readonly sweeping?: SweepTiming;
  /** How many of the database server's connections its commands may take at once. */
  readonly connections?: number;
  /** Where mails are kept that no server takes; in the data folder, unless it is given. */
  readonly mailDir?: string;
}

export interface Usher {
  /** Where the web server listens; `null` in a process that only works. */
  readonly url: string | null;
  readonly port: number | null;
  readonly prisma: PrismaClient;
  readonly reads: Reads;
  readonly writes: Writes;
  readonly pipeline: Pipeline;
  stop(): Promise<void>;
}

/** How long running jobs and requests may take to finish when the process stops. */
const stopWithinMs = 8_000;

const listen = (server: Server, port: number, host: string | undefined): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });

const defaultOrganisation = (config: Config): Organisation => ({
  name: config.organisationName ?? 'Your organisation',
  domain: config.bootstrapAdmin?.split('@')[1] ?? 'organisation.example',
  whoMayInvite: 'admins',
  domains: { policy: 'any' },
  terms: null,
});

/** Puts Usher together and starts the roles that the settings ask for: the only place that makes adapters. */
export async function startUsher(options: Options): Promise<Usher> {
  const { config, log, clock = () => new Date(), wrap = {} } = options;
  const random = () => randomInt(1_000_000) / 1_000_000;
  const closing: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    // One that fails must not keep the others open.
    for (const close of closing.splice(0).reverse())
      await close().catch((error: unknown) => log.warn(errorFields(error), 'something did not close'));
  };

  try {
    const database = await openDatabase({
      url: config.databaseUrl,
      dataDir: config.dataDir,
      log,
      ...(options.connections ? { connections: options.connections } : {}),
    });
    closing.push(() => database.close());
    await migrate(database.pool, projectFile('prisma/migrations'));
    const { prisma } = database;
    const secret = await prepareInstallation(prisma, options.organisation ?? defaultOrganisation(config));
    const secrets = deriveSecrets(secret);
    const credentialSecrets = deriveCredentialSecrets(secret);

    const reads = createReads(database);
    const writes = (wrap.writes ?? same)(createWrites(database));
    if (config.bootstrapAdmin) await bootstrapAdministrator({ reads, writes, clock, newId }, config.bootstrapAdmin);
    await options.seed?.({ prisma, reads, writes, clock, newId });

    const queueParts = { redisUrl: config.redisUrl, database, log, random };
    const work = await openJobQueue<WorkJob>({ name: 'usher-work', ...queueParts });
    const queues: { close(withinMs: number): Promise<void> }[] = [work];
    closing.push(() => Promise.all(queues.map((queue) => queue.close(stopWithinMs))));
    const deliveries = await openJobQueue<DeliverJob>({ name: 'usher-deliver', ...queueParts });
    queues.push(deliveries);

    // The port may be any free one, so links are known only when the server listens.
    const server = createServer();
    const port = config.roles.web ? await listen(server, config.port, config.demo ? '127.0.0.1' : undefined) : null;
    const publicUrl = config.publicUrl ?? `http://localhost:${port ?? config.port}`;
    closing.push(() => closeServer(server));

    const copies = createCardCopies(database);
    const confirmLink: ConfirmLink = (id) => `${publicUrl}/step-up/${credentialSecrets.stepUpToken(id)}`;
    const tracked = createTrackedCards({
      reads,
      secrets,
      publicUrl,
      confirmLink,
      clock,
      spans: config.spans,
      failedCard: copies.failed,
      approvalOf: async (request) => (await approvalsOf(reads, [request], clock()))(request),
    });
    const inMemory = config.dataDir.startsWith('memory:');
    const mailDir = inMemory ? join(tmpdir(), `usher-mail-${newId()}`) : join(config.dataDir, 'mail');
    const mailFolder = createMailFolder(options.mailDir ?? mailDir, clock);
    const mail = (wrap.mail ?? same)(config.smtp ? createSmtpMailer(config.smtp) : mailFolder);

    const precedence = createPrecedence();
    let converse: Receive = async () => null;
    const receive: Receive = (incoming) => precedence.first(() => converse(incoming));
    const readsOf = (platform: 'teams' | 'slack') => async (key: { tenantId: string; userId: string }) => {
      const account = await reads.chatAccount({ platform, ...key });
      return languageFor(account?.personId ? await reads.person(account.personId) : null, account?.locale);
    };
    const teams =
      config.teams &&
      createTeamsSurface({ settings: config.teams, receive, log, reads: readsOf('teams'), ...options.teams });
    const slack =
      config.slack &&
      createSlackSurface({
        settings: config.slack,
        installations: createSealedInstallations(prisma),
        receive,
        taken: (wrap.taken ?? same)(createTaken(database)),
        bringUpToDate: async (messageId) => {
          const id = await copies.copyAt('slack', messageId);
          // Not by the queue: whoever clicked sees it also while that is away. What fails stays owed.
          if (id) await deliverCard(id, false).catch((error: unknown) => log.warn(errorFields(error), 'a card waits'));
          return id !== null;
        },
        reads: readsOf('slack'),
        knows: async (account) => (await reads.chatAccount({ platform: 'slack', ...account })) !== null,
        log,
        ...options.slack,
      });
    const bots = [teams, slack].filter((surface) => surface !== null);
    const surfaces: readonly Surface[] = bots.map(wrap.surface ?? same);

    let pipeline: Pipeline | null = null;
    const confirmedInvite = createConfirmedInvite(objectIdOf);
    const extending = createExtending(config.spans);
    const answers = createAnswers(reads, tracked, config.spans);
    const deliverCard = createDeliverCard({
      copies,
      cards: tracked,
      home: async (personId, reading) => {
        const now = clock();
        const person = await personInStanding(reads, personId, now);
        return 'code' in person
          ? { card: 'refusal', data: refusalCard(person, reading) }
          : answers.home({ ...person, now, reader: { personId, ...reading, latest: true } }, 'home-page', noNews);
      },
      reads,
      expand: expandCard,
      surfaces,
      mail,
      clock,
      log,
    });
    const jobs = createJobs({
      work,
      deliveries,
      workList: createWorkList(prisma),
      reads,
      connector: (wrap.connector ?? same)(createBuiltInDirectory(prisma, clock)),
      copies,
      deliverCard,
      pipeline: () => pipeline as Pipeline,
      vacuum: database.vacuum,
      clock,
      log,
      sweeping: options.sweeping,
      precedence,
      recover: async () => {
        for (const surface of bots) await surface.recover?.();
      },
    });
    const dispatch = (wrap.dispatch ?? same)(jobs.dispatch);
    pipeline = createPipeline({ reads, writes, plan: createPlanTelling(reads), dispatch, clock, newId, random });

    const { execute } = pipeline;
    const passkeys = createPasskeys(publicUrl);
    const credentials = createCredentials(credentialSecrets, passkeys);
    converse = createConversation({
      execute,
      reads,
      recognise: createRecognise(reads, writes, clock, newId),
      received: createReceived(prisma),
      invite: createInvite(confirmedInvite),
      linking: createLinking(secrets),
      extending,
      security: createSecurity({ credentials, secrets: credentialSecrets, reads, tracked, publicUrl, confirmLink }),
      tracked,
      answers,
      settings: createSettingsAnswers(reads),
      keepHome: copies.keepHome,
      dispatch,
      expand: expandCard,
      surfaceOf: (platform) => surfaces.find((surface) => surface.platform === platform) as Surface,
      clock,
    });

    if (port !== null) {
      const redemption = createRedemption(secrets);
      const stepUp = createStepUp(credentialSecrets, passkeys, {
        invite: confirmedInvite,
        extending: extending.confirmed,
      });
      const confirming = { execute, credentials, reads, secrets: credentialSecrets, passkeys, clock };
      server.on(
        'request',
        createWebApp({
          bots: bots.map(({ handler }) => handler),
          pages: [
            createRedemptionPages({ execute, redemption, reads, secrets, credentials, credentialSecrets }),
            createPasskeyScripts(),
            createEnrolPages(confirming),
            createStepUpPages({ ...confirming, stepUp, tracked }),
            config.demo ? createStartPage(options.chatLinks ?? (() => []), mailFolder) : createFrontPage(),
          ],
          ready: async () => {
            // Not the queue: without it, people are served and access ends all the same.
            await database.ping();
          },
          log,
        }),
      );
    }
    if (config.roles.worker) {
      await jobs.start();
      closing.push(async () => jobs.stop());
    }
    if (slack) closing.push(() => within(slack.stop(), stopWithinMs, () => new Error('Slack is still at it')));
    if (config.roles.web) slack?.start();
    log.info(
      { port, database: database.kind, queue: config.redisUrl ? 'redis' : 'database', ...config.roles },
      'usher is running',
    );
    return { url: port === null ? null : publicUrl, port, prisma, reads, writes, pipeline, stop };
  } catch (error) {
    await stop().catch(() => undefined);
    throw error;
  }
}

/** What `policy` asks for on the command line, done on the database of these settings. Answers with the exit code. */
export async function operatePolicy({
  config,
  args,
  operator,
}: {
  readonly config: Config;
  readonly args: readonly string[];
  readonly operator: string;
}): Promise<number> {
  // What it says is for people and for files: a log would stand in the middle of it.
  const database = await openDatabase({
    url: config.databaseUrl,
    dataDir: config.dataDir,
    log: createLogger('silent'),
  });
  try {
    await migrate(database.pool, projectFile('prisma/migrations'));
    const [reads, clock] = [createReads(database), () => new Date()];
    const { execute } = createPipeline({
      reads,
      writes: createWrites(database),
      plan: createPlanTelling(reads),
      // There is no queue here: what is owed is found by the sweep of the workers.
      dispatch: async () => undefined,
      clock,
      newId,
      random: Math.random,
    });
    const [say, complain] = [console.log, console.error];
    return await runPolicy(args, { reads, execute, clock, newId, operator, say, complain });
  } finally {
    await database.close();
  }
}

const same = <T>(part: T): T => part;

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), stopWithinMs).unref();
  });
