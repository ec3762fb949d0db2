import { describe, expect, it } from 'vitest';
import { defaultRoleSettings } from '../../src/domain/role-settings.ts';
import { day } from '../support/build.ts';

describe('a role without settings of its own', () => {
  it('has PIM’s defaults', () => {
    expect(defaultRoleSettings('resource')).toEqual({
      version: 0,
      activationMaximumMinutes: 8 * 60,
      justificationRequired: true,
      ticketRequired: false,
      approval: null,
      requestLifetimeMinutes: 24 * 60,
      permanentEligibleAllowed: false,
      eligibleMaximumMinutes: 365 * day,
    });
  });

  it('allows permanent eligibility as a directory role', () => {
    expect(defaultRoleSettings('directory').permanentEligibleAllowed).toBe(true);
  });
});
