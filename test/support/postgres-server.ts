import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A PostgreSQL server of the test's own, which it may stop and start as it likes. */
export interface PostgresServer {
  readonly url: string;
  /** What a restart does to everybody connected. `immediate` is a crash: it recovers from its log. */
  restart(mode: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  dispose(): Promise<void>;
}

const binaries = (): string => {
  const root = '/usr/lib/postgresql';
  const [newest] = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return newest ? join(root, newest, 'bin') : execFileSync('pg_config', ['--bindir'], { encoding: 'utf8' }).trim();
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });

export async function startPostgresServer(): Promise<PostgresServer> {
  const bin = binaries();
  const dir = mkdtempSync(join(tmpdir(), 'usher-postgres-'));
  const port = await freePort();
  // The server refuses to run as root.
  const root = userInfo().uid === 0;
  const owner = root
    ? (name: string, ...args: string[]) => ['runuser', ['-u', 'postgres', '--', join(bin, name), ...args]]
    : null;
  const command = (name: string, ...args: string[]): Promise<unknown> => {
    const [file, rest] = (owner?.(name, ...args) ?? [join(bin, name), args]) as [string, string[]];
    return run(file, rest);
  };
  if (root) {
    const id = (flag: string) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chownSync(dir, id('-u'), id('-g'));
  }
  const data = join(dir, 'data');
  const options = `-p ${port} -h 127.0.0.1 -k ${dir}`;
  await command('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync');
  const start = async () => {
    await command('pg_ctl', '-D', data, '-w', '-l', join(dir, 'log'), '-o', options, 'start');
  };
  const stop = async (mode: 'fast' | 'immediate') => {
    await command('pg_ctl', '-D', data, '-w', '-m', mode, 'stop');
  };
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop,
    restart: async (mode) => {
      await stop(mode);
      await start();
    },
    dispose: async () => {
      await stop('immediate');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
