import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ServiceClientCredentials, ServiceClientCredentialsFactory } from 'botframework-connector';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type ClickChoice, clickIn, type JsonCard, textOf } from './card-reader.ts';

export const fakeAppId = '7d8f3f0c-0000-4000-8000-00000000a991';
export const fakeTenantId = '11111111-2222-4333-8444-555555555555';
const botToken = 'the-token-that-the-fake-hands-out';
const issuer = 'https://api.botframework.com';

/** Teams' limits for a bot in one conversation (Microsoft, "Rate limiting"). */
const rates = [
  { messages: 7, inMs: 1_000 },
  { messages: 8, inMs: 2_000 },
  { messages: 60, inMs: 30_000 },
] as const;
const largestBytes = 100_000;
const redeliverForMs = 120_000;

/** What goes wrong with the next calls to the Bot Connector. */
export interface Trouble {
  /** Answered instead of doing it. */
  readonly status?: number;
  readonly retryAfterSeconds?: number;
  /** Does it, and gives no answer: the connection is cut. */
  readonly cutAfter?: boolean;
  /** Waits before it does it. */
  readonly delayMs?: number;
  /** Only calls that this is true for; the others go through. */
  readonly when?: (call: ConnectorCall) => boolean;
}

export interface ConnectorCall {
  readonly method: 'POST' | 'PUT';
  readonly conversationId: string;
  readonly activityId: string | null;
  readonly text: string;
}

export interface Message {
  readonly id: string;
  readonly postedAt: Date;
  /** As it is shown now. */
  card: JsonCard | null;
  /** Every version, oldest first. */
  readonly versions: JsonCard[];
}

export interface ClickResult {
  readonly httpStatus: number;
  readonly statusCode: number | null;
  /** The card that takes the place of the clicked one, on this person's screen. */
  readonly card: JsonCard | null;
  /** Whatever text came back instead. */
  readonly text: string | null;
}

/** Somebody with Teams open, in their personal chat with the bot. */
export interface TeamsPerson {
  readonly aadObjectId: string;
  readonly messages: readonly Message[];
  /** The app is installed and the chat opened. */
  open(): Promise<number>;
  /** Returns the HTTP status; `times` delivers the same activity again. */
  say(text: string, options?: { readonly times?: number; readonly more?: object }): Promise<number>;
  /** Clicks a button, by its title, on the newest message that shows it (or on the one given). */
  click(
    title: string,
    inputs?: Readonly<Record<string, string>>,
    choice?: ClickChoice & Clicking,
  ): Promise<ClickResult>;
  /** Clicks something that no card offers, as an attacker would. */
  forge(verb: string, data: object): Promise<ClickResult>;
  /** The newest message that shows these words. */
  find(words: string | RegExp): Message | undefined;
  /** Waits for a message that shows these words now. @throws when none comes. */
  see(words: string | RegExp, withinMs?: number): Promise<Message>;
  /** Everything on the screen, for assertions on what is not there. */
  screen(): string;
  /** Uninstalls or blocks the bot: it may not write any more. */
  block(): void;
}

interface Clicking {
  /** The same invoke, sent so many times at once. */
  readonly times?: number;
  /** An older client: the `Action.Submit` fallback is what is sent. */
  readonly submit?: boolean;
  readonly message?: Message;
}

