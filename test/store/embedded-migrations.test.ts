import { describe } from 'vitest';
import { migrationsContract } from '../contracts/store-migrations.ts';
import { openEmbeddedDatabase } from '../support/served-database.ts';

describe('the embedded database', () => migrationsContract(() => openEmbeddedDatabase(null)));
