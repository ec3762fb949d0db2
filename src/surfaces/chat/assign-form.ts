import type { Managed } from '../../commands/managed.ts';
import type { Reads } from '../../commands/ports.ts';
import { givesSomewhere } from '../../domain/authorisation.ts';
import { formatDuration, parseDuration } from '../../domain/duration.ts';
import type { Language } from '../../domain/language.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardData, CardOf } from '../../notifications/cards.ts';
import type { Args, Asker } from './asker.ts';
import { phrases } from './phrases.ts';

/** The usual lengths, what was typed, and none. */
export const lasting = (language: Language, typed: string): CardData['assign-form']['durations'] => {
  const minutes = parseDuration(typed);
  const usual = [15, 30, 90, 180, 365].map((days) => ({
    title: formatDuration(days * 1440, language),
    value: `${days}d`,
  }));
  const own =
    minutes === null || usual.some(({ value }) => value === typed)
      ? []
      : [{ title: formatDuration(minutes, language), value: typed }];
  return [...own, ...usual, { title: phrases[language].permanent, value: 'permanent' }];
};

/** Of few choices the one that somebody named. */
const chosen = (choices: readonly { readonly value: string; readonly name: string }[], given = ''): string => {
  const named = given.trim().toLowerCase();
  return choices.find(({ value, name }) => value.toLowerCase() === named || name.toLowerCase() === named)?.value ?? '';
};

/** The form of an assignment, filled in with what was given, and with what was wrong with it. */
export async function assignForm(
  reads: Reads,
  { held, person, reader: { language } }: Asker,
  args: Args,
  wrong: { readonly refusal: Refusal; readonly text: string } | null,
): Promise<CardOf> {
  const [roles, everywhere] = await Promise.all([reads.roles(), reads.scopes()]);
  const offered = wrong?.refusal.code === 'scope-ambiguous' ? wrong.refusal.matches : null;
  const roleChoices = roles
    .filter((role) => givesSomewhere(held, role))
    .map(({ id, name }) => ({ title: name, value: id as string, name }));
  const places = everywhere
    .filter(({ id, name, kind }) =>
      offered ? offered.includes(id) || offered.includes(name) : kind !== 'group' || person.userType === 'Member',
    )
    .map(({ id, name, kind }) => ({
      title: kind === 'directory' ? name : phrases[language].scopeOfKind(name, kind),
      value: id as string,
      name,
    }));
  const few = <T>(list: readonly T[]): readonly T[] => (list.length > pageSizes.choices ? [] : list);
  return {
    card: 'assign-form',
    data: {
      problem: wrong?.text ?? null,
      changing: null,
      assignmentId: '',
      principal: args.principal ?? '',
      role: few(roleChoices).length > 0 ? chosen(roleChoices, args.role) : (args.role ?? ''),
      scope: few(places).length > 0 ? chosen(places, args.scope) : (args.scope ?? ''),
      kind: args.kind === 'active' ? 'active' : 'eligible',
      duration: args.duration ?? '',
      from: args.from ?? '',
      justification: args.justification ?? '',
      roles: few(roleChoices),
      scopes: few(places),
      durations: lasting(language, args.duration ?? ''),
    },
  };
}

/** The form by which an assignment is changed. */
export async function changeForm(
  { assignment, governed }: Managed,
  whose: string,
  { reader: { language }, now }: Asker,
  args: Args,
  problem: string | null,
): Promise<CardOf> {
  return {
    card: 'assign-form',
    data: {
      problem,
      changing: { principal: whose, role: governed.place.role.name, scope: governed.place.scope.name },
      assignmentId: assignment.id,
      principal: '',
      role: '',
      scope: '',
      kind: assignment.kind,
      duration: args.duration ?? '',
      from: args.from ?? (assignment.startsAt > now ? assignment.startsAt.toISOString() : ''),
      justification: args.justification ?? '',
      roles: [],
      scopes: [],
      durations: lasting(language, args.duration ?? ''),
    },
  };
}
