import { z } from 'zod';
import type { Approval, ApprovalEffect } from '../domain/approval.ts';
import { type Assignment, isDirect } from '../domain/assignment.ts';
import { managersOf, may } from '../domain/authorisation.ts';
import { addMinutes, parseDuration } from '../domain/duration.ts';
import {
  type Extendable,
  type ExtensionSpans,
  extendDirectly,
  extensionFault,
  type Lengthening,
  requestExtension,
  uponExtensionApproval,
} from '../domain/extend.ts';
import type { AssignmentId, PrincipalId, RequestId } from '../domain/ids.ts';
import { parseInstant } from '../domain/instant.ts';
import type { Person } from '../domain/person.ts';
import type { Refusal } from '../domain/refusal.ts';
import { type AssignmentRequest, topicOf } from '../domain/request.ts';
import { approvalOf } from './approvals.ts';
import type { PersonCommand } from './execute.ts';
import { askingFirst, givingAgain } from './give-confirmed.ts';
import { audienceOf, governing, isRefusal, type Refused } from './lookups.ts';
import type { Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

const input = z.object({
  assignmentId: z.uuid().optional(),
  /** Instead of the id: the role's name, after the address of somebody else whose assignment it is. */
  role: z.string().default(''),
  scope: z.string().default(''),
  kind: z.string().default(''),
  /** As people write it, or plain minutes from a form's list; empty for as long as is usual. */
  duration: z.string().default(''),
  /** Instead of the duration: an instant, in UTC. */
  until: z.string().default(''),
  justification: z.string().default(''),
});

export type ExtendInput = z.output<typeof input>;

/** Minutes from now to the end that is asked for; `null` where none is named. */
function minutesOf({ duration, until }: Pick<ExtendInput, 'duration' | 'until'>, now: Date): number | null | Refusal {
  const [text, day] = [duration.trim(), until.trim()];
  if (text) {
    if (/^\d{1,9}$/.test(text)) return Number(text);
    return parseDuration(text) ?? { code: 'duration-invalid', given: duration };
  }
  if (!day) return null;
  const end = parseInstant(day, now, 'UTC');
  return end ? Math.ceil((end.getTime() - now.getTime()) / 60_000) : { code: 'instant-invalid', given: until };
}

/** Whose assignment is meant, by the address at the beginning of what was typed. */
const addressed = (typed: string): { mail: string | null; role: string } => {
  const [first = '', ...rest] = typed.trim().split(/\s+/);
  return first.includes('@') ? { mail: first, role: rest.join(' ') } : { mail: null, role: typed };
};

const candidatesOf = async (
  reads: Reads,
  what: Lengthening,
  principalId: PrincipalId,
  spans: ExtensionSpans,
  now: Date,
): Promise<Assignment[]> =>
  what === 'renew'
    ? reads.expiredSince(principalId, addMinutes(now, -spans.renewWithinMinutes))
    : [
        ...(await reads.openEligiblesOf(principalId)),
        ...(await reads.openActivesOf(principalId)).filter((active) => isDirect(active)),
      ];

async function manages(reads: Reads, { held }: PersonCaller, assignment: Assignment): Promise<boolean> {
  const { role, chain, group } = await governing(reads, assignment, 'everyone');
  return may(held, managersOf(role, group), chain);
}

/**
 * The assignment that is meant: the caller's own, or another's whose role they manage. Refuses `nothing-to-extend`,
 * `extension-ambiguous` and `person-unknown`.
 */
export async function findExtendable(
  reads: Reads,
  what: Lengthening,
  given: Pick<ExtendInput, 'assignmentId' | 'role' | 'scope' | 'kind'>,
  caller: PersonCaller,
  spans: ExtensionSpans,
  now: Date,
): Promise<Assignment | Refused> {
  const none: Refused = { refusal: { code: 'nothing-to-extend', what } };
  const { person } = caller;
  if (given.assignmentId) {
    const named = await reads.assignment(given.assignmentId as AssignmentId);
    // Somebody else's is answered like one that does not exist.
    return named && (named.principalId === person.id || (await manages(reads, caller, named))) ? named : none;
  }
  const { mail, role } = addressed(given.role);
  const holder = mail ? await reads.personByMail(mail) : person;
  if (!holder) return { refusal: { code: 'person-unknown', email: mail ?? '' } };
  const all = await candidatesOf(reads, what, holder.id, spans, now);
  const [roles, scopes] = await Promise.all([
    reads.roles(),
    reads.scopesById([...new Set(all.map(({ scopeId }) => scopeId))]),
  ]);
  const nameOf = (list: readonly { id: string; name: string }[], id: string) =>
    list.find((item) => item.id === id)?.name ?? id;
  const same = (text: string, ...names: string[]) =>
    !text.trim() || names.some((name) => name.toLowerCase() === text.trim().toLowerCase());
  const named = all.filter(
    (item) =>
      same(role, nameOf(roles, item.roleId), item.roleId) &&
      same(given.scope, nameOf(scopes, item.scopeId), item.scopeId) &&
      same(given.kind, item.kind),
  );
  const own = holder.id === person.id;
  const meant: Assignment[] = [];
  for (const item of named) if (own || (await manages(reads, caller, item))) meant.push(item);
  const possible = meant.filter((item) => !extensionFault({ what, assignment: item, spans, others: [] }, now));
  const [only, ...others] = possible.length > 0 ? possible : meant;
  if (!only) return none;
  if (others.length === 0) return only;
  const matches = [only, ...others].map(
    (item) => `${nameOf(roles, item.roleId)} at ${nameOf(scopes, item.scopeId)} (${item.kind})`,
  );
  return { refusal: { code: 'extension-ambiguous', what, matches } };
}

/** What deciding about the end of this assignment takes, with who manages its role there. */
export async function extendableOf(
  reads: Reads,
  what: Lengthening,
  assignment: Assignment,
  spans: ExtensionSpans,
  now: Date,
): Promise<
  Extendable & { readonly holder: Person | null; readonly approval: Approval; readonly managers: readonly Person[] }
> {
  const [holder] =
    assignment.principalKind === 'person' ? await reads.people([assignment.principalId as Person['id']]) : [];
  const governed = await governing(reads, assignment, audienceOf(holder ?? null));
  const [approval, others] = await Promise.all([
    approvalOf(reads, { action: 'selfExtend' }, governed, now),
    reads.othersLike(assignment),
  ]);
  const { place, settings } = governed;
  return {
    what,
    assignment,
    place,
    settings,
    spans,
    others,
    holder: holder ?? null,
    approval,
    managers: approval.managers,
  };
}

type State = Awaited<ReturnType<typeof extendableOf>> & {
  readonly minutes: number | null;
  readonly openRequest: AssignmentRequest | null;
};

/** What was asked for in time may be approved at any time, as long as its request lives. */
const whenever: ExtensionSpans = { extendWithinMinutes: 100 * 365 * 1440, renewWithinMinutes: 100 * 365 * 1440 };

/** What approving such a request brings about; `null` where its assignment is not known. */
export async function extensionEffect(
  reads: Reads,
  request: AssignmentRequest,
  requester: Person,
  now: Date,
): Promise<ApprovalEffect | null> {
  const assignment = await reads.assignment(request.eligibilityId);
  if (!assignment) return null;
  const what = topicOf(request) === 'extension' ? 'extend' : 'renew';
  const extendable = await extendableOf(reads, what, assignment, whenever, now);
  return uponExtensionApproval({ ...extendable, request, requester });
}

/** The commands about the ends of assignments. */
export function createExtending(spans: ExtensionSpans) {
  const lengthening = (what: Lengthening): PersonCommand<ExtendInput, State, { requestId: RequestId }> => ({
    name: what,
    for: 'person',
    input,
    load: async (reads, given, caller, now) => {
      const assignment = await findExtendable(reads, what, given, caller, spans, now);
      if (isRefusal(assignment)) return assignment;
      const minutes = minutesOf(given, now);
      if (minutes !== null && typeof minutes === 'object') return { refusal: minutes };
      const [extendable, [openRequest]] = await Promise.all([
        extendableOf(reads, what, assignment, spans, now),
        reads.openExtensionsOf([assignment.id]),
      ]);
      return { ...extendable, minutes, openRequest: openRequest ?? null };
    },
    decide: (state, { justification }, { person, actor }, context) => {
      const wish = { durationMinutes: state.minutes, justification };
      // One's own is for others to approve, also where one manages the role.
      return state.assignment.principalId === person.id
        ? requestExtension({ ...state, requester: person }, wish, actor, context)
        : extendDirectly({ ...state, manager: person }, wish, actor, context);
    },
  });

  const confirmed = { extend: lengthening('extend'), renew: lengthening('renew') };
  // One's own is for others to approve.
  const direct = ({ assignment, settings }: State, _given: ExtendInput, personId: string) =>
    assignment.principalId === personId ? null : givingAgain(assignment, settings);
  return {
    spans,
    /** Whether or not who gives them has confirmed that it is them. */
    confirmed,
    extend: askingFirst(confirmed.extend, direct),
    renew: askingFirst(confirmed.renew, direct),
  };
}

export type Extending = ReturnType<typeof createExtending>;
