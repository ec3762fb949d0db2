import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Redis } from 'ioredis';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../src/runtime/project-file.ts';
import { eventually } from './support/eventually.ts';
import { createServedDatabase, type ServedDatabase } from './support/served-database.ts';

const redisUrl = new URL('/12', process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379').href;

/** What the image holds, beside its packages and the built program: the last stage's COPY lines of the Dockerfile. */
const shipped = (
  readFileSync(projectFile('Dockerfile'), 'utf8')
    .split(/^FROM /m)
    .at(-1) ?? ''
)
  .split('\n')
  .filter((line) => line.startsWith('COPY ') && !line.includes('--from='))
  .map((line) => line.split(/\s+/).slice(1))
  .map((paths) => ({ from: paths.slice(0, -1), to: paths.at(-1) as string }));

/** The settings that docker-compose.yml gives to a replica, with its variables filled in. */
function composeSettings(variables: Readonly<Record<string, string>>): Record<string, string> {
  const [, block = ''] =
    /^ {2}environment:\n((?: {4}.*\n)+)/m.exec(readFileSync(projectFile('docker-compose.yml'), 'utf8')) ?? [];
  const filled = (text: string) =>
    text.replace(
      /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)?\}/g,
      (_all, name: string, otherwise = '') => variables[name] || otherwise,
    );
  return Object.fromEntries(
    [...block.matchAll(/^ {4}(\w+): (.*)$/gm)].map(([, name = '', value = '']) => [name, filled(value)]),
  );
}

/** A folder with what the image holds. */
function build(): string {
  const root = mkdtempSync(join(tmpdir(), 'usher-production-'));
  const tsc = projectFile('node_modules/typescript/bin/tsc');
  // The types are checked by `npm run types`, which takes most of the time.
  const args = [tsc, '-p', projectFile('tsconfig.build.json'), '--noCheck', '--outDir', join(root, 'dist')];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the build failed: ${stdout}`);
  for (const { from, to } of shipped)
    for (const path of from) {
      const target = to.endsWith('/') ? join(root, to, basename(path)) : join(root, to);
      mkdirSync(join(target, '..'), { recursive: true });
      cpSync(projectFile(path), target, { recursive: true });
    }
  symlinkSync(projectFile('node_modules'), join(root, 'node_modules'), 'junction');
  return root;
}

interface Replica {
  readonly url: string;
  readonly child: ChildProcess;
}

describe('the production build', () => {
  let root: string;
  let database: ServedDatabase;
  let settings: Record<string, string>;
  const children: ChildProcess[] = [];

  /** Runs the built program with these settings and nothing else of this process. */
  const run = (more: Record<string, string> = {}) => {
    const child = spawn(process.execPath, ['--enable-source-maps', 'dist/src/main.js'], {
      cwd: root,
      env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', DATA_DIR: join(root, 'data'), ...settings, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const said = { out: '', err: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said.out += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said.err += text;
    });
    return { child, said };
  };

  const start = async (): Promise<Replica> => {
    const { child, said } = run();
    const port = await eventually(
      async () => {
        if (child.exitCode !== null) throw new Error(`it ended: ${said.err}`);
        return /"port":(\d+).*usher is running/.exec(said.out)?.[1];
      },
      'a replica that runs',
      60_000,
    );
    return { url: `http://127.0.0.1:${port}`, child };
  };

  /** How it ended, and after how long. */
  const ended = async (child: ChildProcess, withinMs: number) => {
    if (child.exitCode !== null) return child.exitCode;
    const [code] = await once(child, 'exit', { signal: AbortSignal.timeout(withinMs) });
    return code as number | null;
  };

  const ask = async <Row>(sql: string): Promise<Row[]> => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      return (await client.query(sql)).rows as Row[];
    } finally {
      await client.end();
    }
  };

  beforeAll(async () => {
    root = build();
    database = await createServedDatabase();
    const redis = new Redis(redisUrl);
    await redis.flushdb();
    redis.disconnect();
    const given = composeSettings({
      POSTGRES_PASSWORD: 'unused',
      PUBLIC_URL: 'https://usher.contoso.example',
      MicrosoftAppId: '00000000-0000-4000-8000-000000000001',
      MicrosoftAppPassword: 'unused',
      MicrosoftAppTenantId: '00000000-0000-4000-8000-000000000002',
      BOOTSTRAP_ADMIN: 'admin@contoso.example',
    });
    settings = { ...given, DATABASE_URL: database.url, REDIS_URL: redisUrl, PORT: '0' };
  });

  afterAll(async () => {
    for (const child of children) if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
    await database?.drop();
    if (root) rmSync(root, { recursive: true, force: true });
  });

  describe('two replicas, started at once on an empty database', () => {
    let replicas: readonly Replica[];
    beforeAll(async () => {
      replicas = await Promise.all([start(), start()]);
    });

    it('both get ready', async () => {
      for (const { url } of replicas)
        for (const path of ['/healthz', '/readyz', '/style.css']) expect((await fetch(url + path)).status).toBe(200);
    });

    it('make the first administrator once, and the target system confirms the access', async () => {
      expect(await ask('SELECT mail FROM "Person"')).toEqual([{ mail: 'admin@contoso.example' }]);
      await eventually(
        async () => (await ask(`SELECT id FROM "Assignment" WHERE status = 'Active'`)).length === 2,
        'two confirmed assignments',
      );
    });

    it('take nothing from somebody who is not Teams', async () => {
      const body = JSON.stringify({ type: 'message', text: 'roles', serviceUrl: 'https://forged.example' });
      const headers = { 'content-type': 'application/json' };
      for (const { url } of replicas)
        expect((await fetch(`${url}/api/messages`, { method: 'POST', headers, body })).status).toBe(401);
    });

    it('show no page of the demo', async () => {
      for (const { url } of replicas) {
        const front = await (await fetch(url)).text();
        expect(front).toContain('Usher is running here');
        expect(front).not.toContain('Mails');
        expect((await fetch(`${url}/mails/any`)).status).toBe(404);
      }
    });

    // The last: it stops them.
    it('each stop by themselves after a SIGTERM', async () => {
      for (const { child } of replicas) child.kill('SIGTERM');
      expect(await Promise.all(replicas.map(({ child }) => ended(child, 30_000)))).toEqual([0, 0]);
    });
  });

  it.each([
    ['a port that is none', { PORT: 'web' }, /^Usher did not start\. PORT must be a port number\. [^\n]*\n$/],
    ['no administrator', { BOOTSTRAP_ADMIN: '' }, /^Usher did not start\. BOOTSTRAP_ADMIN is needed [^\n]*\n$/],
    [
      'a database that is not there',
      { DATABASE_URL: 'postgres://127.0.0.1:9/none' },
      /^Usher did not start\. [^\n]*DATABASE_URL[^\n]*\n$/,
    ],
    [
      'a queue that is not there',
      { REDIS_URL: 'redis://127.0.0.1:9' },
      /^Usher did not start\. [^\n]*REDIS_URL[^\n]*\n$/,
    ],
  ])('does not start with %s, and says so in one line', async (_what, more, sentence) => {
    const { child, said } = run(more);
    expect(await ended(child, 60_000)).toBe(1);
    expect(said.err).toMatch(sentence);
  });
});
