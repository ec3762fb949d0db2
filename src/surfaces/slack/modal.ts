import type { ModalView } from '@slack/types';
import type { Language } from '../../domain/language.ts';
import { slackLimits } from '../../notifications/card-limits.ts';
import type { Card } from '../surface.ts';
import { type Action, dataOf, type Form, parsed, titleOf } from './buttons.ts';
import { plain, within } from './inputs.ts';
import { blocksOf, note, type Piece, piecesOf } from './layout.ts';

/** Cards and forms as modals, and what a submitted one means. */

const name = 'Usher';
const words: Readonly<Record<Language, { readonly send: string; readonly cancel: string; readonly close: string }>> = {
  en: { send: 'Send', cancel: 'Cancel', close: 'Close' },
  de: { send: 'Senden', cancel: 'Abbrechen', close: 'Schließen' },
};

/** The first action that takes the inputs along, of the lowest row that has one: a card's own actions are its last row. */
function submitOf(pieces: readonly Piece[]): Action | null {
  if (!pieces.some(({ kind }) => kind === 'input')) return null;
  const actions = pieces.toReversed().flatMap((piece) => (piece.kind === 'actions' ? piece.actions : []));
  const submit = actions.find(({ type, associatedInputs }) => type === 'Action.Execute' && associatedInputs !== 'none');
  if (!submit) throw new Error('a form has nothing to send it with');
  return submit;
}

const without = (pieces: readonly Piece[], submit: Action | null): Piece[] =>
  pieces
    .map((piece) =>
      piece.kind === 'actions' ? { ...piece, actions: piece.actions.filter((action) => action !== submit) } : piece,
    )
    .filter((piece) => piece.kind !== 'actions' || piece.actions.length > 0);

/** @throws Error where it has more blocks or data than Slack takes. */
function modal(title: string, pieces: readonly Piece[], origin: string, lang: unknown): ModalView {
  const say = words[lang === 'de' ? 'de' : 'en'];
  const submit = submitOf(pieces);
  const submitTitle = submit ? titleOf(submit) : '';
  const fits = submitTitle.length <= slackLimits.modalSubmit;
  const rest = without(pieces, submit);
  const blocks = blocksOf(fits ? rest : [...rest, note(submitTitle, { bold: true })]);
  if (blocks.length > slackLimits.viewBlocks) throw new Error(`a modal has ${blocks.length} blocks`);
  const metadata = JSON.stringify({ data: submit ? dataOf(submit) : {}, origin });
  return {
    type: 'modal',
    callback_id: 'usher',
    title: plain(title),
    ...(submit ? { submit: plain(fits ? submitTitle : say.send) } : {}),
    close: plain(submit ? say.cancel : say.close),
    private_metadata: within(metadata, slackLimits.metadata, 'the data of a modal'),
    blocks,
  };
}

/**
 * A card as a modal. `origin` is what the surface wants back at the submission (opaque text). Blocks of inputs bear the
 * inputs' ids, so that what people typed stays when the card is drawn again in the same view.
 * @throws Error naming an element or action that Slack has no equal of, and where a limit of Slack is exceeded.
 */
export function cardToModal(card: Card, origin: string): ModalView {
  const [first, ...rest] = piecesOf(card);
  if (!first) throw new Error('a card has nothing to show');
  if (first.kind === 'heading' && first.text.length <= slackLimits.modalTitle)
    return modal(first.text, rest, origin, card.lang);
  return modal(name, [first, ...rest], origin, card.lang);
}

/** A form as a modal, beginning with what it is about. @throws Error like {@link cardToModal}. */
export function formToModal({ title, context, card }: Form, origin: string): ModalView {
  const fits = title.length <= slackLimits.modalTitle;
  const above = [...(fits ? [] : [note(title, { bold: true })]), ...(context ? [note(context)] : [])];
  return modal(fits ? title : name, [...above, ...piecesOf(card)], origin, card.lang);
}

/**
 * What the surface put into a modal, and the data of its submit (empty where the modal has none); `null` if the modal
 * is none of ours.
 */
export function submissionOf(
  privateMetadata: string,
): { readonly data: Readonly<Record<string, unknown>>; readonly origin: string } | null {
  const { data, origin } = parsed(privateMetadata) ?? {};
  if (typeof data !== 'object' || data === null || typeof origin !== 'string') return null;
  return { data: data as Readonly<Record<string, unknown>>, origin };
}

/** A form as a card, for where no modal can be opened. */
export const formToCard = ({ title, context, card }: Form): Card => ({
  type: 'AdaptiveCard',
  ...(card.lang ? { lang: card.lang } : {}),
  body: [
    { type: 'RichTextBlock', inlines: [{ type: 'TextRun', text: title, weight: 'Bolder' }] },
    ...(context ? [{ type: 'RichTextBlock', inlines: [context] }] : []),
    ...card.body,
  ],
  actions: card.actions,
});
