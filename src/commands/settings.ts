import { z } from 'zod';
import { edited, proposeSettings, saveSettings } from '../domain/change-settings.ts';
import type { SettingsProposalId } from '../domain/ids.ts';
import type { Refusal } from '../domain/refusal.ts';
import type { AssignmentRequest } from '../domain/request.ts';
import type { Rules, SettingTexts } from '../domain/setting-texts.ts';
import { allSettingPaths, settingPaths } from '../domain/setting-texts.ts';
import type { SettingsProposal } from '../domain/stored-settings.ts';
import type { PersonCommand } from './execute.ts';
import { isRefusal } from './lookups.ts';
import { naming, type SettingsTarget, settingsTarget } from './settings-lookups.ts';

const text = z.string().default('');

export const settingsPlace = z.object({
  roleId: text,
  scopeId: text,
  audience: text,
  role: text,
  scope: text,
  group: text,
  owner: text,
  guests: text,
});

const sections = Object.keys(settingPaths) as [keyof typeof settingPaths];

const proposal = settingsPlace.extend({
  /** The form that was sent: it has all the settings of its section, and what is missing was left empty. */
  section: z.enum(sections).optional(),
  /** The state that the form was filled from. */
  basis: z.string().optional(),
  /** Typed instead: `name=value`, a line each. */
  set: text,
  /** Takes the scope's own settings back. */
  inherit: text,
  ...Object.fromEntries(allSettingPaths.map((path) => [path, z.string().optional()])),
});
type ProposalInput = z.output<typeof proposal>;

/** What people type for short. */
const shortNames: Readonly<Record<string, string>> = {
  maximum: 'activation.maximum',
  require: 'activation.require',
  justification: 'activation.justification',
  ticket: 'activation.ticket',
  breakglass: 'breakGlass.people',
  approval: 'approval.required',
  approvers: 'approval.stage1.approvers',
  quorum: 'approval.stage1.quorum',
  backups: 'approval.stage1.backups',
  backupafter: 'approval.stage1.backupAfter',
  deciding: 'approval.deciding',
  lifetime: 'approval.lifetime',
};

const pathOf = (name: string): string => {
  const given = name.trim().toLowerCase();
  return (
    shortNames[given.replace('-', '')] ?? allSettingPaths.find((path) => path.toLowerCase() === given) ?? name.trim()
  );
};

/** What was typed, by path. Whoever names an approver wants approval. */
function typedTexts(lines: string): SettingTexts {
  const texts = Object.fromEntries(
    lines.split('\n').flatMap((line) => {
      const at = line.indexOf('=');
      return line.trim() ? [[pathOf(at < 0 ? line : line.slice(0, at)), at < 0 ? '' : line.slice(at + 1).trim()]] : [];
    }),
  );
  const staged = Object.entries(texts).some(([path, value]) => path.startsWith('approval.stage') && value !== '');
  return staged ? { 'approval.required': 'on', ...texts } : texts;
}

/** The texts that a form or typed words give; every other setting stays. */
const textsIn = (given: ProposalInput): SettingTexts =>
  given.section
    ? Object.fromEntries(
        settingPaths[given.section].map((path) => [path, (given as Record<string, string | undefined>)[path] ?? '']),
      )
    : typedTexts(given.set);

interface ProposalState {
  readonly target: SettingsTarget;
  readonly rules: Rules | null;
}

/** Says what settings are to be, without saving them: what would change is looked at first. */
export const proposeSettingsChange: PersonCommand<
  ProposalInput,
  ProposalState,
  { readonly proposalId: SettingsProposalId }
> = {
  name: 'propose-settings',
  for: 'person',
  input: proposal as unknown as z.ZodType<ProposalInput>,
  load: async (reads, given, caller) => {
    const texts = textsIn(given);
    const target = await settingsTarget(reads, given, caller, 'manage', texts);
    if (isRefusal(target)) return target;
    if (given.inherit) return { target, rules: null };
    const rules = edited(target.inForce.settings, texts, target);
    return isFault(rules) ? { refusal: rules } : { target, rules };
  },
  decide: ({ target, rules }, { basis }, { person }, context) =>
    proposeSettings(target, { rules, basis: basis ?? null }, person.id, context),
};

const isFault = (rules: Rules | Refusal): rules is Refusal => 'code' in rules;

interface SaveState {
  readonly target: SettingsTarget;
  readonly proposal: SettingsProposal;
  /** For an approval. */
  readonly waiting: readonly AssignmentRequest[];
}

/** Saves exactly what was proposed, if nothing has moved since. */
export const saveSettingsChange: PersonCommand<{ proposalId: string }, SaveState, { readonly version: number }> = {
  name: 'save-settings',
  for: 'person',
  input: z.object({ proposalId: text }),
  load: async (reads, { proposalId }, caller) => {
    const found = await reads.settingsProposal(proposalId as SettingsProposalId);
    if (!found || found.personId !== caller.person.id) return { refusal: { code: 'proposal-unknown' } };
    const place = settingsPlace.parse({ roleId: found.roleId, scopeId: found.scopeId, audience: found.audience });
    const target = await settingsTarget(reads, place, caller, 'manage');
    if (isRefusal(target)) return target;
    const [named, waiting] = await Promise.all([naming(reads, target, found.rules), reads.pendingRequests()]);
    return { target: named, proposal: found, waiting };
  },
  decide: ({ target, proposal: found, waiting }, _given, { person, actor }, context) =>
    saveSettings(target, found, person.id, waiting, actor, context),
};
