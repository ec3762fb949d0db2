import type { Browsing, DigestCounts, Page, RoleAt, RoleMember, ScopeInTree, Viewer } from '../commands/browsing.ts';
import type { Audience } from '../domain/role-settings.ts';
import type { Scope } from '../domain/scope.ts';
import type { Sight } from '../domain/sight.ts';
import { groupsOf, inForceAt } from './holding.ts';
import { inSight, listedOf, pageOfHits } from './sight.ts';
import type { Sql } from './sql.ts';

/** Of an assignment `a` of the role `r`: the viewer may see who has it. */
const visible = `CASE r.kind
  WHEN 'directory' THEN ($1::jsonb->>'directory')::boolean
  WHEN 'resource' THEN a."scopeId" IN (SELECT id FROM managed)
  ELSE a."scopeId" IN (SELECT id FROM viewed) END`;

/** Of an assignment `a`: it is eligible, or there is access, on its way in or out. */
const openAt = (now: string) =>
  `((a.kind = 'eligible' AND a.status = 'InForce' AND (a."endsAt" IS NULL OR a."endsAt" > ${now}))
    OR (a.kind = 'active' AND a.status IN ('Scheduled', 'Provisioning', 'Active', 'Extending', 'Revoking')))`;

/** Of an assignment `a`: it is this person's own, or that of a group of theirs. */
const ownOf = (person: string, now: string) =>
  `(a."principalId" = ${person}::uuid
    OR (a."principalKind" = 'group' AND a."principalId"::text IN (${groupsOf(`${person}::uuid`, now)})))`;

const counts = `count(*) FILTER (WHERE a.kind = 'eligible')::int AS eligible,
  count(*) FILTER (WHERE a.kind = 'active')::int AS active`;

const sightOf = ({ sight }: Viewer): string => JSON.stringify(sight satisfies Sight);

