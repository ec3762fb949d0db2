import type { Language } from '../../domain/language.ts';
import { type Html, html } from './html.ts';

/** What the pages of step-ups and enrolments say. */
export interface ConfirmingWords {
  readonly passkey: string;
  readonly app: string;
  readonly mine: string;
  readonly nothingYet: string;
  readonly forYou: (name: string, mail: string) => Html;
  readonly isThatYou: (name: string, mail: string) => Html;
  readonly goOn: string;
  readonly once: string;
  readonly back: string;
  readonly whatIsSetUp: string;
  readonly setUpOn: (when: string, used: string | null) => string;
  readonly remove: string;
  readonly removeWhich: (what: string, when: string) => string;
  readonly confirmFirst: string;
  readonly addPasskey: string;
  readonly aboutPasskeys: string;
  readonly noPasskeys: string;
  readonly setUpPasskey: string;
  readonly addApp: string;
  readonly aboutApps: string;
  readonly qrCode: string;
  readonly keyIs: string;
  readonly openApp: string;
  readonly setUpApp: string;
  readonly code: string;
  readonly needsScript: string;
  /** Said by the script. */
  readonly script: {
    readonly cannot: string;
    readonly follow: string;
    readonly failed: string;
    readonly known: string;
  };
  readonly confirm: string;
  readonly account: string;
  readonly aboutToChange: string;
  readonly aboutToActivate: string;
  readonly aboutToApprove: string;
  readonly aboutToGive: string;
  readonly whom: string;
  readonly permanent: string;
  readonly usualDuration: string;
  readonly role: string;
  readonly where: string;
  readonly howLong: string;
  readonly reason: string;
  readonly requester: string;
  readonly yourReason: string;
  readonly confirmed: string;
  readonly backToChat: string;
  readonly caution: string;
  readonly byPasskey: string;
  readonly orByCode: string;
  readonly byCode: string;
  readonly whereCode: string;
  readonly confirmByCode: string;
  readonly noPasskeyYet: string;
  readonly nothingToConfirmWith: string;
  readonly setUpNow: string;
}

const english: ConfirmingWords = {
  passkey: 'Passkey',
  app: 'Authenticator app',
  mine: 'How you confirm that it is you',
  nothingYet: 'You have set up nothing yet.',
  forYou: (
    name,
    mail,
  ) => html`Some roles ask you to confirm that it is really you, with more than your chat account. This is
for <strong>${name}</strong> (${mail}).`,
  isThatYou: (name, mail) => html`This page is for <strong>${name}</strong> (${mail}) alone. Is that you?`,
  goOn: 'Yes, go on',
  once: 'The link can be opened once.',
  back: 'Go on with what you wanted to confirm',
  whatIsSetUp: 'What you have set up',
  setUpOn: (when, used) => `, set up ${when}, ${used ? `last used ${used}` : 'not used yet'}`,
  remove: 'Remove',
  removeWhich: (what, when) => `Remove the ${what.toLowerCase()} of ${when}`,
  confirmFirst: 'To add or remove one, confirm first that it is you.',
  addPasskey: 'Add a passkey',
  aboutPasskeys:
    'A passkey is kept by your phone, your computer or a security key, and unlocked as you unlock that. Nobody can trick you out of it.',
  noPasskeys: 'Passkeys can’t be used at this address. An administrator can give Usher a name (PUBLIC_URL).',
  setUpPasskey: 'Set up a passkey',
  addApp: 'Add an authenticator app',
  aboutApps: 'Scan this with the app, or type the key into it. Then enter the code that it shows.',
  qrCode: 'QR code for the authenticator app; the key below says the same',
  keyIs: 'Key:',
  openApp: 'Open an authenticator app on this device',
  setUpApp: 'Set up the app',
  code: 'Code of six digits',
  needsScript: 'A passkey needs JavaScript, which is off in this browser.',
  script: {
    cannot: 'This browser can’t use passkeys here.',
    follow: 'Follow your browser.',
    failed: 'That did not work, or was canceled. Nothing was done; you can try again.',
    known: 'This passkey is set up already.',
  },
  confirm: 'Confirm that it is you',
  account: 'Account',
  aboutToChange: 'You are about to change how you confirm that it is you.',
  aboutToActivate: 'You have asked to activate this role.',
  aboutToApprove: 'You are about to approve this request.',
  aboutToGive: 'You are about to give this access, or to move its end.',
  whom: 'Who',
  permanent: 'Without an end',
  usualDuration: 'As it is, or as long as the role allows',
  role: 'Role',
  where: 'Where',
  howLong: 'For how long',
  reason: 'Reason',
  requester: 'Asked by',
  yourReason: 'Your reason',
  confirmed: 'Confirmed',
  backToChat: 'You can close this page. The chat shows what comes of it.',
  caution: 'Confirm only what you asked for yourself. This page is for you alone, and good for five minutes.',
  byPasskey: 'Confirm with a passkey',
  orByCode: 'Or with a code',
  byCode: 'With a code',
  whereCode: 'The code is in your authenticator app.',
  confirmByCode: 'Confirm with the code',
  noPasskeyYet: 'This needs a passkey, and you have set up none. You can do that now, and come back here.',
  nothingToConfirmWith:
    'You have set up nothing yet with which you can confirm that it is you. You can do that now, and come back here.',
  setUpNow: 'Set it up now',
};

