import type { AuditAction } from '../../src/domain/audit.ts';
import type { Change, Decision, Entity } from '../../src/domain/change.ts';
import type { Refusal } from '../../src/domain/refusal.ts';

export type ValueOf<Name extends Entity['entity']> = Extract<Entity, { entity: Name }>['value'];

type Written = { readonly change: Pick<Change, 'put'> };

/** What a decision writes of one kind, in order. */
export const written = <Name extends Entity['entity']>(decision: Written, name: Name): ValueOf<Name>[] =>
  decision.change.put.filter((item) => item.entity === name).map((item) => item.value as ValueOf<Name>);

/** The first thing of one kind that a decision writes; throws when there is none. */
export function writtenOne<Name extends Entity['entity']>(decision: Written, name: Name): ValueOf<Name> {
  const [value] = written(decision, name);
  if (!value) throw new Error(`nothing of ${name} was written`);
  return value;
}

/** Why a decision said no; `null` when it did not. */
export const refusalOf = (decision: Decision<unknown>): Refusal | null => (decision.accepted ? null : decision.refusal);

/** The answer of an accepted decision; throws on a refusal. */
export function answerOf<Answer>(decision: Decision<Answer>): Answer {
  if (!decision.accepted) throw new Error(`refused: ${decision.refusal.code}`);
  return decision.answer;
}

export const actionsOf = (decision: { readonly change: Pick<Change, 'audit'> }): AuditAction[] =>
  decision.change.audit.map((fact) => fact.action);

export const nothing: Change = {
  put: [],
  relyOn: [],
  audit: [],
  deadlines: [],
  withdrawDeadlinesOf: [],
  provision: [],
  events: [],
};
