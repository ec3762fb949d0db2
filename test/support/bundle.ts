import { renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { projectFile } from '../../src/runtime/project-file.ts';

const runBundle = fileURLToPath(new URL('./run-bundle.cjs', import.meta.url));

/**
 * A program with everything that it imports in one file, as arguments of Node.js: it starts much sooner, which counts
 * in tests that start many processes.
 */
export async function bundle(entry: string): Promise<readonly [string, string]> {
  // Below the project's root, where what stays outside of it is found; another worker may be making the same.
  const outfile = join(projectFile('node_modules/.cache'), `${basename(entry, '.ts')}.cjs`);
  const part = `${outfile}.${process.pid}`;
  await build({
    entryPoints: [projectFile(entry)],
    outfile: part,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    banner: { js: "const bundlesUrl = require('node:url').pathToFileURL(__filename).href;" },
    // A compiled script can’t import.
    supported: { 'dynamic-import': false },
    define: { 'import.meta.url': 'bundlesUrl' },
    logLevel: 'error',
    // They load files of their own, or are known by whoever loads them.
    external: ['@electric-sql/*', '@prisma/*', 'adaptivecards', 'jsdom', 'msgpackr-extract', 'pg', 'bullmq'],
  });
  // What was compiled is of another program.
  rmSync(`${outfile}.compiled`, { force: true });
  renameSync(part, outfile);
  return [runBundle, outfile];
}
