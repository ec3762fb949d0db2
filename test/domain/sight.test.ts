import { describe, expect, it } from 'vitest';
import type { RoleId, ScopeId } from '../../src/domain/ids.ts';
import type { BuiltInRole } from '../../src/domain/role.ts';
import { directoryScope } from '../../src/domain/scope.ts';
import { seesOthers, sightOf } from '../../src/domain/sight.ts';
import { ids } from '../support/build.ts';

const held = (role: BuiltInRole, scopeId: ScopeId = directoryScope) => ({
  roleId: role as string as RoleId,
  scopeId,
});
const nothing = {
  directory: false,
  resourcesBelow: [],
  roleAssignableGroups: false,
  otherGroups: false,
  groups: [],
  record: false,
};

describe('what somebody may see of others', () => {
  it('is nothing for whoever holds nothing', () => {
    expect(sightOf([])).toEqual(nothing);
    expect(seesOthers(sightOf([]))).toBe(false);
    expect(seesOthers(sightOf([held('guestInviter')]))).toBe(false);
  });

  it('is everything but resource roles for a Global Administrator', () => {
    expect(sightOf([held('globalAdministrator')])).toEqual({
      ...nothing,
      directory: true,
      roleAssignableGroups: true,
      otherGroups: true,
      record: true,
    });
  });

  it('leaves groups that hold no roles to others than Privileged Role Administrators', () => {
    expect(sightOf([held('privilegedRoleAdministrator')])).toEqual({
      ...nothing,
      directory: true,
      roleAssignableGroups: true,
      record: true,
    });
    expect(sightOf([held('groupsAdministrator')])).toEqual({ ...nothing, otherGroups: true });
  });

  it('is what lies below for who owns a scope, or manages access there', () => {
    const both = [
      held('owner', ids.expenses),
      held('userAccessAdministrator', ids.finance),
      held('owner', ids.expenses),
    ];
    expect(sightOf(both)).toEqual({ ...nothing, resourcesBelow: [ids.expenses, ids.finance] });
    expect(seesOthers(sightOf(both))).toBe(true);
  });

  it('is the group for who owns it', () => {
    const group = '/groups/1' as ScopeId;
    expect(sightOf([held('groupOwner', group)])).toEqual({ ...nothing, groups: [group] });
  });
});
