import { type Activity, ActivityTypes } from 'botbuilder';
import type { ChatAddress, Incoming, Json } from '../surface.ts';

/** What is kept of a conversation to write there later, and nothing more. */
export interface TeamsConversation {
  readonly serviceUrl: string;
  readonly channelId: string;
  readonly conversation: {
    readonly id: string;
    readonly tenantId: string | null;
    readonly conversationType: string | null;
  };
  readonly bot: { readonly id: string; readonly name: string | null };
  readonly user: { readonly id: string; readonly aadObjectId: string };
}

interface ChannelData {
  readonly tenant?: { readonly id?: string };
}

/** The tenant that an activity comes from, as Teams tells it. */
export const tenantOf = (activity: Activity): string | null =>
  activity.conversation?.tenantId ?? (activity.channelData as ChannelData | undefined)?.tenant?.id ?? null;

const isPersonal = (activity: Activity): boolean =>
  activity.conversation?.conversationType === 'personal' ||
  (!activity.conversation?.conversationType && !activity.conversation?.isGroup);

/** The text without any mention of the bot (botbuilder's own helper takes out only the first) and with plain spaces. */
export function spokenText(activity: Activity): string {
  const bot = activity.recipient?.id;
  let text = activity.text ?? '';
  for (const entity of activity.entities ?? []) {
    const { mentioned, text: mention } = entity as { mentioned?: { id?: string }; text?: string };
    if (entity.type === 'mention' && mentioned?.id === bot && mention) text = text.replaceAll(mention, ' ');
  }
  return text
    .replace(/\u00a0/g, ' ')
    .replace(/[^\S\n]+/g, ' ')
    .trim();
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A click: `Action.Execute` as an invoke, or its `Action.Submit` fallback as a message with a value. */
function clickOf(value: unknown): Incoming['event'] | null {
  if (!isObject(value)) return null;
  const action = isObject(value.action) ? value.action : value;
  const data = isObject(action.data) ? action.data : action === value ? value : {};
  const verb = typeof action.verb === 'string' ? action.verb : data.verb;
  return typeof verb === 'string' && verb ? { kind: 'action', verb, data } : null;
}

/** What happened, as far as Usher cares; `null` for everything else, and for clicks that make no sense. */
function eventOf(activity: Activity): Incoming['event'] | null {
  switch (activity.type) {
    case ActivityTypes.Message:
      if (activity.value !== undefined && activity.value !== null) return clickOf(activity.value);
      return { kind: 'message', text: spokenText(activity) };
    case ActivityTypes.Invoke:
      return activity.name === 'adaptiveCard/action' ? clickOf(activity.value) : null;
    // Comes with every installation, beside an installationUpdate: greeting on both would greet twice.
    case ActivityTypes.ConversationUpdate: {
      const added = activity.membersAdded?.some(({ id }) => id === activity.recipient?.id) ?? false;
      return added ? { kind: 'opened' } : null;
    }
    default:
      return null;
  }
}

const addressOf = (activity: Activity, tenantId: string | null, aadObjectId: string): ChatAddress => {
  const conversation: TeamsConversation = {
    serviceUrl: activity.serviceUrl,
    channelId: activity.channelId,
    conversation: {
      id: activity.conversation.id,
      tenantId,
      conversationType: activity.conversation.conversationType ?? null,
    },
    bot: { id: activity.recipient.id, name: activity.recipient.name ?? null },
    user: { id: activity.from.id, aadObjectId },
  };
  return { platform: 'teams', conversation: conversation as unknown as Json };
};

export type Understood =
  | { readonly kind: 'incoming'; readonly incoming: Incoming }
  /** Nothing for Usher, or nothing that can be understood. */
  | { readonly kind: 'nothing' }
  /** Teams did not say who it is: fail closed. */
  | { readonly kind: 'nobody' };

/** An activity as Usher's one conversation takes it. */
export function understand(activity: Activity): Understood {
  const event = eventOf(activity);
  if (!event) return { kind: 'nothing' };
  const tenantId = tenantOf(activity);
  const userId = activity.from?.aadObjectId;
  if (!activity.id) return { kind: 'nothing' };
  if (!userId || !tenantId || !activity.conversation?.id || !activity.recipient?.id)
    // The app was installed by something that is no person: there is nobody to greet.
    return event.kind === 'opened' ? { kind: 'nothing' } : { kind: 'nobody' };
  return {
    kind: 'incoming',
    incoming: {
      key: `teams:${tenantId}:${activity.conversation.id}:${activity.id}`,
      from: {
        platform: 'teams',
        tenantId,
        userId,
        displayName: activity.from.name ?? null,
        vouched: { objectId: userId, mail: null },
      },
      address: isPersonal(activity) ? addressOf(activity, tenantId, userId) : null,
      personal: isPersonal(activity),
      timeZone: activity.localTimezone ?? null,
      locale: activity.locale ?? null,
      event,
    },
  };
}
