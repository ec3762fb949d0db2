import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { demoOrganisation } from '../../dev/demo-organisation.ts';
import type { Viewer } from '../../src/commands/browsing.ts';
import { groupScope } from '../../src/domain/group.ts';
import type { RoleId, ScopeId } from '../../src/domain/ids.ts';
import type { HeldRole } from '../../src/domain/role.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import { sightOf } from '../../src/domain/sight.ts';
import { prepareInstallation } from '../../src/store/bootstrap.ts';
import { rulesOf } from '../support/role-settings.ts';
import {
  aGroup,
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
} from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

const id = (of: string) => of as ScopeId;
const held = (roleId: string, scopeId: string): HeldRole => ({ roleId: roleId as RoleId, scopeId: id(scopeId) });
const confirmed = { status: 'Active', confirmedAt: oddInstant } as const;
const page = { skip: 0, take: 5 };

/** What `Browsing` promises, in a tree of five thousand scopes. */
export function browsingContract(store: () => Store): void {
  const estate = `/subscriptions/estate-${randomUUID()}`;
  const group = (number: number) => `${estate}/rg-${String(number).padStart(2, '0')}`;
  const resource = (of: number, number: number) => `${group(of)}/vm-${of}-${number}`;
  const elsewhere = `/subscriptions/elsewhere-${randomUUID()}`;
  const ann = aPerson({ displayName: 'Ann Auditor' });
  const bob = aPerson({ displayName: 'Bob Builder', userType: 'Guest', mail: `bob-${randomUUID()}@partner.example` });
  const cay = aPerson({ displayName: 'Cay Carter' });
  const team = aGroup({ name: `Zealous team ${randomUUID()}` });
  const reader = 'estate-reader' as RoleId;

  const viewer = (...roles: readonly HeldRole[]): Viewer => ({
    personId: ann.id,
    sight: sightOf(roles),
    now: oddInstant,
  });
  const owner = viewer(held('owner', estate));

  beforeAll(async () => {
    const { database, writes } = store();
    await prepareInstallation(database.prisma, demoOrganisation);
    const scopes = [
      { id: estate, name: 'estate', kind: 'subscription', parentId: directoryScope as string },
      { id: elsewhere, name: 'elsewhere', kind: 'subscription', parentId: directoryScope as string },
      ...Array.from({ length: 50 }, (_, g) => [
        { id: group(g), name: `rg-${String(g).padStart(2, '0')}`, kind: 'resource-group', parentId: estate },
        ...Array.from({ length: 99 }, (__, r) => ({
          id: resource(g, r),
          name: `VM-${g}-${r}`,
          kind: 'resource',
          parentId: group(g),
        })),
      ]).flat(),
    ];
    await database.prisma.scope.createMany({ data: scopes });
    await database.prisma.role.create({
      data: { id: reader, name: 'Estate reader', kind: 'resource', description: '' },
    });
    await database.prisma.roleSettings.create({
      data: { roleId: reader, scopeId: estate, audience: 'guests', version: 1, rules: rulesOf({}) },
    });
    const at = (scope: string) => ({ roleId: reader, scopeId: id(scope) });
    await writes.commit(
      batch({
        put: [
          ...[ann, bob, cay].map(person),
          { entity: 'Group', value: team },
          ...[
            anEligible({ ...at(group(1)), principalId: bob.id }),
            anEligible({ ...at(resource(1, 7)), principalId: ann.id }),
            anEligible({ ...at(group(1)), principalId: cay.id, endsAt: oddInstant }),
            anActive({ ...at(estate), principalId: bob.id, eligibilityId: anEligible().id, state: confirmed }),
            anActive({ ...at(elsewhere), principalId: bob.id, state: confirmed }),
            anActive({ ...at(estate), principalKind: 'group', principalId: team.id, state: confirmed }),
            anActive({
              roleId: 'groupMember' as RoleId,
              scopeId: groupScope(team.id),
              principalId: cay.id,
              state: confirmed,
            }),
            anActive({
              roleId: 'securityReader' as RoleId,
              scopeId: directoryScope,
              principalId: cay.id,
              state: confirmed,
            }),
          ].map(assignment),
        ],
      }),
    );
  });

  describe('the tree', () => {
    it('is what somebody manages, in its order, with what is held there, a page at a time', async () => {
      const { reads } = store();
      const first = await reads.scopeTree(owner, '', page);
      expect(first.total).toBe(1 + 50 * 100);
      expect(first.items.map(({ name, above, eligible, active }) => [name, above, eligible, active])).toEqual([
        ['estate', ['Directory'], 0, 2],
        ['rg-00', ['Directory', 'estate'], 0, 0],
        ...[0, 1, 10].map((r) => [`VM-0-${r}`, ['Directory', 'estate', 'rg-00'], 0, 0]),
      ]);
      const second = await reads.scopeTree(owner, '', { skip: 101, take: 2 });
      expect(second.items.map(({ name, eligible }) => [name, eligible])).toEqual([
        ['rg-01', 1],
        ['VM-1-0', 0],
      ]);
    });

    it('is found by a part of a name, however it is written', async () => {
      const { reads } = store();
      const found = await reads.scopeTree(owner, ' vm-7-9 ', { skip: 0, take: 1 });
      expect(found.total).toBe(10);
      expect(found.items[0]).toMatchObject({ name: 'VM-7-9', above: ['Directory', 'estate', 'rg-07'] });
      expect((await reads.scopeTree(owner, '%', page)).total).toBe(0);
    });

    it('turns to the last page where there is no such page', async () => {
      const beyond = await store().reads.scopeTree(owner, 'rg-', { skip: 900, take: 20 });
      expect(beyond.total).toBe(50);
      expect(beyond.items.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, i) => `rg-${40 + i}`));
    });

    it('is what they hold something at, with their own counted alone, for whoever manages nothing', async () => {
      const { reads } = store();
      const own = await reads.scopeTree(viewer(), '', page);
      expect(own.items.map(({ name, eligible, active }) => [name, eligible, active])).toEqual([['VM-1-7', 1, 0]]);
      const builder = await reads.scopeTree({ ...viewer(), personId: bob.id }, '', page);
      expect(builder.items.map(({ name, eligible, active }) => [name, eligible, active])).toEqual([
        ['elsewhere', 0, 1],
        ['estate', 0, 1],
        ['rg-01', 1, 0],
      ]);
      const throughTheTeam = await reads.scopeTree({ ...viewer(), personId: cay.id }, '', page);
      expect(throughTheTeam.items.map(({ name }) => name)).toEqual(['Directory', 'estate']);
    });

    it('counts directory roles for those who may see them, and no resource roles with them', async () => {
      const { items, total } = await store().reads.scopeTree(viewer(held('securityReader', '/')), 'direct', page);
      expect(total).toBe(1);
      expect(items[0]?.active).toBeGreaterThan(0);
      const blind = await store().reads.scopeTree(viewer(held('securityReader', '/')), 'estate', page);
      expect(blind.total).toBe(0);
    });
  });

  describe('a scope that is meant', () => {
    const named = async (who: Viewer, text: string, kinds: 'resources' | 'places' | 'groups' = 'resources') =>
      (await store().reads.viewedScopes(who, text, kinds, 3)).map(({ name }) => name);

    it('is found by its path, by its name, or by a part that only it has', async () => {
      expect(await named(owner, resource(3, 3).toUpperCase())).toEqual(['VM-3-3']);
      expect(await named(owner, 'vm-3-3')).toEqual(['VM-3-3']);
      expect(await named(owner, 'M-49-98')).toEqual(['VM-49-98']);
      expect(await named(owner, 'rg-0')).toEqual(['rg-00', 'rg-01', 'rg-02']);
    });

    it('is not found where the viewer may not look', async () => {
      expect(await named(owner, 'elsewhere')).toEqual([]);
      expect(await named(viewer(), 'vm-1-7')).toEqual([]);
      const securityReader = viewer(held('securityReader', '/'));
      expect(await named(securityReader, '/')).toEqual([]);
      expect(await named(securityReader, '/', 'places')).toEqual(['Directory']);
    });

    it('is a group for those who may see it', async () => {
      expect(await named(viewer(held('globalReader', '/')), team.name, 'groups')).toEqual([team.name]);
      expect(await named(viewer(held('groupOwner', groupScope(team.id))), team.name, 'groups')).toEqual([team.name]);
      expect(await named(viewer(held('groupsAdministrator', '/')), team.name, 'groups')).toEqual([]);
      expect(await named(owner, team.name, 'groups')).toEqual([]);
    });
  });

  it('tells which roles are held at a scope, and how many come from above', async () => {
    const { items, total } = await store().reads.rolesAt(owner, [id(group(1)), id(estate), directoryScope], page);
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({ name: 'Estate reader', eligible: 1, active: 2, inherited: 2 });
    expect(await store().reads.rolesAt(viewer(), [id(group(1)), id(estate)], page)).toEqual({ total: 0, items: [] });
  });

  describe('who holds a role', () => {
    const all = { roleId: reader, scopeIds: null, kind: null, guestsOnly: false, text: '' };
    const names = async (who: Viewer, filter: object, part = { skip: 0, take: 20 }) =>
      (await store().reads.roleMembers(who, { ...all, ...filter }, part)).items.map(
        ({ name, kind, activated, through, scope }) => [name, kind, activated, through, scope],
      );

    const everyone = [
      ['Ann Auditor', 'eligible', false, null, 'VM-1-7'],
      ['Bob Builder', 'active', true, null, 'estate'],
      ['Bob Builder', 'eligible', false, null, 'rg-01'],
      ['Cay Carter', 'active', false, team.name, 'estate'],
      [team.name, 'active', false, null, 'estate'],
    ];

    it('is told directly, through a group and activated, wherever the viewer may see it', async () => {
      expect((await names(owner, {})).sort()).toEqual([...everyone].sort());
      expect(await names(viewer(held('globalAdministrator', '/')), {})).toEqual([]);
    });

    it('is told at a scope with what comes from above', async () => {
      expect(await names(owner, { scopeIds: [id(group(1)), id(estate)], kind: 'eligible' })).toEqual([
        ['Bob Builder', 'eligible', false, null, 'rg-01'],
      ]);
      expect(await names(owner, { scopeIds: [id(group(2)), id(estate)] })).toHaveLength(3);
    });

    it('is filtered by kind, guests, name and address', async () => {
      expect(await names(owner, { kind: 'active' })).toHaveLength(3);
      expect(await names(owner, { guestsOnly: true })).toHaveLength(2);
      expect(await names(owner, { text: ' CARTER' })).toEqual([everyone[3]]);
      expect(await names(owner, { text: bob.mail.slice(0, 12) })).toHaveLength(2);
    });

    it('comes in pages that leave nobody out', async () => {
      const { reads } = store();
      const parts = await Promise.all([0, 2, 4, 6].map((skip) => reads.roleMembers(owner, all, { skip, take: 2 })));
      expect(parts.map(({ total, items }) => [total, items.length])).toEqual([
        [5, 2],
        [5, 2],
        [5, 1],
        [5, 1],
      ]);
    });
  });

  describe('a digest', () => {
    const since = new Date(oddInstant.getTime() - 86_400_000);

    it('counts what there is where somebody manages, and nothing elsewhere', async () => {
      const { reads } = store();
      expect(await reads.digest(owner, since)).toMatchObject({ eligible: 2, active: 2, waiting: 0, stuck: 0 });
      const below = viewer(held('owner', group(1)));
      expect(await reads.digest(below, since)).toMatchObject({ eligible: 2, active: 0 });
      const none = { eligible: 0, active: 0, activations: 0, waiting: 0, stuck: 0, unanswered: 0 };
      expect(await reads.digest(viewer(), since)).toMatchObject(none);
    });

    it('counts activations since then, requests that wait or timed out, and what is stuck', async () => {
      const { reads, writes } = store();
      const here = { roleId: reader, scopeId: id(resource(3, 1)), principalId: bob.id };
      const viewing = viewer(held('owner', group(3)));
      const asked = aRequest(here);
      const timedOut = aRequest({ ...here, state: { status: 'TimedOut', closedAt: oddInstant } });
      const activated = anActive({ ...here, requestId: aRequest().id, state: confirmed });
      const stuck = anActive({ ...here, principalId: cay.id, state: { status: 'Provisioning' } });
      await writes.commit({
        ...batch({ put: [...[asked, timedOut].map(request), ...[activated, stuck].map(assignment)] }),
        telling: { posts: [aPost({ name: 'stuck', subjectId: stuck.id })], refresh: [] },
      });
      const counts = { activations: 1, waiting: 1, unanswered: 1, stuck: 1 };
      expect(await reads.digest(viewing, since)).toMatchObject(counts);
      const later = new Date(oddInstant.getTime() + 1);
      expect(await reads.digest(viewing, later)).toMatchObject({ ...counts, activations: 0, unanswered: 0 });
    });

    it('is for whoever holds one of the roles anywhere, also through a group; what is planned is known', async () => {
      const { reads, writes } = store();
      const holders = await reads.holdersAnywhere(['securityReader'], oddInstant);
      expect(holders.map(({ id: personId }) => personId)).toContain(cay.id);
      const post = aPost();
      await writes.commit({ ...batch({}), telling: { posts: [post], refresh: [] } });
      expect(await reads.planned([post.key, 'another'])).toEqual([post.key]);
    });
  });

  it('tells where settings of a role are set', async () => {
    const { reads } = store();
    expect(await reads.settingsSetAt(reader, [id(group(1)), id(estate)])).toEqual([
      { scopeId: estate, audience: 'guests' },
    ]);
    expect(await reads.settingsSetAt(reader, [directoryScope])).toEqual([]);
  });
}
