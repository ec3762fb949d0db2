import type { Approval, Panel } from '../domain/approval.ts';
import { seatsOf } from '../domain/approval.ts';
import { heldAt, managersOf } from '../domain/authorisation.ts';
import { unfitToStandIn } from '../domain/delegation.ts';
import type { PersonId, PrincipalId } from '../domain/ids.ts';
import type { Person } from '../domain/person.ts';
import type { AssignmentRequest, RequestAction } from '../domain/request.ts';
import type { ApprovalStage, Approvers, Audience } from '../domain/role-settings.ts';
import { audienceOf, type Governed, governingAll } from './lookups.ts';
import type { Holder, Reads } from './ports.ts';

const nobody: Approvers = { personIds: [], groupIds: [] };

/** The role's managers, of whom the first decides. */
const byManagers: ApprovalStage = { approvers: nobody, quorum: 1, backups: nobody, backupAfterMinutes: 30 };

/** The stages that a request of this kind goes through by the settings; `null` where it needs no approval. */
function stagesFor(action: RequestAction, { settings }: Governed): readonly [ApprovalStage, ...ApprovalStage[]] | null {
  switch (action) {
    case 'selfActivate':
      return settings.approval?.stages ?? null;
    case 'selfExtend':
    case 'selfRenew':
      return [byManagers];
    default:
      return null;
  }
}

/** Whether anybody is named: where nobody is, the role's managers decide. */
export const namesAnybody = ({ personIds, groupIds }: Approvers): boolean => personIds.length + groupIds.length > 0;

/** The people named, and whoever is an active member of the groups named, each once; read for all of these at once. */
export async function peopleAmong(
  reads: Reads,
  all: readonly Approvers[],
  now: Date,
): Promise<(named: Approvers) => Person[]> {
  const [people, memberships] = await Promise.all([
    reads.people([...new Set(all.flatMap(({ personIds }) => personIds))]),
    reads.memberships([...new Set(all.flatMap(({ groupIds }) => groupIds))], now),
  ]);
  const byId = new Map(people.map((person) => [person.id, person]));
  return ({ personIds, groupIds }) => {
    const named = personIds.flatMap((id) => byId.get(id) ?? []);
    const members = memberships.filter(({ groupId }) => groupIds.includes(groupId)).map(({ person }) => person);
    return [...new Map([...named, ...members].map((person) => [person.id, person])).values()];
  };
}

/** Who manages each of these, read at once. */
async function managersAmong(
  reads: Reads,
  all: readonly Governed[],
  now: Date,
): Promise<(governed: Governed) => Person[]> {
  const wanted = ({ role, group, chain }: Governed) =>
    heldAt(managersOf(role, group), chain).flatMap(({ role: held, scopeIds }) =>
      scopeIds.map((scopeId) => ({ role: held, scopeId })),
    );
  const key = ({ role, scopeId }: Pick<Holder, 'role' | 'scopeId'>) => `${role} ${scopeId}`;
  const places = new Map(all.flatMap(wanted).map((place) => [key(place), place]));
  const holders = new Map<string, Person[]>();
  for (const holder of await reads.holdersAt([...places.values()], now))
    holders.set(key(holder), [...(holders.get(key(holder)) ?? []), holder.person]);
  return (governed) => {
    const found = wanted(governed).flatMap((place) => holders.get(key(place)) ?? []);
    return [...new Map(found.map((person) => [person.id, person])).values()];
  };
}

interface Asked {
  readonly stages: readonly [ApprovalStage, ...ApprovalStage[]];
  readonly governed: Governed;
}

