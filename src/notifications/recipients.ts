import { type Post, postKey, type Reads } from '../commands/ports.ts';
import { heldAt, managersOf } from '../domain/authorisation.ts';
import { groupOfScope } from '../domain/group.ts';
import type { GroupId, PersonId, PrincipalId } from '../domain/ids.ts';
import { type Notified, type Side, whoIsTold } from '../domain/notified.ts';
import type { Person } from '../domain/person.ts';
import type { Audience, NotifiedParty } from '../domain/role-settings.ts';
import type { TrackedCardName } from './tracked.ts';

/** What one side gets: a card of this name about this subject; the suffix tells its messages apart for ever. */
export interface News {
  readonly name: TrackedCardName;
  readonly subjectId: string;
  readonly suffix: string | number;
  /** The card for those who are no persons here; the same one, where nothing else is said. */
  readonly mailed?: TrackedCardName;
  /** Until quiet hours are over. */
  readonly canWait: boolean;
}

export const post = (
  name: TrackedCardName,
  subjectId: string,
  recipientId: PersonId,
  suffix: string | number,
  canWait = false,
): Post => ({
  key: postKey(name, subjectId, suffix, recipientId),
  name,
  subjectId,
  recipientId,
  channel: name.startsWith('mail-') ? 'mail' : 'chat',
  canWait,
});

const mailTo = (name: TrackedCardName, { subjectId, suffix }: News, address: string): Post => ({
  key: postKey(name, subjectId, suffix, address.toLowerCase()),
  name,
  subjectId,
  recipientId: null,
  mailTo: address,
  channel: 'mail',
  canWait: false,
});

/** Who is told by the settings of roles; what several events ask for is read once. */
export function createRecipients(reads: Reads, now: Date) {
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, read: () => Promise<T>): Promise<T> => {
    const found = (known.get(key) as Promise<T> | undefined) ?? read();
    known.set(key, found);
    return found;
  };

  const governing = ({ roleId, scopeId }: Pick<Notified, 'roleId' | 'scopeId'>) =>
    once(`${roleId} ${scopeId}`, async () => {
      const [role, chain] = await Promise.all([reads.role(roleId), reads.scopeChain(scopeId)]);
      if (!role || !chain) throw new Error(`no role ${roleId} at ${scopeId}`);
      const groupId = role.kind === 'group' ? groupOfScope(scopeId) : null;
      return { role, chain, group: groupId && (await reads.group(groupId)) };
    });

  const settingsOf = (notified: Notified, audience: Audience) =>
    once(`${notified.roleId} ${notified.scopeId} ${audience}`, async () => {
      const { role, chain } = await governing(notified);
      return reads.roleSettings(role, chain, audience);
    });

  /** The people of a principal: a group's are its active members. */
  async function peopleOf(principalId: PrincipalId): Promise<Pick<Person, 'id' | 'mail'>[]> {
    const group = await reads.group(principalId as GroupId);
    if (group) return reads.membersOf([group.id], now);
    const person = await reads.person(principalId as PersonId);
    return [person ?? { id: principalId as PersonId, mail: '' }];
  }

  /** Whose settings count. Somebody who is not there yet is a guest who is being invited. */
  async function audienceOf(principalId: PrincipalId): Promise<Audience> {
    if (await reads.group(principalId as GroupId)) return 'everyone';
    return (await reads.person(principalId as PersonId))?.userType === 'Member' ? 'everyone' : 'guests';
  }

  return {
    peopleOf,

    /** Who manages the role there. */
    managers: (notified: Pick<Notified, 'roleId' | 'scopeId'>): Promise<Person[]> =>
      once(`managers ${notified.roleId} ${notified.scopeId}`, async () => {
        const { role, chain, group } = await governing(notified);
        const holders = await reads.holders(heldAt(managersOf(role, group), chain), now);
        return holders.filter(({ accountEnabled }) => accountEnabled);
      }),

    /** What the settings of the role there, for this principal, make of it. `knowing` need not be told, or know already. */
    posts: async (
      notified: Notified,
      principalId: PrincipalId,
      sides: readonly (Side & { readonly news: News })[],
      knowing: readonly PersonId[] = [],
    ): Promise<Post[]> => {
      const { notifications } = await settingsOf(notified, await audienceOf(principalId));
      const aware = knowing.length > 0 ? await reads.people(knowing) : [];
      return whoIsTold(notifications[notified.event], sides, aware).flatMap(({ party, personIds, addresses }) => {
        const { news } = sides.find((side) => side.party === party) as { readonly news: News };
        return [
          ...personIds.map((id) => post(news.name, news.subjectId, id, news.suffix, news.canWait)),
          ...addresses.map((address) => mailTo(news.mailed ?? news.name, news, address)),
        ];
      });
    },
  };
}

export const side = (
  party: NotifiedParty,
  people: Side['people'],
  critical: boolean,
  news: News,
): Side & { readonly news: News } => ({ party, people, critical, news });
