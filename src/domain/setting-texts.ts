import { formatDuration, parseDuration } from './duration.ts';
import { isMailAddress } from './email-address.ts';
import type { GroupId, PersonId } from './ids.ts';
import type { Refusal } from './refusal.ts';
import {
  type ApprovalStage,
  type Approvers,
  type NotifiedEvent,
  type NotifiedParty,
  notifiedEvents,
  notifiedParties,
  type Recipients,
  type RoleSettings,
  type StepUpRequirement,
  shortestActivationMinutes,
} from './role-settings.ts';

/**
 * Role settings as people write and read them: one text a setting, by its path. Forms, typed words, the policy file and
 * the record share these. Writing and reading again gives the same settings.
 */
export type SettingTexts = Readonly<Record<string, string>>;

/** The settings themselves, without the version that they are kept under. */
export type Rules = Omit<RoleSettings, 'version'>;

/** Whom approvers can be: people by their address, groups by their name. */
export interface Nameable {
  readonly people: readonly { readonly id: PersonId; readonly mail: string }[];
  readonly groups: readonly { readonly id: GroupId; readonly name: string }[];
}

/** Rounds of approval that a role can have (ours): what a form has room for. */
export const mostStages = 3;
/** Characters of a list of people or addresses (ours): what cards have room for. Groups hold more people than that. */
export const longestList = 300;

const day = 1440;
const spans = {
  'activation.maximum': { least: shortestActivationMinutes, most: day, step: 30 },
  'approval.lifetime': { least: 30, most: 30 * day, step: 1 },
  backupAfter: { least: 5, most: 7 * day, step: 1 },
  assignment: { least: 60, most: 3650 * day, step: 1 },
} as const;
type Span = (typeof spans)[keyof typeof spans];
/** More people than ever have to agree. */
const mostQuorum = 20;

const separator = /\s*[,;]\s*/;
const listOf = (text: string): string[] => text.split(separator).filter((item) => item !== '');

