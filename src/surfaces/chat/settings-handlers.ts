import { proposeSettingsChange, saveSettingsChange } from '../../commands/settings.ts';
import type { Asker } from './answers.ts';
import { phrases } from './phrases.ts';
import type { SettingsAnswers } from './settings-answers.ts';
import { type Answer, type Handler, type Handling, type PersonHandler, show, type Turn } from './turn.ts';

const isCard = <T extends object>(answer: T): answer is Extract<T, { readonly card: unknown }> => 'card' in answer;

/** A role's settings: shown, changed by a form or by typed words, looked at, and saved. */
export function settingsHandlers(
  answers: SettingsAnswers,
  { run, asPerson, refused, refusedAt, problemOf }: Handling,
): Readonly<Record<string, Handler>> {
  async function shown(turn: Turn, asker: Asker, notice: string | null = null): Promise<Answer> {
    const card = await answers.settings(asker, turn.args, notice);
    return isCard(card) ? show(card) : refused(card.refusal, turn);
  }

  /** What would change is looked at first; what is wrong with an input is said at it. */
  const propose: PersonHandler = async (turn, asker) => {
    const outcome = await run(proposeSettingsChange, turn);
    if (outcome.accepted) {
      const card = await answers.confirmation(asker, outcome.answer.proposalId);
      return isCard(card) ? show(card) : refused(card.refusal, turn);
    }
    const { refusal } = outcome;
    if (!turn.clicked || refusal.code === 'not-allowed') return refused(refusal, turn);
    // Filled from a state that is gone: the form would save over what somebody else has just decided.
    const now = refusal.code === 'settings-moved' ? await answers.settings(asker, turn.args, null) : null;
    if (now) return isCard(now) ? refusedAt(now, refusal, turn) : refused(now.refusal, turn);
    if (!turn.args.section) return refused(refusal, turn);
    const problem = problemOf(refusal, turn);
    const form = await answers.form(asker, turn.args, problem.text);
    return isCard(form) ? { card: form, problem } : refused(form.refusal, turn);
  };

  return {
    settings: asPerson(async (turn, asker) => {
      const { roleId, role, group, set, inherit } = turn.args;
      if (!roleId && !role?.trim() && !group?.trim()) return show(await answers.pick(asker, turn.args, null));
      if (!turn.clicked && (set || inherit)) return propose(turn, asker);
      const card = await answers.settings(asker, turn.args, null);
      if (isCard(card)) return show(card);
      // Chosen in the form: what is wrong is said there.
      if (
        !turn.clicked ||
        roleId ||
        !['role-unknown', 'role-needs-scope', 'scope-unknown', 'scope-ambiguous', 'role-not-at-scope'].includes(
          card.refusal.code,
        )
      )
        return refused(card.refusal, turn);
      const problem = problemOf(card.refusal, turn);
      return { card: await answers.pick(asker, turn.args, problem.text), problem };
    }),
    'settings-form': asPerson(async (turn, asker) => {
      const form = await answers.form(asker, turn.args, null);
      return isCard(form) ? show(form) : refused(form.refusal, turn);
    }),
    'settings-propose': asPerson(propose),
    'settings-inherit': asPerson((turn, asker) => propose({ ...turn, args: { ...turn.args, inherit: 'yes' } }, asker)),
    'settings-save': asPerson(async (turn, asker) => {
      const place = await answers.placeOfProposal(asker, turn.args.proposalId ?? '');
      const outcome = await run(saveSettingsChange, turn);
      const args = { ...place };
      if (outcome.accepted) return shown({ ...turn, args }, asker, phrases[turn.language].settingsSaved);
      const card = place ? await answers.settings(asker, args, null) : null;
      return refusedAt(card && isCard(card) ? card : null, outcome.refusal, turn);
    }),
  };
}
