/** What a command is called and does, and what its options mean; verbs and options themselves are English. */
interface GermanCommand {
  readonly title: string;
  readonly summary: string;
  /** By its flags, as the grammar has them. */
  readonly options?: Readonly<Record<string, string>>;
}

const lengthening = {
  '--scope <scope>': 'in welchem Bereich, wenn es mehrere gibt',
  '--eligible': 'die berechtigte Zuweisung, wenn es auch eine aktive gibt',
  '--active': 'die aktive Zuweisung, wenn es auch eine berechtigte gibt',
  '--for <duration>': 'wie lange von jetzt an, etwa 90d; sonst so lange wie üblich',
  '--until <end>': 'stattdessen: bis wann, etwa 2027-06-30T18:00',
  '--because <justification>': 'wofür',
};

/** Every command in German, by its verb; a test names what is missing. */
export const germanCommands: Readonly<Record<string, GermanCommand>> = {
  home: { title: 'Überblick', summary: 'Was aktiv ist, was Sie aktivieren können, und was wartet' },
  roles: { title: 'Meine Rollen', summary: 'Was Sie aktivieren können, mit Schaltflächen' },
  activate: {
    title: 'Rolle aktivieren',
    summary: 'Rollen aktivieren, für die Sie berechtigt sind; mehrere durch Kommas getrennt',
    options: {
      '--scope <scope>': 'wo: der Bereich, für den Sie berechtigt sind, oder einer darunter',
      '--from <start>': 'ab wann, etwa „tomorrow 9:00“, 17:30, 2d oder „2026-12-01 9:00“; ohne sofort',
      '--for <duration>': 'wie lange, etwa 30m, 4h oder 1h30m',
      '--because <justification>': 'Ihre Begründung',
      '--ticket <ticket>': 'die Nummer des Tickets',
    },
  },
  status: { title: 'Mein Stand', summary: 'Ihre Anfragen, und was jetzt aktiv ist' },
  cancel: { title: 'Anfrage zurückziehen', summary: 'Eine wartende oder geplante Anfrage zurückziehen' },
  deactivate: { title: 'Rolle deaktivieren', summary: 'Aktive Rollen vor ihrem Ende abgeben' },
  extend: {
    title: 'Zuweisung verlängern',
    summary: 'Um ein späteres Ende bitten; die Administration beginnt mit der Adresse der Person',
    options: lengthening,
  },
  renew: {
    title: 'Zuweisung erneuern',
    summary: 'Um Beendetes noch einmal bitten; die Administration beginnt mit der Adresse der Person',
    options: lengthening,
  },
  approvals: { title: 'Wartet auf mich', summary: 'Anfragen, die auf Ihre Entscheidung warten' },
  approve: {
    title: 'Genehmigen',
    summary: 'Eine Anfrage genehmigen, oder mehrere mit einer Begründung',
    options: {
      '--because <justification>': 'Ihre Begründung; nötig',
      '--for <duration>': 'für kürzer als angefragt, etwa 1h',
    },
  },
  deny: {
    title: 'Ablehnen',
    summary: 'Eine Anfrage ablehnen, oder mehrere mit einer Begründung',
    options: { '--because <justification>': 'Ihre Begründung; nötig' },
  },
  delegate: {
    title: 'Während ich weg bin',
    summary: 'Wer für Sie entscheidet, während Sie weg sind; „delegate off“, wenn Sie zurück sind',
    options: {
      '--to <to>': 'wer für Sie entscheidet: ein Mitglied, mit Adresse oder Namen',
      '--from <from>': 'ab wann, etwa „tomorrow 9:00“; ohne sofort',
      '--until <until>': 'bis wann, etwa 14d oder „2026-12-01 18:00“; höchstens 90 Tage',
      '--note <note>': 'was zu wissen ist',
    },
  },
  invite: {
    title: 'Gast einladen',
    summary: 'Jemanden per E-Mail einladen; ohne Adresse mit einem Formular',
    options: {
      '--role <role>': 'eine Rolle, die dem Gast zugewiesen wird',
      '--scope <scope>': 'der Bereich, in dem die Rolle gilt',
      '--eligible': 'als berechtigte Zuweisung, die der Gast bei Bedarf aktiviert; auch ohne dieses Wort',
      '--active': 'als aktive Zuweisung',
      '--for <duration>': 'wie lange die Zuweisung gilt, etwa 90d',
      '--permanent': 'ohne Ende, wo die Rolle das erlaubt',
      '--from <start>': 'wann sie beginnt, etwa 2026-12-01T09:00 oder 2d',
      '--because <justification>': 'warum der Gast sie bekommt',
      '--message <message>': 'Ihre Worte in der Mail',
      '--name <name>': 'der Name des Gastes',
      '--company <company>': 'das Unternehmen des Gastes',
    },
  },
  resend: { title: 'Einladung erneut senden', summary: 'Die Mail noch einmal senden, mit neuem Link' },
  revoke: { title: 'Einladung widerrufen', summary: 'Eine Einladung zurücknehmen' },
  resources: {
    title: 'Ressourcen',
    summary: 'Wo Sie etwas verwalten oder haben; mit einem Teil eines Namens nur solche',
    options: { '--page <page>': 'welche Seite' },
  },
  resource: {
    title: 'Eine Ressource',
    summary: 'Wo sie ist, wer sie verwaltet, und welche Rollen es dort gibt',
    options: { '--page <page>': 'welche Seite' },
  },
  role: {
    title: 'Eine Rolle',
    summary: 'Was sie ist, ihre Einstellungen, wer entscheidet, wie viele sie haben',
    options: { '--scope <scope>': 'in welchem Bereich; Verzeichnisrollen brauchen keinen' },
  },
  members: {
    title: 'Wer eine Rolle hat',
    summary: 'Wer eine Rolle hat, wie, seit wann und bis wann',
    options: {
      '--scope <scope>': 'dort und darüber; ohne ihn überall, wo Sie es sehen dürfen',
      '--eligible': 'nur, wer berechtigt ist',
      '--active': 'nur, wer sie jetzt hat',
      '--guests': 'nur Gäste',
      '--filter <filter>': 'ein Teil eines Namens oder einer Adresse',
      '--page <page>': 'welche Seite',
    },
  },
  settings: {
    title: 'Einstellungen einer Rolle',
    summary: 'Was eine Rolle von Aktivierungen und Zuweisungen verlangt, und wer genehmigt',
    options: {
      '--scope <scope>': 'in welchem Bereich',
      '--group <group>': 'der Mitgliedschaft einer Gruppe statt einer Rolle',
      '--owner': 'der Besitzenden der Gruppe statt ihrer Mitglieder',
      '--guests': 'für Gäste, wo ihre abweichen',
      '--set <setting...>': 'was sich ändern soll, etwa maximum=4h; Sie sehen die Wirkung, bevor gespeichert wird',
      '--inherit': 'nimmt die eigenen Einstellungen des Bereichs zurück: Die darüber gelten',
    },
  },
  history: {
    title: 'Verlauf',
    summary:
      'Was Sie angefragt, bekommen und entschieden haben; alles zu einer Anfrage; für Administratoren auch von anderen',
    options: {
      '--role <role>': 'nur zu dieser Rolle',
      '--scope <scope>': 'nur dort',
      '--from <from>': 'seit einem Tag, etwa 2026-03-31, oder seit 7d',
      '--to <to>': 'bis dahin',
      '--result <result>': '„success“ oder „failure“',
      '--action <action>': 'ein Teil dessen, was geschehen ist, etwa approve',
      '--page <page>': 'welche Seite, von der neuesten an gezählt',
    },
  },
  assign: {
    title: 'Rolle zuweisen',
    summary: 'Einer Person oder Gruppe eine Rolle geben; ohne Namen mit einem Formular',
    options: {
      '--role <role>': 'welche Rolle; „member“ oder „owner“ einer Gruppe',
      '--scope <scope>': 'wo; ein Teil des Namens reicht, und auch eine Gruppe ist ein Bereich',
      '--eligible': 'als berechtigte Zuweisung, die bei Bedarf aktiviert wird; auch ohne dieses Wort',
      '--active': 'als aktive Zuweisung',
      '--for <duration>': 'wie lange, etwa 90d',
      '--permanent': 'ohne Ende, wo die Rolle das erlaubt',
      '--from <start>': 'wann sie beginnt, etwa 2026-12-01T09:00 oder 2d',
      '--because <justification>': 'warum',
    },
  },
  update: {
    title: 'Zuweisung ändern',
    summary: 'Das Ende einer Zuweisung ändern, oder ihren Beginn, solange er bevorsteht',
    options: {
      '--role <role>': 'ihre Rolle, wenn keine Nummer genannt ist',
      '--scope <scope>': 'ihr Bereich, wenn keine Nummer genannt ist',
      '--eligible': 'die berechtigte von mehreren',
      '--active': 'die aktive von mehreren',
      '--for <duration>': 'wie lange ab jetzt, oder ab ihrem Beginn',
      '--permanent': 'ohne Ende, wo die Rolle das erlaubt',
      '--from <start>': 'wann sie beginnt',
      '--because <justification>': 'warum sie geändert wird',
    },
  },
  unassign: {
    title: 'Zuweisung entfernen',
    summary: 'Eine Rolle wegnehmen, wie es auch um sie steht',
    options: {
      '--role <role>': 'ihre Rolle, wenn keine Nummer genannt ist',
      '--scope <scope>': 'ihr Bereich, wenn keine Nummer genannt ist',
      '--eligible': 'die berechtigte von mehreren',
      '--active': 'die aktive von mehreren',
      '--because <justification>': 'warum sie entfernt wird',
    },
  },
  groups: {
    title: 'Gruppen',
    summary: 'Die Gruppen, in denen Sie sind oder die Sie verwalten',
    options: { '--page <page>': 'welche Seite' },
  },
  group: {
    title: 'Eine Gruppe',
    summary: 'Wer in einer Gruppe ist und was sie hat, oder eine neue Gruppe',
    options: {
      '--role-assignable': 'eine neue Gruppe, die Rollen haben darf; das lässt sich später nicht ändern',
      '--description <description>': 'wofür eine neue Gruppe da ist',
    },
  },
  'break-glass': {
    title: 'Notfallzugriff',
    summary: 'Im Notfall: eine Rolle sofort nehmen, die Sie dafür nennt; ihre Administration erfährt davon',
    options: {
      '--scope <scope>': 'wo, wenn Sie für mehrere genannt sind',
      '--for <duration>': 'wie lange, etwa 1h; ohne Angabe so lange, wie die Rolle erlaubt',
      '--because <justification>': 'Ihre Begründung; nötig',
    },
  },
  elevate: {
    title: 'Sich selbst erhöhen',
    summary:
      'Für Global Administrators: eine Zeit lang den Zugriff auf jede Ressource verwalten; die anderen erfahren es',
    options: {
      '--for <duration>': 'wie lange, etwa 2h; ohne Angabe eine Stunde, höchstens acht',
      '--because <justification>': 'Ihre Begründung; nötig',
    },
  },
  audit: {
    title: 'Überwachung',
    summary: 'Wer was getan hat; „audit verify“ prüft das Protokoll',
    options: { '--page <page>': 'welche Seite, von der neuesten an gezählt' },
  },
  security: {
    title: 'Meine Sicherheit',
    summary: 'Wie Sie bestätigen, dass Sie es sind; die Administration setzt es für andere zurück',
  },
  link: { title: 'Konto verbinden', summary: 'Mir sagen, wer Sie sind, wenn ich frage' },
  code: { title: 'Code eingeben', summary: 'Der Code aus meiner Mail' },
  language: { title: 'Sprache', summary: 'Deutsch oder Englisch lesen; „language auto“ richtet sich nach Ihrem Chat' },
  quiet: {
    title: 'Ruhezeiten',
    summary: 'Wann Neuigkeiten warten, die warten können; „quiet off“ für nie',
    options: { '--weekends': 'auch samstags und sonntags ganz' },
  },
  digest: {
    title: 'Wochenübersicht',
    summary: 'Was Sie verwalten, in Zahlen; jeden Montag, außer nach „digest off“',
  },
  help: { title: 'Hilfe', summary: 'Was Sie tun können, und wie ein Befehl geschrieben wird' },
};
