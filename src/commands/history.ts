import { z } from 'zod';
import { acts, may, notAllowed, viewersOf } from '../domain/authorisation.ts';
import { accept } from '../domain/change.ts';
import { isUuid, type PersonId, type RequestId, reference } from '../domain/ids.ts';
import { parseInstant } from '../domain/instant.ts';
import type { Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import { seesOthers, sightOf } from '../domain/sight.ts';
import type { RecordFilter } from './browsing.ts';
import type { PersonCommand } from './execute.ts';
import { groupAt, isRefusal, pick, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

const text = z.string().default('');
const input = z.object({
  email: text,
  role: text,
  scope: text,
  from: text,
  to: text,
  result: text,
  action: text,
});
type Input = z.output<typeof input>;

const named = (given: string): string | null => given.trim() || null;

/** A day, an instant, or how long ago, as `7d`. */
function instantOf(given: string, now: Date, dayAfter: boolean): Date | null | Refusal {
  if (!given.trim()) return null;
  const ahead = parseInstant(given, now, 'UTC');
  if (!ahead)
    return {
      code: 'input-invalid',
      field: dayAfter ? 'to' : 'from',
      problem: 'has to be a day such as 2026-03-31, or how long ago, such as 7d',
    };
  if (/^\d{4}-/.test(given.trim()))
    return dayAfter && /^\d{4}-\d\d-\d\d$/.test(given.trim()) ? new Date(ahead.getTime() + 86_400_000) : ahead;
  return new Date(now.getTime() - (ahead.getTime() - now.getTime()));
}

/** What of the record is asked for. Refuses `input-invalid`. */
export function filterOf(given: Partial<Input>, personId: PersonId | null, now: Date): RecordFilter | Refused {
  const { role = '', scope = '', result = '', action = '' } = given;
  const [from, to] = [instantOf(given.from ?? '', now, false), instantOf(given.to ?? '', now, true)];
  if (from !== null && 'code' in from) return { refusal: from };
  if (to !== null && 'code' in to) return { refusal: to };
  const outcome = result.trim().toLowerCase();
  if (outcome !== '' && outcome !== 'success' && outcome !== 'failure')
    return { refusal: { code: 'input-invalid', field: 'result', problem: 'has to be success or failure' } };
  return {
    personId,
    role: named(role),
    scope: named(scope),
    from,
    to,
    result: outcome || null,
    action: action.trim().toLowerCase().replaceAll(' ', '-'),
  };
}

const reading = (
  { actor }: PersonCaller,
  subjectId: PersonId | null,
  details: Readonly<Record<string, string | null>>,
) => ({
  action: 'history.read' as const,
  actor,
  subjectId,
  role: null,
  scope: null,
  requestId: null,
  result: 'success' as const,
  reason: null,
  details,
});

interface Wanted {
  readonly filter: RecordFilter;
  readonly others: boolean;
}

/** Whose history it is: somebody's who is named; else one's own, or with a filter everything that one may see. */
async function whose(reads: Reads, given: Input, { person, held }: PersonCaller): Promise<Person | null | Refused> {
  const sees = seesOthers(sightOf(held));
  const email = given.email.trim();
  if (!email) return sees && Object.values(given).some((part) => part.trim()) ? null : person;
  if (email.toLowerCase() === person.mail) return person;
  if (!sees) return { refusal: notAllowed('read-history', acts['read-audit']) };
  return (await reads.personByMail(email)) ?? { refusal: { code: 'person-unknown', email } };
}

/** One's own requests, assignments and decisions; for those who may see them, others'. */
export const history: PersonCommand<Input, Wanted, { personId: PersonId | null }> = {
  name: 'history',
  for: 'person',
  input,
  load: async (reads, given, caller, now) => {
    const about = await whose(reads, given, caller);
    if (about && isRefusal(about)) return about;
    const filter = filterOf(given, about?.id ?? null, now);
    return isRefusal(filter) ? filter : { filter, others: about?.id !== caller.person.id };
  },
  decide: ({ filter, others }, { email: _, ...given }, caller) =>
    accept({ personId: filter.personId }, { audit: others ? [reading(caller, filter.personId, given)] : [] }),
};

const storyInput = z.object({ requestId: text });

/** Whether somebody may read the whole story of a request: it is theirs, they were asked to decide, or they may see the role there. */
async function mayRead(reads: Reads, request: AssignmentRequest, { person, held }: PersonCaller): Promise<boolean> {
  if (await reads.readableRequest(request.id, person.id)) return true;
  const [role, chain, group] = await Promise.all([
    reads.role(request.roleId),
    reads.scopeChain(request.scopeId),
    groupAt(reads, request.scopeId),
  ]);
  return role !== null && chain !== null && may(held, viewersOf(role, group), chain);
}

/** The whole story of one request. What the caller may not read is answered like what does not exist. */
export const story: PersonCommand<
  z.output<typeof storyInput>,
  { request: AssignmentRequest },
  { requestId: RequestId }
> = {
  name: 'story',
  for: 'person',
  input: storyInput,
  load: async (reads, { requestId }, caller) => {
    const given = requestId.trim().toLowerCase().replace(/^#/, '');
    const found = isUuid(given)
      ? await reads.requests([given as RequestId])
      : /^[0-9a-f]{8}$/.test(given)
        ? await reads.requestsByReference(given)
        : [];
    const readable: AssignmentRequest[] = [];
    for (const request of found) if (await mayRead(reads, request, caller)) readable.push(request);
    const picked = pick('', readable);
    if (!picked) return { refusal: { code: 'request-unknown' } };
    if (Array.isArray(picked))
      return { refusal: { code: 'request-ambiguous', matches: picked.map(({ id }) => reference(id)) } };
    return { request: picked };
  },
  decide: ({ request }, _input, caller) =>
    accept(
      { requestId: request.id },
      {
        audit:
          request.principalId === caller.person.id
            ? []
            : [reading(caller, request.principalId, { request: request.id })],
      },
    ),
};
