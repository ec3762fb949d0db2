import { describe, expect, it } from 'vitest';
import { acts, type Holding, managersOf, may, viewersOf } from '../../src/domain/authorisation.ts';
import type { RoleId, ScopeId } from '../../src/domain/ids.ts';
import { type BuiltInRole, builtInRoles } from '../../src/domain/role.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import { buildGroup, buildScopeChain, ids } from '../support/build.ts';

const chain = buildScopeChain();
const elsewhere = '/subscriptions/sales' as ScopeId;
const everyRole = Object.keys(builtInRoles) as BuiltInRole[];
const holding = (role: BuiltInRole, scopeId: ScopeId) => [{ roleId: role as string as RoleId, scopeId }];

/** Of every built-in role: whether holding it there is enough. */
const enough = (needed: readonly Holding[], at: ScopeId, about = chain) =>
  everyRole.filter((role) => may(holding(role, at), needed, about));

const directoryManagers = ['globalAdministrator', 'privilegedRoleAdministrator'];
const groupManagers = [
  'globalAdministrator',
  'userAdministrator',
  'groupsAdministrator',
  'identityGovernanceAdministrator',
];
const readers = ['securityAdministrator', 'globalReader', 'securityReader'];

describe('who manages the assignments, settings and requests', () => {
  it.each([
    ['of a directory role', managersOf({ kind: 'directory' }, null), directoryManagers, []],
    ['of a resource role', managersOf({ kind: 'resource' }, null), [], ['owner', 'userAccessAdministrator']],
    [
      'of a role-assignable group',
      managersOf({ kind: 'group' }, buildGroup({ roleAssignable: true })),
      directoryManagers,
      ['groupOwner'],
    ],
    [
      'of any other group',
      managersOf({ kind: 'group' }, buildGroup({ roleAssignable: false })),
      groupManagers,
      ['groupOwner'],
    ],
  ])('%s', (_of, needed, atDirectory, here) => {
    expect(
      enough(needed, directoryScope)
        .filter((role) => !here.includes(role))
        .sort(),
    ).toEqual([...atDirectory].sort());
    expect(enough(needed, ids.expenses).sort()).toEqual([...here].sort());
    // What is held above reaches down.
    expect(enough(needed, ids.finance).sort()).toEqual([...here].sort());
    expect(enough(needed, elsewhere)).toEqual([]);
  });
});

describe('who views them', () => {
  it('adds the readers to the managers of directory roles', () => {
    expect(enough(viewersOf({ kind: 'directory' }, null), directoryScope).sort()).toEqual(
      [...directoryManagers, ...readers].sort(),
    );
  });

  it('is nobody but the managers of a resource role', () => {
    expect(enough(viewersOf({ kind: 'resource' }, null), directoryScope).sort()).toEqual([
      'owner',
      'userAccessAdministrator',
    ]);
  });
});

describe('what is not about a role', () => {
  it.each([
    ['invite', ['globalAdministrator', 'guestInviter', 'userAdministrator']],
    ['read-audit', [...directoryManagers, ...readers]],
    ['elevate', ['globalAdministrator']],
    ['create-role-assignable-group', directoryManagers],
    ['create-group', groupManagers],
  ] as const)('%s is for %j, at the directory', (act, roles) => {
    expect(enough(acts[act], directoryScope).sort()).toEqual([...roles].sort());
    expect(enough(acts[act], ids.expenses)).toEqual([]);
  });

  it('is for nobody who holds nothing', () => {
    expect(may([], acts.invite)).toBe(false);
  });
});
