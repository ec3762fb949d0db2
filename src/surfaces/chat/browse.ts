import { approvalFor } from '../../commands/approvals.ts';
import { governing } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import * as browsing from '../../commands/resources.ts';
import { formatDuration } from '../../domain/duration.ts';
import type { RoleId, ScopeId } from '../../domain/ids.ts';
import type { Language } from '../../domain/language.ts';
import type { Person } from '../../domain/person.ts';
import type { Audience } from '../../domain/role-settings.ts';
import type { Scope, ScopeChain } from '../../domain/scope.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardOf } from '../../notifications/cards.ts';
import { pageAt } from '../../notifications/page.ts';
import type { Args, Asker } from './asker.ts';
import type { Handler, Handling } from './turn.ts';

/** Which part of a list a page is; beyond the end it is the last one. */
const partOf = (page: string | undefined, size: number) => ({
  skip: (Math.max(1, Number.parseInt(page ?? '1', 10) || 1) - 1) * size,
  take: size,
});

/** "show" may be said, and goes without saying. */
const withoutShow = (given = ''): string => given.replace(/^show(\s+|$)/i, '');

/** Names of the first few, and how many more there are. */
function named(people: readonly Person[]): { readonly names: string | null; readonly more: string | null } {
  const names = people.slice(0, pageSizes.names).map(({ displayName }) => displayName);
  const more = people.length - names.length;
  return { names: names.length > 0 ? names.join(', ') : null, more: more > 0 ? String(more) : null };
}

/** Names of what a scope is in, from the top. */
const pathOf = ([, ...above]: readonly Scope[]): string | null =>
  above.length > 0
    ? above
        .map(({ name }) => name)
        .reverse()
        .join(' › ')
    : null;

const inWords = (minutes: number, permanent: boolean, language: Language) =>
  permanent ? null : formatDuration(minutes, language);

