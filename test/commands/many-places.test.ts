import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { waitingFor } from '../../src/commands/approvals.ts';
import { findScope } from '../../src/commands/lookups.ts';
import type { Assignment } from '../../src/domain/assignment.ts';
import { groupScope } from '../../src/domain/group.ts';
import type { PersonId, RequestId, RoleId, ScopeId } from '../../src/domain/ids.ts';
import type { Person } from '../../src/domain/person.ts';
import { approvalBy } from '../../src/domain/role-settings.ts';
import { prepareInstallation } from '../../src/store/bootstrap.ts';
import type { Prisma } from '../../src/store/generated/client.ts';
import { eligibleRoles } from '../../src/surfaces/chat/activation-answers.ts';
import {
  aGroup,
  anActive,
  anEligible,
  aPerson,
  aRequest,
  assignment,
  batch,
  oddInstant,
  person,
  request,
} from '../contracts/store-fixtures.ts';
import { useStore } from '../contracts/store-under-test.ts';
import { waitingUntil } from '../support/build.ts';
import { countingReads } from '../support/counting-reads.ts';
import { rulesOf } from '../support/role-settings.ts';
import { openEmbeddedDatabase } from '../support/served-database.ts';

const now = oddInstant;
const active = { status: 'Active', confirmedAt: now } as const;
const wanted = 'userAccessAdministrator' as RoleId;

describe('with many places', () => {
  const store = useStore(openEmbeddedDatabase);

  beforeAll(() =>
    prepareInstallation(store().database.prisma, {
      name: 'Contoso',
      domain: 'contoso.example',
      whoMayInvite: 'members-and-admins',
      domains: { policy: 'deny', list: [] },
      terms: null,
    }),
  );

  /** So many scopes below one of their own. */
  async function scopes(count: number): Promise<ScopeId[]> {
    const root = `/${randomUUID()}`;
    const below = Array.from({ length: count }, (_, index) => `${root}/${index}`);
    await store().database.prisma.scope.createMany({
      data: [
        { id: root, name: root, kind: 'subscription', parentId: null },
        ...below.map((id) => ({ id, name: id, kind: 'resourceGroup', parentId: root })),
      ],
    });
    return below as ScopeId[];
  }

  const put = (...people: readonly Person[]) => store().writes.commit(batch({ put: people.map(person) }));
  const assigned = (...all: readonly Assignment[]) => store().writes.commit(batch({ put: all.map(assignment) }));

  /** At each place a request that waits; who decides is named there, or in a group that is, or manages the place. */
  async function waiting(count: number) {
    const places = await scopes(count);
    const [named, inGroup, owner, nobody] = [aPerson(), aPerson(), aPerson(), aPerson()];
    const group = aGroup();
    await put(named, inGroup, owner, nobody);
    await store().writes.commit(batch({ put: [{ entity: 'Group', value: group }] }));
    const membership = { roleId: 'groupMember' as RoleId, scopeId: groupScope(group.id), state: active };
    await assigned(
      anActive({ ...membership, principalId: inGroup.id }),
      ...places.map((scopeId) => anActive({ principalId: owner.id, scopeId, state: active })),
    );
    const groupIds = [group.id];
    const approvers = [
      { personIds: [named.id], groupIds: [] },
      { personIds: [], groupIds },
      { personIds: [], groupIds: [] },
    ];
    const of = (index: number) => {
      const usual = approvalBy([]);
      return { ...usual, stages: [{ ...usual.stages[0], approvers: approvers[index % 3] }] } as typeof usual;
    };
    await store().database.prisma.roleSettings.createMany({
      data: places.map((scopeId, index) => ({
        roleId: wanted,
        scopeId,
        version: 1,
        rules: rulesOf({ approval: of(index) }) as Prisma.InputJsonObject,
      })),
    });
    const requests = places.map((scopeId) =>
      aRequest({
        id: randomUUID() as RequestId,
        principalId: randomUUID() as PersonId,
        roleId: wanted,
        scopeId,
        votes: [],
        state: waitingUntil(new Date(now.getTime() + 1)),
      }),
    );
    await store().writes.commit(batch({ put: requests.map(request) }));
    return { requests, named, inGroup, owner, nobody };
  }

  it('finds a place by its name without reading all, and reads all only to suggest others', async () => {
    const [place] = await scopes(3);
    const counting = countingReads(store().reads);
    const by = { userType: 'Member' } as const;
    expect(await findScope(counting.reads, String(place).toUpperCase(), by)).toMatchObject({ id: place });
    expect(counting.asked).toEqual(['scopesLike']);
    expect(await findScope(counting.reads, `${place}x`, by)).toMatchObject({
      refusal: { code: 'scope-unknown', suggestions: expect.arrayContaining([place]) },
    });
  });

  it('finds what waits for somebody in as many queries for fifty as for three', async () => {
    const asked: number[] = [];
    for (const count of [3, 50]) {
      const { requests, ...people } = await waiting(count);
      const own = new Set(requests.map(({ id }) => id));
      const found = async ({ id }: Person) =>
        (await waitingFor(store().reads, id, now)).filter((one) => own.has(one.id)).map(({ scopeId }) => scopeId);
      const every = (third: number) => requests.filter((_, index) => index % 3 === third).map(({ scopeId }) => scopeId);
      expect(await found(people.named)).toEqual(expect.arrayContaining(every(0)));
      expect(await found(people.named)).toHaveLength(every(0).length);
      expect((await found(people.inGroup)).sort()).toEqual(every(1).sort());
      expect((await found(people.owner)).sort()).toEqual(every(2).sort());
      expect(await found(people.nobody)).toEqual([]);
      const counting = countingReads(store().reads);
      await waitingFor(counting.reads, people.named.id, now);
      asked.push(counting.asked.length);
    }
    expect(asked[1]).toBe(asked[0]);
  });

  it('shows what somebody can activate in as many queries for fifty roles as for two', async () => {
    const asked: number[] = [];
    for (const count of [2, 50]) {
      const places = await scopes(count);
      const one = aPerson();
      await put(one);
      const eligibles = places.map((scopeId) => anEligible({ principalId: one.id, roleId: wanted, scopeId }));
      const [first, second] = eligibles;
      const activation = { principalId: one.id, roleId: wanted, state: active };
      await assigned(...eligibles, anActive({ ...activation, scopeId: places[0] as ScopeId }));
      await store().writes.commit(
        batch({
          put: [
            request(
              aRequest({
                principalId: one.id,
                eligibilityId: second?.id as never,
                roleId: wanted,
                scopeId: places[1] as ScopeId,
                state: waitingUntil(new Date(now.getTime() + 1)),
              }),
            ),
          ],
        }),
      );
      const counting = countingReads(store().reads);
      const reader = { personId: one.id, language: 'en', time: (at: Date) => at.toISOString(), latest: true } as const;
      const asker = { person: one, held: [], reader, now } as unknown as Parameters<typeof eligibleRoles>[2];
      const shown = await eligibleRoles(
        counting.reads,
        eligibles.map((eligible) => ({ eligible, given: {}, extend: null, scopeId: eligible.scopeId })),
        asker,
      );
      expect(shown.map(({ assignmentId }) => assignmentId)).toEqual(eligibles.map(({ id }) => id));
      expect(shown[0]).toMatchObject({ assignmentId: first?.id, state: 'active', scope: places[0] });
      expect(shown[1]).toMatchObject({ state: 'pending' });
      expect(new Set(shown.slice(2).map(({ state }) => state))).toEqual(new Set(count > 2 ? ['available'] : []));
      asked.push(counting.asked.length);
    }
    expect(asked[1]).toBe(asked[0]);
  });
});
