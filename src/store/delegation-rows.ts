import type { Delegation, DelegationEnd } from '../domain/delegation.ts';
import type { DelegationId, PersonId } from '../domain/ids.ts';
import type * as Table from './generated/models.ts';

export function delegationOf({ status, closedAt, why, ...row }: Table.DelegationModel): Delegation {
  const state = (): Delegation['state'] => {
    if (status === 'Scheduled' || status === 'InForce') return { status };
    if (status === 'Ended' && closedAt && why) return { status, at: closedAt, why: why as DelegationEnd };
    throw new Error(`the row ${row.id} of Delegation is in a state that this build does not know`);
  };
  return {
    ...row,
    id: row.id as DelegationId,
    approverId: row.approverId as PersonId,
    standInId: row.standInId as PersonId,
    state: state(),
  };
}

export const delegationRowOf = ({ state, ...rest }: Delegation): Record<string, unknown> => ({
  ...rest,
  status: state.status,
  closedAt: 'at' in state ? state.at : null,
  why: 'why' in state ? state.why : null,
});
