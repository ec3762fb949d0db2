import type { GroupId, ScopeId } from './ids.ts';

/**
 * A group that is enabled for PIM: people are eligible or active in it as member or owner. Its place in the tree is a
 * scope of its own, so that membership and ownership are assigned, activated, extended and reviewed like any role.
 * A role-assignable group may hold roles; what it is, it is from the beginning (Microsoft Entra, "role-assignable groups").
 */
export interface Group {
  readonly id: GroupId;
  readonly version: number;
  readonly name: string;
  readonly description: string;
  readonly roleAssignable: boolean;
  readonly createdAt: Date;
}

/** Where a group's membership and ownership are held. */
export const groupScope = (id: GroupId): ScopeId => `/groups/${id}` as ScopeId;

/** The group whose scope this is; `null` for any other scope. */
export const groupOfScope = (id: ScopeId): GroupId | null =>
  id.startsWith('/groups/') ? (id.slice('/groups/'.length) as GroupId) : null;
