import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/commands/audit.ts';
import type { PersonId } from '../../src/domain/ids.ts';
import { openDatabase } from '../../src/store/database.ts';
import { lockFolder } from '../../src/store/folder-lock.ts';
import { createReads } from '../../src/store/reads.ts';
import { bundle } from '../support/bundle.ts';
import { silent } from '../support/served-database.ts';

const inUse = /^The data folder .+ is in use by another Usher\. Stop that one first, or set DATA_DIR/;

let folder: string;
let program: readonly string[];
const holders: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'usher-data-'));
  program = await bundle('test/store/folder-holder.ts');
});

afterAll(async () => {
  for (const holder of holders) if (holder.exitCode === null) holder.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

const open = (dataDir = folder) => openDatabase({ url: null, dataDir, log: silent });

/** Another process that opens the folder and commits to it without end. */
function startHolder() {
  const holder = spawn(process.execPath, [...program, folder], { stdio: ['ignore', 'pipe', 'pipe'] });
  holders.push(holder);
  const acknowledged: PersonId[] = [];
  let complaint = '';
  holder.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint += text;
  });
  const lines = createInterface({ input: holder.stdout }).on('line', (id) => acknowledged.push(id as PersonId));
  const closed = once(holder, 'close');
  return {
    acknowledged,
    /** Resolves when so many commits were acknowledged. */
    commits: async (count: number) => {
      while (acknowledged.length < count) {
        if (holder.exitCode !== null) throw new Error(`the holder ended early: ${complaint}`);
        await Promise.race([once(lines, 'line'), closed]);
      }
    },
    kill: async () => {
      holder.kill('SIGKILL');
      await closed;
    },
    end: async () => {
      await closed;
      return { code: holder.exitCode, complaint: complaint.trim() };
    },
  };
}

// Each process takes its seconds to start, on a busy machine its tens of seconds.
describe('the folder of an embedded database', { timeout: 120_000 }, () => {
  it('is refused to every other process while one has it open, under whatever name', async () => {
    const first = startHolder();
    await first.commits(1);
    const second = startHolder();
    await expect(open()).rejects.toThrow(inUse);
    const link = `${folder}-link`;
    await symlink(folder, link);
    await expect(open(link)).rejects.toThrow(inUse);
    await rm(link);
    expect(await second.end()).toEqual({ code: 1, complaint: expect.stringMatching(inUse) });
    expect(second.acknowledged).toEqual([]);
    await first.commits(first.acknowledged.length + 5);
    await first.kill();
  });

  it('opens again after its process was killed, with every commit that was acknowledged', async () => {
    const holder = startHolder();
    await holder.commits(50);
    await holder.kill();
    const database = await open();
    const reads = createReads(database);
    expect(await reads.people(holder.acknowledged)).toHaveLength(holder.acknowledged.length);
    expect(await verifyChain(reads)).toMatchObject({ fault: null });
    // Whatever was under way is there whole or not at all: every commit wrote one person and one entry.
    expect((await reads.auditHead()).sequence).toBe(await database.prisma.person.count());
    await database.pool.query('CREATE TABLE kept (id int); INSERT INTO kept VALUES (7);');
    await database.close();
  });

  it('is free again once it is closed, and keeps what was written', async () => {
    const database = await open();
    expect((await database.pool.query('SELECT id FROM kept')).rows).toEqual([{ id: 7 }]);
    await database.close();
  });

  it('is refused a second time to the same process too', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toThrow(inUse);
    await lock.release();
    await (await lockFolder(folder)).release();
  });

  it('is never given to two of eight that ask at once', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockFolder(folder)));
    const given = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(given.length).toBeLessThanOrEqual(1);
    await Promise.all(given.map((lock) => lock.release()));
    await (await lockFolder(folder)).release();
  });

  it('is free again when the database in it can’t be opened', async () => {
    await rm(join(folder, 'db', 'global'), { recursive: true });
    await expect(open()).rejects.toBeDefined();
    await (await lockFolder(folder)).release();
  });
});