const german: ConfirmingWords = {
  passkey: 'Passkey',
  app: 'Authenticator-App',
  mine: 'Wie Sie bestätigen, dass Sie es sind',
  nothingYet: 'Sie haben noch nichts eingerichtet.',
  forYou: (
    name,
    mail,
  ) => html`Manche Rollen verlangen, dass Sie mit mehr als Ihrem Chat-Konto bestätigen, dass Sie es wirklich
sind. Diese Seite ist für <strong>${name}</strong> (${mail}).`,
  isThatYou: (name, mail) => html`Diese Seite ist nur für <strong>${name}</strong> (${mail}). Sind Sie das?`,
  goOn: 'Ja, weiter',
  once: 'Der Link lässt sich einmal öffnen.',
  back: 'Weiter mit dem, was Sie bestätigen wollten',
  whatIsSetUp: 'Was Sie eingerichtet haben',
  setUpOn: (when, used) => `, eingerichtet am ${when}, ${used ? `zuletzt benutzt am ${used}` : 'noch nicht benutzt'}`,
  remove: 'Entfernen',
  removeWhich: (what, when) => `Entfernen: ${what} vom ${when}`,
  confirmFirst: 'Um etwas hinzuzufügen oder zu entfernen, bestätigen Sie zuerst, dass Sie es sind.',
  addPasskey: 'Passkey hinzufügen',
  aboutPasskeys:
    'Ein Passkey liegt auf Ihrem Telefon, Ihrem Rechner oder einem Sicherheitsschlüssel und wird wie dieser entsperrt. Niemand kann ihn Ihnen ablisten.',
  noPasskeys:
    'Unter dieser Adresse lassen sich keine Passkeys benutzen. Die Administration kann Usher einen Namen geben (PUBLIC_URL).',
  setUpPasskey: 'Passkey einrichten',
  addApp: 'Authenticator-App hinzufügen',
  aboutApps:
    'Scannen Sie das mit der App, oder tippen Sie den Schlüssel dort ein. Geben Sie dann den Code ein, den die App zeigt.',
  qrCode: 'QR-Code für die Authenticator-App; der Schlüssel darunter sagt dasselbe',
  keyIs: 'Schlüssel:',
  openApp: 'Eine Authenticator-App auf diesem Gerät öffnen',
  setUpApp: 'App einrichten',
  code: 'Code mit sechs Ziffern',
  needsScript: 'Ein Passkey braucht JavaScript, das in diesem Browser ausgeschaltet ist.',
  script: {
    cannot: 'Dieser Browser kann hier keine Passkeys benutzen.',
    follow: 'Folgen Sie Ihrem Browser.',
    failed: 'Das hat nicht geklappt oder wurde abgebrochen. Nichts ist geschehen; Sie können es noch einmal versuchen.',
    known: 'Dieser Passkey ist schon eingerichtet.',
  },
  confirm: 'Bestätigen Sie, dass Sie es sind',
  account: 'Konto',
  aboutToChange: 'Sie wollen ändern, wie Sie bestätigen, dass Sie es sind.',
  aboutToActivate: 'Sie wollen diese Rolle aktivieren.',
  aboutToApprove: 'Sie wollen diese Anfrage genehmigen.',
  aboutToGive: 'Sie wollen diesen Zugriff geben oder sein Ende verschieben.',
  whom: 'Wer',
  permanent: 'Ohne Ende',
  usualDuration: 'Wie bisher, oder so lange, wie die Rolle es erlaubt',
  role: 'Rolle',
  where: 'Wo',
  howLong: 'Wie lange',
  reason: 'Begründung',
  requester: 'Angefragt von',
  yourReason: 'Ihre Begründung',
  confirmed: 'Bestätigt',
  backToChat: 'Sie können diese Seite schließen. Der Chat zeigt, was daraus wird.',
  caution: 'Bestätigen Sie nur, was Sie selbst wollten. Diese Seite ist nur für Sie und gilt fünf Minuten.',
  byPasskey: 'Mit Passkey bestätigen',
  orByCode: 'Oder mit einem Code',
  byCode: 'Mit einem Code',
  whereCode: 'Der Code steht in Ihrer Authenticator-App.',
  confirmByCode: 'Mit dem Code bestätigen',
  noPasskeyYet:
    'Dafür brauchen Sie einen Passkey und haben keinen eingerichtet. Sie können das jetzt tun und kommen hierher zurück.',
  nothingToConfirmWith:
    'Sie haben noch nichts eingerichtet, womit Sie bestätigen können, dass Sie es sind. Sie können das jetzt tun und kommen hierher zurück.',
  setUpNow: 'Jetzt einrichten',
};

export const confirmingWords: Readonly<Record<Language, ConfirmingWords>> = { en: english, de: german };
