import { declineDelegation, delegate, stopDelegating } from '../../commands/delegate.ts';
import type { Outcome } from '../../commands/execute.ts';
import type { Reads } from '../../commands/ports.ts';
import type { DelegationId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusal.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardData, CardOf } from '../../notifications/cards.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import type { Args, Asker } from './asker.ts';
import { type Handlers, type Handling, type PersonHandler, show, type Turn } from './turn.ts';

/** What is missing from a typed line is asked for by the form. */
const asksForMore: readonly Refusal['code'][] = ['delegation-incomplete', 'principal-ambiguous'];

/** Who decides while somebody is away: asked for, stopped and declined. */
export function delegating(
  { run, asPerson, refused, refusedAt, problemOf, said, withInstants }: Handling,
  { reads, tracked }: { readonly reads: Reads; readonly tracked: TrackedCards },
): Handlers {
  const cardOf = (id: DelegationId, { reader }: Asker) => tracked.show('delegation', id, reader);

  /** Those for whom the asker stands in, or is to. */
  async function standsInFor({
    person,
    reader,
  }: Asker): Promise<Pick<CardData['delegate-form'], 'standsInFor' | 'more'>> {
    const all = await reads.openDelegationsTo(person.id);
    const first = all.slice(0, pageSizes.names);
    const people = await reads.people(first.map(({ approverId }) => approverId));
    return {
      standsInFor: first.map(({ approverId, startsAt, endsAt }) => ({
        approver: people.find(({ id }) => id === approverId)?.displayName ?? '',
        from: reader.time(startsAt),
        until: reader.time(endsAt),
      })),
      more: all.length > first.length ? String(all.length - first.length) : null,
    };
  }

  async function form(asker: Asker, args: Args, problem: string | null): Promise<CardOf> {
    const { to = '', from = '', until = '', note = '' } = args;
    return { card: 'delegate-form', data: { problem, to, from, until, note, ...(await standsInFor(asker)) } };
  }

  /** How it is: the open one with its Stop, or the form. */
  async function state(turn: Turn, asker: Asker): Promise<CardOf> {
    const open = await reads.openDelegationOf(asker.person.id);
    return (open && (await cardOf(open.id, asker))) ?? form(asker, turn.args, null);
  }

  /** Over: the card that was clicked shows it, or a sentence does. */
  async function over(turn: Turn, asker: Asker, outcome: Outcome<{ delegationId: DelegationId }>) {
    if (outcome.accepted)
      return turn.clicked
        ? show(await cardOf(outcome.answer.delegationId, asker))
        : said(turn, (say) => say.delegationStopped);
    const { delegationId = '' } = turn.args;
    return refusedAt(turn.clicked ? await cardOf(delegationId as DelegationId, asker) : null, outcome.refusal, turn);
  }

  const stop: PersonHandler = async (turn, asker) => over(turn, asker, await run(stopDelegating, turn));

  return {
    delegate: asPerson(async (turn, asker) => {
      const { act = '', to = '', from = '', until = '' } = turn.args;
      if (act.toLowerCase() === 'off') return stop(turn, asker);
      if (act)
        return refused({ code: 'input-invalid', field: '', problem: 'may only say “off” after “delegate”' }, turn);
      const submitted = turn.clicked && 'to' in turn.args;
      if (!submitted && !to && !from && !until) return show(await state(turn, asker));
      const outcome = await run(delegate, withInstants(turn));
      if (outcome.accepted) return turn.clicked ? said(turn, (say) => say.delegated) : null;
      const { refusal } = outcome;
      if (refusal.code === 'delegation-exists' || !(turn.clicked || asksForMore.includes(refusal.code)))
        return refused(refusal, turn);
      const told = problemOf(refusal, turn);
      // Whoever was not found is named in another input here.
      const problem = told.input === 'principal' ? { ...told, input: 'to' } : told;
      return { card: await form(asker, turn.args, problem.text), problem };
    }),
    'delegate-off': asPerson(stop),
    'delegate-decline': asPerson(async (turn, asker) => over(turn, asker, await run(declineDelegation, turn))),
  };
}
