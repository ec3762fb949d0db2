import type { AuditAction, AuditFact } from './audit.ts';
import type { Change, Context, Deadline } from './change.ts';
import { addMinutes } from './duration.ts';
import type { DomainEvent } from './event.ts';
import type { PersonId } from './ids.ts';
import { type Person, standing } from './person.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest, Capacity, RequestDecision, RequestState, Vote } from './request.ts';

/** The people of one stage, as they are now. */
export interface Panel {
  readonly quorum: number;
  readonly backupAfterMinutes: number;
  readonly approvers: readonly Person[];
  /** Where the settings name none, the role's managers. */
  readonly backups: readonly Person[];
  readonly backupsNamed: boolean;
}

/** Somebody who decides in the place of an approver who is away. */
export interface StandIn {
  readonly approverId: PersonId;
  readonly person: Person;
}

/** Who approves a request, by the settings as they stand now. */
export interface Approval {
  readonly panels: readonly [Panel, ...Panel[]];
  /** Of the role: asked when nobody else is left. */
  readonly managers: readonly Person[];
  readonly standIns: readonly StandIn[];
}

/** Somebody who may decide now, and why it is them. */
export interface Seat {
  readonly person: Person;
  readonly as: Capacity;
  /** The approver who is away; `null` for oneself. */
  readonly insteadOf: PersonId | null;
}

type Asked = Pick<AssignmentRequest, 'principalId' | 'votes' | 'state'>;

/** What approving brings about, by what was asked for; denying closes the request, whatever it is. */
export interface ApprovalEffect {
  readonly approved: AuditAction;
  readonly denied: AuditAction;
  /** What keeps it from being approved now, for so long, if anything. */
  readonly fault: (now: Date, minutes: number) => Refusal | null;
  /** Who else is told that it is decided, either way. */
  readonly resolved?: (decider: PersonId) => readonly DomainEvent[];
  /** `request` has all its votes; its state is what comes back. */
  readonly enact: (
    request: AssignmentRequest,
    decision: RequestDecision,
    context: Context,
  ) => {
    readonly state: RequestState;
    /** Whether the requester gets a message of its own. */
    readonly tell: Extract<DomainEvent, { type: 'request-changed' }>['tell'];
    readonly details: AuditFact['details'];
    readonly change: Partial<
      Pick<Change, 'put' | 'relyOn' | 'deadlines' | 'provision' | 'events' | 'withdrawDeadlinesOf'>
    >;
  };
}

/** Of a request that waits, its stage, from 1; where the settings have fewer by now, the last. */
export const stageOf = ({ state }: Pick<Asked, 'state'>, { panels }: Approval): number =>
  Math.min(state.status === 'PendingApproval' ? state.stage : panels.length, panels.length);

export const panelAt = ({ panels }: Approval, stage: number): Panel => panels[stage - 1] ?? panels[0];

export const approvalsIn = (stage: number, votes: readonly Vote[]): number =>
  votes.filter((vote) => vote.stage === stage && vote.approves).length;

/** What those who have decided agreed on: the shortest duration of all, and never more than was asked for. */
export const agreedMinutes = ({ durationMinutes, votes }: Pick<AssignmentRequest, 'durationMinutes' | 'votes'>) =>
  Math.min(durationMinutes, ...votes.flatMap((vote) => vote.durationMinutes ?? []));

/** Everybody who has had their say on a request, by themselves or through somebody who stood in for them. */
const spoken = (votes: readonly Vote[]): ReadonlySet<PersonId> =>
  new Set(votes.flatMap(({ by, insteadOf }) => [by, insteadOf ?? by]));

/**
 * Who may decide now: the stage's approvers; its backups too, once they were asked or when too few approvers are left;
 * the role's managers when even so nobody could complete it; and whoever stands in for one of these. Never the
 * requester, and nobody twice: who has decided in one stage has none of the others (ours: of each request, every
 * approval is another person's).
 */
export function seatsOf(request: Asked, approval: Approval): readonly Seat[] {
  const { state, votes, principalId } = request;
  if (state.status !== 'PendingApproval') return [];
  const stage = stageOf(request, approval);
  const panel = panelAt(approval, stage);
  const silent = spoken(votes);
  const free = (person: Person) => person.id !== principalId && standing(person) === null && !silent.has(person.id);
  const missing = Math.max(1, panel.quorum - approvalsIn(stage, votes));
  const seats = new Map<PersonId, Seat>();
  const seat = (people: readonly Person[], as: Capacity) => {
    for (const person of people)
      if (free(person) && !seats.has(person.id)) seats.set(person.id, { person, as, insteadOf: null });
  };
  seat(panel.approvers, 'approver');
  if (state.backups || seats.size < missing) seat(panel.backups, panel.backupsNamed ? 'backup' : 'manager');
  if (seats.size < missing) seat(approval.managers, 'manager');
  for (const { approverId, person } of approval.standIns) {
    const away = seats.get(approverId);
    if (away && away.insteadOf === null && free(person) && !seats.has(person.id))
      seats.set(person.id, { person, as: away.as, insteadOf: approverId });
  }
  return [...seats.values()];
}

