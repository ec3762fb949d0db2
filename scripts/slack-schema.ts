/** Writes the schema of Slack's types, after an update of `@slack/types`: `npx tsx scripts/slack-schema.ts`. */
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { schemaOfSlackTypes } from '../dev/slack-workspace/slack-types.ts';

const file = join('dev', 'slack-workspace', 'slack-types.schema.json');
await writeFile(file, JSON.stringify(schemaOfSlackTypes(), null, 2));
execFileSync('npx', ['biome', 'format', '--write', file]);
console.log(`${file} is what the installed @slack/types say.`);
