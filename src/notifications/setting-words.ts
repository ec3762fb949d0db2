import type { ApprovalWarning, StageReach } from '../domain/change-settings.ts';
import { formatDuration, parseDuration } from '../domain/duration.ts';
import type { Language } from '../domain/language.ts';
import { notifiedEvents, notifiedParties } from '../domain/role-settings.ts';
import { isPeople, mostStages, type SettingSection } from '../domain/setting-texts.ts';

/** What each setting is called, by its path, where people read it; and how its text reads in their language. */

interface Words {
  readonly names: Readonly<Record<string, string>>;
  readonly stage: (number: number) => string;
  readonly ofStage: Readonly<Record<'approvers' | 'quorum' | 'backups' | 'backupAfter', string>>;
  readonly events: Readonly<Record<(typeof notifiedEvents)[number], string>>;
  readonly to: Readonly<Record<(typeof notifiedParties)[number], string>>;
  readonly alsoTo: Readonly<Record<(typeof notifiedParties)[number], string>>;
  /** Texts that mean the same everywhere, by what they are. */
  readonly values: Readonly<Record<string, string>>;
  readonly administrators: string;
  readonly nobody: string;
  readonly notThere: string;
  readonly sections: Readonly<Record<SettingSection, string>>;
  readonly reach: (stage: number, approvers: number, backups: number, quorum: number) => string;
  readonly warning: (warning: ApprovalWarning) => string;
}

const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
const personen = (count: number): string => (count === 1 ? '1 Person' : `${count} Personen`);

const english: Words = {
  names: {
    'activation.maximum': 'Longest activation',
    'activation.require': 'To activate, prove anew with',
    'activation.justification': 'Justification to activate',
    'activation.ticket': 'Ticket to activate',
    'breakGlass.people': 'Break-glass access',
    'approval.required': 'Approval to activate',
    'approval.deciding': 'To approve, prove anew with',
    'approval.lifetime': 'Requests time out after',
    'eligible.permanent': 'Eligible without an end',
    'eligible.maximum': 'Longest eligible assignment',
    'active.permanent': 'Active without an end',
    'active.maximum': 'Longest active assignment',
    'active.require': 'To assign as active, prove anew with',
    'active.justification': 'Justification to assign as active',
  },
  stage: (number) => `Stage ${number}`,
  ofStage: {
    approvers: 'approvers',
    quorum: 'how many have to approve',
    backups: 'backup approvers',
    backupAfter: 'backups are asked after',
  },
  events: { assignedEligible: 'Assigned as eligible', assignedActive: 'Assigned as active', activated: 'Activated' },
  to: { admin: 'administrators', assignee: 'assignee', approver: 'approvers' },
  alsoTo: {
    admin: 'with the administrators, also',
    assignee: 'with the assignee, also',
    approver: 'with the approvers, also',
  },
  values: {
    default: 'told',
    'default, critical only': 'told what is critical',
    named: 'only those named',
    'named, critical only': 'only those named, what is critical',
  },
  administrators: 'the role’s administrators',
  nobody: 'nobody',
  notThere: 'not there',
  sections: {
    activation: 'Activation',
    approval: 'Approval',
    assignment: 'Assignment',
    notifications: 'Notifications',
  },
  reach: (stage, approvers, backups, quorum) =>
    `Stage ${stage} asks ${people(approvers)} at present; ${quorum} of them ${quorum === 1 ? 'has' : 'have'} to approve. Backups: ${people(backups)}.`,
  warning: (warning) => {
    switch (warning.kind) {
      case 'nobody':
        return `Stage ${warning.stage}: nobody could approve at present. Requests would be refused at once.`;
      case 'too-few':
        return `Stage ${warning.stage}: ${warning.quorum} have to approve, and only ${people(warning.can)} could.`;
      case 'own':
        return `Stage ${warning.stage}: nobody decides for themselves. For ${people(warning.people)} who may activate the role, too few others are left to approve.`;
      default:
        return warning satisfies never;
    }
  },
};

