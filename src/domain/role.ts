import type { RoleId, ScopeId } from './ids.ts';
import { directoryScope, reaches, type ScopeChain } from './scope.ts';

/** Directory roles are held at `/`; resource roles at any scope below (Microsoft Entra PIM). */
export interface RoleDefinition {
  readonly id: RoleId;
  readonly name: string;
  readonly kind: 'directory' | 'resource';
  readonly description: string;
}

/** The built-in roles that Usher itself obeys, by their ids; the names are Microsoft Entra's and Azure's. */
export const builtInRoles = {
  globalAdministrator: 'Global Administrator',
  privilegedRoleAdministrator: 'Privileged Role Administrator',
  userAdministrator: 'User Administrator',
  guestInviter: 'Guest Inviter',
  securityAdministrator: 'Security Administrator',
  globalReader: 'Global Reader',
  securityReader: 'Security Reader',
  owner: 'Owner',
  userAccessAdministrator: 'User Access Administrator',
} as const;

export type BuiltInRole = keyof typeof builtInRoles;

/** A role held right now, in force and confirmed by the target system. */
export interface HeldRole {
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
}

/** Whether one of the built-in roles is held at the directory, or where `chain` is given, at it or above. */
export const holds = (held: readonly HeldRole[], roles: readonly BuiltInRole[], chain?: ScopeChain): boolean =>
  held.some(
    ({ roleId, scopeId }) =>
      roles.some((role) => (role as string) === roleId) &&
      (chain ? reaches(scopeId, chain) : scopeId === directoryScope),
  );

/** The roles whose holders administer assignments of this role, and decide when no approver is named. */
export const administratorsOf = (role: RoleDefinition): readonly BuiltInRole[] =>
  role.kind === 'directory'
    ? ['globalAdministrator', 'privilegedRoleAdministrator']
    : ['owner', 'userAccessAdministrator'];
