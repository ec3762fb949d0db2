import type { RichTextBlock, RichTextElement, RichTextQuote, RichTextSection } from '@slack/types';
import { slackLimits } from '../../notifications/card-limits.ts';
import { type ShownTime, timesIn, withoutTimes } from './shown-times.ts';

/**
 * Words for Slack. Whatever people wrote is literal: it goes into `rich_text` and `plain_text` only, in which Slack
 * reads no mentions, links or emphasis (docs.slack.dev/reference/block-kit/blocks/rich-text-block).
 */

export interface Style {
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly strike?: boolean;
  readonly underline?: boolean;
  readonly code?: boolean;
}

/** Text of one style. It may hold instants (`shown-times.ts`) and, unless it is literal, date macros of Adaptive Cards. */
export interface Run {
  readonly text: string;
  readonly style: Style;
  readonly literal?: boolean;
}

export interface Line {
  readonly runs: readonly Run[];
  /** An empty line stands above it. */
  readonly gap: boolean;
  readonly quoted: boolean;
}

/** An instant, and how much of it is shown: a format of the `date` element. */
interface Instant extends ShownTime {
  readonly format: string;
}

const wholeTime = '{date_short_pretty} {time}';

const dateFormats = { COMPACT: '{date_num}', SHORT: '{date_short}', LONG: '{date_long}' } as const;
type DateStyle = keyof typeof dateFormats;

/** As the text features of Adaptive Cards write it: RFC 3339 with a zone, and for a date how long it is. */
const macro = /(\{\{(?:DATE|TIME)\([^(){}]*\)\}\})/;
const macroParts =
  /^\{\{(?:DATE\((?<date>[^,\s]+)(?:,\s*(?<style>COMPACT|SHORT|LONG))?\)|TIME\((?<time>[^,\s]+)\))\}\}$/;
const instantForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/;

const longDate = new Intl.DateTimeFormat('en', { dateStyle: 'full', timeZone: 'UTC' });
const shortDate = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeZone: 'UTC' });

function dateInWords(instant: Date, style: DateStyle): string {
  switch (style) {
    case 'COMPACT':
      return instant.toISOString().slice(0, 10);
    case 'SHORT':
      return shortDate.format(instant);
    case 'LONG':
      return longDate.format(instant);
    default:
      return style satisfies never;
  }
}

/** What a macro says; a text that only looks like one stays as it is. */
function instantOf(text: string): Instant | string {
  const { date, style = 'COMPACT', time } = macroParts.exec(text)?.groups ?? {};
  const written = date ?? time ?? '';
  const instant = new Date(written);
  if (!instantForm.test(written) || Number.isNaN(instant.getTime())) return text;
  const epochSeconds = Math.floor(instant.getTime() / 1000);
  if (date === undefined)
    return { epochSeconds, format: '{time}', fallback: `${instant.toISOString().slice(11, 16)} UTC` };
  const fallback = `${dateInWords(instant, style as DateStyle)} UTC`;
  return { epochSeconds, format: dateFormats[style as DateStyle], fallback };
}

const macrosIn = (text: string): (string | Instant)[] =>
  text.split(macro).map((piece, index) => (index % 2 === 0 ? piece : instantOf(piece)));

/** Takes out the word joiner that keeps clients from formatting what looks like their date macros. */
const literal = (text: string): string => text.replaceAll('{\u2060{', '{{').replace(/\r\n?/g, '\n');

const partsOf = (text: string, isLiteral = false): (string | Instant)[] =>
  timesIn(text)
    .flatMap((part): (string | Instant)[] => {
      if (typeof part !== 'string') return [{ ...part, format: wholeTime }];
      return isLiteral ? [part] : macrosIn(part);
    })
    .map((part) => (typeof part === 'string' ? literal(part) : part))
    .filter((part) => part !== '');

/** Text as it is read where no instant can be shown as such: in headings and notifications. */
export const readOut = (text: string, isLiteral = false): string =>
  partsOf(text, isLiteral)
    .map((part) => (typeof part === 'string' ? part : part.fallback))
    .join('');

/** Labels, titles and choices, in which Adaptive Cards know no macros: names that people gave may look like one. */
export const plainText = (text: string): string => literal(withoutTimes(text));

/**
 * The text without what only this process can read. A card that waits in a button is drawn by whichever process is
 * asked for it.
 */
export const portable = (text: string): string => withoutTimes(text);

/** The line as it is read. */
export const lineText = ({ runs }: Line): string => runs.map(({ text, literal }) => readOut(text, literal)).join('');

/** The first characters of a text, and “…” where some are left out; never half a character. */
export function shortened(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Pieces that surely fit, whichever way Slack counts characters. */
const pieceForm = new RegExp(`[\\s\\S]{1,${slackLimits.text / 2}}`, 'gu');

function elementsOf({ text, style, literal: isLiteral }: Run): RichTextElement[] {
  const styled = Object.keys(style).length > 0 ? { style } : {};
  return partsOf(text, isLiteral).flatMap((part): RichTextElement[] => {
    if (typeof part === 'string')
      return (part.match(pieceForm) ?? []).map((piece) => ({ type: 'text', text: piece, ...styled }));
    const { epochSeconds, format, fallback } = part;
    return [{ type: 'date', timestamp: epochSeconds, format, fallback, ...styled }];
  });
}

const lengthOf = (element: RichTextElement): number => {
  if (element.type === 'text') return element.text.length;
  return element.type === 'date' ? (element.fallback ?? '').length : 0;
};

type Part = RichTextSection | RichTextQuote;

/** Adds an element to a block's last part, if that is of the right kind, or to a new one. */
function put(parts: Part[], quoted: boolean, element: RichTextElement): void {
  const type = quoted ? 'rich_text_quote' : 'rich_text_section';
  const last = parts.at(-1);
  if (last?.type !== type) {
    parts.push({ type, elements: [element] });
    return;
  }
  const before = last.elements.at(-1);
  if (before?.type === 'text' && element.type === 'text' && !before.style && !element.style)
    last.elements[last.elements.length - 1] = { type: 'text', text: before.text + element.text };
  else last.elements.push(element);
}

/**
 * The lines as few blocks: one, and another wherever the next line would make it longer than Slack's limit on a text.
 * Lines without words are left out.
 */
export function richText(lines: readonly Line[]): RichTextBlock[] {
  const blocks: Part[][] = [];
  let size = 0;
  const add = (quoted: boolean, element: RichTextElement, lineLength = lengthOf(element)) => {
    if (blocks.length === 0 || size + lineLength > slackLimits.text) {
      blocks.push([]);
      size = 0;
    }
    put(blocks.at(-1) as Part[], quoted, element);
    size += lengthOf(element);
  };
  for (const line of lines) {
    const elements = line.runs.flatMap(elementsOf);
    const length = elements.reduce((sum, element) => sum + lengthOf(element), 0);
    if (length === 0) continue;
    const last = blocks.at(-1)?.at(-1);
    const follows = last?.type === (line.quoted ? 'rich_text_quote' : 'rich_text_section');
    const above = line.gap ? '\n\n' : '\n';
    const fits = size + length + above.length <= slackLimits.text;
    if (follows && fits) add(line.quoted, { type: 'text', text: above });
    const [first, ...rest] = elements as [RichTextElement, ...RichTextElement[]];
    add(line.quoted, first, Math.min(length, slackLimits.text));
    for (const element of rest) add(line.quoted, element);
  }
  return blocks.map((elements) => ({ type: 'rich_text', elements }));
}
