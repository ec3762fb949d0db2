import type { Language } from '../../domain/language.ts';
import { type Html, html } from './html.ts';

/** What the pages of an invitation say. */
export interface RedemptionWords {
  readonly welcome: (organisation: string) => string;
  readonly accepted: string;
  readonly whatNext: string;
  readonly next: (organisation: string) => Html;
  readonly confirming: string;
  readonly confirmingWhy: Html;
  readonly decline: string;
  readonly enterCode: string;
  readonly codeTitle: (organisation: string) => string;
  readonly codeSent: (mail: string) => string;
  readonly code: string;
  readonly acceptTerms: (organisation: string, version: string | number) => string;
  readonly accept: string;
  readonly anotherCode: string;
  readonly invitationTo: (organisation: string) => string;
  readonly invites: (organisation: string) => string;
  readonly hasInvited: (inviter: string, mail: string, organisation: string) => Html;
  readonly seeAndDo: (organisation: string) => string;
  readonly sees: readonly string[];
  readonly caution: (organisation: string) => string;
  readonly terms: (version: string | number) => string;
  readonly sendCode: string;
  readonly declinedTitle: string;
  readonly declined: string;
  readonly nothingShared: string;
}

const english: RedemptionWords = {
  welcome: (organisation) => `Welcome to ${organisation}`,
  accepted: 'You have accepted the invitation. Your account is ready.',
  whatNext: 'What to do next',
  next: (organisation) =>
    html`Write <code>roles</code> to Usher in the chat that you use with ${organisation}. You will see what you can activate. If Usher
does not know you there, it asks for your e-mail address and sends you a code.`,
  confirming: 'Set up how you confirm that it is you',
  confirmingWhy: html`Some roles ask you for a passkey or a code of an authenticator app. You can set that up now, or later
with <code>security</code> in the chat.`,
  decline: 'Decline',
  enterCode: 'Enter the code from your mail',
  codeTitle: (organisation) => `Enter the code – ${organisation}`,
  codeSent: (mail) => `A code of eight digits is on its way to ${mail}. It is good for 30 minutes.`,
  code: 'Code',
  acceptTerms: (organisation, version) => `I accept the terms of use of ${organisation} (version ${version})`,
  accept: 'Accept the invitation',
  anotherCode: 'Send another code',
  invitationTo: (organisation) => `Invitation to ${organisation}`,
  invites: (organisation) => `${organisation} invites you`,
  hasInvited: (inviter, mail, organisation) =>
    html`${inviter} has invited <strong>${mail}</strong> to work with ${organisation} as a guest.`,
  seeAndDo: (organisation) => `What ${organisation} will be able to see and do`,
  sees: [
    'See your name, your e-mail address and your chat account.',
    'Keep a record of what you do with the access that you are given.',
    'Give you access, and take it away again.',
  ],
  caution: (organisation) => `Accept only if you know ${organisation} and expected this. You can decline.`,
  terms: (version) => `Terms of use, version ${version}`,
  sendCode: 'Send me a code',
  declinedTitle: 'Invitation declined',
  declined: 'You have declined',
  nothingShared:
    'Nothing was shared. If you change your mind, ask the person who invited you to send the invitation again.',
};

const german: RedemptionWords = {
  welcome: (organisation) => `Willkommen bei ${organisation}`,
  accepted: 'Sie haben die Einladung angenommen. Ihr Konto ist bereit.',
  whatNext: 'Wie es weitergeht',
  next: (organisation) =>
    html`Schreiben Sie Usher in dem Chat, den Sie mit ${organisation} benutzen, das Wort <code>roles</code>. Sie sehen, was Sie
aktivieren können. Wenn Usher Sie dort nicht kennt, fragt es nach Ihrer E-Mail-Adresse und sendet Ihnen einen Code.`,
  confirming: 'Einrichten, wie Sie bestätigen, dass Sie es sind',
  confirmingWhy: html`Manche Rollen verlangen einen Passkey oder den Code einer Authenticator-App. Sie können das jetzt
einrichten oder später im Chat mit <code>security</code>.`,
  decline: 'Ablehnen',
  enterCode: 'Geben Sie den Code aus Ihrer Mail ein',
  codeTitle: (organisation) => `Code eingeben – ${organisation}`,
  codeSent: (mail) => `Ein Code mit acht Ziffern ist unterwegs an ${mail}. Er gilt 30 Minuten.`,
  code: 'Code',
  acceptTerms: (organisation, version) =>
    `Ich nehme die Nutzungsbedingungen von ${organisation} an (Fassung ${version})`,
  accept: 'Einladung annehmen',
  anotherCode: 'Neuen Code senden',
  invitationTo: (organisation) => `Einladung zu ${organisation}`,
  invites: (organisation) => `${organisation} lädt Sie ein`,
  hasInvited: (inviter, mail, organisation) =>
    html`${inviter} hat <strong>${mail}</strong> eingeladen, als Gast mit ${organisation} zusammenzuarbeiten.`,
  seeAndDo: (organisation) => `Was ${organisation} sehen und tun kann`,
  sees: [
    'Ihren Namen, Ihre E-Mail-Adresse und Ihr Chat-Konto sehen.',
    'Aufzeichnen, was Sie mit dem Zugriff tun, den Sie bekommen.',
    'Ihnen Zugriff geben und wieder nehmen.',
  ],
  caution: (organisation) =>
    `Nehmen Sie nur an, wenn Sie ${organisation} kennen und das erwartet haben. Sie können ablehnen.`,
  terms: (version) => `Nutzungsbedingungen, Fassung ${version}`,
  sendCode: 'Code anfordern',
  declinedTitle: 'Einladung abgelehnt',
  declined: 'Sie haben abgelehnt',
  nothingShared:
    'Nichts wurde weitergegeben. Wenn Sie es sich anders überlegen, bitten Sie die einladende Person, die Einladung erneut zu senden.',
};

export const redemptionWords: Readonly<Record<Language, RedemptionWords>> = { en: english, de: german };
