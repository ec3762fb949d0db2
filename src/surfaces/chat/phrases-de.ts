import type { Phrases } from './phrases-en.ts';

const kinds: Readonly<Record<string, string>> = {
  'management-group': 'Verwaltungsgruppe',
  subscription: 'Abonnement',
  'resource-group': 'Ressourcengruppe',
  resource: 'Ressource',
};

/** Every phrase in German. */
export const german: Phrases = {
  approved: 'Genehmigt',
  denied: 'Abgelehnt',
  requested: 'Angefragt',
  scheduled: 'Geplant',
  canceled: 'Zurückgezogen',
  deactivating: 'Wird deaktiviert',

  everyCopyShowsIt: (request) => `${request} Jede Kopie der Karte zeigt es.`,
  requestInShort: (role, scope, requester, duration) => `${role} in ${scope} für ${requester}, ${duration}.`,
  requestTakenBack: { title: 'Zurückgezogen', text: 'Ihre Anfrage ist zurückgezogen.' },
  accessIsEnding: { title: 'Wird deaktiviert', text: 'Ich sage Ihnen, wann der Zugriff beendet ist.' },
  sentAgain: { title: 'Erneut gesendet', text: 'Die Karte der Einladung zeigt es.' },
  revoked: { title: 'Widerrufen', text: 'Die Karte der Einladung zeigt es.' },
  invited: (email) => ({ title: 'Eingeladen', text: `Die Einladung an ${email} ist unterwegs.` }),
  assigned: (email) => ({ title: 'Zugewiesen', text: `${email} war schon hier und erfährt von der Zuweisung.` }),
  assignedToInvited: (email) => ({
    title: 'Zugewiesen',
    text: `${email} wurde schon eingeladen und ist berechtigt, sobald die Einladung angenommen ist.`,
  }),

  confirmToTake: {
    title: 'Bestätigen Sie, dass Sie es sind',
    text: 'Es gilt, sobald Sie das getan haben: Die Schaltfläche ist in einer eigenen Nachricht.',
  },
  everyCopyKnows: { title: 'Erledigt', text: 'Jede Karte dazu zeigt es.' },
  extensionRequested: { title: 'Angefragt', text: 'Ich melde mich, sobald jemand entschieden hat.' },
  extensionGranted: {
    title: 'Erledigt',
    text: 'Wer die Rolle hat, erfährt davon. Das Zielsystem braucht vielleicht einen Moment.',
  },
  settingsSaved: 'Gespeichert. Es gilt ab sofort.',
  credentialsReset: (name) => ({
    title: 'Zurückgesetzt',
    text: `${name} muss neu einrichten, womit sich bestätigen lässt, wer da ist. Das wurde der Person mitgeteilt.`,
  }),
  assignedByYou: { title: 'Zugewiesen', text: 'Die Zuweisung hat eine eigene Karte, die zeigt, wie es steht.' },
  assignmentChanged: { title: 'Geändert', text: 'Jede Karte zu dieser Zuweisung zeigt es.' },
  assignmentRemoved: { title: 'Entfernt', text: 'Jede Karte zu dieser Zuweisung zeigt, wann der Zugriff weg ist.' },
  delegated: { title: 'Gebeten', text: 'Die Person weiß es. Eine eigene Karte zeigt, wie es steht, und beendet es.' },
  delegationStopped: { title: 'Beendet', text: 'Niemand entscheidet mehr für Sie. Ihre Vertretung weiß es.' },
  inPlaceOf: (who: string, whom: string) => `${who} für ${whom}`,
  permanent: 'Ohne Ende',

  linked: { title: 'Verbunden', text: 'Jetzt kenne ich Sie. Tippen Sie „help“, um zu sehen, was Sie tun können.' },
  codeRefused:
    'Dieser Code ist falsch oder gilt nicht mehr. Nehmen Sie den aus der neuesten E-Mail, oder fordern Sie einen neuen an.',

  notUnderstood: 'Das habe ich nicht verstanden',
  typeHelp: 'Tippen Sie „help“, um zu sehen, was ich kann.',
  help: 'Hilfe',

  inPrivate: {
    title: 'Bitte unter vier Augen',
    text: 'Öffnen Sie einen persönlichen Chat mit mir, und sagen Sie es dort.',
  },
  notInPrivate: {
    title: 'Bitte unter vier Augen',
    text: 'Ich konnte in unserem persönlichen Chat nicht schreiben. Öffnen Sie ihn, und sagen Sie es dort.',
  },
  doneInPrivate: { title: 'Erledigt', text: 'Was daraus wird, steht in unserem persönlichen Chat.' },
  answeredInPrivate: { title: 'Beantwortet', text: 'Ich habe Ihnen in unserem persönlichen Chat geantwortet.' },

  commandLine: 'Die Kommandozeile',
  unlinkedAccount: 'Ein unbekanntes Konto',
  scopeOfKind: (name, kind) => `${name} (${kinds[kind] ?? kind})`,

  stranger: {
    title: 'Nicht aus dieser Organisation',
    text: 'Ich arbeite für eine andere Organisation und kann hier nichts für Sie tun.',
  },
  nobody: {
    title: 'Wer sind Sie?',
    text: 'Dieser Chat hat mir nicht gesagt, wer Sie sind; deshalb kann ich hier nichts für Sie tun.',
  },
  sorry: {
    title: 'Etwas ist schiefgegangen',
    text: 'Nichts ging verloren. Bitte versuchen Sie es gleich noch einmal.',
  },
  stillAtIt: { title: 'Einen Moment', text: 'Ich bin noch dabei und sage hier, was daraus wurde.' },
  done: 'Erledigt',
  notMine: 'Das kann ich nicht.',
  buttonTooOld: 'Diese Schaltfläche gilt nicht mehr. Tippen Sie „help“, um neu zu beginnen.',
  clickFailed: 'Etwas ist schiefgegangen, und nichts ging verloren. Bitte versuchen Sie es gleich noch einmal.',
  submissionFailed: 'Etwas ist schiefgegangen. Nichts ging verloren: Bitte senden Sie es noch einmal.',
};
