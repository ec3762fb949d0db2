// Generates the database client. `prisma generate` insists on a schema engine that it does not use;
// naming any existing file keeps it from downloading one (see docs/decisions/0001-prisma-without-its-engine.md).
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const result = spawnSync(process.execPath, [require.resolve('prisma/build/index.js'), 'generate', '--no-hints'], {
  stdio: ['ignore', process.env.USHER_QUIET ? 'ignore' : 'inherit', 'inherit'],
  env: {
    ...process.env,
    CHECKPOINT_DISABLE: '1',
    PRISMA_SCHEMA_ENGINE_BINARY: process.env.PRISMA_SCHEMA_ENGINE_BINARY || process.execPath,
  },
});
process.exit(result.status ?? 1);
