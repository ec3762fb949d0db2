import { describe, expect, it } from 'vitest';
import { defaultRoleSettings } from '../../src/domain/role-settings.ts';
import { day } from '../support/build.ts';

describe('a role without settings of its own', () => {
  it('has PIM’s defaults', () => {
    const told = { toDefault: true, extra: [], criticalOnly: false };
    const toAll = { admin: told, assignee: told, approver: told };
    expect(defaultRoleSettings('resource')).toEqual({
      version: 0,
      activationMaximumMinutes: 8 * 60,
      activationRequires: { kind: 'none' },
      justificationRequired: true,
      ticketRequired: false,
      approval: null,
      breakGlass: { personIds: [], groupIds: [] },
      requestLifetimeMinutes: 24 * 60,
      permanentEligibleAllowed: false,
      eligibleMaximumMinutes: 365 * day,
      permanentActiveAllowed: false,
      activeMaximumMinutes: 180 * day,
      activeAssignmentRequires: { kind: 'none' },
      activeJustificationRequired: true,
      notifications: { assignedEligible: toAll, assignedActive: toAll, activated: toAll },
    });
  });

  it('allows permanent eligibility as a directory role', () => {
    expect(defaultRoleSettings('directory').permanentEligibleAllowed).toBe(true);
  });
});
