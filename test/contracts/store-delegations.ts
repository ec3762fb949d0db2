import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Conflict } from '../../src/commands/ports.ts';
import type { Delegation } from '../../src/domain/delegation.ts';
import type { DelegationId, PersonId } from '../../src/domain/ids.ts';
import { aDelegation, aPerson, batch, oddInstant, person } from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

const put = (...values: readonly Delegation[]) =>
  batch({ put: values.map((value) => ({ entity: 'Delegation' as const, value })) });

const states: readonly Delegation['state'][] = [
  { status: 'Scheduled' },
  { status: 'InForce' },
  { status: 'Ended', at: oddInstant, why: 'declined' },
];

/** Who decides in whose place, on whatever database. */
export function delegationsContract(store: () => Store): void {
  describe('a delegation', () => {
    it.each(states)('comes back as it was written: $status', async (state) => {
      const { reads, writes } = store();
      const value = aDelegation({ state });
      await writes.commit(put(value));
      expect(await reads.delegation(value.id)).toEqual(value);
      expect(await reads.openDelegationOf(value.approverId)).toEqual(state.status === 'Ended' ? null : value);
      expect(await reads.openDelegationsTo(value.standInId)).toEqual(state.status === 'Ended' ? [] : [value]);
      expect(await reads.delegation(randomUUID() as DelegationId)).toBeNull();
      expect(await reads.delegation('no id' as DelegationId)).toBeNull();
    });

    it('is the only open one of its approver', async () => {
      const { writes } = store();
      const approverId = randomUUID() as PersonId;
      const ended = { status: 'Ended', at: oddInstant, why: 'expired' } as const;
      await writes.commit(put(aDelegation({ approverId, state: ended }), aDelegation({ approverId })));
      await expect(writes.commit(put(aDelegation({ approverId, state: { status: 'InForce' } })))).rejects.toThrow(
        Conflict,
      );
    });

    it('makes a stand-in while it is in force, up to its end and no longer', async () => {
      const { reads, writes } = store();
      const standIn = aPerson();
      const value = aDelegation({ standInId: standIn.id, state: { status: 'InForce' } });
      const ahead = aDelegation({ standInId: standIn.id });
      await writes.commit(batch({ put: [person(standIn)] }));
      await writes.commit(put(value, ahead));
      const at = async (now: Date) => (await reads.standIns(now)).filter(({ person: { id } }) => id === standIn.id);
      expect(await at(oddInstant)).toEqual([{ approverId: value.approverId, person: standIn }]);
      expect(await at(new Date(value.endsAt.getTime() - 1))).toHaveLength(1);
      expect(await at(value.endsAt)).toEqual([]);
    });
  });
}
