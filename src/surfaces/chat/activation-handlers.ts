import { activate } from '../../commands/activate.ts';
import type { Reads } from '../../commands/ports.ts';
import { type AssignmentId, isUuid, type RequestId, reference } from '../../domain/ids.ts';
import type { CardOf, ItemResult } from '../../notifications/cards.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import { type Answers, type News, noNews } from './answers.ts';
import type { Asker } from './asker.ts';
import { phrases } from './phrases.ts';
import type { Answer, Handler, Handling, Turn } from './turn.ts';

/** Of what is done in one go: as many as one card has room for. */
const mostAtOnce = 20;

/** Names as people list them, each once. */
const listIn = (given: string, between: RegExp): string[] =>
  [...new Set(given.split(between).map((item) => item.trim()))].filter((item) => item !== '').slice(0, mostAtOnce);

/** Asking for activations and giving them up: one or several, each judged by itself. */
export function activationHandlers(
  { reads, answers, tracked }: { readonly reads: Reads; readonly answers: Answers; readonly tracked: TrackedCards },
  { run, asPerson, refused, problemOf, withInstants }: Handling,
  /** Where the click came from a list, the list again. */
  listAfter: (turn: Turn, asker: Asker, news: News) => Promise<CardOf | null>,
): Readonly<Record<string, Handler>> {
  /** What was asked for, as the results of several tell it. */
  async function inShort(requestId: RequestId, asker: Asker): Promise<ItemResult> {
    const request = await reads.request(requestId);
    if (!request) return { reference: reference(requestId), text: '' };
    const { role, scope, duration, status } = await tracked.requestCard(request, asker.reader);
    const say = phrases[asker.reader.language];
    const done = status === 'scheduled' ? say.scheduled : say.requested;
    return { reference: `${role} (${scope})`, text: `${done}. ${duration}. ${reference(requestId)}` };
  }

  /** One event, a result each. */
  async function several(
    items: readonly { readonly name: string; readonly args: Turn['args'] }[],
    turn: Turn,
    asker: Asker,
  ): Promise<Answer> {
    const results: ItemResult[] = [];
    let problem: ReturnType<typeof problemOf> | null = null;
    let accepted = 0;
    for (const { name, args } of items) {
      const outcome = await run(activate, withInstants({ ...turn, args }), `:${name}`);
      if (outcome.accepted) accepted += 1;
      const fault = outcome.accepted ? null : problemOf(outcome.refusal, turn);
      problem ??= fault;
      results.push(
        outcome.accepted
          ? await inShort(outcome.answer.requestId, asker)
          : { reference: await nameOf(name), text: fault?.text ?? '' },
      );
    }
    const card = await answers.roles(asker, {}, { notice: null, results });
    // What was written once for all of them is wrong for each.
    return problem?.input && accepted === 0 ? { card, problem } : { card };
  }

  /** The role and scope of an eligible assignment that a form named by its id; typed names stay as they are. */
  async function nameOf(given: string): Promise<string> {
    const assignment = isUuid(given) ? await reads.assignment(given as AssignmentId) : null;
    if (!assignment) return given;
    const [role, [scope]] = await Promise.all([reads.role(assignment.roleId), reads.scopesById([assignment.scopeId])]);
    return `${role?.name ?? assignment.roleId} (${scope?.name ?? assignment.scopeId})`;
  }

  return {
    'activate-form': asPerson(async (turn, asker) => {
      const form = await answers.activateForm(asker, turn.args, null);
      return form ? { card: form } : refused({ code: 'eligibility-unknown' }, turn);
    }),

    activate: asPerson(async (turn, asker) => {
      const names = turn.clicked ? [] : listIn(turn.args.role ?? '', /,/);
      if (names.length > 1)
        return several(
          names.map((role) => ({ name: role, args: { ...turn.args, role } })),
          turn,
          asker,
        );
      // Typed without a reason: the form asks for what is missing.
      if (!turn.clicked && !turn.args.justification) {
        const form = await answers.activateForm(asker, turn.args, null);
        if (form) return { card: form };
      }
      const outcome = await run(activate, withInstants(turn));
      if (outcome.accepted) {
        if (!turn.clicked) return null;
        const news = { ...noNews, notice: phrases[turn.language].requested };
        return { card: (await listAfter(turn, asker, news)) ?? (await answers.roles(asker, {}, noNews)) };
      }
      if (!turn.clicked) return refused(outcome.refusal, turn);
      const problem = problemOf(outcome.refusal, turn);
      const form = await answers.activateForm(asker, turn.args, problem.text);
      return form ? { card: form, problem } : refused(outcome.refusal, turn);
    }),

    'activate-several': asPerson(async (turn, asker) => {
      const ids = listIn(turn.args.assignmentIds ?? '', /[\s,]+/);
      if (ids.length === 0)
        return refused(
          { code: 'input-invalid', field: 'assignmentIds', problem: 'is empty: choose at least one' },
          turn,
        );
      return several(
        ids.map((assignmentId) => ({ name: assignmentId, args: { ...turn.args, assignmentId } })),
        turn,
        asker,
      );
    }),
  };
}
