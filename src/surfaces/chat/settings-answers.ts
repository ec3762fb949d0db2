import { isRefusal, type Refused } from '../../commands/lookups.ts';
import type { Reads } from '../../commands/ports.ts';
import { settingsPlace } from '../../commands/settings.ts';
import { concerned, naming, reachOf, type SettingsTarget, settingsTarget } from '../../commands/settings-lookups.ts';
import { managersOf, may, viewersOf } from '../../domain/authorisation.ts';
import { approvalWarnings, changedLines, hasOwn } from '../../domain/change-settings.ts';
import type { SettingsProposalId } from '../../domain/ids.ts';
import {
  allSettingPaths,
  longestList,
  type Rules,
  type SettingSection,
  settingChoices,
  settingPaths,
  textsOf,
} from '../../domain/setting-texts.ts';
import { pageSizes } from '../../notifications/card-limits.ts';
import type { CardOf, SettingField, SettingsImpact } from '../../notifications/cards.ts';
import {
  reachWords,
  settingPlaceholder,
  settingSections,
  settingValue,
  settingWords,
  warningWords,
} from '../../notifications/setting-words.ts';
import type { Args, Asker } from './answers.ts';
import { phrases } from './phrases.ts';

/** Cards about a role's settings. Whoever may not see them, or names what is not there, is refused. */
export interface SettingsAnswers {
  pick(asker: Asker, args: Args, problem: string | null): Promise<CardOf<'settings-pick'>>;
  settings(asker: Asker, args: Args, notice: string | null): Promise<CardOf<'settings'> | Refused>;
  form(asker: Asker, args: Args, problem: string | null): Promise<CardOf<'settings-form'> | Refused>;
  /** What a proposal would change. */
  confirmation(asker: Asker, proposalId: string): Promise<CardOf<'settings-confirm'> | Refused>;
  /** The place that a proposal of the asker's is about; `null` for anybody else's. */
  placeOfProposal(asker: Asker, proposalId: string): Promise<Args | null>;
}

const isSection = (text: string): text is SettingSection => Object.hasOwn(settingPaths, text);

