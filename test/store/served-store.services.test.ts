import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/commands/audit.ts';
import { Conflict } from '../../src/commands/ports.ts';
import { assigningContract } from '../contracts/store-assigning.ts';
import { browsingContract } from '../contracts/store-browsing.ts';
import { cardCopiesContract } from '../contracts/store-card-copies.ts';
import { commitContract } from '../contracts/store-commit.ts';
import { credentialContract } from '../contracts/store-credentials.ts';
import { delegationsContract } from '../contracts/store-delegations.ts';
import { aFact, aPerson, batch, person } from '../contracts/store-fixtures.ts';
import { readsContract } from '../contracts/store-reads.ts';
import { recordContract } from '../contracts/store-record.ts';
import { settingsContract } from '../contracts/store-settings.ts';
import { takenContract } from '../contracts/store-taken.ts';
import { useStore } from '../contracts/store-under-test.ts';
import { workContract } from '../contracts/store-work.ts';
import { openServedDatabase } from '../support/served-database.ts';

describe('the store on a served database', () => {
  const store = useStore(openServedDatabase);
  describe('writing', () => commitContract(store));
  describe('reading', () => readsContract(store));
  describe('assigning', () => assigningContract(store));
  describe('browsing', () => browsingContract(store));
  describe('settings', () => settingsContract(store));
  describe('credentials', () => credentialContract(store));
  describe('delegations', () => delegationsContract(store));
  describe('the record', () => recordContract(store));
  describe('the work list', () => workContract(store));
  describe('cards', () => cardCopiesContract(store));
  describe('what a chat delivered', () => takenContract(store));

  describe('two replicas', () => {
    it('leave one winner of twenty racers on one version, round after round', async () => {
      const { reads, writes, anotherWrites } = store();
      const replicas = [writes, await anotherWrites()];
      const value = aPerson();
      await writes.commit(batch({ put: [person(value)] }));
      for (let version = 2; version <= 11; version += 1) {
        const racers = Array.from({ length: 20 }, (_, index) =>
          replicas[index % 2]?.commit(batch({ put: [person({ ...value, version })], audit: [aFact()] })),
        );
        const settled = await Promise.allSettled(racers);
        const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
        expect(lost.filter((fault) => fault instanceof Conflict)).toHaveLength(19);
        expect(await reads.person(value.id)).toMatchObject({ version });
      }
      expect(await verifyChain(reads)).toMatchObject({ fault: null });
    });

    it('never both win when each changes what the other relied on', async () => {
      const { reads, writes, anotherWrites } = store();
      const other = await anotherWrites();
      for (let round = 0; round < 10; round += 1) {
        const [a, b] = [aPerson(), aPerson()];
        await writes.commit(batch({ put: [person(a), person(b)] }));
        const decide = (through: typeof writes, changed: typeof a, relied: typeof a) =>
          through.commit(
            batch({
              put: [person({ ...changed, version: 2 })],
              relyOn: [{ entity: 'Person', id: relied.id, version: 1 }],
            }),
          );
        const settled = await Promise.allSettled([decide(writes, a, b), decide(other, b, a)]);
        const lost = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
        expect(lost).toHaveLength(1);
        expect(lost[0]).toBeInstanceOf(Conflict);
        const versions = (await reads.people([a.id, b.id])).map(({ version }) => version).sort();
        expect(versions).toEqual([1, 2]);
      }
    });
  });

  describe('a server that cuts the connections', () => {
    it('loses nothing that was acknowledged and leaves nothing half written', async () => {
      const { database, reads, writes } = store();
      const values = Array.from({ length: 30 }, () => aPerson());
      const committing = Promise.allSettled(
        values.map((value) => writes.commit(batch({ put: [person(value)], audit: [aFact()] }))),
      );
      await database.pool
        .query(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()`,
        )
        .catch(() => undefined);
      const settled = await committing;
      expect(settled.filter(({ status }) => status === 'rejected')).not.toEqual([]);
      const acknowledged = values.filter((_, index) => settled[index]?.status === 'fulfilled').map(({ id }) => id);
      const found = await reads.people(acknowledged);
      expect(found).toHaveLength(acknowledged.length);
      expect(await verifyChain(reads)).toMatchObject({ fault: null });
      const value = aPerson();
      await writes.commit(batch({ put: [person(value)] }));
      expect(await reads.person(value.id)).toEqual(value);
    });
  });
});
