import { describe, expect, it } from 'vitest';
import type { RoleId, ScopeId } from '../../src/domain/ids.ts';
import { administratorsOf, holds } from '../../src/domain/role.ts';
import { directoryScope, reaches } from '../../src/domain/scope.ts';
import { buildRole, buildScopeChain, ids } from '../support/build.ts';

const expenses = buildScopeChain();
const elsewhere = '/subscriptions/sales' as ScopeId;

describe('a privilege', () => {
  it.each([
    ['at the scope itself', ids.expenses, true],
    ['above it', ids.finance, true],
    ['at the top', directoryScope, true],
    ['beside it', elsewhere, false],
    ['below it', `${ids.expenses}/vm1` as ScopeId, false],
  ])('held %s reaches it: %s', (_where, held, reached) => {
    expect(reaches(held, expenses)).toBe(reached);
  });
});

describe('the holder of a built-in role', () => {
  const holding = (roleId: string, scopeId: ScopeId) => [{ roleId: roleId as RoleId, scopeId }];

  it('is known for any of the roles asked for', () => {
    expect(holds(holding('userAdministrator', directoryScope), ['guestInviter', 'userAdministrator'])).toBe(true);
  });

  it('is not known for another role', () => {
    expect(holds(holding('globalReader', directoryScope), ['guestInviter', 'userAdministrator'])).toBe(false);
  });

  it('is asked at the directory where no scope is named', () => {
    expect(holds(holding('owner', ids.finance), ['owner'])).toBe(false);
  });

  it('holds it at every scope below', () => {
    expect(holds(holding('owner', ids.finance), ['owner'], expenses)).toBe(true);
  });

  it('does not hold it beside', () => {
    expect(holds(holding('owner', elsewhere), ['owner'], expenses)).toBe(false);
  });

  it('is nobody who holds nothing', () => {
    expect(holds([], ['owner'], expenses)).toBe(false);
  });
});

describe('the administrators of a role', () => {
  it.each([
    ['directory', ['globalAdministrator', 'privilegedRoleAdministrator']],
    ['resource', ['owner', 'userAccessAdministrator']],
  ] as const)('of the kind %s are %j', (kind, administrators) => {
    expect(administratorsOf(buildRole({ kind }))).toEqual(administrators);
  });
});
