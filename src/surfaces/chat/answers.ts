import { type ActivateInput, findEligible } from '../../commands/activate.ts';
import { auditReaders, verifyChain } from '../../commands/audit.ts';
import { governing, isRefusal, waitingFor } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import type { PersonCaller } from '../../commands/who.ts';
import { longestActivation, minutesBeforeDeactivation } from '../../domain/activation.ts';
import { type ActiveAssignment, type EligibleAssignment, inWindow } from '../../domain/assignment.ts';
import { addMinutes, formatDuration, parseDuration } from '../../domain/duration.ts';
import { mayInvite } from '../../domain/guest.ts';
import type { PersonId } from '../../domain/ids.ts';
import { administratorsOf, holds, type RoleDefinition } from '../../domain/role.ts';
import { shortestActivationMinutes } from '../../domain/role-settings.ts';
import { auditWords } from '../../notifications/audit-words.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardData, CardOf, EligibleRole, ListPage } from '../../notifications/cards.ts';
import { pageAt, pageOf } from '../../notifications/page.ts';
import type { Reader, TrackedCards } from '../../notifications/tracked.ts';
import { listed } from './grammar.ts';

/** Arguments of a verb, from typed words or from a card's inputs alike. */
export type Args = Readonly<Record<string, string>>;

/** What the lists and forms need to know of the one who reads them. */
export interface Asker extends PersonCaller {
  readonly reader: Reader;
  readonly now: Date;
}

/** Cards that answer at once and are not kept up to date: lists, forms, the menu. */
export interface Answers {
  menu(asker: Asker): Promise<CardOf>;
  roles(asker: Asker, args: Args): Promise<CardOf>;
  activateForm(asker: Asker, args: Args, problem: string | null): Promise<CardOf | null>;
  approvals(asker: Asker, args: Args, notice: string | null): Promise<CardOf>;
  status(asker: Asker, args: Args, notice: string | null): Promise<CardOf>;
  audit(asker: Asker, args: Args): Promise<CardOf>;
  auditVerified(): Promise<CardOf>;
  inviteForm(asker: Asker, args: Args, problem: string | null): Promise<CardOf>;
}

/** Half an hour, an hour, and so on up to the longest possible, which is always among them. */
function durations(longest: number, wanted: number | null): EligibleRole['durations'] {
  const usual = [shortestActivationMinutes, 60, 120, 240, 480, 720, longest, ...(wanted === null ? [] : [wanted])];
  const minutes = [...new Set(usual)].filter((choice) => choice <= longest).sort((a, b) => a - b);
  return minutes.map((choice) => ({ title: formatDuration(choice), value: String(choice) }));
}

/** Minutes, as a form gives them or as somebody typed them. */
const wantedMinutes = (given = ''): number | null => (/^\d+$/.test(given) ? Number(given) : parseDuration(given));

const recentRequests = 100;

