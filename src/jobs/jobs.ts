import type { Logger } from 'pino';
import { tellDigests } from '../commands/digest.ts';
import type { Pipeline } from '../commands/execute.ts';
import type { Clock, Dispatch, Reads } from '../commands/ports.ts';
import { decideDeadlines } from '../commands/settle-deadlines.ts';
import { decideProvisioning, type ProvisioningResult } from '../commands/settle-provisioning.ts';
import { systemActor } from '../commands/who.ts';
import type { Connector, Fact, Wish } from '../connectors/connector.ts';
import { activationEnd } from '../domain/activation-parts.ts';
import { type ActiveAssignment, type EligibleAssignment, wantsAccess } from '../domain/assignment.ts';
import { accept } from '../domain/change.ts';
import { addMinutes } from '../domain/duration.ts';
import { hasMoved } from '../domain/extend.ts';
import type { AssignmentId, PersonId, PrincipalId } from '../domain/ids.ts';
import type { CardCopies, DeliverCard } from '../notifications/deliver-card.ts';
import { errorFields } from '../runtime/logger.ts';
import type { WorkList } from '../store/work-list.ts';
import { RetryLater } from '../surfaces/surface.ts';
import type { Precedence } from './precedence.ts';
import type { JobQueue } from './queue.ts';

/**
 * Usher's jobs. Each is told only what to look at; what there is to do is read from the database, so that a job that
 * comes twice, late or not at all does no harm.
 */
export type WorkJob =
  /** Brings assignments to their state in the target system. */
  | 'provision'
  /** Something falls due now. */
  | 'alarm'
  /** Looks for whatever was forgotten. */
  | 'sweep'
  /** Looks for whom a week's digest is due. */
  | 'digest'
  | 'housekeeping';
/** On a queue of their own: people's messages never hold up the end of access. */
export type DeliverJob = 'deliver';

export interface Jobs {
  readonly dispatch: Dispatch;
  /** Starts working; resolves when the workers run. */
  start(): Promise<void>;
  stop(): void;
}

export interface SweepTiming {
  readonly everyMs: number;
  /** Longer than a first try takes: what is still owed then was lost on the way to the queue. */
  readonly forgottenAfterMs: number;
}

const usualSweep: SweepTiming = { everyMs: 15_000, forgottenAfterMs: 20_000 };
const housekeepingEveryMs = 3_600_000;
/** Sweeps between two looks for digests: a quarter of an hour, by which zones are ahead of UTC. */
const sweepsADigest = 60;
const answersKeptMs = 7 * 86_400_000;
/** Messages let commands and ends go first, for so long. */
const messagesWaitMs = 2_000;
const provisionBatch = 250;
const dueBatch = 500;

