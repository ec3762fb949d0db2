import type { Assignment } from '../domain/assignment.ts';
import { confirmedBeforeGiving } from '../domain/require-step-up.ts';
import type { RoleSettings, StepUpRequirement } from '../domain/role-settings.ts';
import type { PersonCommand } from './execute.ts';

/** Active access that is about to be given, or moved to another end. */
export interface Giving {
  readonly requires: StepUpRequirement;
  /** The principal, or the assignment. */
  readonly subjectId: string;
  /** By ids where they are known: what was confirmed is what is done. */
  readonly role: string;
  readonly scope: string;
  readonly whom: string;
  /** Of the command's input what names it otherwise. */
  readonly input?: Readonly<Record<string, string>>;
}

/** Of an assignment that there is; `null` for an eligible one. */
export const givingAgain = (
  { id, kind, principalId, roleId, scopeId }: Assignment,
  settings: RoleSettings,
): Giving | null =>
  kind === 'eligible'
    ? null
    : {
        requires: settings.activeAssignmentRequires,
        subjectId: id,
        role: roleId,
        scope: scopeId,
        whom: principalId,
        input: { assignmentId: id },
      };

const texts = (input: object): Record<string, string> =>
  Object.fromEntries(Object.entries(input).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));

/**
 * The same command, which asks whoever gives active access to confirm first that it is them, where the settings ask for
 * that. What they said is kept with the step-up, which goes on with the command as it was.
 * @param givingOf `null` where it is not about active access.
 */
export const askingFirst = <Input extends object, State, Answer>(
  command: PersonCommand<Input, State, Answer>,
  givingOf: (state: State, input: Input, personId: string) => Giving | null,
): PersonCommand<Input, State, Answer> => ({
  ...command,
  decide: (state, input, caller, context) => {
    const judged = command.decide(state, input, caller, context);
    const giving = givingOf(state, input, caller.person.id);
    if (!giving) return judged;
    const { requires, subjectId, role, scope, whom } = giving;
    const wish = { ...texts(input), ...giving.input, command: command.name, role, scope, whom };
    return confirmedBeforeGiving(judged, requires, { personId: caller.person.id, subjectId, wish }, context);
  },
});
