import type { Clock, Reads } from '../commands/ports.ts';
import { type Assignment, decidedEnd, isDirect } from '../domain/assignment.ts';
import { addMinutes } from '../domain/duration.ts';
import { type ExtensionSpans, extensionFault } from '../domain/extend.ts';
import type { AssignmentId } from '../domain/ids.ts';
import type { CardData, ExtendState } from './cards.ts';
import type { Reading } from './sentence.ts';

/** What can be done about the end of an assignment, or is being done. `requested`: a request of the assignee waits. */
export function extendState(assignment: Assignment, requested: boolean, spans: ExtensionSpans, now: Date): ExtendState {
  if (assignment.state.status === 'Extending') return 'under-way';
  if (extensionFault({ what: 'extend', assignment, spans, others: [] }, now)) return null;
  return requested ? 'requested' : 'offered';
}

/** The cards about ends: the warning, and what is over. */
export function createExtensionCards(parts: {
  readonly reads: Reads;
  readonly clock: Clock;
  readonly spans: ExtensionSpans;
  readonly placeOf: (of: Assignment) => Promise<{ readonly role: string; readonly scope: string }>;
}) {
  const { reads, clock, spans, placeOf } = parts;
  const isRequested = async (id: AssignmentId) => (await reads.openExtensionsOf([id])).length > 0;

  return {
    ending: async (id: AssignmentId, { time }: Reading): Promise<CardData['ending'] | null> => {
      const assignment = await reads.assignment(id);
      if (!assignment) return null;
      const now = clock();
      const end = decidedEnd(assignment);
      const ended = !['InForce', 'Active', 'Extending'].includes(assignment.state.status);
      return {
        assignmentId: id,
        kind: assignment.kind,
        ...(await placeOf(assignment)),
        // What is only decided is not claimed.
        until: assignment.endsAt ? time(assignment.endsAt) : null,
        ended,
        extended:
          !ended &&
          assignment.state.status !== 'Extending' &&
          (!end || addMinutes(now, spans.extendWithinMinutes) < end),
        direct: isDirect(assignment),
        extend: extendState(assignment, await isRequested(id), spans, now),
      };
    },

    expired: async (id: AssignmentId, { time }: Reading): Promise<CardData['expired'] | null> => {
      const assignment = await reads.assignment(id);
      if (assignment?.state.status !== 'Ended') return null;
      const { state } = assignment;
      const others = await reads.othersLike(assignment);
      const open = !extensionFault({ what: 'renew', assignment, spans, others }, clock());
      const offer = open && ((await isRequested(id)) ? 'requested' : 'offered');
      return {
        assignmentId: id,
        kind: assignment.kind,
        ...(await placeOf(assignment)),
        endedAt: time(state.at),
        removed: state.why === 'removed',
        renew: others.length > 0 && state.why === 'expired' ? 'renewed' : offer || null,
        renewUntil: open ? time(addMinutes(state.at, spans.renewWithinMinutes)) : null,
      };
    },
  };
}
