import { managersOf, may, notAllowed, viewersOf } from '../domain/authorisation.ts';
import type { SettingsState, StageReach } from '../domain/change-settings.ts';
import { type Group, groupScope } from '../domain/group.ts';
import type { PersonId, RoleId, ScopeId } from '../domain/ids.ts';
import { type Person, standing } from '../domain/person.ts';
import type { RoleDefinition } from '../domain/role.ts';
import type { Approvers, Audience, RoleSettings } from '../domain/role-settings.ts';
import { directoryScope, type ScopeChain } from '../domain/scope.ts';
import { addressesIn, type Rules, type SettingTexts } from '../domain/setting-texts.ts';
import { namesAnybody, peopleAmong } from './approvals.ts';
import { closest, findRole, findScope, groupAt, holdersOf, isRefusal, type Refused } from './lookups.ts';
import type { Concerned, Reads } from './ports.ts';
import type { PersonCaller } from './who.ts';

/** Whose settings are meant: by ids, as buttons say it, or by names, as people do. */
export interface SettingsGiven {
  readonly roleId: string;
  readonly scopeId: string;
  readonly audience: string;
  readonly role: string;
  readonly scope: string;
  readonly group: string;
  /** Of the group's owners instead of its members. */
  readonly owner: string;
  readonly guests: string;
}

export interface SettingsTarget extends SettingsState {
  readonly chain: ScopeChain;
  readonly group: Group | null;
}

/** Directory roles are held at the directory, a group's at the group, resource roles everywhere else. */
export const fits = (role: RoleDefinition, { kind }: ScopeChain[0]): boolean =>
  role.kind === 'group' ? kind === 'group' : kind === 'directory' || (role.kind === 'resource' && kind !== 'group');

/** A group by its name, however it is capitalised. Refuses `group-unknown` with suggestions. */
async function findGroup(
  reads: Reads,
  given: string,
  { userType }: Pick<Person, 'userType'>,
): Promise<Group | Refused> {
  const groups = await reads.groups();
  const name = given.trim();
  const found =
    groups.find((group) => group.name === name) ??
    groups.find((group) => group.name.toLowerCase() === name.toLowerCase());
  // What groups there are is none of a guest's business.
  const names = userType === 'Member' ? groups.map((group) => group.name) : [];
  return found ?? { refusal: { code: 'group-unknown', group: given, suggestions: closest(given, names) } };
}

async function placed(
  reads: Reads,
  given: SettingsGiven,
  { person }: Pick<PersonCaller, 'person'>,
): Promise<{ readonly role: RoleDefinition; readonly scopeId: ScopeId } | Refused> {
  if (given.group.trim() && !given.roleId) {
    const group = await findGroup(reads, given.group, person);
    if (isRefusal(group)) return group;
    const role = await reads.role((given.owner ? 'groupOwner' : 'groupMember') as RoleId);
    return role
      ? { role, scopeId: groupScope(group.id) }
      : { refusal: { code: 'role-unknown', role: '', suggestions: [] } };
  }
  const role = await findRole(reads, given.roleId || given.role);
  if (isRefusal(role)) return role;
  if (given.scopeId) return { role, scopeId: given.scopeId as ScopeId };
  const where = given.scope.trim();
  if (!where && role.kind !== 'directory') {
    const scopes = (await reads.scopes()).filter(({ kind }) => (role.kind === 'group') === (kind === 'group'));
    return { refusal: { code: 'role-needs-scope', role: role.name, scopes: scopes.map(({ name }) => name) } };
  }
  const scope = await findScope(reads, where || directoryScope, person);
  return isRefusal(scope) ? scope : { role, scopeId: scope.id };
}

const named = ({ approval, breakGlass }: Pick<RoleSettings, 'approval' | 'breakGlass'>): PersonId[] => [
  ...(approval?.stages ?? []).flatMap(({ approvers, backups }) => [...approvers.personIds, ...backups.personIds]),
  ...breakGlass.personIds,
];

/** The people whom texts or settings may name, and every group. */
export async function nameable(
  reads: Reads,
  settings: readonly Pick<RoleSettings, 'approval' | 'breakGlass'>[],
  texts: SettingTexts,
): Promise<SettingsState['names']> {
  const [known, found, groups] = await Promise.all([
    reads.people([...new Set(settings.flatMap(named))]),
    Promise.all(addressesIn(texts).map((mail) => reads.personByMail(mail))),
    reads.groups(),
  ]);
  return { people: [...known, ...found.filter((person) => person !== null)], groups };
}

/**
 * The settings of a role at a scope, or of a group's membership or ownership. Refuses what can't be found, and
 * `not-allowed` for whoever may not view or manage them there.
 */
export async function settingsTarget(
  reads: Reads,
  given: SettingsGiven,
  caller: Pick<PersonCaller, 'person' | 'held'>,
  what: 'view' | 'manage',
  texts: SettingTexts = {},
): Promise<SettingsTarget | Refused> {
  const found = await placed(reads, given, caller);
  if (isRefusal(found)) return found;
  const { role, scopeId } = found;
  const [chain, group] = await Promise.all([reads.scopeChain(scopeId), groupAt(reads, scopeId)]);
  if (!chain) return { refusal: { code: 'scope-unknown', scope: scopeId, suggestions: [] } };
  const needed = what === 'view' ? viewersOf(role, group) : managersOf(role, group);
  if (!fits(role, chain[0])) return { refusal: { code: 'role-not-at-scope', role: role.name, scope: chain[0].name } };
  if (!may(caller.held, needed, chain)) return { refusal: notAllowed(`${what}-settings`, needed) };
  const audience: Audience = given.audience === 'guests' || given.guests === 'yes' ? 'guests' : 'everyone';
  const inForce = await reads.settingsAt(role, chain, audience);
  const names = await nameable(reads, [inForce.settings, inForce.above], texts);
  return { place: { role, scope: chain[0], audience }, inForce, names, chain, group };
}

/** The same, with the names of those whom these settings would name. */
export const naming = async (
  reads: Reads,
  target: SettingsTarget,
  rules: Rules | null,
  texts: SettingTexts = {},
): Promise<SettingsTarget> => ({
  ...target,
  names: await nameable(reads, [target.inForce.settings, target.inForce.above, ...(rules ? [rules] : [])], texts),
});

/** Whoever decides in each stage, with their accounts in order, as it is now. */
export async function reachOf(
  reads: Reads,
  { place: { role }, chain, group }: Pick<SettingsTarget, 'place' | 'chain' | 'group'>,
  { approval }: Pick<Rules, 'approval'>,
  now: Date,
): Promise<StageReach[]> {
  if (!approval) return [];
  const { stages } = approval;
  const [administrators, among] = await Promise.all([
    holdersOf(reads, managersOf(role, group), chain, now),
    peopleAmong(
      reads,
      stages.flatMap(({ approvers, backups }) => [approvers, backups]),
      now,
    ),
  ]);
  const peopleOf = (approvers: Approvers): PersonId[] =>
    (namesAnybody(approvers) ? among(approvers) : administrators)
      .filter((person) => standing(person) === null)
      .map(({ id }) => id);
  return stages.map(({ approvers, backups, quorum }) => ({
    approverIds: peopleOf(approvers),
    backupIds: peopleOf(backups),
    quorum,
  }));
}

/** Whom the settings concern there. */
export const concerned = (
  reads: Reads,
  { place: { role, audience }, chain }: Pick<SettingsTarget, 'place' | 'chain'>,
  now: Date,
): Promise<Concerned> => reads.governedBy(role.id, chain, audience, now);