/** The people of all these stages, in as many queries for one as for thousands. */
async function peopleIn(reads: Reads, all: readonly Asked[], now: Date): Promise<(asked: Asked) => Approval> {
  const named = all.flatMap(({ stages }) => stages.flatMap(({ approvers, backups }) => [approvers, backups]));
  const [among, managing, standIns] = await Promise.all([
    peopleAmong(reads, named, now),
    managersAmong(
      reads,
      all.map(({ governed }) => governed),
      now,
    ),
    reads.standIns(now),
  ]);
  const fit = standIns.filter(({ person, approverId }) => unfitToStandIn(person, approverId) === null);
  return ({ stages, governed }) => {
    const managers = managing(governed);
    const panel = ({ approvers, backups, quorum, backupAfterMinutes }: ApprovalStage): Panel => ({
      quorum,
      backupAfterMinutes,
      approvers: namesAnybody(approvers) ? among(approvers) : managers,
      backups: namesAnybody(backups) ? among(backups) : managers,
      backupsNamed: namesAnybody(backups),
    });
    const [first, ...rest] = stages;
    return { panels: [panel(first), ...rest.map(panel)], managers, standIns: fit };
  };
}

/** Who approves a request of this kind, before it is made; `null` where it needs no approval. */
export async function approvalFor(
  reads: Reads,
  action: RequestAction,
  governed: Governed,
  now: Date,
): Promise<Approval | null> {
  const stages = stagesFor(action, governed);
  if (!stages) return null;
  const asked = { stages, governed };
  return (await peopleIn(reads, [asked], now))(asked);
}

/** Where the settings no longer ask for an approval, the role's managers give it. */
const askedOf = ({ action }: Pick<AssignmentRequest, 'action'>, governed: Governed): Asked => ({
  stages: stagesFor(action, governed) ?? [byManagers],
  governed,
});

/** Who approves a request that waits. */
export async function approvalOf(
  reads: Reads,
  request: Pick<AssignmentRequest, 'action'>,
  governed: Governed,
  now: Date,
): Promise<Approval> {
  const asked = askedOf(request, governed);
  return (await peopleIn(reads, [asked], now))(asked);
}

/** The audience of each of these, asked at once; a group's is everyone. */
async function audiencesOf(reads: Reads, ids: readonly PrincipalId[]): Promise<(id: PrincipalId) => Audience> {
  const people = await reads.people([...new Set(ids)] as PersonId[]);
  const guests = new Set<PrincipalId>(people.filter((person) => audienceOf(person) === 'guests').map(({ id }) => id));
  return (id) => (guests.has(id) ? 'guests' : 'everyone');
}

/** Who approves each of these, in as many queries for one as for thousands; worked out once for all that are judged alike. */
export async function approvalsOf(
  reads: Reads,
  requests: readonly AssignmentRequest[],
  now: Date,
): Promise<(request: AssignmentRequest) => Approval> {
  const audience = await audiencesOf(
    reads,
    requests.map(({ principalId }) => principalId),
  );
  const place = ({ roleId, scopeId, principalId }: AssignmentRequest) => ({
    roleId,
    scopeId,
    audience: audience(principalId),
  });
  const key = (request: AssignmentRequest) =>
    `${request.action} ${request.roleId} ${request.scopeId} ${audience(request.principalId)}`;
  const kinds = new Map(requests.map((request) => [key(request), request]));
  const governed = await governingAll(reads, [...kinds.values()].map(place));
  const asked = new Map([...kinds].map(([kind, request]) => [kind, askedOf(request, governed(place(request)))]));
  const approval = await peopleIn(reads, [...asked.values()], now);
  const found = new Map([...asked].map(([kind, of]) => [kind, approval(of)]));
  return (request) => {
    const known = found.get(key(request));
    if (!known) throw new Error(`request ${request.id} was not asked about`);
    return known;
  };
}

/** What waits for this person's decision, oldest first, with who else may give it. */
export async function waitingWith(
  reads: Reads,
  personId: PersonId,
  now: Date,
): Promise<{ readonly request: AssignmentRequest; readonly approval: Approval }[]> {
  const pending = await reads.pendingRequests();
  const of = await approvalsOf(reads, pending, now);
  return pending
    .map((request) => ({ request, approval: of(request) }))
    .filter(({ request, approval }) => seatsOf(request, approval).some(({ person }) => person.id === personId));
}

/** The requests that wait for this person's decision, oldest first. */
export const waitingFor = async (reads: Reads, personId: PersonId, now: Date): Promise<AssignmentRequest[]> =>
  (await waitingWith(reads, personId, now)).map(({ request }) => request);
