import type { Language } from '../domain/language.ts';
import type { Card } from '../surfaces/surface.ts';

/**
 * Cards as mails: HTML with its styles inline, and plain text. Only the elements that the templates in `cards/` use are
 * known; another one is a fault. Whatever is typed into or pressed on a card needs a chat, so a mail only names it.
 */

interface Words {
  readonly orOpen: (address: string) => string;
  readonly inTheChat: (titles: string) => string;
}

const inLanguage: Readonly<Record<Language, Words>> = {
  en: {
    orOpen: (address) => `Or open this address: ${address}`,
    inTheChat: (titles) => `You can do this in the chat with Usher: ${titles}`,
  },
  de: {
    orOpen: (address) => `Oder öffnen Sie diese Adresse: ${address}`,
    inTheChat: (titles) => `Das können Sie im Chat mit Usher tun: ${titles}`,
  },
};

/** Of a card that was expanded. */
const languageOfCard = ({ lang }: Card): Language => (lang === 'de' ? 'de' : 'en');

type Node = Readonly<Record<string, unknown>> & { readonly type?: string };

/** A paragraph, link, or list of things that are found in the chat only. */
type Block =
  | { readonly kind: 'text'; readonly tag: Tag; readonly rule: boolean; readonly runs: readonly Run[] }
  | { readonly kind: 'group'; readonly emphasis: boolean; readonly rule: boolean; readonly blocks: readonly Block[] }
  | { readonly kind: 'link'; readonly title: string; readonly url: string }
  | { readonly kind: 'elsewhere'; readonly titles: readonly string[] };

type Tag = 'h1' | 'h2' | 'p';

interface Run {
  readonly text: string;
  readonly bold: boolean;
  readonly mono: boolean;
  readonly size: string;
}

const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value : []);
const words = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Takes out the word joiner that keeps clients from formatting what looks like their date macros. */
const plain = (value: unknown): string => words(value).replaceAll('{\u2060{', '{{');

const runOf = (node: Node): Run => ({
  text: plain(node.text),
  bold: node.weight === 'Bolder',
  mono: node.fontType === 'Monospace',
  size: words(node.size),
});

function webAddress(value: unknown): string {
  const url = words(value);
  if (!['https:', 'http:'].includes(new URL(url).protocol))
    throw new Error('a card links to something else than a page');
  return url;
}

function actionBlocks(actions: unknown): Block[] {
  const links: Block[] = [];
  const titles: string[] = [];
  for (const action of nodes(actions)) {
    if (action.type === 'Action.OpenUrl')
      links.push({ kind: 'link', title: words(action.title), url: webAddress(action.url) });
    else if (action.type === 'Action.Execute' || action.type === 'Action.ShowCard') titles.push(words(action.title));
    else throw new Error(`no mail can show ${action.type}`);
  }
  return titles.length > 0 ? [...links, { kind: 'elsewhere', titles }] : links;
}

function elementBlocks(node: Node): Block[] {
  const rule = node.separator === true;
  switch (node.type) {
    case 'TextBlock':
      return [
        {
          kind: 'text',
          tag: node.style === 'heading' ? (node.size === 'Large' ? 'h1' : 'h2') : 'p',
          rule,
          runs: [runOf(node)],
        },
      ];
    case 'RichTextBlock':
      return [{ kind: 'text', tag: 'p', rule, runs: nodes(node.inlines).map(runOf) }];
    case 'Container':
      return [
        {
          kind: 'group',
          emphasis: node.style === 'emphasis',
          rule,
          blocks: nodes(node.items).flatMap(elementBlocks),
        },
      ];
    case 'ActionSet':
      return actionBlocks(node.actions);
    case 'Input.Text':
    case 'Input.ChoiceSet':
      return inputBlocks(node);
    default:
      throw new Error(`no mail can show ${node.type}`);
  }
}

/** What an input holds already; an empty one says nothing without its form. */
function inputBlocks(node: Node): Block[] {
  const chosen = nodes(node.choices).find((choice) => choice.value === node.value);
  const value = chosen ? words(chosen.title) : words(node.value);
  if (!value) return [];
  const label = { text: `${words(node.label)}: `, bold: true, mono: false, size: '' };
  return [{ kind: 'text', tag: 'p', rule: false, runs: [label, { text: value, bold: false, mono: false, size: '' }] }];
}