const german: Words = {
  names: {
    'activation.maximum': 'Längste Aktivierung',
    'activation.require': 'Zum Aktivieren neu nachweisen mit',
    'activation.justification': 'Begründung zum Aktivieren',
    'activation.ticket': 'Ticket zum Aktivieren',
    'breakGlass.people': 'Notfallzugriff',
    'approval.required': 'Genehmigung zum Aktivieren',
    'approval.deciding': 'Zum Genehmigen neu nachweisen mit',
    'approval.lifetime': 'Anfragen laufen ab nach',
    'eligible.permanent': 'Berechtigt ohne Ende',
    'eligible.maximum': 'Längste berechtigte Zuweisung',
    'active.permanent': 'Aktiv ohne Ende',
    'active.maximum': 'Längste aktive Zuweisung',
    'active.require': 'Zum aktiven Zuweisen neu nachweisen mit',
    'active.justification': 'Begründung zum aktiven Zuweisen',
  },
  stage: (number) => `Stufe ${number}`,
  ofStage: {
    approvers: 'genehmigende Personen',
    quorum: 'wie viele genehmigen müssen',
    backups: 'Vertretungen',
    backupAfter: 'Vertretungen werden gefragt nach',
  },
  events: {
    assignedEligible: 'Als berechtigt zugewiesen',
    assignedActive: 'Als aktiv zugewiesen',
    activated: 'Aktiviert',
  },
  to: { admin: 'Administration', assignee: 'zugewiesene Person', approver: 'genehmigende Personen' },
  alsoTo: {
    admin: 'mit der Administration auch',
    assignee: 'mit der zugewiesenen Person auch',
    approver: 'mit den genehmigenden Personen auch',
  },
  values: {
    on: 'an',
    off: 'aus',
    none: 'nichts',
    passkey: 'Passkey',
    default: 'wird benachrichtigt',
    'default, critical only': 'nur bei Wichtigem',
    named: 'nur die Genannten',
    'named, critical only': 'nur die Genannten, bei Wichtigem',
  },
  administrators: 'die Administration der Rolle',
  nobody: 'niemand',
  notThere: 'nicht vorhanden',
  sections: {
    activation: 'Aktivierung',
    approval: 'Genehmigung',
    assignment: 'Zuweisung',
    notifications: 'Benachrichtigungen',
  },
  reach: (stage, approvers, backups, quorum) =>
    `Stufe ${stage} fragt zurzeit ${personen(approvers)}; ${quorum} davon ${quorum === 1 ? 'muss' : 'müssen'} genehmigen. Vertretungen: ${personen(backups)}.`,
  warning: (warning) => {
    switch (warning.kind) {
      case 'nobody':
        return `Stufe ${warning.stage}: Zurzeit könnte niemand genehmigen. Anfragen würden sofort abgewiesen.`;
      case 'too-few':
        return `Stufe ${warning.stage}: ${warning.quorum} müssen genehmigen, und nur ${personen(warning.can)} könnten es.`;
      case 'own':
        return `Stufe ${warning.stage}: Niemand entscheidet für sich selbst. Für ${personen(warning.people)}, die die Rolle aktivieren dürfen, bleiben zu wenige andere zum Genehmigen.`;
      default:
        return warning satisfies never;
    }
  },
};

/** Every path's name in one language. */
function namesOf({ names, stage, ofStage, events, to, alsoTo }: Words): Readonly<Record<string, string>> {
  const stages = Array.from({ length: mostStages }, (_, index) => index + 1).flatMap((number) =>
    Object.entries(ofStage).map(([of, name]) => [`approval.stage${number}.${of}`, `${stage(number)}: ${name}`]),
  );
  const notified = notifiedEvents.flatMap((event) =>
    notifiedParties.flatMap((party) => [
      [`notifications.${event}.${party}.to`, `${events[event]}: ${to[party]}`],
      [`notifications.${event}.${party}.extra`, `${events[event]}: ${alsoTo[party]}`],
    ]),
  );
  return { ...names, ...Object.fromEntries([...stages, ...notified]) };
}

const words: Readonly<Record<Language, Words>> = { en: english, de: german };
const names: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  en: namesOf(english),
  de: namesOf(german),
};

export const settingWords = (path: string, language: Language): string => names[language][path] ?? path;

/** A setting's text, as people read it: an empty one has words, too, and so has one that is not there. */
export function settingValue(path: string, text: string | null, language: Language): string {
  const { values, administrators, nobody, notThere } = words[language];
  if (text === null) return notThere;
  if (text === '') return path.endsWith('.approvers') || path.endsWith('.backups') ? administrators : nobody;
  const minutes = /\.(maximum|lifetime|backupAfter)$/.test(path) ? parseDuration(text) : null;
  return minutes === null ? (values[text] ?? text) : formatDuration(minutes, language);
}

export const settingSections = (section: SettingSection, language: Language): string =>
  words[language].sections[section];

/** How many people one stage of approval reaches. */
export const reachWords = (stage: number, { approverIds, backupIds, quorum }: StageReach, language: Language): string =>
  words[language].reach(stage, approverIds.length, backupIds.length, quorum);

export const warningWords = (warning: ApprovalWarning, language: Language): string => words[language].warning(warning);

/** What a free text can be like. */
export function settingPlaceholder(path: string): string {
  if (isPeople(path)) return 'name@company.example, group:Auditors';
  if (path.endsWith('.extra')) return 'name@company.example';
  return path.endsWith('.quorum') ? '1' : '30m, 8h, 90d';
}
