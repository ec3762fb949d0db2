import type { Activation } from '../domain/activation-parts.ts';
import {
  type ActiveAssignment,
  type Assignment,
  type EligibleAssignment,
  isDirect,
  wantsAccess,
} from '../domain/assignment.ts';
import { type Dependents, noDependents } from '../domain/ending.ts';
import { groupOfScope } from '../domain/group.ts';
import type { PrincipalId, RequestId } from '../domain/ids.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { placesOf } from './places.ts';
import type { Reads } from './ports.ts';

/** A membership: what its holder activates through the group hangs on it. */
const isMembership = ({ roleId, principalKind }: Assignment) =>
  (roleId as string) === 'groupMember' && principalKind === 'person';

/** Activations that came from the group's eligible assignments and end with this membership, unless another one stays. */
async function throughGroup(reads: Reads, membership: ActiveAssignment): Promise<EligibleAssignment[]> {
  const groupId = groupOfScope(membership.scopeId);
  if (!groupId) return [];
  const others = (await reads.openActivesOf(membership.principalId)).filter(
    (other) =>
      other.id !== membership.id &&
      other.roleId === membership.roleId &&
      other.scopeId === membership.scopeId &&
      wantsAccess(other),
  );
  return others.length > 0 ? [] : reads.openEligiblesOf(groupId);
}

/** What is asked about it, and of a direct active one also what it is being brought about by. */
async function requestsAbout(reads: Reads, { id, kind }: Assignment): Promise<AssignmentRequest[]> {
  const about = await reads.openRequestsAbout([id]);
  if (kind === 'eligible') return about;
  const underWay = await reads.provisioningRequestsOf([id]);
  return [...about, ...underWay.filter((request) => about.every((other) => other.id !== request.id))];
}

/**
 * What ends together with an assignment, were it to end now. Of a membership that is what its holder has activated
 * through the group, and nothing else of theirs.
 */
export async function dependentsOf(reads: Reads, assignment: Assignment): Promise<Dependents> {
  const own = assignment.kind === 'eligible' ? [assignment.id] : [];
  if (!isDirect(assignment) && !isMembership(assignment)) return noDependents;
  const activations = await reads.activationsOf(own);
  const requests = await requestsAbout(reads, assignment);
  const memberships = [...(assignment.kind === 'active' ? [assignment] : []), ...activations].filter(isMembership);
  for (const membership of memberships) {
    const eligibles = (await throughGroup(reads, membership)).map(({ id }) => id);
    const theirs = ({ principalId }: { readonly principalId: PrincipalId }) => principalId === membership.principalId;
    activations.push(...(await reads.activationsOf(eligibles)).filter(theirs));
    requests.push(...(await reads.openRequestsAbout(eligibles)).filter(theirs));
  }
  const [placeOf, closing] = await Promise.all([
    placesOf(reads, [...activations, ...requests]),
    reads.requests(activations.flatMap(({ requestId }) => requestId ?? [])),
  ]);
  const requestOf = new Map(closing.map((request) => [request.id, request]));
  return {
    activations: activations.map((active) => activationOf(active, requestOf, placeOf)),
    requests: requests.map((request) => ({ request, place: placeOf(request) })),
  };
}

const activationOf = (
  assignment: ActiveAssignment,
  requests: ReadonlyMap<RequestId, NonNullable<Activation['request']>>,
  placeOf: Awaited<ReturnType<typeof placesOf>>,
): Activation => ({
  assignment,
  request: assignment.requestId ? (requests.get(assignment.requestId) ?? null) : null,
  place: placeOf(assignment),
});
