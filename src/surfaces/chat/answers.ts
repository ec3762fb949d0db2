import { waitingWith } from '../../commands/approvals.ts';
import { verifyChain } from '../../commands/audit.ts';
import { placesOf } from '../../commands/places.ts';
import type { Reads } from '../../commands/ports.ts';
import type { Place } from '../../domain/activation-parts.ts';
import type { ActiveAssignment, Assignment, EligibleAssignment } from '../../domain/assignment.ts';
import { acts, managersOf, managesSomething, may as mayDo } from '../../domain/authorisation.ts';
import { addMinutes, formatDuration } from '../../domain/duration.ts';
import { minutesBeforeDeactivation } from '../../domain/ending.ts';
import type { ExtensionSpans, Lengthening } from '../../domain/extend.ts';
import { mayInvite } from '../../domain/guest.ts';
import type { RoleDefinition } from '../../domain/role.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type {
  CardData,
  CardOf,
  EligibleRole,
  ExtendState,
  HomeView,
  ItemResult,
  RequestCard,
} from '../../notifications/cards.ts';
import { extendState } from '../../notifications/extension-cards.ts';
import { pageAt, pageOf } from '../../notifications/page.ts';
import type { Reader, TrackedCards } from '../../notifications/tracked.ts';
import { activatable, activateForm, eligibleRoles, isInForce } from './activation-answers.ts';
import type { Args, Asker } from './asker.ts';
import { lasting } from './assign-form.ts';
import { expiredRows, extendForm } from './extending.ts';
import { listed } from './grammar.ts';
import { phrases } from './phrases.ts';
import { everything, recordPage } from './record.ts';

export type { Args, Asker };

/** How the last click went, on the list that is shown again. */
export interface News {
  readonly notice: string | null;
  readonly results: readonly ItemResult[];
}

export const noNews: News = { notice: null, results: [] };

/** Cards that answer at once and are not kept up to date: lists, forms, the menu. */
export interface Answers {
  menu(asker: Asker): Promise<CardOf>;
  /** Everything of theirs in short. */
  home(asker: Asker, view: HomeView, news: News): Promise<CardOf>;
  /** Whether their overview is about the whole organisation. */
  oversees(asker: Asker): boolean;
  roles(asker: Asker, args: Args, news: News): Promise<CardOf>;
  activateForm(asker: Asker, args: Args, problem: string | null): Promise<CardOf | null>;
  extendForm: (asker: Asker, what: Lengthening, args: Args, problem: string | null) => ReturnType<typeof extendForm>;
  approvals(asker: Asker, args: Args, news: News): Promise<CardOf>;
  status(asker: Asker, args: Args, notice: string | null): Promise<CardOf>;
  audit(asker: Asker, args: Args): Promise<CardOf>;
  auditVerified(): Promise<CardOf>;
  inviteForm(asker: Asker, args: Args, problem: string | null): Promise<CardOf>;
}

const recentRequests = 100;

