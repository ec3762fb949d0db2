import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { projectFile } from '../src/runtime/project-file.ts';
import type { ChatLink } from '../src/surfaces/web/start-page.ts';

/** Somebody whose chat is opened. */
export interface Persona {
  /** A folder's name, too. */
  readonly name: string;
  readonly displayName: string;
  readonly email: string;
  readonly preferredPort: number;
  readonly aadObjectId: string;
}

export interface Playgrounds {
  readonly links: readonly ChatLink[];
  stop(): Promise<void>;
}

const program = createRequire(import.meta.url).resolve('@microsoft/m365agentsplayground/cli.js');
const preload = projectFile('dev/loopback-only.cjs');
const startWithinMs = 45_000;
const endWithinMs = 3_000;

/** Nothing of Usher's own settings, which may hold secrets, is handed on. */
const handedOn = ['PATH', 'HOME', 'USERPROFILE', 'APPDATA', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP', 'LANG', 'TZ'];

const userOf = ({ name, displayName, email, aadObjectId }: Omit<Persona, 'preferredPort'>) => {
  const [givenName = displayName, surname = displayName] = displayName.split(' ');
  return { id: `user-${name}`, name: displayName, userPrincipleName: email, aadObjectId, givenName, surname, email };
};

/** Nobody's chats: the Playground insists on five users beside the one whose chat it is, no fewer and no more. */
const bystanders = ['Bea', 'Cem', 'Dora', 'Emil', 'Fay'].map((givenName, index) =>
  userOf({
    name: givenName.toLowerCase(),
    displayName: `${givenName} Bystander`,
    email: `${givenName.toLowerCase()}@contoso.example`,
    aadObjectId: `00000000-0000-4000-8000-00000000000${index + 1}`,
  }),
);

const settingsFor = (persona: Persona, others: readonly Persona[], tenantId: string) => ({
  version: '0.1.1',
  tenantId,
  bot: { id: 'usher', name: 'Usher' },
  currentUser: userOf(persona),
  users: [...others.map(userOf), ...bystanders].slice(0, 5),
  personalChat: { id: `personal-${persona.name}` },
  groupChat: { id: `group-${persona.name}`, name: 'Group chat' },
  team: {
    id: `team-${persona.name}`,
    name: 'Contoso',
    aadGroupId: '00000000-0000-4000-8000-000000000031',
    channels: [{ id: `channel-${persona.name}`, name: 'Announcements' }],
  },
});

/** This port, where it is free, or any free one. */
export const freePort = (wanted = 0): Promise<number> =>
  new Promise((done, fail) => {
    const server = createServer();
    server.once('error', (error) => (wanted ? done(freePort()) : fail(error)));
    server.listen(wanted, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => done(port));
    });
  });

/** What is wrong, as its log says it. */
const reasonIn = async (logFile: string): Promise<string | undefined> =>
  /^error Reason: (.*?)\.?$/m.exec(await readFile(logFile, 'utf8').catch(() => ''))?.[1];

/** The port that it says it listens on: it falls back to another by itself when its own was taken meanwhile. */
function listening(child: ChildProcess): Promise<number> {
  return new Promise((done, fail) => {
    let said = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-4_000);
      const port = /Listening on (\d+)/.exec(said)?.[1];
      if (port) done(Number(port));
    });
    child.stderr?.resume();
    child.once('error', fail);
    child.once('exit', () => fail(new Error('it ended')));
    setTimeout(() => fail(new Error(`it was not up after ${startWithinMs / 1000} seconds`)), startWithinMs).unref();
  });
}

/** Its address, once it answers: it listens before it has read its settings, and ends when they are wrong. */
async function opened(child: ChildProcess, name: string, logFile: string): Promise<string> {
  try {
    const port = await listening(child);
    // By number: trying both families of addresses fails now and then on a machine that is busy.
    await fetch(`http://127.0.0.1:${port}/_debug/ping`, { signal: AbortSignal.timeout(startWithinMs) });
    return `http://localhost:${port}`;
  } catch (error) {
    const reason = (await reasonIn(logFile)) ?? (error as Error).message;
    throw new Error(`The chat client of the ${name} did not start: ${reason}. Its log is ${logFile}.`, {
      cause: error,
    });
  }
}

/** Ends a child and whatever it started, and waits until it is gone. */
async function end(child: ChildProcess): Promise<void> {
  const { pid } = child;
  if (pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once('exit', done));
  const kill = (signal: NodeJS.Signals) => {
    try {
      if (process.platform === 'win32') child.kill(signal);
      else process.kill(-pid, signal);
    } catch {
      // It was gone already.
    }
  };
  kill('SIGTERM');
  const timer = setTimeout(() => kill('SIGKILL'), endWithinMs);
  await gone;
  clearTimeout(timer);
}

/**
 * Starts a Microsoft 365 Agents Playground, a Teams client for local use, for each persona, and resolves when they can be
 * opened. They talk to this machine only, keep nothing but a settings file and a log in `dir`, and end with this process.
 */
export async function startPlaygrounds(parts: {
  readonly endpoint: string;
  /** The data folder; an in-memory one (`memory://`) has none, and a temporary folder takes its place. */
  readonly dir: string;
  readonly personas: readonly Persona[];
  readonly tenantId: string;
  readonly log: Logger;
}): Promise<Playgrounds> {
  const { endpoint, dir, personas, tenantId, log } = parts;
  const temporary = dir.startsWith('memory:') ? await mkdtemp(join(tmpdir(), 'usher-playground-')) : null;
  const root = temporary ?? resolve(dir, 'playground');
  const children: ChildProcess[] = [];
  let stopping = false;

  const stop = async () => {
    stopping = true;
    await Promise.all(children.map(end));
    if (temporary) await rm(temporary, { recursive: true, force: true });
  };

  async function start(persona: Persona): Promise<ChatLink> {
    const { name, displayName, preferredPort } = persona;
    const folder = join(root, name);
    await mkdir(folder, { recursive: true });
    const others = personas.filter((other) => other !== persona);
    // JSON is YAML.
    const settings = JSON.stringify(settingsFor(persona, others, tenantId), null, 2);
    await writeFile(join(folder, '.m365agentsplayground.yml'), settings);
    const port = await freePort(preferredPort);
    const logFile = join(folder, 'playground.log');
    const child = spawn(
      process.execPath,
      ['--require', preload, program, 'start', '-e', endpoint, '-c', 'msteams', '-p', String(port), '--dt'],
      {
        cwd: folder,
        env: {
          ...Object.fromEntries(handedOn.flatMap((key) => (process.env[key] ? [[key, process.env[key]]] : []))),
          TEAMSAPPTESTER_BROWSER: 'none',
          M365_AGENTS_PLAYGROUND_LOGFILE: logFile,
          APPLICATION_INSIGHTS_NO_STATSBEAT: 'true',
          // Of Node's warnings, none is for the reader of this log.
          NODE_NO_WARNINGS: '1',
        },
        // The channel is not for messages: when this process is gone, it closes.
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        // A group of its own, so that a Ctrl-C is this process's to handle, and the whole group can be ended.
        detached: process.platform !== 'win32',
        windowsHide: true,
      },
    );
    children.push(child);
    const url = await opened(child, name, logFile);
    child.once('exit', (code, signal) => {
      if (!stopping) log.warn({ name, code, signal }, 'a chat client ended');
    });
    return { name: `${displayName} (${name})`, url };
  }

  try {
    return { links: await Promise.all(personas.map(start)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
