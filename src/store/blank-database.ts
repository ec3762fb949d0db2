import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { projectFile } from '../runtime/project-file.ts';

/**
 * Where set-up keeps an embedded database with nothing in it: opening a copy takes a fifth of making one. It lies in the
 * package's folder, and goes with its version.
 */
export const blankDatabasePath = projectFile('node_modules/@electric-sql/pglite/usher-blank-database.tar');

/** What a new embedded database begins from; nothing where set-up has not made it: then it is made from scratch. */
export const blankDatabase = async (): Promise<{ loadDataDir?: Blob }> =>
  existsSync(blankDatabasePath) ? { loadDataDir: new Blob([await readFile(blankDatabasePath)]) } : {};
