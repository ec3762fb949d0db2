import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prisma } from '../../src/store/generated/client.ts';
import { isUniqueViolation, isWriteConflict } from '../../src/store/write-conflict.ts';
import { aPerson } from '../contracts/store-fixtures.ts';
import { openServedDatabase, type TestDatabase } from '../support/served-database.ts';

type Transaction = Prisma.TransactionClient;

let test: TestDatabase;

beforeAll(async () => {
  test = await openServedDatabase();
});

afterAll(() => test?.dispose());

const prisma = () => test.database.prisma;

const createPerson = async () => {
  const { identities, quiet: _, ...value } = aPerson();
  await prisma().person.create({ data: { ...value, identities: [...identities] } });
  return value.id;
};

const renameByClient = (id: string) => (tx: Transaction) =>
  tx.person.update({ where: { id }, data: { displayName: 'Renamed' } });
const renameBySql = (id: string) => (tx: Transaction) =>
  tx.$executeRaw`UPDATE "Person" SET "displayName" = 'Renamed' WHERE id = ${id}::uuid`;

/** Where two wait for each other. */
function meeting(): () => Promise<void> {
  let arrived = 0;
  let open: () => void = () => undefined;
  const both = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    arrived += 1;
    if (arrived === 2) open();
    return both;
  };
}

type Step = (tx: Transaction) => Promise<unknown>;

/** Two at once, each having done its first step before either does its second; the faults of those that failed. */
async function together(
  first: readonly [Step, Step],
  second: readonly [Step, Step],
  isolationLevel: Prisma.TransactionIsolationLevel,
): Promise<unknown[]> {
  const meet = meeting();
  const run = ([one, two]: readonly [Step, Step]) =>
    prisma().$transaction(
      async (tx) => {
        await one(tx);
        await meet();
        await two(tx);
      },
      { isolationLevel },
    );
  const settled = await Promise.allSettled([run(first), run(second)]);
  return settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
}

/** What of a fault tells its shape. */
const shapeOf = (fault: unknown) => {
  const { name, code, cause, meta } = fault as {
    name?: string;
    code?: string;
    cause?: { originalCode?: string; kind?: string };
    meta?: { driverAdapterError?: { cause?: { originalCode?: string; kind?: string } } };
  };
  return { name, code, cause: meta?.driverAdapterError?.cause ?? cause };
};

describe('a transaction that lost against another', () => {
  describe('by updating what the other has updated since it looked (40001)', () => {
    const lose = async (rename: typeof renameByClient | typeof renameBySql) => {
      const id = await createPerson();
      const look = (tx: Transaction) => tx.person.findUnique({ where: { id } });
      return together([look, rename(id)], [look, rename(id)], 'RepeatableRead');
    };

    it('is recognised from the client’s own calls, which say P2034', async () => {
      const faults = await lose(renameByClient);
      expect(faults.map(shapeOf)).toMatchObject([{ code: 'P2034' }]);
      expect(faults.every(isWriteConflict)).toBe(true);
    });

    it('is recognised from raw queries, which say P2010 around the driver’s fault', async () => {
      const faults = await lose(renameBySql);
      expect(faults.map(shapeOf)).toMatchObject([{ code: 'P2010', cause: { originalCode: '40001' } }]);
      expect(faults.every(isWriteConflict)).toBe(true);
    });
  });

  it('is recognised at COMMIT, which throws the driver’s bare fault', async () => {
    const [a, b] = [await createPerson(), await createPerson()];
    const look = (tx: Transaction) => tx.person.findMany({ where: { id: { in: [a, b] } } });
    // Write skew: each reads both and writes one; only COMMIT can tell that the two don't fit together.
    const meet = meeting();
    const renameAndMeet = (id: string) => (tx: Transaction) => renameByClient(id)(tx).then(meet);
    const skew = await together([look, renameAndMeet(a)], [look, renameAndMeet(b)], 'Serializable');
    expect(skew.map(shapeOf)).toMatchObject([{ name: 'DriverAdapterError', cause: { originalCode: '40001' } }]);
    expect(skew.every(isWriteConflict)).toBe(true);
  });

  describe('in a deadlock (40P01)', () => {
    const deadlock = async (rename: typeof renameByClient | typeof renameBySql) => {
      const [a, b] = [await createPerson(), await createPerson()];
      return together([rename(a), rename(b)], [rename(b), rename(a)], 'ReadCommitted');
    };

    it.each([
      ['the client’s own calls', renameByClient],
      ['raw queries', renameBySql],
    ])('is recognised from %s', async (_from, rename) => {
      const faults = await deadlock(rename);
      expect(faults).toHaveLength(1);
      expect(faults.every(isWriteConflict)).toBe(true);
      expect(faults.some(isUniqueViolation)).toBe(false);
    });
  });
});

describe('a row whose like is there already', () => {
  it.each<[string, (tx: Transaction, key: string) => Promise<unknown>]>([
    ['the client’s own calls', (tx, key) => tx.answered.create({ data: { key, answer: 1 } })],
    ['raw queries', (tx, key) => tx.$executeRaw`INSERT INTO "Answered" (key, answer) VALUES (${key}, '1')`],
  ])('is recognised from %s, and is no write conflict', async (_from, insert) => {
    const key = randomUUID();
    await prisma().$transaction((tx) => insert(tx, key));
    const fault = await prisma()
      .$transaction((tx) => insert(tx, key))
      .catch((error: unknown) => error);
    expect(isUniqueViolation(fault)).toBe(true);
    expect(isWriteConflict(fault)).toBe(false);
  });
});

describe('any other fault', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a statement that is wrong', () => prisma().$executeRaw`SELECT nonsense`],
    ['a value that the column can’t take', () => prisma().$executeRaw`INSERT INTO "Answered" (key) VALUES ('only')`],
    ['a row that is not there', () => prisma().person.delete({ where: { id: randomUUID() } })],
    [
      'a time-out of its own',
      () => prisma().$transaction((tx) => tx.$executeRaw`SELECT pg_sleep(0.5)`, { timeout: 50 }),
    ],
  ])('is neither: %s', async (_what, fail) => {
    const fault = await fail().then(
      () => null,
      (error: unknown) => error,
    );
    expect(fault).toBeInstanceOf(Error);
    expect(isWriteConflict(fault)).toBe(false);
    expect(isUniqueViolation(fault)).toBe(false);
  });

  it.each([null, undefined, 'text', new Error('plain'), {}])('is neither, whatever was thrown: %s', (fault) => {
    expect(isWriteConflict(fault)).toBe(false);
    expect(isUniqueViolation(fault)).toBe(false);
  });
});
