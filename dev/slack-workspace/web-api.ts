import type { Json } from './contract.ts';
import type { Handles, ResponseTarget } from './handles.ts';
import { messageProblems, viewProblems } from './payload-schema.ts';
import type { Payloads } from './payloads.ts';
import type { Channel, Message, State, User, View } from './state.ts';
import type { Tokens } from './tokens.ts';

const longestPost = 40_000;
const longestUpdate = 4_000;
const mostBytesOfView = 250_000;
const modalStack = 3;

export type Answer = Json & { readonly ok: boolean; readonly error?: string };

const failed = (error: string, messages: readonly string[] = []): Answer => ({
  ok: false,
  error,
  ...(messages.length > 0
    ? { errors: messages, response_metadata: { messages: messages.map((message) => `[ERROR] ${message}`) } }
    : {}),
});
const missing = (field: string): Answer =>
  failed('invalid_arguments', [`missing required field: ${field} [json-pointer:/${field}]`]);

/** What is JSON in a form; a string that is none stays a string. */
const decoded = (value: unknown): unknown => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};

interface Content {
  readonly text: string;
  readonly blocks: readonly unknown[];
}

/** What a message would hold, or Slack's error. */
export function contentOf(args: Json, longest: number): Content | Answer {
  const text = typeof args.text === 'string' ? args.text : '';
  const blocks = args.blocks === undefined || args.blocks === '' ? undefined : decoded(args.blocks);
  if (blocks !== undefined && !Array.isArray(blocks)) return failed('invalid_blocks_format');
  if (text === '' && !blocks?.length && !args.attachments) return failed('no_text');
  if (text.length > longest) return failed('msg_too_long');
  // Blocks without a text draw a warning only, and how long a text may be depends on the method.
  const problems = messageProblems({ text: 'x', ...(blocks ? { blocks } : {}) });
  if (problems.some((problem) => problem.startsWith('msg_blocks_too_long'))) return failed('msg_blocks_too_long');
  if (problems.length > 0) return failed('invalid_blocks', problems);
  return { text, blocks: blocks ?? [] };
}

/** A view that may be shown, or Slack's error. */
export function viewFrom(value: unknown, type: 'modal' | 'home'): { readonly view: Json } | Answer {
  const view = decoded(value);
  if (!view || typeof view !== 'object') return missing('view');
  if (JSON.stringify(view).length > mostBytesOfView) return failed('view_too_large');
  if ((view as Json).type !== type) return failed('invalid_arguments', [`must be a ${type} [json-pointer:/view/type]`]);
  const problems = viewProblems(view);
  if (problems.length > 0) return failed('invalid_arguments', problems);
  return { view: view as Json };
}

const isTrue = (value: unknown) => String(value) === 'true';
export const isAnswer = (value: object): value is Answer => 'ok' in value;

