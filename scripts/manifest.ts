/** Packages the apps of Slack and Teams from the settings: `npm run manifest -- --out DIR` (default `out/manifest`). */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { packageApps } from '../manifest/package-apps.ts';

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: join('out', 'manifest') },
    socket: { type: 'boolean' },
    oauth: { type: 'boolean' },
    website: { type: 'string' },
    privacy: { type: 'string' },
    terms: { type: 'string' },
  },
});
const { files, said } = await packageApps(process.env, values);
if (files.size > 0) await mkdir(values.out, { recursive: true });
for (const [name, content] of files) await writeFile(join(values.out, name), content);
for (const line of said) console.log(line);
console.log(`${files.size > 0 ? `The files are in ${values.out}; ` : ''}docs/installing.md goes through every step.`);
if (files.size === 0) process.exitCode = 1;
