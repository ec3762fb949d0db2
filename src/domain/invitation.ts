import type { InvitationId, PersonId } from './ids.ts';

/** An invitation to collaborate. It does not expire; it can be sent again, which ends the old link, and revoked. */
export interface Invitation {
  readonly id: InvitationId;
  readonly version: number;
  readonly guestId: PersonId;
  readonly inviterId: PersonId;
  /** The inviter's words, shown in the mail; may be empty. */
  readonly message: string;
  /** Which of its links is good: counts the mails. */
  readonly generation: number;
  readonly createdAt: Date;
  readonly sentAt: Date;
  readonly state:
    | { readonly status: 'Pending' }
    | { readonly status: 'Accepted' | 'Declined' | 'Revoked'; readonly closedAt: Date };
}