/** `resources`, `resource show`, `role show` and `members`: who holds what, for those who may see it. */
export function browseHandlers(reads: Reads, { run, asPerson, refused }: Handling): Record<string, Handler> {
  const chainOf = async (id: ScopeId): Promise<ScopeChain> => {
    const chain = await reads.scopeChain(id);
    if (!chain) throw new Error(`no scope ${id}`);
    return chain;
  };

  /** Where the settings that count for these are set; `null` where nothing is, and the defaults count. */
  async function setAt(roleId: RoleId, chain: ScopeChain): Promise<(audience: Audience) => string | null> {
    const places = await reads.settingsSetAt(
      roleId,
      chain.map(({ id }) => id),
    );
    return (audience) =>
      chain.find(({ id }) => places.some((place) => place.scopeId === id && place.audience === audience))?.name ?? null;
  }

  async function treeCard(asker: Asker, { filter = '', page }: Args): Promise<CardOf> {
    const viewer = browsing.viewerOf(asker, asker.now);
    const { total, items } = await reads.scopeTree(viewer, filter, partOf(page, pageSizes.resources));
    return {
      card: 'resources',
      data: {
        filter: filter.trim() || null,
        scopes: items.map(({ id, kind, name, above, eligible, active }) => ({
          scopeId: id,
          kind,
          indent: '\u2003'.repeat(above.length),
          name,
          path: above.length > 0 ? above.join(' › ') : null,
          eligible: String(eligible),
          active: String(active),
        })),
        page: pageAt(total, page, pageSizes.resources, asker.reader.language).page,
      },
    };
  }

  async function resourceCard(asker: Asker, scopeId: ScopeId, { page }: Args): Promise<CardOf> {
    const viewer = browsing.viewerOf(asker, asker.now);
    const chain = await chainOf(scopeId);
    const [scope] = chain;
    const [owners, { total, items }] = await Promise.all([
      reads.holders(browsing.managingAt(scope, chain), asker.now),
      reads.rolesAt(
        viewer,
        chain.map(({ id }) => id),
        partOf(page, pageSizes.resource),
      ),
    ]);
    const { names, more } = named(owners);
    const roles = items.map(async (role) => {
      const [settings, places] = await Promise.all([
        reads.roleSettings(role, chain, 'everyone'),
        setAt(role.id, chain),
      ]);
      return {
        roleId: role.id,
        role: role.name,
        eligible: String(role.eligible),
        active: String(role.active),
        inherited: role.inherited > 0 ? String(role.inherited) : null,
        maximum: formatDuration(settings.activationMaximumMinutes, asker.reader.language),
        approval: settings.approval !== null,
        setAt: places('everyone'),
      };
    });
    return {
      card: 'resource',
      data: {
        scopeId,
        kind: scope.kind,
        name: scope.name,
        path: pathOf(chain),
        id: scope.id,
        owners: names,
        moreOwners: more,
        roles: await Promise.all(roles),
        page: pageAt(total, page, pageSizes.resource, asker.reader.language).page,
      },
    };
  }

  async function roleCard(asker: Asker, { roleId, scopeId }: { roleId: RoleId; scopeId: ScopeId }): Promise<CardOf> {
    const viewer = browsing.viewerOf(asker, asker.now);
    const governed = await governing(reads, { roleId, scopeId }, 'everyone');
    const { role, chain, settings } = governed;
    const scopeIds = role.kind === 'resource' ? chain.map(({ id }) => id) : [scopeId];
    const held = (kind: 'eligible' | 'active') =>
      reads.roleMembers(viewer, { roleId, scopeIds, kind, guestsOnly: false, text: '' }, { skip: 0, take: 1 });
    const [approval, places, eligible, active] = await Promise.all([
      approvalFor(reads, 'selfActivate', governed, asker.now),
      setAt(roleId, chain),
      held('eligible'),
      held('active'),
    ]);
    // Of all stages, each once.
    const deciders = new Map(
      approval?.panels.flatMap(({ approvers }) => approvers.map((one) => [one.id, one] as const)),
    );
    const { names, more } = named([...deciders.values()]);
    return {
      card: 'role',
      data: {
        roleId,
        scopeId,
        kind: role.kind,
        role: role.name,
        description: role.description || null,
        scope: chain[0].name,
        path: pathOf(chain),
        eligible: String(eligible.total),
        active: String(active.total),
        setAt: places('everyone'),
        guestsSetAt: places('guests'),
        maximum: formatDuration(settings.activationMaximumMinutes, asker.reader.language),
        justificationRequired: settings.justificationRequired,
        ticketRequired: settings.ticketRequired,
        stepUp: settings.activationRequires.kind !== 'none',
        eligibleMaximum: inWords(
          settings.eligibleMaximumMinutes,
          settings.permanentEligibleAllowed,
          asker.reader.language,
        ),
        activeMaximum: inWords(settings.activeMaximumMinutes, settings.permanentActiveAllowed, asker.reader.language),
        approval: settings.approval !== null,
        approvers: names,
        moreApprovers: more,
      },
    };
  }

  async function membersCard(
    asker: Asker,
    { roleId, scopeId }: { readonly roleId: RoleId; readonly scopeId: ScopeId | null },
    { kind = '', guests = '', filter = '', page }: Args,
  ): Promise<CardOf> {
    const role = await reads.role(roleId);
    if (!role) throw new Error(`no role ${roleId}`);
    const chain = scopeId && (await chainOf(scopeId));
    const { total, items } = await reads.roleMembers(
      browsing.viewerOf(asker, asker.now),
      {
        roleId,
        scopeIds: chain && (role.kind === 'resource' ? chain.map(({ id }) => id) : [chain[0].id]),
        kind: kind === 'eligible' || kind === 'active' ? kind : null,
        guestsOnly: guests !== '',
        text: filter,
      },
      partOf(page, pageSizes.members),
    );
    return {
      card: 'members',
      data: {
        roleId,
        scopeId: scopeId ?? '',
        role: role.name,
        scope: chain?.[0].name ?? null,
        kind,
        guests,
        filter,
        members: items.map((member) => ({
          name: member.name,
          guest: member.guest,
          group: member.groupId !== null,
          status: member.status,
          activated: member.activated,
          through: member.through,
          at: member.scope,
          since: asker.reader.time(member.startsAt),
          until: member.endsAt ? asker.reader.time(member.endsAt) : null,
        })),
        page: pageAt(total, page, pageSizes.members, asker.reader.language).page,
      },
    };
  }

  return {
    resources: asPerson(async (turn, asker) => {
      const outcome = await run(browsing.resources, turn);
      return outcome.accepted ? { card: await treeCard(asker, turn.args) } : refused(outcome.refusal, turn);
    }),

    resource: asPerson(async (turn, asker) => {
      const args = { ...turn.args, scope: withoutShow(turn.args.scope) };
      const outcome = await run(browsing.showResource, { ...turn, args });
      return outcome.accepted
        ? { card: await resourceCard(asker, outcome.answer.scopeId, args) }
        : refused(outcome.refusal, turn);
    }),

    role: asPerson(async (turn, asker) => {
      const args = { ...turn.args, role: withoutShow(turn.args.role) };
      const outcome = await run(browsing.showRole, { ...turn, args });
      return outcome.accepted ? { card: await roleCard(asker, outcome.answer) } : refused(outcome.refusal, turn);
    }),

    members: asPerson(async (turn, asker) => {
      const outcome = await run(browsing.members, turn);
      return outcome.accepted
        ? { card: await membersCard(asker, outcome.answer, turn.args) }
        : refused(outcome.refusal, turn);
    }),
  };
}
