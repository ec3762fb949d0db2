import { z } from 'zod';
import { type ApprovalWarning, approvalWarnings, type StageReach } from '../domain/change-settings.ts';
import { groupScope } from '../domain/group.ts';
import type { RoleId } from '../domain/ids.ts';
import { applyPolicy, type PlannedItem, type PolicyItem, planPolicy } from '../domain/policy.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import type { RoleDefinition } from '../domain/role.ts';
import { defaultRoleSettings } from '../domain/role-settings.ts';
import type { Scope } from '../domain/scope.ts';
import { rulesOf, type SettingTexts, textsOf } from '../domain/setting-texts.ts';
import type { StoredSettings } from '../domain/stored-settings.ts';
import type { OpenCommand } from './execute.ts';
import { groupAt } from './lookups.ts';
import type { Reads } from './ports.ts';
import { concerned, fits, nameable, naming, reachOf, type SettingsTarget } from './settings-lookups.ts';

const entry = z.object({
  role: z.string(),
  scope: z.string(),
  group: z.string(),
  audience: z.enum(['everyone', 'guests']),
  texts: z.record(z.string(), z.string()),
});

/** The own settings of one place, as a policy file names them: what has no text is at its default. */
export type PolicyEntry = z.output<typeof entry>;

/** What is wrong with which entry, and at which of its settings. */
export interface PolicyFault {
  readonly index: number;
  readonly path: string | null;
  readonly refusal: Refusal;
}

type Faulty = { readonly faults: readonly PolicyFault[] };
type Targeted = PolicyItem & { readonly state: SettingsTarget };

type Found = Pick<SettingsTarget, 'chain' | 'group'> & { readonly role: RoleDefinition };

async function placeOf(
  reads: Reads,
  { role: given, scope: path, group: name }: PolicyEntry,
  roles: readonly RoleDefinition[],
): Promise<Found | Refusal> {
  const role = roles.find(({ id, name: called }) => called === given || id === given);
  if (!role) return { code: 'role-unknown', role: given, suggestions: [] };
  if (!name) {
    const chain = await reads.scopeChain(path as Scope['id']);
    return chain ? { role, chain, group: null } : { code: 'scope-unknown', scope: path, suggestions: [] };
  }
  const group = (await reads.groups()).find((each) => each.name === name);
  const chain = group && (await reads.scopeChain(groupScope(group.id)));
  return chain ? { role, chain, group } : { code: 'group-unknown', group: name, suggestions: [] };
}

async function itemOf(
  reads: Reads,
  wanted: PolicyEntry,
  roles: readonly RoleDefinition[],
): Promise<Targeted | Refusal> {
  const found = await placeOf(reads, wanted, roles);
  if ('code' in found) return found;
  const { role, chain, group } = found;
  const [scope] = chain;
  if (!fits(role, scope)) return { code: 'role-not-at-scope', role: role.name, scope: scope.name };
  const { audience } = wanted;
  const inForce = await reads.settingsAt(role, chain, audience);
  const empty: SettingsTarget = {
    place: { role, scope, audience },
    inForce,
    names: { people: [], groups: [] },
    chain,
    group,
  };
  const state = await naming(reads, empty, null, wanted.texts);
  const { version: _, ...defaults } = defaultRoleSettings(role.kind);
  const rules = rulesOf(wanted.texts, defaults, state.names);
  return 'code' in rules ? rules : { state, rules };
}

/** Settings of their own that no entry names are taken back. */
async function withoutEntry(
  reads: Reads,
  named: readonly Targeted[],
  roles: readonly RoleDefinition[],
): Promise<Targeted[]> {
  const isNamed = (row: StoredSettings) =>
    named.some(
      ({ state: { place } }) =>
        place.role.id === row.roleId && place.scope.id === row.scopeId && place.audience === row.audience,
    );
  const rest = (await reads.storedSettings()).filter((row) => row.rules !== null && !isNamed(row));
  const items = await Promise.all(
    rest.map(async ({ roleId, scopeId, audience }): Promise<Targeted[]> => {
      const [chain, group] = await Promise.all([reads.scopeChain(scopeId), groupAt(reads, scopeId)]);
      const role = roles.find(({ id }) => id === roleId);
      if (!chain || !role) return [];
      const inForce = await reads.settingsAt(role, chain, audience);
      const place = { role, scope: chain[0], audience };
      const state = await naming(reads, { place, inForce, names: { people: [], groups: [] }, chain, group }, null);
      return [{ state, rules: null }];
    }),
  );
  return items.flat();
}

