import type { CancelReason, RequestTopic } from '../domain/request.ts';
import type { RoleDefinition } from '../domain/role.ts';
import type { ScopeKind } from '../domain/scope.ts';

/**
 * Every card that Usher shows, by name, with the data that its template in `cards/` is expanded with. Words and layout
 * are the template's; instants arrive as text already, in the reader's own time zone. `null` means "there is none".
 * Actions carry ids only: who clicks is told by the platform, and every right is checked again at the click.
 */

export type RequestCardStatus =
  | 'pending'
  /** Waits for its requester to confirm that it is them. */
  | 'confirming'
  /** Approved (or needing no approval), and to begin later. */
  | 'scheduled'
  /** Decided (or needing no decision), and not yet confirmed by the target system. */
  | 'provisioning'
  /** Confirmed by read-back. */
  | 'active'
  /** An extension or renewal that has gone through. */
  | 'granted'
  /** Over, and not yet confirmed to be gone. */
  | 'revoking'
  | 'ended'
  | 'denied'
  | 'canceled'
  | 'timed-out'
  /** Timed out before its requester confirmed that it is them. */
  | 'unconfirmed'
  | 'failed';

/** What somebody said about a request. */
export interface VoteShown {
  readonly by: string;
  /** The approver in whose place. */
  readonly insteadOf: string | null;
  readonly at: string;
  /** Where there are several. */
  readonly stage: string | null;
  readonly justification: string;
  /** A shorter one that they chose. */
  readonly duration: string | null;
}

/** How far a request's approval is; what is `null` has nothing to say. */
export interface ApprovalShown {
  /** While pending, of several: the stage, and how many there are. */
  readonly stage: string | null;
  readonly stages: string | null;
  /** While pending, where more than one has to approve: how many have, in this stage, and how many have to. */
  readonly approvals: string | null;
  readonly quorum: string | null;
  /** Approvals before the one that decided. */
  readonly votes: readonly VoteShown[];
  /** The approver in whose place it was decided. */
  readonly decidedFor: string | null;
  /** Shorter than asked for, because an approver chose so. */
  readonly agreed: string | null;
  /** While pending: whether the reader may decide now. */
  readonly turn: 'now' | 'not' | null;
  /** Why a reader is asked who is no approver of the stage. */
  readonly askedAs: `${'backup' | 'manager'}-${'late' | 'unreached' | 'needed'}` | null;
  /** The approver for whom the reader is asked. */
  readonly insteadOf: string | null;
  /** The durations that an approver can choose, in minutes as text, where that is more than one; and what was asked for. */
  readonly shorter: readonly ChoiceData[];
  readonly asked: string;
}

export interface RequestCard {
  readonly requestId: string;
  /** The short id that people can type. */
  readonly reference: string;
  readonly status: RequestCardStatus;
  readonly asks: RequestTopic;
  /** Of an extension: the end that is asked for. */
  readonly asksUntil: string | null;
  /** False on an older copy of the same card for the same reader: it shows the state in short, and no buttons. */
  readonly latest: boolean;
  readonly requester: string;
  readonly guest: boolean;
  readonly company: string | null;
  readonly sponsor: string | null;
  readonly role: string;
  readonly scope: string;
  /** Of a group's membership: the roles that come with it, such as `Contributor at rg-expenses`. */
  readonly comesWith: string | null;
  /** When it is to begin, where it was not asked for at once. */
  readonly startsAt: string | null;
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
  /** While active, or of what was granted: its end. */
  readonly until: string | null;
  /** When it ended, was canceled, timed out or failed. */
  readonly closedAt: string | null;
  /** Why it ended; `null` unless ended or revoking. */
  readonly endReason: 'expired' | 'deactivated' | 'eligibility-ended' | 'removed' | null;
  /** Why Usher canceled it; `null` where the requester did, or nobody. */
  readonly cancelReason: CancelReason | null;
}

