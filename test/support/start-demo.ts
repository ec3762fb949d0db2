import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';
import { servicesAtHand } from './usher.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** `npm start`, or rather what it runs, as a process of its own. */
export interface Started {
  readonly child: ChildProcess;
  /** What it printed so far. */
  output(): string;
  /** Its exit code, when it ends. */
  readonly ended: Promise<number | null>;
}

/** Settings of the machine that would change what is tested are left out. */
const bare = () =>
  Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^(VITEST|NODE_ENV|DATABASE_URL|REDIS_URL|Microsoft|npm_)/.test(name),
    ),
  );

export function start(
  env: Readonly<Record<string, string>>,
  command = [process.execPath, 'scripts/start.mjs'],
): Started {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: root,
    env: { ...bare(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, which a test can signal as a terminal does.
    detached: true,
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => said, ended };
}

export interface Demo extends Started {
  readonly dataDir: string;
  /** The start page. */
  readonly url: string;
  /** The chats, by persona. */
  readonly chats: { readonly guest: string; readonly approver: string; readonly administrator: string };
  readonly slack: string;
  stop(): Promise<void>;
}

/** Resolves when everything can be opened. The data folder is new, unless one is given, and goes away at `stop`. */
export async function startDemo(
  options: { readonly env?: Readonly<Record<string, string>>; readonly command?: string[] } = {},
): Promise<Demo> {
  const dataDir = options.env?.DATA_DIR ?? (await mkdtemp(join(tmpdir(), 'usher-demo-')));
  const started = start({ PORT: '0', ...options.env, DATA_DIR: dataDir }, options.command);
  const { child, output, ended } = started;
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
    await ended;
    if (!options.env?.DATA_DIR) await rm(dataDir, { recursive: true, force: true });
  };
  await new Promise<void>((done, fail) => {
    child.stdout?.on('data', () => output().includes('Ctrl-C stops everything') && done());
    void ended.then((code) => fail(new Error(`it ended with ${code}: ${output()}`)));
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  const found = (pattern: RegExp) => pattern.exec(output())?.[1] ?? '';
  return {
    ...started,
    dataDir,
    url: found(/Usher is running: (http\S+)/),
    chats: {
      guest: found(/\(guest\) +(http\S+)/),
      approver: found(/\(approver\) +(http\S+)/),
      administrator: found(/\(administrator\) +(http\S+)/),
    },
    slack: found(/Slack \(everybody\) +(http\S+)/),
    stop,
  };
}

/**
 * What `npm start` shows, for tests of that: compiled, and on the services at hand, it is there in a third of the time.
 * How it starts and stops, and its data folder, have a test of their own.
 */
export async function startCompiledDemo(): Promise<Demo> {
  const [services, program] = await Promise.all([servicesAtHand(), bundle('dev/start.ts')]);
  const demo = await startDemo({ env: services.env, command: [process.execPath, ...program] });
  return {
    ...demo,
    stop: async () => {
      await demo.stop();
      await services.dispose();
    },
  };
}