export function createAnswers(reads: Reads, tracked: TrackedCards): Answers {
  async function eligibleRole(
    eligible: EligibleAssignment,
    { reader, now }: Asker,
    given: Args,
  ): Promise<EligibleRole> {
    const [governed, openRequest, inForce] = await Promise.all([
      governing(reads, eligible),
      reads.openRequestOf(eligible.id),
      reads.inForce(eligible.principalId, eligible.roleId, eligible.scopeId),
    ]);
    const { place, chain, settings } = governed;
    const longest = longestActivation(eligible, settings, now);
    const choices = durations(longest, wantedMinutes(given.duration));
    const chosen =
      choices.find(({ value }) => value === String(wantedMinutes(given.duration)))?.value ?? String(longest);
    return {
      assignmentId: eligible.id,
      role: place.role.name,
      scope: place.scope.name,
      scopePath: chain[0].id,
      until: eligible.endsAt ? reader.time(eligible.endsAt) : null,
      state: stateOf(eligible, inForce, openRequest !== null, now),
      activeUntil: inForce?.state.status === 'Active' && inForce.endsAt ? reader.time(inForce.endsAt) : null,
      durations: choices,
      chosenDuration: chosen,
      justification: given.justification ?? '',
      justificationRequired: settings.justificationRequired,
      ticket: given.ticket ?? '',
      ticketRequired: settings.ticketRequired,
      approvalRequired: settings.approval !== null,
    };
  }

  /** Whether requests of somebody else could ever wait for this person. */
  async function approves({ person, held, now }: Asker): Promise<boolean> {
    if (await reads.namedAsApprover(person.id)) return true;
    return held.length > 0 && (await waitingFor(reads, person.id, now)).length > 0;
  }

  async function auditEntries(
    args: Args,
    { reader }: Asker,
  ): Promise<{ entries: CardData['audit']['entries']; page: ListPage }> {
    // Reading is on the record, too: pages are counted from the newest entry at the first look.
    const { sequence: newest } = await reads.auditHead();
    const [number, from] = (args.page ?? '').split('@');
    const total = Math.min(newest, Number(from) || newest);
    const { first, page: pages } = pageAt(total, number, pageSizes.audit);
    const entries = await reads.auditPage({ skip: newest - total + first, take: pageSizes.audit });
    const fixed = (wanted: string | null) => wanted && `${wanted}@${total}`;
    const page = { ...pages, previousPage: fixed(pages.previousPage), nextPage: fixed(pages.nextPage) };
    const ids = entries.flatMap(({ actor, subjectId }) => [actor.personId ?? [], subjectId ?? []].flat());
    const names = new Map((await reads.people([...new Set(ids)])).map(({ id, displayName }) => [id, displayName]));
    const nameOf = (id: PersonId | null) => (id ? (names.get(id) ?? null) : null);
    const rows = entries.map((entry) => ({
      sequence: String(entry.sequence),
      at: reader.time(entry.at),
      what: auditWords[entry.action] ?? entry.action,
      who: nameOf(entry.actor.personId) ?? (entry.actor.surface === 'system' ? 'Usher' : 'An unlinked account'),
      whom: entry.subjectId === entry.actor.personId ? null : nameOf(entry.subjectId),
      role: entry.role,
      scope: entry.scope,
      reason: entry.reason,
      failed: entry.result === 'failure',
      surface: entry.actor.surface,
    }));
    return { entries: rows, page };
  }

  return {
    menu: async (asker) => {
      const organisation = await reads.organisation();
      const may = {
        invite: mayInvite(organisation, asker.person, asker.held) === null,
        audit: holds(asker.held, auditReaders),
        approve: await approves(asker),
      };
      return {
        card: 'menu',
        data: { greeting: asker.person.displayName, organisation: organisation.name, commands: listed(may) },
      };
    },

    roles: async (asker, args) => {
      const own = await reads.openEligiblesOf(asker.person.id);
      const { items, page } = pageOf(own, args.page, pageSizes.roles);
      const roles = await Promise.all(items.map((eligible) => eligibleRole(eligible, asker, {})));
      return { card: 'roles', data: { roles, page } };
    },

    activateForm: async (asker, args, problem) => {
      const eligible = await findEligible(reads, wanted(args), asker);
      if (isRefusal(eligible)) return null;
      return { card: 'activate-form', data: { ...(await eligibleRole(eligible, asker, args)), problem } };
    },

    approvals: async (asker, args, notice) => {
      const waiting = await waitingFor(reads, asker.person.id, asker.now);
      const { items, page } = pageOf(waiting, args.page, pageSizes.approvals);
      const requests = await Promise.all(items.map((request) => tracked.requestCard(request, asker.reader)));
      return { card: 'approvals', data: { notice, requests, page } };
    },

    status: async (asker, args, notice) => {
      const { person, reader, now } = asker;
      const [actives, requests, eligibles] = await Promise.all([
        reads.openActivesOf(person.id),
        reads.requestsOf(person.id, recentRequests),
        reads.openEligiblesOf(person.id),
      ]);
      // Both lists turn their pages together: what is active, and what was asked for.
      const { first, page } = pageAt(Math.max(actives.length, requests.length), args.page, pageSizes.status);
      const onPage = <T>(list: readonly T[]) => list.slice(first, first + pageSizes.status);
      return {
        card: 'status',
        data: {
          notice,
          active: await Promise.all(onPage(actives).map((assignment) => activeRow(reads, assignment, reader, now))),
          requests: await Promise.all(onPage(requests).map((request) => tracked.requestCard(request, reader))),
          eligibleCount: String(eligibles.length),
          page,
        },
      };
    },

    audit: async (asker, args) => ({ card: 'audit', data: await auditEntries(args, asker) }),

    auditVerified: async () => {
      const { count, head, fault } = await verifyChain(reads);
      return {
        card: 'audit-verified',
        data: {
          intact: fault === null,
          count: String(count),
          sequence: fault ? String(fault.sequence) : null,
          fault: fault?.fault ?? null,
          head,
        },
      };
    },

    inviteForm: async ({ held }, args, problem) => {
      const [roles, scopes] = await Promise.all([reads.roles(), reads.scopes()]);
      // The exact scope is judged when the form is sent; a role that the asker could give nowhere is not offered.
      const gives = (role: RoleDefinition) =>
        administratorsOf(role).some((name) => held.some(({ roleId }) => (roleId as string) === name));
      const roleChoices = roles.filter(gives).map(({ id, name }) => ({ title: name, value: id as string, name }));
      const places = scopes.map(({ id, name, kind }) => ({
        title: kind === 'directory' ? name : `${name} (${kind.replace('-', ' ')})`,
        value: id as string,
        name,
      }));
      return {
        card: 'invite-form',
        data: {
          problem,
          email: args.email ?? '',
          name: args.name ?? '',
          company: args.company ?? '',
          message: args.message ?? '',
          role: chosen(roleChoices, args.role),
          scope: chosen(places, args.scope),
          duration: args.duration && parseDuration(args.duration) ? args.duration : '90d',
          roles: roleChoices.length > pageSizes.choices ? [] : roleChoices,
          scopes: places.length > pageSizes.choices ? [] : places,
          durations: eligibleFor(args.duration),
        },
      };
    },
  };
}

