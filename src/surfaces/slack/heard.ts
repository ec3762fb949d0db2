import type { BlockAction, GlobalShortcut, SlashCommand, ViewSubmitAction } from '@slack/bolt';
import { dataIn, type Form, formIn, inputsIn, submissionOf } from './blocks.ts';
import { type Place, placeOf } from './places.ts';

type Data = Readonly<Record<string, unknown>>;

/** A click or a submission: what it means, and where it happened. */
export interface Clicked {
  readonly place: Place;
  readonly data: Data;
}

const verbs: ReadonlyMap<string, string> = new Map([['request-access', 'roles']]);

/** The verb of a global shortcut of ours. */
export const verbOf = ({ callback_id }: GlobalShortcut): string => verbs.get(callback_id) ?? 'menu';

/** Text as it was typed: Slack escapes three characters, and writes links and addresses its own way. */
export const typedText = (text: string): string =>
  text
    .replace(/<(?:mailto:|tel:|https?:\/\/)[^|>]*\|([^>]*)>/g, '$1')
    .replace(/<mailto:([^>]*)>/g, '$1')
    .replace(/<(https?:\/\/[^>]*)>/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim();

/** A message without any mention of the bot. */
export const spokenText = (text: string, botUserId: string): string =>
  typedText(text.replaceAll(new RegExp(`<@${botUserId}(?:\\|[^>]*)?>`, 'g'), ' '));

export const commandPlace = ({ response_url }: SlashCommand): Place => ({ at: 'command', responseUrl: response_url });

/** Where a button was pressed. */
function pressedPlace(body: BlockAction): Place | null {
  const { container, view } = body;
  if (container.type === 'view')
    return view?.type === 'home' ? { at: 'home' } : { at: 'modal', viewId: view?.id ?? '' };
  if (container.is_ephemeral) return { at: 'ephemeral', responseUrl: body.response_url };
  const { channel_id: channel, message_ts: ts } = container;
  return typeof channel === 'string' && typeof ts === 'string' ? { at: 'message', channel, ts } : null;
}

export type Pressed =
  | ({ readonly kind: 'do' } & Clicked)
  | { readonly kind: 'form'; readonly place: Place; readonly form: Form }
  /** A link, or a field of a form. */
  | { readonly kind: 'nothing' };

/** What pressing something means. */
export function pressed(body: BlockAction): Pressed {
  const [action] = body.actions;
  const place = pressedPlace(body);
  if (!place || action?.type !== 'button' || !action.value) return { kind: 'nothing' };
  const form = formIn(action.value);
  if (form) return { kind: 'form', place, form };
  // A value that can't be read is of a card that is too old, which the conversation has words for.
  const data = dataIn(action.value) ?? {};
  const values = body.view?.state?.values ?? body.state?.values ?? {};
  return { kind: 'do', place, data: { ...inputsIn(values), ...data } };
}

/** What sending a modal means; `place` is where the modal was opened. */
export function submitted({ view }: ViewSubmitAction): Clicked | null {
  const submission = submissionOf(view.private_metadata);
  if (!submission) return null;
  return { place: placeOf(submission.origin), data: { ...inputsIn(view.state.values), ...submission.data } };
}
