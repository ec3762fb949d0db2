import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Post } from '../../src/commands/ports.ts';
import type { CardCopy } from '../../src/notifications/deliver-card.ts';
import { account, anAccount, aPost, batch, oddInstant } from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

/** What the memory of posted cards promises, on whatever database. */
export function cardCopiesContract(store: () => Store): void {
  const tell = (posts: readonly Post[], refresh: readonly string[] = [], at = oddInstant) =>
    store().writes.commit({ ...batch({}, at), telling: { posts, refresh } });

  const postOne = async (more: Partial<Post> = {}) => {
    const post = aPost(more);
    const { cards } = await tell([post]);
    return { post, id: cards[0] as string };
  };

  const lapse = (id: string) =>
    store().database.pool.query(
      `UPDATE "Card" SET "leasedUntil" = now() - interval '1 millisecond' WHERE id = $1::uuid`,
      [id],
    );

  const posted: NonNullable<CardCopy['posted']> = {
    platform: 'slack',
    address: { channel: 'D1', nested: ['"', null] },
    messageId: '171.001',
  };

  describe('a copy of a card', () => {
    it('is owed from the commit that planned it', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      const { key: _key, ...facts } = post;
      expect(await copies.lease(id)).toEqual({ id, ...facts, wanted: 1, posted: null, latest: true });
    });

    it('is planned once, however often its key comes', async () => {
      const post = aPost();
      expect((await tell([post])).cards).toHaveLength(1);
      expect((await tell([post])).cards).toEqual([]);
      expect((await tell([post, aPost()])).cards).toHaveLength(1);
    });

    it('is leased to one of eight that ask at once, for twenty seconds', async () => {
      const { copies, database } = store();
      const { id } = await postOne();
      const leases = await Promise.all(Array.from({ length: 8 }, () => copies.lease(id)));
      expect(leases.filter(Boolean)).toHaveLength(1);
      const { rows } = await database.pool.query(
        `SELECT extract(epoch FROM "leasedUntil" - now()) AS seconds FROM "Card" WHERE id = $1::uuid`,
        [id],
      );
      expect(Number(rows[0].seconds)).toBeGreaterThan(15);
      expect(Number(rows[0].seconds)).toBeLessThanOrEqual(20);
    });

    it('can be leased again when it was released, or when the lease has run out', async () => {
      const { copies } = store();
      const { id } = await postOne();
      await copies.lease(id);
      await copies.release(id);
      expect(await copies.lease(id)).not.toBeNull();
      expect(await copies.lease(id)).toBeNull();
      await lapse(id);
      expect(await copies.lease(id)).not.toBeNull();
    });

    it('is owed nothing once it is shown, until its subject changes', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      await copies.lease(id);
      expect(await copies.shown(id, 1, posted)).toBe(false);
      expect(await copies.lease(id)).toBeNull();
      expect((await tell([], [post.subjectId])).cards).toEqual([id]);
      expect(await copies.lease(id)).toMatchObject({ wanted: 2, posted });
    });

    it('says that more is wanted when its subject changed meanwhile', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      await copies.lease(id);
      await tell([], [post.subjectId]);
      expect(await copies.shown(id, 1, posted)).toBe(true);
      expect(await copies.lease(id)).toMatchObject({ wanted: 2, posted });
      expect(await copies.shown(id, 2, posted)).toBe(false);
    });

    it('is refreshed with every other copy of its subject, but not with mails', async () => {
      const subjectId = randomUUID();
      const chats = [aPost({ subjectId }), aPost({ subjectId, name: 'request' })];
      const { cards } = await tell([...chats, aPost({ subjectId, channel: 'mail' })]);
      const refreshed = (await tell([], [subjectId, subjectId])).cards;
      expect(refreshed).toHaveLength(2);
      expect(refreshed.filter((id) => !cards.includes(id))).toEqual([]);
    });

    it('keeps where a mail was posted, which has no address', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      await copies.lease(id);
      await copies.shown(id, 1, { platform: 'mail', address: null, messageId: `${id}@usher` });
      await tell([], [post.subjectId]);
      expect(await copies.lease(id)).toMatchObject({
        posted: { platform: 'mail', address: null, messageId: `${id}@usher` },
      });
    });

    it('is posted nowhere when there was nothing to show', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      await copies.lease(id);
      expect(await copies.shown(id, 1, null)).toBe(false);
      await tell([], [post.subjectId]);
      expect(await copies.lease(id)).toMatchObject({ posted: null });
    });

    it('is the latest until a newer one of its name and subject goes to the same person', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      const later = new Date(oddInstant.getTime() + 1);
      const [other] = (await tell([{ ...post, key: randomUUID(), name: 'request' }], [], later)).cards;
      expect(other).toBeDefined();
      expect(await copies.lease(id)).toMatchObject({ latest: true });
      await copies.release(id);
      const [newer] = (await tell([{ ...post, key: randomUUID() }], [], later)).cards;
      expect(await copies.lease(id)).toMatchObject({ latest: false });
      expect(await copies.lease(newer as string)).toMatchObject({ latest: true });
    });
  });

  describe('a copy that no channel carries', () => {
    it('is given up with its reason, and owed nothing any more', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      await copies.lease(id);
      await copies.giveUp(id, 'the mailbox is full');
      expect(await copies.failed(id)).toEqual({
        recipientId: post.recipientId,
        name: post.name,
        failure: 'the mailbox is full',
      });
      await lapse(id);
      expect(await copies.lease(id)).toBeNull();
      expect((await tell([], [post.subjectId])).cards).toEqual([]);
    });

    it('is not given up when it was posted before: somebody was told', async () => {
      const { copies } = store();
      const { id, post } = await postOne();
      await copies.shown(id, 1, posted);
      await tell([], [post.subjectId]);
      await copies.giveUp(id, 'the platform is down');
      expect(await copies.failed(id)).toMatchObject({ failure: '' });
      expect(await copies.lease(id)).toMatchObject({ wanted: 2, posted });
    });

    it('that is unknown has no failure', async () => {
      expect(await store().copies.failed(randomUUID())).toBeNull();
    });

    it('marks the account unreachable, as a change that a decision notices', async () => {
      const { copies, reads, writes } = store();
      const value = anAccount();
      await writes.commit(batch({ put: [account(value)] }));
      await copies.markUnreachable(value.id, 'account_inactive');
      expect(await reads.chatAccountById(value.id)).toEqual({ ...value, version: 2, unreachable: 'account_inactive' });
    });
  });
}
