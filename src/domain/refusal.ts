import type { Assignment } from './assignment.ts';
import type { RequestId, StepUpId } from './ids.ts';
import type { RequestStatus } from './request.ts';

/**
 * Every way in which Usher says no to a person, with the facts that a good sentence needs. The sentence itself is
 * written where it is shown (`notifications/sentences.ts`).
 */
export type Refusal =
  | { readonly code: 'input-invalid'; readonly field: string; readonly problem: string }
  // Who is it, and may they?
  | { readonly code: 'account-unlinked' }
  | { readonly code: 'account-disabled' }
  | { readonly code: 'invitation-not-redeemed' }
  | { readonly code: 'not-allowed'; readonly what: ForbiddenAct; readonly needs: readonly string[] }
  // Inviting
  | { readonly code: 'email-invalid'; readonly email: string }
  | { readonly code: 'email-plus'; readonly email: string; readonly suggestion: string }
  | { readonly code: 'email-group'; readonly email: string }
  | { readonly code: 'domain-blocked'; readonly domain: string }
  | { readonly code: 'invitations-off' }
  | { readonly code: 'already-invited'; readonly email: string }
  | { readonly code: 'already-here'; readonly email: string }
  | { readonly code: 'invitation-unknown'; readonly email: string }
  | { readonly code: 'invitation-closed'; readonly outcome: 'Accepted' | 'Declined' | 'Revoked' }
  | { readonly code: 'role-unknown'; readonly role: string; readonly suggestions: readonly string[] }
  | { readonly code: 'role-needs-scope'; readonly role: string; readonly scopes: readonly string[] }
  | { readonly code: 'scope-needs-role'; readonly scope: string }
  | { readonly code: 'scope-unknown'; readonly scope: string; readonly suggestions: readonly string[] }
  | {
      readonly code: 'scope-ambiguous';
      readonly scope: string;
      readonly matches: readonly string[];
      /** How many others there are. */
      readonly more: number;
    }
  | { readonly code: 'role-not-at-scope'; readonly role: string; readonly scope: string }
  | { readonly code: 'duration-invalid'; readonly given: string }
  // Assigning
  | { readonly code: 'assignment-too-long'; readonly kind: Assignment['kind']; readonly maximumMinutes: number }
  | { readonly code: 'permanent-not-allowed'; readonly kind: Assignment['kind']; readonly maximumMinutes: number }
  | {
      readonly code: 'already-assigned';
      readonly kind: Assignment['kind'];
      readonly role: string;
      readonly scope: string;
      /** Where it begins later. */
      readonly from: Date | null;
      readonly until: Date | null;
      /** By which it can be changed instead. */
      readonly reference: string;
    }
  | { readonly code: 'instant-invalid'; readonly given: string; readonly field?: 'until' }
  | { readonly code: 'start-in-past'; readonly startsAt: Date }
  | { readonly code: 'started-already'; readonly startsAt: Date }
  | { readonly code: 'end-before-start'; readonly startsAt: Date; readonly endsAt: Date }
  | { readonly code: 'nothing-to-change' }
  /** With the other assignment of the same kind, to the same role and scope. */
  | { readonly code: 'overlaps-another'; readonly from: Date; readonly until: Date | null }
  | {
      readonly code: 'active-not-updatable';
      readonly because: 'activation' | 'not-there-yet' | 'under-way' | 'ending';
    }
  | { readonly code: 'principal-missing' }
  | { readonly code: 'principal-unknown'; readonly principal: string }
  | { readonly code: 'principal-ambiguous'; readonly principal: string; readonly matches: readonly string[] }
  | { readonly code: 'assignment-missing' }
  | { readonly code: 'managed-unknown' }
  | { readonly code: 'managed-ambiguous'; readonly matches: readonly string[] }
  | { readonly code: 'managed-over'; readonly status: 'Ended' | 'Failed' }
  | { readonly code: 'group-exists'; readonly group: string }
  | { readonly code: 'group-name-missing' }
  | { readonly code: 'principal-blocked'; readonly principal: string }
  | { readonly code: 'group-in-group'; readonly group: string }
  | { readonly code: 'group-not-role-assignable'; readonly group: string }
  // Redeeming and linking
  | { readonly code: 'link-stale' }
  | { readonly code: 'code-wrong'; readonly triesLeft: number }
  | { readonly code: 'code-spent' }
  | { readonly code: 'code-throttled'; readonly retryAt: Date }
  | { readonly code: 'terms-not-accepted' }
  | { readonly code: 'already-linked' }
  // Activating
  | { readonly code: 'eligibility-unknown' }
  | { readonly code: 'eligibility-ambiguous'; readonly matches: readonly string[] }
  | { readonly code: 'eligibility-not-started'; readonly startsAt: Date }
  | { readonly code: 'eligibility-ended'; readonly endedAt: Date }
  | { readonly code: 'scope-not-below'; readonly scope: string; readonly eligibleAt: string }
  | { readonly code: 'start-too-late'; readonly latest: Date; readonly because: 'eligibility' | 'horizon' }
  | { readonly code: 'activation-too-short'; readonly minimumMinutes: number }
  | { readonly code: 'activation-too-long'; readonly maximumMinutes: number; readonly because: 'role' | 'eligibility' }
  | { readonly code: 'justification-missing' }
  | { readonly code: 'text-too-long'; readonly field: string; readonly maximum: number; readonly given: number }
  | { readonly code: 'ticket-missing' }
  | { readonly code: 'already-active'; readonly until: Date | null }
  | { readonly code: 'already-requested' }
  | { readonly code: 'nobody-can-approve'; readonly stage: number; readonly of: number }
  // Extending and renewing
  | { readonly code: 'nothing-to-extend'; readonly what: 'extend' | 'renew' }
  | { readonly code: 'extension-ambiguous'; readonly what: 'extend' | 'renew'; readonly matches: readonly string[] }
  | {
      readonly code: 'not-extendable';
      readonly because: 'activation' | 'permanent' | 'not-in-force' | 'ended' | 'under-way';
    }
  | { readonly code: 'too-early-to-extend'; readonly possibleAt: Date }
  | { readonly code: 'end-not-later'; readonly endsAt: Date }
  | { readonly code: 'end-too-late'; readonly maximumMinutes: number }
  | {
      readonly code: 'not-renewable';
      readonly because: 'activation' | 'removed' | 'not-ended' | 'too-long-ago';
    }
  | { readonly code: 'renewed-already'; readonly until: Date | null }
  // Confirming that it is them
  | { readonly code: 'step-up-needed'; readonly stepUpId: StepUpId; readonly requestId: RequestId | null }
  | { readonly code: 'step-up-spent'; readonly why: 'used' | 'late' | 'tries' }
  | { readonly code: 'step-up-wrong'; readonly kind: 'passkey' | 'totp'; readonly triesLeft: number }
  | { readonly code: 'step-up-throttled'; readonly retryAt: Date }
  | { readonly code: 'passkey-needed' }
  | { readonly code: 'enrolment-spent' }
  | { readonly code: 'enrolment-unconfirmed' }
  | { readonly code: 'enrolment-wrong' }
  | { readonly code: 'credential-known' }
  | { readonly code: 'credential-unknown' }
  | { readonly code: 'credentials-full'; readonly maximum: number }
  | { readonly code: 'credentials-none'; readonly email: string }
  | { readonly code: 'reset-own' }
  | { readonly code: 'person-unknown'; readonly email: string }
  // Break-glass access
  | { readonly code: 'break-glass-unknown' }
  | { readonly code: 'break-glass-ambiguous'; readonly matches: readonly string[] }
  | { readonly code: 'review-own' }
  | { readonly code: 'review-too-early' }
  | { readonly code: 'review-answered'; readonly by: string; readonly at: Date; readonly justified: boolean }
  // Deciding and ending
  | { readonly code: 'request-unknown' }
  | { readonly code: 'request-ambiguous'; readonly matches: readonly string[] }
  | {
      readonly code: 'request-decided';
      readonly status: RequestStatus;
      readonly by: string | null;
      readonly at: Date | null;
    }
  | { readonly code: 'requester-unavailable' }
  | { readonly code: 'self-approval' }
  | { readonly code: 'not-an-approver' }
  | { readonly code: 'already-voted'; readonly at: Date }
  | { readonly code: 'other-stage'; readonly now: number; readonly yours: number; readonly of: number }
  | { readonly code: 'duration-lengthened'; readonly askedMinutes: number }
  | { readonly code: 'not-a-reference'; readonly given: string }
  | { readonly code: 'assignment-unknown' }
  | { readonly code: 'assignment-not-active'; readonly status: string }
  | { readonly code: 'too-early-to-deactivate'; readonly possibleAt: Date }
  // Deciding in another's place
  | {
      readonly code: 'stand-in-unfit';
      readonly why: 'yourself' | 'guest' | 'group' | 'unavailable';
      readonly name: string;
    }
  | { readonly code: 'delegation-incomplete'; readonly missing: 'to' | 'until' }
  | { readonly code: 'delegation-empty'; readonly startsAt: Date; readonly endsAt: Date }
  | { readonly code: 'delegation-too-long'; readonly maximumDays: number }
  | { readonly code: 'delegation-exists'; readonly endsAt: Date }
  | { readonly code: 'delegation-none' }
  // Settings of roles; `path` is that of `setting-texts.ts`
  | { readonly code: 'setting-unknown'; readonly path: string }
  | {
      readonly code: 'setting-unreadable';
      readonly path: string;
      readonly given: string;
      readonly expected: readonly string[];
    }
  | {
      readonly code: 'setting-out-of-range';
      readonly path: string;
      readonly leastMinutes: number;
      readonly mostMinutes: number;
      readonly stepMinutes: number;
    }
  | { readonly code: 'setting-list-too-long'; readonly path: string; readonly most: number }
  | { readonly code: 'setting-address-invalid'; readonly path: string; readonly given: string }
  | { readonly code: 'approver-unknown'; readonly path: string; readonly given: string }
  | {
      readonly code: 'quorum-too-high';
      readonly path: string;
      readonly quorum: number;
      readonly approvers: number;
    }
  | { readonly code: 'group-unknown'; readonly group: string; readonly suggestions: readonly string[] }
  | { readonly code: 'settings-unchanged' }
  | { readonly code: 'settings-moved' }
  | { readonly code: 'settings-twice' }
  | { readonly code: 'proposal-unknown' };

export type ForbiddenAct =
  | 'invite'
  | 'assign-role'
  | 'read-audit'
  | 'manage-invitation'
  | 'view-assignments'
  | 'manage-settings'
  | 'view-settings'
  | 'reset-credentials'
  | 'read-history'
  | 'read-digest'
  | 'create-group'
  | 'elevate'
  | 'oversee-break-glass';

export type RefusalCode = Refusal['code'];
