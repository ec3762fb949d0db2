import { randomBytes } from 'node:crypto';
import { settled } from './blocks.ts';
import type { Json, NewChannel, NewUser, WorkspaceOptions } from './contract.ts';
import type { Block, InputValue, Notice } from './view.ts';

export interface User extends Required<NewUser> {
  deleted: boolean;
  updated: number;
}

export interface Message {
  readonly ts: string;
  readonly channel: string;
  /** Who wrote it: a person, the app's bot, or Slackbot. */
  readonly user: string;
  readonly ephemeralFor: string | null;
  readonly threadTs: string | null;
  text: string;
  blocks: Block[];
  edited: boolean;
}

export interface Channel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'channel' | 'im';
  /** Whose direct message with the app it is. */
  readonly userId: string | null;
  readonly shared: boolean;
  readonly archived: boolean;
  readonly members: readonly string[] | null;
  readonly botIsMember: boolean;
  readonly messages: Message[];
}

export interface View {
  readonly id: string;
  readonly userId: string;
  readonly teamId: string;
  readonly type: 'modal' | 'home';
  readonly rootId: string;
  readonly previousId: string | null;
  /** As the app gave it, but for the blocks. */
  given: Json;
  blocks: Block[];
  hash: string;
  errors: Record<string, string>;
}

/** What one person's client keeps to itself. */
export interface Client {
  readonly modals: View[];
  home: View | null;
  readonly ephemerals: Message[];
  /** What was typed and chosen, by place. */
  readonly typed: Map<string, Map<string, InputValue>>;
  readonly trouble: Map<string, string>;
  notices: Notice[];
  readonly lastRead: Map<string, string>;
  busy: number;
  revision: number;
}

export interface Bot {
  readonly userId: string;
  readonly botId: string;
  readonly name: string;
  readonly appId: string;
}

export const slackbotId = 'USLACKBOT';

/** Everything that the workspace knows, and who is told when it changes. */
export type State = ReturnType<typeof createState>;

