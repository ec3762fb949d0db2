import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { organisationSubject, type Post } from '../../src/commands/ports.ts';
import type { PersonId, RequestId } from '../../src/domain/ids.ts';
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
      expect(await copies.lease(id)).toEqual({ id, ...facts, mailTo: null, wanted: 1, posted: null, latest: true });
    });

    it('may be a mail to an address that is nobody’s here', async () => {
      const { copies } = store();
      const { id } = await postOne({ recipientId: null, mailTo: 'watch@contoso.example', channel: 'mail' });
      expect(await copies.lease(id)).toMatchObject({
        recipientId: null,
        mailTo: 'watch@contoso.example',
        latest: true,
      });
      await copies.giveUp(id, 'no such mailbox');
      expect(await copies.failed(id)).toMatchObject({ recipientId: null, mailTo: 'watch@contoso.example' });
    });

    it('is held back until its time, or until its reader’s quiet hours have changed', async () => {
      const { copies, workList, writes } = store();
      const { id, post } = await postOne({ canWait: true });
      const until = new Date('2026-12-01T06:00:00Z');
      const found = async (at: Date) => {
        await store().database.pool.query(`UPDATE "Card" SET "queuedAt" = now() - interval '1 hour' WHERE id = $1`, [
          id,
        ]);
        return (await workList.forgotten(20, 1_000, at)).cards.includes(id);
      };
      expect(await copies.lease(id)).toMatchObject({ canWait: true });
      await copies.holdBack(id, until);
      expect(await found(new Date(until.getTime() - 1))).toBe(false);
      expect(await found(until)).toBe(true);
      const wake = [post.recipientId as PersonId];
      const { cards } = await writes.commit({ ...batch({}, oddInstant), telling: { posts: [], refresh: [], wake } });
      expect(cards).toEqual([id]);
      expect(await found(new Date(until.getTime() - 1))).toBe(true);
      expect(await copies.lease(id)).not.toBeNull();
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
        mailTo: null,
        name: post.name,
        subjectId: post.subjectId,
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

    it('leaves its recipient unreached about that request, until another copy gets through', async () => {
      const { copies, reads } = store();
      const { id, post } = await postOne({ name: 'approval' });
      const about = post.subjectId as RequestId;
      expect(await reads.unreachedAbout(about)).toEqual([]);
      await copies.giveUp(id, 'the mailbox is full');
      expect(await reads.unreachedAbout(about)).toEqual([post.recipientId]);
      const { subjectId, recipientId } = post;
      await postOne({ name: 'approval', subjectId, recipientId });
      expect(await reads.unreachedAbout(about)).toEqual([]);
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

  it('is found by its message, on its platform', async () => {
    const { copies } = store();
    const [id = ''] = (await tell([aPost()])).cards;
    const messageId = `D1:${randomUUID()}`;
    await copies.lease(id);
    await copies.shown(id, 1, { platform: 'slack', address: null, messageId });
    expect(await copies.copyAt('slack', messageId)).toBe(id);
    expect(await copies.copyAt('teams', messageId)).toBeNull();
    expect(await copies.copyAt('slack', `${messageId}x`)).toBeNull();
  });

  describe('a standing page', () => {
    const keep = async (subjectId = randomUUID(), personId = randomUUID() as PersonId) => {
      const value = anAccount({ personId });
      await store().copies.keepHome(value, subjectId);
      const { rows } = await store().database.pool.query(`SELECT id FROM "Card" WHERE key = $1`, [`home:${value.id}`]);
      expect(rows).toHaveLength(1);
      return { id: rows[0].id as string, value, subjectId, personId };
    };
    const homesOf = async (posts: readonly Post[], refresh: readonly string[] = []) =>
      (await tell(posts, refresh)).homes;

    it('is owed when it is opened, for the opener may be shown what is no longer so', async () => {
      const { copies } = store();
      const { id } = await keep();
      expect(await copies.lease(id)).toMatchObject({ id, wanted: 1 });
      await copies.shown(id, 1, null);
      expect(await copies.lease(id)).toBeNull();
    });

    it('is one an account, however often it is opened', async () => {
      const { copies } = store();
      const { id, value } = await keep();
      expect(await copies.keepHome(value, randomUUID())).toBe(id);
      const { rows } = await store().database.pool.query(`SELECT id FROM "Card" WHERE key = $1`, [`home:${value.id}`]);
      expect(rows).toEqual([{ id }]);
    });

    it('is left alone a day after it was opened last', async () => {
      const { id, value, personId } = await keep();
      await store().database.pool.query(
        `UPDATE "Card" SET "createdAt" = now() - interval '25 hours' WHERE id = $1::uuid`,
        [id],
      );
      expect(await homesOf([aPost({ recipientId: personId })])).toEqual([]);
      await store().copies.keepHome(value, randomUUID());
      expect(await homesOf([aPost({ recipientId: personId })])).toEqual([id]);
    });

    it('that can’t be drawn is given up until it is opened again', async () => {
      const { copies } = store();
      const { id, value } = await keep();
      await copies.giveUp(id, 'too large');
      expect(await copies.lease(id)).toBeNull();
      await copies.keepHome(value, randomUUID());
      expect(await copies.lease(id)).toMatchObject({ id });
    });

    it('is owed anew when its person gets a card, and brought up to date with its account', async () => {
      const { copies } = store();
      const { id, value, personId, subjectId } = await keep();
      expect(await homesOf([aPost({ recipientId: personId })])).toEqual([id]);
      expect(await copies.lease(id)).toEqual({
        id,
        name: 'home',
        subjectId,
        recipientId: personId,
        mailTo: null,
        canWait: false,
        channel: 'home',
        wanted: 2,
        posted: { platform: 'slack', address: null, messageId: value.id },
        latest: true,
      });
    });

    it('is owed anew when a card that its person has changes', async () => {
      const { id, personId } = await keep();
      const subject = randomUUID();
      await tell([aPost({ recipientId: personId, subjectId: subject })]);
      expect(await homesOf([], [subject])).toEqual([id]);
    });

    it('is not owed by what others get', async () => {
      const { id } = await keep();
      const subject = randomUUID();
      expect(await homesOf([aPost({ subjectId: subject })])).not.toContain(id);
      expect(await homesOf([], [subject])).not.toContain(id);
    });

    it('of who oversees the organisation is owed by whatever anybody is told', async () => {
      const { id } = await keep(organisationSubject);
      expect(await homesOf([aPost()])).toContain(id);
      expect(await homesOf([], [randomUUID()])).toContain(id);
    });

    it('is not owed by what nobody is told', async () => {
      await keep(organisationSubject);
      expect(await homesOf([])).toEqual([]);
    });

    it('is never told as a card, nor refreshed as one', async () => {
      const { id, subjectId } = await keep();
      const { cards, homes } = await tell([], [subjectId]);
      expect(cards).not.toContain(id);
      expect(homes).not.toContain(id);
    });

    it('follows its account to another person', async () => {
      const { copies } = store();
      const { id, value, personId } = await keep();
      const heir = randomUUID() as PersonId;
      await copies.keepHome({ ...value, personId: heir }, heir);
      expect(await homesOf([aPost({ recipientId: personId })])).not.toContain(id);
      expect(await homesOf([aPost({ recipientId: heir })])).toContain(id);
      expect(await copies.lease(id)).toMatchObject({ recipientId: heir, subjectId: heir });
    });

    it('that failed is tried again when it is opened again', async () => {
      const { copies } = store();
      const { id, value, personId } = await keep();
      await store().database.pool.query(`UPDATE "Card" SET "failedAt" = now() WHERE id = $1::uuid`, [id]);
      await copies.keepHome(value, personId);
      expect(await homesOf([aPost({ recipientId: personId })])).toContain(id);
      expect(await copies.lease(id)).not.toBeNull();
    });
  });
}