/** Slack's Web API, as far as an app like ours uses it. */
export function createWebApi(parts: {
  readonly state: State;
  readonly payloads: Payloads;
  readonly handles: Handles;
  readonly tokens: Tokens;
  readonly origin: () => string;
  readonly openSocket: () => string;
  readonly appToken: string | undefined;
  /** The app has posted or changed something in a direct message. */
  readonly onPosted: (message: Message, channel: Channel) => void;
  readonly onRevoked: (teamId: string) => void;
}) {
  const { state, payloads, handles, tokens, onPosted } = parts;
  const { bot } = state;

  const channelFor = (given: unknown, teamId: string): Channel | null => {
    const id = String(given ?? '');
    const direct = state.users.has(id) ? state.dmOf(id) : id;
    const channel = state.channels.get(direct);
    if (!channel) return null;
    if (channel.userId === null) return teamId === state.team.id ? channel : null;
    const user = state.userOf(channel.userId);
    return user.teamId === teamId ? channel : null;
  };

  /** The channel if the app may write there. */
  const writable = (given: unknown, teamId: string): Channel | Answer => {
    if (given === undefined) return missing('channel');
    const channel = channelFor(given, teamId);
    if (!channel) return failed('channel_not_found');
    if (!channel.botIsMember) return failed('not_in_channel');
    if (channel.archived) return failed('is_archived');
    return channel;
  };

  const userFor = (id: unknown, teamId: string): User | null => {
    const user = state.users.get(String(id ?? ''));
    if (!user) return null;
    return user.teamId === teamId || (teamId === state.team.id && state.isOutsider(user)) ? user : null;
  };

  const ownMessage = (args: Json, teamId: string, refused: string): { message: Message; channel: Channel } | Answer => {
    if (!args.ts) return missing('ts');
    // Unlike chat.postMessage, these want the conversation's own id, not the user's.
    if (state.users.has(String(args.channel))) return failed('channel_not_found');
    const channel = writable(args.channel, teamId);
    if (isAnswer(channel)) return channel;
    const message = channel.messages.find(({ ts }) => ts === args.ts);
    if (message) return message.user === bot.userId ? { message, channel } : failed(refused);
    const ephemeral = [...state.clients.values()].some(({ ephemerals }) => ephemerals.some(({ ts }) => ts === args.ts));
    return failed(ephemeral ? refused : 'message_not_found');
  };

  const shown = (view: View): Answer => ({ ok: true, view: payloads.viewPart(view) });

  const hashFits = (args: Json, view: View) => !args.hash || args.hash === view.hash;

  const externalIdTaken = (view: Json, except?: View): boolean => {
    if (!view.external_id) return false;
    const other = state.viewByExternalId(String(view.external_id));
    return other !== undefined && other !== except;
  };

  function open(args: Json, teamId: string, push: boolean): Answer {
    const given = viewFrom(args.view, 'modal');
    if (isAnswer(given)) return given;
    if (!args.trigger_id) return missing('trigger_id');
    if (externalIdTaken(given.view)) return failed('duplicate_external_id');
    const trigger = handles.exchange(args.trigger_id);
    if ('error' in trigger) return failed(trigger.error);
    const { modals } = state.clientOf(trigger.userId);
    const previous = modals.at(-1);
    if (push && !previous) return failed('not_found');
    if (push && modals.length >= modalStack) return failed('push_limit_reached');
    const place = { userId: trigger.userId, teamId, type: 'modal' as const };
    const view = state.newView(given.view, push && previous ? { ...place, previous } : place);
    if (!push) modals.length = 0;
    modals.push(view);
    state.changed(trigger.userId);
    return shown(view);
  }

  const methods: Record<string, (args: Json, teamId: string, token: string) => Answer> = {
    'auth.test': (_args, teamId) => ({
      ok: true,
      url: `${parts.origin()}/`,
      team: state.installed.get(teamId),
      user: bot.name.toLowerCase(),
      team_id: teamId,
      user_id: bot.userId,
      bot_id: bot.botId,
      is_enterprise_install: false,
    }),

    'auth.revoke': (_args, teamId, token) => {
      tokens.revoke(token);
      parts.onRevoked(teamId);
      return { ok: true, revoked: true };
    },

    'chat.postMessage': (args, teamId) => {
      const channel = writable(args.channel, teamId);
      if (isAnswer(channel)) return channel;
      const content = contentOf(args, longestPost);
      if (isAnswer(content)) return content;
      const threadTs = args.thread_ts ? String(args.thread_ts) : null;
      const message = state.post({ channel, user: bot.userId, ...content, threadTs });
      onPosted(message, channel);
      return { ok: true, channel: channel.id, ts: message.ts, message: payloads.messagePart(message) };
    },

    'chat.update': (args, teamId) => {
      const own = ownMessage(args, teamId, 'cant_update_message');
      if (isAnswer(own)) return own;
      const content = contentOf(args, longestUpdate);
      if (isAnswer(content)) return content;
      state.replaceMessage(own.message, content.text, content.blocks);
      const { ts, text } = own.message;
      return { ok: true, channel: own.channel.id, ts, text, message: payloads.messagePart(own.message) };
    },

    'chat.delete': (args, teamId) => {
      const own = ownMessage(args, teamId, 'cant_delete_message');
      if (isAnswer(own)) return own;
      state.removeMessage(own.message);
      return { ok: true, channel: own.channel.id, ts: own.message.ts };
    },

    'chat.postEphemeral': (args, teamId) => {
      const channel = writable(args.channel, teamId);
      if (isAnswer(channel)) return channel;
      const user = userFor(args.user, teamId);
      if (!user || user.deleted || !state.isMember(channel, user)) return failed('user_not_in_channel');
      const content = contentOf(args, longestPost);
      if (isAnswer(content)) return content;
      const message = state.post({ channel, user: bot.userId, ...content, ephemeralFor: user.id });
      return { ok: true, message_ts: message.ts };
    },

    'conversations.open': (args, teamId) => {
      const ids = String(args.users ?? '')
        .split(',')
        .filter((id) => id !== '');
      if (args.channel) {
        const channel = channelFor(args.channel, teamId);
        if (channel?.kind !== 'im') return failed('channel_not_found');
        return { ok: true, no_op: true, already_open: true, channel: { id: channel.id } };
      }
      if (ids.length === 0) return failed('users_list_not_supplied');
      if (ids.length > 1) return failed('missing_scope');
      const user = userFor(ids[0], teamId);
      if (!user) return failed('user_not_found');
      if (user.deleted) return failed('user_disabled');
      if (state.isOutsider(user)) return failed('user_not_visible');
      return { ok: true, no_op: true, already_open: true, channel: { id: state.dmOf(user.id) } };
    },

    'users.info': (args, teamId) => {
      if (!args.user) return missing('user');
      const user = userFor(args.user, teamId);
      if (!user) return failed('user_not_found');
      return { ok: true, user: payloads.userObject(user, teamId, String(args.include_locale) === 'true') };
    },

    'users.lookupByEmail': (args, teamId) => {
      if (!args.email) return missing('email');
      const sought = String(args.email).toLowerCase();
      const user = [...state.users.values()].find(
        ({ email, deleted, teamId: of }) => email?.toLowerCase() === sought && !deleted && of === teamId,
      );
      if (!user) return failed('users_not_found');
      return { ok: true, user: payloads.userObject(user, teamId, false) };
    },

    'views.open': (args, teamId) => open(args, teamId, false),
    'views.push': (args, teamId) => open(args, teamId, true),

    'views.update': (args, teamId) => {
      const current = args.view_id
        ? state.viewOf(String(args.view_id))
        : state.viewByExternalId(String(args.external_id));
      if (!args.view_id && !args.external_id) return missing('view_id');
      if (current?.teamId !== teamId) return failed('not_found');
      const given = viewFrom(args.view, current.type);
      if (isAnswer(given)) return given;
      if (!hashFits(args, current)) return failed('hash_conflict');
      if (externalIdTaken(given.view, current)) return failed('duplicate_external_id');
      state.replaceView(current, given.view);
      return shown(current);
    },

    'views.publish': (args, teamId) => {
      if (!args.user_id) return missing('user_id');
      const given = viewFrom(args.view, 'home');
      if (isAnswer(given)) return given;
      const user = userFor(args.user_id, teamId);
      if (!user || user.deleted || state.isOutsider(user)) return failed('user_not_found');
      const client = state.clientOf(user.id);
      if (client.home && !hashFits(args, client.home)) return failed('hash_conflict');
      if (client.home) state.replaceView(client.home, given.view);
      else client.home = state.newView(given.view, { userId: user.id, teamId, type: 'home' });
      state.changed(user.id);
      return shown(client.home);
    },
  };

  return {
    knows: (method: string): boolean =>
      method in methods || method === 'apps.connections.open' || method === 'oauth.v2.access' || method === 'api.test',

    /** The team that the caller speaks for; null for methods that need no bot token. */
    caller: (method: string, token: string | null): { teamId: string | null } | Answer => {
      if (method === 'oauth.v2.access' || method === 'api.test') return { teamId: null };
      if (method === 'apps.connections.open') {
        if (!token) return failed('not_authed');
        return parts.appToken && token === parts.appToken ? { teamId: null } : failed('invalid_auth');
      }
      const known = tokens.teamOf(token);
      return 'error' in known ? failed(known.error) : known;
    },

    answer: (method: string, args: Json, teamId: string | null, token: string | null): Answer => {
      if (method === 'api.test') return { ok: true };
      if (method === 'oauth.v2.access') return tokens.access(args) as Answer;
      if (method === 'apps.connections.open') return { ok: true, url: parts.openSocket() };
      return methods[method]?.(args, teamId ?? '', token ?? '') ?? failed('unknown_method');
    },

    /** What is posted to a response URL. */
    respond: (id: string, args: Json): { readonly status: number; readonly error: string | null } => {
      const removes = isTrue(args.delete_original);
      const content = removes ? { text: '', blocks: [] } : contentOf(args, longestPost);
      if (isAnswer(content)) return { status: 400, error: content.error ?? null };
      const target = handles.respond(id);
      if ('error' in target) return { status: 404, error: target.error };
      respondTo(state, target, args, content);
      return { status: 200, error: null };
    },
  };
}

/** Shows what came as an acknowledgement or over a response URL. */
export function respondTo(state: State, target: ResponseTarget, args: Json, content: Content): void {
  const channel = state.channels.get(target.channel) as Channel;
  const original = target.message && originalOf(state, target);
  if (isTrue(args.delete_original)) {
    if (original) state.removeMessage(original);
    return;
  }
  if (isTrue(args.replace_original) && original) {
    state.replaceMessage(original, content.text, content.blocks);
    return;
  }
  const everybody = args.response_type === 'in_channel';
  state.post({
    channel,
    user: state.bot.userId,
    ...content,
    ...(everybody ? {} : { ephemeralFor: target.userId }),
  });
}

function originalOf(state: State, { userId, channel, message }: ResponseTarget): Message | undefined {
  const among = message?.ephemeral ? state.clientOf(userId).ephemerals : (state.channels.get(channel)?.messages ?? []);
  return among.find(({ ts }) => ts === message?.ts);
}
