import { accept, type Change } from '../domain/change.ts';
import type { ChatAccount } from '../domain/chat-account.ts';
import { addMinutes } from '../domain/duration.ts';
import { recogniseAccount, releaseAccount } from '../domain/guest.ts';
import type { ChatAccountId } from '../domain/ids.ts';
import { type Clock, Conflict, type Reads, type Writes } from './ports.ts';
import { actorOf, systemActor } from './who.ts';

/** What a platform tells of an account each time it is heard of. */
export interface Sighting {
  readonly platform: ChatAccount['platform'];
  readonly tenantId: string;
  readonly userId: string;
  /** The personal conversation, when this came from there. */
  readonly address: unknown;
  readonly timeZone: string | null;
  readonly locale: string | null;
  /** What the platform vouches for; `null` where it could not be asked, and then nothing follows from it. */
  readonly vouched: { readonly objectId: string | null; readonly mail: string | null } | null;
  /** False once the platform has deactivated the account. */
  readonly active: boolean;
}

export type Recognise = (sighting: Sighting) => Promise<ChatAccount>;

const change = (value: ChatAccount): Change => accept(null, { put: [{ entity: 'ChatAccount', value }] }).change;

/**
 * Finds or makes the chat account of a sighting, keeps its address fresh, and binds it to its person where the platform
 * vouches for them: by their id in the organisation's own directory, or by a confirmed address of a full member. Anybody
 * else links by a one-time code. A binding that the platform no longer vouches for ends, as does a deactivated account's.
 */
export function createRecognise(reads: Reads, writes: Writes, clock: Clock, newId: () => string): Recognise {
  const save = (changes: Change[]) => writes.commit({ at: clock(), changes, telling: { posts: [], refresh: [] } });

  async function upToDate({ vouched: _, active: __, ...sighting }: Sighting): Promise<ChatAccount> {
    const known = await reads.chatAccount(sighting);
    const now = clock();
    if (!known) {
      const account: ChatAccount = {
        id: newId() as ChatAccountId,
        version: 1,
        ...sighting,
        personId: null,
        provenBy: null,
        unreachable: null,
        lastSeenAt: now,
      };
      await save([change(account)]);
      return account;
    }
    const fresh: ChatAccount = {
      ...known,
      version: known.version + 1,
      address: sighting.address ?? known.address,
      timeZone: sighting.timeZone ?? known.timeZone,
      locale: sighting.locale ?? known.locale,
      // Somebody who writes can be written to.
      unreachable: sighting.address ? null : known.unreachable,
      lastSeenAt: now,
    };
    if (unchanged(known, fresh)) return known;
    await save([change(fresh)]);
    return fresh;
  }

  async function recognised(sighting: Sighting): Promise<ChatAccount> {
    const account = await upToDate(sighting);
    const { vouched, active } = sighting;
    if (!active) return account.personId ? released(account, 'deactivated') : account;
    // An id in the directory stays whose it is; an address may become somebody else's.
    if (account.personId && (account.provenBy !== 'platform' || !vouched || vouched.objectId)) return account;
    const person = vouched && (await vouchedPerson(vouched));
    if (account.personId) return person?.id === account.personId ? account : released(account, 'no-longer-vouched-for');
    if (!person) return account;
    const by = vouched?.objectId ? 'directory' : 'mail';
    await save([recogniseAccount(account, person, by, actorOf({ by: 'chat', account })).change]);
    return { ...account, version: account.version + 1, personId: person.id, provenBy: 'platform' };
  }

  const vouchedPerson = async ({ objectId, mail }: NonNullable<Sighting['vouched']>) =>
    objectId ? reads.personByObjectId(objectId) : mail ? reads.personByMail(mail) : null;

  async function released(account: ChatAccount, why: Parameters<typeof releaseAccount>[1]): Promise<ChatAccount> {
    await save([releaseAccount(account, why, systemActor).change]);
    return { ...account, version: account.version + 1, personId: null, provenBy: null };
  }

  return async (sighting) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await recognised(sighting);
      } catch (error) {
        // Two messages of a newcomer at once: one makes the account, the other finds it.
        if (!(error instanceof Conflict) || attempt === 8) throw error;
      }
    }
  };
}

/** Being seen again within the hour is no news. */
const unchanged = (known: ChatAccount, fresh: ChatAccount): boolean =>
  fresh.lastSeenAt < addMinutes(known.lastSeenAt, 60) &&
  fresh.timeZone === known.timeZone &&
  fresh.locale === known.locale &&
  fresh.unreachable === known.unreachable &&
  same(fresh.address, known.address);

/** Equal as JSON, in whatever order the database gives the keys back. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || !a || !b) return false;
  const [left, right] = [Object.entries(a), b as Record<string, unknown>];
  return left.length === Object.keys(b).length && left.every(([key, value]) => same(value, right[key]));
}
