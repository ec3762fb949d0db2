import { formatDuration } from '../domain/duration.ts';
import type { ForbiddenAct } from '../domain/refusal.ts';
import type { RequestStatus } from '../domain/request.ts';
import { problemInGerman } from './problems-de.ts';
import { alternatives, type Sentences } from './sentence.ts';
import { settingWords } from './setting-words.ts';

const list = (names: readonly string[]): string => alternatives(names, 'oder');

const meantPerhaps = (suggestions: readonly string[]): string =>
  suggestions.length > 0 ? ` Meinten Sie ${list(suggestions)}?` : '';

const lasts = (minutes: number): string => formatDuration(minutes, 'de');

const acts: Record<ForbiddenAct, string> = {
  invite: 'Gäste einzuladen',
  'assign-role': 'diese Rolle hier zuzuweisen',
  'read-audit': 'das Überwachungsprotokoll zu lesen',
  'read-digest': 'die wöchentliche Übersicht der Administration zu lesen',
  'manage-invitation': 'diese Einladung zu verwalten',
  'view-assignments': 'zu sehen, wer das hat',
  'manage-settings': 'die Einstellungen dieser Rolle hier zu ändern',
  'view-settings': 'die Einstellungen dieser Rolle hier zu sehen',
  'reset-credentials': 'zurückzusetzen, womit jemand seine Identität bestätigt',
  'read-history': 'den Verlauf anderer zu lesen',
  'create-group': 'eine solche Gruppe anzulegen',
  elevate: 'sich selbst zu erhöhen',
  'oversee-break-glass': 'diesen Zugriff zu beenden oder zu beurteilen',
};

const decided: Record<RequestStatus, string> = {
  PendingEvaluation: 'wartet darauf, dass die anfragende Person sich bestätigt',
  PendingApproval: 'wartet auf Genehmigung',
  ScheduleCreated: 'wurde schon genehmigt und ist geplant',
  PendingProvisioning: 'wurde schon genehmigt',
  Provisioned: 'wurde schon genehmigt',
  Denied: 'wurde schon abgelehnt',
  Canceled: 'wurde zurückgezogen',
  TimedOut: 'ist abgelaufen, bevor jemand entschieden hat',
  Failed: 'wurde genehmigt, aber der Zugriff konnte nicht eingerichtet werden',
  Revoked: 'wurde genehmigt, und die Administration hat den Zugriff entzogen',
};

const closed: Record<'Accepted' | 'Declined' | 'Revoked', string> = {
  Accepted: 'angenommen',
  Declined: 'abgelehnt',
  Revoked: 'widerrufen',
};

const fields: Readonly<Record<string, string>> = {
  displayName: 'Der Name',
  name: 'Der Name',
  company: 'Der Name des Unternehmens',
  message: 'Die Nachricht',
  justification: 'Die Begründung',
  ticket: 'Die Ticketnummer',
  note: 'Der Hinweis',
};

const statusCommand = { title: 'Meine Anfragen anzeigen', verb: 'status' };
const rolesCommand = { title: 'Meine Rollen anzeigen', verb: 'roles' };
const approvalsCommand = { title: 'Anzeigen, was wartet', verb: 'approvals' };
const notInvited = 'Niemand wurde eingeladen.';

