import {
  type ConnectionOptions,
  createPostgresBackend,
  DelayedError,
  type Job,
  type JobsOptions,
  Queue,
  Worker,
} from 'bullmq';
import { Redis } from 'ioredis';
import type { Logger } from 'pino';
import { errorFields } from '../runtime/logger.ts';
import { within } from '../runtime/within.ts';
import type { Database } from '../store/database.ts';
import { RetryLater } from '../surfaces/surface.ts';

/** Ids only: job data is readable to whoever can read the queue. */
export type JobData = Readonly<Record<string, string | readonly string[]>>;

export interface NewJob<Name extends string> {
  readonly name: Name;
  readonly data: JobData;
  readonly delayMs?: number;
  /** Dedupes while a job of this id is waiting or running. */
  readonly id?: string;
  /** After whatever else waits. */
  readonly later?: boolean;
}

export interface Attempt {
  /** The next failure is the last. */
  readonly lastAttempt: boolean;
}

export interface JobQueue<Name extends string> {
  /** Fails fast when the broker is down: whatever it is about is in the database, and the sweep finds it. */
  add(jobs: readonly NewJob<Name>[]): Promise<void>;
  /** One repeating job of this name, however many replicas ask for it. */
  every(name: Name, everyMs: number): Promise<void>;
  /** Starts working. `exhausted` hears of every job that has failed for the last time. */
  work(
    handlers: Readonly<Record<Name, (data: JobData, attempt: Attempt) => Promise<void>>>,
    options: { readonly concurrency: number; exhausted(name: Name, data: JobData, error: Error): Promise<void> },
  ): Promise<void>;
  ping(): Promise<void>;
  /** Takes no more work, waits up to `withinMs` for what runs, and closes. */
  close(withinMs: number): Promise<void>;
}

/** Half a second, doubling, to half a minute, with jitter: about two and a half minutes in all. */
const tries = 10;
const longestBackoffMs = 30_000;

/** For so long, waiting as a platform asked to is no failed try; then it has to be by another way. */
const patienceMs = 15 * 60_000;

/** After a failure: not before the platform's own time, where it named one. Exported for its test. */
export const backoffMs = (attemptsMade: number, error: unknown, random: () => number): number => {
  const exponential = Math.min(longestBackoffMs, 500 * 2 ** (attemptsMade - 1));
  const jittered = Math.round(exponential * (0.5 + random() / 2));
  return error instanceof RetryLater && error.afterMs !== null ? named(error.afterMs, random) : jittered;
};

/** Whole milliseconds: the database takes no others. */
const named = (afterMs: number, random: () => number) => Math.ceil(afterMs + random() * 250);

const kept: JobsOptions = {
  removeOnComplete: true,
  removeOnFail: { count: 1000 },
  attempts: tries,
  backoff: { type: 'usher' },
};

/** How often repeating jobs are asserted anew: a broker that was emptied gets them back. */
const reassertMs = 10_000;

/** A broker that is not there makes the client wait for ever; whoever starts wants to know. */
const readyWithinMs = 8_000;

