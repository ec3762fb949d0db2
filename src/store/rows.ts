import type { ActiveAssignment, Assignment, EligibleAssignment, EndReason } from '../domain/assignment.ts';
import type { AuditAction, AuditEntry } from '../domain/audit.ts';
import type { BreakGlass } from '../domain/break-glass.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { Entity } from '../domain/change.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { Group } from '../domain/group.ts';
import type { AssignmentId, GroupId, PersonId, PrincipalId, RequestId, RoleId, ScopeId } from '../domain/ids.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Person } from '../domain/person.ts';
import type {
  AssignmentRequest,
  BackupReason,
  CancelReason,
  RequestDecision,
  RequestState,
  RequestStatus,
  Vote,
} from '../domain/request.ts';
import type { Audience } from '../domain/role-settings.ts';
import type { Rules } from '../domain/setting-texts.ts';
import type { SettingsChange, SettingsProposal, StoredSettings } from '../domain/stored-settings.ts';
import { credentialRowOf } from './credential-rows.ts';
import { delegationRowOf } from './delegation-rows.ts';
import type * as Table from './generated/models.ts';

/** The domain's types as rows of the database, and back. A row that can't be read is a fault, never a guess. */

type AssignmentRow = Table.AssignmentModel;
type RequestRow = Table.RequestModel;

const fault = (table: string, id: string): never => {
  throw new Error(`the row ${id} of ${table} is in a state that this build does not know`);
};

const present = <T>(value: T | null, table: string, id: string): T => value ?? fault(table, id);

export const personOf = (row: Table.PersonModel): Person => ({
  ...row,
  id: row.id as PersonId,
  userType: row.userType as Person['userType'],
  externalUserState: row.externalUserState as Person['externalUserState'],
  sponsorId: row.sponsorId as PersonId | null,
  language: row.language as Person['language'],
  quiet: row.quiet as Person['quiet'],
});

export const chatAccountOf = (row: Table.ChatAccountModel): ChatAccount => ({
  ...row,
  id: row.id as ChatAccount['id'],
  platform: row.platform as ChatAccount['platform'],
  personId: row.personId as PersonId | null,
  provenBy: row.provenBy as ChatAccount['provenBy'],
});

export const invitationOf = ({ status, closedAt, ...row }: Table.InvitationModel): Invitation => ({
  ...row,
  id: row.id as Invitation['id'],
  guestId: row.guestId as PersonId,
  inviterId: row.inviterId as PersonId,
  state:
    status === 'Pending'
      ? { status }
      : { status: status as 'Accepted' | 'Declined' | 'Revoked', closedAt: present(closedAt, 'Invitation', row.id) },
});

export const challengeOf = (row: Table.ChallengeModel): Challenge => ({
  ...row,
  id: row.id as Challenge['id'],
  purpose: row.purpose as Challenge['purpose'],
  personId: row.personId as PersonId,
});

export const organisationOf = (row: Table.OrganisationModel): Organisation => ({
  name: row.name,
  domain: row.domain,
  whoMayInvite: row.whoMayInvite as Organisation['whoMayInvite'],
  domains: row.domains as Organisation['domains'],
  terms: row.terms as Organisation['terms'],
});

/** A row that is older than a setting lacks it; {@link settingsInForce} gives it its default. */
export const storedSettingsOf = (row: Table.RoleSettingsModel): StoredSettings => ({
  roleId: row.roleId as RoleId,
  scopeId: row.scopeId as ScopeId,
  audience: row.audience as Audience,
  version: row.version,
  rules: row.rules as unknown as Rules | null,
});

export const settingsProposalOf = (row: Table.SettingsProposalModel): SettingsProposal => ({
  ...row,
  id: row.id as SettingsProposal['id'],
  version: 1,
  personId: row.personId as PersonId,
  roleId: row.roleId as RoleId,
  scopeId: row.scopeId as ScopeId,
  audience: row.audience as Audience,
  rules: row.rules as unknown as Rules | null,
});

