import type { CredentialKind } from './credential.ts';
import type { CredentialId, PersonId, StepUpId } from './ids.ts';

/**
 * Somebody is asked to confirm, here and now, that it is them: for one purpose and one subject, by a passkey or a code of
 * their authenticator app. Good for five minutes, once, and dead after five wrong tries (ours). It is the step-up that
 * PIM's "require Microsoft Entra multifactor authentication" and "authentication context" ask for on activation.
 */
export interface StepUp {
  readonly id: StepUpId;
  readonly version: number;
  readonly personId: PersonId;
  readonly purpose: StepUpPurpose;
  /** What it is good for, and nothing else. */
  readonly subjectId: string;
  readonly strength: StepUpStrength;
  readonly wish: StepUpWish | null;
  readonly createdAt: Date;
  readonly failures: number;
  readonly usedAt: Date | null;
  /** What it was passed with. */
  readonly credentialId: CredentialId | null;
}

/**
 * `activate`: to go on with one's own request. `decide`: to approve another's. `enrol`: to change one's credentials on
 * the page of an enrolment. `administer`: to give somebody active access, or to move its end.
 */
export type StepUpPurpose = 'activate' | 'decide' | 'enrol' | 'administer';

/** What somebody said before they were asked to confirm: the input of the command that goes on with it. */
export type StepUpWish = Readonly<Record<string, string>>;

/** Named strengths: `mfa` takes whatever was enrolled; `passkey` only what can't be phished. */
export type StepUpStrength = 'mfa' | 'passkey';

export const stepUpMinutes = 5;
export const stepUpTries = 5;
/** Of all step-ups of a person in an hour: so many wrong tries, and no more are taken (ours). */
export const stepUpFailuresAnHour = 10;

export const serves = (kind: CredentialKind, strength: StepUpStrength): boolean =>
  strength === 'mfa' || kind === 'passkey';
