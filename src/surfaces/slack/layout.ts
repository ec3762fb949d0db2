import type { ImageBlock, InputBlock, KnownBlock } from '@slack/types';
import { slackLimits } from '../../notifications/card-limits.ts';
import type { Card } from '../surface.ts';
import { type Action, button, titleOf } from './buttons.ts';
import { drawInput, isInput, plain, within } from './inputs.ts';
import { type Line, lineText, plainText, type Run, readOut, richText, type Style } from './texts.ts';

/** The elements of a card, one after another, as what Slack can show; anything else is refused. */

type Node = Readonly<Record<string, unknown>>;

export type Piece =
  | ({ readonly kind: 'line' } & Line)
  | { readonly kind: 'heading'; readonly text: string }
  | { readonly kind: 'rule' }
  | { readonly kind: 'image'; readonly block: ImageBlock }
  | { readonly kind: 'input'; readonly block: InputBlock }
  | { readonly kind: 'actions'; readonly actions: readonly Action[] };

const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value : []);
const words = (value: unknown): string => (typeof value === 'string' ? value : '');

/** What the card says elsewhere and Slack has no room for there, as a line of its own. */
export const note = (text: string, style: Style = {}): Piece => ({
  kind: 'line',
  runs: [{ text, style, literal: true }],
  gap: false,
  quoted: false,
});

const styleOf = (node: Node): Style => ({
  ...(node.weight === 'Bolder' ? { bold: true } : {}),
  ...(node.italic === true ? { italic: true } : {}),
  ...(node.strikethrough === true ? { strike: true } : {}),
  ...(node.underline === true ? { underline: true } : {}),
  ...(node.fontType === 'Monospace' ? { code: true } : {}),
});

function textBlock(node: Node, quoted: boolean): Piece {
  const text = words(node.text);
  const title = node.style === 'heading' && (node.size === 'Large' || node.size === 'ExtraLarge');
  const heading = title ? readOut(text) : '';
  if (heading && heading.length <= slackLimits.header) return { kind: 'heading', text: heading };
  const style = node.style === 'heading' ? { bold: true } : styleOf(node);
  return { kind: 'line', runs: [{ text, style }], gap: false, quoted };
}

function runOf(inline: unknown): Run {
  if (typeof inline === 'string') return { text: inline, style: {} };
  const node = inline as Node;
  if (node.type !== 'TextRun') throw new Error(`Slack can’t show ${node.type} in a text`);
  refuseHidden(node);
  return { text: words(node.text), style: styleOf(node) };
}

function fact({ title, value }: Node, quoted: boolean): Piece {
  const runs = [
    { text: `${words(title).replace(/:\s*$/, '')}: `, style: { bold: true } },
    { text: words(value), style: {} },
  ];
  return { kind: 'line', runs, gap: false, quoted };
}

function image(node: Node): Piece {
  const [url, altText] = [words(node.url), plainText(words(node.altText))];
  if (!URL.canParse(url) || new URL(url).protocol !== 'https:' || !altText)
    throw new Error('Slack shows images from https, and with an altText');
  const block: ImageBlock = {
    type: 'image',
    image_url: within(url, slackLimits.url, 'the address of an image'),
    alt_text: within(altText, slackLimits.altText, 'an altText'),
  };
  return { kind: 'image', block };
}

function input(node: Node): Piece[] {
  const { notes, block } = drawInput(node);
  return [...notes.map((text) => note(text)), ...(block ? [{ kind: 'input', block } as const] : [])];
}

/** What a card can do with a click anywhere, or hide, is lost in Slack. */
function refuseHidden(node: Node): void {
  if (node.selectAction !== undefined || node.isVisible === false)
    throw new Error(`Slack can’t hide ${node.type} or make it a button`);
}

