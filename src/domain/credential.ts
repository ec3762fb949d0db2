import type { CredentialId, PersonId } from './ids.ts';

/** A passkey as its authenticator made it (W3C Web Authentication): what is checked, nothing that could sign. */
export interface Passkey {
  readonly kind: 'passkey';
  /** The credential id of WebAuthn, base64url. */
  readonly keyId: string;
  /** COSE, base64url. */
  readonly publicKey: string;
  /** How often the authenticator says that it signed; 0 for those that don't count. */
  readonly counter: number;
  readonly transports: readonly string[];
}

/** An authenticator app (RFC 6238). */
export interface AuthenticatorApp {
  readonly kind: 'totp';
  /** Sealed with the installation's secret and bound to the credential's id; empty once it is removed. */
  readonly sealedSecret: string;
  /** The time step of the newest code that was accepted: no code is accepted twice. */
  readonly lastStep: number;
}

/** Something with which a person proves that it is them, beyond the chat account that they use. */
export type Credential = {
  readonly id: CredentialId;
  readonly version: number;
  readonly personId: PersonId;
  readonly enrolledAt: Date;
  readonly usedAt: Date | null;
  /** By themselves, or by an administrator who reset them. */
  readonly removal: { readonly at: Date; readonly by: PersonId } | null;
} & (Passkey | AuthenticatorApp);

export type CredentialKind = Credential['kind'];

/** A person has no use for more (ours). */
export const mostCredentials = 10;

export const inUse = (credentials: readonly Credential[]): Credential[] =>
  credentials.filter(({ removal }) => removal === null);
