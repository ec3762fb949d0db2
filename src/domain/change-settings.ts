import type { Actor, AuditFact } from './audit.ts';
import { accept, type Change, type Context, type Decision, refuse } from './change.ts';
import { addMinutes } from './duration.ts';
import type { PersonId, SettingsChangeId, SettingsProposalId } from './ids.ts';
import type { Refusal } from './refusal.ts';
import type { AssignmentRequest } from './request.ts';
import type { RoleDefinition } from './role.ts';
import { type Audience, defaultRoleSettings, type RoleSettings } from './role-settings.ts';
import type { Scope } from './scope.ts';
import {
  difference,
  type Nameable,
  type Rules,
  rulesOf,
  type SettingLine,
  type SettingTexts,
  textsOf,
} from './setting-texts.ts';
import type { SettingsChange, SettingsInForce, SettingsProposal, StoredSettings } from './stored-settings.ts';

/** Whose settings they are. */
export interface SettingsPlace {
  readonly role: RoleDefinition;
  readonly scope: Scope;
  readonly audience: Audience;
}

export interface SettingsState {
  readonly place: SettingsPlace;
  readonly inForce: SettingsInForce;
  /** Everybody who is named in the settings, or could be meant by what was written. */
  readonly names: Nameable;
}

/** How long somebody may look at what a change would do (ours). */
const proposalMinutes = 60;

const withoutVersion = ({ version: _, ...rules }: RoleSettings): Rules => rules;

/** What these texts make of the settings: the others stay. Refuses like {@link rulesOf}. */
export const edited = (settings: RoleSettings, texts: SettingTexts, { place, names }: SettingsState): Rules | Refusal =>
  rulesOf({ ...textsOf(settings, names), ...texts }, withoutVersion(defaultRoleSettings(place.role.kind)), names);

/** What a change would do: each line before and after. */
export const changedLines = ({ inForce, names }: SettingsState, rules: Rules | null): SettingLine[] =>
  difference(inForce.settings, rules ?? inForce.above, names);

/** The scope has settings of its own for this audience. */
export const hasOwn = ({ place, inForce }: Pick<SettingsState, 'place' | 'inForce'>): boolean =>
  inForce.from?.scope.id === place.scope.id && inForce.from.audience === place.audience;

const unchanged = (state: SettingsState, rules: Rules | null): boolean =>
  rules === null ? !hasOwn(state) : changedLines(state, rules).length === 0;

/**
 * Writes down what somebody wants the settings to be, to be looked at before it is saved. `rules` are the whole of
 * them; `null` takes the scope's own back. Refuses `settings-moved` and `settings-unchanged`.
 */
export function proposeSettings(
  state: SettingsState,
  wish: { readonly rules: Rules | null; readonly basis: string | null },
  personId: PersonId,
  { now, newId }: Context,
): Decision<{ proposalId: SettingsProposalId }> {
  const { place, inForce } = state;
  if (wish.basis !== null && wish.basis !== inForce.basis) return refuse({ code: 'settings-moved' });
  if (unchanged(state, wish.rules)) return refuse({ code: 'settings-unchanged' });
  const id = newId() as SettingsProposalId;
  const value: SettingsProposal = {
    id,
    version: 1,
    personId,
    roleId: place.role.id,
    scopeId: place.scope.id,
    audience: place.audience,
    basis: inForce.basis,
    rules: wish.rules,
    createdAt: now,
  };
  return accept({ proposalId: id }, { put: [{ entity: 'SettingsProposal', value }] });
}

/** Of requests that wait, those that new settings of the role may give other approvers. */
const concernedBy = ({ role }: SettingsPlace, waiting: readonly AssignmentRequest[]): AssignmentRequest[] =>
  waiting.filter(({ action, roleId }) => action === 'selfActivate' && roleId === role.id);

/**
 * The new settings, and what goes on the record: every line before and after. The role's other managers are told, and
 * whoever is named by them for a request that waits is asked.
 */
