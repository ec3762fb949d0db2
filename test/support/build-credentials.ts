import type { Credential } from '../../src/domain/credential.ts';
import type { Enrolling } from '../../src/domain/enrol-credential.ts';
import type { Enrolment } from '../../src/domain/enrolment.ts';
import type { StepUp } from '../../src/domain/step-up.ts';
import { buildGuest, day, ids, minutesIn, noon } from './build.ts';

type Parts<Kind extends Credential['kind']> = Partial<Extract<Credential, { kind: Kind }>>;

export const buildPasskey = (parts: Parts<'passkey'> = {}): Extract<Credential, { kind: 'passkey' }> => ({
  id: ids.passkey,
  version: 1,
  personId: ids.guest,
  enrolledAt: minutesIn(-day),
  usedAt: null,
  removal: null,
  kind: 'passkey',
  keyId: 'a2V5',
  publicKey: 'cHVibGlj',
  counter: 1,
  transports: ['internal'],
  ...parts,
});

export const buildApp = (parts: Parts<'totp'> = {}): Extract<Credential, { kind: 'totp' }> => ({
  id: ids.app,
  version: 1,
  personId: ids.guest,
  enrolledAt: minutesIn(-day),
  usedAt: null,
  removal: null,
  kind: 'totp',
  sealedSecret: 'c2VhbGVk',
  lastStep: 1,
  ...parts,
});

/** Opened at noon. */
export const buildEnrolment = (parts: Partial<Enrolment> = {}): Enrolment => ({
  id: ids.enrolment,
  version: 2,
  personId: ids.guest,
  provenBy: 'chat',
  forStepUpId: null,
  createdAt: minutesIn(-1),
  openedAt: noon,
  confirmedAt: null,
  ...parts,
});

export const buildEnrolling = (parts: Partial<Enrolling> = {}): Enrolling => ({
  enrolment: buildEnrolment(),
  person: buildGuest(),
  credentials: [],
  ...parts,
});

/** Asked for at noon. */
export const buildStepUp = (parts: Partial<StepUp> = {}): StepUp => ({
  id: ids.stepUp,
  version: 1,
  personId: ids.guest,
  purpose: 'enrol',
  subjectId: ids.enrolment,
  strength: 'mfa',
  wish: null,
  createdAt: noon,
  failures: 0,
  usedAt: null,
  credentialId: null,
  ...parts,
});
