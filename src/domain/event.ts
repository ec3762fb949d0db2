import type { Assignment } from './assignment.ts';
import type {
  AssignmentId,
  ChallengeId,
  CredentialId,
  DelegationId,
  InvitationId,
  PersonId,
  PrincipalId,
  RequestId,
  RoleId,
  ScopeId,
  SettingsChangeId,
} from './ids.ts';
import type { Notified } from './notified.ts';

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
      readonly type: 'assigned';
      readonly assignmentId: AssignmentId;
      readonly principalId: PrincipalId;
      readonly kind: Assignment['kind'];
      readonly notified: Notified;
      /** Who did it; `null` for nobody here. */
      readonly by: PersonId | null;
      /** Who manages it from now on; `null` where they have a card about it anyway. */
      readonly managerId: PersonId | null;
      /** False while the principal's invitation waits: they are told when they can use it. */
      readonly usable: boolean;
    }
  | {
      readonly type: 'activation-requested';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      readonly notified: Notified;
      /** Empty when the role's settings ask for no approval. */
      readonly approverIds: readonly PersonId[];
    }
  /** The target system has confirmed it: the role is active. */
  | {
      readonly type: 'activated';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      readonly notified: Notified;
    }
  /** These have to decide it now: a stage has begun, or they are backups, or they are reminded. */
  | {
      readonly type: 'approvers-asked';
      readonly requestId: RequestId;
      readonly personIds: readonly PersonId[];
      /** Tells the messages of one request apart, such as `stage-2`. */
      readonly occasion: string;
    }
  /** Somebody has taken access by themselves: these are told at once. */
  | {
      readonly type: 'exceptional-access';
      readonly requestId: RequestId;
      readonly toldIds: readonly PersonId[];
    }
  /** Break-glass access is over: these say whether it was justified. */
  | {
      readonly type: 'review-wanted';
      readonly requestId: RequestId;
      readonly reviewerIds: readonly PersonId[];
      readonly occasion: 'over' | 'reminded';
    }
  /** Every card about the request shows the new state; `tell` alerts the requester with a new message as well. */
  | {
      readonly type: 'request-changed';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      readonly assignmentId: AssignmentId | null;
      readonly tell:
        | 'ScheduleCreated'
        | 'Provisioned'
        | 'Denied'
        | 'Canceled'
        | 'TimedOut'
        | 'Failed'
        | 'Revoked'
        | 'Ended'
        | null;
    }
  /** Every card about it shows its new state; `tell`, which names the news for ever, alerts its holder as well. */
  | {
      readonly type: 'assignment-changed';
      readonly assignmentId: AssignmentId;
      readonly principalId: PrincipalId;
      readonly kind: Assignment['kind'];
      readonly tell: string | null;
    }
  | {
      readonly type: 'assignment-ending';
      readonly assignmentId: AssignmentId;
      readonly principalId: PrincipalId;
      readonly notified: Notified;
      readonly endsAt: Date;
    }
  /** A later end or a new assignment is asked for: its managers decide. */
  | {
      readonly type: 'extension-requested';
      readonly requestId: RequestId;
      readonly requesterId: PersonId;
      readonly assignmentId: AssignmentId;
      readonly notified: Notified;
      readonly deciderIds: readonly PersonId[];
    }
  /** Decided, or done by an administrator at once: the role's other managers are told too. */
  | {
      readonly type: 'extension-resolved';
      readonly requestId: RequestId;
      readonly assignmentId: AssignmentId;
      readonly otherManagerIds: readonly PersonId[];
    }
  | { readonly type: 'assignment-ended'; readonly assignmentId: AssignmentId; readonly principalId: PrincipalId }
  /** The target system refuses for good, or does not answer for long: administrators have to look. */
  | { readonly type: 'provisioning-stuck'; readonly assignmentId: AssignmentId; readonly principalId: PrincipalId }
  /** The role's other managers are told. */
  | {
      readonly type: 'settings-changed';
      readonly changeId: SettingsChangeId;
      readonly by: PersonId | null;
      readonly roleId: RoleId;
      readonly scopeId: ScopeId;
    }
  /** A week's digest for somebody who manages assignments. */
  | { readonly type: 'digest-due'; readonly personId: PersonId; readonly week: string }
  /** What was held back for them is looked at anew. */
  | { readonly type: 'quiet-changed'; readonly personId: PersonId }
  /** Its owner is told, whoever did it. */
  | {
      readonly type: 'credential-changed';
      readonly credentialId: CredentialId;
      readonly personId: PersonId;
      readonly tell: 'enrolled' | 'removed' | 'reset';
    }
  /** Every card about it shows its new state; these get a new message as well. */
  | {
      readonly type: 'delegation-changed';
      readonly delegationId: DelegationId;
      readonly personIds: readonly PersonId[];
      /** Tells the messages of one delegation apart. */
      readonly occasion: 'set' | 'begun' | 'ended';
    }
  /** Somebody could not be told, by any channel. */
  | { readonly type: 'delivery-failed'; readonly cardId: string; readonly about: string };
