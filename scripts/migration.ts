// Writes the migration that brings the database to prisma/schema.prisma: npm run migration -- NAME
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFile } from '../src/runtime/project-file.ts';
import { schemaDifference } from './schema-diff.ts';

const name = process.argv[2];
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('Say what the migration does, in small letters: npm run migration -- add_reviews');
  process.exit(1);
}
const folder = projectFile('prisma');
const { agree, sql } = await schemaDifference(folder);
if (agree) {
  console.log('The migrations agree with prisma/schema.prisma; there is nothing to write.');
  process.exit(0);
}
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
const target = join(folder, 'migrations', `${stamp}_${name}`);
mkdirSync(target, { recursive: true });
writeFileSync(join(folder, 'migrations', 'migration_lock.toml'), 'provider = "postgresql"\n');
writeFileSync(join(target, 'migration.sql'), sql);
console.log(`Written: ${join(target, 'migration.sql')}`);
process.exit(0);
