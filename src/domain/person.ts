import type { PersonId } from './ids.ts';
import type { Language } from './language.ts';
import type { QuietHours } from './quiet-hours.ts';

/**
 * Somebody who may hold access. `userType` says whether they are internal; `identities` says how they sign in; the two
 * combine freely (Microsoft Entra B2B, "Properties of a B2B collaboration user").
 */
export interface Person {
  readonly id: PersonId;
  readonly version: number;
  readonly displayName: string;
  /** Lower case. */
  readonly mail: string;
  readonly userPrincipalName: string;
  readonly userType: 'Member' | 'Guest';
  /** `null` for people who were never invited. */
  readonly externalUserState: 'PendingAcceptance' | 'Accepted' | null;
  /** Issuers such as `mail`, `ExternalAzureAD`, or the host's domain. */
  readonly identities: readonly string[];
  /** The user's object id in the organisation's directory; Teams calls it `aadObjectId`. */
  readonly objectId: string | null;
  readonly company: string | null;
  readonly sponsorId: PersonId | null;
  readonly accountEnabled: boolean;
  /** What they have chosen to read; `null`: whatever the platform tells of them. */
  readonly language: Language | null;
  /** When news that can wait does. */
  readonly quiet: QuietHours | null;
  /** Whether they want the weekly digest, where they manage anything. */
  readonly digest: boolean;
  readonly createdAt: Date;
}

/**
 * `john@contoso.com` invited to fabrikam.example becomes `john_contoso.com#EXT#@fabrikam.example`
 * (Microsoft Entra B2B, "Properties of a B2B collaboration user").
 */
export const guestPrincipalName = (mail: string, hostDomain: string): string =>
  `${mail.replace('@', '_')}#EXT#@${hostDomain}`;

/** What keeps a person from using access that they hold, if anything: checked again at every command. */
export const standing = (person: Person): 'account-disabled' | 'invitation-not-redeemed' | null => {
  if (!person.accountEnabled) return 'account-disabled';
  if (person.externalUserState === 'PendingAcceptance') return 'invitation-not-redeemed';
  return null;
};
