import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Act, ActResult, PersonView } from './view.ts';

export type Json = Record<string, unknown>;

export interface NewUser {
  readonly id: string;
  readonly name: string;
  readonly realName: string;
  readonly email: string | null;
  readonly emailConfirmed?: boolean;
  /** A guest of several channels. */
  readonly restricted?: boolean;
  /** A guest of one channel. */
  readonly ultraRestricted?: boolean;
  /** Another team: somebody from outside, by Slack Connect, unless that team has installed the app too. */
  readonly teamId?: string;
  readonly tz?: string;
  readonly locale?: string;
  readonly admin?: boolean;
}

export interface NewChannel {
  readonly id: string;
  readonly name: string;
  /** With other organisations, by Slack Connect. */
  readonly shared?: boolean;
  readonly archived?: boolean;
  /** Everybody who may be, unless told. */
  readonly members?: readonly string[];
  /** The app has been invited; so it is unless told. */
  readonly botIsMember?: boolean;
}

export interface WorkspaceOptions {
  /** Any free one, unless told. */
  readonly port?: number;
  readonly signingSecret: string;
  readonly botToken: string;
  /** Turns Socket Mode on. */
  readonly appToken?: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
  /** Tokens from OAuth expire after twelve hours and come with a refresh token. */
  readonly tokenRotation?: boolean;
  readonly team: { readonly id: string; readonly name: string };
  readonly command?: string;
  readonly shortcuts?: readonly { readonly callbackId: string; readonly name: string }[];
  readonly bot?: { readonly userId: string; readonly name: string };
  readonly appId?: string;
  readonly users: readonly NewUser[];
  readonly channels?: readonly NewChannel[];
  /** Slack's own unless told; a factor of 10 allows ten times as much. */
  readonly rates?: false | { readonly factor: number };
  /** How long an acknowledgement may take: three seconds. */
  readonly ackWithinMs?: number;
  readonly triggerLivesMs?: number;
  /** Before the second, third and fourth try to deliver an event. */
  readonly retryDelaysMs?: readonly number[];
  /** By which triggers, response URLs and tokens expire; messages and signatures keep to the machine's clock. */
  readonly now?: () => number;
  /** The app hears of its own messages in direct messages, as it does if it subscribes to `message.im`. */
  readonly echo?: boolean;
  /** Serves what nothing else does; false when it doesn't know the path. */
  readonly page?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

export interface ApiCall {
  /** `chat.postMessage`, or `response_url`. */
  readonly method: string;
  readonly args: Json;
  readonly at: Date;
  /** Null while it is on its way, and when the connection was cut. */
  answered: { readonly status: number; readonly ok: boolean; readonly error: string | null } | null;
}

export type DeliveryKind = 'command' | 'action' | 'submission' | 'closed' | 'shortcut' | 'event';

/** What is sent to the app, ready to be sent again. */
export interface SignedRequest {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Posted {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

export interface Delivery {
  readonly kind: DeliveryKind;
  readonly payload: Json;
  readonly at: Date;
  /** From 1. */
  readonly attempt: number;
  /** Null over a socket. */
  readonly request: SignedRequest | null;
  status: number | null;
  ackMs: number | null;
  /** Not acknowledged in time. */
  late: boolean;
}

/** What goes wrong with the next calls of the app. */
export interface ApiTrouble {
  readonly api: string | RegExp;
  /** Answered instead of doing it. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** Slack's error, answered instead of doing it. */
  readonly error?: string;
  /** Waits before it does it. */
  readonly delayMs?: number;
  /** Does it, and gives no answer: the connection is cut. */
  readonly cutAfter?: boolean;
  /** The connection is cut, and nothing done. */
  readonly cutBefore?: boolean;
  /** How many calls: one. */
  readonly times?: number;
  readonly when?: (call: ApiCall) => boolean;
}

/** What goes wrong with the next deliveries to the app. */
export interface DeliveryTrouble {
  readonly delivery: DeliveryKind | 'any';
  /** Sent so many times more, at once. */
  readonly duplicate?: number;
  readonly delayMs?: number;
  /** Sent, and the answer is lost. */
  readonly drop?: boolean;
  /** Held back until the next one has been delivered. */
  readonly reorder?: boolean;
  readonly times?: number;
  readonly when?: (payload: Json) => boolean;
}

export type Trouble = ApiTrouble | DeliveryTrouble;

export interface UserChange {
  readonly name?: string;
  readonly realName?: string;
  readonly email?: string | null;
  readonly emailConfirmed?: boolean;
  readonly restricted?: boolean;
  readonly ultraRestricted?: boolean;
  readonly tz?: string;
  readonly locale?: string;
  readonly admin?: boolean;
  /** Deactivated. */
  readonly deleted?: boolean;
}

export interface SlackWorkspace {
  /** What WebClient takes as `slackApiUrl`. */
  readonly apiUrl: string;
  readonly origin: string;
  /** Every call of the app, in order. */
  readonly calls: readonly ApiCall[];
  /** Every delivery to the app, in order. */
  readonly deliveries: readonly Delivery[];
  /** Where the app listens; replicas take turns. Sockets, where any are connected, come before it. */
  deliverTo(...urls: readonly string[]): void;
  /** What a person does in the client. */
  act(userId: string, act: Act): Promise<ActResult>;
  /** What a person sees now. */
  view(userId: string): PersonView;
  /** Called with whose screen has changed, or null for everybody's. */
  onChange(listener: (userId: string | null) => void): () => void;
  addUser(user: NewUser): void;
  /** Comes when the app has heard of it. */
  updateUser(id: string, change: UserChange): Promise<void>;
  /** The app is taken off the workspace: its tokens end and it is told. */
  uninstall(teamId?: string): Promise<void>;
  trouble(...troubles: readonly Trouble[]): void;
  clearTrouble(): void;
  /** The newest request to the app over HTTP. */
  lastRequest(): SignedRequest | null;
  /** Any request to the app, signed as Slack does unless told otherwise. */
  signed(body: string, sign?: Signing): SignedRequest;
  post(request: SignedRequest): Promise<Posted>;
  /** Asks the sockets to connect anew, as Slack does every few hours. */
  refreshSockets(): void;
  /** Comes when nothing has been on its way for 50 ms. @throws when that takes longer than told. */
  idle(withinMs?: number): Promise<void>;
  stop(): Promise<void>;
}

export interface Signing {
  readonly contentType?: string;
  /** In seconds. */
  readonly timestamp?: number;
  readonly secret?: string;
}
