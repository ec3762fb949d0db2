import type { AssignmentId, ChallengeId, InvitationId, PersonId, RequestId } from './ids.ts';

/** What happened that people may have to be told; `notifications` turns it into cards and mails. */
export type DomainEvent =
  | {
      readonly type: 'invitation-sent';
      readonly invitationId: InvitationId;
      readonly guestId: PersonId;
      readonly inviterId: PersonId;
      /** Counts the mails of this invitation: 1 is the first. */
      readonly generation: number;
    }
  | {
      readonly type: 'invitation-changed';
      readonly invitationId: InvitationId;
      readonly guestId: PersonId;
      /** The guest has just redeemed it: what they were invited for can be used from now on. */
      readonly accepted: boolean;
    }
  | { readonly type: 'code-issued'; readonly challengeId: ChallengeId; readonly personId: PersonId }
  | {
      readonly type: 'eligibility-assigned';
      readonly assignmentId: AssignmentId;
      readonly principalId: PersonId;
      /** False while the principal's invitation waits: they are told when they can use it. */
      readonly usable: boolean;
    }
  | {
      readonly type: 'activation-requested';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      /** Empty when the role's settings ask for no approval. */
      readonly approverIds: readonly PersonId[];
    }
  /** Every card about the request shows the new state; `tell` alerts the requester with a new message as well. */
  | {
      readonly type: 'request-changed';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      readonly assignmentId: AssignmentId | null;
      readonly tell: 'Provisioned' | 'Denied' | 'Canceled' | 'TimedOut' | 'Failed' | 'Ended' | null;
    }
  | {
      readonly type: 'assignment-ending';
      readonly assignmentId: AssignmentId;
      readonly principalId: PersonId;
      readonly endsAt: Date;
    }
  | { readonly type: 'assignment-ended'; readonly assignmentId: AssignmentId; readonly principalId: PersonId }
  /** The target system refuses for good, or does not answer for long: administrators have to look. */
  | { readonly type: 'provisioning-stuck'; readonly assignmentId: AssignmentId; readonly principalId: PersonId }
  /** Somebody could not be told, by any channel. */
  | { readonly type: 'delivery-failed'; readonly cardId: string; readonly about: string };
