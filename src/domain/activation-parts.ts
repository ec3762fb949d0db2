import { agreedMinutes } from './approval.ts';
import type { ActiveAssignment, Assignment, EligibleAssignment } from './assignment.ts';
import type { Actor, AuditAction, AuditFact } from './audit.ts';
import type { BreakGlass } from './break-glass.ts';
import { accept, type Entity, type Reliance } from './change.ts';
import { addMinutes, earlier } from './duration.ts';
import type { DomainEvent } from './event.ts';
import type { AssignmentId, PrincipalId } from './ids.ts';
import type { Person } from './person.ts';
import { type AssignmentRequest, type CancelReason, decisionOf, isLengthening, type RequestState } from './request.ts';
import type { RoleDefinition } from './role.ts';
import type { Scope } from './scope.ts';

/** The names that the record keeps of a role at a scope. */
export interface Place {
  readonly role: Pick<RoleDefinition, 'name'>;
  readonly scope: Pick<Scope, 'name'>;
}

type Details = AuditFact['details'];

export const fact = (
  action: AuditAction,
  actor: Actor,
  about: { subjectId: PrincipalId; place: Place; requestId: string | null },
  more: { reason?: string | null; details?: Details; result?: AuditFact['result'] } = {},
): AuditFact => ({
  action,
  actor,
  subjectId: about.subjectId,
  role: about.place.role.name,
  scope: about.place.scope.name,
  requestId: about.requestId,
  result: more.result ?? 'success',
  reason: more.reason ?? null,
  details: more.details ?? {},
});

export const aboutRequest = (request: Pick<AssignmentRequest, 'id' | 'principalId'>, place: Place) => ({
  subjectId: request.principalId,
  place,
  requestId: request.id,
});

export const aboutAssignment = (assignment: ActiveAssignment | EligibleAssignment, place: Place) => ({
  subjectId: assignment.principalId,
  place,
  requestId: assignment.kind === 'active' ? assignment.requestId : null,
});

/** Of a direct assignment, the request is one that asked for it, such as a renewal. */
export const aboutProvisioning = ({ assignment, request, place }: Activation) => ({
  ...aboutAssignment(assignment, place),
  requestId: assignment.requestId ?? request?.id ?? null,
});

export const moved = (request: AssignmentRequest, state: RequestState): AssignmentRequest => ({
  ...request,
  version: request.version + 1,
  state,
});

/** Taken back, by the requester or by Usher itself, which says why; a decision that there was stays on it. */
export function canceled(request: AssignmentRequest, now: Date, why?: CancelReason): AssignmentRequest {
  const decision = decisionOf(request.state);
  return moved(request, {
    status: 'Canceled',
    closedAt: now,
    ...(why ? { why } : {}),
    ...(decision ? { decision } : {}),
  });
}

export const movedAssignment = (assignment: ActiveAssignment, state: ActiveAssignment['state']): ActiveAssignment => ({
  ...assignment,
  version: assignment.version + 1,
  state,
});

export const putRequest = (value: AssignmentRequest): Entity => ({ entity: 'Request', value });
export const putAssignment = (value: ActiveAssignment | EligibleAssignment): Entity => ({
  entity: 'Assignment',
  value,
});
export const putBreakGlass = (value: BreakGlass): Entity => ({ entity: 'BreakGlass', value });
export const relyOnAssignment = ({ id, version }: Assignment): Reliance => ({
  entity: 'Assignment',
  id,
  version,
});
export const relyOnPerson = ({ id, version }: Person): Reliance => ({ entity: 'Person', id, version });

type Telling = Extract<DomainEvent, { type: 'request-changed' }>['tell'];

/** The assignment on which the request shows: what came of it, or of an extension what it is about. */
const assignmentOf = (request: AssignmentRequest): AssignmentId | null => {
  if ('assignmentId' in request.state) return request.state.assignmentId;
  return isLengthening(request) ? request.eligibilityId : null;
};

export const changed = (request: AssignmentRequest, tell: Telling): DomainEvent => ({
  type: 'request-changed',
  requestId: request.id,
  requesterId: request.principalId,
  assignmentId: assignmentOf(request),
  tell,
});

/** When an activation that takes effect now would end: after its duration, and never past its eligibility's end. */
export const activationEnd = (durationMinutes: number, eligible: EligibleAssignment, now: Date): Date =>
  earlier(addMinutes(now, durationMinutes), eligible.endsAt) as Date;

/** For as long as everybody who decided agreed to. */
export const grant = (
  request: Omit<AssignmentRequest, 'state'>,
  eligible: EligibleAssignment,
  id: AssignmentId,
  now: Date,
): ActiveAssignment => ({
  id,
  version: 1,
  kind: 'active',
  principalKind: 'person',
  principalId: request.principalId,
  roleId: request.roleId,
  scopeId: request.scopeId,
  eligibilityId: request.eligibilityId,
  requestId: request.id,
  durationMinutes: agreedMinutes(request),
  startsAt: now,
  endsAt: activationEnd(agreedMinutes(request), eligible, now),
  state: { status: 'Provisioning' },
});

/** An active assignment with the request it came from: they move together. */
export interface Activation {
  readonly assignment: ActiveAssignment;
  /** `null` for a direct assignment. */
  readonly request: AssignmentRequest | null;
  readonly place: Place;
}

/** Nothing to do: what was to happen has happened, or no longer can. */
export const settled = accept(null, {});
