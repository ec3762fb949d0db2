import * as commands from '../../commands/history.ts';
import { isRefusal } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import { isUuid, type PersonId, type RequestId } from '../../domain/ids.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardOf } from '../../notifications/cards.ts';
import { pageOf } from '../../notifications/page.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import type { Args, Asker } from './answers.ts';
import { recordPage, recordRows } from './record.ts';
import type { Answer, Handler, Handling, Turn } from './turn.ts';

/** What was asked for comes back with the buttons that turn pages. */
const asked = ({ email = '', role = '', scope = '', from = '', to = '', result = '', action = '' }: Args) => ({
  email,
  role,
  scope,
  from,
  to,
  result,
  action,
});

const isReference = (given = ''): boolean => /^#?[0-9a-f]{8}$/i.test(given.trim()) || isUuid(given.trim());

/** `history` of oneself and of others, and the whole story of a request. */
export function historyHandlers(
  reads: Reads,
  tracked: TrackedCards,
  { run, asPerson, refused }: Handling,
  /** The card that was clicked, as it is now: it stays where it is. */
  clickedCard: (turn: Turn, asker: Asker) => Promise<CardOf | null>,
): Record<string, Handler> {
  async function historyCard(asker: Asker, personId: PersonId | null, args: Args): Promise<CardOf | null> {
    const filter = commands.filterOf(args, personId, asker.now);
    if (isRefusal(filter)) return null;
    const { rows, page } = await recordPage(reads, asker, filter, args.page);
    const whose = personId === asker.person.id ? null : personId && (await reads.person(personId));
    return {
      card: 'history',
      data: {
        whose: whose ? whose.displayName : null,
        everybody: personId === null,
        ...asked(args),
        entries: rows,
        page,
      },
    };
  }

  async function storyCard(asker: Asker, requestId: RequestId, page: string | undefined): Promise<CardOf | null> {
    const request = await reads.request(requestId);
    if (!request) return null;
    const [{ requester, role, scope, duration, reference: number, ticket, status }, entries] = await Promise.all([
      tracked.requestCard(request, asker.reader),
      reads.storyOf(request),
    ]);
    const { items, page: pages } = pageOf(entries, page, pageSizes.audit, asker.reader.language);
    const rows = await recordRows(reads, items, asker);
    return {
      card: 'story',
      data: {
        requestId,
        reference: number,
        status,
        requester,
        role,
        scope,
        duration,
        ticket,
        steps: rows.map(({ requestId: _, role: __, scope: ___, ...step }) => step),
        page: pages,
      },
    };
  }

  const story: Handler = asPerson(async (turn, asker): Promise<Answer> => {
    const outcome = await run(commands.story, turn);
    if (!outcome.accepted) return refused(outcome.refusal, turn);
    const card = await storyCard(asker, outcome.answer.requestId, turn.args.page);
    if (!card) return refused({ code: 'request-unknown' }, turn);
    const clicked = turn.clicked && turn.args.card ? await clickedCard(turn, asker) : null;
    return clicked ? { card: clicked, beside: card } : { card };
  });

  return {
    story,
    history: async (turn) => {
      const { email } = turn.args;
      if (isReference(email)) return story({ ...turn, args: { ...turn.args, requestId: email ?? '' } });
      return asPerson(async (_turn, asker) => {
        const outcome = await run(commands.history, turn);
        if (!outcome.accepted) return refused(outcome.refusal, turn);
        const card = await historyCard(asker, outcome.answer.personId, turn.args);
        return card ? { card } : refused({ code: 'input-invalid', field: '', problem: 'is not understood' }, turn);
      })(turn);
    },
  };
}