export function createAnswers(reads: Reads, tracked: TrackedCards, spans: ExtensionSpans): Answers {
  /** Of one's own among these: whether a later end can be asked for. */
  async function extendsOf(
    assignments: readonly Assignment[],
    { person, now }: Asker,
  ): Promise<(assignment: Assignment) => ExtendState> {
    const offered = assignments.filter((assignment) => extendState(assignment, false, spans, now) === 'offered');
    const requests = await reads.openExtensionsOf(offered.map(({ id }) => id));
    return (assignment) => {
      const requested = requests.some(({ eligibilityId }) => eligibilityId === assignment.id);
      return assignment.principalId === person.id ? extendState(assignment, requested, spans, now) : null;
    };
  }

  async function rolesOf(eligibles: readonly EligibleAssignment[], asker: Asker): Promise<EligibleRole[]> {
    const extendOf = await extendsOf(eligibles, asker);
    const shown = eligibles.map((eligible) => ({
      eligible,
      given: {},
      extend: extendOf(eligible),
      scopeId: eligible.scopeId,
    }));
    return eligibleRoles(reads, shown, asker);
  }

  async function activeRows(assignments: readonly ActiveAssignment[], asker: Asker) {
    const [extendOf, place] = await Promise.all([extendsOf(assignments, asker), placesOf(reads, assignments)]);
    return assignments.map((assignment) =>
      activeRow(assignment, place(assignment), extendOf(assignment), asker.reader, asker.now),
    );
  }

  /** Whether requests of somebody else could ever wait for this person. */
  async function approves(asker: Asker, waiting: () => Promise<readonly unknown[]>): Promise<boolean> {
    const { person, held } = asker;
    if (await reads.namedAsApprover(person.id)) return true;
    if ((await reads.openDelegationsTo(person.id)).length > 0) return true;
    return held.length > 0 && (await waiting()).length > 0;
  }

  return {
    menu: async (asker) => {
      const organisation = await reads.organisation();
      const may = {
        invite: mayInvite(organisation, asker.person, asker.held) === null,
        manage: managesSomething(asker.held),
        audit: mayDo(asker.held, acts['read-audit']),
        approve: await approves(asker, () => waitingWith(reads, asker.person.id, asker.now)),
        elevate: mayDo(asker.held, acts.elevate),
        breakGlass: (await reads.breakGlassNaming(asker.person.id, asker.now)).length > 0,
      };
      return {
        card: 'menu',
        data: {
          greeting: asker.person.displayName,
          organisation: organisation.name,
          commands: listed(may, asker.reader.language),
        },
      };
    },

    oversees,

    home: async (asker, view, news) => {
      const { person, reader, now } = asker;
      const [organisation, actives, eligibles, requests, waiting, counts, expired] = await Promise.all([
        reads.organisation(),
        reads.openActivesOf(person.id),
        reads.eligiblesFor(person.id, now),
        reads.requestsOf(person.id, recentRequests),
        waitingWith(reads, person.id, now),
        oversees(asker) ? reads.counts() : null,
        expiredRows(reads, spans, person.id, asker),
      ]);
      const pending = requests.filter(
        ({ state }) => state.status === 'PendingApproval' || state.status === 'ScheduleCreated',
      );
      const first = <T>(list: readonly T[]) => list.slice(0, pageSizes[view]);
      const range = (list: readonly unknown[]) => pageOf(list, undefined, pageSizes[view], reader.language).page.range;
      const toDecide = await Promise.all(first(waiting).map(({ request }) => tracked.requestCard(request, reader)));
      return {
        card: 'home',
        data: {
          view,
          ...news,
          greeting: person.displayName,
          organisation: organisation.name,
          active: await activeRows(first(actives), asker),
          activeRange: range(actives),
          eligible: await rolesOf(first(eligibles), asker),
          eligibleRange: range(eligibles),
          expired: await expired.show(expired.rows.slice(0, pageSizes.expired)),
          requests: await Promise.all(first(pending).map((request) => tracked.requestCard(request, reader))),
          requestsRange: range(pending),
          approver: await approves(asker, async () => waiting),
          waiting: toDecide,
          waitingRange: range(waiting),
          several: several(toDecide),
          counts: counts && {
            active: String(counts.active),
            waiting: String(counts.waiting),
            invited: String(counts.invited),
          },
          mayInvite: mayInvite(organisation, person, asker.held) === null,
          mayAudit: mayDo(asker.held, acts['read-audit']),
        },
      };
    },

    roles: async (asker, args, news) => {
      const [own, expired] = await Promise.all([
        reads.eligiblesFor(asker.person.id, asker.now),
        expiredRows(reads, spans, asker.person.id, asker),
      ]);
      // Both lists turn their pages together: what can be activated, and what can be renewed.
      const total = Math.max(own.length, expired.rows.length);
      const { first, page } = pageAt(total, args.page, pageSizes.roles, asker.reader.language);
      const onPage = <T>(list: readonly T[]) => list.slice(first, first + pageSizes.roles);
      const roles = await rolesOf(onPage(own), asker);
      const shown = { roles, several: activatable(roles), expired: await expired.show(onPage(expired.rows)), page };
      return { card: 'roles', data: { ...news, ...shown } };
    },

    activateForm: (asker, args, problem) => activateForm(reads, asker, args, problem),

    extendForm: (asker, what, args, problem) => extendForm(reads, spans, what, asker, args, problem),

    approvals: async (asker, args, news) => {
      const waiting = await waitingWith(reads, asker.person.id, asker.now);
      const { items, page } = pageOf(waiting, args.page, pageSizes.approvals, asker.reader.language);
      const requests = await Promise.all(
        items.map(({ request, approval }) => tracked.waitingCard(request, approval, asker.reader)),
      );
      return { card: 'approvals', data: { ...news, requests, several: several(requests), page } };
    },

    status: async (asker, args, notice) => {
      const { person, reader, now } = asker;
      const [actives, requests, eligibles, expired] = await Promise.all([
        reads.openActivesOf(person.id),
        reads.requestsOf(person.id, recentRequests),
        reads.eligiblesFor(person.id, now),
        expiredRows(reads, spans, person.id, asker),
      ]);
      // The lists turn their pages together: what is active, what is over, and what was asked for.
      const { first, page } = pageAt(
        Math.max(actives.length, requests.length, expired.rows.length),
        args.page,
        pageSizes.status,
        reader.language,
      );
      const onPage = <T>(list: readonly T[]) => list.slice(first, first + pageSizes.status);
      return {
        card: 'status',
        data: {
          notice,
          active: await activeRows(onPage(actives), asker),
          expired: await expired.show(onPage(expired.rows)),
          requests: await Promise.all(onPage(requests).map((request) => tracked.requestCard(request, reader))),
          eligibleCount: String(
            eligibles.filter(({ id }) => !actives.some(({ eligibilityId }) => eligibilityId === id)).length,
          ),
          page,
        },
      };
    },

    audit: async (asker, args) => {
      const { rows, page } = await recordPage(reads, asker, everything, args.page);
      return { card: 'audit', data: { entries: rows.map(({ requestId: _, ...row }) => row), page } };
    },

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

    inviteForm: async ({ held, person, reader: { language } }, args, problem) => {
      const [roles, scopes] = await Promise.all([reads.roles(), reads.scopes()]);
      // The exact scope is judged when the form is sent; a role that the asker could give nowhere is not offered.
      const gives = (role: RoleDefinition) =>
        managersOf(role, null).some((needed) => held.some(({ roleId }) => (roleId as string) === needed.role));
      const roleChoices = roles.filter(gives).map(({ id, name }) => ({ title: name, value: id as string, name }));
      const known = scopes.filter(({ kind }) => kind !== 'group' || person.userType === 'Member');
      const places = known.map(({ id, name, kind }) => ({
        title: kind === 'directory' ? name : phrases[language].scopeOfKind(name, kind),
        value: id as string,
        name,
      }));
      const durations = lasting(language, args.duration ?? '');
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
          kind: args.kind === 'active' ? 'active' : 'eligible',
          duration: durations.some(({ value }) => value === args.duration) ? (args.duration ?? '') : '90d',
          from: args.from ?? '',
          justification: args.justification ?? '',
          roles: roleChoices.length > pageSizes.choices ? [] : roleChoices,
          scopes: places.length > pageSizes.choices ? [] : places,
          durations,
        },
      };
    },
  };
}

