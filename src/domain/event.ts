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
  | { readonly type: 'invitation-changed'; readonly invitationId: InvitationId; readonly guestId: PersonId }
  | { readonly type: 'code-issued'; readonly challengeId: ChallengeId; readonly personId: PersonId }
  | { readonly type: 'eligibility-assigned'; readonly assignmentId: AssignmentId; readonly principalId: PersonId }
  | {
      readonly type: 'activation-requested';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      /** Empty when the role's settings ask for no approval. */
      readonly approverIds: readonly PersonId[];
    }
  /** Every card about the request shows the new state; `tell` also alerts the requester with a new message. */
  | {
      readonly type: 'request-changed';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      readonly tell: boolean;
    }
  | {
      readonly type: 'assignment-ending';
      readonly assignmentId: AssignmentId;
      readonly principalId: PersonId;
      readonly endsAt: Date;
    }
  | { readonly type: 'assignment-ended'; readonly assignmentId: AssignmentId; readonly principalId: PersonId }
  /** The target system refuses for good, or does not answer for long: administrators have to look. */
  | { readonly type: 'provisioning-stuck'; readonly assignmentId: AssignmentId; readonly principalId: PersonId };
