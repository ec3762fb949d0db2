import { createHash } from 'node:crypto';
import type { Pool, PoolClient } from 'pg';

/** Statements with their parameters ($1, $2 …), each prepared once on a connection. */
export interface Sql {
  rows<Row>(text: string, ...values: readonly unknown[]): Promise<Row[]>;
  /** The number of rows that it changed. */
  run(text: string, ...values: readonly unknown[]): Promise<number>;
}

const names = new Map<string, string>();
const nameOf = (text: string): string => {
  const known = names.get(text);
  if (known) return known;
  const name = createHash('sha256').update(text).digest('hex').slice(0, 32);
  names.set(text, name);
  return name;
};

export const sqlOn = (on: Pool | PoolClient): Sql => {
  const query = (text: string, values: readonly unknown[]) =>
    on.query({ name: nameOf(text), text, values: [...values] });
  return {
    rows: async <Row>(text: string, ...values: readonly unknown[]) => (await query(text, values)).rows as Row[],
    run: async (text, ...values) => (await query(text, values)).rowCount ?? 0,
  };
};

/** Runs it in one transaction at read committed; whatever it throws undoes it. */
export async function inTransaction<T>(pool: Pool, run: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // A connection that drops fails the query that waits; unheard, its event would end the process.
  const unheard = (error: Error) => {
    broken = error;
  };
  client.on('error', unheard);
  try {
    await client.query('BEGIN');
    const result = await run(sqlOn(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((fault: Error) => {
      broken = fault;
    });
    throw error;
  } finally {
    client.off('error', unheard);
    client.release(broken);
  }
}