const oversees = ({ held }: Asker): boolean => mayDo(held, acts.oversee);

/** What can be decided in one go, where that saves anything. */
const several = (requests: readonly RequestCard[]): CardData['approvals']['several'] =>
  requests.length < 2
    ? []
    : requests.map(({ requestId, reference, requester, role, duration }) => ({
        title: `${reference} ${requester}: ${role}, ${duration}`,
        value: requestId,
      }));

type Choice = { readonly title: string; readonly value: string; readonly name: string };

/** Of few choices the one that somebody named; of many, which are typed, their own words. */
const chosen = (choices: readonly Choice[], given = ''): string => {
  if (choices.length > pageSizes.choices) return given;
  const named = given.trim().toLowerCase();
  return choices.find(({ value, name }) => value === given || name.toLowerCase() === named)?.value ?? '';
};

const minutesUntil = (end: Date, now: Date) => Math.max(1, Math.ceil((end.getTime() - now.getTime()) / 60_000));

function activeRow(
  assignment: ActiveAssignment,
  place: Place,
  extend: ExtendState,
  reader: Reader,
  now: Date,
): CardData['status']['active'][number] {
  const { state } = assignment;
  const waits = state.status === 'Provisioning' ? 'provisioning' : 'revoking';
  const status = isInForce(assignment) ? 'active' : waits;
  return {
    assignmentId: assignment.id,
    role: place.role.name,
    scope: place.scope.name,
    status,
    until: assignment.endsAt && status === 'active' ? reader.time(assignment.endsAt) : null,
    left:
      assignment.endsAt && status === 'active'
        ? formatDuration(minutesUntil(assignment.endsAt, now), reader.language)
        : null,
    canDeactivate:
      state.status === 'Active' &&
      assignment.requestId !== null &&
      now >= addMinutes(state.confirmedAt, minutesBeforeDeactivation),
    extend,
  };
}