export const settingsChangeOf = (row: Table.SettingsChangeModel): SettingsChange => ({
  ...row,
  id: row.id as SettingsChange['id'],
  version: 1,
  personId: row.personId as PersonId | null,
  roleId: row.roleId as RoleId,
  scopeId: row.scopeId as ScopeId,
  audience: row.audience as Audience,
  lines: row.lines as unknown as SettingsChange['lines'],
});

export const groupOf = (row: Table.GroupModel): Group => ({ ...row, id: row.id as GroupId });

function activeState(row: AssignmentRow): ActiveAssignment['state'] {
  const { status, confirmedAt, id } = row;
  switch (status) {
    case 'Scheduled':
    case 'Provisioning':
      return { status };
    case 'Active':
      return { status, confirmedAt: present(confirmedAt, 'Assignment', id) };
    case 'Extending':
      return { status, confirmedAt: present(confirmedAt, 'Assignment', id), until: row.until };
    case 'Revoking':
      return { status, why: present(row.why, 'Assignment', id) as EndReason, confirmedAt };
    case 'Ended':
      return { status, at: present(row.closedAt, 'Assignment', id), why: row.why as EndReason, confirmedAt };
    case 'Failed':
      return { status, at: present(row.closedAt, 'Assignment', id) };
    default:
      return fault('Assignment', id);
  }
}

export function assignmentOf(row: AssignmentRow): Assignment {
  const base = {
    id: row.id as AssignmentId,
    version: row.version,
    principalKind: row.principalKind as Assignment['principalKind'],
    principalId: row.principalId as PrincipalId,
    roleId: row.roleId as RoleId,
    scopeId: row.scopeId as ScopeId,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
  };
  if (row.kind === 'eligible') {
    const state: EligibleAssignment['state'] =
      row.status === 'InForce'
        ? { status: 'InForce' }
        : { status: 'Ended', at: present(row.closedAt, 'Assignment', row.id), why: row.why as EndReason };
    return { ...base, kind: 'eligible', state };
  }
  return {
    ...base,
    kind: 'active',
    eligibilityId: row.eligibilityId as AssignmentId | null,
    requestId: row.requestId as RequestId | null,
    durationMinutes: row.durationMinutes,
    state: activeState(row),
  };
}

function requestState(row: RequestRow): RequestState {
  const need = <T>(value: T | null): T => present(value, 'Request', row.id);
  const decision: RequestDecision | null =
    row.decidedBy && row.decidedAt
      ? { by: row.decidedBy as PersonId, at: row.decidedAt, justification: row.decisionJustification ?? '' }
      : null;
  const status = row.status as RequestStatus;
  switch (status) {
    case 'PendingEvaluation':
      return { status, timesOutAt: need(row.timesOutAt) };
    case 'PendingApproval':
      return {
        status,
        timesOutAt: need(row.timesOutAt),
        stage: row.stage,
        since: row.stageSince ?? row.createdAt,
        backups: row.backups as BackupReason | null,
      };
    case 'ScheduleCreated':
      return { status, decision };
    case 'PendingProvisioning':
    case 'Provisioned':
      return { status, decision, assignmentId: need(row.assignmentId) as AssignmentId };
    case 'Denied':
      return { status, decision: need(decision), closedAt: need(row.closedAt) };
    case 'Canceled':
      return {
        status,
        closedAt: need(row.closedAt),
        ...(row.why ? { why: row.why as CancelReason } : {}),
        ...(decision ? { decision } : {}),
      };
    case 'TimedOut':
      return {
        status,
        closedAt: need(row.closedAt),
        ...(row.why === 'unconfirmed' ? { why: row.why } : {}),
      };
    case 'Failed':
    case 'Revoked':
      return { status, decision, assignmentId: need(row.assignmentId) as AssignmentId, closedAt: need(row.closedAt) };
    default:
      return fault('Request', row.id) ?? (status satisfies never);
  }
}

/** JSON keeps instants as text. */
const votesOf = (votes: unknown): Vote[] =>
  (votes as readonly (Omit<Vote, 'at'> & { at: string })[]).map((vote) => ({ ...vote, at: new Date(vote.at) }));

