import { inputsIn } from './blocks.ts';
import type { Json, WorkspaceOptions } from './contract.ts';
import { type Message, placeOf, type State, slackbotId, type User, type View } from './state.ts';
import type { ConversationShown, MessageShown, PersonView, UserShown, ViewShown } from './view.ts';

/** What one person's client shows. */
export function createPersonView(state: State, { command = '/usher', shortcuts = [] }: WorkspaceOptions) {
  const { bot, team } = state;

  const shownUser = (user: User): UserShown => ({
    id: user.id,
    name: user.name,
    realName: user.realName,
    email: user.email,
    guest: user.ultraRestricted ? 'single-channel' : user.restricted ? 'multi-channel' : null,
    outsider: state.isOutsider(user),
    admin: user.admin,
    deleted: user.deleted,
    tz: user.tz,
    locale: user.locale,
  });

  const nameOf = (id: string) => {
    if (id === bot.userId) return bot.name;
    return id === slackbotId ? 'Slackbot' : (state.users.get(id)?.realName ?? id);
  };

  return (userId: string): PersonView => {
    const me = state.userOf(userId);
    const client = state.clientOf(userId);

    const common = (of: Message | View) => {
      const place = placeOf(of);
      return {
        place,
        blocks: of.blocks,
        inputs: inputsIn(of.blocks, client.typed.get(place) ?? new Map()),
        trouble: client.trouble.get(place) ?? null,
      };
    };

    const shownMessage = (message: Message): MessageShown => ({
      ...common(message),
      ts: message.ts,
      at: Math.floor(Number(message.ts) * 1000),
      from: nameOf(message.user),
      fromId: message.user,
      bot: message.user === bot.userId || message.user === slackbotId,
      text: message.text,
      ephemeral: message.ephemeralFor !== null,
      edited: message.edited,
    });

    const textOf = (value: unknown): string | null => (value as Json | undefined)?.text as string | null;
    const shownView = (view: View): ViewShown => ({
      ...common(view),
      id: view.id,
      title: textOf(view.given.title) ?? '',
      submit: textOf(view.given.submit) ?? null,
      close: textOf(view.given.close) ?? null,
      errors: view.errors,
    });

    const conversations = [...state.channels.values()]
      .filter((channel) => state.isMember(channel, me))
      .map((channel): ConversationShown => {
        const ephemerals = client.ephemerals.filter(({ channel: id }) => id === channel.id);
        const messages = [...channel.messages, ...ephemerals].sort((one, other) => (one.ts < other.ts ? -1 : 1));
        const lastRead = client.lastRead.get(channel.id) ?? '';
        return {
          id: channel.id,
          name: channel.kind === 'im' ? bot.name : channel.name,
          kind: channel.kind === 'im' ? 'bot' : 'channel',
          shared: channel.shared,
          unread: channel.messages.filter(({ ts, user }) => ts > lastRead && user !== userId).length,
          messages: messages.map(shownMessage),
        };
      });

    return {
      revision: client.revision,
      team,
      command,
      bot: { userId: bot.userId, name: bot.name },
      shortcuts: state.isOutsider(me) ? [] : shortcuts,
      me: shownUser(me),
      users: [...state.users.values()].map(shownUser),
      conversations,
      home: client.home ? shownView(client.home) : null,
      modals: client.modals.map(shownView),
      notices: client.notices,
      busy: client.busy > 0,
    };
  };
}
