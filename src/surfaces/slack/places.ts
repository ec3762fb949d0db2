import type { KnownBlock, View } from '@slack/types';
import type { WebClient } from '@slack/web-api';
import { type Card, RetryLater } from '../surface.ts';
import { cardToHome, cardToMessage, cardToModal, isForm } from './blocks.ts';

/** Where something was said or clicked, and where what comes of it is shown. A modal carries its origin as text. */
export type Place =
  /** A slash command: the answer is for the one who typed it, there. */
  | { readonly at: 'command'; readonly responseUrl: string }
  | { readonly at: 'message'; readonly channel: string; readonly ts: string }
  /** A message that only one person sees: nothing but its own address reaches it, for half an hour. */
  | { readonly at: 'ephemeral'; readonly responseUrl: string }
  | { readonly at: 'modal'; readonly viewId: string }
  | { readonly at: 'home' }
  /** The personal chat. */
  | { readonly at: 'chat' };

/** What a person did, as far as showing needs it. */
export interface Occasion {
  readonly client: WebClient;
  readonly userId: string;
  readonly place: Place;
  /** Opens one view, within three seconds; `null` where Slack gives none, such as for a message. */
  readonly triggerId: string | null;
}

/** As Slack keeps it for us in a view. */
export const originOf = (place: Place): string => JSON.stringify(place);

/** What {@link originOf} wrote, from a view of ours. */
export const placeOf = (origin: string): Place => JSON.parse(origin) as Place;

const respondWithinMs = 4_000;

/** A response_url takes five messages in half an hour, and no token. */
export async function respond(
  responseUrl: string,
  message: { readonly text: string; readonly blocks?: readonly KnownBlock[] },
  replace: boolean,
): Promise<void> {
  const response = await fetch(responseUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ response_type: 'ephemeral', replace_original: replace, ...message }),
    signal: AbortSignal.timeout(respondWithinMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new RetryLater(`a response address answers ${response.status}`, null);
}

/** A message of ours by its conversation and time, which is all that Slack finds it by. */
export const messageIdOf = (channel = '', ts = ''): string => `${channel}:${ts}`;

/** Previews of links that people wrote are no business of a card. */
const plain = { unfurl_links: false, unfurl_media: false } as const;

export const post = async (client: WebClient, channel: string, card: Card): Promise<string> => {
  const { channel: posted, ts } = await client.chat.postMessage({ channel, ...plain, ...cardToMessage(card) });
  return messageIdOf(posted, ts);
};

export const update = async (client: WebClient, channel: string, ts: string, card: Card): Promise<void> => {
  await client.chat.update({ channel, ts, ...cardToMessage(card) });
};

export const publish = async (client: WebClient, userId: string, card: Card): Promise<void> => {
  await client.views.publish({ user_id: userId, view: cardToHome(card) });
};

/** Opens a view for the click or command that this occasion is; on top of the modal that it was in, if any. */
export async function openView({ client, place, triggerId }: Occasion, view: View): Promise<boolean> {
  if (!triggerId) return false;
  try {
    const opened = { trigger_id: triggerId, view };
    await (place.at === 'modal' ? client.views.push(opened) : client.views.open(opened));
    return true;
  } catch (error) {
    // Too late for the trigger, or too many views: it is shown in another way.
    if (wasOurFault(error)) throw error;
    return false;
  }
}

/** A view that Slack does not take is a bug of ours; anything else about opening one may happen. */
const wasOurFault = (error: unknown): boolean =>
  ['invalid_arguments', 'invalid_blocks', 'view_too_large', 'invalid_blocks_format'].includes(
    (error as { data?: { error?: string } }).data?.error ?? '',
  );

/** In the personal chat, when the place itself can't be reached any more. */
const orInChat = async (occasion: Occasion, card: Card, show: () => Promise<void>): Promise<void> => {
  try {
    await show();
  } catch (error) {
    if (wasOurFault(error)) throw error;
    await post(occasion.client, occasion.userId, card);
  }
};

/** Shows a card in the place of what was there: the clicked message, the open view, the page; or as an answer. */
export async function showAt(
  occasion: Occasion,
  card: Card,
  /** Where a modal leads back to, if not to itself. */
  origin = originOf(occasion.place),
): Promise<void> {
  const { client, userId, place } = occasion;
  switch (place.at) {
    case 'command':
      return orInChat(occasion, card, () => respond(place.responseUrl, cardToMessage(card), false));
    case 'ephemeral':
      return orInChat(occasion, card, () => respond(place.responseUrl, cardToMessage(card), true));
    case 'message':
      return orInChat(occasion, card, () => update(client, place.channel, place.ts, card));
    case 'modal':
      return orInChat(occasion, card, async () => {
        await client.views.update({ view_id: place.viewId, view: cardToModal(card, origin) });
      });
    case 'home':
      return publish(client, userId, card);
    case 'chat':
      await post(client, userId, card);
      return;
    default:
      return place satisfies never;
  }
}

/** As a modal, where a view can be opened; else in its place. */
export async function showAsModal(occasion: Occasion, card: Card): Promise<void> {
  if (await openView(occasion, cardToModal(card, originOf(occasion.place)))) return;
  const beside: Place = occasion.place.at === 'home' ? { at: 'chat' } : occasion.place;
  await showAt({ ...occasion, place: beside }, card);
}

/** A form opens as a modal, so that what is wrong can be said at its fields; anything else takes its place. */
export const showAnswer = (occasion: Occasion, card: Card): Promise<void> =>
  isForm(card) && occasion.triggerId ? showAsModal(occasion, card) : showAt(occasion, card);
