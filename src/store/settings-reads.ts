import type { Reads } from '../commands/ports.ts';
import { isUuid, type PersonId } from '../domain/ids.ts';
import type * as Table from './generated/models.ts';
import { groupsOf } from './holding.ts';
import { settingsChangeOf, settingsProposalOf, storedSettingsOf } from './rows.ts';
import type { Sql } from './sql.ts';

/** Reads of roles' settings and of whom they concern. */
export const createSettingsReads = (
  sql: Sql,
): Pick<Reads, 'storedSettings' | 'settingsChange' | 'settingsProposal' | 'governedBy' | 'breakGlassNaming'> => ({
  storedSettings: async () =>
    (
      await sql.rows<Table.RoleSettingsModel>('SELECT * FROM "RoleSettings" ORDER BY "roleId", "scopeId", audience')
    ).map(storedSettingsOf),
  settingsChange: async (id) => {
    if (!isUuid(id)) return null;
    const [row] = await sql.rows<Table.SettingsChangeModel>('SELECT * FROM "SettingsChange" WHERE id = $1', id);
    return row ? settingsChangeOf(row) : null;
  },
  settingsProposal: async (id) => {
    if (!isUuid(id)) return null;
    const [row] = await sql.rows<Table.SettingsProposalModel>('SELECT * FROM "SettingsProposal" WHERE id = $1', id);
    return row ? settingsProposalOf(row) : null;
  },
  breakGlassNaming: async (personId, now) =>
    (
      await sql.rows<Table.RoleSettingsModel>(
        `SELECT * FROM "RoleSettings" s WHERE s.rules->'breakGlass'->'personIds' ? $1::text OR EXISTS (
           SELECT FROM (${groupsOf('($1::text)::uuid', '$2')}) g(id) WHERE s.rules->'breakGlass'->'groupIds' ? g.id
         ) ORDER BY s."roleId", s."scopeId", s.audience`,
        personId,
        now,
      )
    ).map(storedSettingsOf),
  governedBy: async (roleId, chain, audience, now) => {
    // Down to where other settings for the same audience begin. Where guests have their own, others' are not theirs.
    const rows = await sql.rows<{ kind: 'eligible' | 'active'; personId: PersonId }>(
      `WITH RECURSIVE ruled AS (
         SELECT $2::text AS id, EXISTS (
           SELECT FROM "RoleSettings" WHERE "roleId" = $1 AND "scopeId" = ANY($3::text[]) AND audience = 'guests'
             AND rules IS NOT NULL
         ) AS guests
         UNION ALL
         SELECT s.id, ruled.guests OR EXISTS (
           SELECT FROM "RoleSettings" r WHERE r."roleId" = $1 AND r."scopeId" = s.id AND r.audience = 'guests'
             AND r.rules IS NOT NULL
         )
         FROM "Scope" s JOIN ruled ON s."parentId" = ruled.id
         WHERE NOT EXISTS (
           SELECT FROM "RoleSettings" r WHERE r."roleId" = $1 AND r."scopeId" = s.id AND r.audience = $4
             AND r.rules IS NOT NULL
         )
       ), held AS (
         SELECT a.kind, a."principalKind", a."principalId", ruled.guests FROM "Assignment" a JOIN ruled ON a."scopeId" = ruled.id
         WHERE a."roleId" = $1 AND a.status IN ('InForce', 'Provisioning', 'Active')
           AND (a."endsAt" IS NULL OR a."endsAt" > $5)
       )
       SELECT DISTINCT held.kind, p.id AS "personId" FROM held
       JOIN "Person" p ON (held."principalKind" = 'person' AND p.id = held."principalId")
         OR (held."principalKind" = 'group' AND p.id IN (
           SELECT m."principalId" FROM "Assignment" m WHERE m."roleId" = 'groupMember' AND m.kind = 'active'
             AND m."scopeId" = '/groups/' || held."principalId" AND m.status = 'Active'
             AND (m."endsAt" IS NULL OR m."endsAt" > $5)))
       WHERE CASE WHEN $4 = 'guests' THEN p."userType" = 'Guest' ELSE p."userType" <> 'Guest' OR NOT held.guests END`,
      roleId,
      chain[0].id,
      chain.map(({ id }) => id),
      audience,
      now,
    );
    const of = (kind: string) => rows.filter((row) => row.kind === kind).map(({ personId }) => personId);
    return { eligible: of('eligible'), active: of('active') };
  },
});