/** A queue of BullMQ on Redis where `redisUrl` is given, else on the same database as everything else. */
export async function openJobQueue<Name extends string>(parts: {
  readonly name: string;
  readonly redisUrl: string | null;
  readonly database: Pick<Database, 'openQueuePool' | 'ping'>;
  readonly log: Logger;
  readonly random: () => number;
}): Promise<JobQueue<Name>> {
  const { name, redisUrl, database, log, random } = parts;
  const complain = (error: Error) => log.warn({ queue: name, ...errorFields(error) }, 'the queue is in trouble');
  const redisConnections: Redis[] = [];
  let trouble: Error | null = null;

  const redis = (options: object) => {
    const connection = new Redis(redisUrl as string, options);
    connection.on('error', (error: Error) => {
      trouble = error;
      complain(error);
    });
    redisConnections.push(connection);
    return connection;
  };
  const pool = redisUrl ? null : await database.openQueuePool();
  const connectionFor = (use: 'add' | 'work'): ConnectionOptions =>
    (pool ??
      redis(
        use === 'add'
          ? { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 3_000 }
          : { maxRetriesPerRequest: null },
      )) as ConnectionOptions;
  const backend = pool ? (createPostgresBackend as never) : undefined;

  const queue = new Queue<JobData, void, Name>(name, { connection: connectionFor('add') } as never, backend as never);
  queue.on('error', complain);
  try {
    await within(queue.waitUntilReady(), readyWithinMs, () => trouble ?? new Error('The queue does not answer.'));
  } catch (error) {
    for (const connection of redisConnections) connection.disconnect();
    throw error;
  }

  const repeating = new Map<Name, number>();
  let worker: Worker<JobData, void, Name> | null = null;
  const assertRepeating = (job: Name, every: number) =>
    queue.upsertJobScheduler(
      job as never,
      { every },
      { name: job as never, data: {} as never, opts: { removeOnComplete: true, removeOnFail: { count: 10 } } },
    );
  const reassertAll = async () => {
    for (const [job, every] of repeating) await assertRepeating(job, every);
  };
  const reassert = setInterval(() => void reassertAll().catch(complain), reassertMs).unref();

  return {
    add: async (jobs) => {
      if (jobs.length === 0) return;
      await queue.addBulk(
        jobs.map((job) => ({
          name: job.name as never,
          data: job.data as never,
          opts: {
            ...kept,
            ...(job.delayMs ? { delay: job.delayMs } : {}),
            ...(job.later ? { priority: 10 } : {}),
            // A job of this id that failed for good must not stand in the way of the next.
            ...(job.id ? { jobId: job.id, removeOnFail: true } : {}),
          },
        })),
      );
    },
    every: async (job, everyMs) => {
      repeating.set(job, everyMs);
      await assertRepeating(job, everyMs);
    },
    work: async (handlers, { concurrency, exhausted }) => {
      const process = async (job: Job<JobData, void, Name>, token?: string) => {
        const attempts = job.opts.attempts ?? 1;
        try {
          await handlers[job.name](job.data, { lastAttempt: job.attemptsMade + 1 >= attempts });
        } catch (error) {
          // Asked to wait for nothing is asked for nothing: such a try has failed.
          const asked = error instanceof RetryLater ? (error.afterMs ?? 0) : 0;
          if (asked <= 0 || Date.now() - job.timestamp > patienceMs) throw error;
          await job.moveToDelayed(Date.now() + named(asked, random), token);
          throw new DelayedError();
        }
      };
      const started = new Worker<JobData, void, Name>(
        name,
        process as never,
        {
          connection: connectionFor('work'),
          concurrency,
          // Two that meet in a deadlock on PostgreSQL lose a second, not the usual quarter of a minute.
          runRetryDelay: 1_000,
          settings: {
            backoffStrategy: (made: number, _type?: string, error?: Error) => backoffMs(made, error, random),
          },
        } as never,
        backend as never,
      );
      started.on('error', complain);
      started.on('failed', (job, error) => {
        if (!job) return;
        log.info(
          { queue: name, job: job.name, attempt: job.attemptsMade, ...errorFields(error) },
          'a job has to be tried again',
        );
        if (job.attemptsMade >= (job.opts.attempts ?? 1)) void exhausted(job.name, job.data, error).catch(complain);
      });
      worker = started;
      await started.waitUntilReady();
    },
    ping: async () => {
      await (redisUrl ? redisConnections[0]?.ping() : database.ping());
    },
    close: async (withinMs) => {
      clearInterval(reassert);
      const limit = new Promise((resolve) => setTimeout(resolve, withinMs).unref());
      await Promise.race([worker?.close(), limit]);
      await Promise.race([queue.close(), limit]);
      for (const connection of redisConnections) connection.disconnect();
    },
  };
}
