import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Ajv } from 'ajv';
import { JSDOM } from 'jsdom';
import { describe, expect, it } from 'vitest';
import { samples } from '../../cards/samples.ts';
import { textLimits } from '../../src/domain/text-limits.ts';
import { cardBytes, slackLimits, teamsLimits } from '../../src/notifications/card-limits.ts';
import { type CardName, type CardOf, inputName } from '../../src/notifications/cards.ts';
import { expandCard } from '../../src/notifications/expand.ts';
import { cardToHtml, cardToText } from '../../src/notifications/html.ts';
import type { Card } from '../../src/surfaces/surface.ts';
import { adaptiveCardSchema } from '../support/adaptive-card-schema.ts';

// The package fails by name under Node; its bundle does not.
const { AdaptiveCard, SerializationContext } = createRequire(import.meta.url)(
  'adaptivecards/dist/adaptivecards.js',
) as {
  AdaptiveCard: new () => {
    parse(json: unknown, context: unknown): void;
    validateProperties(): { validationEvents: readonly { message: string }[] };
  };
  SerializationContext: new () => { readonly eventCount: number; getEventAt(index: number): { message: string } };
};

type Node = Readonly<Record<string, unknown>>;
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every object in the card, parents first. `into` says which properties to follow. */
function nodesOf(value: unknown, into: (key: string) => boolean = () => true): Node[] {
  if (Array.isArray(value)) return value.flatMap((item) => nodesOf(item, into));
  if (!isNode(value)) return [];
  return [
    value,
    ...Object.entries(value)
      .filter(([key]) => into(key))
      .flatMap(([, inner]) => nodesOf(inner, into)),
  ];
}
const typed = (nodes: readonly Node[], ...types: string[]) => nodes.filter((node) => types.includes(String(node.type)));
const withoutJoiners = (text: unknown) => String(text).replaceAll('{\u2060{', '{{');

/** What a reader finds on the card, in forms and buttons too. */
const shownTexts = (card: Card): string[] =>
  nodesOf(card).flatMap((node) =>
    [node.text, node.value, node.title, node.url].filter((text) => typeof text === 'string').map(withoutJoiners),
  );

/** Ids, states that the template has words for, and values behind choices: never shown as they are. */
const neverShown = new Set(
  'assignmentId,requestId,invitationId,status,state,kind,endReason,fault,purpose,verb,value,chosenDuration,previousPage,nextPage'.split(
    ',',
  ),
);

/** What is left out on purpose: known to the reader already, or shown in another state only. */
function leftOut(card: CardName, item: Node): readonly string[] {
  const request = 'requester' in item;
  const mine = card === 'request' || card === 'status';
  if (request && item.latest === false)
    return Object.keys(item).filter((key) => key !== 'role' && (mine || key !== 'requester'));
  if (request && mine) return ['requester', 'company', 'sponsor'];
  if ('durations' in item && 'state' in item && item.state !== 'available')
    return ['durations', 'justification', 'ticket'];
  return card === 'stuck' ? ['what'] : [];
}

function expectedTexts(card: CardName, value: unknown): string[] {
  if (typeof value === 'string') return value ? [value] : [];
  if (Array.isArray(value)) return value.flatMap((item) => expectedTexts(card, item));
  if (!isNode(value)) return [];
  const skipped = leftOut(card, value);
  return Object.entries(value)
    .filter(([key]) => !neverShown.has(key) && !skipped.includes(key))
    .flatMap(([, inner]) => expectedTexts(card, inner));
}

/** Blocks in Slack, where neighbouring texts become one block. */
function slackBlocks(elements: unknown): string[] {
  const kinds = (Array.isArray(elements) ? (elements as Node[]) : []).flatMap((node) => [
    ...(node.separator ? ['divider'] : []),
    ...(node.type === 'Container'
      ? slackBlocks(node.items)
      : [String(node.type).replace('RichTextBlock', 'TextBlock')]),
  ]);
  return kinds.filter((kind, index) => kind !== 'TextBlock' || kinds[index - 1] !== kind);
}

const maxLengths: Readonly<Record<string, number>> = {
  justification: textLimits.justification,
  ticket: textLimits.ticket,
  message: textLimits.message,
  name: textLimits.displayName,
};

