import type { Listed } from '../commands/browsing.ts';

/** The scopes that a `Sight` (`$1`, as JSON) reaches: `managed` for resource roles, `viewed` for any. */
export const inSight = `
  managed AS (
    SELECT id FROM "Scope" WHERE id IN (SELECT jsonb_array_elements_text($1::jsonb->'resourcesBelow'))
    UNION
    SELECT s.id FROM "Scope" s JOIN managed ON s."parentId" = managed.id WHERE s.kind <> 'group'
  ),
  viewed AS (
    SELECT id FROM managed
    UNION SELECT '/' WHERE ($1::jsonb->>'directory')::boolean
    UNION SELECT '/groups/' || id FROM "Group" WHERE
      CASE WHEN "roleAssignable" THEN ($1::jsonb->>'roleAssignableGroups')::boolean
           ELSE ($1::jsonb->>'otherGroups')::boolean END
      OR ($1::jsonb->'groups') ? ('/groups/' || id)
  )`;

/** The page of `hits`, or the last one. */
export const pageOfHits = (order: string, take: string, skip: string) => `
  total AS (SELECT count(*)::int AS n FROM hits),
  page AS (
    SELECT * FROM hits ORDER BY ${order} LIMIT ${take}::int
    OFFSET (SELECT least(${skip}::int, greatest(0, (n - 1) / ${take}::int * ${take}::int)) FROM total)
  )`;

export const listedOf = <Row extends { total: number }, T>(rows: readonly Row[], read: (row: Row) => T): Listed<T> => ({
  total: rows[0]?.total ?? 0,
  items: rows.map(read),
});
