import type { Taken } from '../surfaces/slack/taken.ts';
import type { Database } from './database.ts';
import { sqlOn } from './sql.ts';

/** What the database refuses in text: NUL, and halves of characters. */
const storable = (_name: string, value: unknown): unknown =>
  typeof value === 'string' ? value.toWellFormed().replaceAll('\0', '') : value;

/** {@link Taken} on the database. The lease is longer than anything that is done for a delivery. */
export const createTaken = ({ prompt }: Pick<Database, 'prompt'>, sql = sqlOn(prompt)): Taken => ({
  take: async (key, body) => {
    const taken = await sql.run(
      `INSERT INTO "Taken" (key, body, "leasedUntil") VALUES ($1, $2::jsonb, now() + interval '20 seconds')
       ON CONFLICT (key) DO NOTHING`,
      key,
      JSON.stringify(body, storable),
    );
    return taken === 1;
  },
  done: async (key) => {
    await sql.run('UPDATE "Taken" SET body = NULL, "leasedUntil" = NULL WHERE key = $1', key);
  },
  abandoned: async (tries) => {
    await sql.run(
      'UPDATE "Taken" SET body = NULL, "leasedUntil" = NULL WHERE "leasedUntil" < now() AND attempts >= $1',
      tries,
    );
    return sql.rows<{ key: string; body: Record<string, unknown>; lastTry: boolean }>(
      `UPDATE "Taken" SET "leasedUntil" = now() + interval '20 seconds', attempts = attempts + 1
       WHERE key IN (
         SELECT key FROM "Taken" WHERE "leasedUntil" < now() AND attempts < $1
         ORDER BY at LIMIT 50 FOR UPDATE SKIP LOCKED
       ) RETURNING key, body, attempts >= $1 AS "lastTry"`,
      tries,
    );
  },
});