export function createSettingsAnswers(reads: Reads): SettingsAnswers {
  const targetOf = (args: Args, asker: Asker, what: 'view' | 'manage') =>
    settingsTarget(reads, settingsPlace.parse(args), asker, what);

  /** Whom it concerns there, and how many each stage of approval reaches. */
  async function impactOf(target: SettingsTarget, rules: Rules, { now, reader }: Asker): Promise<SettingsImpact> {
    const [{ eligible, active }, stages] = await Promise.all([
      concerned(reads, target, now),
      reachOf(reads, target, rules, now),
    ]);
    const warnings = approvalWarnings(stages, eligible);
    return {
      eligible: String(eligible.length),
      active: String(active.length),
      reach: stages.map((stage, index) => reachWords(index + 1, stage, reader.language)),
      warnings: warnings.map((warning) => warningWords(warning, reader.language)),
    };
  }

  const headOf = ({ place: { role, scope, audience }, inForce }: SettingsTarget) => ({
    roleId: role.id as string,
    scopeId: scope.id as string,
    audience,
    basis: inForce.basis,
    role: role.name,
    scope: scope.name,
    guests: audience === 'guests',
  });

  /** Notifications that are as usual need no lines: there would be eighteen of them. */
  const worthShowing = ([path, text]: readonly [string, string]): boolean =>
    !path.startsWith('notifications.') || (path.endsWith('.to') ? text !== 'default' : text !== '');

  return {
    pick: async ({ held, reader: { language } }, args, problem) => {
      const [roles, scopes] = await Promise.all([reads.roles(), reads.scopes()]);
      const mine = roles.filter((role) =>
        viewersOf(role, null).some((needed) => held.some(({ roleId }) => (roleId as string) === needed.role)),
      );
      const roleChoices = mine.map(({ id, name }) => ({ title: name, value: id as string }));
      const places = scopes.map(({ id, name, kind }) => ({
        title: kind === 'directory' ? name : phrases[language].scopeOfKind(name, kind),
        value: id as string,
      }));
      const few = <T>(list: readonly T[]) => (list.length > pageSizes.choices ? [] : list);
      const known = (list: readonly { value: string }[], given = '') =>
        list.length > pageSizes.choices || list.some(({ value }) => value === given) ? given : '';
      return {
        card: 'settings-pick',
        data: {
          problem,
          role: known(roleChoices, args.role),
          scope: known(places, args.scope),
          guests: args.guests === 'yes' ? 'yes' : 'no',
          roles: few(roleChoices),
          scopes: few(places),
        },
      };
    },

    settings: async (asker, args, notice) => {
      const target = await targetOf(args, asker, 'view');
      if (isRefusal(target)) return target;
      const { inForce, names, chain, group, place } = target;
      const { language } = asker.reader;
      const texts = textsOf(inForce.settings, names);
      const lines = allSettingPaths.flatMap((path) =>
        texts[path] === undefined ? [] : [[path, texts[path]] as const],
      );
      return {
        card: 'settings',
        data: {
          ...headOf(target),
          notice,
          source: inForce.from === null ? 'defaults' : hasOwn(target) ? 'own' : 'inherited',
          from: inForce.from && !hasOwn(target) ? inForce.from.scope.name : null,
          fromEveryone: place.audience === 'guests' && inForce.from?.audience === 'everyone',
          lines: lines
            .filter(worthShowing)
            .map(([path, text]) => ({ name: settingWords(path, language), text: settingValue(path, text, language) })),
          usualNotifications: !lines.some((line) => line[0].startsWith('notifications.') && worthShowing(line)),
          ...(await impactOf(target, inForce.settings, asker)),
          mayManage: may(asker.held, managersOf(place.role, group), chain),
        },
      };
    },

    form: async (asker, args, problem) => {
      const target = await targetOf(args, asker, 'manage');
      if (isRefusal(target)) return target;
      const { language } = asker.reader;
      const section: SettingSection = isSection(args.section ?? '') ? (args.section as SettingSection) : 'activation';
      const texts = textsOf(target.inForce.settings, target.names);
      const field = (path: string): SettingField => {
        const choices = settingChoices(path);
        const text = problem === null ? (texts[path] ?? '') : (args[path] ?? '');
        return {
          id: path,
          label: settingWords(path, language),
          kind: choices ? 'choice' : 'text',
          value:
            choices || !/\.(maximum|lifetime|backupAfter)$/.test(path) || !text
              ? text
              : settingValue(path, text, language),
          choices: (choices ?? []).map((value) => ({ title: settingValue(path, value, language), value })),
          placeholder: settingPlaceholder(path),
          most: longestList,
        };
      };
      return {
        card: 'settings-form',
        data: {
          ...headOf(target),
          // A form that is shown again is about the state that it was filled from.
          basis: problem === null ? target.inForce.basis : (args.basis ?? ''),
          section,
          title: settingSections(section, language),
          problem,
          fields: settingPaths[section].map(field),
        },
      };
    },

    confirmation: async (asker, proposalId) => {
      const place = await placeOfProposal(asker, proposalId);
      const proposal = place && (await reads.settingsProposal(proposalId as SettingsProposalId));
      if (!proposal) return { refusal: { code: 'proposal-unknown' } };
      const target = await targetOf(place, asker, 'manage');
      if (isRefusal(target)) return target;
      const { language } = asker.reader;
      const state = await naming(reads, target, proposal.rules);
      return {
        card: 'settings-confirm',
        data: {
          ...headOf(target),
          proposalId,
          inherit: proposal.rules === null,
          lines: changedLines(state, proposal.rules).map(({ path, before, after }) => ({
            name: settingWords(path, language),
            before: settingValue(path, before, language),
            after: settingValue(path, after, language),
          })),
          ...(await impactOf(target, proposal.rules ?? target.inForce.above, asker)),
        },
      };
    },

    placeOfProposal,
  };

  async function placeOfProposal({ person }: Asker, proposalId: string): Promise<Args | null> {
    const proposal = await reads.settingsProposal(proposalId as SettingsProposalId);
    if (!proposal || proposal.personId !== person.id) return null;
    return { roleId: proposal.roleId, scopeId: proposal.scopeId, audience: proposal.audience };
  }
}
