import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, unlink } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Another process has the embedded database open; two would destroy it. */
class FolderInUse extends Error {
  constructor(folder: string) {
    super(
      `The data folder ${folder} is in use by another Usher. Stop that one first, or set DATA_DIR to another folder.`,
    );
    this.name = 'FolderInUse';
  }
}

export interface FolderLock {
  release(): Promise<void>;
}

const listening = (path: string): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen(path, () => resolve(server.unref()));
  });

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const done = (alive: boolean) => {
      socket.destroy();
      resolve(alive);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });

/**
 * Takes a folder for this process alone. The lock is a socket that this process listens on, so the operating system
 * gives it up the moment the process dies, however it dies. Each process listens first and looks around afterwards:
 * of two that start at once, at least one sees the other, and nobody opens the folder beside a living one.
 * The sockets lie in the system's temporary folder, because their paths must be short.
 * @throws {FolderInUse}
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await mkdir(folder, { recursive: true });
  const name = createHash('sha256')
    .update(await realpath(folder))
    .digest('hex')
    .slice(0, 16);
  if (process.platform === 'win32') return lockPipe(folder, `\\\\.\\pipe\\usher-${name}`);
  const place = join(tmpdir(), `usher-${name}`);
  await mkdir(place, { recursive: true, mode: 0o700 });
  const own = randomBytes(6).toString('hex');
  const server = await listening(join(place, own));
  const release = () => new Promise<void>((resolve) => server.close(() => resolve()));
  for (const other of await readdir(place)) {
    if (other === own) continue;
    if (await answers(join(place, other))) {
      await release();
      throw new FolderInUse(folder);
    }
    // Left behind by a process that was killed.
    await unlink(join(place, other)).catch(() => undefined);
  }
  return { release };
}

/** On Windows a named pipe can be listened on only once, and vanishes with its process. */
async function lockPipe(folder: string, path: string): Promise<FolderLock> {
  try {
    const server = await listening(path);
    return { release: () => new Promise<void>((resolve) => server.close(() => resolve())) };
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? new FolderInUse(folder) : error;
  }
}