/** Access that somebody takes by themselves: on its way there, in force, on its way out, or over. */
export type ExceptionalStatus = Extract<RequestCardStatus, 'provisioning' | 'active' | 'revoking' | 'ended' | 'failed'>;

/** A request that waits for the reader, and why it is them. */
export type WaitingCard = RequestCard & Pick<ApprovalShown, 'askedAs' | 'insteadOf'>;

export interface EligibleRole {
  readonly assignmentId: string;
  readonly role: string;
  readonly scope: string;
  /** Full path of the scope. */
  readonly scopePath: string;
  /** Of a group's membership: the roles that come with it; and those that its members can activate. */
  readonly comesWith: string | null;
  readonly opens: string | null;
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
  readonly extend: ExtendState;
}

/** Whether the assignee can ask for a later end now, has asked for one, or has got one that is being set; `null`: none of it. */
export type ExtendState = 'offered' | 'requested' | 'under-way' | null;

/** An assignment that expired, as long as it can be renewed. Button: Renew (`renew-form`). */
export interface ExpiredRow {
  readonly assignmentId: string;
  readonly kind: 'eligible' | 'active';
  readonly role: string;
  readonly scope: string;
  readonly endedAt: string;
  readonly renewUntil: string;
  readonly requested: boolean;
}

/** How one of several went. */
export interface ItemResult {
  readonly reference: string;
  readonly text: string;
}

/** An assignment that is in force, or on its way in or out. */
export interface ActiveRow {
  readonly assignmentId: string;
  readonly role: string;
  readonly scope: string;
  readonly status: 'provisioning' | 'active' | 'revoking';
  readonly until: string | null;
  /** While active: how long that is from now, such as `2 hours`. */
  readonly left: string | null;
  readonly canDeactivate: boolean;
  readonly extend: ExtendState;
}

/** An assignment in force or on its way in or out, as its state stands. */
export interface DirectAssignment {
  readonly assignmentId: string;
  readonly role: string;
  readonly scope: string;
  readonly status: 'scheduled' | 'provisioning' | 'active' | 'revoking' | 'ended' | 'failed';
  /** Where it begins later. */
  readonly from: string | null;
  readonly until: string | null;
  readonly endedAt: string | null;
  /** An administrator has taken it away. */
  readonly removed: boolean;
  /** Its end is being moved, `to` this one (`null`: none). */
  readonly moving: { readonly to: string | null } | null;
}

export type HomeView = 'home' | 'home-page';

/** One setting in a form: its path is the input's id. */
export interface SettingField {
  readonly id: string;
  readonly label: string;
  readonly kind: 'choice' | 'text';
  readonly value: string;
  readonly choices: readonly ChoiceData[];
  readonly placeholder: string;
  /** Characters. */
  readonly most: number;
}

/** Whose settings a card is about. Ids for its buttons, names for people. */
interface SettingsHead {
  readonly roleId: string;
  readonly scopeId: string;
  readonly audience: string;
  /** Of the state that it shows. */
  readonly basis: string;
  readonly role: string;
  readonly scope: string;
  /** They are guests' own. */
  readonly guests: boolean;
}

/** Who is affected. */
export interface SettingsImpact {
  /** People who may activate it there. */
  readonly eligible: string;
  /** People who hold it there. */
  readonly active: string;
  /** How many each stage of approval reaches. */
  readonly reach: readonly string[];
  /** Requests that nobody could approve. */
  readonly warnings: readonly string[];
}

type ChoiceData = { readonly title: string; readonly value: string };

export interface ListPage {
  /** `null` where there is no such page. Pages count from 1. */
  readonly previousPage: string | null;
  readonly nextPage: string | null;
  /** Such as `1–5 of 12`; `null` when everything fits. */
  readonly range: string | null;
}

