import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { schemaDifference } from '../../scripts/schema-diff.ts';
import { projectFile } from '../../src/runtime/project-file.ts';

// A comparison takes four seconds on an idle machine.
describe('the migrations', { timeout: 60_000 }, () => {
  let copy: string | null = null;

  afterEach(async () => {
    if (copy) await rm(copy, { recursive: true });
    copy = null;
  });

  it('bring about exactly the schema', async () => {
    expect(await schemaDifference(projectFile('prisma'))).toMatchObject({ agree: true });
  });

  it('are seen to differ from a schema with one more field', async () => {
    copy = await mkdtemp(join(tmpdir(), 'usher-prisma-'));
    await cp(projectFile('prisma'), copy, { recursive: true });
    const path = join(copy, 'schema.prisma');
    const schema = await readFile(path, 'utf8');
    await writeFile(path, schema.replace('model Person {', 'model Person {\n  nickname String?'));
    const { agree, sql } = await schemaDifference(copy);
    expect(agree).toBe(false);
    expect(sql).toContain('ALTER TABLE "Person" ADD COLUMN     "nickname" TEXT');
  });
});