export function changeOf(
  state: SettingsState,
  rules: Rules | null,
  waiting: readonly AssignmentRequest[],
  actor: Actor,
  { now, newId }: Context,
): Pick<Change, 'put' | 'audit' | 'deadlines' | 'events'> {
  const { place, inForce } = state;
  const value: StoredSettings = {
    roleId: place.role.id,
    scopeId: place.scope.id,
    audience: place.audience,
    version: inForce.ownVersion + 1,
    rules,
  };
  const changed = changedLines(state, rules);
  const lines = changed.flatMap(({ path, before, after }) => [
    [`before.${path}`, before] as const,
    [`after.${path}`, after] as const,
  ]);
  const fact: AuditFact = {
    action: 'settings.change',
    actor,
    subjectId: null,
    role: place.role.name,
    scope: place.scope.name,
    requestId: null,
    result: 'success',
    reason: null,
    details: {
      scopeId: place.scope.id,
      audience: place.audience,
      version: value.version,
      own: rules !== null,
      ...Object.fromEntries(lines),
    },
  };
  const { roleId, scopeId, audience } = value;
  const change: SettingsChange = {
    id: newId() as SettingsChangeId,
    version: 1,
    personId: actor.personId,
    roleId,
    scopeId,
    audience,
    inherit: rules === null,
    lines: changed,
    at: now,
  };
  return {
    put: [
      { entity: 'RoleSettings', value },
      { entity: 'SettingsChange', value: change },
    ],
    audit: [fact],
    deadlines: concernedBy(place, waiting).map(({ id }) => ({ kind: 'ask', subjectId: id, dueAt: now })),
    events: [{ type: 'settings-changed', changeId: change.id, by: actor.personId, roleId, scopeId }],
  };
}

/**
 * Saves exactly what was proposed. Refuses `proposal-unknown` for somebody else's and for one that is too old, and
 * `settings-moved` when the settings that it was made from are no longer those in force.
 */
export function saveSettings(
  state: SettingsState,
  proposal: SettingsProposal,
  by: PersonId,
  waiting: readonly AssignmentRequest[],
  actor: Actor,
  context: Context,
): Decision<{ readonly version: number }> {
  const { now } = context;
  if (proposal.personId !== by || now >= addMinutes(proposal.createdAt, proposalMinutes))
    return refuse({ code: 'proposal-unknown' });
  if (proposal.basis !== state.inForce.basis) return refuse({ code: 'settings-moved' });
  return accept({ version: state.inForce.ownVersion + 1 }, changeOf(state, proposal.rules, waiting, actor, context));
}

/** Who could decide in one stage at present. */
export interface StageReach {
  readonly approverIds: readonly PersonId[];
  readonly backupIds: readonly PersonId[];
  readonly quorum: number;
}

/** What would leave requests without anybody who could approve them. Stages count from 1. */
export type ApprovalWarning =
  | { readonly stage: number; readonly kind: 'nobody' }
  | { readonly stage: number; readonly kind: 'too-few'; readonly can: number; readonly quorum: number }
  /** Nobody decides for themselves: for so many of those who may activate it, too few others are left. */
  | { readonly stage: number; readonly kind: 'own'; readonly people: number };

/** A request that nobody could approve is refused at once; who makes such settings is warned before. */
export const approvalWarnings = (
  stages: readonly StageReach[],
  eligible: readonly PersonId[],
): readonly ApprovalWarning[] =>
  stages.flatMap(({ approverIds, backupIds, quorum }, index): ApprovalWarning[] => {
    const stage = index + 1;
    const deciders = new Set([...approverIds, ...backupIds]);
    if (deciders.size === 0) return [{ stage, kind: 'nobody' }];
    if (deciders.size < quorum) return [{ stage, kind: 'too-few', can: deciders.size, quorum }];
    const stuck = deciders.size > quorum ? 0 : eligible.filter((id) => deciders.has(id)).length;
    return stuck > 0 ? [{ stage, kind: 'own', people: stuck }] : [];
  });
