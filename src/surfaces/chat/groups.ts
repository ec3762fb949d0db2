import { createGroup, groupsSeenBy, type SeenGroup } from '../../commands/groups.ts';
import type { Reads } from '../../commands/ports.ts';
import type { Assignment } from '../../domain/assignment.ts';
import { groupScope } from '../../domain/group.ts';
import { type PersonId, reference } from '../../domain/ids.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardData, CardOf } from '../../notifications/cards.ts';
import { pageOf } from '../../notifications/page.ts';
import type { Asker } from './answers.ts';
import type { Handlers, Handling } from './turn.ts';

type Standing = CardData['group']['people'][number]['standing'];

function standingOf({ kind, state }: Assignment): Standing {
  if (kind === 'eligible') return 'eligible';
  switch (state.status) {
    case 'Scheduled':
      return 'scheduled';
    case 'Active':
    case 'Extending':
      return 'active';
    case 'Revoking':
      return 'revoking';
    default:
      return 'provisioning';
  }
}

const isOwner = ({ roleId }: Assignment) => (roleId as string) === 'groupOwner';

/** Groups: the ones that somebody sees, one of them, and new ones. */
export function aboutGroups({ run, asPerson, refused }: Handling, { reads }: { readonly reads: Reads }): Handlers {
  async function list(asker: Asker, page: string | undefined): Promise<CardOf> {
    const seen = await groupsSeenBy(reads, asker);
    const { items, page: pages } = pageOf(seen, page, pageSizes.groups, asker.reader.language);
    const rows = items.map(({ group, own, manages }) => ({
      groupId: group.id,
      name: group.name,
      description: group.description,
      roleAssignable: group.roleAssignable,
      member: own.some((item) => !isOwner(item)),
      owner: own.some(isOwner),
      manages,
    }));
    return { card: 'groups', data: { groups: rows, page: pages } };
  }

  async function one({ group, manages }: SeenGroup, { reader }: Asker, page: string | undefined): Promise<CardOf> {
    const [inside, holds, roles, scopes] = await Promise.all([
      reads.openAssignmentsAt(groupScope(group.id)),
      reads.openAssignmentsOf(group.id),
      reads.roles(),
      reads.scopes(),
    ]);
    const { items, page: pages } = pageOf(inside, page, pageSizes.groupMembers, reader.language);
    const people = new Map(
      (await reads.people(items.map(({ principalId }) => principalId as PersonId))).map((person) => [
        person.id as string,
        person,
      ]),
    );
    const nameIn = (list: readonly { id: string; name: string }[], id: string) =>
      list.find((item) => item.id === id)?.name ?? id;
    return {
      card: 'group',
      data: {
        groupId: group.id,
        name: group.name,
        description: group.description,
        roleAssignable: group.roleAssignable,
        manages,
        people: items.map((item) => ({
          assignmentId: item.id,
          reference: reference(item.id),
          who: people.get(item.principalId)?.displayName ?? '',
          owner: isOwner(item),
          standing: standingOf(item),
          until: item.endsAt ? reader.time(item.endsAt) : null,
        })),
        holds: holds.slice(0, pageSizes.groupMembers).map((item) => ({
          role: nameIn(roles, item.roleId),
          scope: nameIn(scopes, item.scopeId),
          standing: standingOf(item),
        })),
        more: holds.length > pageSizes.groupMembers ? String(holds.length - pageSizes.groupMembers) : null,
        page: pages,
      },
    };
  }

  const showGroup = asPerson(async (turn, asker) => {
    const { name = '', groupId = '', page } = turn.args;
    const text = (groupId || name).trim().toLowerCase();
    const seen = await groupsSeenBy(reads, asker);
    const found = seen.find(({ group }) => group.id === text || group.name.toLowerCase() === text);
    return found
      ? { card: await one(found, asker, page) }
      : refused({ code: 'group-unknown', group: name.trim(), suggestions: [] }, turn);
  });

  return {
    groups: asPerson(async (turn, asker) => ({ card: await list(asker, turn.args.page) })),
    'group-show': showGroup,
    group: asPerson(async (turn, asker) => {
      const act = (turn.args.act ?? '').toLowerCase();
      if (act === 'show') return showGroup(turn);
      if (act !== 'create')
        return refused({ code: 'input-invalid', field: 'act', problem: 'has to be create or show' }, turn);
      const outcome = await run(createGroup, turn);
      if (!outcome.accepted) return refused(outcome.refusal, turn);
      const group = await reads.group(outcome.answer.groupId);
      if (!group) throw new Error(`no group ${outcome.answer.groupId}`);
      return { card: await one({ group, own: [], manages: true }, asker, undefined) };
    }),
  };
}
