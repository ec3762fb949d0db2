import type { HomeView, KnownBlock } from '@slack/types';
import { slackLimits } from '../../notifications/card-limits.ts';
import type { Card } from '../surface.ts';
import { blocksOf, linesOf, piecesOf } from './layout.ts';

export { dataIn, type Form, formIn } from './buttons.ts';
export { blockOf, inputsIn } from './inputs.ts';
export { cardToModal, formToCard, formToModal, submissionOf } from './modal.ts';

/**
 * Cards as Block Kit. Every card is Adaptive Card 1.5; an element or action that Slack has no equal of is a fault, so
 * that nothing is lost silently. Words are literal: see `texts.ts`.
 */

/** `&`, `<` and `>` are all that Slack reads in a text (docs.slack.dev/messaging/formatting-message-text). */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** At most so many characters; where some are left out, the last line says “…”. No entity is cut in two. */
function atMost(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 2).replace(/(?:&[a-z]{0,3}|[\uD800-\uDBFF])$/, '');
  return `${kept}\n…`;
}

/** People's own line breaks are set in, so that what follows one can't pass for a line of ours. */
const setIn = (text: string): string => text.replace(/[\n\u2028\u2029]/g, '\n    ');

function counted(blocks: KnownBlock[], most: number): KnownBlock[] {
  if (blocks.length > most) throw new Error(`a card has ${blocks.length} blocks, and Slack shows ${most}`);
  return blocks;
}

/**
 * A card as a message: its blocks, and `text` for notifications and screen readers, which read it instead of the blocks.
 * @throws Error naming an element or action that Slack has no equal of, and where a limit of Slack is exceeded.
 */
export function cardToMessage(card: Card): { readonly text: string; readonly blocks: KnownBlock[] } {
  const pieces = piecesOf(card);
  const summary = typeof card.fallbackText === 'string' ? [card.fallbackText] : [];
  const text = escaped([...summary, ...linesOf(pieces)].map(setIn).join('\n'));
  return { text: atMost(text, slackLimits.messageText), blocks: counted(blocksOf(pieces), slackLimits.blocks) };
}

/** A card as a Home tab. @throws Error like {@link cardToMessage}. */
export const cardToHome = (card: Card): HomeView => ({
  type: 'home',
  blocks: counted(blocksOf(piecesOf(card)), slackLimits.viewBlocks),
});

/** Whether the card is a form: has inputs of its own (outside of what its buttons open). */
export const isForm = (card: Card): boolean => piecesOf(card).some(({ kind }) => kind === 'input');
