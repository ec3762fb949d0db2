import { extendableOf, findExtendable } from '../../commands/extend.ts';
import { isRefusal } from '../../commands/lookups.ts';
import { placesOf } from '../../commands/places.ts';
import type { Reads } from '../../commands/ports.ts';
import type { Assignment } from '../../domain/assignment.ts';
import { decidedEnd } from '../../domain/assignment.ts';
import { addMinutes, formatDuration, parseDuration } from '../../domain/duration.ts';
import { type ExtensionSpans, extensionFault, type Lengthening, longestExtension } from '../../domain/extend.ts';
import type { PrincipalId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { CardData, CardOf, ExpiredRow } from '../../notifications/cards.ts';
import type { Args, Asker } from './asker.ts';

const usualDays = [15, 30, 90, 180, 365];

/** The lengths to choose from: what the settings allow, and for a later end what is later. Minutes as text. */
function lengths(
  { assignment, settings, what }: Awaited<ReturnType<typeof extendableOf>>,
  given: string,
  { now, reader }: Asker,
): Pick<CardData['extend-form'], 'durations' | 'chosenDuration'> {
  const { longest, usual } = longestExtension(assignment, settings);
  const typed = /^\d+$/.test(given) ? Number(given) : parseDuration(given);
  const end = what === 'extend' ? decidedEnd(assignment) : null;
  const left = end ? (end.getTime() - now.getTime()) / 60_000 : 0;
  const minutes = [...new Set([...usualDays.map((days) => days * 1440), usual, ...(typed ? [typed] : [])])]
    .filter((choice) => choice <= longest && choice > left)
    .sort((a, b) => a - b);
  // Where nothing is possible, the answer to the usual says why.
  const offered = minutes.length > 0 ? minutes : [usual];
  const chosen = typed && offered.includes(typed) ? typed : offered.includes(usual) ? usual : offered.at(-1);
  return {
    durations: offered.map((choice) => ({ title: formatDuration(choice, reader.language), value: String(choice) })),
    chosenDuration: String(chosen),
  };
}

/** The form for a later end, or for what is over to be given again; a refusal where nothing like that is possible. */
export async function extendForm(
  reads: Reads,
  spans: ExtensionSpans,
  what: Lengthening,
  asker: Asker,
  args: Args,
  problem: string | null,
): Promise<CardOf | { readonly refusal: Refusal }> {
  const { person, reader, now } = asker;
  const given = {
    assignmentId: args.assignmentId,
    role: args.role ?? '',
    scope: args.scope ?? '',
    kind: args.kind ?? '',
  };
  const assignment = await findExtendable(reads, what, given, asker, spans, now);
  if (isRefusal(assignment)) return assignment;
  const extendable = await extendableOf(reads, what, assignment, spans, now);
  const fault = extensionFault(extendable, now);
  if (fault) return { refusal: fault };
  const { place, holder, settings } = extendable;
  const direct = assignment.principalId !== person.id;
  const { state } = assignment;
  const at = what === 'renew' && state.status === 'Ended' ? state.at : assignment.endsAt;
  return {
    card: 'extend-form',
    data: {
      what,
      assignmentId: assignment.id,
      kind: assignment.kind,
      role: place.role.name,
      scope: place.scope.name,
      holder: direct ? (holder?.displayName ?? (await reads.group(assignment.principalId as never))?.name ?? '') : null,
      until: at ? reader.time(at) : null,
      ...lengths(extendable, args.duration ?? '', asker),
      justification: args.justification ?? '',
      justificationRequired: !direct || (assignment.kind === 'active' && settings.activeJustificationRequired),
      direct,
      problem,
      view: args.view ?? '',
    },
  };
}

/** What somebody held and can have renewed, newest first. */
export async function expiredRows(
  reads: Reads,
  spans: ExtensionSpans,
  principalId: PrincipalId,
  { reader, now }: Asker,
): Promise<{
  readonly rows: readonly Assignment[];
  readonly show: (some: readonly Assignment[]) => Promise<ExpiredRow[]>;
}> {
  const all = await reads.expiredSince(principalId, addMinutes(now, -spans.renewWithinMinutes));
  const endOf = (assignment: Assignment) => (assignment.state.status === 'Ended' ? assignment.state.at : now);
  return {
    rows: all.sort((a, b) => endOf(b).getTime() - endOf(a).getTime()),
    show: async (some) => {
      const [requests, placeOf] = await Promise.all([
        reads.openExtensionsOf(some.map(({ id }) => id)),
        placesOf(reads, some),
      ]);
      return some.map((assignment) => {
        const place = placeOf(assignment);
        return {
          assignmentId: assignment.id,
          kind: assignment.kind,
          role: place.role.name,
          scope: place.scope.name,
          endedAt: reader.time(endOf(assignment)),
          renewUntil: reader.time(addMinutes(endOf(assignment), spans.renewWithinMinutes)),
          requested: requests.some(({ eligibilityId }) => eligibilityId === assignment.id),
        };
      });
    },
  };
}
