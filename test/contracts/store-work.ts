import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { Deadline } from '../../src/domain/change.ts';
import { anActive, aPost, assignment, batch, oddInstant as now, silence } from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

const later = (ms: number) => new Date(now.getTime() + ms);

const due = (ms: number, kind: Deadline['kind'] = 'end'): Deadline => ({
  kind,
  subjectId: randomUUID(),
  dueAt: later(ms),
});

/** What the work list and the memory of received messages promise, on whatever database. */
export function workContract(store: () => Store): void {
  beforeEach(async () => {
    const { prisma } = store().database;
    await prisma.deadline.deleteMany();
    await prisma.card.deleteMany();
    await prisma.assignment.deleteMany();
    await prisma.received.deleteMany();
  });

  /** Leases run on the database's clock, so a test moves the lease instead of the clock. */
  const lapse = (table: 'Deadline' | 'Card' | 'Received') =>
    store().database.pool.query(`UPDATE "${table}" SET "leasedUntil" = now() - interval '1 millisecond'`);

  const leasedForSeconds = async (table: 'Deadline' | 'Received'): Promise<number> => {
    const { rows } = await store().database.pool.query(
      `SELECT extract(epoch FROM "leasedUntil" - now()) AS seconds FROM "${table}"`,
    );
    return Number(rows[0].seconds);
  };

  describe('deadlines', () => {
    it('are leased once they are due, the longest overdue first', async () => {
      const { writes, workList } = store();
      const [first, second, exact, early] = [due(-5000), due(-1000, 'warn'), due(0, 'time-out'), due(1)] as const;
      await writes.commit(batch({ deadlines: [early, exact, second, first] }));
      expect(await workList.leaseDue(now, 1)).toMatchObject([{ kind: 'end', id: first.subjectId }]);
      const rest = await workList.leaseDue(now, 10);
      expect(rest.map(({ id }) => id).sort()).toEqual([second.subjectId, exact.subjectId].sort());
      expect(await workList.leaseDue(later(1), 10)).toMatchObject([{ id: early.subjectId }]);
    });

    it('are nobody else’s for twenty seconds, and anybody’s again when the lease has run out', async () => {
      const { writes, workList } = store();
      await writes.commit(batch({ deadlines: [due(0)] }));
      const [leased] = await workList.leaseDue(now, 10);
      expect(await workList.leaseDue(now, 10)).toEqual([]);
      const seconds = await leasedForSeconds('Deadline');
      expect(seconds).toBeGreaterThan(15);
      expect(seconds).toBeLessThanOrEqual(20);
      await lapse('Deadline');
      expect(await workList.leaseDue(now, 10)).toEqual([leased]);
    });

    it('are each leased by one of eight that ask at once', async () => {
      const { writes, workList } = store();
      await writes.commit(batch({ deadlines: Array.from({ length: 40 }, () => due(0)) }));
      const leased = await Promise.all(Array.from({ length: 8 }, () => workList.leaseDue(now, 5)));
      const ids = leased.flat().map(({ deadlineId }) => deadlineId);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await workList.leaseDue(now, 100);
      expect(ids.length + rest.length).toBe(40);
    });

    it('come up at instants that are never early and less than a quarter of a second late', async () => {
      const { writes, workList } = store();
      const base = Math.ceil(now.getTime() / 1000) * 1000 - now.getTime();
      const deadlines = [due(base + 1), due(base + 249), due(base + 250), due(base + 251), due(base + 9999)];
      await writes.commit(batch({ deadlines: [...deadlines, due(0), due(base + 10_001)] }));
      const upcoming = await workList.upcoming(now, later(base + 10_000));
      expect(upcoming).toEqual([later(base + 250), later(base + 500), later(base + 10_000)]);
    });

    it('that are leased come up no less: the lease may be that of a process that died', async () => {
      const { writes, workList } = store();
      await writes.commit(batch({ deadlines: [due(1000)] }));
      await workList.leaseDue(later(1000), 1);
      expect(await workList.upcoming(now, later(5000))).toHaveLength(1);
    });
  });

  describe('work that did not reach the queue', () => {
    /** Queueing too runs on the database's clock: a test moves what was noted by it. */
    const age = (table: 'Card' | 'Assignment', seconds: number) =>
      store().database.pool.query(`UPDATE "${table}" SET "queuedAt" = "queuedAt" - make_interval(secs => $1)`, [
        seconds,
      ]);

    const post = async () => {
      const { cards } = await store().writes.commit({ ...batch({}), telling: { posts: [aPost()], refresh: [] } });
      return cards[0] as string;
    };

    it('is found when it was owed for long enough, and not again at once', async () => {
      const { workList } = store();
      const old = await post();
      await age('Card', 25);
      const young = await post();
      await age('Card', 5);
      expect(await workList.forgotten(20, 10, new Date())).toEqual({ cards: [old], homes: [], assignments: [] });
      expect(await workList.forgotten(20, 10, new Date())).toEqual({ cards: [], homes: [], assignments: [] });
      expect(await workList.forgotten(2, 10, new Date())).toEqual({ cards: [young], homes: [], assignments: [] });
    });

    it('counts from the commit by the database’s clock, whatever the process takes the time for', async () => {
      const { writes, workList } = store();
      const active = anActive();
      const telling = { posts: [aPost()], refresh: [] };
      const farOff = new Date('2099-01-01T00:00:00Z');
      await writes.commit({ ...batch({ put: [assignment(active)], provision: [active.id] }, farOff), telling });
      expect(await workList.forgotten(20, 10, new Date())).toEqual({ cards: [], homes: [], assignments: [] });
      await age('Card', 25);
      await age('Assignment', 25);
      expect(await workList.forgotten(20, 10, new Date())).toMatchObject({
        cards: [expect.any(String)],
        assignments: [active.id],
      });
    });

    it('is not a card that is shown, given up, or in somebody’s hands', async () => {
      const { workList, copies } = store();
      const [shown, failed, held] = [await post(), await post(), await post()] as const;
      await age('Card', 60);
      await copies.shown(shown, 1, { platform: 'slack', address: {}, messageId: '1' });
      await copies.giveUp(failed, 'nobody there');
      await copies.lease(held);
      expect(await workList.forgotten(20, 10, new Date())).toEqual({ cards: [], homes: [], assignments: [] });
      await lapse('Card');
      expect(await workList.forgotten(20, 10, new Date())).toEqual({ cards: [held], homes: [], assignments: [] });
    });

    it('is an assignment that the target system has not confirmed, on its way in or out', async () => {
      const { writes, workList } = store();
      const coming = anActive();
      const going = anActive({ state: { status: 'Revoking', why: 'expired', confirmedAt: now } });
      const settled = [
        anActive({ state: { status: 'Active', confirmedAt: now } }),
        anActive({ state: { status: 'Ended', at: now, why: 'expired', confirmedAt: now } }),
        anActive({ state: { status: 'Failed', at: now } }),
      ];
      const all = [coming, going, ...settled];
      await writes.commit(batch({ put: all.map(assignment), provision: all.map(({ id }) => id) }));
      await age('Assignment', 30);
      const { assignments } = await workList.forgotten(20, 10, new Date());
      expect([...assignments].sort()).toEqual([coming.id, going.id].sort());
      expect((await workList.forgotten(20, 10, new Date())).assignments).toEqual([]);
    });

    it('stays findable when an unconfirmed assignment is written again without being provisioned again', async () => {
      const { writes, workList } = store();
      const coming = anActive();
      await writes.commit(batch({ put: [assignment(coming)], provision: [coming.id] }));
      const again = { ...coming, version: 2, endsAt: later(60_000) };
      await writes.commit(batch({ put: [assignment(again)] }));
      await age('Assignment', 30);
      expect((await workList.forgotten(20, 10, new Date())).assignments).toEqual([coming.id]);
    });

    it('is given to one of eight that look at once, and never more than asked for', async () => {
      const { workList, writes } = store();
      const posts = Array.from({ length: 40 }, () => aPost());
      await writes.commit({ ...batch({}), telling: { posts, refresh: [] } });
      await age('Card', 60);
      const found = await Promise.all(Array.from({ length: 8 }, () => workList.forgotten(20, 4, new Date())));
      expect(Math.max(...found.map(({ cards }) => cards.length))).toBeLessThanOrEqual(4);
      const cards = found.flatMap((each) => each.cards);
      expect(new Set(cards).size).toBe(cards.length);
    });
  });

  describe('tidying', () => {
    it('forgets answers and messages from before an instant, and keeps the rest', async () => {
      const { writes, workList, received, reads } = store();
      const [old, young] = [randomUUID(), randomUUID()];
      for (const key of [old, young]) {
        await writes.commit({ at: now, changes: [], telling: silence, answer: { key, answer: 1 } });
        await received.take(key);
        await received.done(key);
      }
      const { pool } = store().database;
      for (const table of ['Answered', 'Received'])
        await pool.query(`UPDATE "${table}" SET at = now() - interval '8 days' WHERE key = $1`, [old]);
      await workList.tidy(new Date(Date.now() - 7 * 86_400_000));
      expect(await reads.answered(old)).toBeNull();
      expect(await reads.answered(young)).toBe(1);
      expect(await received.take(young)).toBe('answered');
      expect(await received.take(old)).toBe('mine');
    });
  });

  describe('a received message', () => {
    const tenTakes = (key: string) => Promise.all(Array.from({ length: 10 }, () => store().received.take(key)));
    const held = Array<string>(9).fill('held');

    it('is given to one of ten deliveries at once, and held for the others', async () => {
      expect((await tenTakes('slack:Ev1')).sort()).toEqual([...held, 'mine']);
    });

    it('is answered for ever once it is done', async () => {
      const { received } = store();
      await received.take('slack:Ev2');
      await received.done('slack:Ev2');
      expect(await received.take('slack:Ev2')).toBe('answered');
      expect(await received.take('slack:Ev2')).toBe('answered');
    });

    it('can be taken again at once when it was released', async () => {
      const { received } = store();
      await received.take('slack:Ev3');
      await received.release('slack:Ev3');
      expect(await received.take('slack:Ev3')).toBe('mine');
    });

    it('can be taken again when who took it died, by one of ten', async () => {
      const { received } = store();
      await received.take('slack:Ev4');
      // Longer than Teams waits for an answer, shorter than a person's patience.
      const seconds = await leasedForSeconds('Received');
      expect(seconds).toBeGreaterThan(5);
      expect(seconds).toBeLessThanOrEqual(10);
      await lapse('Received');
      expect((await tenTakes('slack:Ev4')).sort()).toEqual([...held, 'mine']);
    });

    it('is apart from every other', async () => {
      const { received } = store();
      expect(await received.take('slack:Ev5')).toBe('mine');
      expect(await received.take('teams:Ev5')).toBe('mine');
    });
  });
}
