import { z } from 'zod';
import type { Assignment } from '../domain/assignment.ts';
import { acts, managersOf, may, notAllowed, viewersOf } from '../domain/authorisation.ts';
import { createGroup as decideGroup } from '../domain/create-group.ts';
import { type Group, groupScope } from '../domain/group.ts';
import type { GroupId } from '../domain/ids.ts';
import { directoryScope } from '../domain/scope.ts';
import type { PersonCommand } from './execute.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

const input = z.object({
  name: z.string().default(''),
  description: z.string().default(''),
  roleAssignable: z.string().default(''),
});

/** Creates a group, which its creator owns. */
export const createGroup: PersonCommand<
  z.output<typeof input>,
  Parameters<typeof decideGroup>[0],
  { groupId: GroupId }
> = {
  name: 'group-create',
  for: 'person',
  input,
  load: async (reads, { name, roleAssignable }, { person, held }) => {
    const needed = acts[roleAssignable ? 'create-role-assignable-group' : 'create-group'];
    if (!may(held, needed)) return { refusal: notAllowed('create-group', needed) };
    const text = name.trim().toLowerCase();
    const sameName = (await reads.groups()).find((group) => group.name.toLowerCase() === text) ?? null;
    return { creator: person, sameName };
  },
  decide: (state, { name, description, roleAssignable }, { actor }, context) =>
    decideGroup(state, { name, description, roleAssignable: roleAssignable !== '' }, actor, context),
};

/** A group with what somebody has to do with it. */
export interface SeenGroup {
  readonly group: Group;
  /** Their own assignments in it, eligible and active. */
  readonly own: readonly Assignment[];
  readonly manages: boolean;
}

/** The groups that somebody is in, manages, or may look into by their role; nobody sees others. By name. */
export async function groupsSeenBy(reads: Reads, { person, held }: PersonCaller): Promise<SeenGroup[]> {
  const [groups, own] = await Promise.all([reads.groups(), reads.openAssignmentsOf(person.id)]);
  const [directory] = await reads.scopesById([directoryScope]);
  return groups.flatMap((group) => {
    const scopeId = groupScope(group.id);
    const place = { id: scopeId, name: group.name, kind: 'group' as const, parentId: directoryScope };
    const chain = directory ? ([place, directory] as const) : ([place] as const);
    const mine = own.filter((item) => item.scopeId === scopeId);
    const manages = may(held, managersOf({ kind: 'group' }, group), chain);
    const sees = mine.length > 0 || manages || may(held, viewersOf({ kind: 'group' }, group), chain);
    return sees ? [{ group, own: mine, manages }] : [];
  });
}