/** A name that separators or white space at its ends would tear apart is kept in quotes. */
const quoted = (name: string) => (/[,;"]|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
/** What a list names, each without its quotes. */
export const itemsIn = (text: string): string[] =>
  [...text.matchAll(/\s*((?:[^,;"]|"(?:[^"]|"")*"?)+)/g)]
    .map(([, item = '']) => item.trim())
    .map((item) => item.replace(/"((?:[^"]|"")*)"?/g, (_, inner: string) => inner.replaceAll('""', '"')))
    .filter((item) => item !== '');

/** A list as text, which {@link itemsIn} reads back. */
export const listText = (items: readonly string[]): string => items.map(quoted).join(', ');

const groupMark = 'group:';

/** Whether it names people and groups. */
export const isPeople = (path: string): boolean => /\.(approvers|backups|people)$/.test(path);

/** Addresses among the approvers that somebody wrote: whoever reads the text has to know these people. */
export const addressesIn = (texts: SettingTexts): string[] => [
  ...new Set(
    Object.entries(texts)
      .filter(([path]) => isPeople(path))
      .flatMap(([, text]) => itemsIn(text))
      .filter((item) => item.includes('@') && !item.toLowerCase().startsWith(groupMark))
      .map((item) => item.toLowerCase()),
  ),
];

const writeApprovers = ({ personIds, groupIds }: Approvers, names: Nameable): string =>
  [
    ...personIds.map((id) => names.people.find((person) => person.id === id)?.mail ?? id),
    ...groupIds.map((id) => quoted(`${groupMark}${names.groups.find((group) => group.id === id)?.name ?? id}`)),
  ].join(', ');

/** Reading stops at what is wrong. Never leaves this file. */
class Unreadable extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}
const wrong = (refusal: Refusal): never => {
  throw new Unreadable(refusal);
};

const personNamed = (name: string, { people }: Nameable) =>
  people.find(({ id, mail }) => mail === name.toLowerCase() || id === name);
const groupNamed = (name: string, { groups }: Nameable) =>
  groups.find((group) => group.name === name || group.id === name) ??
  groups.find((group) => group.name.trim().toLowerCase() === name.toLowerCase());

function readApprovers(path: string, text: string, names: Nameable): Approvers {
  if (text.length > longestList) wrong({ code: 'setting-list-too-long', path, most: longestList });
  const personIds: PersonId[] = [];
  const groupIds: GroupId[] = [];
  for (const item of itemsIn(text)) {
    const marked = item.toLowerCase().startsWith(groupMark);
    const name = (marked ? item.slice(groupMark.length) : item).trim();
    const person = marked ? undefined : personNamed(name, names);
    // What looks like an address is nobody's group, whatever a group is called.
    const group = person || (!marked && name.includes('@')) ? undefined : groupNamed(name, names);
    if (person && !personIds.includes(person.id)) personIds.push(person.id);
    if (group && !groupIds.includes(group.id)) groupIds.push(group.id);
    if (!person && !group) wrong({ code: 'approver-unknown', path, given: item });
  }
  return { personIds, groupIds };
}

const switchOf = (on: boolean): string => (on ? 'on' : 'off');
function readSwitch(path: string, text: string): boolean {
  const given = text.trim().toLowerCase();
  if (['on', 'yes', 'true'].includes(given)) return true;
  if (['off', 'no', 'false'].includes(given)) return false;
  return wrong({ code: 'setting-unreadable', path, given: text, expected: ['on', 'off'] });
}

const stepUps: Readonly<Record<string, StepUpRequirement>> = {
  none: { kind: 'none' },
  MFA: { kind: 'mfa' },
  passkey: { kind: 'context', strength: 'passkey' },
};
const writeStepUp = ({ kind }: StepUpRequirement): string =>
  kind === 'none' ? 'none' : kind === 'mfa' ? 'MFA' : 'passkey';
function readStepUp(path: string, text: string): StepUpRequirement {
  const found = Object.entries(stepUps).find(([name]) => name.toLowerCase() === text.trim().toLowerCase());
  return found ? found[1] : wrong({ code: 'setting-unreadable', path, given: text, expected: Object.keys(stepUps) });
}

function readMinutes(path: string, text: string, { least, most, step }: Span): number {
  const minutes =
    parseDuration(text) ?? wrong({ code: 'setting-unreadable', path, given: text, expected: ['8h', '90d'] });
  if (minutes < least || minutes > most || minutes % step !== 0)
    wrong({ code: 'setting-out-of-range', path, leastMinutes: least, mostMinutes: most, stepMinutes: step });
  return minutes;
}

function readQuorum(path: string, text: string, { personIds, groupIds }: Approvers): number {
  if (!/^\d{1,4}$/.test(text.trim()) || Number(text) < 1)
    wrong({ code: 'setting-unreadable', path, given: text, expected: ['1', '2'] });
  const quorum = Number(text);
  // Who is in a group, or administers, changes by the hour; of the people who are named, there are as many as there are.
  const most = groupIds.length === 0 && personIds.length > 0 ? personIds.length : mostQuorum;
  return quorum <= most ? quorum : wrong({ code: 'quorum-too-high', path, quorum, approvers: most });
}

const recipientTexts = ['default', 'default, critical only', 'named', 'named, critical only'] as const;
const writeRecipients = ({ toDefault, criticalOnly }: Recipients): string =>
  recipientTexts[(toDefault ? 0 : 2) + (criticalOnly ? 1 : 0)] as string;
function readRecipients(path: string, text: string, extra: readonly string[]): Recipients {
  const at = (recipientTexts as readonly string[]).indexOf(text.trim().toLowerCase().replace(separator, ', '));
  if (at < 0) wrong({ code: 'setting-unreadable', path, given: text, expected: recipientTexts });
  return { toDefault: at < 2, extra, criticalOnly: at % 2 === 1 };
}

function readAddresses(path: string, text: string): string[] {
  if (text.length > longestList) wrong({ code: 'setting-list-too-long', path, most: longestList });
  const addresses = listOf(text.trim().toLowerCase());
  const unusable = addresses.find((address) => !isMailAddress(address));
  if (unusable !== undefined) wrong({ code: 'setting-address-invalid', path, given: unusable });
  return [...new Set(addresses)];
}

const stagePath = (number: number, of: 'approvers' | 'quorum' | 'backups' | 'backupAfter') =>
  `approval.stage${number}.${of}`;
const stageNumbers = Array.from({ length: mostStages }, (_, index) => index + 1);
const cells = notifiedEvents.flatMap((event) => notifiedParties.map((party) => [event, party] as const));

/** The paths, in the order in which people read them, in the groups that forms are made of. */
export const settingPaths = {
  activation: [
    'activation.maximum',
    'activation.require',
    'activation.justification',
    'activation.ticket',
    'breakGlass.people',
  ],
  approval: [
    'approval.required',
    ...stageNumbers.flatMap((number) =>
      (['approvers', 'quorum', 'backups', 'backupAfter'] as const).map((of) => stagePath(number, of)),
    ),
    'approval.deciding',
    'approval.lifetime',
  ],
  assignment: [
    'eligible.permanent',
    'eligible.maximum',
    'active.permanent',
    'active.maximum',
    'active.require',
    'active.justification',
  ],
  notifications: cells.flatMap(([event, party]) => [
    `notifications.${event}.${party}.to`,
    `notifications.${event}.${party}.extra`,
  ]),
} as const satisfies Record<string, readonly string[]>;
export type SettingSection = keyof typeof settingPaths;
export const allSettingPaths: readonly string[] = Object.values(settingPaths).flat();

const stageTexts = (stage: ApprovalStage, number: number, names: Nameable): SettingTexts => ({
  [stagePath(number, 'approvers')]: writeApprovers(stage.approvers, names),
  [stagePath(number, 'quorum')]: String(stage.quorum),
  [stagePath(number, 'backups')]: writeApprovers(stage.backups, names),
  [stagePath(number, 'backupAfter')]: formatDuration(stage.backupAfterMinutes, 'en'),
});

/** Every setting as text. What is not there, such as a second stage, has no text; an empty one names nobody. */
export const textsOf = (rules: Rules, names: Nameable): SettingTexts => ({
  'activation.maximum': formatDuration(rules.activationMaximumMinutes, 'en'),
  'activation.require': writeStepUp(rules.activationRequires),
  'activation.justification': switchOf(rules.justificationRequired),
  'activation.ticket': switchOf(rules.ticketRequired),
  'breakGlass.people': writeApprovers(rules.breakGlass, names),
  'approval.required': switchOf(rules.approval !== null),
  ...Object.assign({}, ...(rules.approval?.stages ?? []).map((stage, index) => stageTexts(stage, index + 1, names))),
  ...(rules.approval ? { 'approval.deciding': writeStepUp(rules.approval.decidingRequires) } : {}),
  'approval.lifetime': formatDuration(rules.requestLifetimeMinutes, 'en'),
  'eligible.permanent': switchOf(rules.permanentEligibleAllowed),
  'eligible.maximum': formatDuration(rules.eligibleMaximumMinutes, 'en'),
  'active.permanent': switchOf(rules.permanentActiveAllowed),
  'active.maximum': formatDuration(rules.activeMaximumMinutes, 'en'),
  'active.require': writeStepUp(rules.activeAssignmentRequires),
  'active.justification': switchOf(rules.activeJustificationRequired),
  ...Object.fromEntries(
    cells.flatMap(([event, party]) => {
      const recipients = rules.notifications[event][party];
      const path = `notifications.${event}.${party}`;
      return [
        [`${path}.to`, writeRecipients(recipients)],
        [`${path}.extra`, recipients.extra.join(', ')],
      ];
    }),
  ),
});

function readStage(texts: SettingTexts, number: number, names: Nameable): ApprovalStage {
  const text = (of: Parameters<typeof stagePath>[1]) => texts[stagePath(number, of)] ?? '';
  const approvers = readApprovers(stagePath(number, 'approvers'), text('approvers'), names);
  return {
    approvers,
    quorum: readQuorum(stagePath(number, 'quorum'), text('quorum') || '1', approvers),
    backups: readApprovers(stagePath(number, 'backups'), text('backups'), names),
    backupAfterMinutes: readMinutes(stagePath(number, 'backupAfter'), text('backupAfter') || '30m', spans.backupAfter),
  };
}

function readApproval(texts: SettingTexts, names: Nameable): RoleSettings['approval'] {
  if (!readSwitch('approval.required', texts['approval.required'] || 'off')) return null;
  // The first is always there: without anybody named, the role's administrators decide.
  const there = stageNumbers.filter(
    (number) =>
      number === 1 ||
      (['approvers', 'quorum', 'backups', 'backupAfter'] as const).some((of) => texts[stagePath(number, of)]?.trim()),
  );
  const [first, ...others] = there.map((number) => readStage(texts, number, names)) as [ApprovalStage];
  return {
    stages: [first, ...others],
    decidingRequires: readStepUp('approval.deciding', texts['approval.deciding'] || 'none'),
  };
}

/**
 * The settings that these texts say. What has no text, or an empty one where that means nothing, is as in `defaults`.
 * Refuses `setting-unknown`, `setting-unreadable`, `setting-out-of-range`, `setting-list-too-long`,
 * `setting-address-invalid`, `approver-unknown` and `quorum-too-high`, each with the path that is at fault.
 */
export function rulesOf(texts: SettingTexts, defaults: Rules, names: Nameable): Rules | Refusal {
  const unknown = Object.keys(texts).find((path) => !allSettingPaths.includes(path));
  if (unknown !== undefined) return { code: 'setting-unknown', path: unknown };
  const usual = textsOf(defaults, names);
  const all: SettingTexts = {
    ...usual,
    ...Object.fromEntries(Object.entries(texts).filter(([, text]) => text.trim())),
  };
  const minutes = (path: string, span: Span) => readMinutes(path, all[path] as string, span);
  const on = (path: string) => readSwitch(path, all[path] as string);
  const stepUp = (path: string) => readStepUp(path, all[path] as string);
  const recipients = ([event, party]: readonly [NotifiedEvent, NotifiedParty]) => {
    const path = `notifications.${event}.${party}`;
    const extra = readAddresses(`${path}.extra`, texts[`${path}.extra`] ?? usual[`${path}.extra`] ?? '');
    return readRecipients(`${path}.to`, all[`${path}.to`] as string, extra);
  };
  const breakGlass = texts['breakGlass.people'] ?? usual['breakGlass.people'] ?? '';
  try {
    return {
      activationMaximumMinutes: minutes('activation.maximum', spans['activation.maximum']),
      activationRequires: stepUp('activation.require'),
      justificationRequired: on('activation.justification'),
      ticketRequired: on('activation.ticket'),
      approval: readApproval(texts, names),
      breakGlass: readApprovers('breakGlass.people', breakGlass, names),
      requestLifetimeMinutes: minutes('approval.lifetime', spans['approval.lifetime']),
      permanentEligibleAllowed: on('eligible.permanent'),
      eligibleMaximumMinutes: minutes('eligible.maximum', spans.assignment),
      permanentActiveAllowed: on('active.permanent'),
      activeMaximumMinutes: minutes('active.maximum', spans.assignment),
      activeAssignmentRequires: stepUp('active.require'),
      activeJustificationRequired: on('active.justification'),
      notifications: Object.fromEntries(
        notifiedEvents.map((event) => [
          event,
          Object.fromEntries(notifiedParties.map((party) => [party, recipients([event, party])])),
        ]),
      ) as unknown as Rules['notifications'],
    };
  } catch (error) {
    if (error instanceof Unreadable) return error.refusal;
    throw error;
  }
}

export interface SettingLine {
  readonly path: string;
  /** `null`: it is not there, such as a stage that was added or taken away. */
  readonly before: string | null;
  readonly after: string | null;
}

/** What differs, in the order of the paths. */
export function difference(before: Rules, after: Rules, names: Nameable): SettingLine[] {
  const [old, next] = [textsOf(before, names), textsOf(after, names)];
  return allSettingPaths
    .map((path) => ({ path, before: old[path] ?? null, after: next[path] ?? null }))
    .filter((line) => line.before !== line.after);
}

const halfHours = Array.from({ length: day / shortestActivationMinutes }, (_, index) =>
  formatDuration((index + 1) * shortestActivationMinutes, 'en'),
);

/** The texts that a setting can have, where it is one of a few; `null` where it is written freely. */
export function settingChoices(path: string): readonly string[] | null {
  if (path === 'activation.maximum') return halfHours;
  if (/\.(require|deciding)$/.test(path)) return Object.keys(stepUps);
  if (/\.(justification|ticket|required|permanent)$/.test(path)) return ['on', 'off'];
  return path.endsWith('.to') ? recipientTexts : null;
}
