/** What a person sees in the local Slack, and what they can do there: all that the page and the tests know of it. */

/** A block as it is stored: Slack gives every block a `block_id` and every interactive element an `action_id`. */
export type Block = { readonly type: string; readonly block_id: string } & Readonly<Record<string, unknown>>;

/**
 * What an element holds: text, numbers and e-mail addresses as they were typed; the chosen option's `value`, for several
 * a list of them; a user, channel or conversation id; a date `YYYY-MM-DD`, a time `HH:mm`, a date and time in seconds.
 */
export type InputValue = string | number | readonly string[] | null;

/** By {@link inputKey}. Initial values are in it; what is empty is `null` or missing. */
export type Inputs = Readonly<Record<string, InputValue>>;

export const inputKey = (blockId: string, actionId: string): string => `${blockId}/${actionId}`;

export interface UserShown {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string | null;
  /** Guests: of several channels, or of one. */
  readonly guest: 'multi-channel' | 'single-channel' | null;
  /** Of another organisation, by Slack Connect. */
  readonly outsider: boolean;
  readonly admin: boolean;
  readonly deleted: boolean;
  readonly tz: string;
  readonly locale: string;
}

export interface MessageShown {
  /** Names the message for `press` and `input`; opaque. */
  readonly place: string;
  readonly ts: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The name that stands above it. */
  readonly from: string;
  readonly fromId: string;
  readonly bot: boolean;
  /** mrkdwn. With blocks it is only what notifications show. */
  readonly text: string;
  readonly blocks: readonly Block[];
  /** “Only visible to you”. */
  readonly ephemeral: boolean;
  readonly edited: boolean;
  readonly inputs: Inputs;
  /** The warning at the button that was pressed last, when the app didn't answer. */
  readonly trouble: string | null;
}

export interface ViewShown {
  readonly place: string;
  readonly id: string;
  readonly title: string;
  readonly submit: string | null;
  readonly close: string | null;
  readonly blocks: readonly Block[];
  /** By `block_id`. */
  readonly errors: Readonly<Record<string, string>>;
  readonly inputs: Inputs;
  /** “We had some trouble connecting. Try again?” */
  readonly trouble: string | null;
}

export interface ConversationShown {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'bot';
  /** With another organisation, by Slack Connect. */
  readonly shared: boolean;
  readonly unread: number;
  /** Oldest first. */
  readonly messages: readonly MessageShown[];
}

export interface Notice {
  readonly id: string;
  readonly text: string;
  readonly at: number;
}

export interface PersonView {
  /** Grows with every change that this person can see. */
  readonly revision: number;
  readonly team: { readonly id: string; readonly name: string };
  /** `/usher` */
  readonly command: string;
  readonly bot: { readonly userId: string; readonly name: string };
  /** Global shortcuts, for the menu beside the composer. */
  readonly shortcuts: readonly { readonly callbackId: string; readonly name: string }[];
  readonly me: UserShown;
  readonly users: readonly UserShown[];
  readonly conversations: readonly ConversationShown[];
  readonly home: ViewShown | null;
  /** The stack of modals, the top one last. */
  readonly modals: readonly ViewShown[];
  readonly notices: readonly Notice[];
  /** Something that this person did waits for the app's answer. */
  readonly busy: boolean;
}

/** What a person does in the client. */
export type Act =
  /** A slash command in this conversation; `text` is what follows the command. */
  | { readonly kind: 'command'; readonly channel: string; readonly text: string }
  | { readonly kind: 'message'; readonly channel: string; readonly text: string }
  /** A button; an item of an overflow menu, by its `value`; Enter in a text input that dispatches. */
  | {
      readonly kind: 'press';
      readonly place: string;
      readonly blockId: string;
      readonly actionId: string;
      readonly value?: string;
    }
  /** Types or chooses. Outside of input blocks, and where the block dispatches, choosing is an action as well. */
  | {
      readonly kind: 'input';
      readonly place: string;
      readonly blockId: string;
      readonly actionId: string;
      readonly value: InputValue;
    }
  /** Submits the top modal. */
  | { readonly kind: 'submit' }
  /** Closes the top modal, or with `all` the whole stack. */
  | { readonly kind: 'close'; readonly all?: boolean }
  /** Opens the app's Home tab, or its Messages tab. */
  | { readonly kind: 'home' }
  | { readonly kind: 'messages' }
  /** A global shortcut. */
  | { readonly kind: 'shortcut'; readonly callbackId: string }
  /** Has read a conversation to its end. */
  | { readonly kind: 'read'; readonly channel: string }
  /** Takes a notice away. */
  | { readonly kind: 'dismiss'; readonly notice: string }
  /** Reloads the client: ephemeral messages, modals and what was typed are gone. */
  | { readonly kind: 'reload' };

/** Comes when the app has acknowledged (or its three seconds have passed) and the answer is on the screen. */
export interface ActResult {
  /** Acknowledged. For what the app needn't know: done. */
  readonly ok: boolean;
  /** `operation_timeout` and the like, or why the client didn't let them. */
  readonly error: string | null;
  /** `submit`: what is wrong with the fields, by `block_id`. */
  readonly errors: Readonly<Record<string, string>>;
  /** `submit`: the modal that was submitted is no longer shown. */
  readonly closed: boolean;
}
