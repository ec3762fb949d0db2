import { z } from 'zod';
import { managesSomething, managingRoles, notAllowed } from '../domain/authorisation.ts';
import { accept } from '../domain/change.ts';
import { digestWeek } from '../domain/digest.ts';
import type { PersonId } from '../domain/ids.ts';
import { timeZoneOf } from '../domain/quiet-hours.ts';
import type { PersonCommand, Pipeline } from './execute.ts';
import { postKey, type Reads } from './ports.ts';

/** Whether somebody wants the weekly digest. Refuses `not-allowed` for who manages no assignments. */
export const chooseDigest: PersonCommand<{ wanted: 'on' | 'off' }, null, null> = {
  name: 'digest',
  for: 'person',
  input: z.object({
    wanted: z.string().transform((given, { addIssue }) => {
      const wanted = given.trim().toLowerCase();
      if (wanted === 'on' || wanted === 'off') return wanted;
      addIssue('has to be on or off');
      return z.NEVER;
    }),
  }),
  load: async (_reads, _given, { held }) => (managesSomething(held) ? null : { refusal: noDigest }),
  decide: (_, { wanted }, { person }) => {
    const value = { ...person, version: person.version + 1, digest: wanted === 'on' };
    return accept(null, { put: [{ entity: 'Person', value }] });
  },
};

/** The no to whoever manages no assignments. */
export const noDigest = notAllowed('read-digest', managingRoles);

interface DueDigest {
  readonly personId: PersonId;
  readonly week: string;
}

/** Who of those who manage any assignments is owed a digest now, and has none yet for this week. */
async function dueDigests(reads: Reads, now: Date): Promise<DueDigest[]> {
  const people = (
    await reads.holdersAnywhere(
      managingRoles.map(({ role }) => role),
      now,
    )
  ).filter(({ accountEnabled, digest }) => accountEnabled && digest);
  const due: (DueDigest & { readonly key: string })[] = [];
  for (const { id } of people) {
    const week = digestWeek(timeZoneOf(await reads.chatAccountsOf(id)), now);
    if (week) due.push({ personId: id, week, key: postKey('digest', id, week, id) });
  }
  const planned = new Set(due.length > 0 ? await reads.planned(due.map(({ key }) => key)) : []);
  return due.filter(({ key }) => !planned.has(key)).map(({ personId, week }) => ({ personId, week }));
}

/** Owes everybody their digest who is to get one now. Two workers may do it at once: its key has each posted once. */
export async function tellDigests(reads: Reads, { settle }: Pick<Pipeline, 'settle'>, now: Date): Promise<void> {
  const due = (await dueDigests(reads, now)).map((digest) => ({ id: digest.personId, ...digest }));
  await settle(due, async (these) =>
    these.map(({ personId, week }) => accept(null, { events: [{ type: 'digest-due', personId, week }] })),
  );
}
