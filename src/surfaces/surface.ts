/**
 * The port between Usher and a chat platform. A surface does transport only: it turns what the platform sent into an
 * {@link Incoming}, hands it to the one conversation that all chats share, and posts or replaces cards at addresses
 * that it alone can read. It holds no rule of the domain.
 */

export type Platform = 'teams' | 'slack';

/** An Adaptive Card 1.5, complete: nothing left to expand. */
export type Card = { readonly type: 'AdaptiveCard'; readonly [key: string]: unknown };

export type Json = string | number | boolean | null | { readonly [key: string]: Json } | readonly Json[];

/** Who acts, as the platform itself vouches for it: never read from a card's payload. */
export interface ChatIdentity {
  readonly platform: Platform;
  /** Teams: the Entra tenant of the user. Slack: the team (or enterprise) of the user. */
  readonly tenantId: string;
  /** Teams: `aadObjectId`. Slack: user id. */
  readonly userId: string;
  readonly displayName: string | null;
  /** What the platform vouches for about this user, by which they may be found; `null` where it could not be asked. */
  readonly vouched: Vouched | null;
}

export interface Vouched {
  /** Their id in the organisation's own directory. */
  readonly objectId: string | null;
  /** Their own address, which the platform has confirmed; `null` for guests and outsiders, whoever they say they are. */
  readonly mail: string | null;
}

/** Where to write to somebody later. Only the surface that made it can read `conversation`. */
export interface ChatAddress {
  readonly platform: Platform;
  readonly conversation: Json;
}

export interface Incoming {
  /** The same for every delivery of the same event: the platform's own id of it, prefixed with the platform. */
  readonly key: string;
  readonly from: ChatIdentity;
  /** The personal conversation, where the platform tells it. */
  readonly address: ChatAddress | null;
  /** False in group chats and channels, where others read along. */
  readonly personal: boolean;
  /** IANA name such as `Europe/Berlin`, and a BCP 47 tag, where the platform tells them. */
  readonly timeZone: string | null;
  readonly locale: string | null;
  readonly event: /** `text` has the mentions of the bot taken out and its outer white space trimmed; it may be empty. */
    | { readonly kind: 'message'; readonly text: string }
    /** A click on a card: `data` is the action's own data (ids) merged with the card's inputs; nothing in it is trusted. */
    | { readonly kind: 'action'; readonly verb: string; readonly data: Readonly<Record<string, unknown>> }
    /** The conversation was opened or the app installed: a chance to learn the address and to say hello. */
    | { readonly kind: 'opened' }
    /** The person's standing page was opened; the reply is what it shows. */
    | { readonly kind: 'home' }
    /** The platform says something new of the account; `active` is false once it was deactivated there. Nothing is said. */
    | { readonly kind: 'account'; readonly active: boolean };
}

/** What the conversation says at once; `null` says nothing (what matters arrives as a tracked card of its own). */
export type Reply = {
  /** Takes the place of the card that was clicked. */
  readonly card: Card;
  /** The card is one of those that are posted and kept up to date by themselves: where it is, it need not be shown again. */
  readonly kept?: true;
  /** The card says no, or is a form again; the fault is of the input with this name, or of none in particular. */
  readonly problem?: { readonly input: string | null; readonly text: string };
  /** Says no, too, while the card stays: to be said beside it, or in its place where that can't be. */
  readonly beside?: Card;
  /** To be told whether the card reached the platform: if not, the next delivery of the same event is answered again. */
  readonly gotThrough?: (itDid: boolean) => Promise<void>;
} | null;

export type Receive = (incoming: Incoming) => Promise<Reply>;

export type Delivery =
  | { readonly outcome: 'delivered'; readonly messageId: string }
  /** For good: blocked, uninstalled, left. Another channel has to carry it. */
  | { readonly outcome: 'unreachable'; readonly reason: string }
  /** The platform lets Usher say nothing to anybody at present. Another channel has to carry it; the account is all right. */
  | { readonly outcome: 'shut-out'; readonly reason: string };

export type Replacement =
  | { readonly outcome: 'replaced' }
  /** The message was deleted, or the conversation is gone: nothing to keep up to date any more. */
  | { readonly outcome: 'gone'; readonly reason: string };

export interface Surface {
  readonly platform: Platform;
  /** Posts a card. @throws {RetryLater} when the platform is busy or down. */
  deliver(address: ChatAddress, card: Card): Promise<Delivery>;
  /** Replaces a card posted before. @throws {RetryLater} when the platform is busy or down. */
  replace(address: ChatAddress, messageId: string, card: Card): Promise<Replacement>;
  /** Shows a card on the person's standing page, where the platform has one. @throws {RetryLater} like the others. */
  present?(address: ChatAddress, card: Card): Promise<Replacement>;
  /** Takes up what a process that died had taken on from the platform and not finished. */
  recover?(): Promise<void>;
  /** How the card shows an instant to a reader of this surface. */
  formatTime(instant: Date, reader: { readonly timeZone: string | null; readonly locale: string | null }): string;
}

/** A fault that passes: try again, not before `afterMs` where the platform named a time. */
export class RetryLater extends Error {
  readonly afterMs: number | null;
  constructor(what: string, afterMs: number | null, options?: ErrorOptions) {
    super(what, options);
    this.name = 'RetryLater';
    this.afterMs = afterMs;
  }
}
