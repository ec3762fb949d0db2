/**
 * Writes every card with every sample, to look at: as an Adaptive Card (`.json`), as Slack shows it (`.slack.json`: the
 * message or Home tab, and the modals of its forms) and as a mail (`.html`). `npm run cards -- --out DIR` (default
 * `out/cards`).
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { KnownBlock } from '@slack/types';
import { samples } from '../cards/samples.ts';
import { languages } from '../src/domain/language.ts';
import { cardBytes, teamsLimits } from '../src/notifications/card-limits.ts';
import type { CardOf } from '../src/notifications/cards.ts';
import { expandCard } from '../src/notifications/expand.ts';
import { cardToHtml } from '../src/notifications/html.ts';
import { cardToHome, cardToMessage, cardToModal, formIn, formToModal, isForm } from '../src/surfaces/slack/blocks.ts';
import type { Card } from '../src/surfaces/surface.ts';

const formsBehind = (blocks: readonly unknown[]) =>
  (blocks as readonly KnownBlock[])
    .flatMap((block) => (block.type === 'actions' ? block.elements : []))
    .flatMap((element) => (element.type === 'button' ? [formIn(element.value ?? '')] : []))
    .filter((form) => form !== null);

function inSlack(of: CardOf, card: Card) {
  const shown = of.card === 'home' ? cardToHome(card) : cardToMessage(card);
  const forms = formsBehind(shown.blocks).map((form) => formToModal(form, ''));
  return { shown, modals: isForm(card) ? [cardToModal(card, ''), ...forms] : forms };
}

const { values } = parseArgs({ options: { out: { type: 'string', default: join('out', 'cards') } } });
await mkdir(values.out, { recursive: true });
const json = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`;

const index = [];
const inEach = samples.flatMap((sample) => languages.map((language) => ({ ...sample, language })));
for (const { name, of, language } of inEach) {
  const card = expandCard(of, language);
  const slack = inSlack(of, card);
  const stem = `${of.card}.${name.replaceAll(' ', '-')}.${language}`;
  const files = {
    [`${stem}.json`]: json(card),
    [`${stem}.slack.json`]: json(slack),
    [`${stem}.html`]: cardToHtml(card),
  };
  for (const [file, content] of Object.entries(files)) await writeFile(join(values.out, file), content);
  const [blocks, modals] = [slack.shown.blocks.length, slack.modals.length];
  index.push({
    card: of.card,
    sample: name,
    language,
    files: Object.keys(files),
    bytes: cardBytes(card),
    blocks,
    modals,
  });
}
await writeFile(join(values.out, 'index.json'), json(index));

const cards = new Set(index.map(({ card }) => card));
console.log(`${index.length} samples of ${cards.size} cards are in ${values.out}; index.json lists them.`);
const [heaviest] = index.filter(({ card }) => card !== 'home').toSorted((a, b) => b.bytes - a.bytes);
if (heaviest)
  console.log(
    `The largest in Teams is ${heaviest.card} (${heaviest.sample}): ${heaviest.bytes} of ${teamsLimits.cardBytes} bytes.`,
  );
