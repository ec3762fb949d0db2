import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const path = (name) => join(root, name);

/** What is wrong with a version of Node, in a sentence; `null` for nothing. */
export function nodeProblem(version) {
  const [major, minor] = version.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return null;
  return `Usher needs Node.js 20.19 or newer, and this is ${version}. Get one from https://nodejs.org, and try again.`;
}

/** `npm ci` is due when nothing is installed, or when the lock file has changed since. */
export function needsInstall(lockFile, installedLockFile) {
  const installed = statSync(installedLockFile, { throwIfNoEntry: false });
  return !installed || statSync(lockFile).mtimeMs > installed.mtimeMs;
}

const quit = (sentence) => {
  console.error(sentence);
  process.exit(1);
};

function run(command, args, options = {}) {
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: root, encoding: 'utf8', ...options });
  if (status === 0) return;
  process.stderr.write(`${stdout ?? ''}${stderr ?? ''}${error ? `${error.message}\n` : ''}`);
  // Stopped by Ctrl-C: that is no failure to explain.
  if (status === null && !error) process.exit(130);
  quit(`${[command, ...args].join(' ')} failed, so Usher can’t start. What it said is above.`);
}

/** Makes a fresh clone, or one that was just updated, ready to run: the packages the database client, and a blank database. */
export function setUp() {
  const problem = nodeProblem(process.versions.node);
  if (problem) quit(problem);
  const env = { ...process.env, USHER_QUIET: '1' };
  if (needsInstall(path('package-lock.json'), path('node_modules/.package-lock.json'))) {
    console.log('Installing what Usher needs; this takes a minute…');
    // The tests' packages too, whatever NODE_ENV says.
    const shell = process.platform === 'win32';
    run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], { env, shell });
  }
  if (!existsSync(path('src/store/generated/client.ts')))
    run(process.execPath, [path('scripts/generate.mjs')], { env });
  if (!existsSync(path('node_modules/@electric-sql/pglite/usher-blank-database.tar')))
    run(process.execPath, ['--import', 'tsx', path('scripts/blank-database.ts')], { env, cwd: root });
}
