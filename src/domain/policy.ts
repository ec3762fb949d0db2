import { createHash } from 'node:crypto';
import type { Actor } from './audit.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import { changedLines, changeOf, hasOwn, type SettingsState } from './change-settings.ts';
import type { AssignmentRequest } from './request.ts';
import { type Rules, type SettingLine, textsOf } from './setting-texts.ts';

/** What a policy file wants the own settings of one place to be; `null`: none of its own. */
export interface PolicyItem {
  readonly state: SettingsState;
  readonly rules: Rules | null;
}

export interface PlannedItem extends PolicyItem {
  /** What changes; nothing where settings that were above become the place's own as they are. */
  readonly lines: readonly SettingLine[];
}

/** The difference between what is and what is wanted, in the order of the file. */
export const planPolicy = (items: readonly PolicyItem[]): PlannedItem[] =>
  items
    .map((item) => ({ ...item, lines: changedLines(item.state, item.rules) }))
    .filter(({ state, rules, lines }) => (rules === null ? hasOwn(state) : !hasOwn(state) || lines.length > 0));

/** Names a plan: it is another one as soon as the state has moved, or something else is wanted. */
export const fingerprintOf = (planned: readonly PlannedItem[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify(
        planned.map(({ state: { place, inForce, names }, rules }) => [
          [place.role.id, place.scope.id, place.audience, inForce.ownVersion, inForce.basis],
          rules && textsOf(rules, names),
        ]),
      ),
    )
    .digest('hex')
    .slice(0, 16);

/** Makes exactly the change that was planned, all of it or nothing. Refuses `settings-moved` for any other plan. */
export function applyPolicy(
  planned: readonly PlannedItem[],
  fingerprint: string,
  waiting: readonly AssignmentRequest[],
  actor: Actor,
  context: Context,
): Decision<{ readonly changed: number }> {
  if (fingerprintOf(planned) !== fingerprint) return refuse({ code: 'settings-moved' });
  const changes = planned.map(({ state, rules }) => changeOf(state, rules, waiting, actor, context));
  return accept(
    { changed: planned.length },
    {
      put: changes.flatMap(({ put }) => put),
      audit: changes.flatMap(({ audit }) => audit),
      deadlines: changes.flatMap(({ deadlines }) => deadlines),
      events: changes.flatMap(({ events }) => events),
    },
  );
}
