/**
 * Every card that Usher shows, by name, with the data that its template in `cards/` is expanded with. Words and layout
 * are the template's; instants arrive as text already, in the reader's own time zone. `null` means "there is none".
 * Actions carry ids only: who clicks is told by the platform, and every right is checked again at the click.
 */

export type RequestCardStatus =
  | 'pending'
  /** Decided (or needing no decision), and not yet confirmed by the target system. */
  | 'provisioning'
  /** Confirmed by read-back. */
  | 'active'
  /** Over, and not yet confirmed to be gone. */
  | 'revoking'
  | 'ended'
  | 'denied'
  | 'canceled'
  | 'timed-out'
  | 'failed';

export interface RequestCard {
  readonly requestId: string;
  /** The short id that people can type. */
  readonly reference: string;
  readonly status: RequestCardStatus;
  /** False on an older copy of the same card for the same reader: it shows the state in short, and no buttons. */
  readonly latest: boolean;
  readonly requester: string;
  readonly guest: boolean;
  readonly company: string | null;
  readonly sponsor: string | null;
  readonly role: string;
  readonly scope: string;
  /** Such as `4 hours`. */
  readonly duration: string;
  readonly justification: string;
  readonly ticket: string | null;
  readonly requestedAt: string;
  /** While pending: when it times out. */
  readonly waitsUntil: string | null;
  readonly decidedBy: string | null;
  readonly decidedAt: string | null;
  readonly decisionJustification: string | null;
  /** While active: its end. */
  readonly until: string | null;
  /** When it ended, was canceled, timed out or failed. */
  readonly closedAt: string | null;
  /** Why it ended; `null` unless ended or revoking. */
  readonly endReason: 'expired' | 'deactivated' | 'eligibility-ended' | 'removed' | null;
}

export interface EligibleRole {
  readonly assignmentId: string;
  readonly role: string;
  readonly scope: string;
  /** Full path of the scope. */
  readonly scopePath: string;
  /** End of the eligibility. */
  readonly until: string | null;
  readonly state: 'available' | 'pending' | 'active' | 'not-started';
  /** While active: until when. */
  readonly activeUntil: string | null;
  /** The durations that can be chosen, in minutes as text, shortest first; and the one chosen to begin with. */
  readonly durations: readonly { readonly title: string; readonly value: string }[];
  readonly chosenDuration: string;
  readonly justification: string;
  readonly justificationRequired: boolean;
  readonly ticket: string;
  readonly ticketRequired: boolean;
  readonly approvalRequired: boolean;
}

export interface ListPage {
  /** `null` where there is no such page. Pages count from 1. */
  readonly previousPage: string | null;
  readonly nextPage: string | null;
  /** Such as `1–5 of 12`; `null` when everything fits. */
  readonly range: string | null;
}

export interface CardData {
  /** For approvers. Buttons while pending: Approve (verb `approve`) and Deny (`deny`), each with `justification`. */
  approval: RequestCard;
  /** For the requester. Buttons: Cancel (`cancel`) while pending; Deactivate (`deactivate`, by `assignmentId`) while active. */
  request: RequestCard & { readonly assignmentId: string | null };
  /** For the inviter. While pending: Send again (`resend`), Revoke (`revoke`), both with `invitationId`. */
  invitation: {
    readonly invitationId: string;
    readonly status: 'pending' | 'accepted' | 'declined' | 'revoked';
    readonly guest: string;
    readonly email: string;
    readonly company: string | null;
    readonly role: string | null;
    readonly scope: string | null;
    readonly until: string | null;
    readonly sentAt: string;
    readonly closedAt: string | null;
    /** Warns that the address seems to reach several people. */
    readonly roleMailbox: boolean;
  };
  /** For the assignee, once they can use it. Button: Activate (`activate-form`, `assignmentId`). */
  eligible: {
    readonly assignmentId: string;
    readonly role: string;
    readonly scope: string;
    readonly until: string | null;
    readonly status: 'in-force' | 'ended';
    readonly endedAt: string | null;
    /** The holder was invited and has not accepted yet: nothing can be activated. */
    readonly redeemed: boolean;
  };
  /** Warns the holder. For an active assignment with a Deactivate button. */
  ending: {
    readonly assignmentId: string;
    readonly kind: 'eligible' | 'active';
    readonly role: string;
    readonly scope: string;
    readonly until: string | null;
    /** The warning is over: the assignment ended. */
    readonly ended: boolean;
  };
  /** For administrators: the target system did not do what was decided. */
  stuck: {
    readonly assignmentId: string;
    readonly reference: string | null;
    readonly principal: string;
    readonly role: string;
    readonly scope: string;
    /** `grant`: it was not given, and the request failed. `revoke`: access that should be gone may still be there; Usher goes on trying. */
    readonly what: 'grant' | 'revoke';
    readonly resolved: boolean;
  };
  /** For administrators: somebody could not be told, by any channel. */
  undeliverable: { readonly recipient: string; readonly about: string; readonly reason: string };

