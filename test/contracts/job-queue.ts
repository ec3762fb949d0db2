import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Attempt, type JobData, type JobQueue, openJobQueue } from '../../src/jobs/queue.ts';
import type { Database } from '../../src/store/database.ts';
import { RetryLater } from '../../src/surfaces/surface.ts';
import { silent } from '../support/served-database.ts';

/** A broker under test: Redis, PostgreSQL or the embedded database. */
export interface Broker {
  readonly redisUrl: string | null;
  readonly database: Pick<Database, 'openQueuePool' | 'ping'>;
  /** Takes everything out of it that belongs to queues, as an operator's mistake or a lost volume does. */
  empty(): Promise<void>;
  dispose(): Promise<void>;
}

type Name = 'one' | 'other';

interface Run {
  readonly name: Name;
  readonly data: JobData;
  readonly attempt: Attempt;
  readonly at: number;
}

interface Exhausted {
  readonly name: Name;
  readonly data: JobData;
  readonly error: Error;
}

export const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Waits until it holds. Fails by itself after `withinMs`, naming what was waited for. */
export async function until(what: string, holds: () => boolean, withinMs = 30_000): Promise<void> {
  const start = Date.now();
  while (!holds()) {
    if (Date.now() - start > withinMs) throw new Error(`waited ${withinMs} ms in vain: ${what}`);
    await sleep(5);
  }
}

/** A queue of its own name with a worker that notes what it runs. */
export async function startWorking(
  broker: Broker,
  handle: (run: Run) => Promise<void> = async () => undefined,
  { concurrency = 4, name = `test-${randomUUID()}`, random = () => 0 } = {},
) {
  const { redisUrl, database } = broker;
  const queue: JobQueue<Name> = await openJobQueue<Name>({ name, redisUrl, database, log: silent, random });
  const runs: Run[] = [];
  const exhausted: Exhausted[] = [];
  const handler = (job: Name) => async (data: JobData, attempt: Attempt) => {
    const run = { name: job, data, attempt, at: Date.now() };
    runs.push(run);
    await handle(run);
  };
  await queue.work(
    { one: handler('one'), other: handler('other') },
    {
      concurrency,
      exhausted: async (job, data, error) => {
        exhausted.push({ name: job, data, error });
      },
    },
  );
  return { queue, runs, exhausted };
}

const gaps = (runs: readonly Run[]) => runs.slice(1).map((run, index) => run.at - (runs[index]?.at ?? 0));

