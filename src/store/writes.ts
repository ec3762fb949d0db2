import {
  AlreadyAnswered,
  Conflict,
  type Owed,
  organisationSubject,
  type Post,
  type Writes,
} from '../commands/ports.ts';
import { type AuditFact, chain } from '../domain/audit.ts';
import type { Change, Entity, Reliance } from '../domain/change.ts';
import { groupScope } from '../domain/group.ts';
import type { GroupId } from '../domain/ids.ts';
import { directoryScope } from '../domain/scope.ts';
import type { Connected } from './database.ts';
import { auditRowOf, rowOf } from './rows.ts';
import { inTransaction, type Sql } from './sql.ts';
import { isUniqueViolation, isWriteConflict } from './write-conflict.ts';

type Row = Record<string, unknown>;

const quoted = (names: readonly string[]) => names.map((name) => `"${name}"`);

function grouped<T extends { readonly entity: Entity['entity'] }>(items: readonly T[]): Map<Entity['entity'], T[]> {
  const groups = new Map<Entity['entity'], T[]>();
  for (const item of items) groups.set(item.entity, (groups.get(item.entity) ?? []).concat(item));
  return groups;
}

/** Rows travel as one JSON parameter, typed by the table itself: one statement however many there are. */
async function insert(tx: Sql, table: string, rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const columns = quoted(Object.keys(first)).join(', ');
  await tx.run(
    `INSERT INTO "${table}" (${columns}) SELECT ${columns} FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb)`,
    JSON.stringify(rows),
  );
}

/** What names a row, where that is not its id. */
const keys: Readonly<Partial<Record<Entity['entity'], readonly string[]>>> = {
  RoleSettings: ['roleId', 'scopeId', 'audience'],
};

/** Replaces exactly the version before each row's own. */
async function replace(tx: Sql, table: Entity['entity'], rows: readonly Row[]): Promise<void> {
  const [first] = rows;
  if (!first) return;
  const key = keys[table] ?? ['id'];
  const set = quoted(Object.keys(first).filter((column) => !key.includes(column))).map(
    (column) => `${column} = n.${column}`,
  );
  const same = quoted(key).map((column) => `t.${column} = n.${column}`);
  const replaced = await tx.run(
    `UPDATE "${table}" t SET ${set.join(', ')} FROM jsonb_populate_recordset(NULL::"${table}", $1::jsonb) n
     WHERE ${same.join(' AND ')} AND t.version = n.version - 1`,
    JSON.stringify(rows),
  );
  if (replaced !== rows.length) throw new Conflict(`${table} has moved on`);
}

/** Holds what the decision relied on still until the end of the transaction. */
async function hold(tx: Sql, table: string, relied: readonly Reliance[]): Promise<void> {
  const versions = new Map(relied.map(({ id, version }) => [id, version]));
  const rows = await tx.rows<{ id: string; version: number }>(
    `SELECT id, version FROM "${table}" WHERE id = ANY($1::uuid[]) ORDER BY id FOR SHARE`,
    [...versions.keys()],
  );
  if (rows.length !== versions.size || rows.some(({ id, version }) => versions.get(id) !== version))
    throw new Conflict(`${table} has moved on`);
}

/** PostgreSQL's own word for the instant of the transaction: leases and queueing go by the database's clock alone. */
const databaseNow = 'now';

/** The place in which a group's membership and ownership are held. */
const scopeOf = ({ id, name }: Row): Row => ({
  id: groupScope(id as GroupId),
  name,
  kind: 'group',
  parentId: directoryScope,
});

async function put(tx: Sql, entities: readonly Entity[]): Promise<void> {
  for (const [table, items] of grouped(entities)) {
    const rows = items.map((item) => ({
      ...rowOf(item),
      ...(table === 'Assignment' ? { queuedAt: databaseNow } : {}),
    }));
    await insert(
      tx,
      table,
      rows.filter((row) => (row as Row).version === 1),
    );
    if (table === 'Group') await insert(tx, 'Scope', rows.filter(({ version }: Row) => version === 1).map(scopeOf));
    await replace(
      tx,
      table,
      rows.filter((row) => (row as Row).version !== 1),
    );
  }
}

/** What quiet hours hold back. */
async function wake(tx: Sql, people: readonly string[]): Promise<string[]> {
  if (people.length === 0) return [];
  const woken = await tx.rows<{ id: string }>(
    `UPDATE "Card" SET "notBefore" = NULL, "queuedAt" = now()
     WHERE "recipientId" = ANY($1::uuid[]) AND "notBefore" IS NOT NULL AND shown < wanted RETURNING id`,
    people,
  );
  return woken.map(({ id }) => id);
}