export function createState(options: WorkspaceOptions) {
  const { team } = options;
  const bot: Bot = {
    userId: options.bot?.userId ?? 'U0USHERBOT',
    name: options.bot?.name ?? 'Usher',
    botId: 'B0USHERBOT',
    appId: options.appId ?? 'A0USHERAPP',
  };
  const users = new Map<string, User>();
  const channels = new Map<string, Channel>();
  const clients = new Map<string, Client>();
  /** The teams that have the app, with their names. */
  const installed = new Map<string, string>([[team.id, team.name]]);
  const listeners = new Set<(userId: string | null) => void>();

  const changed = (userId: string | null) => {
    for (const [id, client] of clients) if (userId === null || id === userId) client.revision += 1;
    for (const listener of listeners) listener(userId);
  };

  let lastTs = 0;
  const nextTs = (): string => {
    lastTs = Math.max(lastTs + 1, Date.now() * 1000);
    const digits = String(lastTs);
    return `${digits.slice(0, -6)}.${digits.slice(-6)}`;
  };

  const addChannel = (channel: NewChannel & { readonly userId?: string }) => {
    channels.set(channel.id, {
      id: channel.id,
      name: channel.name,
      kind: channel.userId ? 'im' : 'channel',
      userId: channel.userId ?? null,
      shared: channel.shared ?? false,
      archived: channel.archived ?? false,
      members: channel.members ?? null,
      botIsMember: channel.botIsMember ?? true,
      messages: [],
    });
  };

  const dmOf = (userId: string) => userId.replace(/^[UW]/, 'D');

  const addUser = (user: NewUser) => {
    users.set(user.id, {
      emailConfirmed: user.email !== null,
      restricted: false,
      ultraRestricted: false,
      teamId: team.id,
      tz: 'Europe/Berlin',
      locale: 'en-GB',
      admin: false,
      ...user,
      deleted: false,
      updated: Math.floor(Date.now() / 1000),
    });
    addChannel({ id: dmOf(user.id), name: 'directmessage', userId: user.id });
    clients.set(user.id, {
      modals: [],
      home: null,
      ephemerals: [],
      typed: new Map(),
      trouble: new Map(),
      notices: [],
      lastRead: new Map(),
      busy: 0,
      revision: 0,
    });
    changed(null);
  };

  for (const channel of options.channels ?? []) addChannel(channel);
  for (const user of options.users) addUser(user);

  const userOf = (id: string): User => {
    const user = users.get(id);
    if (!user) throw new Error(`no such user in the workspace: ${id}`);
    return user;
  };
  const clientOf = (id: string): Client => {
    userOf(id);
    return clients.get(id) as Client;
  };

  const isOutsider = ({ teamId }: User) => !installed.has(teamId);
  /** Whose app is spoken to: the person's own team's, else that of the workspace that shares its channel. */
  const teamOf = (user: User) => (isOutsider(user) ? team.id : user.teamId);

  const isMember = (channel: Channel, user: User): boolean => {
    if (channel.kind === 'im') return channel.userId === user.id && !isOutsider(user);
    if (channel.members) return channel.members.includes(user.id);
    return user.teamId === team.id || channel.shared;
  };

  const post = (message: {
    channel: Channel;
    user: string;
    text: string;
    blocks: readonly unknown[];
    ephemeralFor?: string;
    threadTs?: string | null;
  }): Message => {
    const { channel, user, text, blocks, ephemeralFor = null, threadTs = null } = message;
    const stored: Message = {
      ts: nextTs(),
      channel: channel.id,
      user,
      text,
      blocks: settled(blocks),
      ephemeralFor,
      threadTs,
      edited: false,
    };
    if (ephemeralFor === null) channel.messages.push(stored);
    else clientOf(ephemeralFor).ephemerals.push(stored);
    changed(ephemeralFor ?? channel.userId);
    return stored;
  };

  const newView = (
    view: Json,
    place: { userId: string; teamId: string; type: 'modal' | 'home'; previous?: View },
  ): View => {
    const id = `V${randomBytes(6).toString('hex').toUpperCase()}`;
    const { userId, teamId, type, previous } = place;
    return {
      id,
      userId,
      teamId,
      type,
      rootId: previous?.rootId ?? id,
      previousId: previous?.id ?? null,
      given: view,
      blocks: settled(view.blocks as unknown[]),
      hash: newHash(),
      errors: {},
    };
  };

  const replaceView = (view: View, given: Json) => {
    view.given = given;
    view.blocks = settled(given.blocks as unknown[]);
    view.hash = newHash();
    view.errors = {};
    clientOf(view.userId).trouble.delete(placeOf(view));
    keepTyped(view.userId, placeOf(view), view.blocks);
    changed(view.userId);
  };

  /** What was typed into blocks that are no longer there is gone. */
  const keepTyped = (userId: string, place: string, blocks: readonly Block[]) => {
    const typed = clientOf(userId).typed.get(place);
    const ids = new Set(blocks.map(({ block_id }) => block_id));
    for (const key of typed?.keys() ?? []) if (![...ids].some((id) => key.startsWith(`${id}/`))) typed?.delete(key);
  };

  const replaceMessage = (message: Message, text: string, blocks: readonly unknown[]) => {
    message.text = text;
    message.blocks = settled(blocks);
    message.edited = true;
    for (const [userId, client] of clients) {
      client.trouble.delete(placeOf(message));
      keepTyped(userId, placeOf(message), message.blocks);
    }
    changed(message.ephemeralFor);
  };

  const removeMessage = (message: Message) => {
    const owner = message.ephemeralFor;
    const from = owner ? clientOf(owner).ephemerals : (channels.get(message.channel) as Channel).messages;
    const index = from.indexOf(message);
    if (index >= 0) from.splice(index, 1);
    changed(owner);
  };

  const notice = (userId: string, text: string) => {
    const client = clientOf(userId);
    client.notices = [...client.notices, { id: randomBytes(4).toString('hex'), text, at: Date.now() }];
    changed(userId);
  };

  const viewOf = (id: string): View | undefined => {
    for (const { modals, home } of clients.values()) {
      const found = home?.id === id ? home : modals.find((modal) => modal.id === id);
      if (found) return found;
    }
    return undefined;
  };

  const viewByExternalId = (externalId: string): View | undefined => {
    for (const { modals, home } of clients.values()) {
      const found = [...modals, home].find((view) => view?.given.external_id === externalId);
      if (found) return found;
    }
    return undefined;
  };

  return {
    team,
    bot,
    installed,
    users,
    channels,
    clients,
    changed,
    listeners,
    nextTs,
    dmOf,
    addUser,
    userOf,
    clientOf,
    isOutsider,
    teamOf,
    isMember,
    post,
    newView,
    replaceView,
    replaceMessage,
    removeMessage,
    notice,
    viewOf,
    viewByExternalId,
  };
}

const newHash = () => `${Math.floor(Date.now() / 1000)}.${randomBytes(4).toString('hex')}`;

/** The opaque name of a place where something can be pressed or typed. */
export const placeOf = (of: Message | View): string =>
  'hash' in of ? `v:${of.id}` : `${of.ephemeralFor ? 'e' : 'm'}:${of.channel}:${of.ts}`;

export const domainOf = (teamName: string): string => teamName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