/** What `JobQueue` promises, on whatever broker. Each test has a queue of its own; most of their time is waiting. */
export function jobQueueContract(open: () => Promise<Broker>): void {
  let broker: Broker;
  let brokerToEmpty: Broker;

  beforeAll(async () => {
    broker = await open();
    brokerToEmpty = await open();
  });

  afterAll(async () => {
    await broker?.dispose();
    await brokerToEmpty?.dispose();
  });

  describe.concurrent('a job', () => {
    it.each([1, 300])('runs, once, with its name and its data: %i of them', async (count) => {
      const { queue, runs, exhausted } = await startWorking(broker);
      const jobs = Array.from({ length: count }, (_, index) => ({
        name: index % 2 === 0 ? ('one' as const) : ('other' as const),
        data: { id: `${index}`, ids: ['a', `${index}`] },
      }));
      await queue.add(jobs);
      await until('every job ran', () => runs.length >= count);
      await sleep(50);
      const ran = runs.map(({ name, data }) => ({ name, data })).sort((a, b) => Number(a.data.id) - Number(b.data.id));
      expect(ran).toEqual(jobs);
      expect(exhausted).toEqual([]);
      await queue.close(1000);
    });

    it('that was added before anybody works waits for it', async () => {
      const name = `test-${randomUUID()}`;
      const { redisUrl, database } = broker;
      const producer = await openJobQueue<Name>({ name, redisUrl, database, log: silent, random: () => 0 });
      await producer.add([{ name: 'one', data: { id: 'early' } }]);
      await producer.add([]);
      await producer.close(1000);
      const { queue, runs } = await startWorking(broker, undefined, { name });
      await until('it ran', () => runs.length === 1);
      await queue.close(1000);
    });

    it('is run by one of two workers', async () => {
      const name = `test-${randomUUID()}`;
      const workers = [
        await startWorking(broker, undefined, { name }),
        await startWorking(broker, undefined, { name }),
      ];
      const jobs = Array.from({ length: 50 }, (_, index) => ({ name: 'one' as const, data: { id: `${index}` } }));
      await workers[0]?.queue.add(jobs);
      const all = () => workers.flatMap(({ runs }) => runs);
      await until('every job ran', () => all().length >= 50);
      await sleep(50);
      expect(new Set(all().map(({ data }) => data.id)).size).toBe(50);
      expect(all()).toHaveLength(50);
      await Promise.all(workers.map(({ queue }) => queue.close(1000)));
    });

    it('runs beside others, as many as the worker’s concurrency and no more', async () => {
      let running = 0;
      let most = 0;
      const { queue, runs } = await startWorking(
        broker,
        async () => {
          running += 1;
          most = Math.max(most, running);
          await sleep(40);
          running -= 1;
        },
        { concurrency: 3 },
      );
      await queue.add(Array.from({ length: 12 }, () => ({ name: 'one' as const, data: {} })));
      await until('every job ran', () => runs.length === 12 && running === 0);
      expect(most).toBe(3);
      await queue.close(1000);
    });
  });

  describe.concurrent('a job that fails', () => {
    it('is tried again after half a second, doubling, with jitter that halves it at most', async () => {
      const { queue, runs } = await startWorking(broker, async () => {
        if (runs.length < 4) throw new Error('not yet');
      });
      await queue.add([{ name: 'one', data: { id: 'slow' } }]);
      await until('it was tried four times', () => runs.length === 4);
      const [first, second, third] = gaps(runs) as [number, number, number];
      for (const [gap, least] of [
        [first, 250],
        [second, 500],
        [third, 1000],
      ] as const) {
        expect(gap).toBeGreaterThanOrEqual(least);
        expect(gap).toBeLessThan(least + 1000);
      }
      await queue.close(1000);
    });

    it('is not tried before the time that a platform has named', async () => {
      const { queue, runs } = await startWorking(broker, async () => {
        if (runs.length < 2) throw new RetryLater('busy', 1500);
      });
      await queue.add([{ name: 'one', data: {} }]);
      await until('it was tried twice', () => runs.length === 2);
      const [gap] = gaps(runs);
      expect(gap).toBeGreaterThanOrEqual(1500);
      expect(gap).toBeLessThan(2500);
      await queue.close(1000);
    });

    it('does not hold up the others', async () => {
      const { queue, runs } = await startWorking(
        broker,
        async ({ name }) => {
          if (name === 'one') throw new RetryLater('busy', 60_000);
        },
        { concurrency: 1 },
      );
      await queue.add([
        { name: 'one', data: {} },
        ...Array.from({ length: 5 }, () => ({ name: 'other' as const, data: {} })),
      ]);
      await until('the others ran', () => runs.filter(({ name }) => name === 'other').length === 5, 3000);
      await queue.close(1000);
    });

    it('is given up after its tenth try, and told of once, with its last error', async () => {
      const { queue, runs, exhausted } = await startWorking(broker, async () => {
        throw new RetryLater(`failure ${runs.length}`, 0);
      });
      await queue.add([{ name: 'other', data: { id: 'hopeless' } }]);
      await until('it was given up', () => exhausted.length > 0);
      await sleep(300);
      expect(runs).toHaveLength(10);
      expect(runs.map(({ attempt }) => attempt.lastAttempt)).toEqual([...Array(9).fill(false), true]);
      expect(exhausted).toHaveLength(1);
      expect(exhausted[0]).toMatchObject({ name: 'other', data: { id: 'hopeless' } });
      expect(exhausted[0]?.error.message).toBe('failure 10');
      await queue.close(1000);
    });
  });

  describe.concurrent('a job that waits as a platform asked', () => {
    it('has not failed by that, however often', async () => {
      const { queue, runs, exhausted } = await startWorking(broker, async () => {
        if (runs.length <= 12) throw new RetryLater('busy', 30);
      });
      await queue.add([{ name: 'one', data: { id: 'patient' } }]);
      await until('it ran thirteen times', () => runs.length === 13);
      await sleep(100);
      expect(runs).toHaveLength(13);
      expect(runs.every(({ attempt }) => !attempt.lastAttempt)).toBe(true);
      expect(exhausted).toEqual([]);
      for (const gap of gaps(runs)) expect(gap).toBeGreaterThanOrEqual(30);
      await queue.close(1000);
    });

    it('keeps all its tries for what fails', async () => {
      let failures = 0;
      const { queue, runs, exhausted } = await startWorking(broker, async () => {
        if (runs.length % 2 === 1) throw new RetryLater('busy', 10);
        failures += 1;
        throw new RetryLater(`failure ${failures}`, 0);
      });
      await queue.add([{ name: 'one', data: {} }]);
      await until('it was given up', () => exhausted.length > 0);
      expect(failures).toBe(10);
      await queue.close(1000);
    });

    it('does not take the place of a worker meanwhile', async () => {
      const { queue, runs } = await startWorking(
        broker,
        async ({ name, data }) => {
          if (name === 'one' && runs.filter((run) => run.data.id === data.id).length === 1)
            throw new RetryLater('busy', 700);
        },
        { concurrency: 1 },
      );
      await queue.add([
        ...Array.from({ length: 3 }, (_, index) => ({ name: 'one' as const, data: { id: `${index}` } })),
        { name: 'other', data: {} },
      ]);
      await until('the other ran', () => runs.some(({ name }) => name === 'other'), 650);
      await until('the waiting ones ran', () => runs.length === 7);
      await queue.close(1000);
    });
  });

  describe.concurrent('a job for later', () => {
    it('comes after whatever else waits, also what was added after it', async () => {
      let open: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => {
        open = resolve;
      });
      const { queue, runs } = await startWorking(
        broker,
        async ({ data }) => {
          if (data.id === 'first') await gate;
        },
        { concurrency: 1 },
      );
      await queue.add([{ name: 'one', data: { id: 'first' } }]);
      await until('the first runs', () => runs.length === 1);
      await queue.add([
        { name: 'other', data: { id: 'later' }, later: true },
        { name: 'one', data: { id: 'second' } },
      ]);
      await queue.add([{ name: 'one', data: { id: 'third' } }]);
      open();
      await until('all of them ran', () => runs.length === 4);
      expect(runs.map(({ data }) => data.id)).toEqual(['first', 'second', 'third', 'later']);
      await queue.close(1000);
    });
  });

  describe.concurrent('a job with an id', () => {
    it('runs once while it waits, however often it is added', async () => {
      const { queue, runs } = await startWorking(broker);
      for (let time = 0; time < 5; time += 1)
        await queue.add([{ name: 'one', data: { time: `${time}` }, id: 'alarm-1', delayMs: 400 }]);
      await until('it ran', () => runs.length > 0);
      await sleep(600);
      expect(runs).toHaveLength(1);
      await queue.close(1000);
    });

    it('runs again when it is added after it has run', async () => {
      const { queue, runs } = await startWorking(broker);
      for (let time = 1; time <= 3; time += 1) {
        await queue.add([{ name: 'one', data: {}, id: 'alarm-2' }]);
        await until(`it ran for the ${time}. time`, () => runs.length === time);
        // Its removal follows its end.
        await sleep(100);
      }
      await queue.close(1000);
    });

    it('runs again when it is added after it was given up', async () => {
      const { queue, runs, exhausted } = await startWorking(broker, async () => {
        if (runs.length <= 10) throw new RetryLater('no', 0);
      });
      await queue.add([{ name: 'one', data: {}, id: 'alarm-3' }]);
      await until('it was given up', () => exhausted.length === 1);
      await queue.add([{ name: 'one', data: {}, id: 'alarm-3' }]);
      await until('it ran again', () => runs.length === 11);
      await queue.close(1000);
    });
  });

  describe.concurrent('a delayed job', () => {
    it('is never early and soon after its time, in whatever order it was added', async () => {
      const { queue, runs } = await startWorking(broker);
      const planned = new Map<string, number>();
      for (const delayMs of [1500, 300, 900, 1, 2200, 900]) {
        const id = randomUUID();
        planned.set(id, Date.now() + delayMs);
        await queue.add([{ name: 'one', data: { id }, delayMs }]);
      }
      await until('all of them ran', () => runs.length === planned.size);
      for (const { data, at } of runs) {
        const late = at - (planned.get(data.id as string) ?? 0);
        expect(late).toBeGreaterThanOrEqual(0);
        expect(late).toBeLessThan(5000);
      }
      await queue.close(1000);
    });

    it('is on time when the worker has been idle, or waits for a later one', async () => {
      const { queue, runs } = await startWorking(broker);
      await queue.add([{ name: 'one', data: { id: 'late' }, delayMs: 30_000 }]);
      await sleep(700);
      const planned = Date.now() + 400;
      await queue.add([{ name: 'one', data: { id: 'soon' }, delayMs: 400 }]);
      await until('the sooner one ran', () => runs.length === 1);
      expect(runs[0]?.data).toEqual({ id: 'soon' });
      expect((runs[0]?.at ?? 0) - planned).toBeLessThan(5000);
      await queue.close(1000);
    });
  });

  describe.concurrent('a repeating job', () => {
    it('runs at its interval, once an interval, however many replicas ask for it', async () => {
      const name = `test-${randomUUID()}`;
      const replicas = [
        await startWorking(broker, undefined, { name }),
        await startWorking(broker, undefined, { name }),
      ];
      const runs = () => replicas.flatMap((replica) => replica.runs).length;
      const began = Date.now();
      for (const { queue } of replicas) await queue.every('other', 400);
      await until('it ran five times', () => runs() >= 5);
      // Each interval has one, and it may begin within one.
      expect(runs()).toBeLessThanOrEqual((Date.now() - began) / 400 + 2);
      await Promise.all(replicas.map(({ queue }) => queue.close(1000)));
    });

    it('goes on when one of its runs fails', async () => {
      const { queue, runs } = await startWorking(broker, async () => {
        throw new Error('this time');
      });
      await queue.every('one', 300);
      await until('it ran three times', () => runs.length >= 3);
      await queue.close(1000);
    });
  });

  describe.concurrent('closing', () => {
    it('waits for what runs, and takes nothing more', async () => {
      let done = 0;
      const { queue, runs } = await startWorking(
        broker,
        async () => {
          await sleep(400);
          done += 1;
        },
        { concurrency: 1 },
      );
      await queue.add([
        { name: 'one', data: {} },
        { name: 'one', data: {} },
      ]);
      await until('the first runs', () => runs.length === 1);
      await queue.close(5000);
      expect(done).toBe(1);
      await sleep(300);
      expect(runs).toHaveLength(1);
    });

    it('does not wait longer than it was told', async () => {
      let finish: () => void = () => undefined;
      const hanging = new Promise<void>((resolve) => {
        finish = resolve;
      });
      const { queue, runs } = await startWorking(broker, () => hanging);
      await queue.add([{ name: 'one', data: {} }]);
      await until('it hangs', () => runs.length === 1);
      await queue.close(300);
      finish();
      await sleep(200);
    });

    it('leaves the other queues at work', async () => {
      const [closed, open] = [await startWorking(broker), await startWorking(broker)];
      await closed.queue.close(1000);
      await open.queue.add([{ name: 'one', data: {} }]);
      await until('the other queue’s job ran', () => open.runs.length === 1);
      await open.queue.close(1000);
    });
  });

  it.concurrent('answers a ping while it is there', async () => {
    const { queue } = await startWorking(broker);
    await expect(queue.ping()).resolves.toBeUndefined();
    await queue.close(1000);
  });

  describe.concurrent('an emptied broker', () => {
    it('gets its repeating jobs back, and runs new jobs', async () => {
      const { queue, runs } = await startWorking(brokerToEmpty);
      await queue.every('other', 500);
      await until('it repeats', () => runs.length >= 2);
      await brokerToEmpty.empty();
      // What was under way while it was emptied may still finish.
      await sleep(200);
      const before = runs.length;
      await queue.add([{ name: 'one', data: { id: 'new' } }]);
      await until('the new job ran', () => runs.some(({ name }) => name === 'one'));
      await until('it repeats again', () => runs.slice(before).filter(({ name }) => name === 'other').length >= 2);
      await queue.close(1000);
    });
  });
}
