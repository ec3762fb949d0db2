import type { RoleId, ScopeId } from './ids.ts';

/** Directory roles are held at `/`, resource roles at any scope below, membership and ownership at a group's (Microsoft Entra PIM). */
export interface RoleDefinition {
  readonly id: RoleId;
  readonly name: string;
  readonly kind: 'directory' | 'resource' | 'group';
  readonly description: string;
}

/** The built-in roles that Usher itself obeys, by their ids; the names are Microsoft Entra's and Azure's. */
export const builtInRoles = {
  globalAdministrator: 'Global Administrator',
  privilegedRoleAdministrator: 'Privileged Role Administrator',
  userAdministrator: 'User Administrator',
  groupsAdministrator: 'Groups Administrator',
  identityGovernanceAdministrator: 'Identity Governance Administrator',
  helpdeskAdministrator: 'Helpdesk Administrator',
  guestInviter: 'Guest Inviter',
  securityAdministrator: 'Security Administrator',
  globalReader: 'Global Reader',
  securityReader: 'Security Reader',
  owner: 'Owner',
  userAccessAdministrator: 'User Access Administrator',
  groupMember: 'Group member',
  groupOwner: 'Group owner',
} as const;

export type BuiltInRole = keyof typeof builtInRoles;

/** A role held right now, in force and confirmed by the target system. */
export interface HeldRole {
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
}
