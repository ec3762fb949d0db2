import type { Deadline } from './change.ts';
import { addMinutes } from './duration.ts';
import type { AssignmentId } from './ids.ts';

const day = 1440;
/**
 * When to warn of an end: 14 days and one day before (PIM), as far as that lies ahead; for what lives shorter than a
 * day, ten minutes before (ours).
 */
export function warningsBefore(end: Date, now: Date): Date[] {
  const ahead = (minutes: number) => addMinutes(end, -minutes);
  const long = [14 * day, day].map(ahead).filter((at) => at > now);
  return long.length > 0 ? long : [ahead(10)].filter((at) => at > now);
}

/** The end itself and the warnings before it. */
export const deadlinesUntil = (subjectId: AssignmentId, end: Date | null, now: Date): Deadline[] =>
  end
    ? [
        { kind: 'end', subjectId, dueAt: end },
        ...warningsBefore(end, now).map((dueAt) => ({ kind: 'warn' as const, subjectId, dueAt })),
      ]
    : [];
