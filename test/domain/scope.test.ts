import { describe, expect, it } from 'vitest';
import type { ScopeId } from '../../src/domain/ids.ts';
import { directoryScope, reaches } from '../../src/domain/scope.ts';
import { buildScopeChain, ids } from '../support/build.ts';

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
