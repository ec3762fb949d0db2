import type { AuditFact } from '../../src/domain/audit.ts';
import type { Context, Deadline, Decision, Entity } from '../../src/domain/change.ts';
import { minutesIn, noon, uuid } from '../support/build.ts';
import { type ValueOf, written } from './outcome.ts';

export type Entities = ReadonlyMap<string, Entity>;

/** The world of a model: what the store would hold, and what is due. */
export interface Memory {
  now: Date;
  entities: Entities;
  deadlines: readonly Deadline[];
  readonly audit: AuditFact[];
  readonly context: () => Context;
}

/** One decision, with the world before and after it was written. */
export interface Step {
  readonly decision: Decision<unknown>;
  readonly now: Date;
  readonly before: Entities;
  readonly after: Entities;
}

export type Rules = Readonly<Record<string, (step: Step, memory: Memory) => boolean>>;

/** What names a thing, as the store names it. */
const idOf = ({ value }: Entity): string =>
  'id' in value ? value.id : [value.roleId, value.scopeId, value.audience].join(' ');

export function createMemory(entities: readonly Entity[], deadlines: readonly Deadline[] = []): Memory {
  let last = 999;
  const newId = () => {
    last += 1;
    return uuid(last);
  };
  const memory: Memory = {
    now: noon,
    entities: new Map(entities.map((entity) => [idOf(entity), entity])),
    deadlines,
    audit: [],
    context: () => ({ now: memory.now, newId }),
  };
  return memory;
}

export const all = <Name extends Entity['entity']>(entities: Entities, name: Name): ValueOf<Name>[] =>
  [...entities.values()].filter((item) => item.entity === name).map((item) => item.value as ValueOf<Name>);

/** The newest but so many, going round; `undefined` where there is none. */
export const newestBut = <T>(list: readonly T[], count: number): T | undefined =>
  list[list.length - 1 - (count % list.length)];

/** The same moment, so many minutes on. */
export const onward = (from: Date, minutes: number): Date =>
  new Date(from.getTime() + minutesIn(minutes).getTime() - noon.getTime());

/** Writes a decision as the store does; whatever it refuses to write is left to the rules to find. */
export function write(memory: Memory, decision: Decision<unknown>): Step {
  const { put, withdrawDeadlinesOf, deadlines, audit } = decision.change;
  const before = memory.entities;
  memory.entities = new Map([...before, ...put.map((item) => [idOf(item), item] as const)]);
  memory.deadlines = [
    ...memory.deadlines.filter(({ subjectId }) => !withdrawDeadlinesOf.includes(subjectId)),
    ...deadlines,
  ];
  memory.audit.push(...audit);
  return { decision, now: memory.now, before, after: memory.entities };
}

/** Throws the name of the first rule that the step breaks. */
export function uphold(rules: Rules, step: Step, memory: Memory): void {
  for (const [name, holds] of Object.entries(rules)) if (!holds(step, memory)) throw new Error(`broken: ${name}`);
}

/** The status of one kind of thing changes along these edges only; without one it is final. */
export const onlyAlong =
  (name: 'Request' | 'Assignment' | 'Invitation', edges: Readonly<Record<string, readonly string[]>>) =>
  ({ decision, before }: Step): boolean =>
    written(decision, name).every(({ id, state }) => {
      const earlier = all(before, name).find((item) => item.id === id);
      return !earlier || (edges[earlier.state.status] ?? []).includes(state.status);
    });

/** What the store demands of every change. */
export const storeRules: Rules = {
  'a version grows by one': ({ decision, before }) =>
    decision.change.put.every((item) => item.value.version === (before.get(idOf(item))?.value.version ?? 0) + 1),
  'a change writes each thing once': ({ decision: { change } }) =>
    new Set(change.put.map(idOf)).size === change.put.length,
  'a change relies on what is there': ({ decision, before }) =>
    decision.change.relyOn.every(({ id, version }) => before.get(id)?.value.version === version),
  'a refusal writes nothing but the count of wrong codes': ({ decision }) =>
    decision.accepted ||
    (decision.change.put.every(({ entity }) => entity === 'Challenge') &&
      [decision.change.deadlines, decision.change.provision, decision.change.events].every(
        (part) => part.length === 0,
      )),
  'what is changed is on the record': ({ decision: { change } }) => change.put.length === 0 || change.audit.length > 0,
};