export interface FakeTeams {
  readonly serviceUrl: string;
  readonly openIdMetadataUrl: string;
  readonly credentials: ServiceClientCredentialsFactory;
  /** Every call of the bot, in order. */
  readonly calls: readonly ConnectorCall[];
  /** Faults for the calls to come, one each. */
  trouble(...troubles: readonly Trouble[]): void;
  clearTrouble(): void;
  person(who: {
    readonly name: string;
    readonly aadObjectId?: string;
    readonly tenantId?: string;
    /** What Teams is set to; English unless told. */
    readonly locale?: string;
  }): TeamsPerson;
  /** Replicas behind one address: activities go to them in turn. */
  deliverTo(...endpoints: readonly string[]): void;
  /** Sends any activity, signed like the Bot Connector unless told otherwise. */
  send(activity: object, sign?: Signing): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

export interface Signing {
  readonly unsigned?: boolean;
  readonly audience?: string;
  readonly issuer?: string;
  readonly serviceUrl?: string;
  readonly expired?: boolean;
  /** Signed with a key that nobody knows. */
  readonly forged?: boolean;
}

/** Hands out the token that the fake asks for; across processes, it is the same one. */
export const fakeCredentials = (): ServiceClientCredentialsFactory => {
  const sign = async (request: { headers: { set(name: string, value: string): void } }) => {
    request.headers.set('authorization', `Bearer ${botToken}`);
    return request;
  };
  return {
    isValidAppId: async (appId: string) => appId === fakeAppId,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () =>
      ({ signRequest: sign, getToken: async () => botToken }) as unknown as ServiceClientCredentials,
  };
};

interface Conversation {
  readonly id: string;
  readonly messages: Message[];
  readonly sentAt: number[];
  blocked: boolean;
}

const readBody = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};

/**
 * Teams and its Bot Connector on this machine: a real HTTP server with real signatures that holds the bot to the
 * platform's limits, and people who say and click things. With `redeliver`, an activity that got no answer is sent again,
 * as Teams does.
 */
