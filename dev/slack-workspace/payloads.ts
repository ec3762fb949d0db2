import { randomBytes, randomUUID } from 'node:crypto';
import { inputsIn, stateIn } from './blocks.ts';
import type { Json } from './contract.ts';
import { newEventId } from './deliver.ts';
import { type Channel, domainOf, type Message, type State, type User, type View } from './state.ts';

/** Slack's deprecated shared token: still in every payload, good for nothing. */
const verificationToken = 'deprecated-verification-token';

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** What somebody typed as Slack passes it on: escaped, with links and addresses marked up; mentions stay. */
export const marked = (text: string): string =>
  text
    .split(/(<[@#!][^>]+>)/)
    .map((piece, index) =>
      index % 2 === 1
        ? piece
        : escaped(piece)
            .replaceAll(/https?:\/\/[^\s<>]+/g, (url) => `<${url}>`)
            .replaceAll(
              /(?<![\w.+/:@-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi,
              (mail) => `<mailto:${mail}|${mail}>`,
            ),
    )
    .join('');

/** The shapes that Slack sends to apps. */
export function createPayloads(state: State) {
  const { bot } = state;

  const teamPart = (user: User) => {
    const id = state.teamOf(user);
    return { id, domain: domainOf(state.installed.get(id) ?? state.team.name) };
  };

  const userPart = (user: User) => ({ id: user.id, username: user.name, name: user.name, team_id: user.teamId });

  const channelPart = ({ id, name }: Channel) => ({ id, name });

  const messagePart = (message: Message): Json => ({
    user: message.user,
    type: 'message',
    ts: message.ts,
    bot_id: bot.botId,
    app_id: bot.appId,
    text: message.text,
    team: state.team.id,
    ...(message.threadTs ? { thread_ts: message.threadTs } : {}),
    ...(message.edited ? { edited: { user: bot.botId, ts: message.ts } } : {}),
    blocks: message.blocks,
  });

  const viewPart = (view: View): Json => {
    const { given } = view;
    const place = state.clientOf(view.userId).typed.get(`v:${view.id}`) ?? new Map();
    return {
      id: view.id,
      team_id: view.teamId,
      type: view.type,
      blocks: view.blocks,
      private_metadata: given.private_metadata ?? '',
      callback_id: given.callback_id ?? '',
      state: stateIn(view.blocks, inputsIn(view.blocks, place)),
      hash: view.hash,
      title: given.title ?? { type: 'plain_text', text: 'View Title', emoji: true },
      clear_on_close: given.clear_on_close ?? false,
      notify_on_close: given.notify_on_close ?? false,
      close: given.close ?? null,
      submit: given.submit ?? null,
      previous_view_id: view.previousId,
      root_view_id: view.rootId,
      app_id: bot.appId,
      external_id: given.external_id ?? '',
      app_installed_team_id: view.teamId,
      bot_id: bot.botId,
    };
  };

  /** When a view is sent, `team` is the person's own; the app's is `view.app_installed_team_id` (Slack Connect). */
  const interactive = (type: string, user: User, ofView = false): Json => ({
    type,
    team: ofView && state.isOutsider(user) ? { id: user.teamId, domain: domainOf(user.teamId) } : teamPart(user),
    user: userPart(user),
    api_app_id: bot.appId,
    token: verificationToken,
    enterprise: null,
    is_enterprise_install: false,
  });

  const command = (
    user: User,
    channel: Channel,
    what: { readonly command: string; readonly text: string; readonly triggerId: string; readonly responseUrl: string },
  ): Json => ({
    token: verificationToken,
    team_id: state.teamOf(user),
    team_domain: teamPart(user).domain,
    channel_id: channel.id,
    channel_name: channel.name,
    user_id: user.id,
    user_name: user.name,
    command: what.command,
    text: escaped(what.text),
    api_app_id: bot.appId,
    is_enterprise_install: 'false',
    response_url: what.responseUrl,
    trigger_id: what.triggerId,
  });

  const event = (
    event: Json,
    { teamId, shared = false }: { readonly teamId: string; readonly shared?: boolean },
  ): Json => ({
    token: verificationToken,
    team_id: teamId,
    context_team_id: teamId,
    context_enterprise_id: null,
    api_app_id: bot.appId,
    event,
    type: 'event_callback',
    event_id: newEventId(),
    event_time: Math.floor(Date.now() / 1000),
    authorizations: [
      { enterprise_id: null, team_id: teamId, user_id: bot.userId, is_bot: true, is_enterprise_install: false },
    ],
    is_ext_shared_channel: shared,
    event_context: `4-${randomBytes(12).toString('base64url')}`,
  });

  const spoken = (user: User, channel: Channel, { ts, text }: Message): Json => ({
    user: user.id,
    ts,
    client_msg_id: randomUUID(),
    text,
    team: user.teamId,
    blocks: [
      {
        type: 'rich_text',
        block_id: randomBytes(3).toString('base64url'),
        elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }],
      },
    ],
    channel: channel.id,
    event_ts: ts,
    ...(state.isOutsider(user) ? { user_team: user.teamId, source_team: user.teamId } : {}),
  });

  /** As `users.info` tells of them to the app of a team. */
  const userObject = (user: User, teamId: string, withLocale: boolean): Json => ({
    id: user.id,
    team_id: user.teamId,
    name: user.name,
    deleted: user.deleted,
    real_name: user.realName,
    profile: {
      real_name: user.realName,
      real_name_normalized: user.realName,
      display_name: user.name,
      display_name_normalized: user.name,
      ...(user.email === null ? {} : { email: user.email }),
      team: user.teamId,
    },
    is_bot: false,
    is_app_user: false,
    updated: user.updated,
    ...(user.deleted
      ? {}
      : {
          tz: user.tz,
          tz_label: user.tz,
          tz_offset: offsetSeconds(user.tz),
          is_admin: user.admin,
          is_owner: false,
          is_primary_owner: false,
          is_restricted: user.restricted || user.ultraRestricted,
          is_ultra_restricted: user.ultraRestricted,
          is_email_confirmed: user.emailConfirmed,
          who_can_share_contact_card: 'EVERYONE',
          ...(withLocale ? { locale: user.locale } : {}),
        }),
    ...(user.teamId === teamId ? {} : { is_stranger: false }),
  });

  return { channelPart, messagePart, viewPart, interactive, command, event, spoken, userObject };
}

export type Payloads = ReturnType<typeof createPayloads>;

function offsetSeconds(timeZone: string): number {
  const name = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' })
    .formatToParts()
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours, minutes] = /GMT([+-])(\d\d):(\d\d)/.exec(name ?? '') ?? [];
  if (!sign) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
