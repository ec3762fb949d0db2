import { afterAll, beforeAll, vi } from 'vitest';
import type { Reads, Writes } from '../../src/commands/ports.ts';
import type { CardCopies } from '../../src/notifications/deliver-card.ts';
import { createCardCopies } from '../../src/store/card-copies.ts';
import type { Database } from '../../src/store/database.ts';
import { createReads } from '../../src/store/reads.ts';
import { createReceived } from '../../src/store/received.ts';
import { createTaken } from '../../src/store/taken.ts';
import { createWorkList, type WorkList } from '../../src/store/work-list.ts';
import { createWrites } from '../../src/store/writes.ts';
import type { Received } from '../../src/surfaces/chat/conversation.ts';
import type { Taken } from '../../src/surfaces/slack/taken.ts';
import type { TestDatabase } from '../support/served-database.ts';

export interface Store {
  readonly database: Database;
  readonly reads: Reads;
  readonly writes: Writes;
  readonly workList: WorkList;
  readonly received: Received;
  readonly copies: CardCopies;
  readonly taken: Taken;
  /** What another replica writes with. */
  anotherWrites(): Promise<Writes>;
}

/** Opens a store before the tests of a file and disposes of it after them, in a process whose zone is not UTC. */
export function useStore(open: () => Promise<TestDatabase>): () => Store {
  let test: TestDatabase;
  let store: Store;
  beforeAll(async () => {
    vi.stubEnv('TZ', 'Australia/Lord_Howe');
    test = await open();
    const { prisma } = test.database;
    store = {
      database: test.database,
      reads: createReads(test.database),
      writes: createWrites(test.database),
      workList: createWorkList(prisma),
      received: createReceived(prisma),
      copies: createCardCopies(test.database),
      taken: createTaken(test.database),
      anotherWrites: async () => createWrites(await test.another()),
    };
  });
  afterAll(async () => {
    await test?.dispose();
    vi.unstubAllEnvs();
  });
  return () => store;
}

/** The rows of every table that a commit writes to, to prove that nothing was written. */
export async function everything({ database: { prisma } }: Store): Promise<unknown> {
  return Promise.all([
    prisma.person.findMany({ orderBy: { id: 'asc' } }),
    prisma.assignment.findMany({ orderBy: { id: 'asc' } }),
    prisma.request.findMany({ orderBy: { id: 'asc' } }),
    prisma.deadline.findMany({ orderBy: { id: 'asc' } }),
    prisma.card.findMany({ orderBy: { id: 'asc' } }),
    prisma.auditEntry.findMany({ orderBy: { sequence: 'asc' } }),
    prisma.auditHead.findMany(),
    prisma.answered.findMany({ orderBy: { key: 'asc' } }),
  ]);
}
