import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { verifyChain } from '../../src/commands/audit.ts';
import { AlreadyAnswered, Conflict } from '../../src/commands/ports.ts';
import { firstBreak, genesisHash } from '../../src/domain/audit.ts';
import { accept } from '../../src/domain/change.ts';
import type { AssignmentId, PersonId, RoleId, ScopeId } from '../../src/domain/ids.ts';
import { waitingUntil } from '../support/build.ts';
import {
  aFact,
  anActive,
  anEligible,
  aPerson,
  aPost,
  aRequest,
  assignment,
  batch,
  oddInstant,
  person,
  request,
  silence,
} from './store-fixtures.ts';
import { everything, type Store } from './store-under-test.ts';

const minutesLater = (minutes: number) => new Date(oddInstant.getTime() + minutes * 60_000);

/** How many of what was started together came through, and what the others fell over. */
async function outcomes(started: readonly Promise<unknown>[]) {
  const settled = await Promise.allSettled(started);
  const faults = settled.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  return { won: settled.length - faults.length, faults };
}

/** What `Writes` promises, on whatever database. */
export function commitContract(store: () => Store): void {
  describe('a commit', () => {
    it('writes state, audit, deadlines, cards and the answer together, and tells what is owed', async () => {
      const { reads, writes, database } = store();
      const active = anActive();
      const post = aPost({ subjectId: active.id });
      const key = randomUUID();
      const dueAt = minutesLater(60);
      const before = await reads.auditHead();

      const owed = await writes.commit({
        ...batch({
          put: [assignment(active)],
          audit: [aFact({ action: 'activation.grant' })],
          deadlines: [{ kind: 'end', subjectId: active.id, dueAt }],
          provision: [active.id],
        }),
        telling: { posts: [post], refresh: [] },
        answer: { key, answer: { accepted: true, answer: { id: active.id } } },
      });

      const card = await database.prisma.card.findUnique({ where: { key: post.key } });
      expect(owed).toEqual({ cards: [card?.id], homes: [], assignments: [active.id], deadlines: [dueAt] });
      expect(await reads.assignment(active.id)).toEqual(active);
      expect(await reads.auditHead()).toMatchObject({ sequence: before.sequence + 1 });
      expect(await database.prisma.deadline.findMany({ where: { subjectId: active.id } })).toMatchObject([
        { kind: 'end', dueAt, leasedUntil: null },
      ]);
      expect(card).toMatchObject({ ...post, wanted: 1, shown: 0 });
      expect(await reads.answered(key)).toEqual({ accepted: true, answer: { id: active.id } });
    });

    it('writes nothing at all when its last part fails', async () => {
      const { writes } = store();
      const before = await everything(store());
      const active = anActive();
      // PostgreSQL's jsonb takes no NUL, so the very last statement, the audit's, fails.
      const unwritable = aFact({ details: { words: 'a\u0000b' } });
      const committing = writes.commit({
        ...batch({
          put: [assignment(active), person(aPerson())],
          audit: [unwritable],
          deadlines: [{ kind: 'end', subjectId: active.id, dueAt: oddInstant }],
          provision: [active.id],
        }),
        telling: { posts: [aPost()], refresh: [] },
        answer: { key: randomUUID(), answer: {} },
      });
      await expect(committing).rejects.toSatisfy((error) => !(error instanceof Conflict));
      expect(await everything(store())).toEqual(before);
    });

    it('keeps every character of what people write', async () => {
      const { reads, writes } = store();
      const hostile = `'; DROP TABLE "Person"; -- $1 \\ "\u202e🙂" \n\t{"a":1} ${'é'.repeat(500)}`;
      const value = aPerson({ displayName: hostile, identities: ['a,b', '{"c"}', ''], company: '\\' });
      await writes.commit(batch({ put: [person(value)], audit: [aFact({ reason: hostile, details: { hostile } })] }));
      expect(await reads.person(value.id)).toEqual(value);
      const { sequence } = await reads.auditHead();
      expect(await reads.auditAfter(sequence - 1, 1)).toMatchObject([{ reason: hostile, details: { hostile } }]);
    });

    it('writes hundreds of entities at once', async () => {
      const { reads, writes } = store();
      const values = Array.from({ length: 300 }, () => anActive());
      const ids = values.map(({ id }) => id);
      await writes.commit(batch({ put: values.map(assignment), provision: ids }));
      const next = values.map((value) => ({ ...value, version: 2, endsAt: oddInstant }));
      await writes.commit(batch({ put: next.map(assignment) }));
      expect((await reads.assignments(ids)).map(({ version }) => version)).toEqual(ids.map(() => 2));
    });

    it('withdraws a subject’s deadlines before it writes the new ones', async () => {
      const { writes, database } = store();
      const subjectId = randomUUID();
      await writes.commit(batch({ deadlines: [{ kind: 'warn', subjectId, dueAt: minutesLater(1) }] }));
      await writes.commit(
        batch({
          withdrawDeadlinesOf: [subjectId],
          deadlines: [{ kind: 'end', subjectId, dueAt: minutesLater(2) }],
        }),
      );
      expect(await database.prisma.deadline.findMany({ where: { subjectId } })).toMatchObject([{ kind: 'end' }]);
    });

    it('keeps a deadline that is not due yet by the clock that settles it', async () => {
      const { writes, database } = store();
      const subjectId = randomUUID();
      await writes.commit(batch({ deadlines: [{ kind: 'end', subjectId, dueAt: minutesLater(1) }] }));
      const { id } = await database.prisma.deadline.findFirstOrThrow({ where: { subjectId } });
      await writes.commit({ at: oddInstant, changes: [], telling: silence, settledDeadlines: [id] });
      expect(await database.prisma.deadline.count({ where: { subjectId } })).toBe(1);
    });

    it('settles the deadlines it was about, and no other of the same subject', async () => {
      const { writes, database } = store();
      const subjectId = randomUUID();
      const deadlines = (['warn', 'end'] as const).map((kind) => ({ kind, subjectId, dueAt: minutesLater(1) }));
      await writes.commit(batch({ deadlines }));
      const warn = await database.prisma.deadline.findFirstOrThrow({ where: { subjectId, kind: 'warn' } });
      await writes.commit({ at: minutesLater(1), changes: [], telling: silence, settledDeadlines: [warn.id] });
      expect(await database.prisma.deadline.findMany({ where: { subjectId } })).toMatchObject([{ kind: 'end' }]);
    });
  });

  describe('times', () => {
    it('are tested in a process whose own zone is not UTC', () => {
      expect(oddInstant.getTimezoneOffset()).not.toBe(0);
    });

    it.each([
      '2026-10-25T01:30:00.007Z',
      '2026-10-25T00:59:59.999Z',
      '2026-03-29T01:00:00.001Z',
      '2026-04-04T15:30:00.500Z',
      '1999-12-31T23:59:59.999Z',
      '2100-02-28T12:00:00.010Z',
    ])('come back as they were written: %s', async (written) => {
      const at = new Date(written);
      const { reads, writes, database, workList } = store();
      const value = aPerson({ createdAt: at });
      const open = aRequest({ createdAt: at, state: waitingUntil(at) });
      await writes.commit(batch({ put: [person(value), request(open)], audit: [aFact()] }, at));
      await database.prisma.deadline.deleteMany();
      await writes.commit(batch({ deadlines: [{ kind: 'end', subjectId: value.id, dueAt: at }] }, at));

      expect(await reads.person(value.id)).toEqual(value);
      expect(await reads.request(open.id)).toEqual(open);
      const { sequence } = await reads.auditHead();
      expect(await reads.auditAfter(sequence - 1, 1)).toMatchObject([{ at }]);
      expect(await workList.leaseDue(new Date(at.getTime() - 1), 10)).toEqual([]);
      expect(await workList.leaseDue(at, 10)).toMatchObject([{ id: value.id }]);
    });

    it('are the same instant to the database itself', async () => {
      const { writes, database } = store();
      const value = aPerson();
      await writes.commit(batch({ put: [person(value)] }));
      const { rows } = await database.pool.query(
        `SELECT extract(epoch FROM "createdAt") * 1000 AS ms FROM "Person" WHERE id = $1`,
        [value.id],
      );
      expect(Number(rows[0].ms)).toBe(oddInstant.getTime());
    });
  });

  describe('a decision on a state that has moved on', () => {
    const moved = async () => {
      const { writes } = store();
      const first = aPerson();
      await writes.commit(batch({ put: [person(first)] }));
      const second = { ...first, version: 2, displayName: 'Second' };
      await writes.commit(batch({ put: [person(second)] }));
      return { first, second };
    };

    it.each([1, 2, 4])('is a conflict and writes nothing: version %i after version 2', async (version) => {
      const { writes } = store();
      const { second } = await moved();
      const before = await everything(store());
      const active = anActive();
      const late = writes.commit({
        ...batch({
          put: [assignment(active), person({ ...second, version, displayName: 'Late' })],
          audit: [aFact()],
          deadlines: [{ kind: 'end', subjectId: active.id, dueAt: oddInstant }],
          provision: [active.id],
        }),
        telling: { posts: [aPost()], refresh: [] },
        answer: { key: randomUUID(), answer: {} },
      });
      await expect(late).rejects.toBeInstanceOf(Conflict);
      expect(await everything(store())).toEqual(before);
    });

    it('is a conflict when it was only relied on', async () => {
      const { writes } = store();
      const { first, second } = await moved();
      const relying = (id: string, version: number) =>
        writes.commit(batch({ relyOn: [{ entity: 'Person', id, version }], audit: [aFact()] }));
      await expect(relying(first.id, 1)).rejects.toBeInstanceOf(Conflict);
      await expect(relying(randomUUID(), 1)).rejects.toBeInstanceOf(Conflict);
      await expect(relying(second.id, 2)).resolves.toBeDefined();
    });

    it('is a conflict for the whole batch, whichever of its changes it is', async () => {
      const { writes } = store();
      const { second } = await moved();
      const before = await everything(store());
      const together = writes.commit({
        at: oddInstant,
        changes: [
          accept(null, { put: [person(aPerson())], audit: [aFact()] }).change,
          accept(null, { put: [person({ ...second, version: 2 })] }).change,
        ],
        telling: silence,
      });
      await expect(together).rejects.toBeInstanceOf(Conflict);
      expect(await everything(store())).toEqual(before);
    });

    it('loses against exactly one of twenty that race', async () => {
      const { reads, writes } = store();
      const value = aPerson();
      await writes.commit(batch({ put: [person(value)] }));
      const head = await reads.auditHead();
      const racers = Array.from({ length: 20 }, (_, index) =>
        writes.commit(batch({ put: [person({ ...value, version: 2, displayName: `${index}` })], audit: [aFact()] })),
      );
      const { won, faults } = await outcomes(racers);
      expect(won).toBe(1);
      expect(faults.filter((fault) => !(fault instanceof Conflict))).toEqual([]);
      expect(await reads.person(value.id)).toMatchObject({ version: 2 });
      expect(await reads.auditHead()).toMatchObject({ sequence: head.sequence + 1 });
    });
  });

  describe('an idempotency key', () => {
    it('that has its answer is told so, and nothing is written', async () => {
      const { reads, writes } = store();
      const key = randomUUID();
      await writes.commit({ ...batch({ audit: [aFact()] }), answer: { key, answer: 'first' } });
      const before = await everything(store());
      const again = writes.commit({
        ...batch({ put: [person(aPerson())], audit: [aFact()] }),
        telling: { posts: [aPost()], refresh: [] },
        answer: { key, answer: 'second' },
      });
      await expect(again).rejects.toBeInstanceOf(AlreadyAnswered);
      expect(await everything(store())).toEqual(before);
      expect(await reads.answered(key)).toBe('first');
    });

    it('has one effect when ten deliveries come at once', async () => {
      const { reads, writes } = store();
      const key = randomUUID();
      const head = await reads.auditHead();
      const deliveries = Array.from({ length: 10 }, (_, index) =>
        writes.commit({ ...batch({ put: [person(aPerson())], audit: [aFact()] }), answer: { key, answer: index } }),
      );
      const { won, faults } = await outcomes(deliveries);
      expect(won).toBe(1);
      expect(faults.filter((fault) => !(fault instanceof AlreadyAnswered))).toEqual([]);
      expect(await reads.auditHead()).toMatchObject({ sequence: head.sequence + 1 });
    });

    it('is free again when the commit that brought it failed', async () => {
      const { writes } = store();
      const key = randomUUID();
      const stale = { ...batch({ put: [person(aPerson({ version: 5 }))] }), answer: { key, answer: 1 } };
      await expect(writes.commit(stale)).rejects.toBeInstanceOf(Conflict);
      await expect(writes.commit({ ...batch({}), answer: { key, answer: 2 } })).resolves.toBeDefined();
    });
  });

  describe('the audit chain', () => {
    it('is unbroken after twenty commits at once', async () => {
      const { reads, writes } = store();
      const head = await reads.auditHead();
      const commits = Array.from({ length: 20 }, (_, index) =>
        writes.commit(
          batch({ put: [person(aPerson())], audit: Array.from({ length: 1 + (index % 3) }, () => aFact()) }),
        ),
      );
      expect((await outcomes(commits)).faults).toEqual([]);
      const entries = await reads.auditAfter(head.sequence, 1000);
      expect(entries).toHaveLength(39);
      expect(firstBreak(head, entries)).toBeNull();
      expect(await reads.auditHead()).toEqual({ sequence: head.sequence + 39, hash: entries.at(-1)?.hash });
      expect(await verifyChain(reads)).toMatchObject({ count: head.sequence + 39, fault: null });
    });

    it('gives back every entry as it was hashed', async () => {
      const { reads, writes } = store();
      const fact = aFact({
        action: 'activation.deny',
        actor: { personId: randomUUID() as PersonId, surface: 'teams', account: 'tenant:user' },
        subjectId: randomUUID() as PersonId,
        requestId: randomUUID(),
        result: 'failure',
        reason: 'not now',
        details: { z: 1, a: 'two', Ä: null, '10': true, '9': 1.5 },
      });
      const head = await reads.auditHead();
      await writes.commit(batch({ audit: [fact] }));
      const [entry] = await reads.auditAfter(head.sequence, 1);
      expect(entry).toMatchObject({ ...fact, at: oddInstant, sequence: head.sequence + 1, previousHash: head.hash });
      expect(await verifyChain(reads)).toMatchObject({ fault: null });
    });

    /** Does what only the owner of the database can, and undoes it. */
    async function tampered(sequence: number, change: string, undo: string, check: () => Promise<void>) {
      const { pool } = store().database;
      const around = async (sql: string) => {
        await pool.query('ALTER TABLE "AuditEntry" DISABLE TRIGGER "AuditEntry_append_only"');
        await pool.query(sql, [sequence]);
        await pool.query('ALTER TABLE "AuditEntry" ENABLE TRIGGER "AuditEntry_append_only"');
      };
      await around(change);
      await check();
      await around(undo);
    }

    it.each([
      ['its words', `reason = 'tampered'`, 'reason = NULL'],
      ['its time', `at = at + interval '1 millisecond'`, `at = at - interval '1 millisecond'`],
      [
        'a detail',
        `details = jsonb_set(details, '{minutes}', '61')`,
        `details = jsonb_set(details, '{minutes}', '60')`,
      ],
    ])('names an entry that was changed: %s', async (_what, change, undo) => {
      const { reads, writes } = store();
      await writes.commit(batch({ audit: [aFact(), aFact(), aFact()] }));
      const { sequence } = await reads.auditHead();
      const at = sequence - 1;
      const update = (set: string) => `UPDATE "AuditEntry" SET ${set} WHERE sequence = $1`;
      await tampered(at, update(change), update(undo), async () => {
        expect(await verifyChain(reads)).toMatchObject({ fault: { sequence: at, fault: 'changed' } });
        const entries = await reads.auditAfter(0, 10_000);
        expect(firstBreak({ sequence: 0, hash: genesisHash }, entries)).toEqual({ sequence: at, fault: 'changed' });
      });
      expect(await verifyChain(reads)).toMatchObject({ fault: null });
    });

    it('names the place of an entry that was removed', async () => {
      const { reads, writes } = store();
      await writes.commit(batch({ audit: [aFact(), aFact(), aFact()] }));
      const { sequence } = await reads.auditHead();
      const at = sequence - 1;
      // Moved far away and back: the row itself is not lost to the tests after this one.
      await tampered(
        at,
        'UPDATE "AuditEntry" SET sequence = 2000000000 WHERE sequence = $1',
        'UPDATE "AuditEntry" SET sequence = $1 WHERE sequence = 2000000000',
        async () => {
          expect(await verifyChain(reads)).toMatchObject({ fault: { sequence: at, fault: 'missing' } });
        },
      );
      expect(await verifyChain(reads)).toMatchObject({ fault: null });
    });

    it.each([
      `UPDATE "AuditEntry" SET reason = 'tampered'`,
      `UPDATE "AuditEntry" SET reason = 'tampered' WHERE false`,
      'DELETE FROM "AuditEntry"',
      'TRUNCATE "AuditEntry"',
    ])('refuses %s', async (sql) => {
      await expect(store().database.pool.query(sql)).rejects.toThrow('append-only');
    });
  });

  describe('what there may be only one of', () => {
    const somewhere = () => ({
      principalId: randomUUID() as PersonId,
      roleId: 'owner' as RoleId,
      scopeId: '/subscriptions/finance' as ScopeId,
    });

    it('holds for open requests of one eligible assignment', async () => {
      const { writes } = store();
      const eligibilityId = randomUUID() as AssignmentId;
      const one = { eligibilityId, principalId: randomUUID() as PersonId };
      const first = aRequest(one);
      await writes.commit(batch({ put: [request(first)] }));
      const another = (state = first.state) => batch({ put: [request(aRequest({ ...one, state }))] });
      await expect(writes.commit(another())).rejects.toBeInstanceOf(Conflict);
      const provisioning = {
        status: 'PendingProvisioning',
        decision: null,
        assignmentId: randomUUID() as AssignmentId,
      } as const;
      await expect(writes.commit(another(provisioning))).rejects.toBeInstanceOf(Conflict);
      const canceled = { ...first, version: 2, state: { status: 'Canceled', closedAt: oddInstant } as const };
      await writes.commit(batch({ put: [request(canceled)] }));
      await expect(writes.commit(another())).resolves.toBeDefined();
    });

    it('holds for active assignments that want access', async () => {
      const { writes } = store();
      const place = somewhere();
      const first = anActive(place);
      const confirmed = { status: 'Active', confirmedAt: oddInstant } as const;
      await writes.commit(batch({ put: [assignment(first)], provision: [first.id] }));
      const second = () => writes.commit(batch({ put: [assignment(anActive({ ...place, state: confirmed }))] }));
      await expect(second()).rejects.toBeInstanceOf(Conflict);
      const over = { status: 'Revoking', why: 'deactivated', confirmedAt: null } as const;
      await writes.commit(batch({ put: [assignment({ ...first, version: 2, state: over })], provision: [first.id] }));
      await expect(second()).resolves.toBeDefined();
    });

    it('holds for eligible assignments in force', async () => {
      const { writes } = store();
      const place = somewhere();
      const first = anEligible(place);
      const second = () => writes.commit(batch({ put: [assignment(anEligible(place))] }));
      await writes.commit(batch({ put: [assignment(first)] }));
      await expect(second()).rejects.toBeInstanceOf(Conflict);
      const ended = { status: 'Ended', at: oddInstant, why: 'removed' } as const;
      await writes.commit(batch({ put: [assignment({ ...first, version: 2, state: ended })] }));
      await expect(second()).resolves.toBeDefined();
    });

    it('holds for people’s addresses', async () => {
      const { writes } = store();
      const { mail } = aPerson();
      await writes.commit(batch({ put: [person(aPerson({ mail }))] }));
      await expect(writes.commit(batch({ put: [person(aPerson({ mail }))] }))).rejects.toBeInstanceOf(Conflict);
    });

    it('leaves one of ten racers', async () => {
      const { writes } = store();
      const eligibilityId = randomUUID() as AssignmentId;
      const principalId = randomUUID() as PersonId;
      const racers = Array.from({ length: 10 }, () =>
        writes.commit(batch({ put: [request(aRequest({ eligibilityId, principalId }))], audit: [aFact()] })),
      );
      const { won, faults } = await outcomes(racers);
      expect(won).toBe(1);
      expect(faults.filter((fault) => !(fault instanceof Conflict))).toEqual([]);
    });
  });
}
