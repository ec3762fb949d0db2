import type { DeadlineKind } from '../domain/change.ts';
import type { AssignmentId } from '../domain/ids.ts';
import type { PrismaClient } from './generated/client.ts';

export interface Due {
  readonly deadlineId: string;
  readonly kind: DeadlineKind;
  /** The assignment or request that it is about. */
  readonly id: string;
}

/** What there is to do, as the database knows it: the queue is only there to do it promptly. */
export interface WorkList {
  /** Takes up to `take` deadlines that are due at `now`, for 20 seconds: nobody else gets them meanwhile. */
  leaseDue(now: Date, take: number): Promise<Due[]>;
  /** The instants before `until` at which something falls due. */
  upcoming(now: Date, until: Date): Promise<Date[]>;
  /** Cards and assignments that are owed something and were not put into the queue for `seconds`; they count as queued now. What is held back beyond `now` is not forgotten. */
  forgotten(
    seconds: number,
    take: number,
    now: Date,
  ): Promise<{ cards: string[]; homes: string[]; assignments: AssignmentId[] }>;
  /** These are being tried again by the queue: they are not forgotten for another half minute. */
  triedAgain(assignments: readonly AssignmentId[]): Promise<void>;
  /** Forgets answers to events that no platform delivers again. */
  tidy(before: Date): Promise<void>;
}

export const createWorkList = (prisma: PrismaClient): WorkList => ({
  leaseDue: (now, take) => prisma.$queryRaw<Due[]>`
    UPDATE "Deadline" d SET "leasedUntil" = now() + interval '20 seconds'
    WHERE d.id IN (
      SELECT id FROM "Deadline"
      WHERE "dueAt" <= ${now} AND ("leasedUntil" IS NULL OR "leasedUntil" < now())
      ORDER BY "dueAt" LIMIT ${take} FOR UPDATE SKIP LOCKED
    )
    RETURNING d.id AS "deadlineId", d.kind, d."subjectId" AS id`,
  upcoming: async (now, until) => {
    const rows = await prisma.$queryRaw<{ dueAt: Date }[]>`
      SELECT DISTINCT to_timestamp(ceil(extract(epoch FROM "dueAt") * 4) / 4) AS "dueAt" FROM "Deadline"
      WHERE "dueAt" > ${now} AND "dueAt" <= ${until} ORDER BY 1 LIMIT 100`;
    return rows.map((row) => row.dueAt);
  },
  forgotten: async (seconds, take, now) => {
    const cards = await prisma.$queryRaw<{ id: string; channel: string }[]>`
      UPDATE "Card" SET "queuedAt" = now() WHERE id IN (
        SELECT id FROM "Card"
        WHERE shown < wanted AND "failedAt" IS NULL AND "queuedAt" < now() - make_interval(secs => ${seconds})
          AND ("leasedUntil" IS NULL OR "leasedUntil" < now())
          AND ("notBefore" IS NULL OR "notBefore" <= ${now})
        ORDER BY "queuedAt" LIMIT ${take} FOR UPDATE SKIP LOCKED
      ) RETURNING id, channel`;
    const assignments = await prisma.$queryRaw<{ id: AssignmentId }[]>`
      UPDATE "Assignment" SET "queuedAt" = now() WHERE id IN (
        SELECT id FROM "Assignment"
        WHERE status IN ('Provisioning', 'Extending', 'Revoking') AND "queuedAt" < now() - make_interval(secs => ${seconds})
        ORDER BY "queuedAt" LIMIT ${take} FOR UPDATE SKIP LOCKED
      ) RETURNING id`;
    const ids = (home: boolean) => cards.filter(({ channel }) => (channel === 'home') === home).map(({ id }) => id);
    return { cards: ids(false), homes: ids(true), assignments: assignments.map((row) => row.id) };
  },
  triedAgain: async (assignments) => {
    await prisma.$executeRaw`
      UPDATE "Assignment" SET "queuedAt" = now() + interval '30 seconds' WHERE id = ANY(${assignments}::uuid[])`;
  },
  tidy: async (before) => {
    await prisma.answered.deleteMany({ where: { at: { lt: before } } });
    await prisma.received.deleteMany({ where: { at: { lt: before } } });
    await prisma.taken.deleteMany({ where: { at: { lt: before } } });
    await prisma.settingsProposal.deleteMany({ where: { createdAt: { lt: before } } });
  },
});
