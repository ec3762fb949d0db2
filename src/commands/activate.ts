import { z } from 'zod';
import type { Actor } from '../domain/audit.ts';
import type { Context, Decision } from '../domain/change.ts';
import { parseDuration } from '../domain/duration.ts';
import type { RequestId } from '../domain/ids.ts';
import { parseInstant } from '../domain/instant.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { requestActivation } from '../domain/request-activation.ts';
import { confirmedFirst, goOnConfirmed } from '../domain/require-step-up.ts';
import { approvalFor } from './approvals.ts';
import { activeThereOrAbove, findEligible } from './eligibles.ts';
import type { PersonCommand } from './execute.ts';
import { audienceOf, governing, isRefusal, placeOf, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

const input = z.object({
  assignmentId: z.uuid().optional(),
  /** Instead of the id: the role's name, with the scope's where that leaves a choice. */
  role: z.string().default(''),
  /** The eligible one, or one below it; empty for the eligible one. */
  scope: z.string().default(''),
  /** When it is to begin, in ISO 8601 or as people write it (then by UTC); empty for at once. */
  from: z.string().default(''),
  /** As people write it, or plain minutes from a form's list; empty for the longest possible. */
  duration: z.string().default(''),
  justification: z.string().default(''),
  ticket: z.string().default(''),
});

export type ActivateInput = z.output<typeof input>;

/** Minutes as a form gives them, or as people write durations; `null` for none. */
export const minutesOf = (given: string): number | null | Refusal => {
  const text = given.trim();
  if (!text) return null;
  if (/^\d{1,6}$/.test(text)) return Number(text);
  return parseDuration(text) ?? { code: 'duration-invalid', given };
};

const startOf = ({ from }: ActivateInput, now: Date): Date | null | Refusal =>
  from.trim() ? (parseInstant(from, now, 'UTC') ?? { code: 'instant-invalid', given: from }) : null;

type State = Parameters<typeof requestActivation>[0] & {
  readonly durationMinutes: number | null;
  readonly startsAt: Date | null;
};

const isFault = (value: number | Date | null | Refusal): value is Refusal =>
  value !== null && typeof value === 'object' && 'code' in value;

/** Judges the wish alone: whether its requester has confirmed that it is them is told elsewhere. */
export const judgeActivation: PersonCommand<ActivateInput, State, { requestId: RequestId }> = {
  name: 'activate',
  for: 'person',
  input,
  load: async (reads, given, caller, now) => {
    const startsAt = startOf(given, now);
    const found = await findEligible(reads, given, caller, now, startsAt instanceof Date ? startsAt : now);
    if (isRefusal(found)) return found;
    const durationMinutes = minutesOf(given.duration);
    if (isFault(durationMinutes)) return { refusal: durationMinutes };
    if (isFault(startsAt)) return { refusal: startsAt };
    const { eligible, scopeId } = found;
    const wanted = { roleId: eligible.roleId, scopeId };
    const governed = await governing(reads, wanted, audienceOf(caller.person));
    const { place, settings, chain } = governed;
    const [approval, openRequest, inForce, eligiblePlace] = await Promise.all([
      approvalFor(reads, 'selfActivate', governed, now),
      reads.openRequestOf(eligible.id, caller.person.id, scopeId),
      activeThereOrAbove(reads, caller.person.id, eligible.roleId, chain),
      placeOf(reads, eligible),
    ]);
    const judged = { requester: caller.person, eligible, eligiblePlace, chain, place, settings, approval };
    return { ...judged, openRequest, inForce, durationMinutes, startsAt };
  },
  decide: ({ durationMinutes, startsAt, ...state }, { justification, ticket }, { actor }, context) =>
    requestActivation(state, { startsAt, durationMinutes, justification, ticket: ticket || null }, actor, context),
};

/** Asks to activate one's own eligible assignment; where its settings ask for it, to be confirmed by a step-up first. */
export const activate: typeof judgeActivation = {
  ...judgeActivation,
  decide: (state, given, caller, context) =>
    confirmedFirst(judgeActivation.decide(state, given, caller, context), state.settings.activationRequires, context),
};

/**
 * Goes on with a request whose requester has confirmed that it is them, judged as things stand now. Refuses what
 * {@link activate} does.
 */
export async function goOnActivating(
  reads: Reads,
  kept: AssignmentRequest,
  caller: PersonCaller,
  now: Date,
): Promise<((actor: Actor, context: Context) => Decision<unknown>) | Refused> {
  const given = input.parse({
    assignmentId: kept.eligibilityId,
    scope: kept.scopeId,
    from: kept.startsAt && kept.startsAt > now ? kept.startsAt.toISOString() : '',
    duration: String(kept.durationMinutes),
    justification: kept.justification,
    ticket: kept.ticket ?? '',
  });
  const state = await judgeActivation.load(reads, given, caller, now);
  if (isRefusal(state)) return state;
  // It does not stand in its own way.
  const openRequest = state.openRequest?.id === kept.id ? null : state.openRequest;
  return (actor, context) =>
    goOnConfirmed(
      kept,
      (same) => judgeActivation.decide({ ...state, openRequest }, given, { ...caller, actor }, same),
      context,
    );
}
