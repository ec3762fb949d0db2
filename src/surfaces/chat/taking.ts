import { type NamedPlace, namedPlaces, placeText } from '../../commands/break-glass.ts';
import { endBreakGlass, reviewBreakGlass } from '../../commands/oversee-break-glass.ts';
import type { Reads } from '../../commands/ports.ts';
import { breakGlass, elevate } from '../../commands/take-access.ts';
import { acts, may, notAllowed } from '../../domain/authorisation.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { elevationMinutes } from '../../domain/take-access.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardData, CardOf } from '../../notifications/cards.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import { durationChoices, wantedMinutes } from './activation-answers.ts';
import type { Args, Asker } from './asker.ts';
import type { Answer, Handlers, Handling, Turn } from './turn.ts';

/** How long, and why: what is missing to take access by oneself. */
function takeForm(
  { reader }: Asker,
  args: Args,
  problem: string | null,
  { kind, places, chosenPlace }: Pick<CardData['take-form'], 'kind' | 'places' | 'chosenPlace'>,
  { usual, longest }: { readonly usual: number; readonly longest: number },
): CardOf {
  const wanted = wantedMinutes(args.duration);
  const durations = durationChoices(longest, Math.min(wanted ?? usual, longest), reader.language);
  return {
    card: 'take-form',
    data: {
      kind,
      places,
      chosenPlace,
      problem,
      durations,
      chosenDuration: String(Math.min(wanted ?? usual, longest)),
      justification: args.justification ?? '',
    },
  };
}

const elevationForm = (asker: Asker, args: Args, problem: string | null): CardOf =>
  takeForm(asker, args, problem, { kind: 'elevation', places: [], chosenPlace: '' }, elevationMinutes);

/** Of the roles that somebody is named for, the one that they have said, if that is clear. */
function breakGlassForm(asker: Asker, args: Args, problem: string | null, named: readonly NamedPlace[]): CardOf {
  const offered = named.slice(0, pageSizes.choices);
  const places = offered.map((place) => ({ title: `${place.role} (${place.scope})`, value: placeText(place) }));
  const said = (args.role ?? '').trim().toLowerCase();
  const meant = offered.filter(
    (place) => placeText(place) === args.place || (!args.place && (!said || place.role.toLowerCase() === said)),
  );
  const [only] = meant.length === 1 ? meant : [];
  const maxima = (only ? [only] : offered).map(({ longestMinutes }) => longestMinutes);
  const minutes = { usual: Math.min(...maxima), longest: Math.max(...maxima) };
  const chosenPlace = only ? placeText(only) : '';
  return takeForm(asker, args, problem, { kind: 'break-glass', places, chosenPlace }, minutes);
}

/** What is missing from a typed line, or leaves a choice, is asked for by the form. */
const asksForMore: readonly Refusal['code'][] = ['break-glass-ambiguous', 'justification-missing'];

/** Access that people take by themselves, and what those who are told of it do. */
export function takingHandlers(
  { reads, tracked }: { readonly reads: Reads; readonly tracked: TrackedCards },
  { run, asPerson, refused, refusedAt, problemOf, said }: Handling,
): Handlers {
  /** A card about break-glass access as it stands now, for whoever was told of it. */
  async function cardNow(
    name: 'exceptional' | 'break-glass-review',
    { args, clicked }: Turn,
    { person, reader }: Asker,
  ): Promise<CardOf | null> {
    const request = clicked ? await reads.readableRequest(args.requestId ?? '', person.id) : null;
    return request && request.principalId !== person.id ? tracked.show(name, request.id, reader) : null;
  }

  const answered = (
    turn: Turn,
    outcome: { readonly accepted: true } | { readonly accepted: false; readonly refusal: Refusal },
    card: CardOf | null,
  ): Answer => {
    if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
    return card ? { card } : said(turn, (say) => say.everyCopyKnows);
  };

  return {
    elevate: asPerson(async (turn, asker) => {
      const submitted = turn.clicked && 'justification' in turn.args;
      if (!submitted && !turn.args.justification)
        return may(asker.held, acts.elevate)
          ? { card: elevationForm(asker, turn.args, null) }
          : refused(notAllowed('elevate', acts.elevate), turn);
      const outcome = await run(elevate, turn);
      // The message that asks for it comes by itself.
      if (outcome.accepted) return turn.clicked ? said(turn, (say) => say.confirmToTake) : null;
      const { refusal } = outcome;
      const problem = problemOf(refusal, turn);
      return submitted && problem.input
        ? { card: elevationForm(asker, turn.args, problem.text), problem }
        : refused(refusal, turn);
    }),

    'break-glass': asPerson(async (turn, asker) => {
      const submitted = turn.clicked && 'justification' in turn.args;
      const form = async (refusal: Refusal | null): Promise<Answer> => {
        const named = await namedPlaces(reads, asker, asker.now);
        if (named.length === 0) return refused({ code: 'break-glass-unknown' }, turn);
        const problem = refusal && problemOf(refusal, turn);
        const card = breakGlassForm(asker, turn.args, problem?.text ?? null, named);
        return problem ? { card, problem } : { card };
      };
      if (!submitted && !turn.args.justification && !turn.args.scope) return form(null);
      const outcome = await run(breakGlass, turn);
      if (outcome.accepted) return turn.clicked ? said(turn, (say) => say.confirmToTake) : null;
      const { refusal } = outcome;
      const again = asksForMore.includes(refusal.code) || (submitted && problemOf(refusal, turn).input);
      return again ? form(refusal) : refused(refusal, turn);
    }),

    'end-break-glass': asPerson(async (turn, asker) => {
      const outcome = await run(endBreakGlass, turn);
      return answered(turn, outcome, await cardNow('exceptional', turn, asker));
    }),

    'review-break-glass': asPerson(async (turn, asker) => {
      const outcome = await run(reviewBreakGlass, turn);
      return answered(turn, outcome, await cardNow('break-glass-review', turn, asker));
    }),
  };
}