const allowedData = ['verb', 'assignmentId', 'requestId', 'invitationId', 'page', 'email', 'card', 'view'];
const templateOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../cards/${name}.json`, import.meta.url), 'utf8'));
const names = readdirSync(new URL('../../cards/', import.meta.url))
  .filter((file) => file.endsWith('.json'))
  .map((file) => file.slice(0, -'.json'.length));

const validate = new Ajv({ strict: false, allErrors: false }).compile(adaptiveCardSchema);

describe('the samples', () => {
  it('show every card in the shortest, longest, heaviest and in hostile text', () => {
    const kinds = ['shortest', 'longest', 'heaviest', 'hostile'];
    const shown = (name: string) => samples.filter(({ of }) => of.card === name).map((sample) => sample.name);
    for (const name of names) expect(shown(name), name).toEqual(expect.arrayContaining(kinds));
    expect(new Set(samples.map(({ of }) => of.card))).toEqual(new Set(names));
  });
});

describe.each(names)('the template %s', (name) => {
  it('has fixed words only where Markdown is rendered', () => {
    const blocks = typed(nodesOf(templateOf(name)), 'TextBlock', 'FactSet');
    for (const block of blocks) expect(block.text).not.toContain('${');
  });
});

describe.each(samples.map((sample) => [`${sample.of.card} (${sample.name})`, sample.of] as const))(
  'the card %s',
  (_, of: CardOf) => {
    const card = expandCard(of);
    const nodes = nodesOf(card);
    const inputs = typed(nodes, 'Input.Text', 'Input.ChoiceSet');

    it('is an Adaptive Card 1.5 of the elements that every surface knows', () => {
      validate(card);
      expect(validate.errors ?? []).toEqual([]);
    });

    it('is read by adaptivecards without a complaint', () => {
      const context = new SerializationContext();
      const parsed = new AdaptiveCard();
      parsed.parse(card, context);
      const events = Array.from({ length: context.eventCount }, (_, index) => context.getEventAt(index).message);
      const failures = parsed.validateProperties().validationEvents.map(({ message }) => message);
      expect([...events, ...failures]).toEqual([]);
    });

    it('stays within the limits of Teams and Slack', () => {
      expect(cardBytes(card)).toBeLessThan(teamsLimits.cardBytes);
      for (const { actions } of nodes)
        if (Array.isArray(actions)) expect(actions.length).toBeLessThanOrEqual(teamsLimits.actions);
      expect(slackBlocks(card.body).length + 1).toBeLessThanOrEqual(slackLimits.blocks);
      for (const dialog of typed(nodes, 'Action.ShowCard')) {
        expect(String(dialog.title).length).toBeLessThanOrEqual(slackLimits.modalTitle);
        for (const { title } of typed(nodesOf(dialog.card), 'Action.Execute'))
          expect(String(title).length).toBeLessThanOrEqual(slackLimits.modalSubmit);
      }
      for (const { title } of typed(nodes, 'Action.Execute', 'Action.ShowCard', 'Action.OpenUrl'))
        expect(String(title).length).toBeLessThanOrEqual(slackLimits.buttonText);
      for (const { data } of typed(nodes, 'Action.Execute'))
        expect(JSON.stringify(data).length).toBeLessThanOrEqual(slackLimits.buttonValue);
      for (const input of inputs) {
        expect(String(input.placeholder).length).toBeLessThanOrEqual(slackLimits.placeholder);
        expect(String(input.id).length).toBeLessThanOrEqual(slackLimits.idLength);
        const values = nodesOf(input.choices).map(({ value }) => String(value).length);
        expect(values.length).toBeLessThanOrEqual(slackLimits.options);
        expect(Math.max(0, ...values)).toBeLessThanOrEqual(slackLimits.optionValue);
      }
    });

    it('names no input twice, says what is wrong with each, and takes as much as the domain does', () => {
      const ids = inputs.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { id, isRequired, errorMessage, maxLength } of inputs) {
        if (isRequired) expect(errorMessage).toBeTruthy();
        const most = maxLengths[inputName(String(id))];
        if (most) expect(maxLength).toBe(most);
      }
    });

    it('repeats the verb in the data, with ids only, and falls back to Submit', () => {
      for (const { verb, data, title, fallback } of typed(
        nodesOf(card, (key) => key !== 'refresh'),
        'Action.Execute',
      )) {
        expect(data).toMatchObject({ verb });
        expect(allowedData).toEqual(expect.arrayContaining(Object.keys(data as object)));
        expect(fallback).toMatchObject({ type: 'Action.Submit', title, data });
      }
    });

    it('shows every word of its data as it is', () => {
      const shown = new Set(shownTexts(card));
      const lost = expectedTexts(of.card, of.data).filter((text) => !shown.has(text));
      expect(lost).toEqual([]);
    });

    it('has no words of people where Markdown or macros are rendered', () => {
      expect(card.fallbackText).toMatch(/^[\p{L}\p{N} :,’–-]+$/u);
      for (const { text } of typed(nodes, 'TextRun')) expect(text).not.toMatch(/\{\{(DATE|TIME)/);
      for (const { label, placeholder, errorMessage } of inputs)
        expect(`${label}${placeholder}${errorMessage}`).not.toMatch(/[*<>{}[\]]/);
    });

    it('says the same in a mail, with everything escaped', () => {
      const { document } = new JSDOM(cardToHtml(card)).window;
      for (const line of document.querySelectorAll('br')) line.replaceWith('\n');
      const outside = nodesOf(card, (key) => key !== 'actions' && key !== 'refresh');
      const lines = (text: unknown) => withoutJoiners(text).replace(/\r\n|\r/g, '\n');
      const read = document.body.textContent ?? '';
      const [html, plain] = [read.replace(/\s+/g, ' '), cardToText(card).replace(/\s+/g, ' ')];
      for (const { text } of typed(outside, 'TextRun', 'TextBlock')) {
        const words = lines(text).replace(/\s+/g, ' ').trimEnd();
        expect(html).toContain(words);
        expect(plain).toContain(words);
      }
      const tags = new Set([...document.querySelectorAll('*')].map(({ tagName }) => tagName.toLowerCase()));
      const known = ['html', 'head', 'meta', 'title', 'body', 'div', 'p', 'h1', 'h2', 'bdi', 'a'];
      expect([...tags].filter((tag) => !known.includes(tag))).toEqual([]);
      const attributes = new Set([...document.body.querySelectorAll('*')].flatMap((node) => node.getAttributeNames()));
      expect([...attributes].filter((attribute) => !['style', 'href'].includes(attribute))).toEqual([]);
      const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href'));
      expect(links).toEqual(typed(nodes, 'Action.OpenUrl').map(({ url }) => url));
    });
  },
);