/** New cards, and every posted card of a subject that has changed; what is planned twice is posted once. */
async function owe(tx: Sql, posts: readonly Post[], refresh: readonly string[]): Promise<string[]> {
  const refreshed =
    refresh.length === 0
      ? []
      : await tx.rows<{ id: string }>(
          `UPDATE "Card" SET wanted = wanted + 1, "queuedAt" = now()
           WHERE "subjectId" = ANY($1::uuid[]) AND channel = 'chat' AND "failedAt" IS NULL RETURNING id`,
          [...new Set(refresh)],
        );
  if (posts.length === 0) return refreshed.map((row) => row.id);
  const posted = await tx.rows<{ id: string }>(
    `INSERT INTO "Card" (key, name, "subjectId", "recipientId", "mailTo", channel, "canWait", "createdAt", "queuedAt")
     SELECT key, name, "subjectId", "recipientId", "mailTo", channel, "canWait", now(), now()
     FROM jsonb_populate_recordset(NULL::"Card", $1::jsonb)
     ON CONFLICT (key) DO NOTHING RETURNING id`,
    JSON.stringify(posts),
  );
  return [...refreshed, ...posted].map((row) => row.id);
}

/**
 * The standing pages on which that shows: of whoever gets a card or has a copy of one that changes, and the
 * administrators'. Those are in everybody's way, so their turn comes when the audit has put the transactions in a row.
 */
async function oweHomes(tx: Sql, posts: readonly Post[], refresh: readonly string[]): Promise<string[]> {
  if (posts.length + refresh.length === 0) return [];
  const homes = await tx.rows<{ id: string }>(
    `UPDATE "Card" SET wanted = wanted + 1, "queuedAt" = now()
     WHERE channel = 'home' AND "createdAt" > now() - interval '1 day' AND (
       "subjectId" = $3::uuid OR "recipientId" = ANY($2::uuid[]) OR "recipientId" = ANY(ARRAY(
         SELECT "recipientId" FROM "Card" WHERE "subjectId" = ANY($1::uuid[]) AND channel = 'chat'
       ))
     ) RETURNING id`,
    [...new Set(refresh)],
    posts.flatMap(({ recipientId }) => recipientId ?? []),
    organisationSubject,
  );
  return homes.map((row) => row.id);
}

/** Appends to the chain. The head is locked from here to the commit, so this comes late. */
async function record(tx: Sql, facts: readonly AuditFact[], at: Date): Promise<void> {
  if (facts.length === 0) return;
  const [head] = await tx.rows<{ sequence: number; hash: string }>(
    'SELECT sequence, hash FROM "AuditHead" WHERE id = 1 FOR UPDATE',
  );
  if (!head) throw new Error('the audit chain has no head');
  const entries = chain(head, facts, at);
  const last = entries.at(-1);
  await insert(tx, 'AuditEntry', entries.map(auditRowOf));
  await tx.run('UPDATE "AuditHead" SET sequence = $1, hash = $2 WHERE id = 1', last?.sequence, last?.hash);
}

const all = <T>(changes: readonly Change[], part: (change: Change) => readonly T[]): T[] => changes.flatMap(part);

/** {@link Writes} on the database: one transaction a batch, at read committed, with versions against lost updates. */
export const createWrites = ({ pool }: Pick<Connected, 'pool'>): Writes => ({
  commit: async ({ at, changes, telling, answer, settledDeadlines = [] }) => {
    const provision = new Set(all(changes, (change) => change.provision));
    const deadlines = all(changes, (change) => change.deadlines);
    const withdrawn = all(changes, (change) => change.withdrawDeadlinesOf);
    const run = async (tx: Sql): Promise<Owed> => {
      if (answer) {
        const first = await tx.run(
          'INSERT INTO "Answered" (key, answer) VALUES ($1, $2::jsonb) ON CONFLICT DO NOTHING',
          answer.key,
          JSON.stringify(answer.answer),
        );
        if (first === 0) throw new AlreadyAnswered(answer.key);
      }
      for (const [table, relied] of grouped(all(changes, (change) => change.relyOn))) await hold(tx, table, relied);
      await put(
        tx,
        all(changes, (change) => change.put),
      );
      if (withdrawn.length + settledDeadlines.length > 0)
        await tx.run(
          // What was leased as due and is not due now, because a clock was set back, stays for later.
          `DELETE FROM "Deadline" WHERE "subjectId" = ANY($1::uuid[])
           OR (id = ANY($2::uuid[]) AND "dueAt" <= $3::timestamptz)`,
          withdrawn,
          settledDeadlines,
          at,
        );
      if (deadlines.length > 0)
        await tx.run(
          `INSERT INTO "Deadline" (kind, "subjectId", "dueAt") SELECT kind, "subjectId", "dueAt"
           FROM jsonb_populate_recordset(NULL::"Deadline", $1::jsonb)`,
          JSON.stringify(deadlines),
        );
      const woken = await wake(tx, telling.wake ?? []);
      const cards = [...woken, ...(await owe(tx, telling.posts, telling.refresh))];
      await record(
        tx,
        all(changes, (change) => change.audit),
        at,
      );
      const homes = await oweHomes(tx, telling.posts, telling.refresh);
      return { cards, homes, assignments: [...provision], deadlines: deadlines.map((deadline) => deadline.dueAt) };
    };
    try {
      return await inTransaction(pool, run);
    } catch (error) {
      if (isWriteConflict(error) || isUniqueViolation(error))
        throw new Conflict('somebody else was faster', { cause: error });
      throw error;
    }
  },
});