export async function startFakeTeams(
  options: { readonly limits?: boolean; readonly redeliver?: boolean } = {},
): Promise<FakeTeams> {
  const { limits = true, redeliver = false } = options;
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  const stranger = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'fake-key', use: 'sig', alg: 'RS256', endorsements: ['msteams'] };
  const conversations = new Map<string, Conversation>();
  const calls: ConnectorCall[] = [];
  const troubles: Trouble[] = [];
  let endpoints: readonly string[] = [];
  let turn = 0;
  let ids = 0;
  const nextId = () => `1${Date.now()}${String(ids++).padStart(4, '0')}`;
  const waiting = new Set<() => void>();
  const changed = () => {
    for (const look of waiting) look();
  };

  const server: Server = createServer((request, response) => {
    void serve(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const serviceUrl = `${origin}/teams/`;

  const answer = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
  const refuse = (response: ServerResponse, status: number, code: string, message: string, headers = {}) =>
    answer(response, status, { error: { code, message } }, headers);

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? '/', origin).pathname;
    if (path === '/openid')
      return answer(response, 200, {
        issuer,
        jwks_uri: `${origin}/keys`,
        id_token_signing_alg_values_supported: ['RS256'],
      });
    if (path === '/keys') return answer(response, 200, { keys: [jwk] });
    const matched = /^\/teams\/v3\/conversations\/([^/]+)\/activities(?:\/([^/]+))?$/.exec(path);
    const raw = await readBody(request);
    if (!matched) return refuse(response, 404, 'NotFound', `no such resource: ${path}`);
    if (request.headers.authorization !== `Bearer ${botToken}`)
      return refuse(response, 401, 'Unauthorized', 'no token');
    const conversationId = decodeURIComponent(matched[1] ?? '');
    const method = request.method === 'PUT' ? 'PUT' : 'POST';
    const activity = JSON.parse(raw) as { text?: string; attachments?: { contentType: string; content: JsonCard }[] };
    const card = activity.attachments?.[0]?.content ?? null;
    const call: ConnectorCall = {
      method,
      conversationId,
      activityId: method === 'PUT' ? decodeURIComponent(matched[2] ?? '') : null,
      text: card ? textOf(card) : (activity.text ?? ''),
    };
    calls.push(call);
    const index = troubles.findIndex(({ when }) => !when || when(call));
    const [trouble] = index < 0 ? [] : troubles.splice(index, 1);
    if (trouble?.delayMs) await new Promise((resolve) => setTimeout(resolve, trouble.delayMs));
    if (trouble?.status) {
      const headers =
        trouble.retryAfterSeconds === undefined ? {} : { 'retry-after': String(trouble.retryAfterSeconds) };
      return refuse(response, trouble.status, 'Trouble', 'as arranged', headers);
    }
    const conversation = conversations.get(conversationId);
    if (!conversation) return refuse(response, 404, 'ConversationNotFound', 'Conversation not found.');
    if (conversation.blocked)
      return answer(response, 403, {
        error: {
          code: 'ForbiddenOperationException',
          message: 'The bot is blocked.',
          innerHttpError: {},
          subCode: 'MessageWritesBlocked',
        },
      });
    if (limits && raw.length * 2 > largestBytes)
      return refuse(response, 413, 'MessageSizeTooBig', 'Message size too large.');
    if (activity.text && card)
      return refuse(response, 400, 'Split', 'text beside a card is split: send the card alone');
    if (limits && tooFast(conversation))
      return refuse(response, 429, 'TooManyRequests', 'slow down', { 'retry-after': '1' });
    conversation.sentAt.push(Date.now());
    if (method === 'PUT') {
      const message = conversation.messages.find(({ id }) => id === call.activityId);
      if (!message) return refuse(response, 404, 'ActivityNotFound', 'no such message');
      if (card) {
        message.card = card;
        message.versions.push(card);
      }
      changed();
      if (trouble?.cutAfter) return void response.destroy();
      return answer(response, 200, { id: message.id });
    }
    const message: Message = { id: nextId(), postedAt: new Date(), card, versions: card ? [card] : [] };
    conversation.messages.push(message);
    changed();
    if (trouble?.cutAfter) return void response.destroy();
    return answer(response, 201, { id: message.id });
  }

  function tooFast({ sentAt }: Conversation): boolean {
    const now = Date.now();
    return rates.some(({ messages, inMs }) => sentAt.filter((at) => now - at < inMs).length >= messages);
  }

  async function tokenFor(sign: Signing): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ serviceurl: sign.serviceUrl ?? serviceUrl })
      .setProtectedHeader({ alg: 'RS256', kid: 'fake-key', typ: 'JWT' })
      .setIssuer(sign.issuer ?? issuer)
      .setAudience(sign.audience ?? fakeAppId)
      .setIssuedAt(now - 7200)
      .setNotBefore(now - 7200)
      .setExpirationTime(sign.expired ? now - 3600 : now + 3600)
      .sign(sign.forged ? stranger.privateKey : privateKey);
  }

  let cachedToken: string | null = null;
  async function post(activity: object, token: string | null): Promise<{ status: number; body: unknown }> {
    const endpoint = endpoints[turn++ % endpoints.length];
    if (!endpoint) throw new Error('the fake Teams does not know where the bot is: deliverTo()');
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
      body: JSON.stringify(activity),
    });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  }

  async function send(activity: object, sign: Signing = {}): Promise<{ status: number; body: unknown }> {
    const plain = Object.keys(sign).length === 0;
    if (plain) cachedToken ??= await tokenFor({});
    const token = sign.unsigned ? null : plain ? cachedToken : await tokenFor(sign);
    const giveUpAt = Date.now() + redeliverForMs;
    for (;;) {
      const answered = await post(activity, token).catch((error: unknown) => {
        if (!redeliver) throw error;
        return null;
      });
      if (answered && (answered.status < 500 || !redeliver)) return answered;
      if (Date.now() > giveUpAt) throw new Error('the bot does not answer');
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Several deliveries at once. */
  const deliver = (activity: object, times = 1) => Promise.all(Array.from({ length: times }, () => send(activity)));

  function person(who: {
    readonly name: string;
    readonly aadObjectId?: string;
    readonly tenantId?: string;
    readonly locale?: string;
  }): TeamsPerson {
    const { name, aadObjectId = randomUUID(), tenantId = fakeTenantId, locale = 'en-GB' } = who;
    const conversation: Conversation = { id: `a:${aadObjectId}`, messages: [], sentAt: [], blocked: false };
    conversations.set(conversation.id, conversation);
    const envelope = () => ({
      id: nextId(),
      channelId: 'msteams',
      serviceUrl,
      timestamp: new Date().toISOString(),
      localTimezone: 'Europe/Berlin',
      locale,
      from: { id: `29:${aadObjectId}`, name, aadObjectId },
      recipient: { id: `28:${fakeAppId}`, name: 'Usher' },
      conversation: { id: conversation.id, conversationType: 'personal', tenantId },
      channelData: { tenant: { id: tenantId } },
    });
    const shows = (message: Message, words: string | RegExp): boolean => {
      const text = message.card ? textOf(message.card) : '';
      return typeof words === 'string' ? text.includes(words) : words.test(text);
    };
    const find = (words: string | RegExp) => conversation.messages.findLast((message) => shows(message, words));
    const resultOf = ({ status, body }: { status: number; body: unknown }): ClickResult => {
      const {
        statusCode = null,
        type,
        value,
      } = (body ?? {}) as { statusCode?: number; type?: string; value?: unknown };
      return {
        httpStatus: status,
        statusCode,
        card: type === 'application/vnd.microsoft.card.adaptive' ? (value as JsonCard) : null,
        text: typeof value === 'string' ? value : ((value as { message?: string } | undefined)?.message ?? null),
      };
    };
    const invoke = (verb: string, data: object) => ({
      ...envelope(),
      type: 'invoke',
      name: 'adaptiveCard/action',
      value: { action: { type: 'Action.Execute', verb, data }, trigger: 'manual' },
    });
    return {
      aadObjectId,
      messages: conversation.messages,
      open: async () => {
        const activity = { ...envelope(), type: 'conversationUpdate', membersAdded: [{ id: `28:${fakeAppId}` }] };
        return (await send(activity)).status;
      },
      say: async (text, { times = 1, more = {} } = {}) => {
        const results = await deliver({ ...envelope(), type: 'message', text, textFormat: 'plain', ...more }, times);
        return Math.max(...results.map(({ status }) => status));
      },
      click: async (title, inputs = {}, { times = 1, submit = false, message, ...choice } = {}) => {
        const candidates = message ? [message] : conversation.messages.toReversed();
        for (const candidate of candidates) {
          const action = candidate.card && clickIn(candidate.card, title, inputs, choice);
          if (!action) continue;
          if (submit) {
            const [result] = await deliver(
              { ...envelope(), type: 'message', replyToId: candidate.id, value: action.data },
              times,
            );
            return { httpStatus: result?.status ?? 0, statusCode: null, card: null, text: null };
          }
          const results = await deliver({ ...invoke(action.verb, action.data), replyToId: candidate.id }, times);
          return resultOf(results[0] as (typeof results)[number]);
        }
        throw new Error(
          `${name} sees no button “${title}”. On the screen: ${conversation.messages.map(({ card }) => card && textOf(card)).join('\n---\n')}`,
        );
      },
      forge: async (verb, data) => resultOf(await send(invoke(verb, data))),
      find,
      see: (words, withinMs = 30_000) =>
        new Promise((resolve, reject) => {
          const look = () => {
            const message = find(words);
            if (!message) return;
            clearTimeout(timer);
            waiting.delete(look);
            resolve(message);
          };
          const timer = setTimeout(() => {
            waiting.delete(look);
            const screen = conversation.messages.map(({ card }) => (card ? textOf(card) : '')).join('\n---\n');
            reject(new Error(`${name} does not see ${words}. On the screen:\n${screen}`));
          }, withinMs);
          waiting.add(look);
          look();
        }),
      screen: () => conversation.messages.map(({ card }) => (card ? textOf(card) : '')).join('\n'),
      block: () => {
        conversation.blocked = true;
      },
    };
  }

  return {
    serviceUrl,
    openIdMetadataUrl: `${origin}/openid`,
    credentials: fakeCredentials(),
    calls,
    trouble: (...more) => {
      troubles.push(...more);
    },
    clearTrouble: () => {
      troubles.length = 0;
    },
    person,
    deliverTo: (...to) => {
      endpoints = to;
    },
    send,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
