import { describe, expect, it } from 'vitest';
import { Conflict } from '../../src/commands/ports.ts';
import type { BreakGlass } from '../../src/domain/break-glass.ts';
import { addMinutes } from '../../src/domain/duration.ts';
import {
  anActive,
  anEligible,
  aPerson,
  aRequest,
  assignment,
  batch,
  oddInstant,
  person,
  request,
} from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

/** What assigning, changing and removing read, on whatever database. */
export function assigningContract(store: () => Store): void {
  describe('an assignment', () => {
    it('that is not over is found by its number, at its scope and among its principal’s', async () => {
      const { reads, writes } = store();
      const eligible = anEligible();
      const of = { principalId: eligible.principalId, roleId: eligible.roleId, scopeId: eligible.scopeId };
      const direct = anActive({ ...of, state: { status: 'Scheduled' } });
      const over = anActive({ ...of, state: { status: 'Failed', at: oddInstant } });
      await writes.commit(batch({ put: [eligible, direct, over].map(assignment) }));
      const ids = (found: readonly { id: string }[]) => found.map(({ id }) => id).sort();
      const open = ids([eligible, direct]);
      expect(ids(await reads.openAssignmentsOf(eligible.principalId))).toEqual(open);
      const here = ids(await reads.openAssignmentsAt(eligible.scopeId));
      expect(here).toEqual(expect.arrayContaining(open));
      expect(here).not.toContain(over.id);
      expect(ids(await reads.openAssignmentsNumbered(direct.id.slice(-8)))).toContain(direct.id);
      expect(await reads.openAssignmentsNumbered(over.id.slice(-8))).toEqual([]);
    });

    it('has its activations and open requests, and no others’', async () => {
      const { reads, writes } = store();
      const eligible = anEligible();
      const activation = anActive({ eligibilityId: eligible.id });
      const ended = anActive({
        eligibilityId: eligible.id,
        state: { status: 'Ended', at: oddInstant, why: 'expired', confirmedAt: oddInstant },
      });
      const waiting = aRequest({ eligibilityId: eligible.id });
      const closed = aRequest({ eligibilityId: eligible.id, state: { status: 'Canceled', closedAt: oddInstant } });
      await writes.commit(
        batch({
          put: [
            ...[eligible, activation, ended, anActive({ eligibilityId: anEligible().id })].map(assignment),
            ...[waiting, closed, aRequest()].map(request),
          ],
        }),
      );
      expect((await reads.activationsOf([eligible.id])).map(({ id }) => id)).toEqual([activation.id]);
      expect((await reads.openRequestsAbout([eligible.id])).map(({ id }) => id)).toEqual([waiting.id]);
      expect(await reads.activationsOf([])).toEqual([]);
    });

    it('that begins later keeps its place: two administrators don’t give the same twice', async () => {
      const { writes } = store();
      const first = anActive({ eligibilityId: null, requestId: null, state: { status: 'Scheduled' } });
      await writes.commit(batch({ put: [assignment(first)] }));
      const second = anActive({
        eligibilityId: null,
        requestId: null,
        principalId: first.principalId,
        roleId: first.roleId,
        scopeId: first.scopeId,
      });
      await expect(writes.commit(batch({ put: [assignment(second)] }))).rejects.toBeInstanceOf(Conflict);
    });

    it('is given to one and the same only once at a time, whoever does it at once', async () => {
      const { reads, writes } = store();
      const minutes = (count: number) => addMinutes(oddInstant, count);
      const first = anEligible({ startsAt: oddInstant, endsAt: minutes(100) });
      const of = { principalId: first.principalId, roleId: first.roleId, scopeId: first.scopeId };
      const give = (parts: object) => writes.commit(batch({ put: [assignment(anEligible({ ...of, ...parts }))] }));
      await writes.commit(batch({ put: [assignment(first)] }));
      await expect(give({ startsAt: minutes(90), endsAt: null })).rejects.toBeInstanceOf(Conflict);
      const next = await Promise.allSettled(
        Array.from({ length: 4 }, (_, index) => give({ startsAt: minutes(100 + index * 10), endsAt: minutes(200) })),
      );
      expect(next.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      await give({ startsAt: minutes(200), endsAt: null });
      expect(await reads.openEligiblesOf(first.principalId)).toHaveLength(3);
      expect(await reads.othersLike(first)).toHaveLength(2);
    });

    it('that is active keeps its place until the later of its ends, while that is being moved', async () => {
      const { writes } = store();
      const minutes = (count: number) => addMinutes(oddInstant, count);
      const none = { eligibilityId: null, requestId: null };
      for (const [until, free] of [
        [50, 100],
        [300, 300],
      ] as const) {
        const moving = anActive({
          ...none,
          startsAt: oddInstant,
          endsAt: minutes(100),
          state: { status: 'Extending', confirmedAt: oddInstant, until: minutes(until) },
        });
        const of = { principalId: moving.principalId, roleId: moving.roleId, scopeId: moving.scopeId };
        const from = (count: number) =>
          writes.commit(
            batch({
              put: [
                assignment(
                  anActive({ ...of, ...none, startsAt: minutes(count), endsAt: null, state: { status: 'Scheduled' } }),
                ),
              ],
            }),
          );
        await writes.commit(batch({ put: [assignment(moving)] }));
        await expect(from(free - 2)).rejects.toBeInstanceOf(Conflict);
        await from(free);
      }
    });
  });

  describe('exceptional access', () => {
    const direct = { eligibilityId: null, requestId: null };

    it('stands beside a direct assignment, and not beside itself', async () => {
      const { writes } = store();
      const later = anActive({ ...direct, state: { status: 'Scheduled' } });
      const of = { principalId: later.principalId, roleId: later.roleId, scopeId: later.scopeId };
      const taken = () => anActive({ ...of, eligibilityId: null, requestId: aRequest().id });
      await writes.commit(batch({ put: [assignment(later)] }));
      await writes.commit(batch({ put: [assignment(taken())] }));
      await expect(writes.commit(batch({ put: [assignment(taken())] }))).rejects.toBeInstanceOf(Conflict);
    });

    it('can’t be renewed when it is over', async () => {
      const { reads, writes } = store();
      const taken = anActive({
        eligibilityId: null,
        requestId: aRequest().id,
        state: { status: 'Ended', at: oddInstant, why: 'expired', confirmedAt: oddInstant },
      });
      await writes.commit(batch({ put: [assignment(taken)] }));
      expect(await reads.expiredSince(taken.principalId, new Date(oddInstant.getTime() - 1))).toEqual([]);
    });

    it('keeps who ended it and what was said of it, version by version', async () => {
      const { reads, writes } = store();
      const put = (value: BreakGlass) => writes.commit(batch({ put: [{ entity: 'BreakGlass', value }] }));
      const by = aPerson().id;
      const first: BreakGlass = { id: aRequest().id, version: 1, endedBy: null, review: null };
      const asked: BreakGlass = { ...first, version: 2, endedBy: by, review: { status: 'open', since: oddInstant } };
      const review = { status: 'answered', since: oddInstant, by, at: oddInstant, justified: false } as const;
      const answered: BreakGlass = { ...asked, version: 3, review: { ...review, comment: 'No emergency' } };
      for (const each of [first, asked, answered]) {
        await put(each);
        expect(await reads.breakGlass(first.id)).toEqual(each);
      }
      await expect(put({ ...answered, review: { ...review, justified: true, comment: null } })).rejects.toBeInstanceOf(
        Conflict,
      );
      expect(await reads.breakGlass(aRequest().id)).toBeNull();
    });
  });

  describe('a person', () => {
    it('is found by a part of the name or the address, whatever its case', async () => {
      const { reads, writes } = store();
      const zoe = aPerson({ displayName: 'Zoë Quartermaine' });
      await writes.commit(batch({ put: [person(zoe)] }));
      expect((await reads.peopleNamed('quarterMAINE', 5)).map(({ id }) => id)).toEqual([zoe.id]);
      expect((await reads.peopleNamed(zoe.mail.toUpperCase(), 5)).map(({ id }) => id)).toEqual([zoe.id]);
      expect(await reads.peopleNamed('%', 5)).toEqual([]);
    });
  });
}