type Choice = { readonly title: string; readonly value: string; readonly name: string };

/** Of few choices the one that somebody named; of many, which are typed, their own words. */
const chosen = (choices: readonly Choice[], given = ''): string => {
  if (choices.length > pageSizes.choices) return given;
  const named = given.trim().toLowerCase();
  return choices.find(({ value, name }) => value === given || name.toLowerCase() === named)?.value ?? '';
};

const invitedFor = ['15d', '30d', '90d', '180d', '365d'].map((value) => ({
  title: `${value.slice(0, -1)} days`,
  value,
}));

/** The usual ones, and what was typed. */
const eligibleFor = (typed = '') => {
  const minutes = parseDuration(typed);
  return minutes === null || invitedFor.some(({ value }) => value === typed)
    ? invitedFor
    : [{ title: formatDuration(minutes), value: typed }, ...invitedFor];
};

const wanted = (args: Args): Pick<ActivateInput, 'assignmentId' | 'role' | 'scope'> => ({
  assignmentId: args.assignmentId,
  role: args.role ?? '',
  scope: args.scope ?? '',
});

function stateOf(
  eligible: EligibleAssignment,
  inForce: ActiveAssignment | null,
  requested: boolean,
  now: Date,
): EligibleRole['state'] {
  if (inForce?.state.status === 'Active') return 'active';
  if (inForce || requested) return 'pending';
  return inWindow(eligible, now) ? 'available' : 'not-started';
}

async function activeRow(
  reads: Reads,
  assignment: ActiveAssignment,
  reader: Reader,
  now: Date,
): Promise<CardData['status']['active'][number]> {
  const { place } = await governing(reads, assignment);
  const { state } = assignment;
  const status = state.status === 'Active' ? 'active' : state.status === 'Provisioning' ? 'provisioning' : 'revoking';
  return {
    assignmentId: assignment.id,
    role: place.role.name,
    scope: place.scope.name,
    status,
    until: assignment.endsAt && status === 'active' ? reader.time(assignment.endsAt) : null,
    canDeactivate:
      state.status === 'Active' &&
      assignment.requestId !== null &&
      now >= addMinutes(state.confirmedAt, minutesBeforeDeactivation),
  };
}
