import type { DelegationReads } from '../commands/ports.ts';
import { isUuid, type PersonId } from '../domain/ids.ts';
import { delegationOf } from './delegation-rows.ts';
import type * as Table from './generated/models.ts';
import { personOf } from './rows.ts';
import type { Sql } from './sql.ts';

/** {@link DelegationReads} on the database. */
export const createDelegationReads = (sql: Sql): DelegationReads => ({
  delegation: async (id) => {
    if (!isUuid(id)) return null;
    const [row] = await sql.rows<Table.DelegationModel>('SELECT * FROM "Delegation" WHERE id = $1', id);
    return row ? delegationOf(row) : null;
  },
  openDelegationOf: async (approverId) => {
    const [row] = await sql.rows<Table.DelegationModel>(
      `SELECT * FROM "Delegation" WHERE "approverId" = $1 AND status IN ('Scheduled', 'InForce')`,
      approverId,
    );
    return row ? delegationOf(row) : null;
  },
  openDelegationsTo: async (standInId) =>
    (
      await sql.rows<Table.DelegationModel>(
        `SELECT * FROM "Delegation" WHERE "standInId" = $1 AND status IN ('Scheduled', 'InForce')
         ORDER BY "startsAt", id`,
        standInId,
      )
    ).map(delegationOf),
  standIns: async (now) =>
    (
      await sql.rows<Table.PersonModel & { readonly approverId: PersonId }>(
        `SELECT p.*, d."approverId" FROM "Delegation" d JOIN "Person" p ON p.id = d."standInId"
         WHERE d.status = 'InForce' AND d."endsAt" > $1 ORDER BY d."startsAt", d.id`,
        now,
      )
    ).map(({ approverId, ...row }) => ({ approverId, person: personOf(row) })),
});