/** {@link Browsing} on the database. */
export const createBrowsing = (sql: Sql): Browsing => ({
  scopeTree: async (viewer, filter, { skip, take }: Page) => {
    const rows = await sql.rows<ScopeInTree & { total: number }>(
      `WITH RECURSIVE own AS (
         SELECT DISTINCT a."scopeId" AS id FROM "Assignment" a WHERE ${openAt('$2')} AND ${ownOf('$3', '$2')}
       ),
       tree AS (
         SELECT id, name, kind, "parentId", '{}'::text[] AS above, ARRAY[''] AS place,
           ($1::jsonb->'resourcesBelow') ? id AS managed
         FROM "Scope" WHERE "parentId" IS NULL
         UNION ALL
         SELECT s.id, s.name, s.kind, s."parentId", tree.above || tree.name, tree.place || ARRAY[lower(s.name), s.id],
           tree.managed OR ($1::jsonb->'resourcesBelow') ? s.id
         FROM "Scope" s JOIN tree ON s."parentId" = tree.id WHERE s.kind <> 'group'
       ),
       hits AS (
         SELECT * FROM tree
         WHERE (managed OR (id = '/' AND ($1::jsonb->>'directory')::boolean) OR id IN (SELECT id FROM own))
           AND position(lower($4::text) IN lower(name)) > 0
       ),
       ${pageOfHits('place', '$6', '$5')}
       SELECT page.id, page.name, page.kind, page."parentId", page.above, c.eligible, c.active, (SELECT n FROM total) AS total
       FROM page CROSS JOIN LATERAL (
         SELECT ${counts} FROM "Assignment" a JOIN "Role" r ON r.id = a."roleId"
         WHERE a."scopeId" = page.id AND ${openAt('$2')} AND (${ownOf('$3', '$2')} OR CASE r.kind
           WHEN 'directory' THEN ($1::jsonb->>'directory')::boolean ELSE page.managed END)
       ) c ORDER BY page.place`,
      sightOf(viewer),
      viewer.now,
      viewer.personId,
      filter.trim(),
      skip,
      take,
    );
    return listedOf(rows, ({ total: _, ...scope }) => scope);
  },

  viewedScopes: (viewer, text, kinds, take) =>
    sql.rows<Scope>(
      `WITH RECURSIVE ${inSight},
       hits AS (
         SELECT s.*, lower(s.id) = lower($2::text) AS path, lower(s.name) = lower($2::text) AS named
         FROM "Scope" s JOIN viewed ON viewed.id = s.id
         WHERE (lower(s.id) = lower($2::text) OR position(lower($2::text) IN lower(s.name)) > 0)
           AND CASE $3::text WHEN 'groups' THEN s.kind = 'group' WHEN 'places' THEN s.kind <> 'group'
             ELSE s.id IN (SELECT id FROM managed) END
       )
       SELECT id, name, kind, "parentId" FROM hits
       WHERE path OR (named AND NOT EXISTS (SELECT FROM hits WHERE path))
         OR NOT EXISTS (SELECT FROM hits WHERE path OR named)
       ORDER BY name, id LIMIT $4::int`,
      sightOf(viewer),
      text.trim(),
      kinds,
      take,
    ),

  rolesAt: async (viewer, scopeIds, { skip, take }) => {
    const rows = await sql.rows<RoleAt & { total: number }>(
      `WITH RECURSIVE ${inSight},
       hits AS (
         SELECT r.id, r.name, r.kind, r.description, ${counts},
           count(*) FILTER (WHERE a."scopeId" <> ($3::text[])[1])::int AS inherited
         FROM "Assignment" a JOIN "Role" r ON r.id = a."roleId"
         WHERE a."scopeId" = ANY($3::text[]) AND ${openAt('$2')} AND CASE r.kind
           WHEN 'resource' THEN ($3::text[])[1] IN (SELECT id FROM managed)
           ELSE a."scopeId" = ($3::text[])[1] AND ${visible} END
         GROUP BY r.id
       ),
       ${pageOfHits('name', '$5', '$4')}
       SELECT page.*, (SELECT n FROM total) AS total FROM page ORDER BY name`,
      sightOf(viewer),
      viewer.now,
      scopeIds,
      skip,
      take,
    );
    return listedOf(rows, ({ total: _, ...role }) => role);
  },

  digest: async (viewer, since) => {
    const [row] = await sql.rows<DigestCounts>(
      `WITH RECURSIVE ${inSight},
       held AS (SELECT a.* FROM "Assignment" a JOIN "Role" r ON r.id = a."roleId" WHERE ${visible}),
       asked AS (
         SELECT a.* FROM "Request" a JOIN "Role" r ON r.id = a."roleId"
         WHERE a.status IN ('PendingApproval', 'TimedOut') AND ${visible}
       )
       SELECT
         (SELECT count(*)::int FROM held a WHERE a.kind = 'eligible' AND ${openAt('$2')}) AS eligible,
         (SELECT count(*)::int FROM held a WHERE a.kind = 'active' AND ${openAt('$2')}) AS active,
         (SELECT count(*)::int FROM held a WHERE a."requestId" IS NOT NULL AND a."confirmedAt" >= $3) AS activations,
         (SELECT count(*)::int FROM asked WHERE status = 'PendingApproval') AS waiting,
         (SELECT count(*)::int FROM held a WHERE a.status IN ('Provisioning', 'Extending', 'Revoking')
           AND EXISTS (SELECT FROM "Card" c WHERE c."subjectId" = a.id AND c.name = 'stuck')) AS stuck,
         (SELECT count(*)::int FROM asked WHERE status = 'TimedOut' AND "closedAt" >= $3) AS unanswered,
         (SELECT count(DISTINCT "recipientId")::int FROM "Card" WHERE "failedAt" >= $3) AS undeliverable`,
      sightOf(viewer),
      viewer.now,
      since,
    );
    if (!row) throw new Error('nothing was counted');
    return row;
  },

  roleMembers: async (viewer, { roleId, scopeIds, kind, guestsOnly, text }, { skip, take }) => {
    const rows = await sql.rows<RoleMember & { total: number }>(
      `WITH RECURSIVE ${inSight},
       held AS (
         SELECT a.*, s.name AS scope FROM "Assignment" a
         JOIN "Role" r ON r.id = a."roleId" JOIN "Scope" s ON s.id = a."scopeId"
         WHERE a."roleId" = $3 AND ${openAt('$2')} AND ($4::text IS NULL OR a.kind = $4::text)
           AND CASE WHEN $5::text[] IS NULL THEN ${visible} ELSE a."scopeId" = ANY($5::text[]) END
       ),
       each AS (
         SELECT held.*, CASE "principalKind" WHEN 'person' THEN "principalId" END AS "personId",
           CASE "principalKind" WHEN 'group' THEN "principalId" END AS "groupId", NULL AS through
         FROM held
         UNION ALL
         SELECT held.*, a."principalId", NULL, g.name FROM held
         JOIN "Group" g ON held."principalKind" = 'group' AND g.id = held."principalId"
         JOIN "Assignment" a ON a."roleId" = 'groupMember' AND a."scopeId" = '/groups/' || g.id AND ${inForceAt('$2')}
       ),
       hits AS (
         SELECT each.*, coalesce(p."displayName", g.name, '') AS name, coalesce(p."userType" = 'Guest', false) AS guest
         FROM each LEFT JOIN "Person" p ON p.id = each."personId" LEFT JOIN "Group" g ON g.id = each."groupId"
         WHERE (NOT $6::boolean OR p."userType" = 'Guest')
           AND position(lower($7::text) IN lower(concat_ws(' ', p."displayName", p.mail, g.name))) > 0
       ),
       ${pageOfHits('name, "startsAt", id, "personId"', '$9', '$8')}
       SELECT "personId", "groupId", name, guest, kind, status, "eligibilityId" IS NOT NULL AS activated, through, scope,
         "startsAt", "endsAt", (SELECT n FROM total) AS total
       FROM page ORDER BY name, "startsAt", id, "personId"`,
      sightOf(viewer),
      viewer.now,
      roleId,
      kind,
      scopeIds,
      guestsOnly,
      text.trim(),
      skip,
      take,
    );
    return listedOf(rows, ({ total: _, ...member }) => member);
  },

  settingsSetAt: (roleId, scopeIds) =>
    sql.rows<{ scopeId: Scope['id']; audience: Audience }>(
      'SELECT "scopeId", audience FROM "RoleSettings" WHERE "roleId" = $1 AND "scopeId" = ANY($2::text[])',
      roleId,
      scopeIds,
    ),
});
