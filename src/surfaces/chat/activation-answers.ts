import { findEligible } from '../../commands/eligibles.ts';
import { audienceOf, governingAll, isRefusal } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import { type ActiveAssignment, type EligibleAssignment, inWindow, wantsAccess } from '../../domain/assignment.ts';
import { formatDuration, parseDuration } from '../../domain/duration.ts';
import type { ScopeId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import { longestActivation } from '../../domain/request-activation.ts';
import { shortestActivationMinutes } from '../../domain/role-settings.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardData, CardOf, EligibleRole, ExtendState } from '../../notifications/cards.ts';
import { comingWith } from '../../notifications/comes-with.ts';
import type { Args, Asker } from './asker.ts';
import { phrases } from './phrases.ts';

/** Half an hour, an hour, and so on up to the longest possible, which is always among them. */
export function durationChoices(longest: number, wanted: number | null, language: Language): EligibleRole['durations'] {
  const usual = [shortestActivationMinutes, 60, 120, 240, 480, 720, longest, ...(wanted === null ? [] : [wanted])];
  const minutes = [...new Set(usual)].filter((choice) => choice <= longest).sort((a, b) => a - b);
  return minutes.map((choice) => ({ title: formatDuration(choice, language), value: String(choice) }));
}

/** Minutes, as a form gives them or as somebody typed them. */
export const wantedMinutes = (given = ''): number | null =>
  /^\d+$/.test(given) ? Number(given) : parseDuration(given);

/** Confirmed by the target system, also while its end is being moved. */
export const isInForce = ({ state }: ActiveAssignment): boolean =>
  state.status === 'Active' || state.status === 'Extending';

function stateOf(
  eligible: EligibleAssignment,
  inForce: ActiveAssignment | null,
  requested: boolean,
  now: Date,
): EligibleRole['state'] {
  // One of several, one after another, is not what another one has given.
  if (eligible.startsAt > now) return 'not-started';
  if (inForce && isInForce(inForce)) return 'active';
  if (inForce || requested) return 'pending';
  return inWindow(eligible, now) ? 'available' : 'not-started';
}

/** An eligible assignment that is to be shown, with what was given of its form. */
export interface ShownEligible {
  readonly eligible: EligibleAssignment;
  readonly given: Args;
  /** Whether a later end of it can be asked for. */
  readonly extend: ExtendState;
  /** The form's, which may lie below the eligible one. */
  readonly scopeId: ScopeId;
}

/** These eligible assignments with all that their forms need, in as many queries for one as for many. */
export async function eligibleRoles(
  reads: Reads,
  all: readonly ShownEligible[],
  { person, reader, now }: Asker,
): Promise<EligibleRole[]> {
  if (all.length === 0) return [];
  const eligibles = all.map(({ eligible }) => eligible);
  const audience = audienceOf(person);
  const places = all.map(({ eligible: { roleId }, scopeId }) => ({ roleId, scopeId, audience }));
  const [governed, requests, actives, brings, scopes] = await Promise.all([
    governingAll(reads, places),
    reads.openRequestsAbout(eligibles.map(({ id }) => id)),
    reads.openActivesOf(person.id),
    comingWith(reads, eligibles),
    reads.scopesById([...new Set(eligibles.map(({ scopeId }) => scopeId))]),
  ]);
  return all.map(({ eligible, given, extend, scopeId }) => {
    const { place, settings } = governed({ roleId: eligible.roleId, scopeId, audience });
    const requested = requests.some(
      (request) =>
        request.action === 'selfActivate' &&
        request.eligibilityId === eligible.id &&
        request.principalId === person.id &&
        request.scopeId === scopeId,
    );
    const inForce =
      actives.find(
        (active) => wantsAccess(active) && active.roleId === eligible.roleId && active.scopeId === scopeId,
      ) ?? null;
    const longest = longestActivation(eligible, settings, now);
    const wanted = wantedMinutes(given.duration);
    const choices = durationChoices(longest, wanted, reader.language);
    return {
      assignmentId: eligible.id,
      role: place.role.name,
      scope: scopes.find(({ id }) => id === eligible.scopeId)?.name ?? eligible.scopeId,
      scopePath: eligible.scopeId,
      comesWith: brings(eligible).roles,
      opens: brings(eligible).eligible,
      until: eligible.endsAt ? reader.time(eligible.endsAt) : null,
      state: stateOf(eligible, inForce, requested, now),
      activeUntil: inForce && isInForce(inForce) && inForce.endsAt ? reader.time(inForce.endsAt) : null,
      durations: choices,
      chosenDuration: choices.find(({ value }) => value === String(wanted))?.value ?? String(longest),
      justification: given.justification ?? '',
      justificationRequired: settings.justificationRequired,
      ticket: given.ticket ?? '',
      ticketRequired: settings.ticketRequired,
      approvalRequired: settings.approval !== null,
      extend,
    };
  });
}

/** Where it can be activated: at the eligible scope, or anywhere below it. */
async function placesOf(reads: Reads, { scopeId }: EligibleAssignment, chosen: ScopeId, language: Language) {
  const below = await reads.scopesBelow(scopeId);
  if (below.length === 0) return { below: 'nothing', places: [], chosenPlace: '' } as const;
  const [own] = await reads.scopesById([scopeId]);
  const all = own ? [own, ...below] : below;
  if (all.length > pageSizes.places)
    return {
      below: 'many',
      places: [],
      chosenPlace: chosen === scopeId ? '' : (below.find(({ id }) => id === chosen)?.name ?? ''),
    } as const;
  const places = all.map(({ id, name, kind }) => ({ title: phrases[language].scopeOfKind(name, kind), value: id }));
  return { below: 'few', places, chosenPlace: chosen } as const;
}

/** The form of one role, filled in with what was given; `null` where nothing like that can be activated. */
export async function activateForm(
  reads: Reads,
  asker: Asker,
  args: Args,
  problem: string | null,
): Promise<CardOf | null> {
  const given = { assignmentId: args.assignmentId, role: args.role ?? '', scope: args.scope ?? '' };
  const named = await findEligible(reads, given, asker, asker.now);
  // A scope that was mistyped does not cost them the form.
  const found =
    isRefusal(named) && given.assignmentId
      ? await findEligible(reads, { ...given, scope: '' }, asker, asker.now)
      : named;
  if (isRefusal(found)) return null;
  const { eligible, scopeId } = found;
  const [[role], places] = await Promise.all([
    eligibleRoles(reads, [{ eligible, given: args, extend: null, scopeId }], asker),
    placesOf(reads, eligible, scopeId, asker.reader.language),
  ]);
  if (!role) return null;
  const data: CardData['activate-form'] = { ...role, ...places, from: args.from ?? '', problem };
  return { card: 'activate-form', data };
}

/** What can be activated in one go, where that saves anything. */
export const activatable = (roles: readonly EligibleRole[]): CardData['roles']['several'] => {
  const available = roles.filter(({ state }) => state === 'available');
  return available.length < 2
    ? []
    : available.map(({ role, scope, assignmentId }) => ({ title: `${role} (${scope})`, value: assignmentId }));
};
