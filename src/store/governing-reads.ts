import type { GoverningReads } from '../commands/ports.ts';
import { groupScope } from '../domain/group.ts';
import { type GroupId, isUuid, type ScopeId } from '../domain/ids.ts';
import type { BuiltInRole } from '../domain/role.ts';
import type { Scope, ScopeChain } from '../domain/scope.ts';
import type * as Table from './generated/models.ts';
import { inForceAt } from './holding.ts';
import { groupOf, personOf, storedSettingsOf } from './rows.ts';
import type { Sql } from './sql.ts';

/** {@link GoverningReads} on the database: one statement each, none where nothing is asked for. */
export const createGoverningReads = (sql: Sql): GoverningReads => ({
  scopeChains: async (ids) => {
    const chains = new Map<ScopeId, Scope[]>();
    if (ids.length === 0) return new Map();
    const rows = await sql.rows<Scope & { readonly of: ScopeId }>(
      `WITH RECURSIVE above AS (
        SELECT s.id AS of, s.*, 0 AS distance FROM "Scope" s WHERE s.id = ANY($1::text[])
        UNION ALL
        SELECT above.of, s.*, above.distance + 1 FROM "Scope" s JOIN above ON s.id = above."parentId"
      )
      SELECT of, id, name, kind, "parentId" FROM above ORDER BY distance`,
      ids,
    );
    for (const { of, ...scope } of rows) {
      const chain = chains.get(of);
      if (chain) chain.push(scope);
      else chains.set(of, [scope]);
    }
    return chains as unknown as ReadonlyMap<ScopeId, ScopeChain>;
  },

  settingsAmong: async (roleIds, scopeIds) =>
    roleIds.length === 0
      ? []
      : (
          await sql.rows<Table.RoleSettingsModel>(
            `SELECT * FROM "RoleSettings" WHERE "roleId" = ANY($1::text[]) AND "scopeId" = ANY($2::text[])`,
            roleIds,
            scopeIds,
          )
        ).map(storedSettingsOf),

  groupsById: async (ids) => {
    const known = ids.filter(isUuid);
    if (known.length === 0) return [];
    return (await sql.rows<Table.GroupModel>('SELECT * FROM "Group" WHERE id = ANY($1::uuid[])', known)).map(groupOf);
  },

  holdersAt: async (held, now) =>
    held.length === 0
      ? []
      : (
          await sql.rows<Table.PersonModel & { heldRole: BuiltInRole; heldScope: ScopeId }>(
            `WITH held AS (
               SELECT DISTINCT h.role, h.scope, a."principalKind", a."principalId" FROM "Assignment" a
               JOIN jsonb_to_recordset($1::jsonb) AS h(role text, scope text)
                 ON a."roleId" = h.role AND a."scopeId" = h.scope
               WHERE ${inForceAt('$2')}
             ), holder AS (
               SELECT role, scope, "principalId" AS id FROM held WHERE "principalKind" = 'person'
               UNION
               SELECT held.role, held.scope, a."principalId" FROM held
               JOIN "Assignment" a ON a."scopeId" = '/groups/' || held."principalId"
               WHERE held."principalKind" = 'group' AND a."roleId" = 'groupMember' AND ${inForceAt('$2')}
             )
             SELECT p.*, holder.role AS "heldRole", holder.scope AS "heldScope"
             FROM holder JOIN "Person" p ON p.id = holder.id ORDER BY p."createdAt", p.id`,
            JSON.stringify(held.map(({ role, scopeId }) => ({ role, scope: scopeId }))),
            now,
          )
        ).map(({ heldRole: role, heldScope: scopeId, ...row }) => ({ role, scopeId, person: personOf(row) })),

  memberships: async (ids, now) => {
    const groupAt = new Map<string, GroupId>(ids.map((id) => [groupScope(id), id]));
    if (groupAt.size === 0) return [];
    const rows = await sql.rows<Table.PersonModel & { group: string }>(
      `SELECT DISTINCT p.*, a."scopeId" AS "group" FROM "Assignment" a JOIN "Person" p ON p.id = a."principalId"
       WHERE a."roleId" = 'groupMember' AND a."scopeId" = ANY($1::text[]) AND ${inForceAt('$2')}
       ORDER BY p."createdAt", p.id`,
      [...groupAt.keys()],
      now,
    );
    return rows.map(({ group, ...row }) => ({ groupId: groupAt.get(group) as GroupId, person: personOf(row) }));
  },
});
