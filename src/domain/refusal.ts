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
  | { readonly code: 'scope-ambiguous'; readonly scope: string; readonly matches: readonly string[] }
  | { readonly code: 'role-not-at-scope'; readonly role: string; readonly scope: string }
  | { readonly code: 'duration-invalid'; readonly given: string }
  | { readonly code: 'eligibility-too-long'; readonly maximumMinutes: number }
  | { readonly code: 'permanent-not-allowed'; readonly maximumMinutes: number }
  | { readonly code: 'already-eligible'; readonly role: string; readonly scope: string; readonly until: Date | null }
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
  | { readonly code: 'activation-too-short'; readonly minimumMinutes: number }
  | { readonly code: 'activation-too-long'; readonly maximumMinutes: number; readonly because: 'role' | 'eligibility' }
  | { readonly code: 'justification-missing' }
  | { readonly code: 'text-too-long'; readonly field: string; readonly maximum: number; readonly given: number }
  | { readonly code: 'ticket-missing' }
  | { readonly code: 'already-active'; readonly until: Date | null }
  | { readonly code: 'already-requested' }
  | { readonly code: 'nobody-can-approve' }
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
  | { readonly code: 'assignment-unknown' }
  | { readonly code: 'assignment-not-active'; readonly status: string }
  | { readonly code: 'too-early-to-deactivate'; readonly possibleAt: Date };

export type ForbiddenAct = 'invite' | 'assign-role' | 'read-audit' | 'manage-invitation';

export type RefusalCode = Refusal['code'];