/** What the entries say, looked up and judged; every fault is told, and then nothing else. */
async function itemsOf(reads: Reads, entries: readonly PolicyEntry[], prune: boolean): Promise<Targeted[] | Faulty> {
  const roles = await reads.roles();
  const items: Targeted[] = [];
  const faults: PolicyFault[] = [];
  for (const [index, wanted] of entries.entries()) {
    const item = await itemOf(reads, wanted, roles);
    if ('code' in item) {
      faults.push({ index, path: 'path' in item ? item.path : null, refusal: item });
      continue;
    }
    const { place } = item.state;
    const twice = items.some(
      ({ state }) =>
        state.place.role.id === place.role.id &&
        state.place.scope.id === place.scope.id &&
        state.place.audience === place.audience,
    );
    if (twice) faults.push({ index, path: null, refusal: { code: 'settings-twice' } });
    items.push(item);
  }
  if (faults.length > 0) return { faults };
  return prune ? [...items, ...(await withoutEntry(reads, items, roles))] : items;
}

/** A planned change, with whom it concerns. */
export interface PolicyChange extends PlannedItem {
  readonly state: SettingsTarget;
  readonly eligible: number;
  readonly active: number;
  readonly reach: readonly StageReach[];
  readonly warnings: readonly ApprovalWarning[];
}

/** What applying the entries would change, and for whom. Changes nothing. */
export async function planOf(
  reads: Reads,
  entries: readonly PolicyEntry[],
  prune: boolean,
  now: Date,
): Promise<readonly PolicyChange[] | Faulty> {
  const items = await itemsOf(reads, entries, prune);
  if ('faults' in items) return items;
  return Promise.all(
    planPolicy(items).map(async (planned): Promise<PolicyChange> => {
      const state = planned.state as SettingsTarget;
      const [{ eligible, active }, reach] = await Promise.all([
        concerned(reads, state, now),
        reachOf(reads, state, planned.rules ?? state.inForce.above, now),
      ]);
      const counts = { eligible: eligible.length, active: active.length };
      return { ...planned, ...counts, state, reach, warnings: approvalWarnings(reach, eligible) };
    }),
  );
}

/** Applies a policy file as it was planned, in one transaction. For whoever operates Usher, on its command line. */
export const applyPolicyFile: OpenCommand<
  { readonly entries: readonly PolicyEntry[]; readonly prune: boolean; readonly plan: string },
  { readonly planned: readonly PlannedItem[]; readonly waiting: readonly AssignmentRequest[] },
  { readonly changed: number }
> = {
  name: 'apply-policy',
  for: 'anyone',
  input: z.object({ entries: z.array(entry), prune: z.boolean(), plan: z.string() }),
  load: async (reads, { entries, prune }, caller) => {
    if (caller.by !== 'operator') return { refusal: { code: 'account-unlinked' } };
    const items = await itemsOf(reads, entries, prune);
    if (!('faults' in items)) return { planned: planPolicy(items), waiting: await reads.pendingRequests() };
    return { refusal: items.faults[0]?.refusal ?? { code: 'settings-moved' } };
  },
  decide: ({ planned, waiting }, { plan }, actor, context) => applyPolicy(planned, plan, waiting, actor, context),
};

/** Every place's own settings, as entries of a policy file: only what differs from the defaults. */
export async function exportPolicy(reads: Reads): Promise<PolicyEntry[]> {
  const [stored, roles, groups] = await Promise.all([reads.storedSettings(), reads.roles(), reads.groups()]);
  const entries = await Promise.all(
    stored.map(async ({ roleId, scopeId, audience, rules }): Promise<PolicyEntry[]> => {
      const role = roles.find(({ id }) => id === (roleId as RoleId));
      if (!role || !rules) return [];
      const settings = { ...defaultRoleSettings(role.kind), ...rules };
      const names = await nameable(reads, [settings], {});
      const usual: SettingTexts = textsOf(defaultRoleSettings(role.kind), names);
      const texts = Object.fromEntries(
        Object.entries(textsOf(settings, names)).filter(
          ([path, text]) => usual[path] !== text && !isStageDefault(path, text),
        ),
      );
      const group = groups.find(({ id }) => groupScope(id) === scopeId);
      return [{ role: role.name, scope: group ? '' : scopeId, group: group?.name ?? '', audience, texts }];
    }),
  );
  const key = ({ role, group, scope, audience }: PolicyEntry) => [role, group, scope, audience].join('\n');
  return entries.flat().sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** Read again, a stage without these has them. Its quorum is always written: it says that the stage is there. */
const isStageDefault = (path: string, text: string): boolean =>
  /\.stage\d\.(approvers|backups)$/.test(path) ? text === '' : path.endsWith('.backupAfter') && text === '30 minutes';
