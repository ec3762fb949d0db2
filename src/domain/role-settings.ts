import type { PersonId } from './ids.ts';

/** What a role at a scope asks of assignments and activations (Microsoft Entra PIM, "role settings"). Minutes. */
export interface RoleSettings {
  /** Grows with every change; requests keep the version that they were judged by. */
  readonly version: number;
  /** 30 to 1440, in half hours. */
  readonly activationMaximumMinutes: number;
  readonly justificationRequired: boolean;
  readonly ticketRequired: boolean;
  /** `null`: no approval. No approver named: the role's administrators decide. */
  readonly approval: { readonly approverIds: readonly PersonId[] } | null;
  /** How long a request waits for its decision before it times out. */
  readonly requestLifetimeMinutes: number;
  readonly permanentEligibleAllowed: boolean;
  readonly eligibleMaximumMinutes: number;
}

/** PIM's defaults, for a role that has no settings of its own. */
export const defaultRoleSettings = (kind: 'directory' | 'resource'): RoleSettings => ({
  version: 0,
  activationMaximumMinutes: 8 * 60,
  justificationRequired: true,
  ticketRequired: false,
  approval: null,
  requestLifetimeMinutes: 24 * 60,
  permanentEligibleAllowed: kind === 'directory',
  eligibleMaximumMinutes: 365 * 1440,
});

/** The shortest activation, and the step between the ones offered. */
export const shortestActivationMinutes = 30;
