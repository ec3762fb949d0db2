import { randomInt } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { createPipeline, type Pipeline } from './commands/execute.ts';
import { createInvite } from './commands/invite.ts';
import { createLinking } from './commands/linking.ts';
import type { Clock, Dispatch, Reads, Writes } from './commands/ports.ts';
import { createRecognise } from './commands/recognise.ts';
import { createRedemption } from './commands/redemption.ts';
import type { Config } from './config.ts';
import { createBuiltInDirectory, objectIdOf } from './connectors/built-in-directory.ts';
import type { Connector } from './connectors/connector.ts';
import { deriveSecrets } from './domain/derived-secrets.ts';
import type { Organisation } from './domain/organisation.ts';
import { createJobs, type DeliverJob, type SweepTiming, type WorkJob } from './jobs/jobs.ts';
import { createPrecedence } from './jobs/precedence.ts';
import { openJobQueue } from './jobs/queue.ts';
import { createDeliverCard, type MailSurface } from './notifications/deliver-card.ts';
import { expandCard } from './notifications/expand.ts';
import { createPlanTelling } from './notifications/plan-telling.ts';
import { createTrackedCards } from './notifications/tracked.ts';
import { newId } from './runtime/new-id.ts';
import { projectFile } from './runtime/project-file.ts';
import { bootstrapAdministrator, prepareInstallation } from './store/bootstrap.ts';
import { createCardCopies } from './store/card-copies.ts';
import { openDatabase } from './store/database.ts';
import type { PrismaClient } from './store/generated/client.ts';
import { migrate } from './store/migrate.ts';
import { createReads } from './store/reads.ts';
import { createReceived } from './store/received.ts';
import { createWorkList } from './store/work-list.ts';
import { createWrites } from './store/writes.ts';
import { createAnswers } from './surfaces/chat/answers.ts';
import { createConversation } from './surfaces/chat/conversation.ts';
import { createMailFolder, createSmtpMailer } from './surfaces/email/mailer.ts';
import type { Receive, Surface } from './surfaces/surface.ts';
import { createTeamsSurface } from './surfaces/teams/teams-surface.ts';
import { createRedemptionPages } from './surfaces/web/redemption-pages.ts';
import { type ChatLink, createStartPage } from './surfaces/web/start-page.ts';
import { createWebApp } from './surfaces/web/web-app.ts';

/** The parts that a test or a tool may put something around, each made by this file otherwise. */
export interface Wrap {
  readonly writes?: (writes: Writes) => Writes;
  readonly dispatch?: (dispatch: Dispatch) => Dispatch;
  readonly connector?: (connector: Connector) => Connector;
  readonly surface?: (surface: Surface) => Surface;
  readonly mail?: (mail: MailSurface) => MailSurface;
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
  readonly wrap?: Wrap;
  /** How often the sweep looks, and what it takes for forgotten. */
  readonly sweeping?: SweepTiming;
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
    for (const close of closing.splice(0).reverse()) await close();
  };

  try {
    const database = await openDatabase({ url: config.databaseUrl, dataDir: config.dataDir, log });
    closing.push(() => database.close());
    await migrate(database.pool, projectFile('prisma/migrations'));
    const { prisma } = database;
    const secrets = deriveSecrets(
      await prepareInstallation(prisma, options.organisation ?? defaultOrganisation(config)),
    );

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
    const tracked = createTrackedCards({ reads, secrets, publicUrl, failedCard: copies.failed });
    const inMemory = config.dataDir.startsWith('memory:');
    const mailFolder = createMailFolder(
      inMemory ? join(tmpdir(), `usher-mail-${newId()}`) : join(config.dataDir, 'mail'),
      clock,
    );
    const mail = (wrap.mail ?? same)(config.smtp ? createSmtpMailer(config.smtp) : mailFolder);

    const precedence = createPrecedence();
    let receive: Receive = async () => null;
    const teams = createTeamsSurface({
      settings: { ...config.teams },
      receive: (incoming) => precedence.first(() => receive(incoming)),
      log,
      ...options.teams,
    });
    const surfaces = [(wrap.surface ?? same)(teams)];

    let pipeline: Pipeline | null = null;
    const jobs = createJobs({
      work,
      deliveries,
      workList: createWorkList(prisma),
      reads,
      connector: (wrap.connector ?? same)(createBuiltInDirectory(prisma, clock)),
      copies,
      deliverCard: createDeliverCard({ copies, cards: tracked, reads, expand: expandCard, surfaces, mail, log }),
      pipeline: () => pipeline as Pipeline,
      vacuum: database.vacuum,
      clock,
      log,
      sweeping: options.sweeping,
      precedence,
    });
    const dispatch = (wrap.dispatch ?? same)(jobs.dispatch);
    pipeline = createPipeline({ reads, writes, plan: createPlanTelling(reads), dispatch, clock, newId, random });

    const { execute } = pipeline;
    receive = createConversation({
      execute,
      reads,
      recognise: createRecognise(reads, writes, clock, newId),
      received: createReceived(prisma),
      invite: createInvite(objectIdOf),
      linking: createLinking(secrets),
      tracked,
      answers: createAnswers(reads, tracked),
      expand: expandCard,
      surfaceOf: (platform) => surfaces.find((surface) => surface.platform === platform) as Surface,
      clock,
    });

    if (port !== null) {
      const redemption = createRedemption(secrets);
      server.on(
        'request',
        createWebApp({
          bots: [{ path: '/api/messages', handler: teams.handler }],
          pages: [
            createRedemptionPages({ execute, redemption, reads, secrets }),
            ...(config.demo ? [createStartPage(options.chatLinks ?? (() => []), mailFolder)] : []),
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

const same = <T>(part: T): T => part;

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    if (!server.listening) return resolve();
    server.close(() => resolve());
    server.closeIdleConnections();
    setTimeout(() => server.closeAllConnections(), stopWithinMs).unref();
  });