function contentOf(node: Node, quoted: boolean): Piece[] {
  switch (node.type) {
    case 'TextBlock':
      return [textBlock(node, quoted)];
    case 'RichTextBlock':
      return [{ kind: 'line', runs: (node.inlines as unknown[]).map(runOf), gap: false, quoted }];
    case 'FactSet':
      return nodes(node.facts).map((each) => fact(each, quoted));
    case 'Container':
    case 'Column':
      return nodes(node.items).flatMap((item) => elementPieces(item, quoted || node.style === 'emphasis'));
    case 'ColumnSet':
      return nodes(node.columns).flatMap((column) => elementPieces(column, quoted || node.style === 'emphasis'));
    case 'Image':
      return [image(node)];
    case 'ActionSet':
      return [{ kind: 'actions', actions: nodes(node.actions) }];
    default:
      if (isInput(node)) return input(node);
      throw new Error(`Slack can’t show ${node.type}`);
  }
}

const wide = new Set<unknown>(['Medium', 'Large', 'ExtraLarge']);

function elementPieces(node: Node, quoted: boolean): Piece[] {
  refuseHidden(node);
  const [first, ...rest] = contentOf(node, quoted);
  if (!first) return [];
  const spaced = first.kind === 'line' && wide.has(node.spacing) ? { ...first, gap: true } : first;
  return [...(node.separator === true ? [{ kind: 'rule' } as const] : []), spaced, ...rest];
}

/** A card, or a form's body and actions, in pieces. @throws Error naming what Slack can't show. */
export function piecesOf(card: Card | { readonly body: unknown; readonly actions: unknown }): Piece[] {
  refuseHidden(card as Node);
  const actions = nodes(card.actions);
  const body = nodes(card.body).flatMap((node) => elementPieces(node, false));
  const pieces: Piece[] = actions.length > 0 ? [...body, { kind: 'actions', actions }] : body;
  return 'lang' in card ? pieces.map((piece) => inLanguage(piece, card.lang)) : pieces;
}

/** A form is opened by itself: it has to know what its card is written in. */
const inLanguage = (piece: Piece, lang: unknown): Piece =>
  piece.kind === 'actions'
    ? {
        ...piece,
        actions: piece.actions.map((action) =>
          action.type === 'Action.ShowCard' ? { ...action, card: { ...(action.card as Node), lang } } : action,
        ),
      }
    : piece;

/** A button's whole title, where the button has no room for it. */
const withLongTitles = (piece: Piece): Piece[] => {
  if (piece.kind !== 'actions') return [piece];
  const titles = piece.actions.map(titleOf).filter((title) => title.length > slackLimits.buttonText);
  return [...titles.map((title) => note(title)), piece];
};

const inChunks = <T>(list: readonly T[], most: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / most) }, (_, index) => list.slice(index * most, (index + 1) * most));

/** The pieces as blocks; neighbouring lines share one. */
export function blocksOf(pieces: readonly Piece[]): KnownBlock[] {
  const blocks: KnownBlock[] = [];
  let lines: Line[] = [];
  let buttons = 0;
  const settle = () => {
    blocks.push(...richText(lines));
    lines = [];
  };
  for (const piece of pieces.flatMap(withLongTitles)) {
    if (piece.kind === 'line') {
      lines.push(piece);
      continue;
    }
    settle();
    switch (piece.kind) {
      case 'heading':
        blocks.push({ type: 'header', text: plain(piece.text) });
        break;
      case 'rule':
        if (blocks.length > 0 && blocks.at(-1)?.type !== 'divider') blocks.push({ type: 'divider' });
        break;
      case 'image':
      case 'input':
        blocks.push(piece.block);
        break;
      case 'actions':
        for (const actions of inChunks(piece.actions, slackLimits.actions)) {
          const first = buttons;
          blocks.push({ type: 'actions', elements: actions.map((action, index) => button(action, first + index)) });
          buttons += actions.length;
        }
        break;
      default:
        piece satisfies never;
    }
  }
  settle();
  return blocks;
}

/** What is read of the pieces, a line each. */
export const linesOf = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap((piece) => {
    switch (piece.kind) {
      case 'line':
        return [lineText(piece)];
      case 'heading':
        return [piece.text];
      case 'image':
        return [piece.block.alt_text];
      case 'rule':
      case 'input':
      case 'actions':
        return [];
      default:
        return piece satisfies never;
    }
  });
