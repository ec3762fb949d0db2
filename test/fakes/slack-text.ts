import { inputsIn } from '../../dev/slack-workspace/blocks.ts';
import { type Block, type Inputs, inputKey } from '../../dev/slack-workspace/view.ts';

type Node = Record<string, unknown>;

const nodes = (value: unknown): Node[] => (Array.isArray(value) ? (value as Node[]) : value ? [value as Node] : []);

const unescaped = (text: string): string =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');

/** Marks that are drawn, not read: bold, italic, struck, code. */
const unmarked = (text: string): string =>
  ['\\*', '_', '~', '`'].reduce(
    (read, mark) =>
      read.replaceAll(
        new RegExp(
          `(^|[\\s(>])${mark}([^\\s${mark}]|[^\\s${mark}][^${mark}\\n]*?[^\\s${mark}])${mark}(?=$|[\\s.,;:!?)])`,
          'gm',
        ),
        '$1$2',
      ),
    text,
  );

/** mrkdwn as it is read. Instants are their fallback. */
export const readMrkdwn = (text: string): string =>
  text
    .split(/(<[^<>]+>)/)
    .map((piece, index) => (index % 2 === 1 ? readToken(piece.slice(1, -1)) : unescaped(unmarked(piece))))
    .join('');

function readToken(token: string): string {
  const [target = '', label] = token.split(/\|(.*)/s);
  if (target.startsWith('!date')) return unescaped(label ?? '');
  if (label) return unescaped(label);
  if (/^[@#]/.test(target)) return target;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  return unescaped(target.replace(/^mailto:/, ''));
}

const textOf = (object: unknown): string => {
  const { type, text } = (object ?? {}) as Node;
  if (typeof text !== 'string') return '';
  return type === 'mrkdwn' ? readMrkdwn(text) : text;
};

const optionTexts = (element: Node, values: readonly unknown[]): string => {
  const options = [...nodes(element.options), ...nodes(element.option_groups).flatMap((group) => nodes(group.options))];
  return values
    .map((value) => textOf(options.find((option) => option.value === value)?.text) || String(value))
    .join(', ');
};

function elementText(block: Node, element: Node, inputs: Inputs): string {
  switch (element.type) {
    case 'button':
    case 'workflow_button':
      return `[${textOf(element.text)}]`;
    case 'overflow':
      return nodes(element.options)
        .map(({ text }) => `[${textOf(text)}]`)
        .join(' ');
    case 'image':
      return String(element.alt_text ?? '');
    case 'mrkdwn':
    case 'plain_text':
      return textOf(element);
    default: {
      const value = inputs[inputKey(String(block.block_id), String(element.action_id))] ?? null;
      if (value === null || value === '') return `(${textOf(element.placeholder)})`;
      return optionTexts(element, Array.isArray(value) ? value : [value]);
    }
  }
}

/** Neighbouring runs stay on one line. */
function richText(node: Node): string {
  const inner = (between: string) => nodes(node.elements).map(richText).join(between);
  switch (node.type) {
    case 'rich_text':
      return inner('\n');
    case 'rich_text_list':
      return nodes(node.elements)
        .map((item) => `• ${richText(item)}`)
        .join('\n');
    case 'text':
      return String(node.text ?? '');
    case 'link':
      return String(node.text ?? node.url ?? '');
    case 'user':
      return `@${node.user_id}`;
    case 'channel':
      return `#${node.channel_id}`;
    case 'emoji':
      return `:${node.name}:`;
    case 'broadcast':
      return `@${node.range}`;
    case 'date':
      return String(node.fallback ?? node.timestamp ?? '');
    default:
      return inner('');
  }
}

function oneBlock(block: Node, inputs: Inputs): string {
  const element = (one: unknown) => elementText(block, one as Node, inputs);
  switch (block.type) {
    case 'header':
      return textOf(block.text);
    case 'section':
      return [textOf(block.text), ...nodes(block.fields).map(textOf), ...nodes(block.accessory).map(element)]
        .filter((line) => line !== '')
        .join('\n');
    case 'context':
      return nodes(block.elements).map(element).join('\n');
    case 'actions':
      return nodes(block.elements).map(element).join(' ');
    case 'input': {
      const line = `${textOf(block.label)}: ${element(block.element)}`;
      return block.hint ? `${line}\n${textOf(block.hint)}` : line;
    }
    case 'image':
      return [textOf(block.title), block.alt_text].filter(Boolean).join('\n');
    case 'rich_text':
      return richText(block);
    case 'markdown':
      return String(block.text ?? '');
    case 'table':
      return (block.rows as Node[][])
        .map((row) =>
          row.map((cell) => (cell.type === 'rich_text' ? richText(cell) : String(cell.text ?? ''))).join(' | '),
        )
        .join('\n');
    case 'divider':
      return '';
    default:
      return textOf(block.text);
  }
}

/** What a person reads, from top to bottom: buttons as `[Title]`, inputs as `Label: what they hold`. */
export function blockText(blocks: readonly unknown[], inputs: Inputs = inputsIn(blocks as Block[], new Map())): string {
  return blocks
    .map((block) => oneBlock(block as Node, inputs))
    .filter((line) => line !== '')
    .join('\n');
}
