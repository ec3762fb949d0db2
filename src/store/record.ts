import type { Records } from '../commands/browsing.ts';
import type * as Table from './generated/models.ts';
import { auditEntryOf, requestOf } from './rows.ts';
import { inSight, listedOf, pageOfHits } from './sight.ts';
import type { Sql } from './sql.ts';

/** Where something on the record was, exactly: as the entry says it, or what it is about; null where neither is known. */
const placeOf = `coalesce(
  e.details->>'scopeId',
  (SELECT q."scopeId" FROM "Request" q WHERE q.id = e."requestId"),
  (SELECT a."scopeId" FROM "Assignment" a
   WHERE a.id = CASE WHEN e.details->>'assignment' ~ '^[0-9a-f-]{36}$' THEN (e.details->>'assignment')::uuid END))`;

/** The place is among these; where only its name is known, everything of that name is. */
const within = (these: string) => `CASE WHEN ${placeOf} IS NOT NULL THEN ${placeOf} IN (SELECT id FROM ${these})
  ELSE EXISTS (SELECT FROM "Scope" s WHERE s.name = e.scope)
    AND NOT EXISTS (SELECT FROM "Scope" s WHERE s.name = e.scope AND s.id NOT IN (SELECT id FROM ${these})) END`;

/** Of an entry `e` about the role `r`, if any: it is about the viewer (`$2`), by them, or theirs to see. */
const visible = `(e."personId" = $2::uuid OR e."subjectId" = $2::uuid OR CASE
  WHEN e.role IS NULL THEN ($1::jsonb->>'record')::boolean
  WHEN r.kind = 'directory' THEN ($1::jsonb->>'directory')::boolean
  WHEN r.kind = 'group' THEN ${within('viewed')}
  ELSE ${within('managed')} END)`;

/** {@link Records} on the database. */
export const createRecords = (sql: Sql): Records => ({
  record: async (viewer, filter, upTo, { skip, take }) => {
    const rows = await sql.rows<Table.AuditEntryModel & { total: number }>(
      `WITH RECURSIVE ${inSight},
       hits AS (
         SELECT e.* FROM "AuditEntry" e LEFT JOIN "Role" r ON r.name = e.role
         WHERE e.sequence <= $3::int
           AND ($4::uuid IS NULL OR e."personId" = $4::uuid OR e."subjectId" = $4::uuid)
           AND ($5::text IS NULL OR lower(e.role) = lower($5::text))
           AND ($6::text IS NULL OR lower(e.scope) = lower($6::text) OR lower(${placeOf}) = lower($6::text))
           AND ($7::timestamptz IS NULL OR e.at >= $7::timestamptz)
           AND ($8::timestamptz IS NULL OR e.at < $8::timestamptz)
           AND ($9::text IS NULL OR e.result = $9::text)
           AND position(lower($10::text) IN e.action) > 0
           AND ${visible}
       ),
       ${pageOfHits('sequence DESC', '$12', '$11')}
       SELECT page.*, (SELECT n FROM total) AS total FROM page ORDER BY sequence DESC`,
      JSON.stringify(viewer.sight),
      viewer.personId,
      upTo,
      filter.personId,
      filter.role,
      filter.scope,
      filter.from,
      filter.to,
      filter.result,
      filter.action,
      skip,
      take,
    );
    return listedOf(rows, ({ total: _, ...row }) => auditEntryOf(row));
  },

  storyOf: async ({ id, state }) =>
    (
      await sql.rows<Table.AuditEntryModel>(
        `SELECT * FROM "AuditEntry" WHERE "requestId" = $1
           OR "requestId" IN (SELECT id FROM "Request" WHERE "eligibilityId" = $2)
         ORDER BY sequence`,
        id,
        'assignmentId' in state ? state.assignmentId : null,
      )
    ).map(auditEntryOf),

  requestsByReference: async (reference) =>
    (await sql.rows<Table.RequestModel>('SELECT * FROM "Request" WHERE right(id::text, 8) = $1', reference)).map(
      requestOf,
    ),
});
