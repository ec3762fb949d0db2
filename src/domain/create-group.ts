import type { ActiveAssignment } from './assignment.ts';
import type { Actor } from './audit.ts';
import { accept, type Context, type Decision, refuse } from './change.ts';
import { type Group, groupScope } from './group.ts';
import type { AssignmentId, GroupId, RoleId } from './ids.ts';
import type { Person } from './person.ts';
import { tooLong } from './text-limits.ts';

export interface GroupWish {
  readonly name: string;
  readonly description: string;
  readonly roleAssignable: boolean;
}

/**
 * Creates a group, whose creator owns it from the beginning. Whether it may hold roles is set here and never again.
 * Refuses `group-name-missing`, `text-too-long` and `group-exists`.
 * Rule: Microsoft Entra, "Create a role-assignable group".
 */
export function createGroup(
  { creator, sameName }: { readonly creator: Person; readonly sameName: Group | null },
  wish: GroupWish,
  actor: Actor,
  { now, newId }: Context,
): Decision<{ groupId: GroupId }> {
  const name = wish.name.trim();
  const description = wish.description.trim();
  if (!name) return refuse({ code: 'group-name-missing' });
  const long = tooLong('displayName', name) ?? tooLong('message', description);
  if (long) return refuse(long);
  if (sameName) return refuse({ code: 'group-exists', group: sameName.name });
  const group: Group = {
    id: newId() as GroupId,
    version: 1,
    name,
    description,
    roleAssignable: wish.roleAssignable,
    createdAt: now,
  };
  const owner: ActiveAssignment = {
    id: newId() as AssignmentId,
    version: 1,
    kind: 'active',
    principalKind: 'person',
    principalId: creator.id,
    roleId: 'groupOwner' as RoleId,
    scopeId: groupScope(group.id),
    eligibilityId: null,
    requestId: null,
    durationMinutes: null,
    startsAt: now,
    endsAt: null,
    state: { status: 'Provisioning' },
  };
  return accept(
    { groupId: group.id },
    {
      put: [
        { entity: 'Group', value: group },
        { entity: 'Assignment', value: owner },
      ],
      relyOn: [{ entity: 'Person', id: creator.id, version: creator.version }],
      audit: [
        {
          action: 'group.create',
          actor,
          subjectId: group.id,
          role: null,
          scope: group.name,
          requestId: null,
          result: 'success',
          reason: description || null,
          details: { roleAssignable: group.roleAssignable, owner: creator.id, assignment: owner.id },
        },
      ],
      provision: [owner.id],
    },
  );
}
