import type { GroupId, PersonId } from './ids.ts';
import type { RoleDefinition } from './role.ts';

/** Who decides, or may do something: people, and whoever is an active member of a group at the click. */
export interface Approvers {
  readonly personIds: readonly PersonId[];
  readonly groupIds: readonly GroupId[];
}

const nobody: Approvers = { personIds: [], groupIds: [] };

/** What somebody has to prove anew. `context` names a strength (Microsoft Entra's "authentication context"). */
export type StepUpRequirement =
  | { readonly kind: 'none' }
  /** A passkey, or a code of an authenticator app. */
  | { readonly kind: 'mfa' }
  | { readonly kind: 'context'; readonly strength: 'passkey' };

/** One round of approval; the next begins when this one has its quorum (ours; PIM has one stage and the first decides). */
export interface ApprovalStage {
  /** Nobody named: the role's administrators decide. */
  readonly approvers: Approvers;
  /** How many of them have to approve; one denial denies. */
  readonly quorum: number;
  /** Asked too when the approvers have not decided for so long, or could not be told; none: the role's administrators. */
  readonly backups: Approvers;
  readonly backupAfterMinutes: number;
}

export const notifiedEvents = ['assignedEligible', 'assignedActive', 'activated'] as const;
export type NotifiedEvent = (typeof notifiedEvents)[number];
export const notifiedParties = ['admin', 'assignee', 'approver'] as const;
export type NotifiedParty = (typeof notifiedParties)[number];

/** Who is told of one kind of event, on one side (Microsoft Entra PIM, "notification settings"). */
export interface Recipients {
  /** The role's administrators, the assignee, or the approvers. */
  readonly toDefault: boolean;
  /** Mail addresses of others. */
  readonly extra: readonly string[];
  /** Only what asks for something to be done. */
  readonly criticalOnly: boolean;
}

/**
 * What a role at a scope (or a group's membership or ownership) asks of assignments and activations (Microsoft Entra
 * PIM, "role settings"). Minutes.
 */
export interface RoleSettings {
  /** Grows with every change; requests keep the version that they were judged by. */
  readonly version: number;
  /** 30 to 1440, in half hours. */
  readonly activationMaximumMinutes: number;
  readonly activationRequires: StepUpRequirement;
  readonly justificationRequired: boolean;
  readonly ticketRequired: boolean;
  /** `null`: no approval. */
  readonly approval: {
    readonly stages: readonly [ApprovalStage, ...ApprovalStage[]];
    /** Of whoever approves: for roles of high risk (ours). */
    readonly decidingRequires: StepUpRequirement;
  } | null;
  /** Who may take the role at once in an emergency, without being eligible and without approval (ours). */
  readonly breakGlass: Approvers;
  /** How long a request waits for its decision before it times out. */
  readonly requestLifetimeMinutes: number;
  readonly permanentEligibleAllowed: boolean;
  readonly eligibleMaximumMinutes: number;
  readonly permanentActiveAllowed: boolean;
  readonly activeMaximumMinutes: number;
  /** Of the administrator who assigns actively. */
  readonly activeAssignmentRequires: StepUpRequirement;
  readonly activeJustificationRequired: boolean;
  readonly notifications: Readonly<Record<NotifiedEvent, Readonly<Record<NotifiedParty, Recipients>>>>;
}

/**
 * Whom settings are for. Guests may have stricter ones for the same role (ours; in PIM that takes two groups): for a
 * guest the nearest ones for guests count, wherever others' are set nearer.
 */
export type Audience = 'everyone' | 'guests';

/** Half an hour, in which backups are asked (ours). */
const usualBackupMinutes = 30;

/** One stage, in which the first decision of these people counts. */
export const approvalBy = (personIds: readonly PersonId[]): NonNullable<RoleSettings['approval']> => ({
  stages: [
    { approvers: { personIds, groupIds: [] }, quorum: 1, backups: nobody, backupAfterMinutes: usualBackupMinutes },
  ],
  decidingRequires: { kind: 'none' },
});

const usual: Recipients = { toDefault: true, extra: [], criticalOnly: false };
const toAll = { admin: usual, assignee: usual, approver: usual };

/** PIM's defaults, for a role that has no settings of its own. */
export const defaultRoleSettings = (kind: RoleDefinition['kind']): RoleSettings => ({
  version: 0,
  activationMaximumMinutes: 8 * 60,
  activationRequires: { kind: 'none' },
  justificationRequired: true,
  ticketRequired: false,
  approval: null,
  breakGlass: nobody,
  requestLifetimeMinutes: 24 * 60,
  permanentEligibleAllowed: kind === 'directory',
  eligibleMaximumMinutes: 365 * 1440,
  permanentActiveAllowed: kind === 'directory',
  activeMaximumMinutes: 180 * 1440,
  activeAssignmentRequires: { kind: 'none' },
  activeJustificationRequired: true,
  notifications: { assignedEligible: toAll, assignedActive: toAll, activated: toAll },
});

/** The shortest activation, and the step between the ones offered. */
export const shortestActivationMinutes = 30;
