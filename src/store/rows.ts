import type { ActiveAssignment, Assignment, EligibleAssignment, EndReason } from '../domain/assignment.ts';
import type { AuditAction, AuditEntry } from '../domain/audit.ts';
import type { Challenge } from '../domain/challenge.ts';
import type { Entity } from '../domain/change.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import type { AssignmentId, PersonId, RequestId, RoleId, ScopeId } from '../domain/ids.ts';
import type { Invitation } from '../domain/invitation.ts';
import type { Organisation } from '../domain/organisation.ts';
import type { Person } from '../domain/person.ts';
import type { ActivationRequest, RequestDecision, RequestState, RequestStatus } from '../domain/request.ts';
import type { RoleSettings } from '../domain/role-settings.ts';
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
});

export const chatAccountOf = (row: Table.ChatAccountModel): ChatAccount => ({
  ...row,
  id: row.id as ChatAccount['id'],
  platform: row.platform as ChatAccount['platform'],
  personId: row.personId as PersonId | null,
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

export const roleSettingsOf = (row: Table.RoleSettingsModel): RoleSettings => ({
  version: row.version,
  activationMaximumMinutes: row.activationMaximumMinutes,
  justificationRequired: row.justificationRequired,
  ticketRequired: row.ticketRequired,
  approval: row.approvalRequired ? { approverIds: row.approverIds as PersonId[] } : null,
  requestLifetimeMinutes: row.requestLifetimeMinutes,
  permanentEligibleAllowed: row.permanentEligibleAllowed,
  eligibleMaximumMinutes: row.eligibleMaximumMinutes,
});

function activeState(row: AssignmentRow): ActiveAssignment['state'] {
  const { status, confirmedAt, id } = row;
  switch (status) {
    case 'Provisioning':
      return { status };
    case 'Active':
      return { status, confirmedAt: present(confirmedAt, 'Assignment', id) };
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
    principalId: row.principalId as PersonId,
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
    case 'PendingApproval':
      return { status, timesOutAt: need(row.timesOutAt) };
    case 'PendingProvisioning':
    case 'Provisioned':
      return { status, decision, assignmentId: need(row.assignmentId) as AssignmentId };
    case 'Denied':
      return { status, decision: need(decision), closedAt: need(row.closedAt) };
    case 'Canceled':
    case 'TimedOut':
      return { status, closedAt: need(row.closedAt) };
    case 'Failed':
      return { status, decision, assignmentId: need(row.assignmentId) as AssignmentId, closedAt: need(row.closedAt) };
    default:
      return fault('Request', row.id) ?? (status satisfies never);
  }
}

export const requestOf = (row: RequestRow): ActivationRequest => ({
  id: row.id as RequestId,
  version: row.version,
  principalId: row.principalId as PersonId,
  eligibilityId: row.eligibilityId as AssignmentId,
  roleId: row.roleId as RoleId,
  scopeId: row.scopeId as ScopeId,
  durationMinutes: row.durationMinutes,
  justification: row.justification,
  ticket: row.ticket,
  settingsVersion: row.settingsVersion,
  createdAt: row.createdAt,
  state: requestState(row),
});

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
      return { ...value };
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
      };
    }
    case 'Request': {
      const { state, ...rest } = value;
      const decision = 'decision' in state ? state.decision : null;
      return {
        ...rest,
        status: state.status,
        timesOutAt: 'timesOutAt' in state ? state.timesOutAt : null,
        decidedBy: decision?.by ?? null,
        decidedAt: decision?.at ?? null,
        decisionJustification: decision?.justification ?? null,
        assignmentId: 'assignmentId' in state ? state.assignmentId : null,
        closedAt: 'closedAt' in state ? state.closedAt : null,
      };
    }
    default:
      return entity satisfies never;
  }
}
