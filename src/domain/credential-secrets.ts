import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { equal } from './derived-secrets.ts';
import { type CredentialId, type EnrolmentId, isUuid, type StepUpId } from './ids.ts';

/**
 * Links, challenges and secrets of step-ups, derived from the installation's secret like one-time codes are: nothing that
 * opens a door is stored in clear.
 */
export interface CredentialSecrets {
  stepUpToken(id: StepUpId): string;
  readStepUpToken(token: string): StepUpId | null;
  /** The link that is handed out, and the page that it opens, which no link in a chat leads to. */
  enrolmentToken(id: EnrolmentId, leadsTo: 'link' | 'page'): string;
  readEnrolmentToken(token: string, leadsTo: 'link' | 'page'): EnrolmentId | null;
  /** What a passkey has to sign, base64url; another one for every version of what it is for. */
  challengeOf(about: { readonly id: string; readonly version: number }): string;
  /** What an authenticator app is given while it is enrolled: 160 bits (RFC 4226, R6). */
  seedOf(enrolment: { readonly id: EnrolmentId; readonly version: number }): Uint8Array;
  /** AES-256-GCM, bound to whose it is: a row put in another's place does not open. */
  seal(id: CredentialId, secret: Uint8Array): string;
  open(id: CredentialId, sealed: string): Uint8Array;
}

const ivBytes = 12;
const tagBytes = 16;

/** @param key at least 32 random bytes, the same on every replica. */
export function deriveCredentialSecrets(key: Uint8Array): CredentialSecrets {
  const mac = (purpose: string, text: string | Uint8Array) =>
    createHmac('sha256', key).update(`${purpose}:`).update(text).digest();
  const sealing = mac('credential-seal', '');
  const tokenOf = (purpose: string, id: string) => `${id}.${mac(purpose, id).toString('base64url')}`;
  const read = (purpose: string, token: string): string | null => {
    const [id = ''] = token.split('.');
    return isUuid(id) && equal(token, tokenOf(purpose, id)) ? id : null;
  };
  return {
    stepUpToken: (id) => tokenOf('step-up', id),
    readStepUpToken: (token) => read('step-up', token) as StepUpId | null,
    enrolmentToken: (id, leadsTo) => tokenOf(`enrol-${leadsTo}`, id),
    readEnrolmentToken: (token, leadsTo) => read(`enrol-${leadsTo}`, token) as EnrolmentId | null,
    challengeOf: ({ id, version }) => mac('passkey', `${id}.${version}`).toString('base64url'),
    seedOf: ({ id, version }) => mac('totp', `${id}.${version}`).subarray(0, 20),
    seal: (id, secret) => {
      // Made of what it seals: no two secrets share one, and nothing random is needed.
      const iv = mac('credential-iv', Buffer.concat([Buffer.from(id), secret])).subarray(0, ivBytes);
      const cipher = createCipheriv('aes-256-gcm', sealing, iv).setAAD(Buffer.from(id));
      const sealed = Buffer.concat([cipher.update(secret), cipher.final()]);
      return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open: (id, sealed) => {
      const bytes = Buffer.from(sealed, 'base64url');
      const decipher = createDecipheriv('aes-256-gcm', sealing, bytes.subarray(0, ivBytes))
        .setAAD(Buffer.from(id))
        .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]);
    },
  };
}