  /** Answers. */
  roles: {
    readonly roles: readonly EligibleRole[];
    readonly page: ListPage;
  };
  /** One role's form, filled in with what was given; `problem` says what was wrong with it. Verb `activate`. */
  'activate-form': EligibleRole & { readonly problem: string | null };
  /** `notice` says how the last decision went. */
  approvals: {
    readonly notice: string | null;
    readonly requests: readonly RequestCard[];
    readonly page: ListPage;
  };
  status: {
    readonly notice: string | null;
    readonly active: readonly {
      readonly assignmentId: string;
      readonly role: string;
      readonly scope: string;
      readonly status: 'provisioning' | 'active' | 'revoking';
      readonly until: string | null;
      readonly canDeactivate: boolean;
    }[];
    readonly requests: readonly RequestCard[];
    readonly eligibleCount: string;
    readonly page: ListPage;
  };
  audit: {
    readonly entries: readonly {
      readonly sequence: string;
      readonly at: string;
      /** Such as `activation approved`. */
      readonly what: string;
      readonly who: string;
      readonly whom: string | null;
      readonly role: string | null;
      readonly scope: string | null;
      readonly reason: string | null;
      readonly failed: boolean;
      readonly surface: string;
    }[];
    readonly page: ListPage;
  };
  'audit-verified': {
    readonly intact: boolean;
    readonly count: string;
    /** The sequence number of the first entry that was changed or is missing. */
    readonly sequence: string | null;
    readonly fault: 'changed' | 'missing' | null;
    readonly head: string;
  };
  /** The menu: what this person can do, as buttons (verb = command name) with the words that can be typed instead. */
  menu: {
    readonly greeting: string;
    readonly organisation: string;
    readonly commands: readonly {
      readonly verb: string;
      readonly title: string;
      readonly usage: string;
      readonly summary: string;
    }[];
  };
  /** Help for one command, as the grammar writes it. */
  help: { readonly title: string; readonly lines: readonly string[] };
  /** Something went through, and there is nothing more to show than a sentence. */
  answer: { readonly title: string; readonly text: string };
  /** A no, with the reason and what to do next. `command` is offered as a button where one helps. */
  refusal: {
    readonly title: string;
    readonly text: string;
    readonly next: string | null;
    readonly command: { readonly title: string; readonly verb: string } | null;
  };
  /** Verb `invite`. Inputs: `email`, `name`, `company`, `role`, `scope`, `duration`, `message`. Filled in with what was given. */
  'invite-form': {
    readonly problem: string | null;
    readonly email: string;
    readonly name: string;
    readonly company: string;
    readonly message: string;
    readonly role: string;
    readonly scope: string;
    readonly duration: string;
    readonly roles: readonly { readonly title: string; readonly value: string }[];
    readonly scopes: readonly { readonly title: string; readonly value: string }[];
    readonly durations: readonly { readonly title: string; readonly value: string }[];
  };
  /** For an account that belongs to nobody yet. Verb `link`, input `email`. */
  link: { readonly organisation: string };
  /** Verb `code`, input `code`; and Send again (`link`, with `email` in its data). `problem` says what was wrong with the last try. */
  'link-code': { readonly problem: string | null; readonly email: string };

  /** Mails: the same templates, shown as HTML. Links are absolute. */
  'mail-invitation': {
    readonly organisation: string;
    readonly inviter: string;
    readonly guest: string;
    readonly message: string | null;
    readonly role: string | null;
    readonly scope: string | null;
    readonly link: string;
  };
  'mail-code': {
    readonly organisation: string;
    readonly code: string;
    readonly minutes: string;
    readonly purpose: 'redeem' | 'link';
  };
}

export type CardName = keyof CardData;

/** A card to show: its name and data. */
export type CardOf<Name extends CardName = CardName> = {
  [N in Name]: { readonly card: N; readonly data: CardData[N] };
}[Name];

/**
 * What an input is for, by its id. On one card no two inputs may share an id, not even in separate `Action.ShowCard`s:
 * Teams on a phone shows nothing of such a card. So a list's inputs are `justification:approve:2`, and this is the
 * `justification`.
 */
export const inputName = (id: string): string => id.split(':', 1)[0] as string;