/** The stages in which somebody has a say as an approver, a backup or for one who is away, whether it is their turn or not. */
export const stagesOf = (personId: PersonId, { panels, standIns }: Approval): number[] => {
  const own = new Set([
    personId,
    ...standIns.filter(({ person }) => person.id === personId).map((one) => one.approverId),
  ]);
  return panels.flatMap(({ approvers, backups }, index) =>
    [...approvers, ...backups].some(({ id }) => own.has(id)) ? index + 1 : [],
  );
};

/**
 * The first stage that could not get its quorum of the people whom the settings name for it, each of whom decides once
 * in the whole request; `null` when all could.
 */
function hopelessStage({ panels }: Approval, requesterId: PersonId): number | null {
  const pools = panels.map(({ approvers, backups, backupsNamed }) =>
    [...approvers, ...(backupsNamed ? backups : [])]
      .filter((person) => person.id !== requesterId && standing(person) === null)
      .map(({ id }) => id),
  );
  /** Whose place it is in the end; a place that is wanted is given up by whoever finds another. */
  const placed = new Map<PersonId, number>();
  const place = (stage: number, tried: Set<PersonId>): boolean =>
    (pools[stage] ?? []).some((id) => {
      if (tried.has(id)) return false;
      tried.add(id);
      const holder = placed.get(id);
      if (holder !== undefined && !place(holder, tried)) return false;
      placed.set(id, stage);
      return true;
    });
  for (const [stage, { quorum }] of panels.entries())
    for (let seat = 0; seat < quorum; seat += 1) if (!place(stage, new Set())) return stage + 1;
  return null;
}

/**
 * When to remind those who have not decided: at half of the request's life, and one hour before its end, or a quarter
 * of its life where that is less (ours).
 */
function remindersOf(createdAt: Date, timesOutAt: Date, now: Date): Date[] {
  const minutes = (timesOutAt.getTime() - createdAt.getTime()) / 60_000;
  const instants = [addMinutes(createdAt, minutes / 2), addMinutes(timesOutAt, -Math.min(60, minutes / 4))];
  return instants.filter((at) => at > now);
}

/** All that happens by itself to a request that waits: reminders, backups and its time-out. */
export function approvalDeadlines(
  { id, createdAt, state }: Pick<AssignmentRequest, 'id' | 'createdAt' | 'state'>,
  { backupAfterMinutes }: Panel,
  now: Date,
): Deadline[] {
  if (state.status !== 'PendingApproval') return [];
  const { timesOutAt, since, backups } = state;
  const backupsAt = addMinutes(since, backupAfterMinutes);
  return [
    { kind: 'time-out', subjectId: id, dueAt: timesOutAt },
    ...remindersOf(createdAt, timesOutAt, now).map((dueAt) => ({ kind: 'remind' as const, subjectId: id, dueAt })),
    ...(backups === null && backupsAt < timesOutAt
      ? [{ kind: 'backup' as const, subjectId: id, dueAt: backupsAt }]
      : []),
  ];
}

/**
 * Has a request wait for its approval, from its first stage on. Refuses `nobody-can-approve`, with the stage.
 * @param lifetimeMinutes how long it waits before it times out.
 */
export function askForApproval(
  asked: Omit<AssignmentRequest, 'votes' | 'state'>,
  approval: Approval,
  lifetimeMinutes: number,
  now: Date,
):
  | {
      readonly request: AssignmentRequest;
      readonly deadlines: readonly Deadline[];
      readonly askedIds: readonly PersonId[];
    }
  | Refusal {
  const stage = hopelessStage(approval, asked.principalId);
  if (stage) return { code: 'nobody-can-approve', stage, of: approval.panels.length };
  const timesOutAt = addMinutes(now, lifetimeMinutes);
  const request: AssignmentRequest = {
    ...asked,
    votes: [],
    state: { status: 'PendingApproval', timesOutAt, stage: 1, since: now, backups: null },
  };
  return {
    request,
    deadlines: approvalDeadlines(request, approval.panels[0], now),
    askedIds: seatsOf(request, approval).map(({ person }) => person.id),
  };
}
