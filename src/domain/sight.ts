import { acts, type Holding, managersOf, may, viewersOf } from './authorisation.ts';
import type { ScopeId } from './ids.ts';
import type { HeldRole } from './role.ts';

/** Of assignments, and of the record, what somebody may see of others: {@link viewersOf}, for all places at once. */
export interface Sight {
  /** Directory roles. */
  readonly directory: boolean;
  /** Resource roles, at these scopes and below. */
  readonly resourcesBelow: readonly ScopeId[];
  readonly roleAssignableGroups: boolean;
  readonly otherGroups: boolean;
  /** Whatever kind these are of. */
  readonly groups: readonly ScopeId[];
  /** Entries of the record that are about no role. */
  readonly record: boolean;
}

const placesOf = (held: readonly HeldRole[], needed: readonly Holding[]): ScopeId[] => [
  ...new Set(
    held
      .filter(({ roleId }) => needed.some(({ role, at }) => at === 'here' && (role as string) === roleId))
      .map(({ scopeId }) => scopeId),
  ),
];

export const sightOf = (held: readonly HeldRole[]): Sight => {
  const seesGroups = (roleAssignable: boolean) => may(held, viewersOf({ kind: 'group' }, { roleAssignable }));
  return {
    directory: may(held, viewersOf({ kind: 'directory' }, null)),
    resourcesBelow: placesOf(held, managersOf({ kind: 'resource' }, null)),
    roleAssignableGroups: seesGroups(true),
    otherGroups: seesGroups(false),
    groups: placesOf(held, managersOf({ kind: 'group' }, { roleAssignable: false })),
    record: may(held, acts['read-audit']),
  };
};

/** Whether that is anything at all. */
export const seesOthers = (sight: Sight): boolean =>
  Object.values(sight).some((part) => (Array.isArray(part) ? part.length > 0 : part === true));
