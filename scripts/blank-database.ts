// Makes the blank database that new embedded ones begin from.
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { blankDatabasePath } from '../src/store/blank-database.ts';

const db = await PGlite.create('memory://');
const tar = await db.dumpDataDir('none');
await db.close();
await mkdir(dirname(blankDatabasePath), { recursive: true });
// Two set-ups at once each write their own, and whoever comes last leaves a whole one.
const part = `${blankDatabasePath}.${process.pid}`;
await writeFile(part, Buffer.from(await tar.arrayBuffer()));
await rename(part, blankDatabasePath);
process.exit(0);
