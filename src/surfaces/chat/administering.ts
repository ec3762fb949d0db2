import { assign, unassign, update } from '../../commands/administer.ts';
import { isRefusal } from '../../commands/lookups.ts';
import { findManaged, isNumber, type ManagedInput } from '../../commands/managed.ts';
import type { Reads } from '../../commands/ports.ts';
import { managersOf, managesSomething, notAllowed } from '../../domain/authorisation.ts';
import { groupScope } from '../../domain/group.ts';
import type { GroupId, PersonId } from '../../domain/ids.ts';
import type { Refusal } from '../../domain/refusal.ts';
import type { CardOf } from '../../notifications/cards.ts';
import type { TrackedCards } from '../../notifications/tracked.ts';
import type { Args, Asker } from './answers.ts';
import { assignForm, changeForm } from './assign-form.ts';
import { type Handlers, type Handling, needsStepUp, type Turn } from './turn.ts';

/** What is missing from a typed line, or leaves a choice, is asked for by the form. */
const asksForMore: readonly Refusal['code'][] = [
  'role-needs-scope',
  'scope-ambiguous',
  'justification-missing',
  'principal-missing',
];

const meant = (args: Args): ManagedInput => ({
  assignmentId: args.assignmentId ?? '',
  principal: args.principal ?? '',
  role: args.role ?? '',
  scope: args.scope ?? '',
  kind: args.kind === 'eligible' || args.kind === 'active' ? args.kind : '',
});

/** A group's own card names the group, not its place. */
function inGroup(turn: Turn): Turn {
  const { groupId, scope } = turn.args;
  return groupId && !scope ? { ...turn, args: { ...turn.args, scope: groupScope(groupId as GroupId) } } : turn;
}

/** Who manages assignments gives, changes and takes them away here. */
export function administering(
  { run, asPerson, refused, refusedAt, problemOf, said, withInstants, toConfirm }: Handling,
  { reads, tracked }: { readonly reads: Reads; readonly tracked: TrackedCards },
): Handlers {
  const nothingToManage = notAllowed('assign-role', managersOf({ kind: 'directory' }, null));

  /** The assignment's card as it stands now, for who manages it. */
  async function managedNow(args: Args, asker: Asker): Promise<CardOf | null> {
    const managed = await findManaged(reads, meant(args), asker);
    return isRefusal(managed) ? null : tracked.show('managed', managed.assignment.id, asker.reader);
  }

  async function change(turn: Turn, asker: Asker, refusal: Refusal | null) {
    const managed = await findManaged(reads, meant(turn.args), asker);
    if (isRefusal(managed)) return refused(managed.refusal, turn);
    const { principalId } = managed.assignment;
    const whose =
      (await reads.person(principalId as PersonId))?.displayName ?? (await reads.group(principalId as GroupId))?.name;
    const problem = refusal && problemOf(refusal, turn);
    const card = await changeForm(managed, whose ?? '', asker, turn.args, problem?.text ?? null);
    return problem ? { card, problem } : { card };
  }

  return {
    assign: asPerson(async (given, asker) => {
      const turn = inGroup(given);
      const { principal = '', role = '' } = turn.args;
      const submitted = turn.clicked && 'principal' in turn.args;
      const form = async (refusal: Refusal | null) => {
        const problem = refusal && problemOf(refusal, turn);
        const wrong = refusal && problem && { refusal, text: problem.text };
        const card = await assignForm(reads, asker, turn.args, wrong);
        return problem ? { card, problem } : { card };
      };
      if (!submitted && !(principal.trim() && role.trim()))
        return managesSomething(asker.held) ? form(null) : refused(nothingToManage, turn);
      const outcome = await run(assign, withInstants(turn));
      if (needsStepUp(outcome)) return toConfirm(outcome.refusal, turn, asker);
      if (outcome.accepted) return turn.clicked ? said(turn, (say) => say.assignedByYou) : null;
      const { refusal } = outcome;
      if (refusal.code === 'not-allowed') return refused(refusal, turn);
      return turn.clicked || asksForMore.includes(refusal.code) ? form(refusal) : refused(refusal, turn);
    }),

    update: asPerson(async (turn, asker) => {
      const { duration = '', from = '', principal = '', assignmentId = '' } = turn.args;
      const submitted = turn.clicked && 'duration' in turn.args;
      if (!submitted && !duration && !from) return change(turn, asker, null);
      const outcome = await run(update, withInstants(turn));
      if (needsStepUp(outcome)) return toConfirm(outcome.refusal, turn, asker);
      if (outcome.accepted) return said(turn, (say) => say.assignmentChanged);
      // Of one that can't be found there is no form.
      const found = assignmentId || isNumber(principal);
      return turn.clicked && found ? change(turn, asker, outcome.refusal) : refused(outcome.refusal, turn);
    }),

    unassign: asPerson(async (turn, asker) => {
      const outcome = await run(unassign, turn);
      const card = turn.clicked ? await managedNow(turn.args, asker) : null;
      if (!outcome.accepted) return refusedAt(card, outcome.refusal, turn);
      return card ? { card } : said(turn, (say) => say.assignmentRemoved);
    }),
  };
}
