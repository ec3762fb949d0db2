import type { PersonId, RoleId, ScopeId, SettingsChangeId, SettingsProposalId } from './ids.ts';
import type { RoleDefinition } from './role.ts';
import { type Audience, defaultRoleSettings, type RoleSettings } from './role-settings.ts';
import type { Scope, ScopeChain } from './scope.ts';
import type { Rules, SettingLine } from './setting-texts.ts';

/** A role's own settings at one scope, for one audience. Taken back they stay as a version, so that none comes twice. */
export interface StoredSettings {
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  readonly audience: Audience;
  readonly version: number;
  /** `null`: taken back; those of a scope above apply. */
  readonly rules: Rules | null;
}

/** What somebody wants to save, while they look at what it would change. */
export interface SettingsProposal {
  readonly id: SettingsProposalId;
  readonly version: 1;
  readonly personId: PersonId;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  readonly audience: Audience;
  /** The state that it was made from. */
  readonly basis: string;
  /** `null`: takes the scope's own settings back. */
  readonly rules: Rules | null;
  readonly createdAt: Date;
}

/** What somebody has changed: for those who manage the role as well. */
export interface SettingsChange {
  readonly id: SettingsChangeId;
  readonly version: 1;
  /** `null`: whoever operates Usher, by a policy file. */
  readonly personId: PersonId | null;
  readonly roleId: RoleId;
  readonly scopeId: ScopeId;
  readonly audience: Audience;
  /** The scope's own were taken back. */
  readonly inherit: boolean;
  readonly lines: readonly SettingLine[];
  readonly at: Date;
}

export interface SettingsInForce {
  readonly settings: RoleSettings;
  /** Where they are set; `null`: nowhere, they are the defaults. */
  readonly from: { readonly scope: Scope; readonly audience: Audience } | null;
  /** What applies without the scope's own for this audience. */
  readonly above: RoleSettings;
  /** Of the scope's own for this audience, also where they were taken back; 0 if there never were any. */
  readonly ownVersion: number;
  /** Changes with whatever could change the answer. */
  readonly basis: string;
}

type Found = { readonly scope: Scope; readonly row: StoredSettings };

/** Nearest first; for guests the nearest that is set for guests, if any is. */
function nearest(rows: readonly Found[]): Found | undefined {
  return rows.find(({ row }) => row.audience === 'guests') ?? rows[0];
}

/**
 * What applies to the role at the first scope of the chain. `stored`: the role's rows at the chain's scopes; those for
 * guests are asked for guests only.
 */
export function settingsInForce(
  { kind }: Pick<RoleDefinition, 'kind'>,
  chain: ScopeChain,
  audience: Audience,
  stored: readonly StoredSettings[],
): SettingsInForce {
  const relevant = chain.flatMap((scope) =>
    stored
      .filter((row) => row.scopeId === scope.id && (audience === 'guests' || row.audience === 'everyone'))
      .map((row) => ({ scope, row })),
  );
  const isOwn = ({ row }: Found) => row.scopeId === chain[0].id && row.audience === audience;
  const set = relevant.filter(({ row }) => row.rules !== null);
  const found = nearest(set);
  const read = (of: Found | undefined): RoleSettings =>
    of ? { ...defaultRoleSettings(kind), ...of.row.rules, version: of.row.version } : defaultRoleSettings(kind);
  return {
    settings: read(found),
    from: found ? { scope: found.scope, audience: found.row.audience } : null,
    above: read(nearest(set.filter((each) => !isOwn(each)))),
    ownVersion: relevant.find(isOwn)?.row.version ?? 0,
    basis:
      relevant
        .map(({ scope, row }) => `${row.audience.charAt(0)}${chain.indexOf(scope)}.${row.version}`)
        .sort()
        .join(' ') || 'defaults',
  };
}