/** Every refusal in German. */
export const germanSentences: Sentences = {
  'input-invalid': ({ field, problem }) => ({
    at: field,
    title: 'Das war nicht lesbar',
    text: field ? `„${field}“ ${problemInGerman(problem)}.` : `Die Nachricht ${problemInGerman(problem)}.`,
    next: 'Korrigieren Sie die Eingabe, und senden Sie sie noch einmal. „help“ zeigt, wie jeder Befehl geschrieben wird.',
  }),
  'account-unlinked': () => ({
    title: 'Wer sind Sie?',
    text: 'Dieses Chat-Konto gehört noch niemandem, den ich kenne.',
    next: 'Tippen Sie „link“ und Ihre E-Mail-Adresse; dorthin sende ich einen Code.',
  }),
  'account-disabled': () => ({
    title: 'Ihr Konto ist gesperrt',
    text: 'Ihr Konto in dieser Organisation ist gesperrt und kann nicht benutzt werden.',
    next: 'Fragen Sie die Person, die Sie eingeladen hat, oder die Administration.',
  }),
  'invitation-not-redeemed': () => ({
    title: 'Nehmen Sie zuerst Ihre Einladung an',
    text: 'Sie wurden eingeladen und haben noch nicht angenommen.',
    next: 'Öffnen Sie den Link in der Einladungsmail. Wenn Sie sie nicht finden, bitten Sie die einladende Person, sie erneut zu senden.',
  }),
  'not-allowed': ({ what, needs }) => ({
    title: 'Das dürfen Sie nicht',
    text: `Um ${acts[what]}, muss eine dieser Rollen bei Ihnen aktiv sein: ${list(needs)}.`,
    next: 'Wenn Sie für eine davon berechtigt sind, aktivieren Sie sie; sonst fragen Sie die Administration.',
    command: rolesCommand,
  }),
  'email-invalid': ({ email }) => ({
    at: 'email',
    title: 'Keine E-Mail-Adresse',
    text: `„${email}“ ist keine E-Mail-Adresse. ${notInvited}`,
    next: 'Schreiben Sie sie wie name@firma.example.',
  }),
  'email-plus': ({ suggestion }) => ({
    at: 'email',
    title: 'Bitte ohne Pluszeichen',
    text: `Adressen mit Pluszeichen können nicht eingeladen werden. ${notInvited}`,
    next: `Laden Sie stattdessen ${suggestion} ein.`,
  }),
  'email-group': ({ email }) => ({
    at: 'email',
    title: 'Das ist eine Verteilerliste',
    text: `${email} erreicht mehrere Personen; eine Einladung gilt einer Person. ${notInvited}`,
    next: 'Laden Sie die Person unter ihrer eigenen Adresse ein.',
  }),
  'domain-blocked': ({ domain }) => ({
    at: 'email',
    title: 'Diese Domäne ist gesperrt',
    text: `Die Organisation lässt keine Gäste von ${domain} zu. ${notInvited}`,
    next: 'Die Administration kann die Einstellungen für die Zusammenarbeit ändern.',
  }),
  'invitations-off': () => ({
    title: 'Einladungen sind abgeschaltet',
    text: 'Die Organisation lässt niemanden Gäste einladen.',
    next: 'Die Administration kann die Einstellungen für die Zusammenarbeit ändern.',
  }),
  'already-invited': ({ email }) => ({
    at: 'email',
    title: 'Schon eingeladen',
    text: `${email} wurde schon eingeladen und hat noch nicht angenommen.`,
    next: `Tippen Sie „resend ${email}“, um die Mail erneut zu senden, auch nach einer Ablehnung oder einem Widerruf. Oder fügen Sie --role und --scope hinzu, um die Person für eine Rolle zu berechtigen.`,
  }),
  'already-here': ({ email }) => ({
    at: 'email',
    title: 'Schon da',
    text: `${email} gehört schon zur Organisation.`,
    next: 'Fügen Sie --role und --scope hinzu, um die Person für eine Rolle zu berechtigen.',
  }),
  'invitation-unknown': ({ email }) => ({
    title: 'Keine solche Einladung',
    text: email ? `Für ${email} gibt es keine Einladung.` : 'Diese Einladung gibt es nicht.',
    next: 'Tippen Sie „invite“ und die Adresse, um eine zu senden.',
  }),
  'invitation-closed': ({ outcome }) => ({
    title: `Einladung ${closed[outcome]}`,
    text: `Diese Einladung wurde schon ${closed[outcome]}.`,
    next:
      outcome === 'Accepted'
        ? 'Das Konto ist in Gebrauch. Was es darf, folgt aus seinen Rollen, nicht aus der Einladung.'
        : 'Es braucht eine neue Einladung: Bitten Sie die einladende Person darum.',
  }),
  'role-unknown': ({ role, suggestions }) => ({
    at: 'role',
    title: 'Keine solche Rolle',
    text: `Die Rolle „${role}“ gibt es nicht.${meantPerhaps(suggestions)}`,
    next: 'Setzen Sie einen Namen mit Leerzeichen in Anführungszeichen: --role "User Administrator".',
  }),
  'role-needs-scope': ({ role, scopes }) => ({
    at: 'scope',
    title: 'In welchem Bereich?',
    text: `${role} gilt in einem Bereich; es wurde keiner genannt.`,
    next: `Fügen Sie --scope mit einem von diesen hinzu: ${scopes.slice(0, 8).join(', ')}${scopes.length > 8 ? ', …' : ''}.`,
  }),
  'scope-needs-role': ({ scope }) => ({
    at: 'role',
    title: 'Welche Rolle?',
    text: `Der Bereich ${scope} wurde genannt, aber keine Rolle.`,
    next: 'Fügen Sie --role mit dem Namen einer Rolle hinzu.',
  }),
  'scope-unknown': ({ scope, suggestions }) => ({
    at: 'scope',
    title: 'Kein solcher Bereich',
    text: `Den Bereich „${scope}“ gibt es nicht.${meantPerhaps(suggestions)}`,
  }),
  'scope-ambiguous': ({ scope, matches, more }) => ({
    at: 'scope',
    title: 'Welcher?',
    text: `Mehrere Bereiche haben „${scope}“ in ihrem Namen.`,
    next:
      more > 0
        ? `Schreiben Sie mehr davon, oder den ganzen Pfad: ${matches.join(', ')} und ${more} weitere.`
        : `Nennen Sie den ganzen Pfad: ${list(matches)}.`,
  }),
  'role-not-at-scope': ({ role, scope }) => ({
    at: 'scope',
    title: 'Nicht dort',
    text: `${role} ist in ${scope} nicht möglich: Verzeichnisrollen gelten im Verzeichnis, Ressourcenrollen darunter.`,
  }),
  'duration-invalid': ({ given }) => ({
    at: 'duration',
    title: 'Wie lange?',
    text: `„${given}“ ist keine Dauer.`,
    next: 'Schreiben Sie sie wie 30m, 4h, 1h30m, 90d oder 2w.',
  }),
  'assignment-too-long': ({ kind, maximumMinutes }) => ({
    at: 'duration',
    title: 'Zu lang',
    text: `${kind === 'eligible' ? 'Eine berechtigte' : 'Eine aktive'} Zuweisung dieser Rolle darf höchstens ${lasts(maximumMinutes)} dauern.`,
    next: 'Wählen Sie eine kürzere Zeit.',
  }),
  'permanent-not-allowed': ({ kind, maximumMinutes }) => ({
    at: 'duration',
    title: 'Nicht unbefristet',
    text: `${kind === 'eligible' ? 'Berechtigte' : 'Aktive'} Zuweisungen dieser Rolle müssen enden; höchstens ${lasts(maximumMinutes)} sind möglich.`,
    next: 'Wählen Sie eine Dauer.',
  }),
  'already-assigned': ({ kind, role, scope, from, until, reference }, time) => ({
    at: 'role',
    title: kind === 'eligible' ? 'Schon berechtigt' : 'Schon aktiv',
    text: `${kind === 'eligible' ? `Die Berechtigung für ${role}` : `Die Zuweisung von ${role}`} auf ${scope} besteht schon${from ? `, ab ${time(from)}` : ''}${until ? `, bis ${time(until)}` : ''}.`,
    next: `Ändern Sie sie stattdessen: „update ${reference}“. Oder wählen Sie eine Zeit außerhalb davon.`,
  }),
  'instant-invalid': ({ given, field }) => ({
    at: field ?? 'from',
    title: 'Wann?',
    text: `„${given}“ ist kein Zeitpunkt.`,
    next: 'Schreiben Sie ihn wie 2026-12-01T09:00, oder 2d für: in zwei Tagen.',
  }),
  'start-in-past': ({ startsAt }, time) => ({
    at: 'from',
    title: 'Das ist vorbei',
    text: `Eine Zuweisung kann nicht in der Vergangenheit beginnen: ${time(startsAt)}.`,
    next: 'Wählen Sie einen späteren Beginn, oder keinen, um sofort zu beginnen.',
  }),
  'started-already': ({ startsAt }, time) => ({
    at: 'from',
    title: 'Sie hat begonnen',
    text: `Diese Zuweisung hat ${time(startsAt)} begonnen; ihr Beginn lässt sich nicht mehr ändern.`,
    next: 'Ändern Sie das Ende, oder entfernen Sie die Zuweisung.',
  }),
  'end-before-start': ({ startsAt, endsAt }, time) => ({
    at: 'duration',
    title: 'Sie würde nie gelten',
    text: `Sie würde ${time(startsAt)} beginnen und ${time(endsAt)} enden.`,
    next: 'Sagen Sie auch, wie lange sie gelten soll.',
  }),
  'nothing-to-change': () => ({
    at: 'duration',
    title: 'Nichts zu ändern',
    text: 'Es wurde weder ein neues Ende noch ein neuer Beginn genannt.',
    next: 'Ergänzen Sie --for, --permanent oder --from.',
  }),
  'overlaps-another': ({ from, until }, time) => ({
    at: 'duration',
    title: 'Es gibt noch eine',
    text: `Eine andere Zuweisung dieser Art gilt ab ${time(from)}${until ? ` bis ${time(until)}` : ', ohne Ende'}.`,
    next: 'Wählen Sie eine Zeit außerhalb davon, oder lassen Sie jene ändern.',
  }),
  'active-not-updatable': ({ because }) => ({
    title: 'Jetzt nicht zu ändern',
    text: {
      activation: 'Sie kam durch Aktivieren einer berechtigten Zuweisung und gilt so lange, wie angefragt wurde.',
      'not-there-yet': 'Das Zielsystem hat noch nicht bestätigt, dass sie da ist.',
      'under-way': 'Ihr Ende wird schon verschoben.',
      ending: 'Sie endet gerade.',
    }[because],
    next: {
      activation: 'Ändern Sie die berechtigte Zuweisung, oder entfernen Sie die Aktivierung.',
      'not-there-yet': 'Versuchen Sie es gleich noch einmal.',
      'under-way': 'Versuchen Sie es gleich noch einmal.',
      ending: 'Weisen Sie die Rolle neu zu, wenn sie noch gebraucht wird.',
    }[because],
  }),
  'principal-missing': () => ({
    at: 'principal',
    title: 'Wer?',
    text: 'Es wurde niemand genannt.',
    next: 'Nennen Sie eine E-Mail-Adresse, einen Namen oder den Namen einer Gruppe.',
  }),
  'principal-unknown': ({ principal }) => ({
    at: 'principal',
    title: 'Niemand gefunden',
    text: `Es gibt weder eine Person noch eine Gruppe „${principal}“.`,
    next: 'Prüfen Sie die Adresse. Wer neu ist, muss erst eingeladen werden: „invite“.',
  }),
  'principal-ambiguous': ({ principal, matches }) => ({
    at: 'principal',
    title: 'Wer davon?',
    text: `„${principal}“ kann sein: ${list(matches)}.`,
    next: 'Nennen Sie die Adresse, oder den ganzen Namen der Gruppe.',
  }),
  'assignment-missing': () => ({
    at: 'principal',
    title: 'Welche Zuweisung?',
    text: 'Es wurde keine Zuweisung genannt.',
    next: 'Nennen Sie ihre Nummer, oder wer sie hat, mit --role und --scope.',
  }),
  'managed-unknown': () => ({
    title: 'Keine solche Zuweisung',
    text: 'Es gibt keine solche Zuweisung, die Sie verwalten.',
    next: 'Prüfen Sie, wer sie hat, die Rolle und den Bereich.',
  }),
  'managed-ambiguous': ({ matches }) => ({
    title: 'Welche?',
    text: `Es gibt mehrere solche Zuweisungen: ${list(matches)}.`,
    next: 'Nennen Sie die Nummer, oder ergänzen Sie --eligible oder --active.',
  }),
  'managed-over': ({ status }) => ({
    title: 'Schon vorbei',
    text:
      status === 'Failed'
        ? 'Diese Zuweisung konnte nicht eingerichtet werden; nichts davon ist übrig.'
        : 'Diese Zuweisung ist schon beendet.',
    next: 'Mit „assign“ weisen Sie die Rolle neu zu.',
  }),
  'group-exists': ({ group }) => ({
    at: 'name',
    title: 'Gibt es schon',
    text: `Eine Gruppe heißt schon „${group}“.`,
    next: 'Wählen Sie einen anderen Namen.',
  }),
  'group-name-missing': () => ({
    at: 'name',
    title: 'Wie heißt sie?',
    text: 'Eine Gruppe braucht einen Namen.',
    next: 'Schreiben Sie ihn in Anführungszeichen: group create "Finanzprüfung".',
  }),
  'principal-blocked': ({ principal }) => ({
    at: 'principal',
    title: 'Gesperrt',
    text: `Das Konto von ${principal} ist gesperrt; es bekommt keine Zuweisungen.`,
  }),
  'group-in-group': ({ group }) => ({
    at: 'principal',
    title: 'Keine Gruppen in Gruppen',
    text: `${group} ist eine Gruppe; nur Personen können Mitglied oder Besitzer einer Gruppe sein.`,
  }),
  'group-not-role-assignable': ({ group }) => ({
    at: 'principal',
    title: 'Diese Gruppe kann keine Rollen haben',
    text: `${group} wurde nicht als Gruppe für Rollen angelegt, und nur eine solche darf Rollen haben. Das lässt sich später nicht ändern.`,
    next: 'Legen Sie eine Gruppe mit --role-assignable an, oder weisen Sie die Rolle Personen zu.',
  }),
  'link-stale': () => ({
    title: 'Dieser Link gilt nicht mehr',
    text: 'Eine neuere Mail hat ihn ersetzt, oder er war nie vollständig.',
    next: 'Nehmen Sie den Link in der neuesten Mail, oder bitten Sie die einladende Person, sie erneut zu senden.',
  }),
  'code-wrong': ({ triesLeft }) => ({
    title: 'Das ist nicht der Code',
    text: `Der Code ist falsch; es ${triesLeft === 1 ? 'bleibt ein Versuch' : `bleiben ${triesLeft} Versuche`}.`,
    next: 'Sehen Sie in der neuesten Mail nach, und versuchen Sie es noch einmal.',
  }),
  'code-spent': () => ({
    title: 'Dieser Code gilt nicht mehr',
    text: 'Er wurde schon benutzt, ist zu alt oder wurde zu oft falsch eingegeben.',
    next: 'Fordern Sie einen neuen Code an.',
  }),
  'code-throttled': ({ retryAt }, time) => ({
    title: 'Einen Moment',
    text: `Ein Code wurde eben erst gesendet. Den nächsten können Sie zu dieser Zeit anfordern: ${time(retryAt)}.`,
    next: 'Sehen Sie in Ihren Mails nach, auch im Spam-Ordner.',
  }),
  'terms-not-accepted': () => ({
    title: 'Nutzungsbedingungen',
    text: 'Die Organisation bittet Sie, ihre Nutzungsbedingungen anzunehmen.',
    next: 'Setzen Sie das Häkchen, um fortzufahren, oder lehnen Sie die Einladung ab.',
  }),
  'already-linked': () => ({
    title: 'Schon verbunden',
    text: 'Dieses Chat-Konto gehört schon zu Ihnen.',
    next: 'Tippen Sie „help“, um zu sehen, was Sie tun können.',
  }),
  'eligibility-unknown': () => ({
    title: 'Nichts zu aktivieren',
    text: 'Sie sind für diese Rolle dort nicht berechtigt.',
    command: rolesCommand,
  }),
  'eligibility-ambiguous': ({ matches }) => ({
    title: 'Welche?',
    text: `Sie sind für mehrere berechtigt: ${list(matches)}.`,
    next: 'Nennen Sie Rolle und Bereich, oder wählen Sie aus Ihren Rollen.',
    command: rolesCommand,
  }),
  'eligibility-not-started': ({ startsAt }, time) => ({
    title: 'Noch nicht',
    text: `Sie können diese Rolle erst später aktivieren, ab ${time(startsAt)}.`,
  }),
  'eligibility-ended': ({ endedAt }, time) => ({
    title: 'Nicht mehr berechtigt',
    text: `Die berechtigte Zuweisung ist beendet seit ${time(endedAt)}.`,
    next: 'Die Administration kann sie neu zuweisen.',
  }),
  'scope-not-below': ({ scope, eligibleAt }) => ({
    at: 'scope',
    title: 'Dort nicht',
    text: `Sie sind in ${eligibleAt} berechtigt; ${scope} gehört nicht dazu.`,
    next: `Wählen Sie ${eligibleAt} oder etwas darunter.`,
  }),
  'start-too-late': ({ latest, because }, time) => ({
    at: 'from',
    title: 'Zu weit voraus',
    text:
      because === 'eligibility'
        ? `Sie sind nur bis ${time(latest)} berechtigt.`
        : `Eine Aktivierung lässt sich zurzeit bis ${time(latest)} planen.`,
    next: 'Wählen Sie eine frühere Zeit.',
  }),
  'activation-too-short': ({ minimumMinutes }) => ({
    at: 'duration',
    title: 'Zu kurz',
    text: `Eine Aktivierung dauert mindestens ${lasts(minimumMinutes)}.`,
    next: 'Wählen Sie eine längere Zeit; Sie können die Rolle deaktivieren, sobald Sie fertig sind.',
  }),
  'activation-too-long': ({ maximumMinutes, because }) => ({
    at: 'duration',
    title: 'Zu lang',
    text:
      because === 'role'
        ? `Diese Rolle kann höchstens so lange aktiv sein: ${lasts(maximumMinutes)}.`
        : `Sie sind nur noch so lange berechtigt: ${lasts(maximumMinutes)}.`,
    next: 'Wählen Sie eine kürzere Zeit.',
  }),
  'justification-missing': () => ({
    at: 'justification',
    title: 'Warum?',
    text: 'Eine Begründung ist nötig.',
    next: 'Sagen Sie in wenigen Worten, wofür.',
  }),
  'text-too-long': ({ field, maximum, given }) => ({
    at: field === 'displayName' ? 'name' : field,
    title: 'Zu viel Text',
    text: `${fields[field] ?? `„${field}“`} hat ${given} Zeichen; ${maximum} sind erlaubt.`,
    next: 'Bitte kürzen Sie den Text.',
  }),
  'ticket-missing': () => ({
    at: 'ticket',
    title: 'Welches Ticket?',
    text: 'Für diese Rolle ist die Nummer eines Tickets nötig.',
    next: 'Ergänzen Sie sie, und senden Sie die Anfrage noch einmal.',
  }),
  'already-active': ({ until }, time) => ({
    title: 'Schon aktiv',
    text: `Diese Rolle ist schon aktiv${until ? `, bis ${time(until)}` : ''}.`,
    command: statusCommand,
  }),
  'already-requested': () => ({
    title: 'Schon angefragt',
    text: 'Für diese Rolle ist schon eine Anfrage offen.',
    next: 'Warten Sie auf die Entscheidung, oder ziehen Sie die Anfrage zurück.',
    command: statusCommand,
  }),
  'nobody-can-approve': ({ stage, of }) => ({
    title: 'Niemand könnte genehmigen',
    text:
      of === 1
        ? 'Diese Rolle braucht eine Genehmigung, und zu wenige außer Ihnen könnten sie geben. Nichts wurde angefragt.'
        : `Diese Rolle braucht Genehmigungen in ${of} Stufen, und zu wenige außer Ihnen könnten in Stufe ${stage} genehmigen. Nichts wurde angefragt.`,
    next: 'Bitten Sie die Administration, mehr genehmigende Personen zu benennen.',
  }),
  'nothing-to-extend': ({ what }) => ({
    title: what === 'extend' ? 'Nichts zu verlängern' : 'Nichts zu erneuern',
    text:
      what === 'extend'
        ? 'Es gibt keine solche Zuweisung, deren Ende Sie verschieben könnten.'
        : 'Es gibt keine solche Zuweisung, die in den letzten Wochen geendet hat und erneuert werden könnte.',
    next: 'Nennen Sie die Rolle, wie sie unter Ihren Rollen heißt, mit --scope, wenn sie in mehreren Bereichen gilt.',
    command: rolesCommand,
  }),
  'extension-ambiguous': ({ matches }) => ({
    title: 'Welche?',
    text: `Es gibt mehrere: ${list(matches)}.`,
    next: 'Nennen Sie die Rolle und --scope, dazu --eligible oder --active, wenn es beides gibt; oder nehmen Sie die Schaltflächen Ihrer Rollen.',
    command: rolesCommand,
  }),
  'not-extendable': ({ because }) => ({
    title: 'Nicht zu verlängern',
    text: {
      activation: 'Eine Aktivierung wird nicht verlängert: Aktivieren Sie die Rolle danach noch einmal.',
      permanent: 'Diese Zuweisung hat kein Ende.',
      'not-in-force': 'Diese Zuweisung ist nicht in Kraft.',
      ended: 'Diese Zuweisung ist zu Ende.',
      'under-way': 'Ihr Ende wird schon verschoben.',
    }[because],
    next:
      because === 'ended'
        ? 'Einige Wochen lang kann sie erneuert werden: Tippen Sie „renew“.'
        : 'Nichts wurde geändert.',
  }),
  'too-early-to-extend': ({ possibleAt }, time) => ({
    title: 'Zu früh',
    text: `Ein späteres Ende kann ab ${time(possibleAt)} angefragt werden.`,
    next: 'Ich erinnere Sie, wenn das Ende näher kommt.',
  }),
  'end-not-later': ({ endsAt }, time) => ({
    at: 'duration',
    title: 'Nicht später',
    text: `Die Zuweisung gilt ohnehin bis ${time(endsAt)}.`,
    next: 'Wählen Sie eine längere Zeit; sie zählt von jetzt an.',
  }),
  'end-too-late': ({ maximumMinutes }) => ({
    at: 'duration',
    title: 'Zu lang',
    text: `Die Einstellungen der Rolle lassen von jetzt an höchstens ${lasts(maximumMinutes)} zu.`,
    next: 'Wählen Sie eine kürzere Zeit.',
  }),
  'not-renewable': ({ because }) => ({
    title: 'Nicht zu erneuern',
    text: {
      activation: 'Eine Aktivierung wird nicht erneuert: Aktivieren Sie die Rolle noch einmal.',
      removed: 'Die Administration hat diese Zuweisung beendet.',
      'not-ended': 'Diese Zuweisung ist nicht zu Ende.',
      'too-long-ago': 'Das Ende liegt zu lange zurück.',
    }[because],
    next: 'Wenden Sie sich an die Administration, wenn Sie die Rolle brauchen.',
  }),
  'renewed-already': ({ until }, time) => ({
    title: 'Schon da',
    text: `Eine solche Zuweisung gibt es wieder${until ? `, bis ${time(until)}` : ''}.`,
    command: rolesCommand,
  }),
  'step-up-needed': () => ({
    title: 'Bestätigen Sie, dass Sie es sind',
    text: 'Um das zu genehmigen, müssen Sie bestätigen, dass Sie es wirklich sind. Ihre Entscheidung ist bis dahin aufbewahrt und zählt noch nicht.',
    next: 'Genehmigen Sie sie einzeln, und benutzen Sie die Schaltfläche in der Antwort.',
  }),
  'step-up-spent': ({ why }) => ({
    title: why === 'used' ? 'Schon bestätigt' : 'Diese Seite gilt nicht mehr',
    text: {
      used: 'Sie haben das schon bestätigt. Es zählt einmal.',
      late: 'Sie gilt fünf Minuten, und die sind vorbei. Nichts ist geschehen.',
      tries: 'Es gab zu viele falsche Versuche. Nichts ist geschehen.',
    }[why],
    next: why === 'used' ? 'Im Chat sehen Sie, was daraus geworden ist.' : 'Beginnen Sie im Chat von vorn.',
  }),
  'step-up-wrong': ({ kind, triesLeft }) => ({
    at: 'code',
    title: kind === 'totp' ? 'Das ist nicht der Code' : 'Dieser Passkey wurde nicht angenommen',
    text: `${kind === 'totp' ? 'Der Code ist falsch oder wurde schon benutzt' : 'Er ist hier keiner von Ihren oder hat nicht geprüft, wer Sie sind'}; noch ${triesLeft === 1 ? 'ein Versuch' : `${triesLeft} Versuche`}.`,
    next:
      kind === 'totp'
        ? 'Warten Sie auf den nächsten Code Ihrer App, und geben Sie den ein.'
        : 'Versuchen Sie es noch einmal, oder nehmen Sie einen anderen.',
  }),
  'step-up-throttled': ({ retryAt }, time) => ({
    title: 'Zu viele falsche Versuche',
    text: `In der letzten Stunde gab es zu viele falsche Versuche. Den nächsten nehme ich um ${time(retryAt)} an.`,
    next: 'Wenn Sie das nicht waren, sagen Sie es der Administration.',
  }),
  'passkey-needed': () => ({
    title: 'Bitte einen Passkey',
    text: 'Das muss mit einem Passkey bestätigt werden; ein Code reicht hier nicht.',
    next: 'Nehmen Sie einen Passkey. Wenn Sie keinen haben, tippen Sie im Chat „security“.',
  }),
  'enrolment-spent': () => ({
    title: 'Dieser Link gilt nicht mehr',
    text: 'Er lässt sich einmal öffnen und gilt nur kurze Zeit.',
    next: 'Tippen Sie im Chat „security“ für einen neuen.',
  }),
  'enrolment-unconfirmed': () => ({
    title: 'Bestätigen Sie, dass Sie es sind',
    text: 'Sie haben eingerichtet, womit Sie bestätigen, dass Sie es sind. Um etwas zu ändern, bestätigen Sie zuerst damit.',
    next: 'Wählen Sie die Schaltfläche zum Bestätigen.',
  }),
  'enrolment-wrong': () => ({
    at: 'code',
    title: 'Das hat nicht gepasst',
    text: 'Der Code ist falsch, oder der Passkey ließ sich nicht prüfen. Nichts wurde eingerichtet.',
    next: 'Versuchen Sie es noch einmal. Für einen Code muss die Uhr Ihres Telefons stimmen.',
  }),
  'credential-known': () => ({
    title: 'Schon eingerichtet',
    text: 'Dieser Passkey ist schon eingerichtet.',
    next: 'Nehmen Sie einen anderen, oder lassen Sie es dabei.',
  }),
  'credential-unknown': () => ({
    title: 'Nichts zu entfernen',
    text: 'So etwas haben Sie nicht eingerichtet, oder es wurde schon entfernt.',
    next: 'Die Seite zeigt, was jetzt eingerichtet ist.',
  }),
  'credentials-full': ({ maximum }) => ({
    title: 'Das ist genug',
    text: `Sie haben ${maximum} Wege eingerichtet, zu bestätigen, dass Sie es sind; mehr geht nicht.`,
    next: 'Entfernen Sie einen, den Sie nicht mehr brauchen.',
  }),
  'credentials-none': ({ email }) => ({
    title: 'Nichts zurückzusetzen',
    text: `Unter ${email} ist nichts eingerichtet.`,
    next: 'Mit „security“ richtet die Person etwas ein.',
  }),
  'reset-own': () => ({
    title: 'Nicht bei sich selbst',
    text: 'Niemand setzt zurück, womit er selbst bestätigt, wer er ist.',
    next: 'Tippen Sie „security“, um es zu ändern, oder bitten Sie eine andere Person der Administration.',
  }),
  'person-unknown': ({ email }) => ({
    at: 'role',
    title: 'Niemand mit dieser Adresse',
    text: `Niemand hier hat die Adresse ${email}.`,
    next: 'Prüfen Sie die Adresse.',
  }),
  'stand-in-unfit': ({ why, name }) => ({
    at: 'to',
    title: 'Diese Vertretung geht nicht',
    text: {
      yourself: 'Sie können sich nicht selbst vertreten.',
      guest: `${name} ist Gast; nur Mitglieder der Organisation entscheiden für andere.`,
      group: `„${name}“ ist eine Gruppe; vertreten werden Sie von einer Person.`,
      unavailable: `Das Konto von ${name} ist gesperrt oder noch nicht in Gebrauch.`,
    }[why],
    next: 'Wählen Sie jemand anderes.',
  }),
  'delegation-incomplete': ({ missing }) => ({
    at: missing,
    title: missing === 'to' ? 'Wer entscheidet für Sie?' : 'Bis wann?',
    text: missing === 'to' ? 'Niemand wurde genannt.' : 'Es wurde kein Ende genannt.',
    next:
      missing === 'to'
        ? 'Geben Sie die E-Mail-Adresse an, etwa --to carla@contoso.example.'
        : 'Sagen Sie, bis wann, etwa --until 14d.',
  }),
  'delegation-empty': ({ startsAt, endsAt }, time) => ({
    at: 'until',
    title: 'Das wäre vorbei, bevor es beginnt',
    text: `Jemand würde für Sie von ${time(startsAt)} bis ${time(endsAt)} entscheiden.`,
    next: 'Wählen Sie ein späteres Ende.',
  }),
  'delegation-too-long': ({ maximumDays }) => ({
    at: 'until',
    title: 'Das ist zu lang',
    text: `Jemand kann höchstens ${maximumDays} Tage lang vertreten.`,
    next: 'Wählen Sie ein früheres Ende; danach können Sie wieder darum bitten.',
  }),
  'delegation-exists': ({ endsAt }, time) => ({
    title: 'Sie werden schon vertreten',
    text: `Bis ${time(endsAt)} entscheidet schon jemand für Sie; mehr als eine Vertretung gibt es nicht.`,
    next: 'Beenden Sie diese zuerst: „delegate off“.',
  }),
  'delegation-none': () => ({
    title: 'Nichts zu beenden',
    text: 'Es gibt keine Vertretung von Ihnen, die noch läuft.',
    next: 'Mit „delegate“ sehen Sie, wie es steht.',
  }),
  'break-glass-unknown': () => ({
    title: 'Kein Notfallzugriff',
    text: 'Die Einstellungen keiner solchen Rolle nennen Sie für den Notfallzugriff.',
    next: 'Fragen Sie die Rolle auf dem üblichen Weg an: Tippen Sie „roles“.',
    command: rolesCommand,
  }),
  'break-glass-ambiguous': ({ matches }) => ({
    title: 'Welche?',
    text: `Mehrere kommen in Frage: ${list(matches)}.`,
    next: 'Nennen Sie die Rolle, und mit „--scope“ den Bereich.',
  }),
  'review-own': () => ({
    title: 'Das waren Sie',
    text: 'Niemand sagt vom eigenen Notfallzugriff, ob er gerechtfertigt war.',
    next: 'Das sagt jemand anders, der davon erfahren hat.',
  }),
  'review-too-early': () => ({
    title: 'Noch nicht vorbei',
    text: 'Ob es gerechtfertigt war, wird gefragt, wenn der Zugriff weg ist.',
    next: 'Soll er jetzt weg sein, beenden Sie ihn.',
  }),
  'review-answered': ({ by, at, justified }, time) => ({
    title: 'Schon beantwortet',
    text: `${by} hat am ${time(at)} gesagt, dass es ${justified ? 'gerechtfertigt' : 'nicht gerechtfertigt'} war.`,
    next: 'Die erste Antwort zählt. Das Protokoll hält sie fest.',
  }),
  'request-unknown': () => ({
    title: 'Keine solche Anfrage',
    text: 'Eine solche Anfrage gibt es für Sie nicht.',
    command: statusCommand,
  }),
  'request-ambiguous': ({ matches }) => ({
    title: 'Welche?',
    text: `Es gibt mehrere: ${list(matches)}.`,
    next: 'Ergänzen Sie die Kennung, oder nehmen Sie die Schaltflächen der Liste.',
    command: statusCommand,
  }),
  'request-decided': ({ status, by, at }, time) => ({
    title: 'Zu spät',
    text: `Diese Anfrage ${decided[status]}${by || at ? ` (${[by, at && time(at)].filter(Boolean).join(', ')})` : ''}.`,
  }),
  'requester-unavailable': () => ({
    title: 'Das Konto der anfragenden Person ist gesperrt',
    text: 'Die anfragende Person kann die Rolle zurzeit nicht benutzen; deshalb ist keine Genehmigung möglich.',
    next: 'Lehnen Sie die Anfrage ab, oder warten Sie, bis das Konto wieder in Ordnung ist.',
  }),
  'self-approval': () => ({
    title: 'Nicht die eigene',
    text: 'Niemand entscheidet über die eigene Anfrage.',
    next: 'Eine andere genehmigende Person wurde gefragt.',
  }),
  'not-an-approver': () => ({
    title: 'Darüber dürfen Sie nicht entscheiden',
    text: 'Sie sind für diese Rolle keine genehmigende Person.',
    command: approvalsCommand,
  }),
  'already-voted': ({ at }, time) => ({
    title: 'Sie haben schon entschieden',
    text: `Sie haben über diese Anfrage ${time(at)} entschieden, und jeder entscheidet einmal, auch wer in mehreren Stufen genehmigt.`,
    next: 'Um das, was noch fehlt, wurden andere gebeten.',
    command: approvalsCommand,
  }),
  'other-stage': ({ now, yours, of }) => ({
    title: 'Nicht Ihre Stufe',
    text:
      yours > now
        ? `Diese Anfrage ist in Stufe ${now} von ${of}; Sie sind in Stufe ${yours} an der Reihe.`
        : `Diese Anfrage ist in Stufe ${now} von ${of}; Stufe ${yours}, die Ihre war, ist vorbei.`,
    ...(yours > now ? { next: 'Ich frage Sie, wenn sie beginnt.' } : {}),
    command: approvalsCommand,
  }),
  'duration-lengthened': ({ askedMinutes }) => ({
    at: 'duration',
    title: 'Länger als angefragt',
    text: `Wer genehmigt, darf die angefragte Dauer von ${lasts(askedMinutes)} verkürzen, aber nicht verlängern.`,
    next: 'Lassen Sie die Dauer, wie sie ist, oder wählen Sie eine kürzere.',
  }),
  'not-a-reference': ({ given }) => ({
    title: 'Welche Anfrage?',
    text: `„${given}“ ist nicht die Nummer einer Anfrage; nichts wurde entschieden.`,
    next: 'Nummern haben acht Zeichen, wie 1a2b3c4d; Ihre Begründung folgt nach --because.',
    command: approvalsCommand,
  }),
  'assignment-unknown': () => ({
    title: 'Nichts zu deaktivieren',
    text: 'Eine solche aktive Rolle haben Sie nicht.',
    command: statusCommand,
  }),
  'assignment-not-active': ({ status }) => ({
    title: 'Nicht aktiv',
    text:
      status === 'Provisioning'
        ? 'Der Zugriff wird noch eingerichtet.'
        : 'Der Zugriff endet gerade oder ist schon beendet.',
    command: statusCommand,
  }),
  'too-early-to-deactivate': ({ possibleAt }, time) => ({
    title: 'Zu früh',
    text: `In den ersten fünf Minuten kann eine Rolle nicht deaktiviert werden. Möglich ist es ab ${time(possibleAt)}.`,
  }),
  'setting-unknown': ({ path }) => ({
    title: 'Keine solche Einstellung',
    text: `Eine Einstellung „${path}“ gibt es nicht. Nichts wurde geändert.`,
    next: 'Tippen Sie „settings“ und die Rolle, und nehmen Sie die Formulare der Karte oder einen Namen wie activation.maximum.',
  }),
  'setting-unreadable': ({ path, given, expected }) => ({
    at: path,
    title: 'Das war nicht lesbar',
    text: `${settingWords(path, 'de')}: „${given}“ ist nicht verständlich.`,
    next: `Schreiben Sie es wie ${list(expected)}.`,
  }),
  'setting-out-of-range': ({ path, leastMinutes, mostMinutes, stepMinutes }) => ({
    at: path,
    title: 'Zu kurz oder zu lang',
    text: `${settingWords(path, 'de')}: von ${lasts(leastMinutes)} bis ${lasts(mostMinutes)}${stepMinutes > 1 ? `, in Schritten von ${lasts(stepMinutes)}` : ''}.`,
    next: 'Wählen Sie etwas dazwischen.',
  }),
  'setting-list-too-long': ({ path, most }) => ({
    at: path,
    title: 'Zu viele Namen',
    text: `${settingWords(path, 'de')}: Mehr als ${most} Zeichen gehen nicht.`,
    next: 'Nennen Sie stattdessen eine Gruppe.',
  }),
  'setting-address-invalid': ({ path, given }) => ({
    at: path,
    title: 'Keine E-Mail-Adresse',
    text: `${settingWords(path, 'de')}: „${given}“ ist keine E-Mail-Adresse.`,
    next: 'Schreiben Sie Adressen wie name@firma.example, mit Kommas dazwischen.',
  }),
  'approver-unknown': ({ path, given }) => ({
    at: path,
    title: 'Wer ist das?',
    text: `${settingWords(path, 'de')}: Ich kenne niemanden und keine Gruppe namens „${given}“.`,
    next: 'Nennen Sie Personen mit ihrer E-Mail-Adresse und Gruppen mit ihrem Namen, mit Kommas dazwischen.',
  }),
  'quorum-too-high': ({ path, quorum, approvers }) => ({
    at: path,
    title: 'Mehr, als es sind',
    text: `${settingWords(path, 'de')}: ${quorum} können nicht genehmigen, wo es höchstens ${approvers} sind.`,
    next: 'Nennen Sie mehr genehmigende Personen, oder verlangen Sie weniger.',
  }),
  'group-unknown': ({ group, suggestions }) => ({
    at: 'group',
    title: 'Keine solche Gruppe',
    text: `Es gibt keine Gruppe „${group}“, die Sie sehen können.${meantPerhaps(suggestions)}`,
    next: 'Setzen Sie einen Namen mit Leerzeichen in Anführungszeichen: --group "Finance auditors".',
  }),
  'settings-unchanged': () => ({
    title: 'Nichts zu ändern',
    text: 'Die Einstellungen sind schon so.',
    next: 'Ändern Sie etwas, bevor Sie fortfahren.',
  }),
  'settings-moved': () => ({
    title: 'Die Einstellungen haben sich inzwischen geändert',
    text: 'Jemand anders hat diese Einstellungen inzwischen geändert. Nichts wurde gespeichert.',
    next: 'Sehen Sie nach, wie sie jetzt sind, und ändern Sie sie noch einmal, wenn es noch nötig ist.',
  }),
  'settings-twice': () => ({
    title: 'Zweimal dieselbe Stelle',
    text: 'Diese Einstellungen stehen schon weiter oben.',
    next: 'Fassen Sie beides zusammen.',
  }),
  'proposal-unknown': () => ({
    title: 'Zu alt',
    text: 'Diese Änderung hat zu lange gewartet oder ist nicht Ihre. Nichts wurde geändert.',
    next: 'Öffnen Sie die Einstellungen, und nehmen Sie die Änderung noch einmal vor.',
  }),
};
