import type { Group } from './group.ts';
import type { ScopeId } from './ids.ts';
import type { ForbiddenAct, Refusal } from './refusal.ts';
import { type BuiltInRole, builtInRoles, type HeldRole, type RoleDefinition } from './role.ts';
import { directoryScope, reaches, type ScopeChain } from './scope.ts';

/**
 * Who may do what: the table of Microsoft Entra PIM ("Least privileged roles by task", "Bring groups into PIM",
 * "Privileged access to Azure resources"), in one place. Rights come from active, confirmed assignments alone.
 */
export interface Holding {
  readonly role: BuiltInRole;
  /** `here`: at the scope in question or above it, or in the group in question. */
  readonly at: 'directory' | 'here';
}

const atDirectory = (...roles: readonly BuiltInRole[]): readonly Holding[] =>
  roles.map((role) => ({ role, at: 'directory' }));
const here = (...roles: readonly BuiltInRole[]): readonly Holding[] => roles.map((role) => ({ role, at: 'here' }));

/** Manage assignments, settings and requests of a role, or of a group's membership and ownership. */
export function managersOf(
  { kind }: Pick<RoleDefinition, 'kind'>,
  group: Pick<Group, 'roleAssignable'> | null,
): readonly Holding[] {
  switch (kind) {
    case 'directory':
      return atDirectory('globalAdministrator', 'privilegedRoleAdministrator');
    case 'resource':
      // Neither Global nor Privileged Role Administrators, unless they elevate themselves.
      return here('owner', 'userAccessAdministrator');
    case 'group':
      return group?.roleAssignable
        ? [...atDirectory('globalAdministrator', 'privilegedRoleAdministrator'), ...here('groupOwner')]
        : [
            ...atDirectory(
              'globalAdministrator',
              'userAdministrator',
              'groupsAdministrator',
              'identityGovernanceAdministrator',
            ),
            ...here('groupOwner'),
          ];
    default:
      return kind satisfies never;
  }
}

/** View who holds a role. Nobody but its managers sees resource roles, by default. */
export const viewersOf = (
  role: Pick<RoleDefinition, 'kind'>,
  group: Pick<Group, 'roleAssignable'> | null,
): readonly Holding[] =>
  role.kind === 'resource'
    ? managersOf(role, group)
    : [...managersOf(role, group), ...atDirectory('securityAdministrator', 'globalReader', 'securityReader')];

/** Are told of break-glass access to a role, may end it, and say afterwards whether it was justified (ours). */
export const overseersOf = (
  role: Pick<RoleDefinition, 'kind'>,
  group: Pick<Group, 'roleAssignable'> | null,
): readonly Holding[] => [...managersOf(role, group), ...acts.oversee];

/** What is not about one role's assignments. */
export const acts = {
  invite: atDirectory('globalAdministrator', 'userAdministrator', 'guestInviter'),
  'manage-invitation': atDirectory('globalAdministrator', 'userAdministrator'),
  'read-audit': atDirectory(
    'globalAdministrator',
    'privilegedRoleAdministrator',
    'securityAdministrator',
    'globalReader',
    'securityReader',
  ),
  /** Of anybody, and of guests who administer nothing. */
  'reset-credentials': atDirectory('globalAdministrator'),
  'reset-guest-credentials': atDirectory('globalAdministrator', 'userAdministrator'),
  /** To User Access Administrator at the root scope, by themselves. */
  elevate: atDirectory('globalAdministrator'),
  'create-group': atDirectory(
    'globalAdministrator',
    'userAdministrator',
    'groupsAdministrator',
    'identityGovernanceAdministrator',
  ),
  'create-role-assignable-group': atDirectory('globalAdministrator', 'privilegedRoleAdministrator'),
  /** Look after the organisation as a whole, and after Usher itself. */
  oversee: atDirectory('globalAdministrator', 'privilegedRoleAdministrator'),
} as const satisfies Record<string, readonly Holding[]>;

/** Whether one of these is held. Without `chain`, what has to be held `here` is not. */
export const may = (held: readonly HeldRole[], needed: readonly Holding[], chain?: ScopeChain): boolean =>
  needed.some(({ role, at }) =>
    held.some(
      ({ roleId, scopeId }) =>
        (role as string) === roleId &&
        (at === 'directory' ? scopeId === directoryScope : chain !== undefined && reaches(scopeId, chain)),
    ),
  );

/** Where each of these is held, for a place with this chain. */
export const heldAt = (
  needed: readonly Holding[],
  chain: ScopeChain,
): { readonly role: BuiltInRole; readonly scopeIds: readonly ScopeId[] }[] =>
  needed.map(({ role, at }) => ({ role, scopeIds: at === 'directory' ? [directoryScope] : chain.map(({ id }) => id) }));

/** The no to whoever holds none of these. */
export const notAllowed = (what: ForbiddenAct, needed: readonly Holding[]): Refusal => ({
  code: 'not-allowed',
  what,
  needs: needed.map(({ role }) => builtInRoles[role]),
});

/** Whether this role is somebody's to give anywhere at all; where exactly, is judged when it is given. */
export const givesSomewhere = (held: readonly HeldRole[], role: Pick<RoleDefinition, 'kind'>): boolean =>
  [...managersOf(role, null), ...managersOf(role, { roleAssignable: true })].some((needed) =>
    held.some(({ roleId }) => (roleId as string) === needed.role),
  );

/** All that manage assignments of some role somewhere, each once. */
export const managingRoles: readonly Holding[] = [
  ...managersOf({ kind: 'directory' }, null),
  ...managersOf({ kind: 'resource' }, null),
  ...managersOf({ kind: 'group' }, { roleAssignable: true }),
  ...managersOf({ kind: 'group' }, { roleAssignable: false }),
].filter(({ role }, index, all) => all.findIndex((other) => other.role === role) === index);

/** Whether somebody manages any assignments. */
export const managesSomething = (held: readonly HeldRole[]): boolean =>
  (['directory', 'resource', 'group'] as const).some((kind) => givesSomewhere(held, { kind }));