export function createJobs(parts: {
  readonly work: JobQueue<WorkJob>;
  readonly deliveries: JobQueue<DeliverJob>;
  readonly workList: WorkList;
  readonly reads: Reads;
  readonly connector: Connector;
  readonly copies: CardCopies;
  readonly deliverCard: DeliverCard;
  /** Given late: the pipeline dispatches what these jobs work on. */
  readonly pipeline: () => Pipeline;
  readonly vacuum: () => Promise<void>;
  readonly clock: Clock;
  readonly log: Logger;
  readonly sweeping?: SweepTiming | undefined;
  readonly precedence: Precedence;
  /** Takes up what the chats had taken on and a process that died left lying. */
  readonly recover: () => Promise<void>;
}): Jobs {
  const {
    work,
    deliveries,
    workList,
    reads,
    connector,
    copies,
    deliverCard,
    pipeline,
    clock,
    log,
    sweeping = usualSweep,
    precedence,
    recover,
  } = parts;
  /** Alarms are set for what falls due before the sweep after next. */
  const horizonMs = 2 * sweeping.everyMs;

  const alarmsFor = (instants: readonly Date[]) => {
    const now = clock().getTime();
    const near = new Set(
      instants.map((at) => Math.ceil(at.getTime() / 250) * 250).filter((at) => at - now < horizonMs),
    );
    return [...near].map((at) => ({
      name: 'alarm' as const,
      data: {},
      id: `alarm-${at}`,
      delayMs: Math.max(0, at - now),
    }));
  };

  const provisioning = (ids: readonly AssignmentId[]) => {
    const batches: AssignmentId[][] = [];
    for (let start = 0; start < ids.length; start += provisionBatch)
      batches.push(ids.slice(start, start + provisionBatch));
    return batches.map((batch) => ({ name: 'provision' as const, data: { ids: batch } }));
  };

  /** Never fails: what does not reach the queue stays owed, and the sweep finds it. */
  const dispatch: Dispatch = async ({ cards, homes, assignments, deadlines }) => {
    try {
      await work.add([...provisioning(assignments), ...alarmsFor(deadlines)]);
      await deliveries.add([
        ...cards.map((id) => ({ name: 'deliver' as const, data: { id } })),
        ...homes.map((id) => ({ name: 'deliver' as const, data: { id }, later: true })),
      ]);
    } catch (error) {
      log.warn(errorFields(error), 'the queue took nothing; the sweep will find it');
    }
  };

  async function wishes(assignments: readonly ActiveAssignment[]): Promise<Wish[]> {
    const [people, eligibles] = await Promise.all([
      reads.people([...new Set(assignments.map(({ principalId }) => principalId))] as PersonId[]),
      reads.assignments(assignments.filter(wantsAccess).flatMap(({ eligibilityId }) => eligibilityId ?? [])),
    ]);
    const objectIds = new Map<PrincipalId, string | null>(people.map(({ id, objectId }) => [id, objectId]));
    const eligibleOf = new Map(eligibles.map((item) => [item.id, item]));
    const now = clock();
    /** The clock of an activation, and of exceptional access, starts when it takes effect. */
    const end = ({ endsAt, durationMinutes, eligibilityId }: ActiveAssignment) => {
      if (durationMinutes === null) return endsAt;
      const eligible = eligibilityId && eligibleOf.get(eligibilityId);
      return eligible
        ? activationEnd(durationMinutes, eligible as EligibleAssignment, now)
        : addMinutes(now, durationMinutes);
    };
    const wanted = (assignment: ActiveAssignment): Wish['want'] => {
      if (assignment.state.status === 'Extending') return { state: 'moved', endsAt: assignment.state.until };
      return wantsAccess(assignment) ? { state: 'granted', endsAt: end(assignment) } : { state: 'gone' };
    };
    return assignments.map((assignment) => ({
      assignmentId: assignment.id,
      principalId: assignment.principalId,
      objectId: objectIds.get(assignment.principalId) ?? null,
      roleId: assignment.roleId,
      scopeId: assignment.scopeId,
      want: wanted(assignment),
    }));
  }

  const unsettled = ({ state }: ActiveAssignment) => ['Provisioning', 'Extending', 'Revoking'].includes(state.status);

  async function provision(ids: readonly AssignmentId[]): Promise<void> {
    const open = (await reads.assignments(ids)).filter(
      (item): item is ActiveAssignment => item.kind === 'active' && unsettled(item),
    );
    if (open.length === 0) return;
    try {
      await bringAbout(open);
    } catch (error) {
      await workList.triedAgain(open.map(({ id }) => id));
      throw error;
    }
  }

  const isThere = (assignment: ActiveAssignment, { endsAt }: NonNullable<Fact>) =>
    assignment.state.status === 'Extending' ? hasMoved(assignment, endsAt) : wantsAccess(assignment);

  async function bringAbout(open: readonly ActiveAssignment[]): Promise<void> {
    const applied = await connector.apply(await wishes(open));
    const facts = await connector.read(open.map(({ id }) => id));
    const results = open.flatMap((assignment, index): ProvisioningResult[] => {
      const outcome = applied[index];
      const fact = facts[index];
      const { id } = assignment;
      if (fact && isThere(assignment, fact)) return [{ id, result: { found: 'granted', endsAt: fact.endsAt } }];
      if (!wantsAccess(assignment) && !fact) return [{ id, result: { found: 'gone' } }];
      if (outcome && !outcome.applied && outcome.forGood)
        return [{ id, result: { found: 'failure', reason: outcome.reason } }];
      return [];
    });
    await pipeline().settle(results, decideProvisioning(reads));
    if (results.length < open.length)
      throw new RetryLater(`${open.length - results.length} assignments are not as they should be yet`, null);
  }

  /** The target system did not come round: what was to be granted fails, what was to be taken away goes on being tried. */
  async function giveUpProvisioning(ids: readonly AssignmentId[], reason: string): Promise<void> {
    const results = ids.map((id): ProvisioningResult => ({ id, result: { found: 'failure', reason } }));
    await pipeline().settle(results, decideProvisioning(reads));
  }

  async function settleDue(): Promise<void> {
    let fault: unknown = null;
    for (;;) {
      const due = await workList.leaseDue(clock(), dueBatch);
      // What begins may wait for what ends.
      due.sort((a, b) => Number(b.kind === 'end') - Number(a.kind === 'end'));
      await pipeline()
        .settle(due, decideDeadlines(reads))
        .catch((error: unknown) => {
          fault = error;
        });
      if (due.length < dueBatch) break;
    }
    if (fault) throw fault;
  }

  async function sweep(forgottenAfterMs: number): Promise<void> {
    await settleDue();
    const now = clock();
    const { cards, homes, assignments } = await workList.forgotten(forgottenAfterMs / 1000, 5_000, now);
    if (cards.length + assignments.length > 0)
      log.info({ cards: cards.length, assignments: assignments.length }, 'the sweep found forgotten work');
    const deadlines = await workList.upcoming(now, new Date(now.getTime() + horizonMs));
    await dispatch({ cards, homes, assignments, deadlines });
    await recover();
  }

  /** Without the queue: access ends though the broker is away, and what it has lost for long is done here. */
  async function watch(): Promise<void> {
    await settleDue();
    const { cards, homes, assignments } = await workList.forgotten(
      (2 * sweeping.everyMs + sweeping.forgottenAfterMs) / 1000,
      1_000,
      clock(),
    );
    if (cards.length + homes.length > 0) await dispatch({ cards, homes, assignments: [], deadlines: [] });
    if (assignments.length > 0) await provision(assignments);
    await recover();
  }

  async function giveUpDelivery(cardId: string, failure: string): Promise<void> {
    await copies.giveUp(cardId, failure);
    const failed = await copies.failed(cardId);
    // Nobody waits for a page that keeps itself up to date: it is drawn when they look.
    if (!failed?.failure || failed.name === 'home') return;
    await pipeline().settle([{ id: cardId }], async () => [
      accept(null, {
        audit: [
          {
            action: 'delivery.fail',
            actor: systemActor,
            subjectId: failed.recipientId,
            role: null,
            scope: null,
            requestId: null,
            result: 'failure',
            reason: failure,
            details: { card: cardId, about: failed.name },
          },
        ],
        // Whether nobody of the stage is left who could be told, is decided where it is due.
        deadlines: failed.name === 'approval' ? [{ kind: 'backup', subjectId: failed.subjectId, dueAt: clock() }] : [],
        events: [{ type: 'delivery-failed', cardId, about: failed.name }],
      }),
    ]);
  }

  let watching: NodeJS.Timeout | undefined;

  return {
    dispatch,
    start: async () => {
      await work.work(
        {
          provision: (data) => precedence.first(() => provision(data.ids as AssignmentId[])),
          alarm: () => precedence.first(settleDue),
          sweep: (data) => sweep(data.since === 'ever' ? 0 : sweeping.forgottenAfterMs),
          digest: () => tellDigests(reads, pipeline(), clock()),
          housekeeping: async () => {
            await workList.tidy(new Date(clock().getTime() - answersKeptMs));
            await parts.vacuum();
          },
        },
        {
          concurrency: 4,
          exhausted: async (name, data, error) => {
            if (name === 'provision') await giveUpProvisioning(data.ids as AssignmentId[], error.message);
          },
        },
      );
      await deliveries.work(
        {
          deliver: async (data, { lastAttempt }) => {
            await precedence.turn(messagesWaitMs);
            await deliverCard(data.id as string, lastAttempt);
          },
        },
        { concurrency: 16, exhausted: (_name, data, error) => giveUpDelivery(data.id as string, error.message) },
      );
      await work.every('sweep', sweeping.everyMs);
      await work.every('housekeeping', housekeepingEveryMs);
      await work.every('digest', sweepsADigest * sweeping.everyMs);
      // What a crash left behind is not kept waiting for the first sweep.
      await work.add([{ name: 'sweep', data: { since: 'ever' } }]);
      watching = setInterval(
        () => void watch().catch((error: unknown) => log.warn(errorFields(error), 'the watch found no way')),
        sweeping.everyMs,
      ).unref();
    },
    stop: () => clearInterval(watching),
  };
}