const blocksOf = (card: Card): Block[] => [...nodes(card.body).flatMap(elementBlocks), ...actionBlocks(card.actions)];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => entities[character] as string);

const sizes: Readonly<Record<string, string>> = { Small: '13px', Medium: '18px', Large: '21px', ExtraLarge: '28px' };
const headings = { h1: 'font-size:21px;line-height:1.3;', h2: 'font-size:18px;line-height:1.3;', p: '' } as const;
const ink = '#1b1a19';
const accent = '#3b3a91';

function runHtml({ text, bold, mono, size }: Run): string {
  const style = [
    ...(bold ? ['font-weight:600'] : []),
    ...(mono ? ['font-family:Consolas,Menlo,monospace'] : []),
    ...(sizes[size] ? [`font-size:${sizes[size]}`] : []),
  ].join(';');
  const content = escapeHtml(text).replace(/\r\n|\r|\n/g, '<br>');
  // Isolated, so that the direction of what people wrote stays within it.
  return `<bdi${style ? ` style="${style}"` : ''}>${content}</bdi>`;
}

function blockHtml(block: Block, say: Words): string {
  const rule = 'rule' in block && block.rule ? 'border-top:1px solid #d2d0ce;padding-top:12px;' : '';
  switch (block.kind) {
    case 'text': {
      const style = `margin:0 0 8px;overflow-wrap:anywhere;${headings[block.tag]}${rule}`;
      return `<${block.tag} style="${style}">${block.runs.map(runHtml).join('')}</${block.tag}>`;
    }
    case 'group': {
      const box = block.emphasis ? 'background:#f3f2f1;border-radius:4px;padding:12px 12px 4px;' : '';
      return `<div style="margin:0 0 12px;${box}${rule}">${block.blocks.map((inner) => blockHtml(inner, say)).join('')}</div>`;
    }
    case 'link': {
      const style = `display:inline-block;background:${accent};color:#ffffff;text-decoration:none;padding:12px 20px;border-radius:4px;font-weight:600`;
      const address = escapeHtml(block.url);
      return (
        `<p style="margin:16px 0 8px"><a href="${address}" style="${style}">${escapeHtml(block.title)}</a></p>` +
        `<p style="margin:0 0 8px;font-size:13px;overflow-wrap:anywhere">${say.orOpen(address)}</p>`
      );
    }
    case 'elsewhere':
      return `<p style="margin:12px 0 8px">${escapeHtml(say.inTheChat(block.titles.join(', ')))}</p>`;
    default:
      return block satisfies never;
  }
}

/** The card as a whole HTML page for a mail. Everything from the card is escaped; nothing is loaded from anywhere. */
export function cardToHtml(card: Card): string {
  const language = languageOfCard(card);
  const content = blocksOf(card)
    .map((block) => blockHtml(block, inLanguage[language]))
    .join('\n');
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeHtml(words(card.fallbackText))}</title></head>
<body style="margin:0;padding:16px;background:#ffffff;color:${ink};font:16px/1.5 'Segoe UI',Arial,sans-serif">
<div style="max-width:560px;margin:0 auto">
${content}
</div>
</body>
</html>
`;
}

function blockText(block: Block, say: Words): string[] {
  switch (block.kind) {
    case 'text': {
      // People's own line breaks are set in, so that what follows one can't pass for a line of ours.
      const text = block.runs.map((run) => run.text).join('');
      return [text.replace(/\r\n|[\r\n\u2028\u2029]/g, '\n    '), ...(block.tag === 'p' ? [] : [''])];
    }
    case 'group':
      return [...(block.rule ? [''] : []), ...block.blocks.flatMap((inner) => blockText(inner, say)), ''];
    case 'link':
      return ['', `${block.title}: ${block.url}`];
    case 'elsewhere':
      return ['', say.inTheChat(block.titles.join(', '))];
    default:
      return block satisfies never;
  }
}

/** The card as plain text, for a mail's text part or a line of notification. */
export const cardToText = (card: Card): string =>
  `${blocksOf(card)
    .flatMap((block) => blockText(block, inLanguage[languageOfCard(card)]))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim()}\n`;
