// A process of its own that holds an embedded database: it commits people one after the other and names each on its
// standard output once the commit is acknowledged. Its only argument is the folder.

import { openDatabase } from '../../src/store/database.ts';
import { migrate } from '../../src/store/migrate.ts';
import { createWrites } from '../../src/store/writes.ts';
import { aFact, aPerson, batch, person } from '../contracts/store-fixtures.ts';
import { migrationsFolder, silent } from '../support/served-database.ts';

async function hold(): Promise<never> {
  const database = await openDatabase({ url: null, dataDir: String(process.argv.at(-1)), log: silent });
  await migrate(database.pool, migrationsFolder);
  const writes = createWrites(database);
  for (;;) {
    const value = aPerson();
    await writes.commit(batch({ put: [person(value)], audit: [aFact()] }));
    process.stdout.write(`${value.id}\n`);
  }
}

hold().catch((error: Error) => {
  console.error(error.message);
  process.exit(1);
});
