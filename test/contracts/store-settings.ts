import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { Conflict } from '../../src/commands/ports.ts';
import type { Entity } from '../../src/domain/change.ts';
import { groupScope } from '../../src/domain/group.ts';
import type { GroupId, PersonId, RoleId, ScopeId, SettingsProposalId } from '../../src/domain/ids.ts';
import type { RoleDefinition } from '../../src/domain/role.ts';
import { approvalBy, defaultRoleSettings } from '../../src/domain/role-settings.ts';
import type { ScopeChain } from '../../src/domain/scope.ts';
import type { SettingsProposal, StoredSettings } from '../../src/domain/stored-settings.ts';
import { aGroup, anActive, anEligible, aPerson, assignment, batch, oddInstant, person } from './store-fixtures.ts';
import type { Store } from './store-under-test.ts';

const { version: _, ...rules } = defaultRoleSettings('resource');
const settings = (value: StoredSettings): Entity => ({ entity: 'RoleSettings', value });

/** What the store promises of roles’ settings. */
export function settingsContract(store: () => Store): void {
  const role: RoleDefinition = {
    id: `role-${randomUUID()}` as RoleId,
    name: 'Reader',
    kind: 'resource',
    description: '',
  };
  const root = `/${randomUUID()}`;
  const paths = [root, `${root}/a`, `${root}/a/b`, `${root}/c`] as ScopeId[];
  const chainOf = async (path: string | undefined) => (await store().reads.scopeChain(path as ScopeId)) as ScopeChain;
  const own = (path: string | undefined, version: number, more: Partial<StoredSettings> = {}): StoredSettings => ({
    roleId: role.id,
    scopeId: path as ScopeId,
    audience: 'everyone',
    version,
    rules,
    ...more,
  });
  const tree = async () => {
    const data = paths.map((id, index) => ({
      id,
      name: id,
      kind: 'subscription',
      parentId: [null, root, `${root}/a`, root][index] ?? null,
    }));
    await store().database.prisma.scope.createMany({ data, skipDuplicates: true });
  };

  it('name people for break-glass access, by themselves and as active members of a group', async () => {
    await tree();
    const { reads, writes } = store();
    const [named, grouped, former] = [aPerson(), aPerson(), aPerson()];
    const group = aGroup();
    const membership = (of: PersonId, more: Parameters<typeof anActive>[0]) =>
      assignment(
        anActive({
          principalId: of,
          roleId: 'groupMember' as RoleId,
          scopeId: groupScope(group.id),
          state: { status: 'Active', confirmedAt: oddInstant },
          ...more,
        }),
      );
    const naming = (personIds: readonly PersonId[], groupIds: readonly GroupId[]) => ({
      rules: { ...rules, breakGlass: { personIds, groupIds } },
    });
    const other = { roleId: `role-${randomUUID()}` as RoleId };
    await writes.commit(
      batch({
        put: [
          ...[named, grouped, former].map(person),
          { entity: 'Group', value: group },
          membership(grouped.id, {}),
          membership(former.id, { endsAt: oddInstant }),
          settings(own(paths[3], 1, { ...other, ...naming([named.id], []) })),
          settings(own(paths[1], 1, { ...other, ...naming([named.id], [group.id]) })),
          settings(own(paths[0], 1, { ...other, rules: null })),
        ],
      }),
    );
    const places = async (of: PersonId) =>
      (await reads.breakGlassNaming(of, oddInstant)).map(({ scopeId }) => scopeId as string);
    expect(await places(named.id)).toEqual([paths[1], paths[3]]);
    expect(await places(grouped.id)).toEqual([paths[1]]);
    expect(await places(former.id)).toEqual([]);
  });

  it('are written version by version, and taken back', async () => {
    await tree();
    const { reads, writes } = store();
    const chain = await chainOf(paths[1]);
    const read = () => reads.settingsAt(role, chain, 'everyone');
    expect(await read()).toMatchObject({ from: null, ownVersion: 0, basis: 'defaults' });
    const approval = approvalBy([randomUUID() as PersonId]);
    await writes.commit(batch({ put: [settings(own(paths[1], 1, { rules: { ...rules, approval } }))] }));
    expect(await read()).toMatchObject({
      settings: { version: 1, approval },
      from: { scope: { id: paths[1] } },
      basis: 'e0.1',
    });
    await writes.commit(batch({ put: [settings(own(paths[1], 2, { rules: null })), settings(own(paths[0], 1))] }));
    expect(await read()).toMatchObject({ settings: { version: 1 }, from: { scope: { id: root } }, ownVersion: 2 });
    await writes.commit(batch({ put: [settings(own(paths[1], 3))] }));
    expect(await read()).toEqual({
      settings: { ...rules, version: 3 },
      above: { ...rules, version: 1 },
      from: { scope: chain[0], audience: 'everyone' },
      ownVersion: 3,
      basis: 'e0.3 e1.1',
    });
    expect((await reads.storedSettings()).filter(({ roleId }) => roleId === role.id)).toEqual([
      own(paths[0], 1),
      own(paths[1], 3),
    ]);
  });

  it.each([
    ['a version that is there', 3],
    ['a version that is not next', 5],
    ['the first version once more', 1],
  ])('are not overwritten by %s', async (_what, version) => {
    const { writes, reads } = store();
    const before = await reads.storedSettings();
    await expect(writes.commit(batch({ put: [settings(own(paths[1], version))] }))).rejects.toBeInstanceOf(Conflict);
    expect(await reads.storedSettings()).toEqual(before);
  });

  it('are saved by one of two at the same time', async () => {
    const { writes, anotherWrites } = store();
    const other = await anotherWrites();
    const next = batch({ put: [settings(own(paths[3], 1))] });
    const outcomes = await Promise.allSettled([writes.commit(next), other.commit(next)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('are proposed as they are to be, and proposals are forgotten in time', async () => {
    const { writes, reads, workList } = store();
    const value: SettingsProposal = {
      id: randomUUID() as SettingsProposalId,
      version: 1,
      personId: randomUUID() as PersonId,
      roleId: role.id,
      scopeId: root as ScopeId,
      audience: 'guests',
      basis: 'e0.1',
      rules: null,
      createdAt: oddInstant,
    };
    const withRules = { ...value, id: randomUUID() as SettingsProposalId, rules };
    const put = [value, withRules].map((each) => ({ entity: 'SettingsProposal' as const, value: each }));
    await writes.commit(batch({ put }));
    expect(await reads.settingsProposal(value.id)).toEqual(value);
    expect(await reads.settingsProposal(withRules.id)).toEqual(withRules);
    expect(await reads.settingsProposal('nonsense' as SettingsProposalId)).toBeNull();
    await workList.tidy(new Date(oddInstant.getTime() + 1));
    expect(await reads.settingsProposal(value.id)).toBeNull();
  });

  describe('govern', () => {
    it('who holds or may activate the role there and below, down to other settings, also through groups', async () => {
      await tree();
      const { reads, writes } = store();
      const here: RoleDefinition = { ...role, id: `role-${randomUUID()}` as RoleId };
      const guest = aPerson({ userType: 'Guest' });
      const [member, below, holder, grouped] = [aPerson(), aPerson(), aPerson(), aPerson()];
      const group = aGroup();
      const of = (principalId: PersonId, scopeId: ScopeId | undefined) => ({
        principalId,
        roleId: here.id,
        scopeId: scopeId as ScopeId,
      });
      const confirmed = { state: { status: 'Active' as const, confirmedAt: oddInstant } };
      await writes.commit(
        batch({
          put: [
            ...[guest, member, below, holder, grouped].map(person),
            { entity: 'Group', value: group },
            assignment(anEligible(of(guest.id, paths[1]))),
            assignment(anEligible(of(member.id, paths[0]))),
            assignment(anEligible(of(below.id, paths[2]))),
            assignment(anActive({ ...of(member.id, paths[1]), ...confirmed })),
            assignment(anActive({ ...of(holder.id, paths[2]) })),
            assignment(
              anActive({
                ...of(holder.id, paths[3]),
                state: { status: 'Ended', at: oddInstant, why: 'expired', confirmedAt: null },
              }),
            ),
            assignment(anEligible({ ...of(group.id as never, paths[0]), principalKind: 'group' })),
            assignment(
              anActive({ ...of(grouped.id, groupScope(group.id)), roleId: 'groupMember' as RoleId, ...confirmed }),
            ),
          ],
        }),
      );
      const governed = async (path: string | undefined, audience: 'everyone' | 'guests' = 'everyone') => {
        const { eligible, active } = await reads.governedBy(here.id, await chainOf(path), audience, oddInstant);
        return { eligible: [...eligible].sort(), active: [...active].sort() };
      };
      const sorted = (...people: readonly { id: PersonId }[]) => people.map(({ id }) => id).sort();
      expect(await governed(root)).toEqual({
        eligible: sorted(guest, member, below, grouped),
        active: sorted(member, holder),
      });
      expect(await governed(paths[2])).toEqual({ eligible: sorted(below), active: sorted(holder) });
      expect(await governed(root, 'guests')).toEqual({ eligible: sorted(guest), active: [] });
      await writes.commit(batch({ put: [settings({ ...own(paths[2], 1), roleId: here.id })] }));
      expect(await governed(root)).toEqual({ eligible: sorted(guest, member, grouped), active: sorted(member) });
      await writes.commit(batch({ put: [settings({ ...own(paths[1], 1, { audience: 'guests' }), roleId: here.id })] }));
      expect(await governed(root)).toEqual({ eligible: sorted(member, grouped), active: sorted(member) });
      expect(await governed(paths[1], 'guests')).toEqual({ eligible: sorted(guest), active: [] });
    });
  });
}