export interface CardData {
  /** For approvers. Buttons while pending: Approve (verb `approve`) and Deny (`deny`), each with `justification`. */
  approval: RequestCard & ApprovalShown;
  /** For the requester. Buttons: Cancel (`cancel`) while pending; Deactivate (`deactivate`, by `assignmentId`) while active. */
  request: RequestCard & ApprovalShown & { readonly assignmentId: string | null };
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
    /** Whose active members may activate it, where it is a group's. */
    readonly group: string | null;
    /** Where it begins later. */
    readonly from: string | null;
    /** An administrator has taken it away. */
    readonly removed: boolean;
  };
  /** For whoever holds a direct active assignment. */
  assignment: DirectAssignment & { readonly group: string | null };
  /** For who manages an assignment. Buttons: Change (`update`), Remove (`unassign`), both with `assignmentId`. */
  managed: Omit<DirectAssignment, 'status'> & {
    readonly status: DirectAssignment['status'] | 'eligible';
    readonly reference: string;
    readonly principal: string;
    readonly guest: boolean;
    readonly ofGroup: boolean;
    readonly canChange: boolean;
  };
  /** For who manages any assignments. Buttons: Show (`resources`, `history`), on and off (`digest` with `wanted`). */
  digest: {
    readonly since: string;
    readonly eligible: string;
    readonly active: string;
    readonly activations: string;
    readonly waiting: string;
    /** Alerts; `null` for none. */
    readonly stuck: string | null;
    readonly unanswered: string | null;
    readonly undeliverable: string | null;
    /** They get it every week. */
    readonly weekly: boolean;
  };
  /** For who manages a role whose settings somebody has changed. Button: Show (`settings` with the ids). */
  'settings-changed': {
    readonly roleId: string;
    readonly scopeId: string;
    readonly audience: string;
    readonly role: string;
    readonly scope: string;
    readonly guests: boolean;
    /** `null`: whoever operates Usher, by a policy file. */
    readonly by: string | null;
    readonly at: string;
    /** The scope's own settings were taken back. */
    readonly inherit: boolean;
    readonly lines: readonly { readonly name: string; readonly before: string; readonly after: string }[];
    /** How many lines there was no room for. */
    readonly more: string | null;
  };
  /** For who manages a role that somebody has activated. Button: Remove (`unassign` with `assignmentId`). */
  activated: Pick<
    RequestCard,
    | 'reference'
    | 'requester'
    | 'guest'
    | 'company'
    | 'role'
    | 'scope'
    | 'comesWith'
    | 'justification'
    | 'ticket'
    | 'decidedBy'
    | 'until'
    | 'closedAt'
    | 'endReason'
  > & {
    readonly assignmentId: string;
    readonly status: Extract<RequestCardStatus, 'active' | 'revoking' | 'ended'>;
    readonly canRemove: boolean;
  };
  /** Warns the holder. Buttons: Extend (`extend-form`) for a direct assignment, Deactivate for an activation. */
  ending: {
    readonly assignmentId: string;
    readonly kind: 'eligible' | 'active';
    readonly role: string;
    readonly scope: string;
    readonly until: string | null;
    /** The warning is over: the assignment ended. */
    readonly ended: boolean;
    /** The end has moved far away. */
    readonly extended: boolean;
    /** Assigned as it is; else an activation. */
    readonly direct: boolean;
    readonly extend: ExtendState;
  };
  /** For the assignee, when a direct assignment is over. Button: Renew (`renew-form`). */
  expired: {
    readonly assignmentId: string;
    readonly kind: 'eligible' | 'active';
    readonly role: string;
    readonly scope: string;
    readonly endedAt: string | null;
    /** By an administrator, and not by its end. */
    readonly removed: boolean;
    readonly renew: 'offered' | 'requested' | 'renewed' | null;
    readonly renewUntil: string | null;
  };
  /** For administrators: the target system did not do what was decided. */
  stuck: {
    readonly assignmentId: string;
    readonly reference: string | null;
    readonly principal: string;
    readonly role: string;
    readonly scope: string;
    /** `extend`: its new end was not taken. `grant`: it was not given, and the request failed. `revoke`: access that should be gone may still be there; Usher goes on trying. */
    readonly what: 'grant' | 'revoke' | 'extend';
    readonly resolved: boolean;
  };
  /** For administrators: somebody could not be told, by any channel. */
  undeliverable: { readonly recipient: string; readonly about: string; readonly reason: string };

  /** To somebody who has to confirm that it is them, with the link to the page. While open and one's own: Cancel. */
  confirm: {
    readonly purpose: 'activate' | 'take' | 'decide' | 'administer';
    readonly status: 'open' | 'late';
    readonly requestId: string;
    /** Of the request, where it is about one. */
    readonly reference: string | null;
    readonly role: string;
    readonly scope: string;
    readonly duration: string | null;
    /** The access is to have no end. */
    readonly permanent: boolean;
    /** Where it is another's request. */
    readonly requester: string | null;
    /** Who is given access. */
    readonly principal: string | null;
    readonly until: string | null;
    readonly link: string | null;
  };
  /** For those who are told that somebody has taken access by themselves. While it lasts, of break-glass access: End it now (`end-break-glass`, `requestId`). */
  exceptional: {
    readonly requestId: string;
    readonly reference: string;
    readonly kind: 'elevation' | 'break-glass';
    readonly status: ExceptionalStatus;
    readonly who: string;
    readonly guest: boolean;
    readonly role: string;
    readonly scope: string;
    readonly justification: string;
    readonly since: string;
    /** While it lasts. */
    readonly until: string | null;
    readonly endedAt: string | null;
    readonly endReason: RequestCard['endReason'];
    /** Who ended it in another's place. */
    readonly endedBy: string | null;
    readonly mayEnd: boolean;
  };
  /** Asks the same people afterwards. While open: Justified, Not justified (`review-break-glass`, with `result` and `justification`). */
  'break-glass-review': {
    readonly requestId: string;
    readonly reference: string;
    readonly status: 'open' | 'answered';
    readonly who: string;
    readonly guest: boolean;
    readonly role: string;
    readonly scope: string;
    readonly justification: string;
    readonly since: string;
    readonly endedAt: string | null;
    readonly endedBy: string | null;
    readonly justified: boolean;
    readonly answeredBy: string;
    readonly answeredAt: string;
    readonly comment: string | null;
  };
  /** For its owner: something with which they confirm that it is them was set up or removed. Button: `security`. */
  credential: {
    readonly status: 'in-use' | 'removed' | 'reset';
    readonly kind: 'passkey' | 'totp';
    readonly since: string;
    readonly closedAt: string | null;
    /** The administrator who reset it. */
    readonly by: string | null;
  };

  /** Answers. */
  /** What somebody has set up, with a link to the page where they change it; the link is for them alone. */
  security: {
    readonly credentials: readonly {
      readonly kind: 'passkey' | 'totp';
      readonly since: string;
      readonly used: string | null;
    }[];
    readonly link: string;
  };
  roles: {
    readonly notice: string | null;
    readonly results: readonly ItemResult[];
    readonly roles: readonly EligibleRole[];
    /** Those of them that can be activated in one go; verb `activate-several`, inputs `assignmentIds`, `duration`, `justification`, `ticket`. */
    readonly several: readonly ChoiceData[];
    readonly expired: readonly ExpiredRow[];
    readonly page: ListPage;
  };
  /** One role's form, filled in with what was given; `problem` says what was wrong with it. Verb `activate`. */
  'activate-form': EligibleRole & {
    readonly problem: string | null;
    /** Whether anything lies below the eligible scope: a few places are offered (`places`), of many the name is typed. */
    readonly below: 'nothing' | 'few' | 'many';
    readonly places: readonly ChoiceData[];
    readonly chosenPlace: string;
    /** When it is to begin, as it was typed. */
    readonly from: string;
  };
  /** Asks for what is missing to take access by oneself. Verb `elevate` or `break-glass`; inputs `place`, `duration`, `justification`. */
  'take-form': {
    readonly kind: 'elevation' | 'break-glass';
    /** Where somebody is named for break-glass access. */
    readonly places: readonly ChoiceData[];
    readonly chosenPlace: string;
    readonly problem: string | null;
    readonly durations: readonly ChoiceData[];
    readonly chosenDuration: string;
    readonly justification: string;
  };
  /** For how long somebody's assignment is to last from now on. Verb `extend` or `renew`; inputs `duration`, `justification`. */
  'extend-form': {
    readonly what: 'extend' | 'renew';
    readonly assignmentId: string;
    readonly kind: 'eligible' | 'active';
    readonly role: string;
    readonly scope: string;
    /** Somebody else's. */
    readonly holder: string | null;
    /** When it ends, or ended. */
    readonly until: string | null;
    readonly durations: readonly ChoiceData[];
    readonly chosenDuration: string;
    readonly justification: string;
    readonly justificationRequired: boolean;
    /** An administrator does it at once; else it is asked for. */
    readonly direct: boolean;
    readonly problem: string | null;
    /** Where the answer is shown. */
    readonly view: string;
  };
  /** `notice` says how the last decision went. */
  approvals: {
    readonly notice: string | null;
    readonly results: readonly ItemResult[];
    readonly requests: readonly WaitingCard[];
    /** Those of them that can be decided in one go; verb `decide-several`, inputs `requestIds`, `decision`, `justification`, `duration`. */
    readonly several: readonly ChoiceData[];
    readonly page: ListPage;
  };
  status: {
    readonly notice: string | null;
    readonly active: readonly ActiveRow[];
    readonly expired: readonly ExpiredRow[];
    readonly requests: readonly RequestCard[];
    readonly eligibleCount: string;
    readonly page: ListPage;
  };
  /** Everything of somebody's in short, with its buttons; a range says that there is more, which another card lists. */
  home: {
    /** Where it is: in a message, or on a standing page, which has room for more. Its buttons name it. */
    readonly view: HomeView;
    readonly notice: string | null;
    readonly results: readonly ItemResult[];
    readonly greeting: string;
    readonly organisation: string;
    readonly active: readonly ActiveRow[];
    readonly activeRange: string | null;
    readonly eligible: readonly EligibleRole[];
    readonly eligibleRange: string | null;
    readonly expired: readonly ExpiredRow[];
    /** Their own that wait. */
    readonly requests: readonly RequestCard[];
    readonly requestsRange: string | null;
    readonly approver: boolean;
    /** Others' that wait for them. */
    readonly waiting: readonly RequestCard[];
    readonly waitingRange: string | null;
    readonly several: readonly ChoiceData[];
    /** For those who look after the whole organisation. */
    readonly counts: { readonly active: string; readonly waiting: string; readonly invited: string } | null;
    readonly mayInvite: boolean;
    readonly mayAudit: boolean;
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
  /** A part of the tree; each with Show (verb `resource`). */
  resources: {
    /** The part of the name that was asked for. */
    readonly filter: string | null;
    readonly scopes: readonly {
      readonly scopeId: string;
      readonly kind: ScopeKind;
      /** As wide as it is deep in the tree. */
      readonly indent: string;
      readonly name: string;
      /** Names of what it is in. */
      readonly path: string | null;
      readonly eligible: string;
      readonly active: string;
    }[];
    readonly page: ListPage;
  };
  resource: {
    readonly scopeId: string;
    readonly kind: ScopeKind;
    readonly name: string;
    readonly path: string | null;
    /** The whole id, as it can be typed. */
    readonly id: string;
    /** Who manages assignments here, also from above. */
    readonly owners: string | null;
    /** How many there are besides. */
    readonly moreOwners: string | null;
    readonly roles: readonly {
      readonly roleId: string;
      readonly role: string;
      readonly eligible: string;
      readonly active: string;
      readonly inherited: string | null;
      readonly maximum: string;
      readonly approval: boolean;
      /** Where its settings are set; `null` for the defaults. */
      readonly setAt: string | null;
    }[];
    readonly page: ListPage;
  };
  role: {
    readonly roleId: string;
    readonly scopeId: string;
    readonly kind: RoleDefinition['kind'];
    readonly role: string;
    readonly description: string | null;
    readonly scope: string;
    readonly path: string | null;
    readonly eligible: string;
    readonly active: string;
    readonly setAt: string | null;
    readonly guestsSetAt: string | null;
    readonly maximum: string;
    readonly justificationRequired: boolean;
    readonly ticketRequired: boolean;
    readonly stepUp: boolean;
    /** `null`: for ever. */
    readonly eligibleMaximum: string | null;
    readonly activeMaximum: string | null;
    readonly approval: boolean;
    readonly approvers: string | null;
    readonly moreApprovers: string | null;
  };
  /** Who holds a role. What was asked for comes back with the buttons that turn pages. */
  members: {
    readonly roleId: string;
    /** Empty where no scope was given. */
    readonly scopeId: string;
    readonly role: string;
    readonly scope: string | null;
    /** `eligible`, `active`, or empty for both. */
    readonly kind: string;
    /** Empty for everybody. */
    readonly guests: string;
    readonly filter: string;
    readonly members: readonly {
      readonly name: string;
      readonly guest: boolean;
      readonly group: boolean;
      readonly status: 'InForce' | 'Scheduled' | 'Active' | 'Provisioning' | 'Revoking';
      readonly activated: boolean;
      readonly through: string | null;
      readonly at: string;
      readonly since: string;
      readonly until: string | null;
    }[];
    readonly page: ListPage;
  };
  /** Like `audit`, of one person or filtered; what was asked for comes back with the buttons that turn pages. */
  history: {
    /** Whose; `null` for the reader's own, or everybody's. */
    readonly whose: string | null;
    readonly everybody: boolean;
    readonly email: string;
    readonly role: string;
    readonly scope: string;
    readonly from: string;
    readonly to: string;
    readonly result: string;
    readonly action: string;
    readonly entries: readonly (CardData['audit']['entries'][number] & {
      /** With a button History (verb `story`). */
      readonly requestId: string | null;
    })[];
    readonly page: ListPage;
  };
  /** Everything that happened to one request, oldest first. */
  story: {
    readonly requestId: string;
    readonly reference: string;
    readonly status: RequestCardStatus;
    readonly requester: string;
    readonly role: string;
    readonly scope: string;
    readonly duration: string;
    readonly ticket: string | null;
    readonly steps: readonly Omit<CardData['audit']['entries'][number], 'role' | 'scope'>[];
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
  /** Who decides while somebody is away, for both. Buttons: Stop (`delegate-off`) for the one, Decline (`delegate-decline`) for the other. */
  delegation: {
    readonly delegationId: string;
    readonly status: 'scheduled' | 'in-force' | 'ended';
    /** The reader is the one who is away; else the one who stands in. */
    readonly yours: boolean;
    readonly approver: string;
    readonly standIn: string;
    readonly from: string;
    readonly until: string;
    readonly note: string | null;
    readonly endedAt: string | null;
    readonly endReason: 'expired' | 'stopped' | 'declined' | null;
  };
  /** Who is to decide while the reader is away. Verb `delegate`; inputs `to`, `from`, `until`, `note`. */
  'delegate-form': {
    readonly problem: string | null;
    readonly to: string;
    readonly from: string;
    readonly until: string;
    readonly note: string;
    /** For whom the reader decides, or will. */
    readonly standsInFor: readonly { readonly approver: string; readonly from: string; readonly until: string }[];
    /** How many others there are. */
    readonly more: string | null;
  };
  /** What they read, and whether that is their own choice. Verb `language`. */
  language: { readonly chosen: boolean };
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
    readonly kind: 'eligible' | 'active';
    readonly duration: string;
    readonly from: string;
    readonly justification: string;
    readonly roles: readonly { readonly title: string; readonly value: string }[];
    readonly scopes: readonly { readonly title: string; readonly value: string }[];
    readonly durations: readonly { readonly title: string; readonly value: string }[];
  };
  /** Which role's settings, and where. Verb `settings`, inputs `role`, `scope`, `guests`. */
  'settings-pick': {
    readonly problem: string | null;
    readonly role: string;
    readonly scope: string;
    readonly guests: string;
    readonly roles: readonly ChoiceData[];
    readonly scopes: readonly ChoiceData[];
  };
  /** All of a role's settings at a scope, with a button for each form (`settings-form`), and for guests' own (`settings`). */
  settings: SettingsHead &
    SettingsImpact & {
      readonly notice: string | null;
      readonly source: 'own' | 'inherited' | 'defaults';
      /** The scope above that they come from. */
      readonly from: string | null;
      /** Guests have none of their own: everyone's apply to them. */
      readonly fromEveryone: boolean;
      readonly lines: readonly { readonly name: string; readonly text: string }[];
      readonly usualNotifications: boolean;
      readonly mayManage: boolean;
    };
  /** The settings of one section. Verb `settings-propose`; the inputs bear the settings' paths. */
  'settings-form': SettingsHead & {
    readonly section: string;
    readonly title: string;
    readonly problem: string | null;
    readonly fields: readonly SettingField[];
  };
  /** What would change, and for whom, before it is saved. Verbs `settings-save` by `proposalId`, and `settings`. */
  /** Verb `quiet`; inputs `hours`, `weekends`. */
  quiet: {
    /** Such as `22:00-07:00`; `null`: none. */
    readonly hours: string | null;
    readonly weekends: 'yes' | 'no';
    /** While they last. */
    readonly until: string | null;
    readonly timeZone: string;
    /** What the form begins with. */
    readonly wanted: string;
  };
  'settings-confirm': SettingsHead &
    SettingsImpact & {
      readonly proposalId: string;
      /** The scope's own settings are taken back. */
      readonly inherit: boolean;
      readonly lines: readonly { readonly name: string; readonly before: string; readonly after: string }[];
    };
  /** Verb `assign`; inputs `principal`, `role`, `scope`, `kind`, `duration`, `from`, `justification`. Where an assignment is changed, verb `update`. */
  'assign-form': {
    readonly problem: string | null;
    /** What is changed; `null` where something new is assigned. */
    readonly changing: { readonly principal: string; readonly role: string; readonly scope: string } | null;
    readonly assignmentId: string;
    readonly principal: string;
    readonly role: string;
    readonly scope: string;
    readonly kind: 'eligible' | 'active';
    readonly duration: string;
    readonly from: string;
    readonly justification: string;
    readonly roles: readonly ChoiceData[];
    readonly scopes: readonly ChoiceData[];
    readonly durations: readonly ChoiceData[];
  };
  /** Buttons: Show (`group-show`, `groupId`). */
  groups: {
    readonly groups: readonly {
      readonly groupId: string;
      readonly name: string;
      readonly description: string;
      readonly roleAssignable: boolean;
      readonly member: boolean;
      readonly owner: boolean;
      readonly manages: boolean;
    }[];
    readonly page: ListPage;
  };
  /** Buttons for who manages it: Change (`update`), Remove (`unassign`), Add somebody (`assign`, `groupId`). */
  group: {
    readonly groupId: string;
    readonly name: string;
    readonly description: string;
    readonly roleAssignable: boolean;
    readonly manages: boolean;
    readonly people: readonly {
      readonly assignmentId: string;
      readonly reference: string;
      readonly who: string;
      readonly owner: boolean;
      readonly standing: 'eligible' | 'active' | 'scheduled' | 'provisioning' | 'revoking';
      readonly until: string | null;
    }[];
    /** The roles that it holds. */
    readonly holds: readonly {
      readonly role: string;
      readonly scope: string;
      readonly standing: 'eligible' | 'active' | 'scheduled' | 'provisioning' | 'revoking';
    }[];
    /** How many others it holds. */
    readonly more: string | null;
    readonly page: ListPage;
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
