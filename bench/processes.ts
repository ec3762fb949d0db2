import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What a process of the benchmark can be asked; arguments and answers travel as JSON. */
// biome-ignore lint/suspicious/noExplicitAny: the arguments differ from question to question
export type Questions = Record<string, (...given: any[]) => unknown>;

export type Ask<Q extends Questions> = {
  readonly [Name in keyof Q]: (...given: Parameters<Q[Name]>) => Promise<Awaited<ReturnType<Q[Name]>>>;
};

export interface Running<Q extends Questions> {
  readonly ask: Ask<Q>;
  stop(): Promise<void>;
}

interface Asked {
  readonly id: number;
  readonly name: string;
  readonly given: unknown[];
}

/** The id of what a process says of itself, once, when it can be asked. */
const readyId = -1;

interface Answered {
  readonly id: number;
  readonly value?: unknown;
  readonly fault?: string;
}

const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * Starts a file of this folder as a process of its own, so that nothing shares its event loop.
 * @param profile a folder for a CPU profile, which is written when the process stops.
 */
export async function startProcess<Q extends Questions>(
  file: string,
  settings: object,
  profile: string | null = null,
): Promise<Running<Q>> {
  if (profile) mkdirSync(profile, { recursive: true });
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), [], {
    execArgv: ['--import', 'tsx', ...(profile ? ['--cpu-prof', `--cpu-prof-dir=${profile}`] : [])],
    env: { ...process.env, NODE_ENV: 'production', BENCH_SETTINGS: JSON.stringify(settings) },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  running.add(child);
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let ids = 0;
  const ready = new Promise((resolve, reject) => waiting.set(readyId, { resolve, reject }));
  const left = new Promise<void>((resolve) => {
    child.once('exit', () => {
      running.delete(child);
      for (const { reject } of waiting.values()) reject(new Error(`${file} ended before it answered`));
      resolve();
    });
  });
  child.on('message', ({ id, value, fault }: Answered) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (fault === undefined) asked?.resolve(value as never);
    else asked?.reject(new Error(`${file}: ${fault}`));
  });
  const askFor = (name: string, given: unknown[]): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const id = ids++;
      waiting.set(id, { resolve: resolve as never, reject });
      child.send({ id, name, given } satisfies Asked);
    });
  const ask = new Proxy({} as Ask<Q>, {
    // Asked for `then`, it would pass for a promise.
    get: (_target, name: string) => (name === 'then' ? undefined : (...given: unknown[]) => askFor(name, given)),
  });
  await ready;
  return {
    ask,
    stop: async () => {
      if (child.connected) child.disconnect();
      await left;
    },
  };
}

export const settingsOfProcess = <Settings>(): Settings => JSON.parse(process.env.BENCH_SETTINGS ?? '{}') as Settings;

/** The child's side: answers from now on, and ends when the parent goes. */
export function answerParent(questions: Questions, stop: () => Promise<void>): void {
  process.on('message', ({ id, name, given }: Asked) => {
    void (async () => questions[name]?.(...given))().then(
      (value) => process.send?.({ id, value } satisfies Answered),
      (error: Error) => process.send?.({ id, fault: `${name}: ${error.stack ?? error.message}` } satisfies Answered),
    );
  });
  process.on('disconnect', () => {
    void stop().finally(() => process.exit(0));
  });
  process.send?.({ id: readyId } satisfies Answered);
}