export const requestOf = (row: RequestRow): AssignmentRequest => ({
  id: row.id as RequestId,
  version: row.version,
  action: row.action as AssignmentRequest['action'],
  principalId: row.principalId as PersonId,
  eligibilityId: row.eligibilityId as AssignmentId,
  roleId: row.roleId as RoleId,
  scopeId: row.scopeId as ScopeId,
  startsAt: row.startsAt,
  durationMinutes: row.durationMinutes,
  justification: row.justification,
  ticket: row.ticket,
  settingsVersion: row.settingsVersion,
  createdAt: row.createdAt,
  votes: votesOf(row.votes),
  state: requestState(row),
});

export const breakGlassOf = (row: Table.BreakGlassModel): BreakGlass => {
  const { reviewSince: since, reviewedBy: by, reviewedAt: at, justified, comment } = row;
  const answered = by && at && justified !== null && { by: by as PersonId, at, justified, comment };
  return {
    id: row.id as RequestId,
    version: row.version,
    endedBy: row.endedBy as PersonId | null,
    review: since && (answered ? { status: 'answered', since, ...answered } : { status: 'open', since }),
  };
};

export const auditEntryOf = (row: Table.AuditEntryModel): AuditEntry => ({
  sequence: row.sequence,
  at: row.at,
  action: row.action as AuditAction,
  actor: {
    personId: row.personId as PersonId | null,
    surface: row.surface as AuditEntry['actor']['surface'],
    account: row.account,
  },
  subjectId: row.subjectId as PersonId | null,
  role: row.role,
  scope: row.scope,
  requestId: row.requestId,
  result: row.result as AuditEntry['result'],
  reason: row.reason,
  details: row.details as AuditEntry['details'],
  previousHash: row.previousHash,
  hash: row.hash,
});

export const auditRowOf = ({ actor, ...entry }: AuditEntry): Record<string, unknown> => ({ ...entry, ...actor });

/** An entity as the row that holds it. */
export function rowOf({ entity, value }: Entity): Record<string, unknown> {
  switch (entity) {
    case 'Person':
    case 'ChatAccount':
    case 'Challenge':
    case 'Group':
    case 'RoleSettings':
    case 'SettingsProposal':
    case 'SettingsChange':
    case 'Enrolment':
    case 'StepUp':
      return { ...value };
    case 'Credential':
      return credentialRowOf(value);
    case 'Invitation': {
      const { state, ...rest } = value;
      return { ...rest, status: state.status, closedAt: 'closedAt' in state ? state.closedAt : null };
    }
    case 'Assignment': {
      const { state, ...rest } = value;
      return {
        eligibilityId: null,
        requestId: null,
        durationMinutes: null,
        ...rest,
        status: state.status,
        why: 'why' in state ? state.why : null,
        confirmedAt: 'confirmedAt' in state ? state.confirmedAt : null,
        closedAt: 'at' in state ? state.at : null,
        until: 'until' in state ? state.until : null,
      };
    }
    case 'BreakGlass': {
      const { review, ...rest } = value;
      const answer = review?.status === 'answered' ? review : null;
      return {
        ...rest,
        reviewSince: review?.since ?? null,
        reviewedBy: answer?.by ?? null,
        reviewedAt: answer?.at ?? null,
        justified: answer?.justified ?? null,
        comment: answer?.comment ?? null,
      };
    }
    case 'Request': {
      const { state, ...rest } = value;
      const decision = 'decision' in state ? (state.decision ?? null) : null;
      const waiting = state.status === 'PendingApproval' ? state : null;
      return {
        ...rest,
        status: state.status,
        timesOutAt: 'timesOutAt' in state ? state.timesOutAt : null,
        stage: waiting?.stage ?? 1,
        stageSince: waiting?.since ?? null,
        backups: waiting?.backups ?? null,
        decidedBy: decision?.by ?? null,
        decidedAt: decision?.at ?? null,
        decisionJustification: decision?.justification ?? null,
        assignmentId: 'assignmentId' in state ? state.assignmentId : null,
        closedAt: 'closedAt' in state ? state.closedAt : null,
        why: 'why' in state ? state.why : null,
      };
    }
    case 'Delegation':
      return delegationRowOf(value);
    default:
      return entity satisfies never;
  }
}
